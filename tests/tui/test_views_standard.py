"""The standard as a tree, and the list of standards to switch to: nothing a standard says is left away, nothing is
evaluated while a list is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from pydantic import BaseModel

from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.explanation import explain_item
from balance_tui.engine.figures import plain
from balance_tui.engine.status import LABELS, MARKS
from balance_tui.language import use_language
from balance_tui.request import Request
from balance_tui.standard.expression import Expression
from balance_tui.standard.load import LoadedStandard, catalogue, load_standard, read_standard
from balance_tui.tui import study as study_module
from balance_tui.tui.outline import entries
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.table.sheet import Sheet
from balance_tui.tui.view import TablePane, View
from balance_tui.tui.views import build
from balance_tui.tui.views import switch as switch_view
from balance_tui.tui.views.standard import outline
from balance_tui.tui.where import County, Where, where

STANDARDS = ("national-2017", "national-2012", "pioneer-2021")

EVERYTHING = """
[standard]
id = "own-1"
version = "0.1"
title = "自订标准"
title_en = "A standard of our own"
authority = "某市教委"
document = "某文〔2025〕1号"
words = { county = "区" }

[[field]]
id = "own_fact"
label = "自订数据项"
level = "county"
unit = "人"
low = 3
high = 77
clause = "字段条款"

[[part]]
id = "points"
label = "评分部分"
needed = false
clause = "部分条款"

[[score]]
id = "S9"
part = "points"
label = "总评分"
max = 63.5
pass_mark = 41.25
field = "own_fact"
clause = "评分条款"
mark = "inference"

[[target]]
id = "T9"
label = "目标"
value = 88.5
unit = "%"
by = 2027
clause = "目标条款"

[workflow]
clause = "程序条款"
levels = [{ id = "first", label = "一级", actor = "区", output = "报告", clause = "层级条款" }]
phases = [{ id = "step", label = "一步", start = 2025-03-01, end = 2025-06-30, clause = "阶段条款" }]
"""


@pytest.fixture(scope="module")
def sample() -> Study:
    return open_study(Request())


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> LoadedStandard:
    path = tmp_path_factory.mktemp("standard") / "own-1.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return read_standard(path)


@pytest.fixture(scope="module", params=[*STANDARDS, "own-1"])
def standard(request: pytest.FixtureRequest, everything: LoadedStandard) -> LoadedStandard:
    return everything if request.param == "own-1" else load_standard(request.param)


def table(view: View) -> TablePane:
    (pane,) = view.panes
    assert isinstance(pane, TablePane)
    return pane


def records(sheet: Sheet) -> list[dict[str, Any]]:
    return [dict(record) for row in range(sheet.height) if (record := sheet.record(row)) is not None]


def said(node: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a standard with the key it stands under."""
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from said(getattr(node, name), name)
    elif isinstance(node, dict):
        for inner in node.values():
            yield from said(inner, key)
    elif isinstance(node, tuple | list):
        for inner in node:
            yield from said(inner, key)
    elif node not in (None, "") and not isinstance(node, bool):
        yield key, node


LANGUAGE_FREE = {
    "id", "clause", "formula_clause", "mark", "version", "authority", "document", "label", "title", "note", "text",
    "definition", "evidence", "sample", "groups", "content", "wanted", "reason", "basis", "short", "actor", "output",
    "words", "code", "group", "source", "item",
}  # fmt: skip
ENGLISH = {"label": "label_en", "title": "title_en", "note": "note_en", "text": "text_en", "wanted": "wanted_en",
           "reason": "reason_en", "basis": "basis_en"}  # fmt: skip


def words_of(frame: pl.DataFrame) -> str:
    return "\n".join(
        str(value) for name in ("text", "limit", "clause", "mark", "raw") for value in frame[name] if value
    )


def test_every_word_and_clause_of_a_standard_is_in_its_tree(standard: LoadedStandard) -> None:
    use_language("zh")
    told = words_of(outline(standard))
    written = [(key, value) for key, value in said(standard.model) if isinstance(value, str)]
    assert len(written) > 20
    assert [(key, value) for key, value in written if key in LANGUAGE_FREE and value not in told] == []


def test_in_english_every_english_word_is_there(standard: LoadedStandard) -> None:
    use_language("en")
    told = words_of(outline(standard))
    written = [value for key, value in said(standard.model) if key in ENGLISH.values()]
    assert [value for value in written if value not in told] == []
    assert not [text for text in outline(standard).filter(depth=0)["text"] if not text.isascii()]


def test_every_formula_is_there_as_it_is_written(standard: LoadedStandard) -> None:
    raw = set(outline(standard)["raw"])
    written = [value.text for _, value in said(standard.model) if isinstance(value, Expression)]
    assert [text for text in written if text not in raw] == []


def test_every_number_and_date_is_there(standard: LoadedStandard) -> None:
    told = words_of(outline(standard))
    numbers = [value for key, value in said(standard.model) if isinstance(value, Decimal | int)]
    dates = [value for _, value in said(standard.model) if isinstance(value, dt.date)]
    assert [value for value in numbers if plain(value) not in told] == []
    assert [value for value in dates if value.isoformat() not in told] == []


def test_every_id_is_the_id_of_a_line_that_stands_where_the_document_has_it(standard: LoadedStandard) -> None:
    frame = outline(standard)
    lines = standard.document.file
    text = Path(lines).read_text(encoding="utf-8").splitlines()
    for row in frame.filter(pl.col("id").is_not_null(), pl.col("depth") == 1).iter_rows(named=True):
        line = int(row["place"].rpartition(":")[2])
        nearby = "\n".join(text[line - 1 : line + 3])
        assert row["id"] in nearby, row
    shown = set(frame["id"].drop_nulls())
    tables = ("setting", "part", "scope", "indicator", "relief", "score", "target", "form", "note", "field")
    assert shown >= {each.id for name in tables for each in getattr(standard.model, name)}
    assert shown >= standard.model.judged


def test_the_keys_of_lines_are_unique_and_the_tree_is_in_preorder(standard: LoadedStandard) -> None:
    frame = outline(standard)
    assert frame["key"].is_unique().all()
    depths = frame["depth"].to_list()
    assert depths[0] == 0
    assert all(after <= before + 1 for before, after in pairwise(depths))
    assert frame.filter(depth=0)["style"].unique().to_list() == ["group"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reference", STANDARDS)
def test_every_shipped_standard_shows_in_both_languages(sample: Study, reference: str, language: Any) -> None:
    use_language(language)
    study = sample.under(load_standard(reference)).in_new_language()
    sheet = table(build(study, where("standard", study.counties[0]))).sheet
    assert sheet.height == len(list(entries(study.standard)))
    heading = {"zh": "指标", "en": "indicators"}[language]
    assert (heading in [sheet.value(row, "text") for row in range(sheet.height)]) == bool(
        study.standard.model.indicator
    )


@pytest.mark.parametrize("reference", STANDARDS)
def test_with_a_county_each_item_shows_the_status_its_explanation_gives(
    sample: Study, reference: str
) -> None:
    study = sample.under(load_standard(reference))
    for county in study.counties[:4]:
        pane = table(build(study, where("standard", county)))
        told = {row["id"]: row for row in records(pane.sheet) if row["status"]}
        assert told.keys() >= {item.id for item in study.standard.model.items}
        for name, row in told.items():
            subject = pane.subject(row, "text")
            assert subject is not None
            assert (subject.kind, subject.name, subject.county) == ("item", name, county)
            explained = explain_item(study.result, name, county=county.county, year=county.year)
            assert explained.status == row["status"], name


def test_without_a_county_there_is_no_status_and_nothing_to_explain(sample: Study) -> None:
    pane = table(build(sample, where("standard")))
    assert "status" not in {column.key for column in pane.sheet.columns}
    assert all(row["status"] is None and pane.subject(row, "text") is None for row in records(pane.sheet))


def test_a_scope_called_as_a_part_has_no_status(sample: Study) -> None:
    county = sample.counties[0]
    rows = records(table(build(sample, where("standard", county))).sheet)
    assert [bool(row["status"]) for row in rows if row["id"] == "resources"] == [True, False]


def test_the_cursor_stands_on_the_item_asked_for(sample: Study) -> None:
    pane = table(build(sample, where("standard", item="G05")))
    assert pane.cursor is not None
    row = pane.sheet.row_of(pane.cursor[0])
    assert row is not None
    assert pane.sheet.record(row)["id"] == "G05"  # type: ignore[index]
    assert table(build(sample, where("standard", item="G99"))).cursor is None


def test_a_branch_folds_and_a_line_is_found_by_pinyin(sample: Study) -> None:
    sheet = table(build(sample, where("standard"))).sheet
    folded = sheet.folded(0)
    assert folded.height < sheet.height
    found = sheet.find("bane", 0, 1)
    assert found is not None
    assert "班额" in sheet.value(found, "text")


def test_lines_lead_to_what_they_are_about(sample: Study) -> None:
    county = sample.counties[0]
    pane = table(build(sample, where("standard", county)))
    leads = {row["id"]: pane.leads(row, "text") for row in records(pane.sheet) if row["id"]}
    assert leads["L2"] == where("schools", county, indicator="L2")
    assert leads["G05"] == where("items", county, item="G05")
    assert leads["guarantee"] == where("items", county, part="guarantee")
    assert leads["campus_mode"] == where("settings", county)
    assert all(build(sample, place) for place in leads.values() if isinstance(place, Where))


def test_the_floor_of_an_indicator_stands_beside_its_limit(sample: Study) -> None:
    rows = {row["key"]: row for row in records(table(build(sample, where("standard"))).sheet)}
    line = rows["indicator.L1.limit.primary"]
    assert "3.57" in line["text"]
    assert line["limit"] == "≥ 4.2 人"


# Switching


@pytest.fixture
def fresh(sample: Study) -> Study:
    """The sample with only the standard in force evaluated."""
    study = Study(sample.request, sample.dataset, sample.standard)
    study._results[sample.standard.hash] = sample.result
    return study


def verdicts(study: Study, place: Where) -> dict[str, tuple[str, ...]]:
    sheet = table(build(study, place)).sheet
    rows = {str(sheet.key(row)): tuple(cell.text for cell in sheet.cells(row)) for row in range(sheet.height)}
    # Below each standard stands what it would change.
    return {key: cells for key, cells in rows.items() if not key.endswith("~")}


def test_showing_the_standards_evaluates_nothing(fresh: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("evaluated")

    monkeypatch.setattr(study_module, "evaluate", refuse)
    told = verdicts(fresh, where("switch", fresh.counties[0]))
    assert list(told) == ["national-2017", *(name for name in catalogue() if name != "national-2017")]
    assert told["national-2017"][0].startswith("*")
    assert told["national-2012"][1] == "评估中…"
    assert switch_view.missing(fresh) == [name for name in catalogue() if name != "national-2017"]


def differing(study: Study, county: County, row: dict[str, Any], name: str) -> Iterator[str]:
    """What is to be said of a county under a standard, beside the national one of 2017."""
    labels = {part.id: part.label for part in load_standard(name).model.part}
    own = {part.id: part.label for part in study.standard.model.part}
    now = study.of_county(study.result.counties, county).row(0, named=True)
    before = {part["id"]: part["status"] for part in now["parts"]}
    after = {part["id"]: part["status"] for part in row["parts"]}
    for part, status in after.items():
        if part in before and before[part] != status:
            called = f"{labels[part]} " if labels[part] != own[part] else ""
            yield f"{own[part]} {MARKS[before[part]]}→{called}{MARKS[status]}"
    yield from (f"+{labels[part]} {MARKS[status]}" for part, status in after.items() if part not in before)
    yield from (f"-{own[part]}" for part in before if part not in after)


def test_known_standards_show_their_verdict_on_the_county_and_what_differs(fresh: Study) -> None:
    for name in switch_view.missing(fresh):
        fresh.result_of(fresh.load(name))
    assert switch_view.missing(fresh) == []
    alone = {}
    for name in catalogue():
        standard = load_standard(name)
        alone[name] = evaluate(standard, fresh._data_for(standard)).counties
    for county in fresh.counties:
        told = verdicts(fresh, where("switch", county))
        for name, (_, verdict, parts, *_) in told.items():
            row = fresh.of_county(alone[name], county).row(0, named=True)
            assert verdict == f"{MARKS[row['verdict']]} {LABELS[row['verdict']]}"
            assert parts == (
                "" if name == "national-2017" else "; ".join(differing(fresh, county, row, name))
            )


def test_with_all_counties_the_verdicts_are_counted(fresh: Study) -> None:
    told = verdicts(fresh, where("switch"))
    counts = dict(pair.split() for pair in told["national-2017"][1].split("  "))
    words = fresh.result.counties["verdict"].cast(pl.String).to_list()
    assert {mark: int(count) for mark, count in counts.items()} == {
        MARKS[word]: words.count(word) for word in set(words)
    }


def test_entering_a_standard_switches_to_it(fresh: Study) -> None:
    pane = table(build(fresh, where("switch")))
    asked: list[str] = []
    app: Any = SimpleNamespace(switch_standard=asked.append)
    for record in records(pane.sheet):
        go = pane.leads(record, "standard")
        assert callable(go)
        go(app)
    # The line below each, which says what it would change, leads there too.
    assert list(dict.fromkeys(asked)) == [
        "national-2017",
        *(each for each in catalogue() if each != "national-2017"),
    ]
    assert len(asked) == 2 * len(catalogue())


def test_a_standard_that_cannot_be_loaded_is_a_row_with_its_error(
    fresh: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken-2030.toml"
    broken.write_text("[standard]\nid = 1\n", encoding="utf-8")
    known = {**catalogue(), "broken-2030": broken}
    monkeypatch.setattr(switch_view, "catalogue", lambda: known)
    monkeypatch.setattr("balance_tui.standard.load.catalogue", lambda: known)
    told = verdicts(fresh, where("switch"))
    assert told["broken-2030"][1] == "? 未知"
    assert "STD-" in told["broken-2030"][2]
    assert "broken-2030" not in switch_view.missing(fresh)


def test_a_standard_named_by_its_file_stays_among_those_to_switch_to(
    sample: Study, everything: LoadedStandard
) -> None:
    path = everything.document.file
    study = Study(Request(profile=path), sample.dataset, sample.standard)
    study._results[sample.standard.hash] = sample.result
    assert path in verdicts(study, where("switch"))
    assert path in switch_view.missing(study)


def test_verdicts_are_kept_when_results_are_let_go_of(
    fresh: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_module, "KEPT", 3)
    fourth = tmp_path / "fourth.toml"
    fourth.write_text(EVERYTHING.partition("[[field]]")[0], encoding="utf-8")
    for name in (*(each for each in catalogue() if each != "national-2017"), str(fourth)):
        fresh.result_of(fresh.load(name))
    assert fresh.known(fresh.load("national-2012")) is None
    assert switch_view.missing(fresh) == []
    assert "评估中" not in str(verdicts(fresh, where("switch")))
