"""How the headers of one's files are read, and what a person makes of it: corrections gather in a draft that always
shows what reading with them would do.

A draft keeps the tables as they stand in the files, so that a correction is seen at once without reading again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.columns import as_text
from ..data.dictionary import Dictionary
from ..data.files import expand
from ..data.findings import Findings
from ..data.headers import key_of
from ..data.load import open_columns
from ..data.mapping import Mapping, check_mapping
from ..data.proposal import Proposal, ProposedColumn, candidates, propose_for
from ..data.sources import SourceReader, Sources
from ..data.tables import RawTable
from ..data.wide import Resolved
from ..errors import UsageError, visible
from ..language import Text
from ..reading import mapping_of, sample_written
from ..request import Request
from ..standard.load import LoadedStandard
from .mapping_changes import Change, DraftColumn, Spot, corrected, numbered
from .mapping_checks import check_values, header_unit, unit_to_declare

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[int, int, str], None]

EXAMPLES = 3
"""Values shown of a column."""


@dataclass(frozen=True)
class MappingDraft:
    """The headers of a request's files under `base` with `changes`; every correction gives a new draft."""

    request: Request
    standard: LoadedStandard
    tables: tuple[RawTable | Resolved, ...]
    base: Mapping
    changes: tuple[Change, ...] = ()

    def mapping(self) -> Mapping:
        """The mapping with the corrections, as `read_request` takes it and `Mapping.save` writes it."""
        return corrected(self.base, self.changes)

    @property
    def fields(self) -> Dictionary:
        """The facts that a column may be read as."""
        return self.standard.dictionary

    @cached_property
    def columns(self) -> tuple[DraftColumn, ...]:
        """Every header: those a person has to settle first, then the others in the order of the files."""
        proposal, settle = self._proposal
        shown = [*proposal.columns, *self._aside]
        groups: defaultdict[tuple[str, str | None, str], list[ProposedColumn]] = defaultdict(list)
        for column in shown:
            if column.header:
                groups[key_of(column.header), column.field, column.how].append(column)
        made = [self._grouped(own, set(settle)) for own in groups.values()]
        return tuple(sorted(numbered(made), key=lambda column: not column.is_open))

    @property
    def open(self) -> tuple[DraftColumn, ...]:
        """The columns that a person has to settle before anything is read."""
        return tuple(column for column in self.columns if column.is_open)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts the standard reads that some table holds no column of."""
        return self._proposal[0].missing

    @property
    def has_schools(self) -> bool:
        """Whether some table is known to be one of schools."""
        return bool(self._sources.schools)

    def column(self, name: str) -> DraftColumn | None:
        """The column with this id, or the first with this header."""
        found = (each for each in self.columns if name in (each.id, each.header))
        return next(found, None)

    def examples(self, column: DraftColumn) -> tuple[str, ...]:
        """A few values that stand in the column."""
        for series in self._cells(column):
            values = as_text(series.drop_nulls().head(50)).unique(maintain_order=True).to_list()
            if found := [value for value in values if value.strip()][:EXAMPLES]:
                return tuple(found)
        return ()

    def is_changed(self, column: DraftColumn) -> bool:
        """Whether its header was corrected."""
        return any(change.key == column.key for change in self.changes)

    def with_field(self, column: DraftColumn, field: str | None) -> MappingDraft:
        """The draft with the column read as a field, or left out.

        Errors: `MAP-SAME-HEADER` (a mapping cannot tell it from another column), `MAP-UNIT-OTHER`, `MAP-CONTENT`,
        `MAP-TWICE`, `MAP-FIXED` (a form whose cells are fixed), and those of `check_mapping`.
        """
        scopes = self._scopes(column, field)
        unit = unit_to_declare(column.header, self.fields[field]) if field in self.fields and field else ""
        made = tuple(Change(scope, column.header, field, unit) for scope in scopes)
        kept = [
            each for each in self.changes
            if each.key != column.key or (scopes != ("",) and each.scope not in scopes)
        ]  # fmt: skip
        trial = replace(self, changes=(*kept, *made))
        check_mapping(trial.mapping(), self.fields)
        self._check_content(column, field, unit, trial)
        trial._check_effect(self, column, field)
        return trial

    def restored(self, column: DraftColumn) -> MappingDraft:
        """The draft without the corrections of this header."""
        return replace(self, changes=tuple(each for each in self.changes if each.key != column.key))

    @cached_property
    def _sources(self) -> Sources:
        reader = SourceReader(self.fields, self.mapping(), Findings(), lenient=True)
        return reader.sorted(self.tables)

    @cached_property
    def _proposal(self) -> tuple[Proposal, tuple[ProposedColumn, ...]]:
        return open_columns(self._sources, self.standard.needed, self.fields, self.mapping())

    @property
    def _aside(self) -> tuple[ProposedColumn, ...]:
        """Columns of the tables that the proposal is not about."""
        sources = self._sources
        tables = sources.unknown if sources.schools else sources.counties
        return propose_for(tables, (), self.fields, self.mapping()).columns

    def _grouped(self, own: Sequence[ProposedColumn], settle: set[ProposedColumn]) -> DraftColumn:
        first = own[0]
        likely = {each.field: each for column in own for each in column.candidates}
        if first.how == "twice":
            likely = {each.field: each for each in candidates(first.header, self.fields)}
        changed = any(change.key == key_of(first.header) for change in self.changes)
        return DraftColumn(
            "",
            first.header,
            first.field,
            "chosen" if changed and first.how in ("mapping", "left out") else first.how,
            tuple(Spot(each.file, each.sheet, each.stage, each.column) for each in own),
            tuple(sorted(likely.values(), key=lambda each: -each.similarity)[:3]),
            first.how == "twice" or not settle.isdisjoint(own),
        )

    def _scopes(self, column: DraftColumn, field: str | None) -> tuple[str, ...]:
        """The stages or sheets the correction is for: all, unless the header is read otherwise elsewhere."""
        others = [
            spot
            for each in self.columns
            if each.key == column.key and each.id != column.id
            for spot in each.spots
        ]
        if not others:
            return ("",)
        for part in ("stage", "sheet"):
            here, there = ({getattr(spot, part) for spot in spots} for spots in (column.spots, others))
            if field is not None and None not in here and not here & there:
                return tuple(sorted(here))
        raise UsageError(
            "MAP-SAME-HEADER",
            Text(
                f"“{visible(column.header)}”另有同名的列, 读法不同; 表头对应分不开它们",
                f"another column is headed '{visible(column.header)}' and read otherwise: a mapping cannot tell them apart",
            ),
            Text("请在文件里改其中一列的表头, 再重新读取", "rename one of them in the file and read again"),
        )

    def _check_content(self, column: DraftColumn, field: str | None, unit: str, trial: MappingDraft) -> None:
        if field not in self.fields or field is None:
            return
        mapping = trial.mapping()
        values = mapping.values.get(field, {})
        declared = unit or mapping.units.get(field)
        check_values(column.header, self._cells(column), self.fields[field], values, declared)
        told = {each.field: each.unit for each in self.changes if each.unit} | ({field: unit} if unit else {})
        for each in trial.columns:
            if each.field in told and header_unit(each.header) != told[each.field]:
                raise self._units_differ(each, told[each.field])

    def _units_differ(self, column: DraftColumn, unit: str) -> UsageError:
        label = self.fields.label(column.field or "")
        return UsageError(
            "MAP-UNITS-DIFFER",
            Text(
                f"{label.zh}在一处以{unit}为单位, 而“{visible(column.header)}”不是; 一项只能用一种单位",
                f"{label.en} is in {unit} in one place but not in '{visible(column.header)}': a fact has one unit",
            ),
            Text("请在文件里统一单位", "use one unit in the files"),
        )

    def _check_effect(self, before: MappingDraft, column: DraftColumn, field: str | None) -> None:
        """Whether every spot is now read as was asked, and no other column stands against it."""
        if self._losing - before._losing:
            raise before._twice(column, field)
        now = {
            spot
            for each in self.columns
            if each.key == column.key and each.field == field
            for spot in each.spots
        }
        if not now.issuperset(column.spots):
            raise UsageError(
                "MAP-FIXED",
                Text(
                    f"“{visible(column.header)}”按固定格式读入, 不由表头决定",
                    f"'{visible(column.header)}' is read by the place it has in a fixed form, not by its header",
                ),
            )

    @cached_property
    def _losing(self) -> set[Spot]:
        """Where a column gives way to another that claims its fact."""
        return {spot for each in self.columns if each.how in ("twice", "replaced") for spot in each.spots}

    def _twice(self, column: DraftColumn, field: str | None) -> UsageError:
        tables = {spot[:2] for spot in column.spots}
        other = next(
            (
                each for each in self.columns
                if each.field == field and each.id != column.id and tables & {spot[:2] for spot in each.spots}
            ),
            column,
        )  # fmt: skip
        label = self.fields.label(field or "")
        first, second = visible(other.header), visible(column.header)
        return UsageError(
            "MAP-TWICE",
            Text(
                f"“{first}”与“{second}”不能都读作{label.zh}",
                f"'{first}' and '{second}' cannot both be {label.en}",
            ),
            Text("请先把其中一列改选或设为不读", "give one of them another fact first, or leave it out"),
        )

    def _cells(self, column: DraftColumn) -> Iterator[pl.Series]:
        for spot in column.spots:
            table = self._raw.get(spot[:2])
            own = (
                (each for each in table.columns if (each.letter, each.key) == (spot.letter, column.key))
                if table
                else ()
            )
            if table and (found := next(iter(own), None)):
                yield table.frame[found.name]

    @cached_property
    def _raw(self) -> dict[tuple[str, str | None], RawTable]:
        sources = self._sources
        tables = (each.table for each in (*sources.schools, *sources.counties, *sources.unknown))
        return {(table.file, table.sheet): table for table in tables}


def propose_request(
    request: Request,
    standard: LoadedStandard,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
) -> MappingDraft:
    """How the headers of the request's files are read for a standard, under a mapping in hand or the request's own.
    Errors: those of reading the files and of `check_mapping`."""
    base = mapping or mapping_of(request) or Mapping()
    check_mapping(base, standard.dictionary)
    if request.is_demo:
        with sample_written() as files:
            return MappingDraft(request, standard, _tables(files, standard, base, progress), base)
    return MappingDraft(request, standard, _tables(request, standard, base, progress), base)


def _tables(
    request: Request, standard: LoadedStandard, mapping: Mapping, progress: Progress | None
) -> tuple[RawTable | Resolved, ...]:
    reader = SourceReader(standard.dictionary, mapping, Findings())
    files = expand(request.files)
    files += [Path(request.county_facts)] if request.county_facts else []
    tables: list[RawTable | Resolved] = []
    for number, path in enumerate(files):
        if progress:
            progress(number, len(files), path.name)
        tables += reader.unsorted(path)
    return tuple(tables)
