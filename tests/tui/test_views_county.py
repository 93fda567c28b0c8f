"""The views of a county say what the result says, lead to places that exist, and read well at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.engine.explanation import explain_dispersion, explain_indicator, explain_item
from balance_tui.engine.status import MARKS
from balance_tui.errors import UsageError
from balance_tui.language import Language, use_language
from balance_tui.request import Request
from balance_tui.standard.load import load_standard
from balance_tui.tui.cells import fitted, width
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.table import layout
from balance_tui.tui.table.sheet import Sheet
from balance_tui.tui.view import Record, TablePane, View
from balance_tui.tui.views import KINDS, build, module_of
from balance_tui.tui.views.common import county_in, scene_of
from balance_tui.tui.views.missing import ANY
from balance_tui.tui.views.nearest import failing
from balance_tui.tui.views.next_steps import next_things
from balance_tui.tui.views.unknowns import WHO, unknowns
from balance_tui.tui.where import County, Subject, Where, where

STANDARDS = ("national-2017", "national-2012", "pioneer-2021")
OF_COUNTY = ("overview", "items", "reliefs", "excluded", "settings")
WARNED, UNSURE, BEST = 4, 6, 1
"""Counties of the sample by number: one that fails, one that is unknown, one that passes."""


@cache
def study(standard: str = "national-2017") -> Study:
    return open_study(Request()).under(load_standard(standard))


@cache
def one_stage() -> Study:
    """The sample with nothing but primary schools."""
    whole = open_study(Request())
    primary = whole.dataset.sections.filter(pl.col("school_type") == "primary_school")
    return Study(whole.request, replace(whole.dataset, sections=primary), whole.standard)


def places(of: Study, county: County) -> Iterator[Where]:
    """Every place of the views of a county."""
    yield from (where(view, county) for view in ("counties", *OF_COUNTY))
    yield where("items", county, unknown=ANY)
    model = of.standard.model
    yield from (where("items", county, part=part.id) for part in model.part)
    yield from (where("items", county, item=item.id) for item in model.items)
    yield from (where("items", county, unknown=who) for who in WHO)


def cells_of(view: View) -> Iterator[tuple[TablePane, Record, str]]:
    """Every record and column of every pane."""
    for pane in view.panes:
        assert isinstance(pane, TablePane)
        for row in range(pane.sheet.height):
            record = pane.sheet.record(row)
            if record is not None:
                yield from ((pane, record, column.key) for column in pane.sheet.columns)


def pane(view: View, name: str) -> TablePane:
    found = next(each for each in view.panes if each.id == name)
    assert isinstance(found, TablePane)
    return found


def records(sheet: Sheet) -> list[dict[str, Any]]:
    return [dict(record) for row in range(sheet.height) if (record := sheet.record(row)) is not None]


def drawn(sheet: Sheet, room: int) -> list[str]:
    """A sheet as text at so many cells: its heading, then its rows."""
    spans = layout.spans(layout.widths(sheet.columns, sheet.natural_widths(), room), room, 0)
    heading = [str(column.title) for column in sheet.columns]
    rows = [[cell.text + cell.mark for cell in sheet.cells(row)] for row in range(sheet.height)]
    return [_line(sheet, spans, texts) for texts in (heading, *rows)]


def _line(sheet: Sheet, spans: tuple[layout.Span, ...], texts: list[str]) -> str:
    line = ""
    for span in spans:
        line += " " * (span.x - width(line))
        line += fitted(texts[span.column], span.width, sheet.columns[span.column].align)
    return line


def explained(of: Study, subject: Subject) -> str:
    """The title of what explains a subject."""
    told = of.result
    if subject.kind == "item":
        return str(explain_item(told, subject.name, subject.county.county, subject.county.year).title)
    assert subject.stage is not None
    if subject.kind == "dispersion":
        return str(
            explain_dispersion(
                told, subject.stage, subject.name, subject.county.county, subject.county.year
            ).title
        )
    assert subject.kind == "indicator"
    assert subject.school_id is not None
    where_ = (subject.county.county, subject.county.year)
    return str(explain_indicator(told, subject.school_id, subject.stage, subject.name, *where_).title)


# What cells lead to and mean


def reached(of: Study) -> tuple[set[Where], set[Subject]]:
    """Every place that a cell leads to, and everything that a cell is."""
    targets: set[Where] = set()
    subjects: set[Subject] = set()
    for place in (place for county in of.counties for place in places(of, county)):
        for pane_, record, column in cells_of(build(of, place)):
            target, subject = pane_.leads(record, column), pane_.subject(record, column)
            assert target is None or isinstance(target, Where)
            targets |= {target} if target else set()
            subjects |= {subject} if subject else set()
    return targets, subjects


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_cell_leads_to_a_place_that_can_be_built(standard: str) -> None:
    targets, _ = reached(study(standard))
    assert {each.view for each in targets} >= {"overview", "items", "findings", "county_data"}
    for each in targets:
        assert each.view in KINDS
        assert build(study(standard), each).panes, each


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_subject_can_be_explained(standard: str) -> None:
    _, subjects = reached(study(standard))
    assert {subject.kind for subject in subjects} >= {"item"}
    assert all(explained(study(standard), subject) for subject in subjects)


def test_the_three_kinds_of_figures_are_explained_somewhere() -> None:
    _, subjects = reached(study())
    assert {subject.kind for subject in subjects} == {"item", "dispersion", "indicator"}


def test_a_county_that_the_data_does_not_hold_is_named_in_the_error() -> None:
    for view in ("overview", "items", "reliefs", "excluded"):
        with pytest.raises(UsageError, match=r"VIEW-COUNTY.*无此县"):
            build(study(), where(view, County(None, None, "无此县", 2025)))


@pytest.mark.parametrize(
    ("detail", "code"), [("part", "VIEW-PART"), ("item", "VIEW-ITEM"), ("unknown", "VIEW-UNKNOWN")]
)
def test_a_detail_that_the_standard_does_not_know_is_named_in_the_error(detail: str, code: str) -> None:
    with pytest.raises(UsageError, match=f"{code}.*无此项"):
        build(study(), where("items", study().counties[0]).having(**{detail: "无此项"}))


# Overview


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_parts_are_those_of_the_result(standard: str) -> None:
    of = study(standard)
    for row in of.result.counties.iter_rows(named=True):
        shown = records(pane(build(of, where("overview", county_in(row))), "parts").sheet)
        assert [(each["id"], each["status"], each["reason"]) for each in shown] == [
            (part["id"], part["status"], part["reason"] or "") for part in row["parts"]
        ]


@pytest.mark.parametrize("standard", ["national-2017", "national-2012"])
def test_coefficients_stand_with_their_marks_under_their_indicators(standard: str) -> None:
    of = study(standard)
    compared = 0
    for county in of.counties:
        sheet = pane(build(of, where("overview", county)), "dispersion").sheet
        shown = {row["stage"]: row for row in records(sheet)}
        for figure in of.of_county(of.result.dispersion, county).iter_rows(named=True):
            row = shown[figure["stage"]]
            assert row[figure["indicator"]] == figure["cv"]
            asked = figure["status"] != "not_applicable"
            assert row[f"status_{figure['indicator']}"] == (figure["status"] if asked else None)
            compared += 1
    assert compared == of.result.dispersion.height > 0


def test_the_composite_stands_before_the_coefficients_it_is_the_mean_of() -> None:
    of = study("national-2012")
    columns = pane(build(of, where("overview", of.counties[0])), "dispersion").sheet.columns
    assert [column.key for column in columns][:3] == ["label", "composite", "B1"]


def test_a_standard_without_coefficients_shows_no_pane_for_them() -> None:
    of = study("pioneer-2021")
    assert [each.id for each in build(of, where("overview", of.counties[0])).panes] == ["parts", "next"]


def test_a_part_that_does_not_decide_says_so() -> None:
    of = study()
    part = of.standard.model.part
    first = part[0].model_copy(update={"needed": False})
    model = of.standard.model.model_copy(update={"part": (first, *part[1:])})
    changed = of.under(replace(of.standard, model=model))
    rows = records(pane(build(changed, where("overview", of.counties[0])), "parts").sheet)
    assert rows[0]["reason"].startswith("仅供参考")
    assert not any("仅供参考" in row["reason"] for row in rows[1:])


def test_parts_lead_to_schools_coefficients_or_items() -> None:
    def led(standard: str) -> dict[str, str]:
        of = study(standard)
        parts = pane(build(of, where("overview", of.counties[0])), "parts")
        return {row["id"]: parts.leads(row, "label").view for row in records(parts.sheet)}  # type: ignore[union-attr]

    assert led("national-2017")["resources"] == "schools"
    assert led("national-2017")["guarantee"] == "items"
    assert led("national-2012")["resources"] == "dispersion"


def said(of: Study, number: int) -> dict[str, str]:
    scene = scene_of(of, where("overview", of.counties[number]))
    return {each.id: each.said.zh for each in next_things(scene, county_in(scene.key))}


def test_what_is_unknown_names_who_could_know_it() -> None:
    told = said(study(), UNSURE)
    assert "G08a 当地公务员年平均工资收入" in told["unknown-county"]
    assert "G05 最大班额 (示例丁市望海初级中学 初中)" in told["unknown-school"]
    assert "P2 证据: 通过基本均衡认定后历年监测复查结果" in told["unknown-person"]
    assert "L4 教学及辅助用房面积" in told["unknown-data"]


def test_rooms_whose_areas_decide_ask_for_the_list_of_rooms() -> None:
    assert "教室名单及逐间面积 (示例丁市渔港小学)" in said(study(), UNSURE)["unknown-school"]


def test_a_figure_that_a_check_struck_out_is_not_asked_of_the_school_again() -> None:
    told = said(study(), WARNED)
    assert "unknown-school" not in told
    assert "专任教师数" in told["unknown-data"]


@pytest.mark.parametrize("standard", STANDARDS)
def test_everything_unknown_is_somebodys_to_know_and_nothing_else_is(standard: str) -> None:
    of = study(standard)
    for county in of.counties:
        scene = scene_of(of, where("overview", county))
        model = scene.model
        compound = {item.id for item in model.items if len(item.test) > 1}
        requirements = of.of_county(of.result.requirements, county)
        figures = of.of_county(of.result.indicators, county)
        scores = of.of_county(of.result.scores, county)
        open_ = {
            *requirements.filter(pl.col("status") == "unknown")["id"],
            *figures.filter(pl.col("status") == "unknown")["indicator"],
            *scores.filter(pl.col("status") == "unknown")["id"],
        } - compound
        assert {each.id for each in unknowns(scene)} == open_


def test_the_nearest_school_lacks_least_and_raising_it_that_much_makes_it_pass() -> None:
    scene = scene_of(study(), where("overview", study().counties[WARNED]))
    found = failing(scene)
    distances = [each.distance for each in found]
    assert distances == sorted(each for each in distances if each is not None)
    told = said(study(), WARNED)
    assert told["nearest"] == "示例丙旗胡杨初级中学 初中: L4 差 276 ㎡"
    row = found[0].row
    area = Fraction(row["teaching_area"]) - Fraction(row["indoor_sports_area"])
    limit = next(each for each in scene.model.indicator if each.id == "L4").limit["junior"].value
    assert area / Fraction(row["students"]) < Fraction(limit)
    assert (area + 276) / Fraction(row["students"]) == Fraction(limit)


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_sentences_count_what_the_frames_hold(standard: str) -> None:
    of = study(standard)
    for number, county in enumerate(of.counties):
        told = said(of, number)
        used = of.of_county(of.result.reliefs, county)
        left_out = of.of_county(of.result.excluded, county)
        fails = (of.of_county(of.result.schools, county)["status"] == "fail").sum()
        assert ("reliefs" in told) == bool(used.height)
        assert ("excluded" in told) == bool(left_out.height)
        assert ("nearest" in told) == bool(fails)
        assert ("farthest" in told) == (fails > 1)
        if used.height:
            assert told["reliefs"].startswith(f"使用 {used.height} 处")
            assert str(used["cure_by"].min()) in told["reliefs"]
        if left_out.height:
            assert told["excluded"].startswith(f"{left_out.height} 个学段")


def test_findings_of_no_county_stand_beside_those_of_the_county() -> None:
    of = study()
    nowhere = of.dataset.findings.clear(1).with_columns(code=pl.lit("X"), severity=pl.lit("warning"))
    found = Study(of.request, of.dataset.with_findings(nowhere), of.standard)
    assert said(of, WARNED)["findings"] == "1 错误  2 提醒"
    assert said(found, WARNED)["findings"] == "1 错误  2 提醒; 不属于任何县: 1 提醒"
    assert said(found, BEST)["findings"].endswith("不属于任何县: 1 提醒")


def test_figures_that_rounding_would_flip_are_those_of_the_result() -> None:
    of = study()
    dataset = of.dataset
    nearly = pl.when(pl.col("school_id") == "0001000001").then(pl.col("students") * 1.9996 / 100)
    sections = dataset.sections.with_columns(nearly.otherwise("backbone_teachers").alias("backbone_teachers"))
    limited = Study(of.request, replace(dataset, sections=sections), of.standard)
    flipping = limited.result.rounding
    for number, county in enumerate(limited.counties):
        mine = limited.of_county(flipping, county)
        assert ("rounding" in said(limited, number)) == bool(mine.height)
        if mine.height:
            assert said(limited, number)["rounding"].startswith(f"{mine.height} 个数值")


# Counties


@pytest.mark.parametrize("standard", STANDARDS)
def test_counties_show_the_verdict_and_parts_of_the_result(standard: str) -> None:
    of = study(standard)
    shown = records(pane(build(of, where("counties")), "counties").sheet)
    for row, county in zip(shown, of.result.counties.iter_rows(named=True), strict=True):
        assert county_in(row) == county_in(county)
        assert row["verdict"] == county["verdict"]
        assert {part["id"]: part["status"] for part in county["parts"]} == {
            part.id: row[f"part_{part.id}"] for part in of.standard.model.part
        }


def test_counties_count_their_schools_and_show_their_highest_coefficient() -> None:
    of = study()
    for row in records(pane(build(of, where("counties")), "counties").sheet):
        county = county_in(row)
        schools = of.of_county(of.result.schools, county)["status"]
        assert (row["failing"], row["unknown"]) == ((schools == "fail").sum(), (schools == "unknown").sum())
        for stage in ("primary", "junior"):
            figures = of.of_county(of.result.dispersion, county).filter(pl.col("stage") == stage)
            assert row[f"cv_{stage}"] == figures["cv"].max()
            assert row[f"status_{stage}"] == _worst(figures["status"].to_list())


def _worst(words: list[str]) -> str:
    return next(word for word in ("fail", "unknown", "pass") if word in words)


def test_an_unknown_coefficient_is_never_hidden_behind_a_known_one() -> None:
    of = study()
    row = records(pane(build(of, where("counties")), "counties").sheet)[UNSURE]
    assert row["cv_primary"] < 0.5
    assert row["status_primary"] == "unknown"


def test_province_and_city_are_told_only_where_they_differ() -> None:
    of = study()
    same = records(pane(build(of, where("counties")), "counties").sheet)
    assert {row["place"] for row in same} == {"示例甲县", "示例乙区", "示例丙旗", "示例丁市"}
    city = pl.when(pl.col("county") == "示例甲县").then(pl.lit("别市")).otherwise("city").alias("city")
    dataset = replace(
        of.dataset, sections=of.dataset.sections.with_columns(city),
        counties=of.dataset.counties.with_columns(city),
    )  # fmt: skip
    apart = Study(of.request, dataset, of.standard)
    differing = records(pane(build(apart, where("counties")), "counties").sheet)
    assert {row["place"] for row in differing} >= {"别市 示例甲县", "示例市 示例乙区"}


def test_a_county_leads_to_its_overview() -> None:
    of = study()
    counties = pane(build(of, where("counties")), "counties")
    led = [counties.leads(row, "verdict") for row in records(counties.sheet)]
    assert led == [where("overview", county) for county in of.counties]


def test_counties_are_prepared_beforehand() -> None:
    of = open_study(Request())
    module_of("counties").prepare(of)
    made = of.frame("counties", lambda _: pytest.fail("made twice"))
    assert made.height == len(of.counties)


# Items


@pytest.mark.parametrize("standard", STANDARDS)
def test_items_tests_and_scores_carry_the_outcomes_of_the_result(standard: str) -> None:
    of = study(standard)
    for county in of.counties:
        shown = {row["id"]: row for row in records(pane(build(of, where("items", county)), "items").sheet)}
        requirements = of.of_county(of.result.requirements, county)
        scores = of.of_county(of.result.scores, county)
        parts = {part.id for part in of.standard.model.part}
        assert set(shown) == {*requirements["id"], *scores["id"], *parts}
        for row in requirements.iter_rows(named=True):
            mine = shown[row["id"]]
            assert (mine["status"], mine["value"], mine["limit"]) == (
                row["status"],
                row["value"],
                row["limit"],
            )
        for row in scores.iter_rows(named=True):
            assert (shown[row["id"]]["status"], shown[row["id"]]["value"]) == (row["status"], row["verified"])


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_part_shows_its_own_items_and_all_parts_together_show_all(standard: str) -> None:
    of, county = study(standard), study(standard).counties[0]
    together = [row["id"] for row in records(pane(build(of, where("items", county)), "items").sheet)]
    apart = [
        row["id"]
        for part in of.standard.model.part
        for row in records(pane(build(of, where("items", county, part=part.id)), "items").sheet)
    ]
    parts = {part.id for part in of.standard.model.part}
    assert [name for name in together if name not in parts] == apart
    assert [name for name in together if name in parts] == [part.id for part in of.standard.model.part]


def of_item(number: int, name: str, standard: str = "national-2017") -> dict[str, Any]:
    of = study(standard)
    sheet = pane(build(of, where("items", of.counties[number])), "items").sheet
    return next(row for row in records(sheet) if row["id"] == name)


def test_figures_stand_with_their_units_and_limits_with_their_signs() -> None:
    shown = of_item(WARNED, "G11a")
    assert (shown["shown"], shown["limit_shown"], shown["depth"]) == ("7.6 %", "≥ 10 %", 2)
    shown = of_item(WARNED, "G04")
    assert (shown["shown"], shown["limit_shown"], shown["depth"]) == ("2100 人", "≤ 2000 人", 1)


def test_questions_show_the_answer_the_one_wanted_and_the_evidence() -> None:
    shown = of_item(WARNED, "V3")
    assert (shown["status"], shown["shown"], shown["limit_shown"], shown["decide"]) == (
        "fail", "是", "须答 否", "person",
    )  # fmt: skip
    shown = of_item(UNSURE, "P2")
    assert (shown["status"], shown["shown"]) == ("unknown", "")
    assert shown["told"] == "未判定; 证据: 通过基本均衡认定后历年监测复查结果"


def test_scores_show_points_against_the_pass_mark() -> None:
    shown = of_item(WARNED, "GOV", "national-2012")
    assert (shown["status"], shown["shown"], shown["limit_shown"]) == ("fail", "82.0 分", "≥ 85 分")
    assert "满分 100" in shown["told"]


def test_an_item_with_deciding_schools_leads_to_them_and_they_to_their_data() -> None:
    of = study()
    county = of.counties[WARNED]
    listed = pane(build(of, where("items", county)), "items")
    row = of_item(WARNED, "G05")
    place = listed.leads(row, "label")
    assert place == where("items", county, item="G05")
    schools = pane(build(of, place), "schools")
    first = records(schools.sheet)[0]
    assert (first["school"], first["status"], first["value"], first["limit"]) == (
        "示例丙旗草原初级中学", "fail", 53.0, 50.0,
    )  # fmt: skip
    assert schools.leads(first, "value") == where(
        "data", county, school_id=first["school_id"], stage="junior", field="largest_class"
    )


def test_a_figure_of_the_county_leads_to_the_county_facts() -> None:
    listed = pane(build(study(), where("items", study().counties[WARNED])), "items")
    place = listed.leads(of_item(WARNED, "G07"), "shown")
    assert isinstance(place, Where)
    assert place.view == "county_data"
    assert place.get("field") in study().dataset.counties.columns


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_schools_of_an_item_are_all_that_fail_are_unknown_or_relieved(standard: str) -> None:
    of = study(standard)
    shown = {
        (county, item.id, row["school_id"], row["stage"], row["status"])
        for county in of.counties
        for item in of.standard.model.items
        for row in records(pane(build(of, where("items", county, item=item.id)), "schools").sheet)
    }
    failing_ = (
        of.result.requirements.explode("failing").drop_nulls("failing").unnest("failing", separator="_")
    )
    missed = {
        (county_in(row), row["id"], row["failing_school_id"], row["failing_stage"])
        for row in failing_.iter_rows(named=True)
    }
    open_ = {
        (county_in(row), row["id"], row["school_id"], row["stage"])
        for row in of.result.undecided.iter_rows(named=True)
    }
    assert {each[:4] for each in shown} == missed | open_
    assert {each[:4] for each in shown if each[4] == "unknown"} == open_


# Reliefs, left out, settings


def test_reliefs_are_those_of_the_result_the_first_to_be_cured_first() -> None:
    of = study()
    seen = 0
    for county in of.counties:
        rows = records(pane(build(of, where("reliefs", county)), "reliefs").sheet)
        used = of.of_county(of.result.reliefs, county)
        assert sorted((r["school_id"], r["relief"], r["target"]) for r in rows) == sorted(
            used.select("school_id", "relief", "target").iter_rows()
        )
        dates = [row["cure_by"] for row in rows]
        assert dates == sorted(dates)
        seen += len(rows)
    assert seen == of.result.reliefs.height > 0


def test_a_relief_shows_its_figures_in_the_unit_of_its_target() -> None:
    of = study()
    rows = records(pane(build(of, where("reliefs", of.counties[0])), "reliefs").sheet)
    told = {row["relief"]: (row["shown"], row["limit_shown"]) for row in rows}
    assert told["T1"] == ("1.61 人", "≥ 0.9 人")
    assert told["T3a"] == ("0 间", "≥ 2 间")


@pytest.mark.parametrize("standard", STANDARDS)
def test_what_is_left_out_is_what_the_result_leaves_out(standard: str) -> None:
    of = study(standard)
    for county in of.counties:
        rows = records(pane(build(of, where("excluded", county)), "excluded").sheet)
        wanted = of.of_county(of.result.excluded, county).select("school_id", "stage", "reason").rows()
        assert [(row["school_id"], row["stage"], row["reason"]) for row in rows] == wanted


def test_settings_without_a_value_come_first_and_the_title_says_how_to_give_one() -> None:
    of = study()
    view = build(of, where("settings"))
    rows = records(pane(view, "settings").sheet)
    unset = [row["source"] == "未设定" for row in rows]
    assert unset == sorted(unset, reverse=True)
    assert any(unset)
    assert {row["id"] for row in rows} == {setting.id for setting in of.standard.model.setting}
    assert "--set 编号=值" in view.title.zh
    assert "--set ID=VALUE" in view.title.en


def test_a_setting_that_was_given_says_so() -> None:
    given_ = open_study(Request(settings=("special_funds_limit=7000",)))
    row = next(
        row for row in records(pane(build(given_, where("settings")), "settings").sheet)
        if row["id"] == "special_funds_limit"
    )  # fmt: skip
    assert (row["shown"], row["source"], row["default"]) == ("7000", "给定", "6000")


# Every shape of county, in both languages


def test_a_county_of_one_stage_is_shown_with_what_lacks() -> None:
    of = one_stage()
    targets, subjects = reached(of)
    assert targets
    assert all(build(of, target).panes for target in targets)
    assert all(explained(of, subject) for subject in subjects)
    told = said(of, BEST)["unknown-school"]
    assert told.startswith("没有该学段的学校数据")


def test_a_county_without_one_fact_or_answer_is_all_unknown_and_says_of_whom() -> None:
    of = study()
    bare = replace(
        of.dataset,
        counties=of.dataset.counties.head(0),
        judgements=of.dataset.judgements.head(0),
    )
    empty = Study(of.request, bare, of.standard)
    told = said(empty, BEST)
    assert {"unknown-county", "unknown-person"} <= set(told)
    county = empty.counties[BEST]
    rows = records(pane(build(empty, where("items", county, unknown="person")), "missing").sheet)
    people = {item.id for item in of.standard.model.items if item.decide == "person"}
    assert people <= {row["id"] for row in rows}


@cache
def blanked(field: str) -> Study:
    """One county and year of the sample of which nobody reported a fact."""
    of = study()
    mine = of.of_county(of.dataset.sections, of.counties[UNSURE])
    sections = mine.with_columns(pl.lit(None, mine.schema[field]).alias(field))
    counties = of.of_county(of.dataset.counties, of.counties[UNSURE])
    return Study(of.request, replace(of.dataset, sections=sections, counties=counties), of.standard)


def reported() -> list[str]:
    """The facts of schools that the standard reads."""
    known = {*study().dataset.sections.columns} - {"stage", "school_type"}
    return sorted(known & {*study().standard.needed})


@given(st.deferred(lambda: st.sampled_from(reported())))
def test_whatever_nobody_reported_the_figures_it_leaves_open_are_named(field: str) -> None:
    of = blanked(field)
    scene = scene_of(of, where("overview", of.counties[0]))
    compound = {item.id for item in scene.model.items if len(item.test) > 1}
    items = {*of.result.requirements.filter(pl.col("status") == "unknown")["id"]} - compound
    figures = {*of.result.indicators.filter(pl.col("status") == "unknown")["indicator"]}
    found = unknowns(scene)
    assert items | figures <= {each.id for each in found}
    assert all(each.what.zh and each.what.en for each in found)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("standard", STANDARDS)
def test_every_view_can_be_drawn_from_60_columns_up(standard: str, language: Language) -> None:
    use_language(language)
    of = study(standard).in_new_language()
    for place in places(of, of.counties[UNSURE]):
        for each in build(of, place).panes:
            assert isinstance(each, TablePane)
            for room in (60, 80, 120):
                assert all(width(line) <= room for line in drawn(each.sheet, room))


def test_the_overview_of_the_sample_reads_at_80_columns() -> None:
    of = study()
    view = build(of, where("overview", of.counties[WARNED]))
    parts, spread = drawn(pane(view, "parts").sheet, 80), drawn(pane(view, "dispersion").sheet, 80)
    assert parts[6].split()[:3] == ["否决项", MARKS["fail"], "不达标"]
    assert "1.100✗" in spread[1]
    assert spread[1].rstrip().endswith("≤0.5")
    assert sum(len(drawn(each.sheet, 80)) for each in view.panes if isinstance(each, TablePane)) <= 18


def test_the_counties_of_the_sample_show_every_column_at_80() -> None:
    sheet = pane(build(study(), where("counties")), "counties").sheet
    spans = layout.spans(layout.widths(sheet.columns, sheet.natural_widths(), 80), 80, 0)
    assert len(spans) == len(sheet.columns)


def test_an_item_shows_its_outcome_value_limit_and_who_decides_at_80_columns() -> None:
    sheet = pane(build(study(), where("items", study().counties[WARNED])), "items").sheet
    spans = layout.spans(layout.widths(sheet.columns, sheet.natural_widths(), 80), 80, 0)
    shown = [sheet.columns[span.column].key for span in spans]
    assert shown == ["code", "label", "status", "shown", "limit_shown", "decide"]
