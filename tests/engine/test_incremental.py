"""An evaluation that takes over from the one before says what a whole one says, whatever was edited between them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from balance_tui.data.again import Seen, Work
from balance_tui.data.dataset import JUDGEMENT_SCHEMA, OVERRIDE_SCHEMA, ROOMS_SCHEMA, Dataset
from balance_tui.data.dictionary import CODES, KEY_FIELDS, Field
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.explanation import Derivation, explain_dispersion, explain_indicator, explain_item
from balance_tui.engine.requirements import reads
from balance_tui.engine.result import FRAMES, Result
from balance_tui.errors import BalanceError
from balance_tui.standard.load import LoadedStandard
from tests.contract.builder import passing_county
from tests.contract.generators import counties
from tests.engine.explain_data import dataset_of, standard, told

STANDARDS = ("national-2017", "national-2012", "beijing-2018", "shaanxi-2019")
OTHERS = ("pioneer-2021", "hebei-basic", "shanghai-green", "yuquan-2025", "local-targets")
KINDS = ("section", "section", "school", "county", "judgement", "setting", "row")


@st.composite
def edits(draw: st.DrawFn) -> tuple[Dataset, list[tuple[str, int]]]:
    """A dataset of some counties, and what is edited in it: kinds with seeds."""
    random = Random(draw(st.integers(0, 2**32)))
    drawn = [draw(counties()), passing_county("丙县"), passing_county("丙县", year=2024)]
    steps = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2**32)), min_size=1, max_size=5))
    return dataset_of(drawn[: random.choice((1, 2, 3))]), steps


def widened(dataset: Dataset, known: LoadedStandard, random: Random) -> Dataset:
    """The dataset with the facts that the standard declares itself, and a few of the rest, filled."""
    fields = known.dictionary

    def column(frame: pl.DataFrame, field: Field, dtype: pl.DataType) -> pl.Series:
        if field.code in frame.columns:
            return frame[field.code]
        return pl.Series(field.code, [amount(field, random) for _ in range(frame.height)], dtype)

    sections = [
        column(dataset.sections, fields[code], dtype) for code, dtype in fields.section_schema().items()
    ]
    facts = [column(dataset.counties, fields[code], dtype) for code, dtype in fields.county_schema().items()]
    return replace(
        dataset,
        sections=pl.DataFrame([*sections, dataset.sections["_source"], dataset.sections["_row"]]),
        counties=pl.DataFrame(facts),
        dictionary=fields,
    )


def amount(field: Field, random: Random) -> Any:
    """A value of a field, now and then none."""
    if random.random() < 0.2:
        return None
    if field.code in CODES:
        return random.choice(list(CODES[field.code]))
    if field.kind == "boolean":
        return random.random() < 0.6
    if field.kind in ("text", "code"):
        return random.choice(["a", "b", "1"])
    return float(random.choice((0, 1, 2, 5, 10, 44, 46, 50, 60, 90, 95, 100, 101, 250, 2000, 2020)))


class Desk:
    """What stands: data with the edits so far; each edit gives the result with and without the one before."""

    def __init__(self, known: LoadedStandard, dataset: Dataset, seed: int) -> None:
        self.known, self.dataset = known, widened(dataset, known, Random(seed))
        self.cells: dict[tuple[Any, ...], str | None] = {}
        self.settings: dict[str, str] = {}
        self.last = self.whole()

    def whole(self, previous: Result | None = None) -> Result:
        rows = [(*key, value) for key, value in self.cells.items()]
        overrides = pl.DataFrame(rows, schema=OVERRIDE_SCHEMA, orient="row")
        return evaluate(
            self.known, self.dataset, settings=self.settings, overrides=overrides, previous=previous
        )

    def edit(self, kind: str, seed: int) -> None:
        getattr(self, f"_{kind}")(Random(seed))

    def again(self) -> tuple[Result, Result]:
        """The result taken over from the last one, and that made anew."""
        self.last = self.whole(self.last)
        return self.last, self.whole()

    def _section(self, random: Random) -> None:
        self._cell(random, "section", random.choice(self.dataset.sections.to_dicts()))

    def _school(self, random: Random) -> None:
        self._cell(random, "school", random.choice(self.dataset.sections.to_dicts()))

    def _county(self, random: Random) -> None:
        self._cell(random, "county", random.choice(self.dataset.counties.to_dicts()))

    def _cell(self, random: Random, level: Any, row: dict[str, Any]) -> None:
        fields = [field for field in self.known.dictionary.of_level(level) if field.code not in _WHO]
        read = [field for field in fields if field.code in self.known.needed]
        field = random.choice(read or fields) if random.random() < 0.8 else random.choice(fields)
        value, old = amount(field, random), row.get(field.code)
        if isinstance(old, float) and random.random() < 0.6:
            value = float(round(old * random.uniform(0.7, 1.3)))
        stage = row["stage"] if level == "section" else None
        school = None if level == "county" else row["school_id"]
        key = (*(row[name] for name in KEY_FIELDS), school, stage, field.code)
        self.cells[key] = None if value is None else str(value)

    def _judgement(self, random: Random) -> None:
        row = random.choice(self.dataset.sections.to_dicts())
        of_school = random.random() < 0.3
        judged = {
            **{name: row[name] for name in KEY_FIELDS},
            "school_id": row["school_id"] if of_school else None,
            "item": random.choice(sorted(self.known.model.judged)),
            "answer": random.choice(["yes", "no", "na", "A", "3", None]),
            "score": random.choice([None, 0.0, 1.0, 2.5, 90.0, 1000.0]),
            "source": random.choice([None, "self", "verified"]),
        }
        new = pl.DataFrame([judged], schema=JUDGEMENT_SCHEMA)
        kept = self.dataset.judgements
        kept = kept.filter(pl.int_range(pl.len()) != random.randrange(kept.height)) if kept.height else kept
        together = pl.concat([kept if random.random() < 0.3 else self.dataset.judgements, new])
        self.dataset = replace(self.dataset, judgements=together)

    def _setting(self, random: Random) -> None:
        if not self.known.model.setting:
            return
        setting = random.choice(self.known.model.setting)
        values = {
            "boolean": ["true", "false"], "number": ["1", "50", "6000", "100"],
            "choice": list(setting.choice_ids), "date": ["2020-01-01", "2030-01-01"],
        }.get(setting.type, ["x"])  # fmt: skip
        self.settings[setting.id] = random.choice(values)

    def _row(self, random: Random) -> None:
        """A row that comes or goes, or a room: not what an edit does, but an import between two results."""
        data, at = self.dataset, random.randrange(self.dataset.sections.height)
        if random.random() < 0.4 and data.sections.height > 1:
            self.dataset = replace(data, sections=data.sections.filter(pl.int_range(pl.len()) != at))
        elif random.random() < 0.5:
            self.dataset = replace(data, sections=pl.concat([data.sections, data.sections[at : at + 1]]))
        else:
            row = data.sections.row(at, named=True)
            room = {
                **{name: row[name] for name in (*KEY_FIELDS, "school_id")},
                "kind": random.choice(["music", "art"]), "area": random.choice([None, 60.0, 80.0, 96.0]),
            }  # fmt: skip
            self.dataset = replace(
                data, rooms=pl.concat([data.rooms, pl.DataFrame([room], schema=ROOMS_SCHEMA)])
            )


_WHO = (*KEY_FIELDS, "school_id", "school", "stage")


def assert_same(again: Result, whole: Result) -> None:
    for name in FRAMES:
        assert_frame_equal(again.frame(name), whole.frame(name), check_exact=True)
    assert_frame_equal(again.facts.sections, whole.facts.sections, check_exact=True)
    assert_frame_equal(again.facts.counties, whole.facts.counties, check_exact=True)
    assert again.items.exact.keys() == whole.items.exact.keys()


def explained(result: Result, random: Random) -> list[str]:
    """What some figures of a result are explained by; where there is none, why."""
    named = [item.id for item in result.context.model.items]
    items = random.sample(named, min(3, len(named)))
    county = result.facts.keys.row(random.randrange(result.facts.keys.height), named=True)
    asked: list[Callable[[], Derivation]] = [
        partial(explain_item, result, name, county["county"]) for name in items
    ]
    if result.resources.stages and result.context.model.indicator:
        indicator = random.choice(result.context.model.indicator).id
        stage = random.choice(list(result.resources.stages))
        rows = result.indicators.filter(pl.col("stage") == stage)
        asked.append(partial(explain_dispersion, result, stage, indicator, county["county"]))
        if rows.height:
            school = random.choice(rows["school_id"].to_list())
            asked.append(partial(explain_indicator, result, school, stage, indicator))
    return [_told(each) for each in asked]


def _told(explain: Any) -> str:
    try:
        return told(explain())
    except BalanceError as error:
        return error.code


@pytest.mark.parametrize("name", STANDARDS)
@settings(max_examples=12)
@given(drawn=edits())
def test_a_result_taken_over_is_the_result_made_anew(
    name: str, drawn: tuple[Dataset, Sequence[tuple[str, int]]]
) -> None:
    taken_over_is_made_anew(name, *drawn)


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=4)
@given(drawn=edits())
def test_so_it_is_under_every_standard_that_is_shipped(
    name: str, drawn: tuple[Dataset, Sequence[tuple[str, int]]]
) -> None:
    taken_over_is_made_anew(name, *drawn)


def taken_over_is_made_anew(name: str, dataset: Dataset, steps: Sequence[tuple[str, int]]) -> None:
    """After each of the edits, frame by frame, and some explanations after the last."""
    desk = Desk(standard(name), dataset, steps[0][1])
    for kind, seed in steps:
        desk.edit(kind, seed)
        again, whole = desk.again()
        assert_same(again, whole)
    if not whole.is_rejected:
        assert explained(again, Random(seed)) == explained(whole, Random(seed))


def _edited(known: LoadedStandard, level: str, field: str, value: str) -> tuple[Result, Result]:
    """The result after one fact of the passing county changed: taken over, and made anew."""
    desk = Desk(known, dataset_of([passing_county()]), 0)
    row = desk.dataset.sections.row(0, named=True)
    school = None if level == "county" else row["school_id"]
    stage = row["stage"] if level == "section" else None
    desk.cells[*(row[name] for name in KEY_FIELDS), school, stage, field] = value
    return desk.again()


FACTS = (
    ("section", "students", "999"), ("section", "backbone_teachers", "0"), ("section", "largest_class", "60"),
    ("school", "teaching_area", "10"), ("school", "smallest_music_room", "20"),
    ("school", "has_charter", "false"), ("county", "rotated", "1"), ("county", "special_funds", "1"),
    ("county", "funds_unit_rate_primary", "100000"),
)  # fmt: skip
"""Facts of every level, each of which some figure of the passing county rests on."""


@pytest.mark.parametrize(("level", "field", "value"), FACTS)
def test_one_fact_changes_the_result_and_what_is_taken_over_follows(
    level: str, field: str, value: str
) -> None:
    known = standard()
    before = Desk(known, dataset_of([passing_county()]), 0).last
    again, whole = _edited(known, level, field, value)
    assert_same(again, whole)
    changed = [name for name in FRAMES if not whole.frame(name).equals(before.frame(name))]
    assert changed


@pytest.mark.parametrize(
    ("level", "field", "value"), [("county", "rotated", "1"), ("section", "largest_class", "60")]
)
def test_a_fact_that_a_test_does_not_name_cannot_be_read_unseen(
    monkeypatch: pytest.MonkeyPatch, level: str, field: str, value: str
) -> None:
    """Leaving one dependency out is not a stale figure but a column that is not there."""
    named = reads._reads

    def forgetful(*arguments: Any) -> reads.Reads | None:
        found = named(*arguments)
        if found is None:
            return None
        return replace(
            found,
            counties=tuple(name for name in found.counties if name != field),
            sections=tuple(name for name in found.sections if name != field),
        )

    monkeypatch.setattr(reads, "_reads", forgetful)
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        _edited(standard(), level, field, value)


def test_a_comparison_that_misses_a_change_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle sees a stale figure: with one column taken for the same, results differ."""
    same = Seen.same
    monkeypatch.setattr(
        Seen,
        "same",
        lambda self, columns: same(self, [name for name in columns if name != "backbone_teachers"]),
    )
    again, whole = _edited(standard(), "section", "backbone_teachers", "0")
    with pytest.raises(AssertionError):
        assert_same(again, whole)


def test_what_reads_nothing_that_changed_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    done = Work.done

    def noting(self: Work, name: Hashable, same: bool, make: Callable[[], Any]) -> Any:
        def noted() -> Any:
            made.append(name)
            return make()

        return done(self, name, same, noted)

    desk = Desk(standard(), dataset_of([passing_county()]), 0)
    monkeypatch.setattr(Work, "done", noting)
    row = desk.dataset.counties.row(0, named=True)
    desk.cells[*(row[name] for name in KEY_FIELDS), None, None, "rotated"] = "1"
    desk.last = desk.whole(desk.last)
    tests = [name for name in made if isinstance(name, tuple) and name[0] == "test"]
    assert {item for _, item, _ in tests} == {"G11"}
    assert "resources" not in made


def test_another_standard_or_date_takes_nothing_over() -> None:
    desk = Desk(standard(), dataset_of([passing_county()]), 0)
    other = evaluate(standard("national-2012"), desk.dataset, previous=desk.last)
    assert_same(other, evaluate(standard("national-2012"), desk.dataset))


def test_only_the_last_evaluation_is_held() -> None:
    desk = Desk(standard(), dataset_of([passing_county()]), 0)
    for _ in range(2):
        desk.edit("section", 3)
        desk.again()
    assert not desk.last.work._outcomes_before
    assert not desk.last.work._frames_before
