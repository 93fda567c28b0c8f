"""Every screen as it looks, kept as text under `snapshots/`: each test says what must be seen on its picture.

`BALANCE_TUI_UPDATE=1` keeps what is shown; look at it with `python -m tests.tui.picture` before.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from balance_tui.language import Language, use_language
from balance_tui.request import Request
from balance_tui.sample import write
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.cells import use_ambiguous
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.theme import ThemeName, use_theme
from balance_tui.tui.views import KINDS, prepare
from balance_tui.tui.views.switch import missing
from balance_tui.tui.where import County, Where, where

from .screens import Driven, Size, driven
from .snapshots import assert_snapshot

SIZES: tuple[Size, ...] = ((80, 24), (120, 40))
SMALL, SMALLEST = (40, 10), (60, 20)

Step = Callable[[Driven], Awaitable[None]]
Look = Callable[..., None]
"""Opens a place, takes the steps, and compares what is then seen with what was kept under the name."""


@pytest.fixture(autouse=True)
def usual_looks() -> Iterator[None]:
    """The default theme, narrow characters and Chinese, before and after."""
    _use("zh", "default")
    yield
    _use("zh", "default")


def _use(lang: Language, theme: ThemeName) -> None:
    use_language(lang)
    use_theme(theme)
    use_ambiguous("narrow")


@cache
def study(lang: Language = "zh") -> Study:
    """The sample under every standard, read once; what holds sentences is made in the language in use."""
    if lang != "zh":
        return study().in_new_language()
    found = open_study(Request())
    prepare(found)
    for name in missing(found):
        found.result_of(found.load(name))
    return found


def county(name: str, year: int = 2024) -> County:
    """A county and year of the sample."""
    return next(each for each in study().counties if (each.county, each.year) == (name, year))


def fails() -> County:
    """A county that fails in almost every part, with findings and sections left out."""
    return county("示例丙旗")


def unsure() -> County:
    """A county whose verdict is unknown."""
    return county("示例丁市")


def relieved() -> County:
    """A county that passes by reliefs."""
    return county("示例乙区")


def keys(*names: str) -> Step:
    """Press keys."""
    return lambda screen: screen.press(*names)


def typed(text: str) -> Step:
    """Type into the line that is asked for."""
    return lambda screen: screen.type(text)


def stand(column: str, row: int | None = None) -> Step:
    """Put the cursor into a column."""
    return lambda screen: screen.stand(column, row)


def show(
    name: str, size: Size, place: Where | None, *steps: Step, lang: Language = "zh", of: Study | None = None
) -> None:
    """See a place of a study after some steps, and compare it with what was kept."""

    async def drive() -> None:
        data = study(lang) if of is None else of
        async with driven(BalanceApp(data.request), size, data) as screen:
            if place is not None:
                await screen.go(place)
            for step in steps:
                await step(screen)
            assert_snapshot(screen.app, f"{name}-{size[0]}x{size[1]}", styles=True)

    asyncio.run(drive())


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def look(request: pytest.FixtureRequest) -> Look:
    """`show` at each of the two sizes."""
    return lambda name, *arguments, **options: show(name, request.param, *arguments, **options)


# The views


def test_counties(look: Look) -> None:
    """A line a county and year: the verdict in words behind the name, each part as a mark below its heading, the
    highest coefficient of each stage above its limit; at the right how many counties have which verdict."""
    look("counties", None)


def test_overview(look: Look) -> None:
    """不达标 stands first, at the right end of the first line; every part says by which schools, coefficients or items
    it fails; each coefficient carries its mark and stands on its decimal point; below, what to look at next."""
    look("overview", where("overview", fails()))


def test_overview_of_an_unknown_verdict(look: Look) -> None:
    """未知 and its mark; what is missing is grouped by who could know it; an unknown coefficient is a dash with ?."""
    look("overview-unknown", where("overview", unsure()))


def test_overview_of_a_relieved_verdict(look: Look) -> None:
    """过渡达标 with ~, never ✓; the reliefs used and the first date by which they must be cured."""
    look("overview-relieved", where("overview", relieved()))


def test_schools(look: Look) -> None:
    """Failing schools first, the nearest to passing before the others; overall result, distance and the indicators that
    are not met before the figures; limits of both stages below the ids; figures on their decimal point."""
    look("schools", where("schools", fails()))


def test_schools_of_one_stage(look: Look) -> None:
    """All seven indicators of one stage at 80 columns, each below its own limit."""
    look("schools-junior", where("schools", fails(), stage="junior"))


def test_schools_scrolled_sideways(look: Look) -> None:
    """The name stays while the columns to the right come into sight."""
    look("schools-right", where("schools", fails()), stand("school_type"))


def test_schools_grouped(look: Look) -> None:
    """A heading for each stage with how many there are; the heading line says by what they are grouped."""
    look("schools-grouped", where("schools", fails()), keys("b", "g"))


def test_schools_filtered(look: Look) -> None:
    """Only what answers the filter; the heading says the filter and how many of how many are shown."""
    look("schools-filtered", where("schools", fails()), keys("f"), typed("小学 L7<2.3"), keys("enter"))


def test_schools_sorted(look: Look) -> None:
    """An arrow at the column, and the heading says by what is sorted."""
    look("schools-sorted", where("schools", fails()), stand("L2", 0), keys("s", "s"))


def test_dispersion(look: Look) -> None:
    """The coefficient that is worst is drawn: limit and mean on the axis, one school far off; below, the schools by what
    they contribute, with a bar."""
    look("dispersion", where("dispersion", fails()))


def test_dispersion_that_is_unknown(look: Look) -> None:
    """In place of the drawing a sentence; the schools whose figure is missing first, each with what it lacks."""
    look("dispersion-unknown", where("dispersion", fails(), stage="primary", indicator="L1"))


def test_items(look: Look) -> None:
    """Parts as branches, their items below; value and limit side by side, the limit with its sign, who decides."""
    look("items", where("items", fails()))


def test_items_of_one_part(look: Look) -> None:
    """One part's items only, the heading names it."""
    look("items-guarantee", where("items", fails(), part="guarantee"))


def test_item(look: Look) -> None:
    """The school by which an item fails, its figure beside the limit."""
    look("item", where("items", fails(), item="G05"))


def test_missing_facts(look: Look) -> None:
    """What is unknown, who could know it, and of which school and stage."""
    look("missing", where("items", unsure(), unknown="any"))


def test_findings(look: Look) -> None:
    """Errors before warnings, each with its mark; the sentence without the school, which has its column."""
    look("findings", where("findings", fails()))


def test_data(look: Look) -> None:
    """Facts under their labels and units; the message line says file, line and column of the cell."""
    look("data", where("data", fails(), school_id="0003000058", stage="primary", field="teachers_associate"))


def test_county_data(look: Look) -> None:
    """Facts of the county with unit, the items that read them, and code; numbers end in one column."""
    look("county-data", where("county_data", fails()))


def test_reliefs(look: Look) -> None:
    """What must be cured and by when, with value and limit side by side; a rare character takes two cells."""
    look("reliefs", where("reliefs", relieved()))


def test_no_reliefs(look: Look) -> None:
    """That no relief is used is said, not shown as an empty list."""
    look("reliefs-none", where("reliefs", fails()))


def test_excluded(look: Look) -> None:
    """Each section left out, with its stage and the reason."""
    look("excluded", where("excluded", fails()))


def test_standard(look: Look) -> None:
    """A tree: headings of branches, limits, clauses; the content takes half of the screen."""
    look("standard", where("standard", fails(), item="G05"))


def test_mapping(look: Look) -> None:
    """Which header is read as which fact, and why."""
    look("mapping", where("mapping"))


def test_settings(look: Look) -> None:
    """What has no value first; the heading says how to give one."""
    look("settings", where("settings", fails()))


def test_switch(look: Look) -> None:
    """Every standard with its verdict, and where it differs from the one in force, which is starred."""
    look("switch", where("switch", fails()))


def under(standard: str) -> Study:
    """The sample with another standard in force."""
    return study().under(study().load(standard))


def test_compare(look: Look) -> None:
    """Two standards side by side: first what has another status, each figure with its limit and mark, and in what they
    differ; the heading names both."""
    look("compare", where("compare", fails()))


def test_compare_every_county(look: Look) -> None:
    """A row a county and year: its verdict under each standard, those that differ first."""
    look("compare-counties", where("compare"))


def test_standards_to_compare(look: Look) -> None:
    """Every standard with a box, marked or not; the one in force first, starred."""
    look("compare-choose", where("compare", fails(), choose="1"))


def test_scorecard(look: Look) -> None:
    """Dimensions and groups with maximum and scores in their columns; what is not recorded in words; both verdicts and
    the layers in the first line."""
    look("scorecard", where("scorecard", fails()), of=under("beijing-2018"))


def test_scorecard_at_a_threshold(look: Look) -> None:
    """Below a point its thresholds: figure, limit, and how many schools miss it."""
    look("scorecard-threshold", where("scorecard", fails(), item="BJ16.1"), of=under("beijing-2018"))


def test_scorecard_that_is_not_there(look: Look) -> None:
    """That this standard has none, and where to go."""
    look("scorecard-none", where("scorecard", fails()))


def test_why(look: Look) -> None:
    """Each value with layer, line, clause; first what decides."""
    look("why", where("why", fails(), path='["indicator", "L2"]'))


def test_plugins(look: Look) -> None:
    """Each plugin with its state in a word and a mark, its title, its standards."""
    look("plugins", where("plugins"))


def test_panel_of_no_plugin(look: Look) -> None:
    """That there is none is said."""
    look("panel", where("panel", fails()))


def test_switch_from_a_layer(look: Look) -> None:
    """From Beijing's: what the others ask and do not ask, and what of each is not recorded."""
    look("switch-beijing", where("switch", fails()), of=under("beijing-2018"))


def test_standard_in_layers(look: Look) -> None:
    """What a layer says is marked with its name, beside its clause and the line of its file."""
    look("standard-beijing", where("standard", fails(), item="BJ18"), of=under("beijing-2018"))


def test_heading_of_two_verdicts_where_there_is_little_room() -> None:
    """Both verdicts, the layers cut."""
    show("overview-beijing", SMALLEST, where("overview", fails()), of=under("beijing-2018"))


def test_every_view_has_a_picture() -> None:
    kept = {path.stem.removesuffix("-80x24") for path in _kept("80x24")}
    assert kept >= {kind.replace("_", "-") for kind in KINDS}
    assert {path.stem.removesuffix("-120x40") for path in _kept("120x40")} <= kept


def _kept(size: str) -> list[Path]:
    return sorted(Path(__file__).with_name("snapshots").glob(f"*-{size}.txt"))


# The derivation beside a figure


def test_explained_indicator(look: Look) -> None:
    """Below the table at 80 columns, beside it at 120: formula, numbers, limit with its clause, what it takes to pass."""
    look("explain-indicator", where("schools", fails()), stand("L4", 0), keys("e"))


def test_explained_dispersion(look: Look) -> None:
    """The formula, the numbers in it, the limit, and the schools that contribute most."""
    look("explain-dispersion", where("dispersion", fails(), stage="primary", indicator="L6"), keys("e"))


def test_explained_item(look: Look) -> None:
    """Outcome, limit, clause, and the school by which it fails."""
    look("explain-item", where("items", fails(), part="guarantee"), stand("label", 4), keys("e"))


def test_explained_part(look: Look) -> None:
    """The part by its name; which schools and which coefficients decide it."""
    look("explain-part", where("overview", fails()), keys("e"))


def test_explanation_with_the_keys(look: Look) -> None:
    """Once the keys go there, a sign stands at the line that leads on, and the table has none."""
    look("explain-focused", where("schools", fails()), stand("L4", 0), keys("e", "tab", "j"))


# What one types and picks


def test_palette(look: Look) -> None:
    """Every command with its keys; what is typed narrows them."""
    look("palette", where("overview", fails()), keys("colon"))


def test_palette_narrowed(look: Look) -> None:
    """Pinyin initials find a command."""
    look("palette-narrowed", where("overview", fails()), keys("colon"), typed("hbz"))


def test_help(look: Look) -> None:
    """The keys of the place one came from, first those of the footer."""
    look("help", where("schools", fails()), keys("question_mark"))


def test_help_of_the_column(look: Look) -> None:
    """At its end the marks, the column one stood in, and how to filter."""
    look("help-end", where("schools", fails()), stand("L2", 0), keys("question_mark", "G"))


def test_filter_being_typed(look: Look) -> None:
    """The line at the bottom, and already only what answers it."""
    look("filter", where("schools", fails()), keys("f"), typed("小学 L7<2.3"))


def test_search_being_typed(look: Look) -> None:
    """The first match while one types pinyin initials."""
    look("search", where("schools", fails()), keys("slash"), typed("ycxx"))


def test_jump_mode(look: Look) -> None:
    """A letter at the corner of each pane, and how to leave."""
    look("jump", where("overview", fails()), keys("J"))


def test_selection(look: Look) -> None:
    """The cells that will be copied, and the keys for it."""
    look("selection", where("schools", fails()), stand("L2", 1), keys("v", "down", "right"))


def test_refusal(look: Look) -> None:
    """A key that does nothing here is named, with where to see the keys."""
    look("refusal", where("overview", fails()), keys("f12"))


# Where the data cannot be shown


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample in the current folder, so that no path on a screen is that of this machine."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "contract")
    return tmp_path


def _request(*names: str) -> Request:
    return Request(files=names, county_facts="county-facts.csv")


def _opened(name: str, size: Size, request: Request, *steps: Step) -> None:
    async def drive() -> None:
        async with driven(BalanceApp(request), size) as screen:
            for step in steps:
                await step(screen)
            assert_snapshot(screen.app, f"{name}-{size[0]}x{size[1]}", styles=True)

    asyncio.run(drive())


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> Size:
    found: Size = request.param
    return found


@pytest.mark.usefixtures("files")
def test_file_that_cannot_be_read(size: Size) -> None:
    """The reason and how to mend it stand alone, with the keys that go on."""
    Path("坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    _opened("stopped", size, _request("坏.xlsx"))


def test_row_that_cannot_be_understood(files: Path, size: Size) -> None:
    """File and line of the row for which nothing was read, what is wrong with it and what to write."""

    def without_stage(rows: list[list[str]]) -> list[list[str]]:
        at = rows[0].index("stage")
        return [rows[0], [*rows[1][:at], "", *rows[1][at + 1 :]], *rows[2:]]

    _rewrite(files, without_stage)
    _opened("refused", size, _request("schools.csv"))


def test_headers_to_be_settled(files: Path, size: Size) -> None:
    """What is not settled first, with what it may be; the heading says what to do; nothing is evaluated yet."""
    _rewrite(files, _with_other_headers)
    _opened("correcting", size, _request("schools.csv"))


def test_pick_list(files: Path, size: Size) -> None:
    """What a column may be read as: the likely ones first with how like they are, leaving it out, then the others."""
    _rewrite(files, _with_other_headers)
    _opened("pick", size, _request("schools.csv"), keys("enter"))


_RENAMED = {"backbone_teachers": "县级以上骨干教师总数", "multimedia_rooms": "网络多媒体教室总量"}


def _with_other_headers(rows: list[list[str]]) -> list[list[str]]:
    return [[_RENAMED.get(cell, cell) for cell in rows[0]], *rows[1:]]


def _rewrite(folder: Path, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    path = folder / "schools.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(change(rows))


def test_rejected_data(look: Look) -> None:
    """数据被拒 in place of a verdict; the finding for which nothing was evaluated stands first."""
    look("rejected", None, of=_rejected())


@cache
def _rejected() -> Study:
    """The sample with a finding for which a file cannot be trusted."""
    found = study()
    row = dict.fromkeys(found.dataset.findings.columns) | fails()._asdict()
    row |= {
        "code": "C17", "severity": "reject", "fields": [], "message_zh": "第 7 行没有学校", "message_en": "row 7 names no school",
        "place": "schools.csv:7",
    }  # fmt: skip
    reject = pl.DataFrame([row], schema=found.dataset.findings.schema)
    dataset = replace(found.dataset, findings=pl.concat([found.dataset.findings, reject]))
    return Study(found.request, dataset, found.standard)


# Other sizes, languages and looks


def test_too_small() -> None:
    """One sentence: what is needed, what there is, how to go on."""
    show("too-small", SMALL, where("overview", fails()))


@pytest.mark.parametrize("view", ["overview", "schools"])
def test_smallest(view: str) -> None:
    """The verdict and what decides it are still read; the table keeps the name, the overall result and some figures."""
    show(view, SMALLEST, where(view, fails()))


@pytest.mark.parametrize("view", ["overview", "schools"])
def test_english(view: str) -> None:
    """The same in English, with headings over their figures."""
    use_language("en")
    show(f"{view}-en", SIZES[0], where(view, fails()), lang="en")


@pytest.mark.parametrize("view", ["overview", "schools"])
@pytest.mark.parametrize("theme", ["ssh", "contrast", "mono"])
def test_theme(theme: ThemeName, view: str) -> None:
    """The same text; where there is no colour, the marks still tell, and the cursor is seen."""
    use_theme(theme)
    show(f"{view}-{theme}", SIZES[0], where(view, fails()))


@pytest.mark.parametrize("view", ["overview", "schools"])
def test_wide_characters(view: str) -> None:
    """Stand-ins of certain width for marks, signs and lines, in the same columns."""
    use_ambiguous("wide")
    show(f"{view}-wide", SIZES[0], where(view, fails()), of=study().in_new_language())
