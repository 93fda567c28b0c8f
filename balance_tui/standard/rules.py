"""What a standard must satisfy beyond the shape of its tables: ids, references, names, limits, clauses.

Each rule yields problems as (code, path of the value, what, how to mend).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..data.dictionary import STAGES_OF_TYPE, Dictionary, Field, dictionary
from ..language import Text
from .form_sources import form_problems
from .kinds import Words
from .names import DERIVED, DERIVED_COUNTY
from .plugged import plugin_problems
from .references import Problem, phase_settings, reference_problems, tests_of, unknown_name
from .scorecard_rules import scorecard_problems, scorecard_settings, verdict_parts

if TYPE_CHECKING:
    from .expression import Expression
    from .kinds import Kind
    from .model import Standard
    from .source import Path_
    from .tests import Test


def problems(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    """Every problem of a standard whose shape is right."""
    for rule in _RULES:
        yield from rule(standard, known)


def declared_fields(standard: Standard) -> tuple[Field, ...]:
    """The standard's own fields in the shape of the dictionary."""
    return tuple(
        Field(
            code=declared.id, label=declared.text, level=declared.level, stage=declared.stage,
            unit=declared.unit, kind=declared.type,
            merge=declared.merge or ("" if declared.level == "county" else "sum"),
            low=declared.low, high=declared.high,
        )
        for declared in standard.field
    )  # fmt: skip


_FACT = Text("数据项或设置", "fact or setting")
_PART = Text("部分", "part")
_SCOPE = Text("评估范围", "scope")
_SETTING = Text("设置", "setting")
_INDICATOR = Text("指标", "indicator")
_TARGET = Text("指标或项目", "indicator or item")
_STAGE = Text("学段", "stage")


_WITH_IDS = (
    "indicator", "relief", "prerequisite", "requirement", "score", "veto", "group", "point", "verdict", "target",
    "note",
)  # fmt: skip


def _unique_ids(standard: Standard, _known: Dictionary) -> Iterator[Problem]:
    seen: dict[str, Path_] = {}
    for table in (
        "indicator",
        "relief",
        "prerequisite",
        "requirement",
        "score",
        "veto",
        "group",
        "point",
        "verdict",
        "target",
        "note",
    ):
        for index, item in enumerate(getattr(standard, table)):
            yield from _repeated(item.id, (table, index, "id"), seen)
            for position, test in enumerate(getattr(item, "test", ())):
                if test.id and test.id != item.id:
                    yield from _repeated(test.id, (table, index, "test", position, "id"), seen)
    for table in ("setting", "part", "scope", "field"):
        own: dict[str, Path_] = {}
        for index, item in enumerate(getattr(standard, table)):
            yield from _repeated(item.id, (table, index, "id"), own)


def _repeated(identity: str, path: Path_, seen: dict[str, Path_]) -> Iterator[Problem]:
    if identity in seen:
        yield (
            "STD-ID-TWICE", path,
            Text(f"编号“{identity}”重复", f"the id '{identity}' is used twice"),
            Text("请改用另一个编号", "give one of them another id"),
        )  # fmt: skip
    seen.setdefault(identity, path)


def _own_fields(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    for index, setting in enumerate(standard.setting):
        if setting.id in known or setting.id in DERIVED:
            yield (
                "STD-ID-TWICE", ("setting", index, "id"),
                Text(f"设置“{setting.id}”与数据项同名", f"the setting '{setting.id}' has the name of a fact"),
                Text("请改名", "choose another name"),
            )  # fmt: skip
    for index, declared in enumerate(standard.field):
        if declared.id in dictionary() or declared.id in DERIVED:
            name = declared.id
            yield (
                "STD-FIELD", ("field", index, "id"),
                Text(f"数据项“{name}”已在数据字典中", f"the field '{name}' is in the dictionary already"),
                Text("请删去此项或改名", "remove it or choose another name"),
            )  # fmt: skip


def _references(standard: Standard, _known: Dictionary) -> Iterator[Problem]:
    parts = [part.id for part in standard.part]
    for path, part in _part_references(standard):
        if part not in parts:
            yield unknown_name("STD-PART", path, _PART, part, parts)
    scopes = [scope.id for scope in standard.scope]
    for path, test in tests_of(standard):
        if test.scope and test.scope not in scopes:
            yield unknown_name("STD-SCOPE", (*path, "scope"), _SCOPE, test.scope, scopes)
    if standard.indicator and "resources" not in scopes:
        yield unknown_name("STD-SCOPE", ("indicator", 0), _SCOPE, "resources", scopes)
    yield from _setting_references(standard)
    yield from _indicator_references(standard)


def _part_references(standard: Standard) -> Iterator[tuple[Path_, str]]:
    for table in ("prerequisite", "requirement", "score", "veto"):
        for index, item in enumerate(getattr(standard, table)):
            yield (table, index, "part"), item.part
    for table in ("school_rule", "dispersion", "scorecard"):
        if getattr(standard, table):
            yield (table, "part"), getattr(standard, table).part
    for path, test in tests_of(standard):
        yield from (((*path, "parts", position), part) for position, part in enumerate(test.parts))
    yield from verdict_parts(standard)


def _setting_references(standard: Standard) -> Iterator[Problem]:
    ids = [setting.id for setting in standard.setting]
    named: list[tuple[Path_, str]] = []
    for index, relief in enumerate(standard.relief):
        named += [(("relief", index, key), getattr(relief, key)) for key in ("switch", "start", "end")]
    if standard.split:
        named += [(("split", "campus_setting"), standard.split.campus_setting)]
        for index, kind in enumerate(standard.split.attached):
            named.append((("split", "attached", index, "weight_setting"), kind.weight_setting))
    for path, test in tests_of(standard):
        named += [((*path, key), getattr(test, key)) for key in ("together_setting", "level_setting")]
    named += scorecard_settings(standard)
    named += phase_settings(standard)
    for path, name in named:
        if name and name not in ids:
            yield unknown_name("STD-SETTING", path, _SETTING, name, ids)


def _indicator_references(standard: Standard) -> Iterator[Problem]:
    ids = [indicator.id for indicator in standard.indicator]
    targets = ids + [item.id for item in standard.items]
    targets += [test.id for item in standard.items for test in item.test if test.id]
    for index, relief in enumerate(standard.relief):
        if relief.target not in targets:
            yield unknown_name("STD-RELIEF", ("relief", index, "target"), _TARGET, relief.target, targets)
    for position, name in enumerate(standard.dispersion.indicators if standard.dispersion else ()):
        if name not in ids:
            yield unknown_name("STD-INDICATOR", ("dispersion", "indicators", position), _INDICATOR, name, ids)


def _split(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    if not standard.split:
        return
    fields = [field.code for field in known.of_level("school")]
    for index, name in enumerate(standard.split.fields):
        if name not in fields:
            yield unknown_name("STD-FACT", ("split", "fields", index), _FACT, name, fields)
    for school_type, weights in standard.split.weights.items():
        path = ("split", "weights", school_type)
        if school_type not in STAGES_OF_TYPE:
            yield unknown_name("STD-TYPE", path, Text("办学类型", "school type"), school_type, STAGES_OF_TYPE)
        elif set(weights) != set(STAGES_OF_TYPE[school_type]) or min(weights.values()) <= 0:
            stages = ", ".join(STAGES_OF_TYPE[school_type])
            yield (
                "STD-WEIGHTS", path,
                Text(f"须对 {stages} 各给一个正的权重", f"give one positive weight each to {stages}"), None,
            )  # fmt: skip


_NEGATIVE = Text("限值不能是负数", "a limit is not below zero")


def _limits(standard: Standard, _known: Dictionary) -> Iterator[Problem]:
    stages = standard.standard.stages
    for index, indicator in enumerate(standard.indicator):
        for stage in indicator.limit:
            if stage not in stages:
                yield unknown_name("STD-STAGE", ("indicator", index, "limit", stage), _STAGE, stage, stages)
        for stage, limit in indicator.limit.items():
            if min(limit.value, limit.floor or 0) < 0:
                yield "STD-LIMIT", ("indicator", index, "limit", stage), _NEGATIVE, None
            if indicator.op == "<=" and standard.school_rule and limit.floor is None:
                yield (
                    "STD-FLOOR", ("indicator", index, "limit", stage),
                    Text("越低越好的指标须写明底线", "an indicator where lower is better states its floor"),
                    Text("请写 floor = …", "write floor = ..."),
                )  # fmt: skip
    for stage, limit in standard.dispersion.limit.items() if standard.dispersion else ():
        if stage not in stages:
            yield unknown_name("STD-STAGE", ("dispersion", "limit", stage), _STAGE, stage, stages)
        if limit.value < 0:
            yield "STD-LIMIT", ("dispersion", "limit", stage), _NEGATIVE, None
    rule, count = standard.school_rule, len(standard.indicator)
    if rule and not 0 < rule.at_least <= (rule.of or count):
        yield (
            "STD-RULE", ("school_rule", "at_least"),
            Text(f"指标共 {rule.of or count} 项", f"there are {rule.of or count} indicators"),
            Text(f"请写 1 至 {rule.of or count}", f"write 1 to {rule.of or count}"),
        )  # fmt: skip
    if rule and not 0 <= rule.floor_share <= 1:
        yield (
            "STD-RULE", ("school_rule", "floor_share"),
            Text("底线是限值的 0 至 1 倍", "the floor is from 0 to 1 of the limit"),
            Text("百分比写成小数, 如 85% 写 0.85", "write a percentage as a decimal: 85 % is 0.85"),
        )  # fmt: skip
    if rule and rule.of is not None and rule.of < count:
        what = Text(
            f"已列出 {count} 项指标, 多于 {rule.of}", f"{count} indicators are listed, more than {rule.of}"
        )
        yield "STD-RULE", ("school_rule", "of"), what, None


_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "county": (("value",), ("limit",)),
    "ratio": (("numerator",), ("denominator",), ("limit",), ("scope",)),
    "every": (("value", "holds"), ("scope",)),
    "rooms": (("rooms",), ("need",), ("scope",)),
    "evidence": (),
    "parts": (("parts",),),
    "information": (),
}


def _test_shapes(standard: Standard, _known: Dictionary) -> Iterator[Problem]:
    for path, test in tests_of(standard):
        for choices in _NEEDS[test.kind]:
            if not any(getattr(test, choice) for choice in choices):
                what = " / ".join(choices)
                yield (
                    "STD-TEST", path,
                    Text(f"“{test.kind}”类检验须写 {what}", f"a test of kind '{test.kind}' needs {what}"),
                    None,
                )  # fmt: skip
        if test.kind == "every" and test.value and not test.limit:
            yield "STD-TEST", path, Text("有 value 须有 limit", "a value needs a limit"), None


def _names(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    settings = {setting.id for setting in standard.setting}
    county = {field.code for field in known.of_level("county")} | set(DERIVED_COUNTY) | {"year"}
    schools = {field.code for field in known.of_level("school")} | set(DERIVED)
    sections = {field.code for field in known.of_level("section")} | schools
    read = {"county": settings | county, "school": settings | county | schools}
    words = Words.of(standard, known)
    for path, expression, level, kind in expressions(standard):
        allowed = read.get(level, settings | county | sections)
        for name in expression.names:
            if name in sections - allowed and level == "school":
                what = Text(
                    f"“{name}”是一个学段的数据, 此检验按整校进行",
                    f"'{name}' is a fact of one stage, and this test is asked of whole schools",
                )
                yield "STD-FACT", path, what, Text('请写 per = "section"', 'write per = "section"')
            elif name in sections - allowed:
                what = Text(
                    f"“{name}”是学校的数据, 此处只读县级数据",
                    f"'{name}' is a fact of schools, not of the county",
                )
                yield "STD-FACT", path, what, None
            elif name not in allowed:
                yield unknown_name("STD-FACT", path, _FACT, name, sorted(allowed))
        for what, mend in words.faults(expression, kind):
            yield "STD-KIND", path, what, mend


def expressions(standard: Standard) -> Iterator[tuple[Path_, Expression, str, Kind]]:
    """Every expression with its path, the level of the facts it may read (of a test of whole schools none that
    belongs to one stage), and what it must come to."""
    for index, scope in enumerate(standard.scope):
        for position, exclusion in enumerate(scope.exclude):
            yield ("scope", index, "exclude", position, "when"), exclusion.when, "section", "truth"
    for index, indicator in enumerate(standard.indicator):
        yield ("indicator", index, "denominator"), indicator.denominator, "section", "number"
        for position, alternative in enumerate(indicator.numerator):
            yield ("indicator", index, "numerator", position), alternative.value, "section", "number"
    for index, relief in enumerate(standard.relief):
        yield ("relief", index, "when"), relief.when, "section", "truth"
        for key, value in (("numerator", relief.numerator), ("limit", relief.limit)):
            if value:
                yield ("relief", index, key), value, "section", "number"
        for room, size in relief.sizes.items():
            yield ("relief", index, "sizes", room), size, "section", "number"
    for path, test in tests_of(standard):
        level = (
            "county"
            if test.kind in ("county", "information")
            else "section"
            if test.kind == "ratio"
            else test.per
        )
        for inside, expression, kind in _of_test(test):
            yield (*path, *inside), expression, level, kind
    for index, verdict in enumerate(standard.verdict):
        for position, axis in enumerate(verdict.axes):
            if axis.value:
                yield ("verdict", index, "axes", position, "value"), axis.value, "county", "number"
    for index, form in enumerate(standard.form):
        for table in ("columns", "lines"):
            for position, entry in enumerate(getattr(form, table)):
                if entry.where:
                    yield ("form", index, table, position, "where"), entry.where, "section", "truth"


def _of_test(test: Test) -> Iterator[tuple[Path_, Expression, Kind]]:
    for key in ("where", "holds", "fallback"):
        if getattr(test, key):
            yield (key,), getattr(test, key), "truth"
    for key in ("numerator", "denominator", "need"):
        if getattr(test, key):
            yield (key,), getattr(test, key), "number"
    for position, alternative in enumerate(test.value or ()):
        yield ("value", position), alternative.value, "number"
    for stage, limit in test.limit.items():
        yield ("limit", stage), limit, "number"
    for position, room in enumerate(test.rooms):
        yield ("rooms", position, "size"), room.size, "number"


_RULES: tuple[Callable[[Standard, Dictionary], Iterator[Problem]], ...] = (
    _unique_ids, _own_fields, _references, _split, _limits, _test_shapes, _names,
    reference_problems, scorecard_problems, form_problems, plugin_problems,
)  # fmt: skip
