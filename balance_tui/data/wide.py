"""Which column is which field: the mapping first, then exact codes, labels and the export's headers.

A header matches as a whole path or not at all; 体育 never finds 体育馆.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .dictionary import STAGES, Dictionary, Field
from .findings import rejection
from .headers import key_of
from .mapping import COUNTED, Mapping
from .numbers import UNIT_NAMES
from .tables import Column, RawTable

ANCHOR_FIELDS = ("school", "school_id", "county", "item", "kind", "answer")
"""Columns whose header finds the header row, the surest first."""

_STAGE_WORDS = {
    "primary": re.compile(r"小学|primary", re.IGNORECASE),
    "junior": re.compile(r"初中|初级中学|junior", re.IGNORECASE),
    "senior": re.compile(r"高中|高级中学|senior", re.IGNORECASE),
}


@cache
def preset(name: str) -> dict[str, Any]:
    """A preset that ships with the program, as its TOML says it."""
    text = files(__package__).joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Match:
    """A column and the field it holds; `how` is mapping, code, label or preset."""

    column: Column
    field: str
    how: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A table whose columns are understood: a match a field, and the columns nobody claimed."""

    table: RawTable
    stage: str | None
    matches: dict[str, Match]
    ignored: tuple[Column, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict)
    """Column names left out on purpose → why: `mapping` (it says ignore), `replaced`, or `twice` (another column
    claims the same field, and nothing says which of them is meant)."""


class Matcher:
    """Finds the field of a header. Built once a run from the dictionary and the mapping. A `lenient` one leaves
    out the second of two columns that claim one field, for a person to settle, where another rejects the data."""

    def __init__(
        self, fields: Dictionary, mapping: Mapping, preset_name: str = "wide-export", *, lenient: bool = False
    ) -> None:
        self._mapping, self._lenient = mapping, lenient
        self._fields = fields
        self._exact: dict[str, tuple[str, str]] = {}
        self._staged: dict[tuple[str, str], tuple[str, str]] = {}
        self._patterns: list[tuple[re.Pattern[str], str, str | None]] = []
        for entry in preset(preset_name)["column"]:
            self._add_preset(entry)
        for item in fields.values():
            for key in _with_units(key_of(item.label.zh), item):
                self._exact[key] = (item.code, "label")
            self._exact[key_of(item.label.en)] = (item.code, "label")
        self._exact |= {key_of(code): (code, "code") for code in (*fields, COUNTED)}

    def _add_preset(self, entry: dict[str, Any]) -> None:
        code, stage = entry["field"], entry.get("stage")
        for header in entry["headers"]:
            for key in _with_units(key_of(header), self._fields.get(code)):
                if "*" in key:
                    self._patterns.append((_pattern(key), code, stage))
                elif stage:
                    self._staged[stage, key] = (code, "preset")
                else:
                    self._exact[key] = (code, "preset")

    @property
    def keys(self) -> frozenset[str]:
        """Every key with a meaning, for finding the header row."""
        staged = (key for _, key in self._staged)
        return frozenset((*self._exact, *staged, *self._mapping.header_keys))

    @property
    def anchors(self) -> frozenset[str]:
        """Keys of the columns that name what a row is about."""
        own = {key for key, (code, _) in self._exact.items() if code in ANCHOR_FIELDS}
        mapped = {key_of(h) for h, code in self._mapping.columns.items() if code in ANCHOR_FIELDS}
        return frozenset(own | mapped | {"学校", "学校名称"})

    def find(self, key: str, stage: str | None, sheet: str | None) -> tuple[str, str] | None:
        """(field, how) of a header key in a table of `stage`, or None."""
        if not key:
            return None
        if mapped := self._mapping.field_of(key, stage, sheet):
            return mapped, "mapping"
        if found := self._exact.get(key) or self._staged.get((stage or "", key)):
            return found
        for pattern, code, wanted in self._patterns:
            if wanted in (None, stage) and pattern.fullmatch(key):
                return code, "preset"
        return None

    def resolve(self, table: RawTable, stage: str | None) -> Resolved:
        """The table's columns as fields. Raises `InputRejected` MAP-TWICE where two claim one, unless lenient."""
        matches: dict[str, Match] = {}
        ignored: list[Column] = []
        skipped: dict[str, str] = {}
        for column, found in self._found(table, stage):
            if found is None:
                ignored.append(column)
                if self._mapping.ignores(column.key):
                    skipped[column.name] = "mapping"
                continue
            match = Match(column, *found)
            old = matches.get(match.field)
            if old is not None and self._lenient and _equal(old, match):
                ignored.append(column)
                skipped[column.name] = "twice"
                continue
            loser = _loser(old, match, table)
            if loser is not match:
                matches[match.field] = match
            if loser:
                ignored.append(loser.column)
                skipped[loser.column.name] = "replaced"
        return Resolved(table, stage, matches, tuple(ignored), skipped)

    def _found(self, table: RawTable, stage: str | None) -> Iterator[tuple[Column, tuple[str, str] | None]]:
        for column in table.columns:
            if self._mapping.ignores(column.key):
                yield column, None
            else:
                yield column, self.find(column.key, stage, table.sheet)


def _equal(old: Match, new: Match) -> bool:
    """Whether neither claim gives way to the other."""
    return (old.how == "mapping") == (new.how == "mapping")


def _loser(old: Match | None, new: Match, table: RawTable) -> Match | None:
    """Which of two claims to one field yields: a saved mapping wins over what the program sees."""
    if old is None:
        return None
    if not _equal(old, new):
        return new if old.how == "mapping" else old
    first, second = (f"{m.column.letter} {m.column.header}".strip() for m in (old, new))
    raise rejection("MAP-TWICE", table.at, first=first, second=second, field=new.field)


def _pattern(key: str) -> re.Pattern[str]:
    return re.compile("[^/]*".join(map(re.escape, key.split("*"))))


def _with_units(key: str, item: Field | None) -> Iterator[str]:
    """The key, and the key with the field's own unit in brackets after any of its parts."""
    yield key
    if item is None or not item.unit:
        return
    parts = key.split("/")
    for name in UNIT_NAMES.get(item.unit, ()):
        unit = key_of(name)
        for index, part in enumerate(parts):
            if not part.endswith(")"):
                yield "/".join((*parts[:index], f"{part}({unit})", *parts[index + 1 :]))


def stage_of_table(table: RawTable, mapping: Mapping) -> str | None:
    """The stage a whole table is about: mapping, sheet name, title, then file name; None where none
    of them names exactly one stage."""
    if told := mapping.sheet_rule(table.file, table.sheet).stage:
        return told
    for text in (table.sheet or "", table.title, Path(table.file).stem):
        if stage := stage_in(text):
            return stage
    constant = mapping.constant.get("stage")
    return str(constant) if constant in STAGES else None


def stage_in(text: str) -> str | None:
    """The one stage a name speaks of.

    >>> stage_in("清河县2023小学"), stage_in("中小学汇总"), stage_in("小学初中")
    ('primary', None, None)
    """
    plain = text.replace("中小学", "")
    found = [stage for stage, word in _STAGE_WORDS.items() if word.search(plain)]
    return found[0] if len(found) == 1 else None


def entries_of(resolved: Resolved) -> Iterator[dict[str, object]]:
    """What `Dataset.mapping` prints of a table: a row a mapped column, a row an ignored one."""
    table = resolved.table
    base = {"file": table.file, "sheet": table.sheet}
    for name, match in resolved.matches.items():
        shown = {"column": match.column.letter, "header": match.column.header}
        yield {**base, **shown, "field": name, "how": match.how}
    for column in resolved.ignored:
        how = "replaced" if resolved.skipped.get(column.name) == "replaced" else "ignored"
        if column.header or table.frame[column.name].null_count() < table.frame.height:
            yield {**base, "column": column.letter, "header": column.header, "field": None, "how": how}
