"""Explanations as lines: nothing wider than the room, nothing lost, every line that leads leads to a view."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from balance_tui.engine.explanation import Column, Derivation, Step
from balance_tui.errors import BalanceError
from balance_tui.language import Language, Text, use_language
from balance_tui.request import Request
from balance_tui.tui.cells import use_ambiguous, width
from balance_tui.tui.explained_rows import flowed
from balance_tui.tui.explaining import COPIED, CORNER, ROWS, ExplainLine, derivation_of, lines_of, text_of
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.view import Piece
from balance_tui.tui.views import build
from balance_tui.tui.where import County, Subject, Where
from balance_tui.tui.widgets.explain_pane import ExplainPane

Choose = Callable[[Study], Subject]


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(Request())


def _indicator(status: str, **having: str) -> Choose:
    def choose(study: Study) -> Subject:
        rows = study.result.indicators.filter(
            pl.col("status") == status, *(pl.col(name) == value for name, value in having.items())
        )
        row = rows.row(0, named=True)
        key = County(*(row[name] for name in County._fields))
        return Subject("indicator", key, row["indicator"], row["stage"], row["school_id"])

    return choose


def _excluded(study: Study) -> Subject:
    row = study.result.excluded.row(0, named=True)
    return Subject(
        "indicator", County(*(row[n] for n in County._fields)), "L1", row["stage"], row["school_id"]
    )


def _dispersion(study: Study) -> Subject:
    return Subject("dispersion", study.counties[5], "L6", "primary")


def _item(name: str) -> Choose:
    return lambda study: Subject("item", study.counties[5], name)


SUBJECTS: dict[str, Choose] = {
    "pass": _indicator("pass"), "fail": _indicator("fail"), "floor": _indicator("floor"),
    "relieved": _indicator("relieved"), "unknown in a school with a campus": _indicator("unknown"),
    "left out": _excluded, "dispersion": _dispersion, "part": _item("resources"),
    "part of items": _item("guarantee"), "item of every school": _item("G05"), "item of tests": _item("G11"),
    "test": _item("G11a"), "evidence": _item("P2"), "veto": _item("V1"), "rooms": _item("G04"),
}  # fmt: skip


@pytest.fixture(params=SUBJECTS)
def derivation(request: pytest.FixtureRequest, study: Study) -> Derivation:
    return derivation_of(study, SUBJECTS[request.param](study))


def _text(line: ExplainLine) -> str:
    return "".join(piece.text for piece in line.pieces)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("room", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_room(derivation: Derivation, room: int, language: Language) -> None:
    use_language(language)
    lines = lines_of(derivation, room)
    assert max(width(_text(line)) for line in lines) <= room
    assert width(_text(lines[0])) <= room - CORNER
    assert all(line.pieces for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_text_for_copying_holds_every_step_and_row(derivation: Derivation, language: Language) -> None:
    use_language(language)
    text = text_of(derivation)
    assert text.startswith(str(derivation.title))
    for step in derivation.steps:
        assert f"{step.label}  {step.text}".rstrip() in text
        assert all("\t".join(row) in text for row in step.cells())


@pytest.mark.parametrize("room", [40, 80])
def test_what_is_said_on_the_screen_is_the_text_or_the_rows_of_each_step(
    derivation: Derivation, room: int
) -> None:
    standard = next((s.data for s in derivation.steps if s.data.get("standard")), {})
    own = f"{standard.get('standard')} {standard.get('version')} "
    screen = _squeezed("".join(map(_text, lines_of(derivation, room))))
    reasons = [str(step.text) for step in derivation.of_kind("reason")]
    for step in derivation.steps:
        again = step.kind == "missing" and not step.rows and any(str(step.text) in why for why in reasons)
        assert (_squeezed(str(step.label)) in screen) != again
        said = _squeezed(str(step.text).replace(own, "")) in screen or _squeezed(str(step.text)) in screen
        texts = [cell for row in step.cells()[:ROWS] for cell in row if cell and not cell[0].isdigit()]
        told = step.rows and all(
            _squeezed(cell) in screen for cell in texts if cell != str(step.rows[0].get("school"))
        )
        assert said or told, step


def test_every_line_that_leads_leads_to_a_view(derivation: Derivation, study: Study) -> None:
    leads = [line.leads for line in lines_of(derivation, 80) if line.leads is not None]
    for place in leads:
        assert place.county is not None
        assert build(study, place).panes


def test_the_facts_of_an_indicator_lead_to_their_cells(study: Study) -> None:
    subject = _indicator("fail")(study)
    lines = lines_of(derivation_of(study, subject), 80)
    fields = {line.leads.get("field") for line in lines if line.leads and line.leads.view == "data"}
    assert fields == {"equipment_value", "students"}
    assert all(
        (line.leads.get("school_id"), line.leads.get("stage")) == (subject.school_id, subject.stage)
        for line in lines
        if line.leads and line.leads.view == "data"
    )


def test_the_outcome_stands_in_the_second_line_with_mark_and_limit(study: Study) -> None:
    lines = lines_of(derivation_of(study, _indicator("fail")(study)), 100)
    assert _text(lines[1]) == "1500.00 元   ✗ 不达标   限值 ≥ 2000 元"
    assert Piece("✗ 不达标", "fail") in lines[1].pieces
    unknown = lines_of(derivation_of(study, _indicator("unknown")(study)), 140)
    assert _text(unknown[1]).startswith("—   ? 未知")


def test_only_so_many_rows_of_a_step_are_ever_formatted(monkeypatch: pytest.MonkeyPatch) -> None:
    formatted: list[object] = []
    real = Column.shown
    monkeypatch.setattr(Column, "shown", lambda self, value: (formatted.append(value), real(self, value))[1])
    columns = (Column("school", Text("学校", "school")), Column("value", Text("数值", "value"), 2))
    rows = tuple({"school": f"学校{n}", "school_id": str(n), "value": n / 7} for n in range(100_000))
    step = Step("table", Text("各校", "schools"), Text("共 100000", "100000"), {}, columns, rows)
    derivation = Derivation(Text("题", "title"), "pass", None, None, Text("", ""), (step,))
    lines = lines_of(derivation, 80)
    assert _text(lines[-1]).strip() == f"… 还有 {100_000 - ROWS} 行"
    assert len(formatted) <= 2 * (ROWS + 1)
    assert f"… 还有 {100_000 - COPIED} 行" in text_of(derivation)


def test_numbers_left_away_for_want_of_room_are_the_least_telling(study: Study) -> None:
    derivation = derivation_of(study, _dispersion(study))
    wide, narrow = (
        next(_text(line) for line in lines_of(derivation, room) if "占 S² %" in _text(line))
        for room in (120, 60)
    )
    assert wide.split() == [
        "位次",
        "学校",
        "学生",
        "P",
        "数量",
        "x",
        "X",
        "X",
        "−",
        "X̄",
        "P/P_N",
        "贡献",
        "占",
        "S²",
        "%",
    ]
    assert narrow.split() == ["学校", "X", "占", "S²", "%"]


def test_a_title_too_long_loses_the_province_first_and_then_the_county(study: Study) -> None:
    derivation = derivation_of(study, _dispersion(study))
    whole = str(derivation.title)
    assert "示例省 示例市 示例丙旗 2025" in whole
    without_province = whole.replace("示例省 ", "")
    for room, title in (
        (width(whole), whole),
        (width(whole) - 1, without_province),
        (width(without_province), without_province),
        (width(without_province) - 1, whole.removesuffix(" · 示例省 示例市 示例丙旗 2025")),
    ):
        assert _text(lines_of(derivation, room + CORNER)[0]) == title


def test_a_part_goes_by_its_name(study: Study) -> None:
    derivation = derivation_of(study, Subject("item", study.counties[5], "resources"))
    assert str(derivation.title).startswith("resources 资源配置 · ")
    assert _text(lines_of(derivation, 120)[0]).startswith("资源配置 · ")


def test_the_facts_that_a_reason_lists_are_not_listed_again_but_led_to(study: Study) -> None:
    derivation = derivation_of(study, _indicator("unknown")(study))
    [missing] = derivation.of_kind("missing")
    lines = [line for line in lines_of(derivation, 80) if _text(line).startswith(("为何未知", "缺少的数据"))]
    assert [line.leads.get("field") for line in lines if line.leads] == [missing.data["facts"][0]]


def test_the_place_of_a_finding_is_told_without_its_folders(study: Study) -> None:
    derivation = derivation_of(study, _indicator("unknown", county="示例丙旗")(study))
    lines = [_text(line) for line in lines_of(derivation, 120)]
    assert any(re.search(r" schools\.csv:\d+$", line) for line in lines)
    assert not any("/schools.csv" in line for line in lines)


@given(st.text(max_size=200), st.integers(4, 60))
def test_wrapped_pieces_keep_text_and_styles(text: str, room: int) -> None:
    lines = flowed([Piece("label: ", "label"), Piece(text, "dim")], room, "  ")
    assert all(width("".join(piece.text for piece in line)) <= room for line in lines)
    labels = "".join(piece.text for line in lines for piece in line if piece.style == "label")
    assert _squeezed(labels) == "label:"


def test_with_wide_ambiguous_characters_nothing_ambiguous_is_left(study: Study) -> None:
    derivation = derivation_of(study, _dispersion(study))
    use_ambiguous("wide")
    try:
        text = "".join(map(_text, lines_of(derivation, 60)))
    finally:
        use_ambiguous("narrow")
    assert not set("√÷≤×−²") - {"−"} & set(text)


# Counties of one name


def _renamed(study: Study, **names: list[str | None] | list[int | None]) -> Study:
    """The sample with other keys for its counties: names of the four keys, one for each county and year."""
    keys = study.result.facts.keys
    columns = [pl.Series(name, values, keys.schema[name]) for name, values in names.items()]
    facts = dataclasses.replace(study.result.facts, keys=keys.with_columns(columns))
    result = dataclasses.replace(study.result, facts=facts)
    return dataclasses.replace(study, _results={study.standard.hash: result})


def _value(study: Study, county: County) -> Any:
    return derivation_of(study, Subject("dispersion", county, "L6", "primary")).value


@pytest.mark.parametrize(
    ("cities", "counties", "years"),
    [
        pytest.param(
            list("甲甲乙乙丙丙丁丁"), ["城关"] * 8, [2024, 2025] * 4, id="same name in other cities"
        ),
        pytest.param(
            [None] * 8, [f"县/{n // 2}" for n in range(8)], [2024, 2025] * 4, id="a slash in the name"
        ),
        pytest.param(
            ["甲"] * 8, [f"县{n // 2}" for n in range(8)], [None, 2025] * 4, id="one without a year"
        ),
        pytest.param(
            ["a/b", "a/b", "a", "a", *"cdef"], ["x", "x", "b/x", "b/x", *"xxxx"], [1, 2] * 4, id="paths alike"
        ),
    ],
)
def test_counties_that_share_a_name_are_told_apart(
    study: Study, cities: list[str | None], counties: list[str | None], years: list[int | None]
) -> None:
    renamed = _renamed(study, city=cities, county=counties, year=years)
    province = study.counties[0].province
    for index, original in enumerate(study.counties):
        key = County(province, cities[index], counties[index], years[index])
        assert _value(renamed, key) == _value(study, original)


def test_a_figure_that_does_not_exist_is_said_in_a_sentence(study: Study) -> None:
    with pytest.raises(BalanceError, match="EXP-"):
        derivation_of(study, Subject("indicator", study.counties[0], "L1", "primary", "no such school"))


# The widget


class _Holder(App[None]):
    def compose(self) -> ComposeResult:
        yield ExplainPane()


def _in_pane(
    derivation: Derivation | None, then: Callable[[ExplainPane], None], size: tuple[int, int] = (80, 12)
) -> None:
    async def run() -> None:
        app = _Holder()
        async with app.run_test(size=size) as pilot:
            pane = app.query_one(ExplainPane)
            pane.styles.height = size[1]
            await pilot.pause()
            pane.show(derivation, None)
            pane.focus()
            await pilot.pause()
            then(pane)

    asyncio.run(run())


def _screen(pane: ExplainPane) -> list[str]:
    return [pane.render_line(y).text for y in range(pane.size.height)]


def test_the_heading_stays_and_tells_the_position(study: Study) -> None:
    derivation = derivation_of(study, _dispersion(study))
    total = len(lines_of(derivation, 79))

    def check(pane: ExplainPane) -> None:
        first = _screen(pane)[0]
        assert first.lstrip().startswith("差异系数")
        assert first.endswith(f"12/{total}")
        pane.end()
        last = _screen(pane)
        assert last[0].endswith(f"{total}/{total}")
        assert last[0][:20] == first[:20]
        assert all(width(line) == 80 for line in last)
        pane.home()
        assert _screen(pane)[0] == first

    _in_pane(derivation, check)


def test_moving_visits_every_line_that_leads_and_shows_every_line(study: Study) -> None:
    derivation = derivation_of(study, _dispersion(study))
    lines = lines_of(derivation, 79)

    def check(pane: ExplainPane) -> None:
        visited: list[Where | None] = [pane.target()]
        seen = set(_screen(pane))
        for _ in range(2 * len(lines)):
            pane.move(1)
            visited.append(pane.target())
            seen |= {line.replace("▸", " ", 1) for line in _screen(pane)}
        assert {place for place in visited if place} == {line.leads for line in lines if line.leads}
        assert all(any(_text(line) in each for each in seen) for line in lines[1:])
        for _ in range(2 * len(lines)):
            pane.move(-1)
        assert pane.top == 0

    _in_pane(derivation, check)


def test_the_line_one_stands_on_is_always_in_sight(study: Study) -> None:
    derivation = derivation_of(study, _item("resources")(study))

    def check(pane: ExplainPane) -> None:
        for act in (
            *[lambda: pane.page(1)] * 4,
            pane.home,
            pane.end,
            *[lambda: pane.move(-3)] * 5,
            lambda: pane.page(-2),
        ):
            act()
            marked = [line for line in _screen(pane) if line.startswith("▸")]
            assert len(marked) == (pane.cursor is not None)
            assert (pane.target() is None) == (pane.cursor is None)

    _in_pane(derivation, check)


def test_without_a_figure_it_says_so_and_leads_nowhere() -> None:
    def check(pane: ExplainPane) -> None:
        assert "没有可以说明的数" in _screen(pane)[0]
        pane.move(1), pane.page(1), pane.home(), pane.end()
        assert (pane.target(), pane.text()) == (None, "")

    _in_pane(None, check, (60, 5))


def test_showing_the_same_again_draws_nothing_and_keeps_the_place(study: Study) -> None:
    subject = _dispersion(study)

    def check(pane: ExplainPane) -> None:
        pane.page(1)
        place, asked = (pane.top, pane.cursor), []
        pane.refresh = lambda *regions, **_: asked.append(regions)  # type: ignore[method-assign,assignment,return-value]
        pane.show(derivation_of(study, subject), None)
        assert (asked, (pane.top, pane.cursor)) == ([], place)
        pane.move(1)
        assert [len(regions) for regions in asked] == [2]
        pane.show(derivation_of(study, dataclasses.replace(subject, name="L2")), None)
        assert pane.top == 0

    _in_pane(derivation_of(study, subject), check)


@settings(max_examples=12)
@given(st.integers(1, 90), st.integers(1, 30))
def test_any_size_is_drawn_in_its_own_width(columns: int, lines: int) -> None:
    step = Step(
        "limit", Text("限值", "limit"), Text("≥ 4.2 人 (小学); 条款 六", "≥ 4.2; clause 6"), {"clause": "六"}
    )
    derivation = Derivation(Text("甲乙丙" * 9, "a"), "pass", 1.0, 2.0, Text("人", "persons"), (step,) * 9)

    def check(pane: ExplainPane) -> None:
        pane.end(), pane.move(-1)
        assert all(width(line) == pane.size.width for line in _screen(pane))

    _in_pane(derivation, check, (columns, lines))
