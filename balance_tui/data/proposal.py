"""What an unrecognised column may be: candidates with reason and likeness, for a person to decide.

Nothing proposed here is ever used by itself.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import count
from pathlib import Path

from ..language import Text
from .dictionary import Dictionary, Field
from .headers import key_of
from .mapping import Mapping
from .wide import Resolved

BLOCKING = 0.75
"""A column this like a needed, otherwise unmapped field stops the run."""

SHOWN = 0.45
DEFAULT_NAME = "balance-mapping.toml"

_BRACKETS = re.compile(r"\([^)]*\)")
_TAIL = re.compile(r"(?:总数|人数|面积|数量|数|量|值|计)$")
_DULL = frozenset(("序号", "备注", "行号", "no", "id", "说明"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field a column may hold."""

    field: str
    similarity: float
    reason: Text


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """One header of a source: what it is already, or what it may be."""

    file: str
    sheet: str | None
    stage: str | None
    column: str
    header: str
    field: str | None
    how: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Every header of the sources. `missing` are needed fields that some table does not hold for
    certain."""

    columns: tuple[ProposedColumn, ...]
    missing: tuple[str, ...]
    base: Mapping = field(default_factory=Mapping)

    @property
    def blocking(self) -> tuple[ProposedColumn, ...]:
        """Columns that may well be a needed field that nothing else gives."""
        wanted = set(self.missing)
        return tuple(
            column for column in self.columns
            if column.how == "ignored"
            and any(c.field in wanted and c.similarity >= BLOCKING for c in column.candidates)
        )  # fmt: skip

    def rows(self) -> list[dict[str, object]]:
        """One row a header, as `map propose` shows it."""
        return [
            {
                "file": c.file, "sheet": c.sheet, "column": c.column, "header": c.header, "field": c.field,
                "how": c.how,
                "candidates": [
                    {"field": k.field, "similarity": round(k.similarity, 2), "reason": k.reason}
                    for k in c.candidates
                ],
            }
            for c in self.columns
        ]  # fmt: skip

    def mapping(self) -> Mapping:
        """The mapping in force with the best candidate of each open column for a field still missing;
        no field is given twice for one stage."""
        common: dict[str, str] = {}
        staged: dict[str, dict[str, str]] = {}
        taken: set[tuple[str | None, str]] = set()
        for column in self.columns:
            best = next((c for c in column.candidates if c.field in self.missing), None)
            if column.how != "ignored" or best is None or (column.stage, best.field) in taken:
                continue
            taken.add((column.stage, best.field))
            if common.setdefault(column.header, best.field) != best.field:
                staged.setdefault(column.stage or column.sheet or "", {})[column.header] = best.field
        return self.base.model_copy(
            update={"columns": self.base.columns | common, "columns_of": self.base.columns_of | staged}
        )

    def to_toml(self) -> str:
        """The mapping with every open header and its candidates as comments above it."""
        lines = ["# balance-tui: 映射建议 / proposed mapping. 请核对每一行 / check every line.", "#"]
        for c in self.columns:
            if c.how == "ignored" and c.header:
                found = ", ".join(f"{k.field} ({k.similarity:.2f})" for k in c.candidates) or "-"
                where = f"{Path(c.file).name} {c.sheet or ''} {c.column}".strip()
                lines.append("# " + _one_line(f"{where}: {c.header} -> {found}"))
        return "\n".join(lines) + "\n\n" + self.mapping().to_toml()

    def save(self, path: str | Path) -> None:
        """Write `to_toml` to a file, replacing what it held. Raises `OSError`."""
        Path(path).write_text(self.to_toml(), encoding="utf-8")


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def propose_for(
    tables: Sequence[Resolved], needed: Collection[str], fields: Dictionary, mapping: Mapping
) -> Proposal:
    """The proposal for tables whose certain columns are known."""
    stated = {*mapping.constant, *mapping.absent}
    held = [_held(table, tables, fields) | stated for table in tables]
    missing = tuple(code for code in fields if code in needed and not all(code in own for own in held))
    columns = [
        column for table, own in zip(tables, held, strict=True) for column in _columns(table, fields, own)
    ]
    return Proposal(tuple(columns), missing, mapping)


def _held(table: Resolved, tables: Sequence[Resolved], fields: Dictionary) -> set[str]:
    """The fields that a table need not be searched for. Each stage's table must hold its own facts;
    county facts may stand in any; of senior tables only what no other table gives is asked."""
    anywhere = {code for other in tables for code in other.matches}
    of_county = {field.code for field in fields.of_level("county")}
    if table.stage == "senior":
        return anywhere
    if not {"school", "school_id"} & set(table.matches) and of_county & set(table.matches):
        return anywhere | (set(fields) - of_county)
    return set(table.matches) | (anywhere & of_county)


def _columns(table: Resolved, fields: Dictionary, held: Collection[str]) -> list[ProposedColumn]:
    raw = table.table
    base = (raw.file, raw.sheet, table.stage)
    found = [
        ProposedColumn(*base, match.column.letter, match.column.header, code, match.how)
        for code, match in table.matches.items()
    ]
    for column in table.ignored:
        reason = table.skipped.get(column.name, "")
        how = {"mapping": "left out", "replaced": "replaced", "twice": "twice"}.get(reason, "ignored")
        likely = candidates(column.header, fields, held) if how == "ignored" else ()
        found.append(ProposedColumn(*base, column.letter, column.header, None, how, likely))
    return found


def candidates(header: str, fields: Dictionary, held: Collection[str] = ()) -> tuple[Candidate, ...]:
    """Up to three fields the header may mean, likeliest first, fields of `held` left out."""
    key = key_of(header)
    if not key or key in _DULL:
        return ()
    scored = [_candidate(key, item) for item in fields.values() if item.code not in held]
    likely = sorted((c for c in scored if c.similarity >= SHOWN), key=lambda c: -c.similarity)
    return tuple(likely[:3])


def _stem(text: str) -> str:
    return _TAIL.sub("", _BRACKETS.sub("", text))


def _candidate(key: str, item: Field) -> Candidate:
    """How alike a header and a field are: whole words contained count, shared letters count less."""
    label, leaf, path = _stem(key_of(item.label.zh)), _stem(key.split("/")[-1]), _stem(key.replace("/", ""))
    if label in (leaf, path):
        return Candidate(item.code, 0.95, Text("去掉单位和“数”后相同", "the same without unit and suffix"))
    if len(label) >= 3 and label in leaf:
        return Candidate(item.code, 0.85, Text("表头含有数据项名称", "the header contains the field's name"))
    if len(leaf) >= 3 and leaf in label and len(leaf) / len(label) >= BLOCKING:
        return Candidate(item.code, 0.8, Text("数据项名称含有表头", "the field's name contains the header"))
    # A path that is alike as a whole may be a part of the field (专任教师/女): proposed, never blocking.
    by_path = min(SequenceMatcher(None, path, label).ratio(), BLOCKING - 0.05)
    ratio = max(SequenceMatcher(None, leaf, label).ratio(), by_path)
    code_ratio = SequenceMatcher(None, key, item.code).ratio() if key.isascii() else 0.0
    if code_ratio > ratio:
        return Candidate(item.code, code_ratio, Text("与代码相近", "like the field's code"))
    return Candidate(item.code, ratio, Text("用字相近", "similar wording"))


def possible_names() -> Iterator[str]:
    """Names of a mapping file, the one to try first first.

    >>> from itertools import islice
    >>> list(islice(possible_names(), 2))
    ['balance-mapping.toml', 'balance-mapping-2.toml']
    """
    stem, suffix = Path(DEFAULT_NAME).stem, Path(DEFAULT_NAME).suffix
    yield DEFAULT_NAME
    for number in count(2):
        yield f"{stem}-{number}{suffix}"


def write_proposal(proposal: Proposal, folder: Path) -> Path:
    """Write the proposal beside the run, under a name that does not exist yet. Raises `OSError`."""
    for path in (folder / name for name in possible_names()):
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(proposal.to_toml())
            return path
    raise AssertionError("names do not end")
