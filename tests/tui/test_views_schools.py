"""Schools, dispersion, data, county facts and findings: what they show is what was evaluated and reported."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.data.checks import trusted
from balance_tui.data.dataset import FINDING_SCHEMA
from balance_tui.data.dictionary import KEY_FIELDS
from balance_tui.engine.explanation import explain_dispersion, explain_indicator, explain_item
from balance_tui.engine.figures import figure, plain
from balance_tui.engine.status import FAIL, FLOOR, MARKS, PASS, RELIEVED, UNKNOWN
from balance_tui.language import use_language
from balance_tui.request import Request
from balance_tui.standard.load import load_standard
from balance_tui.standard.model import Indicator
from balance_tui.tui.cells import fitted, shown, width
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.table.layout import spans, widths
from balance_tui.tui.table.sheet import Sheet
from balance_tui.tui.view import LinesPane, TablePane, View
from balance_tui.tui.views import build, module_of
from balance_tui.tui.views.data import place_of
from balance_tui.tui.views.drawing import GLYPHS, Strip, Tick, levels
from balance_tui.tui.views.schools import distances, limit_text
from balance_tui.tui.where import County, Subject, Where, where

STANDARDS = ("national-2017", "national-2012", "pioneer-2021")
VIEWS = ("schools", "dispersion", "data", "county_data", "findings")
FAILING = 4
"""The county and year of the sample in which schools fail and figures are unknown."""


@pytest.fixture(scope="module")
def sample() -> Study:
    return open_study(Request())


@pytest.fixture(scope="module", params=STANDARDS)
def study(request: pytest.FixtureRequest, sample: Study) -> Study:
    return sample.under(load_standard(request.param))


def rows_of(sheet: Sheet) -> Iterator[tuple[Mapping[str, Any], Mapping[str, tuple[str, str, str]]]]:
    """Every row of a sheet: its record, and its cells by column."""
    for row in range(sheet.height):
        record = sheet.record(row)
        assert record is not None
        yield record, dict(zip((column.key for column in sheet.columns), sheet.cells(row), strict=True))


def table(view: View, pane: int = 0) -> TablePane:
    found = view.panes[pane]
    assert isinstance(found, TablePane)
    return found


def of_county(frame: pl.DataFrame, county: County) -> pl.DataFrame:
    return frame.filter(
        pl.col(name).eq_missing(pl.lit(value, frame.schema[name]))
        for name, value in zip(KEY_FIELDS, county, strict=True)
    )


def drawn(pane: TablePane | LinesPane, room: int) -> list[str]:
    """A pane as it stands in so many cells: two lines of heading, then every row."""
    if isinstance(pane, LinesPane):
        return ["".join(piece.text for piece in line) for line in pane.draw(room)]
    sheet, lines = pane.sheet, []
    laid = spans(widths(sheet.columns, sheet.natural_widths(), room), room, 0)
    for part in ("title", "under"):
        line = ""
        for span in laid:
            column = sheet.columns[span.column]
            head = shown(str(getattr(column, part)))
            own = span.width - bool(column.mark and width(head) < span.width)
            line += " " * (span.x - width(line)) + fitted(head, own, column.align) + " " * (span.width - own)
        lines.append(line)
    for row in range(sheet.height):
        cells, line = sheet.cells(row), ""
        for span in laid:
            column, cell = sheet.columns[span.column], cells[span.column]
            own = span.width - bool(column.mark)
            text = fitted(cell.text, own, column.align) + (fitted(cell.mark, 1) if column.mark else "")
            line += " " * (span.x - width(line)) + text
        lines.append(line)
    return lines


# Schools


def test_every_figure_and_mark_of_a_school_is_that_of_the_result(study: Study) -> None:
    result, indicators = study.result, study.standard.model.indicator
    for county in study.counties:
        sheet = table(build(study, where("schools", county))).sheet
        details = {
            (row["school_id"], row["stage"], row["indicator"]): row
            for row in of_county(result.indicator_details, county).to_dicts()
        }
        assert sheet.height * len(indicators) == len(details)
        for record, cells in rows_of(sheet):
            for indicator in indicators:
                row = details[record["school_id"], record["stage"], indicator.id]
                value = row["value"] if row["relief_value"] is None else row["relief_value"]
                mark = "" if row["status"] == "not_applicable" else MARKS[row["status"]]
                assert cells[indicator.id][:2] == (figure(value, indicator.decimals), mark)


def test_the_overall_mark_of_a_school_is_that_of_the_result(sample: Study) -> None:
    for county in sample.counties:
        rows = of_county(sample.result.schools, county).to_dicts()
        schools = {(row["school_id"], row["stage"]): row for row in rows}
        for record, cells in rows_of(table(build(sample, where("schools", county))).sheet):
            row = schools.pop((record["school_id"], record["stage"]))
            assert cells["met"][:2] == (f"{len(row['met'])}/7", MARKS[row["status"]])
        assert not schools


def test_failing_schools_come_first_the_nearest_to_pass_before_the_others(sample: Study) -> None:
    ranks = {"fail": 0, "unknown": 1, "relieved": 2, "pass": 3}
    seen = set()
    for county in sample.counties:
        sheet = table(build(sample, where("schools", county))).sheet
        order = [
            (ranks[record["status"]], record["distance"] is None, record["distance"] or 0.0)
            for record, _ in rows_of(sheet)
        ]
        assert order == sorted(order)
        seen |= {record["status"] for record, _ in rows_of(sheet)}
    assert seen == set(ranks)


def test_one_stage_can_be_shown_with_its_own_limits(sample: Study) -> None:
    view = build(sample, where("schools", sample.counties[FAILING], stage="junior"))
    sheet = table(view).sheet
    assert {record["stage"] for record, _ in rows_of(sheet)} == {"junior"}
    assert "stage" not in [column.key for column in sheet.columns]
    assert [str(column.under) for column in sheet.columns if column.key in ("L1", "L6")] == ["≥5.3", "≥2500"]
    assert "初中" in view.title.zh


def test_limits_of_stages_stand_side_by_side_where_they_differ(sample: Study) -> None:
    first, second, *_ = sample.standard.model.indicator
    assert limit_text(first, ("primary", "junior")) == "≥4.2/5.3"
    assert limit_text(second, ("primary", "junior")) == "≥1"
    assert limit_text(first, ("primary", "senior")) == "≥4.2/–"
    assert limit_text(first, ("senior",)) == ""


def test_the_school_list_of_one_stage_fits_eighty_columns(sample: Study) -> None:
    pane = table(build(sample, where("schools", sample.counties[FAILING], stage="junior")))
    head, limits, first, *_ = drawn(pane, 80)
    assert head.split() == ["学校", "综合", "差", "L1", "L2", "L3", "L4", "L5", "L6", "L7"]
    assert limits.split() == ["%", "≥5.3", "≥1", "≥0.9", "≥5.8", "≥10.2", "≥2500", "≥2.4"]
    assert first == (" 示例丙旗胡杨初级中学 5/7✗ 6.6 6.67✓ 1.53✓ 1.11✓  5.42~ 11.11✓ 2277.78~ 2.64✓")


def test_a_place_with_a_school_puts_the_cursor_on_it(sample: Study) -> None:
    county = sample.counties[FAILING]
    there = where("schools", county, stage="primary", school_id="0003000052", indicator="L6")
    pane = table(build(sample, there))
    assert pane.cursor == (("0003000052", "primary"), "L6")
    row = pane.sheet.row_of(pane.cursor[0])
    assert row is not None
    assert (pane.sheet.record(row) or {})["school"] == "示例丙旗红柳小学"


# How far from passing

_STATUS = st.sampled_from([PASS, RELIEVED, FLOOR, FAIL, UNKNOWN])
_INDICATOR = st.fixed_dictionaries({
    "op": st.sampled_from([">=", "<="]), "limit": st.integers(0, 40), "floor": st.none() | st.integers(0, 40),
    "value": st.none() | st.integers(0, 60), "eased": st.none() | st.integers(0, 60),
})  # fmt: skip


def _status_of(facts: Mapping[str, Any]) -> int:
    """The status of one indicator by its judged value, as the engine would word it."""
    value = facts["value"] if facts["eased"] is None else facts["eased"]
    if facts["value"] is None:
        return UNKNOWN
    limit, floor = (
        bound <= value if facts["op"] == ">=" else bound >= value for bound in (facts["limit"], _floor(facts))
    )
    return PASS if limit else FLOOR if floor else FAIL


def _floor(facts: Mapping[str, Any]) -> Fraction:
    return Fraction(17, 20) * facts["limit"] if facts["floor"] is None else Fraction(facts["floor"])


def _least_change(every: list[Mapping[str, Any]], at_least: int) -> Fraction | None:
    """By trying every choice of what each indicator is brought to: nothing, its floor, its limit."""
    best: Fraction | None = None
    for choice in itertools.product(("as it is", "floor", "limit"), repeat=len(every)):
        moved = [_moved(facts, aim) for facts, aim in zip(every, choice, strict=True)]
        statuses = [
            _status_of({**facts, "value": to, "eased": None})
            for facts, (to, _) in zip(every, moved, strict=True)
        ]
        if FAIL not in statuses and statuses.count(PASS) >= at_least:
            cost = sum((cost for _, cost in moved), Fraction(0))
            best = cost if best is None else min(best, cost)
    return best


def _moved(facts: Mapping[str, Any], aim: str) -> tuple[Fraction, Fraction]:
    value = Fraction(facts["value"] if facts["eased"] is None else facts["eased"])
    bound = {"as it is": value, "floor": _floor(facts), "limit": Fraction(facts["limit"])}[aim]
    to = max(value, bound) if facts["op"] == ">=" else min(value, bound)
    return to, abs(to - value) / (facts["limit"] or 1)


@given(every=st.lists(_INDICATOR, min_size=1, max_size=5), at_least=st.integers(0, 5))
def test_the_distance_is_the_least_change_that_lets_a_school_pass(
    every: list[Mapping[str, Any]], at_least: int
) -> None:
    statuses = [_status_of(facts) for facts in every]
    met, open_ = statuses.count(PASS), statuses.count(UNKNOWN)
    school = FAIL if FAIL in statuses or met + open_ < at_least else UNKNOWN if open_ else PASS
    row: dict[str, Any] = {"_school": school}
    for number, (facts, status) in enumerate(zip(every, statuses, strict=True)):
        row |= {f"X{number}": facts["value"], f"X{number}_eased": facts["eased"], f"X{number}_status": status}
    schema = {name: pl.UInt8 if name.endswith("_status") or name == "_school" else pl.Float64 for name in row}
    [distance] = distances(pl.DataFrame([row], schema=schema), "primary", _context(every, at_least)).to_list()
    if school == UNKNOWN or school == FAIL and open_:
        assert distance is None
    elif school == PASS:
        assert distance == 0
    else:
        least = _least_change(every, at_least)
        assert distance == (None if least is None else pytest.approx(float(least)))


def _context(every: list[Mapping[str, Any]], at_least: int) -> Any:
    indicators = tuple(
        Indicator.model_validate({
            "id": f"X{number}", "label": "X", "numerator": "students", "denominator": "students", "unit": "人",
            "clause": "1", "op": facts["op"],
            "limit": {"primary": {"value": facts["limit"]} | ({} if facts["floor"] is None else {"floor": facts["floor"]})},
        })
        for number, facts in enumerate(every)
    )  # fmt: skip
    rule = SimpleNamespace(at_least=at_least, floor_share="0.85", part="resources")
    return SimpleNamespace(model=SimpleNamespace(indicator=indicators, school_rule=rule))


# Where cells lead, and what can be explained of them


def explained(study: Study, subject: Subject) -> Any:
    county, year = (
        f"{subject.county.province}/{subject.county.city}/{subject.county.county}",
        subject.county.year,
    )
    if subject.kind == "indicator":
        assert subject.school_id
        assert subject.stage
        return explain_indicator(study.result, subject.school_id, subject.stage, subject.name, county, year)
    if subject.kind == "dispersion":
        assert subject.stage
        return explain_dispersion(study.result, subject.stage, subject.name, county, year)
    return explain_item(study.result, subject.name, county, year)


@pytest.mark.parametrize("kind", VIEWS)
def test_every_cell_leads_to_a_place_that_can_be_shown(study: Study, kind: str) -> None:
    view = build(study, where(kind, study.counties[FAILING]))
    places: set[Where] = set()
    for pane in view.panes:
        if isinstance(pane, TablePane):
            for record, cells in itertools.islice(rows_of(pane.sheet), 8):
                places |= {
                    place for column in cells if isinstance(place := pane.leads(record, column), Where)
                }
    for place in places:
        assert build(study, place).panes
        assert place.county == study.counties[FAILING]


@pytest.mark.parametrize("kind", VIEWS)
def test_every_subject_of_a_cell_can_be_explained(study: Study, kind: str) -> None:
    view = build(study, where(kind, study.counties[FAILING]))
    subjects: set[Subject] = set()
    for pane in view.panes:
        if isinstance(pane, TablePane):
            for record, cells in itertools.islice(rows_of(pane.sheet), 5):
                subjects |= {each for column in cells if (each := pane.subject(record, column))}
    for subject in subjects:
        assert explained(study, subject).steps


def test_the_explanation_of_a_figure_is_of_the_status_that_is_shown(sample: Study) -> None:
    pane = table(build(sample, where("schools", sample.counties[FAILING])))
    for record, cells in itertools.islice(rows_of(pane.sheet), 5):
        for indicator in sample.standard.model.indicator:
            subject = pane.subject(record, indicator.id)
            assert subject is not None
            assert MARKS[explained(sample, subject).status] == cells[indicator.id][1]


def test_a_figure_leads_to_the_reported_fact_of_its_numerator(sample: Study) -> None:
    pane = table(build(sample, where("schools", sample.counties[FAILING])))
    read = {
        indicator.id: {name for way in indicator.numerator for name in way.value.names}
        for indicator in sample.standard.model.indicator
    }
    for record, _ in rows_of(pane.sheet):
        for name, facts in read.items():
            place = pane.leads(record, name)
            assert isinstance(place, Where)
            field = place.get("field")
            assert field in facts
            data = table(build(sample, place))
            assert data.cursor == ((record["school_id"], record["stage"]), field)
            if record[name] is not None:
                row = data.sheet.row_of(data.cursor[0])
                assert row is not None
                assert (data.sheet.record(row) or {})[field] is not None


# Dispersion


def test_every_coefficient_and_mark_is_that_of_the_result(study: Study) -> None:
    rule = study.standard.model.dispersion
    for county in study.counties:
        sheet = table(build(study, where("dispersion", county))).sheet
        rows = of_county(study.result.dispersion, county)
        assert sheet.height == rows["stage"].n_unique()
        cells = {record["stage"]: shown_cells for record, shown_cells in rows_of(sheet)}
        for row in rows.to_dicts():
            assert rule is not None
            mark = "" if row["status"] == "not_applicable" else MARKS[row["status"]]
            assert cells[row["stage"]][row["indicator"]][:2] == (figure(row["cv"], rule.decimals), mark)
            assert cells[row["stage"]]["sections"][0] == str(row["sections"])
            if row["limit"] is not None:
                assert cells[row["stage"]]["limit"][0] == plain(row["limit"])


def test_the_worst_coefficient_is_the_one_drawn(sample: Study) -> None:
    for county in sample.counties:
        rows = of_county(sample.result.dispersion, county).to_dicts()
        ranks = {"fail": 0, "unknown": 1, "pass": 2}
        worst = min(rows, key=lambda row: (ranks[row["status"]], -(row["cv"] or 0) / row["limit"]))
        pane = table(build(sample, where("dispersion", county)))
        assert pane.cursor == ((worst["stage"],), worst["indicator"])


def test_contributions_are_listed_greatest_first_and_make_up_the_whole(sample: Study) -> None:
    county = sample.counties[FAILING]
    place = where("dispersion", county, stage="primary", indicator="L2")
    pane = table(build(sample, place), 2)
    shares = [record["share"] for record, _ in rows_of(pane.sheet)]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    told = explain_dispersion(sample.result, "primary", "L2", county.county, county.year)
    listed = next(step for step in told.steps if step.kind == "contribution").rows
    assert [(row["school_id"], row["share"]) for row in listed] == [
        (record["school_id"], record["share"]) for record, _ in rows_of(pane.sheet)
    ]


def test_an_unknown_coefficient_names_the_school_and_what_it_lacks_first(sample: Study) -> None:
    view = build(sample, where("dispersion", sample.counties[FAILING], stage="primary", indicator="L1"))
    (first, cells), (_, second), *_ = rows_of(table(view, 2).sheet)
    assert first["school_id"] == "0003000058"
    assert cells["value"][:2] == ("—", "?")
    assert "专科学历专任教师数" in cells["reason"][0]
    assert second["reason"][0] == ""
    assert "37 处中 1 处数值未知" in drawn(view.panes[1], 78)[0]


def test_a_coefficient_is_told_as_deviation_by_mean_with_its_limit(sample: Study) -> None:
    view = build(sample, where("dispersion", sample.counties[FAILING], stage="primary", indicator="L6"))
    assert drawn(view.panes[1], 78)[0] == "CV 1.100 ✗ 不达标 (≤ 0.5) = S ÷ 均值 = 5167.9004 ÷ 4697.8393 元"


def test_a_composite_is_taken_apart_into_its_coefficients(sample: Study) -> None:
    study = sample.under(load_standard("national-2012"))
    view = build(study, where("dispersion", study.counties[0]))
    parts = [record["cv"] for record, _ in rows_of(table(view, 2).sheet)]
    shown_composite = of_county(study.result.dispersion, study.counties[0]).filter(
        pl.col("stage") == "primary", pl.col("indicator") == "composite"
    )
    assert sum(parts) / len(parts) == pytest.approx(shown_composite["cv"][0])
    assert "0.176 ✓ 达标 (≤ 0.65)" in drawn(view.panes[1], 78)[0]


def test_what_a_section_lacks_is_what_the_explanation_lists(sample: Study) -> None:
    """Under each standard, for every unknown coefficient of the sample; the explanation may say more of a share."""
    seen = 0
    for name in ("national-2017", "national-2012"):
        study = sample.under(load_standard(name))
        unknown = study.result.dispersion.filter(
            pl.col("cv").is_null(), pl.col("mean").is_null(), pl.col("indicator") != "composite"
        )
        for row in unknown.to_dicts():
            county = County(*(row[key] for key in KEY_FIELDS))
            view = build(study, where("dispersion", county, stage=row["stage"], indicator=row["indicator"]))
            told = explain_dispersion(
                study.result, row["stage"], row["indicator"], county.county, county.year
            )
            listed = next(step for step in told.steps if step.kind == "missing").rows
            lacking = {
                each["school_id"]: each["reason"]
                for each, _ in rows_of(table(view, 2).sheet)
                if each["reason"]
            }
            assert lacking.keys() == {each["school_id"] for each in listed}
            for each in listed:
                assert str(each["missing"]).startswith(lacking[each["school_id"]])
                seen += 1
    assert seen > 1


_VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200).map(sorted)


@given(values=_VALUES, limit=st.floats(-1e6, 1e6), cells=st.integers(2, 120))
def test_a_strip_shows_every_value_on_its_place_and_keeps_its_width(
    values: list[float], limit: float, cells: int
) -> None:
    strip = Strip(
        values, (Tick(limit, "|", f"≥{limit:.2f}"), Tick(values[0], "[", f"{values[0]:.2f}")), lambda _: "bar"
    )
    density, axis, labels, legend = ["".join(piece.text for piece in line) for line in strip.lines(cells)]
    assert width(density) == width(axis) == cells
    assert width(labels) <= cells
    assert axis[strip.cell_of(limit, cells)] == "|"
    filled = {index for index, glyph in enumerate(density) if glyph != " "}
    assert len(filled) <= len(values)
    for value in values:
        near = strip.cell_of(value, cells)
        assert filled & {near - 1, near, near + 1}
    assert set(density) - {" "} <= set(GLYPHS) & set(legend)


@given(st.integers(1, 100_000))
def test_every_number_of_values_has_one_sign(most: int) -> None:
    bounds = levels(most)
    assert bounds[0] == 1
    assert bounds[-1] == most
    assert list(bounds) == sorted(set(bounds))
    assert len(bounds) <= len(GLYPHS)


def test_the_sign_of_a_cell_takes_the_style_of_its_worst_value() -> None:
    strip = Strip((1.0, 1.1, 9.0), (), lambda value: "fail" if value < 1.05 else "bar")
    assert [(piece.text, piece.style) for piece in strip.lines(3)[0] if piece.text.strip()] == [
        (":", "fail"), ("·", "bar"),
    ]  # fmt: skip
    assert strip.lines(3)[0][0].style == "fail"
    high = replace(strip, worst_high=True)
    assert high.lines(3)[0][0].style == "bar"


# Data


def test_reported_values_stand_as_reported_and_marks_where_an_error_strikes_them_out(sample: Study) -> None:
    reported = sample.dataset.sections
    known = trusted(replace(sample.dataset, findings=sample.result.facts.checks)).sections
    kept = {(row["_source"], row["_row"], row["stage"]): row for row in known.to_dicts()}
    struck = 0
    for county in sample.counties:
        sheet = table(build(sample, where("data", county))).sheet
        rows = of_county(reported, county).to_dicts()
        assert sheet.height == len(rows)
        for (_, cells), row in zip(rows_of(sheet), rows, strict=True):
            judged = kept[row["_source"], row["_row"], row["stage"]]
            for name, (text, mark, _style) in cells.items():
                if isinstance(row[name], float):
                    assert text == plain(row[name])
                    assert (mark == "?") == (judged[name] is None)
                    struck += mark == "?"
    assert struck > 1


def test_facts_that_were_not_reported_are_a_dash(sample: Study) -> None:
    for record, cells in rows_of(table(build(sample, where("data", sample.counties[0]))).sheet):
        assert record["teachers_above_degree"] is None
        assert cells["teachers_above_degree"][0] == "—"


def test_the_facts_a_standard_reads_come_first_and_others_only_where_reported(study: Study) -> None:
    view = build(study, where("data", study.counties[0]))
    sheet = table(view).sheet
    keys = [column.key for column in sheet.columns]
    assert keys[:2] == ["school", "stage"]
    needed = [key in study.standard.needed for key in keys[2:]]
    assert needed == sorted(needed, reverse=True)
    of_section = set(study.dataset.sections.columns) & study.standard.needed
    assert of_section <= set(keys)
    rows = of_county(study.dataset.sections, study.counties[0])
    assert all(rows[key].null_count() < rows.height for key in keys[2:] if key not in of_section)


def test_a_warning_marks_the_cell_it_names(sample: Study) -> None:
    county = sample.counties[FAILING]
    sheet = table(build(sample, where("data", county))).sheet
    named = of_county(sample.result.checks, county).filter(pl.col("severity") == "warning")
    cells = {(row["school_id"], row["stage"], row["field"]) for row in named.to_dicts()}
    marked = {
        (record["school_id"], record["stage"], name.removesuffix("_mark"))
        for record, _ in rows_of(sheet)
        for name, mark in record.items()
        if name.endswith("_mark") and mark == "warning"
    }
    assert cells
    assert marked == cells


def test_a_reported_cell_knows_its_place_in_the_file(sample: Study) -> None:
    sheet = table(build(sample, where("data", sample.counties[0]))).sheet
    record = sheet.record(0)
    assert record is not None
    assert str(place_of(sample, record, "students")) == "schools.csv:2:students"
    assert place_of(sample, record, "not a fact") is None
    assert place_of(sample, {}, "students") is None


# County facts


def test_county_facts_stand_with_the_items_that_read_them(study: Study) -> None:
    for county in study.counties:
        [reported] = of_county(study.dataset.counties, county).to_dicts()
        sheet = table(build(study, where("county_data", county))).sheet
        listed = {record["field"]: cells for record, cells in rows_of(sheet)}
        for name, cells in listed.items():
            value = reported[name]
            assert cells["value"][0] == ("—" if value is None else plain(value))
            assert bool(cells["items"][0]) == (name in study.standard.needed)
        assert {name for name, value in reported.items() if value is not None} <= {*listed, *KEY_FIELDS}


def test_a_struck_out_county_fact_is_marked(sample: Study) -> None:
    county = sample.counties[0]
    finding = _finding("C99", "error", county, field="teacher_average_pay")
    study = _with(sample, finding)
    sheet = table(build(study, where("county_data", county))).sheet
    marks = {record["field"]: cells["value"][1] for record, cells in rows_of(sheet)}
    assert [name for name, mark in marks.items() if mark] == ["teacher_average_pay"]
    assert marks["teacher_average_pay"] == "?"


# Findings


def _finding(code: str, severity: str, county: County | None = None, **given: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(FINDING_SCHEMA)
    row |= county._asdict() if county else {}
    fields = [given["field"]] if given.get("field") else []
    return (
        row
        | {"code": code, "severity": severity, "fields": fields, "message_zh": "问题", "message_en": "found"}
        | given
    )


def _with(study: Study, *findings: dict[str, Any]) -> Study:
    frame = pl.DataFrame(findings, schema=dict(FINDING_SCHEMA))
    return Study(study.request, study.dataset.with_findings(frame), study.standard)


def test_findings_are_all_there_the_gravest_first(study: Study) -> None:
    sheet = table(build(study, where("findings"))).sheet
    assert sheet.height == study.result.checks.height
    ranks = [("reject", "error", "warning").index(record["severity"]) for record, _ in rows_of(sheet)]
    assert ranks == sorted(ranks)


def test_findings_of_a_county_are_its_own_and_those_of_none(sample: Study) -> None:
    county = sample.counties[FAILING]
    study = _with(sample, _finding("NOBODY", "warning"))
    view = build(study, where("findings", county))
    own = of_county(study.result.checks, county)
    codes = [record["code"] for record, _ in rows_of(table(view).sheet)]
    assert sorted(codes) == sorted([*own["code"], "NOBODY"])
    assert view.title.zh == f"数据问题  错误 {(own['severity'] == 'error').sum()}  提醒 {len(codes) - 1}"


def test_a_finding_leads_to_the_cell_it_names(sample: Study) -> None:
    county = sample.counties[FAILING]
    study = _with(
        sample,
        _finding("C98", "warning", county, field="teacher_average_pay"),
        _finding("C97", "warning", county),
    )
    pane = table(build(study, where("findings", county)))
    places = {record["code"]: pane.leads(record, "message") for record, _ in rows_of(pane.sheet)}
    assert places["C01"] == where(
        "data", county, school_id="0003000058", stage="primary", field="teachers_associate"
    )
    assert places["C98"] == where("county_data", county, field="teacher_average_pay")
    assert places["C97"] is None
    for place in (places["C01"], places["C98"]):
        assert isinstance(place, Where)
        cursor = table(build(study, place)).cursor
        assert cursor is not None
        assert table(build(study, place)).sheet.row_of(cursor[0]) is not None


def test_findings_hide_the_folders_of_their_files(sample: Study) -> None:
    places = [record["place"] for record, _ in rows_of(table(build(sample, where("findings"))).sheet)]
    assert any(places)
    assert all(place.startswith("schools.csv:") for place in places if place is not None)


@pytest.mark.parametrize("kind", VIEWS)
def test_rejected_data_can_still_be_looked_at(sample: Study, kind: str) -> None:
    county = sample.counties[0]
    study = _with(
        sample, _finding("R01", "reject", county, field="students", school_id="0001000001", stage="primary")
    )
    assert study.result.is_rejected
    for place in (where(kind), where(kind, county)):
        view = build(study, place)
        pane = table(view)
        if kind in ("schools", "dispersion"):
            assert pane.sheet.height == 0
            assert "拒绝" in view.empty.zh
        else:
            assert pane.sheet.height > 0
    first, cells = next(iter(rows_of(table(build(study, where("findings"))).sheet)))
    assert cells["severity"][:2] == ("拒绝", "✗")
    assert isinstance(table(build(study, where("findings"))).leads(first, "message"), Where)


# All of them


@pytest.mark.parametrize("room", [60, 80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", VIEWS)
def test_panes_keep_within_their_width_in_both_languages(
    sample: Study, kind: str, language: Any, room: int
) -> None:
    use_language(language)
    view = build(sample.in_new_language(), where(kind, sample.counties[FAILING]))
    for pane in view.panes:
        lines = drawn(pane, room)
        assert lines
        assert max(map(width, lines)) <= room
        if language == "en" and isinstance(pane, TablePane):
            assert (
                "".join(lines[:2])
                .replace("≥", "")
                .replace("≤", "")
                .replace("²", "")
                .replace("㎡", "")
                .replace("…", "")
                .isascii()
            )


def test_limits_are_never_cut_in_the_heading(sample: Study) -> None:
    pane = table(build(sample, where("schools", sample.counties[FAILING])))
    wide = widths(pane.sheet.columns, pane.sheet.natural_widths(), 300)
    for column, cells in zip(pane.sheet.columns, wide, strict=True):
        assert width(str(column.under)) <= cells


def test_names_that_would_be_obeyed_are_shown(sample: Study) -> None:
    hostile = "\x1b[31m[b]𠮷\u202e野[/b]"
    sections = sample.dataset.sections.with_columns(pl.lit(hostile).alias("school"))
    study = Study(sample.request, replace(sample.dataset, sections=sections), sample.standard)
    for kind in VIEWS:
        view = build(study, where(kind, study.counties[FAILING]))
        text = "".join(line for pane in view.panes for line in drawn(pane, 100))
        assert text.isprintable()
        if kind in ("schools", "data"):
            assert "\\x1b[31m" in text


def test_a_section_without_a_name_goes_by_its_id(sample: Study) -> None:
    sections = sample.dataset.sections.with_columns(pl.lit(None, pl.String).alias("school"))
    study = Study(sample.request, replace(sample.dataset, sections=sections), sample.standard)
    for kind in ("schools", "data"):
        for record, cells in rows_of(table(build(study, where(kind, study.counties[0]))).sheet):
            assert cells["school"][0] == record["school_id"]


@pytest.mark.parametrize("kind", ["schools", "data", "findings"])
def test_the_groups_that_a_view_offers_group_its_rows(study: Study, kind: str) -> None:
    view = build(study, where(kind, study.counties[FAILING]))
    sheet = table(view).sheet
    assert view.groups
    for name in view.groups:
        values = {record[name] for record, _ in rows_of(sheet)}
        assert sheet.grouped(name).height == sheet.height + len(values)


def test_what_is_prepared_is_made_once_a_standard(sample: Study) -> None:
    for kind in ("schools", "data", "findings"):
        study = Study(sample.request, sample.dataset, sample.standard)
        module_of(kind).prepare(study)
        made = dict(study._frames)
        build(study, where(kind, study.counties[0]))
        assert all(study._frames[name] is frame for name, frame in made.items())
        assert made
