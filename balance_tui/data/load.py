"""One call from files to a `Dataset`: the only door through which data enters the program."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from ..errors import InputRejected, Place, readable, visible
from ..language import Text
from .columns import report
from .county import read_county_facts
from .dataset import ORIGIN_SCHEMA, Dataset
from .details import SCHEMAS, gather, read_detail
from .dictionary import KEY_FIELDS, Dictionary, Field, dictionary
from .files import digest_of, expand
from .findings import Findings, rejection
from .identity import identify
from .judgements import read_judgements
from .mapping import Mapping, check_columns, check_mapping
from .proposal import Proposal, ProposedColumn, propose_for, write_proposal
from .rows import school_rows
from .sections import COUNTED_COLUMN, Part, Pending, complete, read_sections
from .sources import SourceReader, Sources, without_rows
from .wide import entries_of


def read_dataset(
    paths: Sequence[str | Path],
    *,
    mapping: Mapping | None = None,
    county_facts: str | Path | None = None,
    judgements: str | Path | None = None,
    needed: Collection[str] = (),
    extra_fields: Sequence[Field] = (),
    items: Callable[[], Collection[str]] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    write_proposals: bool = True,
) -> Dataset:
    """The data of all counties and years that `paths` (files, folders, globs) hold.

    `needed` are the codes a standard reads: a column that may hold one of them but was not recognised
    stops the run with a proposal, written to the current folder unless `write_proposals` is false.
    `extra_fields` are a standard's own fields, `items` gives the ids that a judgement may answer; it is
    asked only where there are judgements. `progress` is told (files read, files, name). Raises
    `InputRejected`; everything less grave is in `Dataset.findings`.
    """
    mapping = mapping or Mapping()
    fields = dictionary().extended(extra_fields) if extra_fields else dictionary()
    check_mapping(mapping, fields)
    files = expand(paths)
    findings = Findings()
    reader = SourceReader(fields, mapping, findings)
    sources = reader.read(files, progress)
    files += [Path(path) for path in (county_facts, judgements) if path]
    if county_facts:
        sources.counties += reader.county_tables(Path(county_facts))
    if judgements:
        sources.judgements += reader.judgement_tables(Path(judgements))
    return dataset_of(
        sources, files, fields, mapping, needed, findings, items, write_proposals=write_proposals
    )


def dataset_of(
    sources: Sources, files: Sequence[Path], fields: Dictionary, mapping: Mapping, needed: Collection[str],
    findings: Findings, items: Callable[[], Collection[str]] | None = None, *, write_proposals: bool = True,
) -> Dataset:  # fmt: skip
    """Sorted tables as a dataset; `files` are those its digest is taken of. Raises as `read_dataset`."""
    check_columns(mapping, sources.keys)
    proposal, blocking = open_columns(sources, needed, fields, mapping)
    if blocking:
        raise _proposal_error(proposal, blocking, bool(sources.schools), write=write_proposals)
    if not sources.schools:
        raise _no_schools(sources, files, proposal)
    return _assembled(sources, files, fields, mapping, findings, items)


def propose(
    paths: Sequence[str | Path],
    needed: Collection[str] = (),
    *,
    mapping: Mapping | None = None,
    extra_fields: Sequence[Field] = (),
) -> Proposal:
    """Every header of the sources with what it is or may be; nothing is evaluated."""
    mapping = mapping or Mapping()
    fields = dictionary().extended(extra_fields) if extra_fields else dictionary()
    check_mapping(mapping, fields)
    sources = SourceReader(fields, mapping, Findings()).read(expand(paths))
    return propose_for([*sources.schools, *sources.counties, *sources.unknown], needed, fields, mapping)


CORE = ("students", "school_type")
"""Without these no figure of any school can be known: whatever was not understood may hold them."""

NAMING = ("school", "students")
"""What makes a table one of schools."""

OPEN_COLUMNS = Text(
    "标准所需的数据可能在未认出的列里:{columns}",
    "unrecognised columns may hold what the standard needs: {columns}",
)
SETTLE_COLUMNS = Text("请逐列定下读作哪个数据项, 或不读", "settle for each which fact it is read as, or none")


def open_columns(
    sources: Sources, needed: Collection[str], fields: Dictionary, mapping: Mapping
) -> tuple[Proposal, tuple[ProposedColumn, ...]]:
    """The proposal for sorted tables, and the columns a person has to settle before anything is evaluated."""
    if not sources.schools:
        proposal = propose_for(sources.unknown, dict.fromkeys((*NAMING, *needed)), fields, mapping)
        return proposal, tuple(column for column in proposal.columns if column.candidates)
    proposal = propose_for([*sources.schools, *sources.counties], needed, fields, mapping)
    if proposal.blocking or not set(CORE) & set(proposal.missing):
        return proposal, proposal.blocking
    return proposal, tuple(c for c in proposal.columns if c.how == "ignored" and c.header)


def _no_schools(sources: Sources, files: Sequence[Path], proposal: Proposal) -> InputRejected:
    headers = ", ".join(dict.fromkeys(c.header for c in proposal.columns if c.header))
    seen = {table.table.file for table in sources.unknown} or {readable(str(file)) for file in files[:1]}
    place = Place(min(seen)) if len(seen) == 1 else None
    return rejection("READ-NO-SCHOOLS", place, headers=headers[:300] or "-")


def _proposal_error(
    proposal: Proposal, blocking: Sequence[ProposedColumn], lettered: bool, *, write: bool
) -> InputRejected:
    names = [f"{column.column} {column.header}".strip() if lettered else column.header for column in blocking]
    shown = ", ".join(names[:8]) + (f" ... ({len(names)})" if len(names) > 8 else "")
    first = proposal.columns[0]
    place = Place(first.file, sheet=first.sheet)
    if not write:
        return InputRejected("MAP-PROPOSAL", OPEN_COLUMNS.fill(columns=visible(shown)), SETTLE_COLUMNS, place)
    try:
        written = str(write_proposal(proposal, Path.cwd()))
    except OSError as error:
        written = f"- ({error.strerror})"
    return rejection("MAP-PROPOSAL", place, columns=shown, path=written)


def _assembled(
    sources: Sources, files: Sequence[Path], fields: Dictionary, mapping: Mapping, findings: Findings,
    items: Callable[[], Collection[str]] | None,
) -> Dataset:  # fmt: skip
    if without_rows(sources.schools):
        raise rejection("READ-NO-ROWS", sources.schools[0].table.at)
    parts = [
        read_sections(school_rows(table, fields, findings), index, fields, mapping, findings)
        for index, table in enumerate(sources.schools)
    ]
    sections = _sections(parts, fields, mapping, findings)
    if sections.is_empty():
        raise rejection("READ-NO-ROWS", sources.schools[0].table.at)
    _report_cells(parts, sections, fields, findings)
    schools = sections.select(*KEY_FIELDS, "school_id", "school").unique(maintain_order=True)
    for unknown in sources.unknown:
        findings.add("READ-SHEET", place=str(unknown.table.at))
    counties = read_county_facts(sources.counties, schools, fields, mapping, findings)
    known = items() if items and sources.judgements else ()
    judged = read_judgements(sources.judgements, schools, findings, known)
    details = {
        name: gather([read_detail(d, schools, findings) for d in sources.details if d.name == name], name)
        for name in SCHEMAS
    }
    entries = [entry for table in (*sources.schools, *sources.counties) for entry in entries_of(table)]
    entries += [entry for part in parts for entry in part.entries]
    return Dataset(
        sections=sections,
        counties=counties,
        judgements=judged,
        findings=findings.frame(),
        sources=tuple(part.source for part in parts),
        mapping=tuple(entries),
        digest=digest_of(files),
        dictionary=fields,
        **details,
    )


def _sections(
    parts: Sequence[Part], fields: Dictionary, mapping: Mapping, findings: Findings
) -> pl.DataFrame:
    """All parts as one frame of `section_schema` and `ORIGIN_SCHEMA`, schools identified."""
    order = [*fields.section_schema(), *ORIGIN_SCHEMA]
    frames = []
    for part in parts:
        frame = complete(part.frame, fields)
        if COUNTED_COLUMN in part.frame.columns:
            frames.append(frame.with_columns(part.frame[COUNTED_COLUMN]))
        else:
            frames.append(frame.with_columns(pl.lit(None, dtype=pl.Boolean).alias(COUNTED_COLUMN)))
    frame = frames[0] if len(frames) == 1 else pl.concat(frames, how="vertical", rechunk=True)
    return identify(frame, fields, mapping, findings).select(order)


def _report_cells(
    parts: Sequence[Part], sections: pl.DataFrame, fields: Dictionary, findings: Findings
) -> None:
    """Tell what was wrong with single cells, now that the school of every row is known."""
    for number, part in enumerate(parts):
        own = sections.filter(pl.col("_source") == number) if part.pending or part.nameless else None
        if own is None:
            continue
        lines = {row: index for index, row in enumerate(own["_row"].to_list())}
        for pending in part.pending:
            where = partial(_where, own, lines, pending)
            place = partial(pending.table.place, column=pending.column)
            report(pending.problems, pending.field, findings, where, place)
        _report_nameless(part, own, lines, fields, findings)


def _report_nameless(
    part: Part, own: pl.DataFrame, lines: dict[int, int], fields: Dictionary, findings: Findings
) -> None:
    """A row of figures without a name: they belong to some school, so they are known of none."""
    figures = [field.code for field in fields.of_level("school", "section") if field.stage]
    for row in part.nameless:
        values = own.row(lines[row], named=True)
        where = {name: values[name] for name in (*KEY_FIELDS, "school_id", "stage")}
        place = str(Place(part.source.file, line=row, sheet=part.source.sheet))
        findings.add("READ-NO-NAME", where=where, field="school", fields=figures, place=place)


def _where(own: pl.DataFrame, lines: dict[int, int], pending: Pending, index: int) -> dict[str, object]:
    """Keys and school of a row of the raw table; no stage where the fact is one of the whole school."""
    names = [*KEY_FIELDS, "school_id", "school"]
    if pending.field.level == "section":
        names.append("stage")
    return own.select(names).row(lines[int(pending.table.frame["_row"][index])], named=True)


__all__ = ["Mapping", "Proposal", "propose", "read_dataset"]
