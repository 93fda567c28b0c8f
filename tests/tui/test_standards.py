"""Standards beside one another: what a switch would change, the comparison, the scorecard, where a value comes from, and
the plugins they come with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from balance_tui.cli.compare import as_json
from balance_tui.cli.frames import rows_of
from balance_tui.comparing import compared, preview
from balance_tui.engine.figures import plain
from balance_tui.engine.status import LABELS, MARKS
from balance_tui.language import Language, use_language
from balance_tui.request import Request
from balance_tui.standard.load import catalogue, load_standard
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.describing import verdict
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.view import TablePane, View
from balance_tui.tui.views import build
from balance_tui.tui.views.switch import references
from balance_tui.tui.where import County, Where, where
from tests.plugins.making import Shelf, manifest

from .screens import Driven, driven
from .snapshots import screen_text

NATIONAL, BEIJING, BASIC = "national-2017", "beijing-2018", "national-2012"
SIZE = (120, 40)
OVERLAY = """\
[standard]
id = "stricter"
version = "1.0"
title = "更严"
extends = {{ id = "{base}", version = "{version}", hash = "{hash}" }}

[[change]]
target = "indicator:L2"
set = {{ "limit.primary" = 1.2 }}
clause = "县〔2025〕1号"
reason = "本县要求更高"
"""
CHANGED_LINE = 9
"""The line of the overlay that sets the limit."""

Step = Callable[[Driven], Awaitable[None]]


@pytest.fixture(scope="module")
def national() -> Study:
    """The sample under three standards."""
    study = open_study(Request())
    for name in (BEIJING, BASIC):
        study.result_of(study.load(name))
    return study


@pytest.fixture(scope="module")
def county(national: Study) -> County:
    return next(each for each in national.counties if (each.county, each.year) == ("示例丙旗", 2024))


@pytest.fixture(autouse=True)
def nothing_marked(national: Study) -> Iterator[None]:
    """What one test compares is not what the next one does."""
    national.marked.clear()
    yield
    national.marked.clear()
    use_language("zh")


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """A made-up layer on the national standard."""
    base = load_standard(NATIONAL)
    path = tmp_path / "stricter.toml"
    version = base.model.standard.version
    path.write_text(OVERLAY.format(base=base.id, version=version, hash=base.hash), encoding="utf-8")
    return path


def pane(view: View) -> TablePane:
    first = view.panes[0]
    assert isinstance(first, TablePane)
    return first


def records(view: View) -> list[dict[str, Any]]:
    sheet = pane(view).sheet
    return [dict(record) for row in range(sheet.height) if (record := sheet.record(row)) is not None]


def drive(study: Study, *steps: Step, at: Where | None = None) -> None:
    async def run() -> None:
        async with driven(BalanceApp(study.request), SIZE, study) as screen:
            if at is not None:
                await screen.go(at)
            for step in steps:
                await step(screen)

    asyncio.run(run())


def press(*keys: str) -> Step:
    return lambda screen: screen.press(*keys)


def look(check: Callable[[str], bool]) -> Step:
    async def seen(screen: Driven) -> None:
        assert check(text(screen)), text(screen)

    return seen


def text(screen: Driven) -> str:
    return screen_text(screen.app)


# Every standard is there


def test_every_standard_of_the_catalogue_can_be_switched_to(national: Study) -> None:
    assert set(references(national)) == set(catalogue())
    assert len(catalogue()) >= 9


def test_results_of_every_standard_are_kept_for_an_ordinary_file_and_few_of_a_large_one(
    national: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert national.kept > len(catalogue())
    monkeypatch.setattr("balance_tui.tui.study.LARGE", 1)
    assert national.kept < len(catalogue())


# Before one switches


@pytest.mark.parametrize("name", [BASIC, BEIJING])
def test_what_would_change_is_told_before_switching(national: Study, county: County, name: str) -> None:
    now, then = national.result, national.result_of(national.load(name))
    would = preview(now, then, county._asdict())
    view = build(national, where("switch", county))
    told = next(record for record in _cells(view) if record["_key"] == f"{name}~")
    assert f"新增 {len(would.added)} 项" in told["parts"]
    if would.failing:
        assert f"{would.failing} {MARKS['fail']}" in told["parts"]
    before = {item.id for item in national.standard.model.items if item.part}
    after = {item.id for item in then.context.standard.model.items if item.part}
    scores = {score.id for score in then.context.standard.model.score}
    own = {score.id for score in national.standard.model.score}
    assert set(would.added) == (after | scores) - (before | own)
    frames = (national.of_county(each, county) for each in (then.requirements, then.scores))
    statuses = {
        name: word
        for each in frames
        for name, word in each.select("id", pl.col("status").cast(pl.String)).rows()
    }
    assert would.failing == sum(statuses.get(each) == "fail" for each in would.added)


def _cells(view: View) -> Iterator[dict[str, Any]]:
    sheet = pane(view).sheet
    for row in range(sheet.height):
        cells = {column.key: cell.text for column, cell in zip(sheet.columns, sheet.cells(row), strict=True)}
        yield cells | dict(sheet.record(row) or {})


def test_what_is_not_recorded_is_told_before_switching(national: Study, county: County) -> None:
    view = build(national, where("switch", county))
    told = next(record["parts"] for record in _cells(view) if record["_key"] == f"{BEIJING}~")
    assert "未收录" in told
    assert "教育治理" in told
    assert "未设定" in told


def test_a_limit_that_would_change_is_told(national: Study, overlay: Path, county: County) -> None:
    study = national.under(load_standard(str(overlay)))
    _ = study.result
    changes = preview(study.result, national.result).limits
    assert [(each.id, each.stage, each.before, each.after) for each in changes] == [
        ("L2", "primary", (">=", "1.2"), (">=", "1"))
    ]
    told = next(
        record["parts"]
        for record in _cells(build(study, where("switch", county)))
        if record["_key"] == f"{NATIONAL}~"
    )
    assert "限值改 1 处: L2" in told


def test_compare_and_why_lead_from_the_switcher_to_the_comparison(national: Study, county: County) -> None:
    async def there(screen: Driven) -> None:
        table = screen.app.table
        assert table is not None
        table.go(table.sheet.row_of(BEIJING) or 0)
        await screen.press("d")
        assert screen.app.where.view == "compare"
        assert national.marked == [BEIJING]
        rows = screen.app.table.sheet.total if screen.app.table else 0
        await screen.press("escape", "w")
        assert screen.app.where.get("why") == "1"
        fewer = screen.app.table.sheet.total if screen.app.table else 0
        assert 0 < fewer < rows

    drive(national, there, at=where("switch", county))


# The comparison


@pytest.mark.parametrize("names", [(BASIC,), (BEIJING, BASIC)])
def test_the_comparison_says_what_the_command_says(
    national: Study, county: County, names: tuple[str, ...]
) -> None:
    national.marked[:] = list(names)
    results = {NATIONAL: national.result} | {name: national.result_of(national.load(name)) for name in names}
    told = as_json(results, national.of_county(compared(results), county))
    shown = {record["key"]: record for record in records(build(national, where("compare", county)))}
    wanted = [row for row in told["rows"] if row["differs"] or row["kind"] not in ("school", "figure")]
    keys = ["|".join(str(row[name]) for name in ("kind", "id", "stage", "school_id")) for row in wanted]
    assert [key for key in shown if not key.startswith("#")] == keys
    for key, row in zip(keys, wanted, strict=True):
        under = {each["profile"]: each for each in row["under"]}
        for number, name in enumerate(results):
            each = under.get(name)
            assert shown[key][f"status_{number}"] == (each["status"] if each else None)
            if each and each["value"] is not None and row["kind"] == "item" and each["limit"] is not None:
                assert plain(each["limit"]) in shown[key][f"told_{number}"]


def test_without_a_choice_the_standard_looked_at_last_is_compared(national: Study, county: County) -> None:
    study = national.under(national.load(BEIJING))
    view = build(study, where("compare", county))
    assert [column.title.zh for column in pane(view).sheet.columns[1:3]] == [BEIJING, NATIONAL]


def test_standards_are_marked_and_unmarked_in_the_list(national: Study, county: County) -> None:
    async def steps(screen: Driven) -> None:
        await screen.press("c", "a")
        table = screen.app.table
        assert table is not None
        for name in (BASIC, BEIJING):
            table.go(table.sheet.row_of(name) or 0)
            if name not in national.marked and table.sheet.cells(table.row)[0].text != "[x]":
                await screen.press("enter")
        await screen.press("a")
        assert all(name in text(screen).split("\n")[1] for name in (NATIONAL, BASIC, BEIJING))
        await screen.press("a")
        table.go(table.sheet.row_of(BASIC) or 0)
        await screen.press("enter", "escape")
        assert BASIC not in text(screen).split("\n")[1]

    drive(national, steps, at=where("overview", county))


def test_of_all_counties_the_verdicts_stand_side_by_side(national: Study) -> None:
    national.marked[:] = [BASIC]
    shown = records(build(national, where("compare")))
    assert len(shown) == len(national.counties)
    for record in shown:
        own = County(*(record[name] for name in County._fields))
        for number, name in enumerate((NATIONAL, BASIC)):
            row = national.of_county(national.result_of(national.load(name)).counties, own).row(0, named=True)
            assert record[f"status_{number}"] == str(row["verdict"])
    assert [bool(record["why"]) for record in shown] == sorted((bool(r["why"]) for r in shown), reverse=True)


# The heading


def test_every_screen_names_the_layers_and_both_verdicts(national: Study, county: County) -> None:
    study = national.under(national.load(BEIJING))
    words = {
        row["id"]: str(row["status"]) for row in study.of_county(study.result.verdicts, county).to_dicts()
    }
    line = "".join(piece.text for piece in verdict(study, county))
    for name, word in words.items():
        label = next(each.label for each in study.standard.model.verdict if each.id == name).partition(":")[0]
        assert f"{label} {MARKS[word]} {LABELS[word].zh}" in line

    async def seen(screen: Driven) -> None:
        for key in "0123456789CcpP":
            await screen.press(key)
            assert f"{BEIJING} ▸ {NATIONAL}" in text(screen).split("\n")[0], key

    drive(study, seen, at=where("overview", county))


@pytest.mark.parametrize("columns", [60, 80])
def test_where_there_is_little_room_the_verdicts_stand_and_the_layers_are_cut(
    national: Study, county: County, columns: int
) -> None:
    study = national.under(national.load(BEIJING))

    async def run() -> None:
        async with driven(BalanceApp(study.request), (columns, 24), study) as screen:
            await screen.go(where("overview", county))
            first = text(screen).split("\n")[0]
            assert BEIJING in first
            assert "市级评价" in first
            assert "国家认定" in first
            assert (f"▸ {NATIONAL}" in first) == (columns == 80)

    asyncio.run(run())


# The scorecard


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, county: County) -> Study:
    """Beijing's scorecard with scores that people gave."""
    folder = tmp_path_factory.mktemp("judged")
    lines = ["province,city,county,year,item,source,score,remark,evidence"]
    place = ",".join(map(str, county))
    lines += [
        f"{place},BJ01,self,4,齐全,台账 3 份",
        f"{place},BJ01,verified,3,缺一份,现场核对",
        f"{place},BJ09,self,2,,",
    ]
    path = folder / "scored.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    from balance_tui.sample import write

    write(folder, "contract")
    return open_study(
        Request(
            files=(str(folder / "schools.csv"),),
            profile=BEIJING,
            judgements=str(path),
            settings=("beijing_partial=proportional",),
        )
    )


def test_the_scorecard_shows_the_scores_of_the_result(judged: Study, county: County) -> None:
    sheet = pane(build(judged, where("scorecard", county))).sheet.closing(())
    shown = {r["id"]: r for row in range(sheet.height) if (r := sheet.record(row))}
    for row in rows_of(judged.of_county(judged.result.scorecard, county)):
        own = shown[row["id"]]
        for name in ("self", "verified", "settled"):
            assert own[name].split()[0] == ("—" if row[name] is None else plain(row[name]))
        assert own["depth"] == row["level"]
        if row["max"] is not None:
            assert own["max"] == plain(row["max"])
    scores = {row["id"]: row for row in rows_of(judged.of_county(judged.result.scores, county))}
    assert shown["BJ01"]["verified"] == plain(scores["BJ01"]["verified"]) == "3"
    assert set(scores) <= set(shown)


def test_a_sum_over_some_of_the_points_says_of_how_many(judged: Study, county: County) -> None:
    sheet = pane(build(judged, where("scorecard", county))).sheet.closing(())
    shown = {r["id"]: r for row in range(sheet.height) if (r := sheet.record(row))}
    card = next(row for row in shown.values() if row["kind"] == "card")
    assert card["self"] == "6 2/29"
    model, parents = judged.standard.model, {each.id: each.parent for each in judged.standard.model.group}
    given = {
        row["id"]
        for row in rows_of(judged.of_county(judged.result.scores, county))
        if row["self"] is not None
    }
    for group in model.group:
        under = [point.id for point in model.point if group.id in _above(point.group, parents)]
        scored = len(given & set(under))
        ending = f" {scored}/{len(under)}" if scored < len(under) else ""
        assert shown[group.id]["self"].endswith(ending) or not scored
        assert (shown[group.id]["self"] == "—") == (not scored)


def _above(group: str, parents: dict[str, str]) -> Iterator[str]:
    while group:
        yield group
        group = parents[group]


def test_remarks_and_evidence_stand_below_their_point(judged: Study, county: County) -> None:
    sheet = pane(build(judged, where("scorecard", county))).sheet.closing(())
    rows = [dict(sheet.record(row) or {}) for row in range(sheet.height)]
    at = next(number for number, row in enumerate(rows) if row["id"] == "BJ01")
    told = [(row["label"], row["told"]) for row in rows[at + 1 : at + 3]]
    assert told == [("自评", "齐全; 证据: 台账 3 份"), ("核定", "缺一份; 证据: 现场核对")]


def test_a_threshold_says_how_many_schools_miss_it(judged: Study, county: County) -> None:
    sheet = pane(build(judged, where("scorecard", county, item="BJ16.2"))).sheet
    shown = {r["id"]: r for row in range(sheet.height) if (r := sheet.record(row))}
    mine = judged.of_county(judged.result.requirements, county)
    for row in rows_of(mine.filter(pl.col("id").str.contains(r"^BJ\d+\.\d+$"))):
        own = shown[row["id"]]
        assert own["status"] == row["status"]
        assert (f"{len(row['failing'])} 所未达" in own["told"]) == bool(row["failing"])


def test_what_is_not_recorded_is_said_in_words(judged: Study, county: County) -> None:
    sheet = pane(build(judged, where("scorecard", county))).sheet.closing(())
    shown = {r["id"]: r for row in range(sheet.height) if (r := sheet.record(row))}
    assert "未收录" in shown["BJ-4"]["told"]
    assert shown["BJ-4"]["max"] == "?"
    assert "满分未收录" in shown["BJ29"]["told"]
    assert shown["BJ-3"]["max"] == "17+?"


def test_branches_stay_as_they_were_left(judged: Study, county: County) -> None:
    async def steps(screen: Driven) -> None:
        table = screen.app.table
        assert table is not None
        before = table.sheet.height
        table.go(table.sheet.row_of(("BJ-1.1",)) or 0)
        await screen.press("enter")
        opened = table.sheet.height
        assert opened > before
        await screen.press("1", "escape")
        assert screen.app.table is not None
        assert screen.app.table.sheet.height == opened
        assert screen.app.table.sheet.key(screen.app.table.row) == ("BJ-1.1",)

    drive(judged, steps, at=where("scorecard", county))


def test_a_standard_without_a_scorecard_says_so_and_where_to_go(national: Study, county: County) -> None:
    drive(national, look(lambda shown: "没有评分体系; p 换标准" in shown), at=where("scorecard", county))


def test_s_opens_the_settings_from_the_scorecard_and_sorts_elsewhere(judged: Study, county: County) -> None:
    async def steps(screen: Driven) -> None:
        await screen.press("s")
        assert screen.app.where.view == "settings"
        await screen.press("escape", "2", "s")
        assert screen.app.table is not None
        assert screen.app.table.sheet.state.order.keys

    drive(judged, steps, at=where("scorecard", county))


# Where a value comes from


@pytest.mark.parametrize(
    ("view", "detail", "column"),
    [("schools", {}, "L2"), ("standard", {"item": "L2"}, "text"), ("items", {"part": "guarantee"}, "label"),
     ("overview", {}, "told"), ("settings", {}, "shown"), ("counties", {}, "verdict")],
)  # fmt: skip
def test_one_key_tells_where_any_value_comes_from(
    national: Study, county: County, view: str, detail: dict[str, str], column: str
) -> None:
    async def steps(screen: Driven) -> None:
        await screen.stand(column)
        await screen.press("w")
        assert screen.app.where.view == "why", text(screen)
        assert f"{NATIONAL}.toml:" in text(screen)

    place = where(view, county if view != "counties" else None, **detail)
    drive(national, steps, at=place)


def test_a_value_that_a_layer_changed_leads_to_the_line_of_the_layer(overlay: Path, county: County) -> None:
    study = open_study(Request(profile=str(overlay)))
    sheet = pane(build(study, where("why", county, path='["indicator", "L2"]'))).sheet
    first, second = (dict(sheet.record(row) or {}) for row in (0, 1))
    assert first["field"] == "limit.primary"
    assert (first["value"], first["layer"]) == ("1.2", "stricter")
    assert first["place"] == f"stricter.toml:{CHANGED_LINE}"
    assert (first["clause"], first["reason"]) == ("县〔2025〕1号", "本县要求更高")
    assert overlay.read_text(encoding="utf-8").splitlines()[CHANGED_LINE - 1].startswith("set")
    assert (second["value"], second["layer"], second["depth"]) == ("1", NATIONAL, 1)
    assert second["place"].startswith(f"{NATIONAL}.toml:")


def test_the_tree_names_the_layer_of_what_was_changed_alone(overlay: Path, county: County) -> None:
    study = open_study(Request(profile=str(overlay)))
    changed = [record for record in records(build(study, where("standard", county))) if record["layer"]]
    assert {record["layer"] for record in changed} == {"stricter"}
    assert "L2" in {record["id"] for record in changed}
    assert "L3" not in {record["id"] for record in changed}


def test_a_setting_that_was_given_stands_above_its_default(county: County) -> None:
    study = open_study(Request(settings=("special_funds_limit=7000",)))
    rows = records(build(study, where("why", county, path='["setting", "special_funds_limit"]')))
    assert rows[0]["value"].startswith("7000")
    assert "--set" in rows[0]["layer"]
    assert any(row["field"] == "default" and row["value"] == "6000" for row in rows)


# Plugins


@pytest.fixture
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """The drop-in folder of a user who has nothing yet."""
    from balance_tui.plugins import shelf
    from balance_tui.plugins.places import drop_in_dir

    for variable, name in (("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("HOME", "home")):
        (tmp_path / name).mkdir(mode=0o755)
        monkeypatch.setenv(variable, str(tmp_path / name))
    folder = drop_in_dir()
    assert folder is not None
    folder.mkdir(parents=True, mode=0o755)
    shelf.rescan()
    yield Shelf(folder)
    monkeypatch.undo()
    shelf.rescan()


def test_a_broken_plugin_stands_first_with_its_reason(national: Study, shelves: Shelf) -> None:
    shelves.put("broken", {"balance-plugin.toml": "id = 7\n"})
    rows = list(_cells(build(national, where("plugins"))))
    assert rows[0]["plugin"] == "broken"
    assert "PLUGIN-" in rows[0]["reason"]
    assert any(row["plugin"] == "beijing" for row in rows[1:])


def test_the_standard_of_a_plugin_that_cannot_be_used_says_why_and_cannot_be_chosen(
    national: Study, shelves: Shelf, county: County
) -> None:
    from tests.plugins.making import STANDARD

    files = {"balance-plugin.toml": manifest("later", standards=("later-2030.toml",), api=">=9"),
             "later-2030.toml": STANDARD.format(id="later-2030")}  # fmt: skip
    shelves.put("later", files)

    async def steps(screen: Driven) -> None:
        table = screen.app.table
        assert table is not None
        table.go(table.sheet.row_of("later-2030") or 0)
        assert "PLUGIN-API" in text(screen)
        await screen.press("enter")
        assert screen.app.where.view == "switch"
        assert screen.app.study is not None
        assert screen.app.study.standard.id == NATIONAL

    drive(national, steps, at=where("switch", county))


def test_a_plugin_is_switched_off_and_on_again(national: Study, shelves: Shelf) -> None:
    shelves.put("mine", {"balance-plugin.toml": manifest("mine")})

    async def steps(screen: Driven) -> None:
        def state() -> str:
            assert screen.app.table is not None
            sheet = screen.app.table.sheet
            return str((sheet.record(sheet.row_of("mine") or 0) or {})["state"])

        assert screen.app.table is not None
        screen.app.table.go(screen.app.table.sheet.row_of("mine") or 0)
        for wanted in ("disabled", "ready"):
            await screen.press("space")
            assert state() == wanted
            assert "mine" in "".join(text(screen).rstrip().split("\n")[-2:])

    drive(national, steps, at=where("plugins"))


PANEL = """
@hookimpl
def panel(county, frames):
    rows = [[county["county"], str(len(frames["requirements"]))]]
    return {"title": ("自己的屏", "a view"), "columns": ["县", "项"], "rows": rows}
"""
HANGING = """
import time
@hookimpl
def panel(county, frames):
    time.sleep(600)
"""


def test_the_view_of_a_plugin_is_shown(national: Study, shelves: Shelf, county: County) -> None:
    shelves.hook("mine", PANEL, "panel")

    async def steps(screen: Driven) -> None:
        assert screen.app.table is not None
        screen.app.table.go(screen.app.table.sheet.row_of("mine") or 0)
        await screen.press("enter")
        await screen.until(lambda: "自己的屏" in text(screen))
        rows = national.of_county(national.result.requirements, county).height
        assert f"示例丙旗 {rows}" in " ".join(text(screen).split())

    drive(national, steps, at=where("plugins", county))


def test_a_plugin_that_hangs_leaves_the_app_usable(
    national: Study, shelves: Shelf, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALANCE_TUI_PLUGIN_SECONDS", "0.2")
    shelves.hook("slow", HANGING, "panel")

    async def steps(screen: Driven) -> None:
        await screen.go(where("panel", county, plugin="slow"))
        await screen.press("1")
        assert screen.app.where.view == "overview"
        await screen.press("escape")
        await screen.until(lambda: "PLUGIN-FAILED" in text(screen))
        await screen.press("P")
        assert "slow" in text(screen).split("\n")[3]

    drive(national, steps, at=where("overview", county))
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "panel")


# Both languages


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", ["switch", "compare", "scorecard", "plugins", "why", "panel"])
def test_no_chinese_is_left_in_the_words_of_the_program(
    national: Study, county: County, view: str, language: Language
) -> None:
    use_language(language)
    study = national.in_new_language().under(national.load(BEIJING))
    built = build(study, where(view, county))
    titles = [str(built.title).split(" › ")[0], str(built.empty)]
    titles += [
        str(column.title)
        for each in built.panes
        if isinstance(each, TablePane)
        for column in each.sheet.columns
    ]
    has_chinese = any("\u4e00" <= character <= "\u9fff" for title in titles for character in title)
    assert has_chinese == (language == "zh")
