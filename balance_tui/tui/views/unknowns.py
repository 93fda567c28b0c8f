"""What is unknown in a county, and who could know it: read from the standard's tests and the facts that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from ...engine.explanation.origin import DERIVED_FROM
from ...engine.explanation.people import asked
from ...engine.explanation.scene import Scene, seen
from ...engine.explanation.split import missing_students
from ...engine.explanation.unknown import scope_facts
from ...engine.indicators import alternatives
from ...engine.reasons import reason_text
from ...engine.status import UNKNOWN
from ...language import Text
from ...standard.expression import Expression
from ...standard.model import Indicator, Relief, Requirement
from ...standard.tests import Test
from .common import school_named, stage_name

Who = Literal["county", "school", "person", "data", "setting"]

WHO: Mapping[Who, Text] = {
    "county": Text("县级数据", "county facts"),
    "school": Text("学校数据", "school facts"),
    "person": Text("人工判定", "answers"),
    "data": Text("更正数据", "data to correct"),
    "setting": Text("设置", "a setting"),
}
"""Who could know what is missing: the county or the schools report it, a person answers it, a reported figure is
mended where a check struck it out, or a setting of the standard is given."""

NAMED = 2
"""So many schools are named before they are counted."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that is not known: `id` an indicator, item, test, score or part; `what` is missing; `facts` by
    their codes; the schools it is missing of, where it is one of schools (`stage` of the first)."""

    id: str
    who: Who
    what: Text
    facts: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    stage: str | None = None


def unknowns(scene: Scene) -> list[Unknown]:
    """Everything that leaves a figure of the county open, in the order of the standard."""
    at = _County(scene)
    return list(dict.fromkeys((*_absent(at), *_indicators(at), *_items(at), *_scores(at))))


@dataclass(frozen=True)
class _County:
    """A county, and which of its facts the checks struck out."""

    scene: Scene

    @cached_property
    def errors(self) -> dict[str, list[tuple[str | None, str | None]]]:
        """(school, stage) of the errors by fact; None stands for the county, and for every stage."""
        rows = self.scene.mine(self.scene.result.facts.checks).filter(pl.col("severity") == "error")
        found: dict[str, list[tuple[str | None, str | None]]] = {}
        for fact, *place in rows.explode("fields").select("fields", "school_id", "stage").iter_rows():
            found.setdefault(fact, []).append((place[0], place[1]))
        return found

    def struck(self, fact: str, row: Row | None) -> bool:
        """Whether an error made the fact of a section, or of the county, unknown."""
        errors = self.errors.get(DERIVED_FROM.get(fact, fact), ())
        if row is None:
            return any(school is None for school, _ in errors)
        return any(
            school in (None, row["school_id"]) and (row["stage"] is None or stage in (None, row["stage"]))
            for school, stage in errors
        )

    def fewest(self, row: Row, ways: Iterable[Sequence[str]], of: Row | None) -> tuple[str, ...]:
        """Of several ways to one figure, what the one lacks that was reported most completely."""
        lacking = [_null(row, way) for way in ways]
        return min(
            lacking,
            key=lambda names: (sum(not self.struck(name, of) for name in names), len(names)),
            default=(),
        )

    def labels(self, names: Iterable[str]) -> Text:
        labels = [self.scene.label(name) for name in names]
        return Text("、".join(each.zh for each in labels), ", ".join(each.en for each in labels))

    def reason(self, row: Row) -> Text:
        return seen(reason_text(row["reason"], self.scene.context.standard.dictionary))

    def told(
        self, name: str, facts: Sequence[str], rows: Sequence[Row], of_county: bool = False
    ) -> Iterator[Unknown]:
        """Facts that are not known of some sections, or of the county: those that a check struck out of every one
        apart from what was not reported."""
        of: Sequence[Row | None] = [None] if of_county else rows
        struck = tuple(fact for fact in facts if of and all(self.struck(fact, row) for row in of))
        bare: Who = "county" if of_county else "school"
        groups: tuple[tuple[Who, tuple[str, ...]], ...] = (
            ("data", struck), (bare, tuple(fact for fact in facts if fact not in struck)),
        )  # fmt: skip
        for who, names in groups:
            if names:
                yield _of_schools(name, who, self.labels(names), names, rows)


def _of_schools(name: str, who: Who, what: Text, facts: tuple[str, ...], rows: Sequence[Row]) -> Unknown:
    ids = tuple(dict.fromkeys(str(row["school_id"]) for row in rows))
    return Unknown(
        name, who, _with_schools(what, rows, len(ids)), facts, ids, rows[0]["stage"] if rows else None
    )


def _with_schools(what: Text, rows: Sequence[Row], schools: int) -> Text:
    """What is missing, and of whom."""
    if not rows:
        return what
    if len(rows) > NAMED:
        return Text(f"{what.zh} ({schools} 所)", f"{what.en} ({schools} schools)")
    names = [(school_named(row), stage_name(row["stage"]) if row["stage"] else None) for row in rows]
    zh = "、".join(f"{name}{' ' + stage.zh if stage else ''}" for name, stage in names)
    en = ", ".join(f"{name}{' ' + stage.en if stage else ''}" for name, stage in names)
    return seen(Text(f"{what.zh} ({zh})", f"{what.en} ({en})"))


def _null(row: Row, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name in row and row[name] is None)


def _absent(at: _County) -> Iterator[Unknown]:
    """Parts that lack whole stages of schools."""
    for row in at.scene.mine(at.scene.result.parts).iter_rows(named=True):
        code = (row["reason"] or "").split("|")[0]
        if row["_status"] == UNKNOWN and code in ("stage_absent", "no_sections"):
            yield Unknown(row["id"], "school", at.reason(row))


# Indicators


def _indicators(at: _County) -> Iterator[Unknown]:
    for stage, frame in at.scene.result.resources.stages.items():
        rows = at.scene.mine(frame)
        for indicator in at.scene.model.indicator:
            open_ = rows.filter(pl.col(f"{indicator.id}_status") == UNKNOWN)
            if open_.height:
                yield from _of_indicator(at, indicator, stage, open_)


def _of_indicator(at: _County, indicator: Indicator, stage: str, rows: pl.DataFrame) -> Iterator[Unknown]:
    """The facts that the open sections lack, told once for all sections that lack the same."""
    lacking: dict[tuple[str, ...], list[Row]] = {}
    for index, row in enumerate(rows.iter_rows(named=True)):
        lacking.setdefault(_missing(at, indicator, stage, rows[index], row), []).append(row)
    for names, of in lacking.items():
        if names:
            yield from at.told(indicator.id, names, of)
        else:
            yield from _unnamed(at, indicator, of)


def _missing(at: _County, indicator: Indicator, stage: str, frame: pl.DataFrame, row: Row) -> tuple[str, ...]:
    """The facts a section lacks for an indicator; where its value is known, those of the reliefs that are open."""
    scene = at.scene
    if row[indicator.id] is not None:
        reliefs = [relief for relief in scene.context.model.relief if relief.target == indicator.id]
        return _null(row, scene.facts_in(*_eased(reliefs)))
    ways = [scene.facts_in(way.value) for way in alternatives(indicator, stage)]
    scope = scope_facts(scene, frame) if row["_in"] is None else []
    fewest = at.fewest(row, ways, row) if row[f"{indicator.id}_x"] is None else ()
    return (*_null(row, (*scope, *scene.facts_in(indicator.denominator))), *fewest)


def _unnamed(at: _County, indicator: Indicator, rows: list[Row]) -> Iterator[Unknown]:
    """Why a figure is open though all its facts are there: the share of the stage, or two sources."""
    shares: dict[Text, list[Row]] = {}
    others = [row for row in rows if row["_share"] is not None or row[indicator.id] is not None]
    for row in rows:
        if row["_share"] is None and row[indicator.id] is None:
            shares.setdefault(missing_students(at.scene, row), []).append(row)
    for what, of in shares.items():
        who: Who = "setting" if _weight_unset(at, of[0]) else "school"
        yield _of_schools(indicator.id, who, what, (), of)
    if others:
        differ = Text("两种来源的数不一致", "two sources of the figure disagree")
        yield _of_schools(indicator.id, "data", differ, (), others)


def _weight_unset(at: _County, row: Row) -> bool:
    """Whether a weight that the standard leaves open keeps the share of a section from being known."""
    split = at.scene.model.split
    return split is not None and any(
        (row.get(each.field) or 0) > 0 and at.scene.context.setting(each.weight_setting) is None
        for each in split.attached
    )


def _eased(reliefs: Iterable[Relief]) -> Iterator[Expression]:
    for relief in reliefs:
        yield from (each for each in (relief.when, relief.numerator, relief.limit) if each)
        yield from relief.sizes.values()


# Items


def _items(at: _County) -> Iterator[Unknown]:
    rows = {row["id"]: row for row in at.scene.mine(at.scene.result.items.rows).iter_rows(named=True)}
    for item in at.scene.context.model.items:
        for test in item.test:
            row = rows.get(test.id or item.id) or rows.get(item.id)
            if row and row["_status"] == UNKNOWN:
                yield from _of_test(at, item, test, row)


def _of_test(at: _County, item: Requirement, test: Test, row: Row) -> Iterator[Unknown]:
    if test.kind == "evidence":
        yield _answer(at, item, test, row)
        return
    unset = _unset(at, item, test)
    if unset:
        yield Unknown(test.id or item.id, "setting", at.labels(unset))
    run = _of_county if test.kind == "county" else _of_population
    found = list(run(at, item, test, row))
    if not found and not unset:
        who: Who = "county" if test.kind == "county" else "school"
        found = [Unknown(test.id or item.id, who, at.reason(row))]
    yield from found


def _answer(at: _County, item: Requirement, test: Test, row: Row) -> Unknown:
    """What a person would answer by: the evidence wanted, or what was wrong with the answers given."""
    code, *numbers = (row["reason"] or "").split("|")
    wanted = seen(Text(test.wanted, test.wanted_en or test.wanted))
    evidence = Text(f"证据: {wanted.zh}", f"evidence: {wanted.en}") if test.wanted else Text("", "")
    if code == "unanswered":
        said = evidence if test.wanted else seen(item.text)
    elif code == "schools":
        said = _after(Text(f"{numbers[2]} 所学校未判定", f"{numbers[2]} schools not answered"), evidence)
    else:
        said = _after(at.reason(row), evidence)
    return Unknown(test.id or item.id, "person", said)


def _after(first: Text, second: Text) -> Text:
    return Text(f"{first.zh}; {second.zh}", f"{first.en}; {second.en}") if second.zh else first


def _unset(at: _County, item: Requirement, test: Test) -> tuple[str, ...]:
    """The settings without a value that a test reads as it is written."""
    written = next(each for each in at.scene.model.items if each.id == item.id)
    own = written.test[item.test.index(test)]
    names = at.scene.settings_in(*_values(own), *own.limit.values(), own.where, own.need)
    return tuple(name for name in names if at.scene.context.setting(name) is None)


def _values(test: Test) -> list[Expression]:
    return [way.value for way in test.value or ()]


def _of_county(at: _County, item: Requirement, test: Test, row: Row) -> Iterator[Unknown]:  # noqa: ARG001
    facts, scene = at.scene.county_facts, at.scene
    limit = _null(facts, scene.facts_in(*test.limit.values()))
    lacking = at.fewest(facts, [scene.facts_in(value) for value in _values(test)], None)
    yield from at.told(test.id or item.id, tuple(dict.fromkeys((*lacking, *limit))), (), of_county=True)


def _of_population(at: _County, item: Requirement, test: Test, row: Row) -> Iterator[Unknown]:  # noqa: ARG001
    """The facts that schools lack which leave a threshold of schools, or a rate over them, open; where all are
    there and still do not tell how many rooms are large enough, the list of rooms."""
    scene, name = at.scene, test.id or item.id
    reliefs = [
        r for r in scene.context.model.relief if r.target in (item.id, test.id) and test.kind != "ratio"
    ]
    read = [
        *_values(test),
        *test.limit.values(),
        test.numerator,
        test.denominator,
        test.holds,
        test.need,
        test.where,
    ]
    rooms = [fact for room in test.rooms for fact in (room.count, room.smallest)]
    names = [*scene.facts_in(*read, *_eased(reliefs)), *rooms]
    of_county = _null(scene.county_facts, (each for each in names if _is_county(scene, each)))
    yield from at.told(name, of_county, (), of_county=True)
    open_ = _open(scene, test, name, tuple(names))
    facts = tuple(each for each in dict.fromkeys(names) if any(each in r and r[each] is None for r in open_))
    facts = tuple(each for each in facts if not _is_county(scene, each))
    yield from at.told(name, facts, [r for r in open_ if _null(r, facts)])
    told = [r for r in open_ if not _null(r, facts)]
    if told and test.kind == "rooms":
        yield _of_schools(
            name, "school", Text("教室名单及逐间面积", "the list of rooms with areas"), (), told
        )


def _is_county(scene: Scene, fact: str) -> bool:
    field = scene.context.standard.dictionary.get(fact)
    return field is not None and field.level == "county"


def _open(scene: Scene, test: Test, name: str, facts: tuple[str, ...]) -> list[Row]:
    """The schools or sections of a test that leave it open, with their facts."""
    rows = asked(scene, test, facts, "section" if test.kind == "ratio" else None)
    if test.kind == "ratio":
        missing = [pl.col(fact).is_null() for fact in facts if fact in rows.columns]
        return list(rows.filter(pl.any_horizontal(pl.lit(False), *missing)).iter_rows(named=True))
    failing = scene.mine(scene.result.items.failing)
    open_ = failing.filter((pl.col("id") == name) & (pl.col("_status") == UNKNOWN)).select(
        "school_id", "stage"
    )
    return list(
        rows.join(open_, on=["school_id", "stage"], how="semi", nulls_equal=True).iter_rows(named=True)
    )


def _scores(at: _County) -> Iterator[Unknown]:
    fields = {score.id: score.field for score in at.scene.model.score}
    for row in at.scene.mine(at.scene.result.points).iter_rows(named=True):
        if row["_status"] == UNKNOWN:
            field = fields[row["id"]]
            yield Unknown(
                row["id"], "county" if field else "person", at.reason(row), (field,) if field else ()
            )
