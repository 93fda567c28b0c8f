"""Names in a standard that point to stages, fields and settings: each must be there and of the right type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..data.dictionary import STAGES, Dictionary
from ..language import Text
from .names import nearest

if TYPE_CHECKING:
    from .model import Requirement, Standard
    from .scorecard import Point
    from .source import Path_
    from .tests import Test

Problem = tuple[str, "Path_", Text, Text | None]
"""What a rule finds wrong: code, path of the value, what, how to mend."""

_STAGE = Text("学段", "stage")
_FIELD = Text("数据项", "fact")


def reference_problems(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    """Every name that points nowhere, and every setting of the wrong type."""
    yield from _stages(standard)
    yield from _fields(standard, known)
    yield from _reliefs(standard)
    yield from _phases(standard)


def unknown_name(code: str, path: Path_, kind: Text, name: str, known: Iterable[str]) -> Problem:
    """A name that stands for no thing of its kind, with the nearest that does."""
    what = Text(f"没有名为“{name}”的{kind.zh}", f"there is no {kind.en} named '{name}'")
    return code, path, what, nearest(name, known)


def _missing(code: str, path: Path_, kind: Text, name: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known:
        yield unknown_name(code, path, kind, name, known)


def _stages(standard: Standard) -> Iterator[Problem]:
    for position, stage in enumerate(standard.standard.stages):
        yield from _missing("STD-STAGE", ("standard", "stages", position), _STAGE, stage, STAGES)
    for index, scope in enumerate(standard.scope):
        for position, stage in enumerate(scope.stages):
            yield from _missing("STD-STAGE", ("scope", index, "stages", position), _STAGE, stage, STAGES)
    for index, indicator in enumerate(standard.indicator):
        for position, way in enumerate(indicator.numerator):
            for stage in way.stages or ():
                at = ("indicator", index, "numerator", position, "stages")
                yield from _missing("STD-STAGE", at, _STAGE, stage, STAGES)
    for path, test in tests_of(standard):
        for stage in test.limit:
            yield from _missing("STD-STAGE", (*path, "limit", stage), _STAGE, stage, {"*", *STAGES})
        for stage in test.fallback_limits:
            yield from _missing("STD-STAGE", (*path, "fallback_limits", stage), _STAGE, stage, STAGES)


def tests_of(standard: Standard) -> Iterator[tuple[Path_, Test]]:
    """Every test of a prerequisite, requirement or point, with its path."""
    tables: tuple[tuple[str, Sequence[Requirement | Point]], ...] = (
        ("prerequisite", standard.prerequisite),
        ("requirement", standard.requirement),
        ("point", standard.point),
    )
    for table, items in tables:
        for index, item in enumerate(items):
            for position, test in enumerate(item.test):
                yield (table, index, "test", position), test


def _fields(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    schools = [field.code for field in known.of_level("school", "section")]
    county = [field.code for field in known.of_level("county")]
    for index, kind in enumerate(standard.split.attached if standard.split else ()):
        yield from _missing("STD-FACT", ("split", "attached", index, "field"), _FIELD, kind.field, schools)
    for index, score in enumerate(standard.score):
        if score.field:
            yield from _missing("STD-FACT", ("score", index, "field"), _FIELD, score.field, county)
    for path, test in tests_of(standard):
        for position, room in enumerate(test.rooms):
            for key, name in (("count", room.count), ("smallest", room.smallest)):
                yield from _missing("STD-FACT", (*path, "rooms", position, key), _FIELD, name, schools)


def phase_settings(standard: Standard) -> Iterator[tuple[Path_, str]]:
    """The settings that hold the dates of phases, each with its path; some are empty."""
    for index, phase in enumerate(standard.workflow.phases if standard.workflow else ()):
        for key in ("start_setting", "end_setting"):
            yield ("workflow", "phases", index, key), getattr(phase, key)


def _phases(standard: Standard) -> Iterator[Problem]:
    types = {setting.id: setting.type for setting in standard.setting}
    for path, name in phase_settings(standard):
        if types.get(name, "date") != "date":
            what = Text(f"“{path[-1]}”须为 date 类设置", f"'{path[-1]}' needs a setting of type date")
            yield "STD-SETTING", path, what, None


def _reliefs(standard: Standard) -> Iterator[Problem]:
    types = {setting.id: setting.type for setting in standard.setting}
    for index, relief in enumerate(standard.relief):
        for key, wanted in (("switch", "boolean"), ("start", "date"), ("end", "date")):
            if types.get(getattr(relief, key), wanted) != wanted:
                what = Text(f"“{key}”须为 {wanted} 类设置", f"'{key}' needs a setting of type {wanted}")
                yield "STD-SETTING", ("relief", index, key), what, None
        if not (relief.numerator or relief.limit or relief.sizes):
            what = Text(
                "过渡条款须写 numerator、limit 或 sizes", "a relief needs a numerator, a limit or sizes"
            )
            yield "STD-RELIEF", ("relief", index), what, None
