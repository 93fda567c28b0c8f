"""What a person over SSH waits for and pays for: the app in a real terminal beside VisiData and twenty lines of Textual.

All are given the same terminal, a home of their own, and as long to fall silent.
"""

from __future__ import annotations

import csv
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from balance_tui.language import Text
from balance_tui.reading import read_sample
from balance_tui.request import Request
from balance_tui.standard.load import load_standard
from balance_tui.tui.cells import shown
from balance_tui.tui.study import Study
from balance_tui.tui.view import TablePane
from balance_tui.tui.views import build
from balance_tui.tui.where import where

from . import nation
from .measure import Row, at_most
from .pty_driver import Terminal

SIZE = (80, 24)
FRAME = 1 / 60
"""Seconds a screen of 60 Hz shows one picture."""
SSH = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22"}
TWENTY_LINES = [sys.executable, str(Path(__file__).with_name("twenty_lines.py"))]
VISIDATA = [
    sys.executable, "-m", "visidata", "--config", "/dev/null", "--visidata-dir", "/nonexistent", "--motd-url", "",
]  # fmt: skip
"""Without anybody's settings, and without its message of the day, which comes over the network."""
_FIGURE = re.compile(r"\d+\.\d+")
_SETTLED = 1.0
"""Seconds without a byte after which a program is taken to have said all."""
_LOADED = "前置条件"
"""Stands on the overview once the result is there."""


def app(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "balance_tui", *arguments]


def rows(runs: int, *, short: bool = False) -> Iterator[Row]:
    """First frames, bytes, and a table of 100,000 schools (`short`: of 2,000) beside one of a hundred."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from first_frames(folder, runs)
        yield from bytes_beside_visidata(folder, runs)
        yield from many_schools(folder, runs, 2_000 if short else 100_000)
        yield from switching(folder, 4 if short else 40)


# The first frame


def first_frames(folder: Path, runs: int) -> Iterator[Row]:
    """The demo and a file that was opened before, until the figures of the county stand on the screen; beside the last
    figure of twenty lines of Textual."""
    data = _county(folder, 500)
    for what, argv in (
        (Text("示例", "the demo"), app("demo")),
        (Text("开过的文件 (500 所学校)", "a file opened before (500 schools)"), app(*data)),
    ):
        home = folder / "home"
        figures = _figures_of(argv, home)
        ours, theirs = [], []
        for _ in range(runs + 1):
            ours.append(_seconds(argv, home, figures))
            theirs.append(_seconds(TWENTY_LINES, home, ["L11", "251"]))
        yield at_most(
            Text("首屏有县的数字: {what}; 参照: 20 行的 Textual 程序, DataTable 500 x 12",
                 "first frame with a county's figures: {what}; a 20-line Textual app, DataTable 500 x 12").fill(what=what),
            statistics.median(ours[1:]), statistics.median(theirs[1:]), 1.0,
        )  # fmt: skip


def _figures_of(argv: Sequence[str], home: Path) -> list[str]:
    """Open it once and let it be remembered; the figures that stand on its first screen."""
    with Terminal(argv, *SIZE, home=home) as terminal:
        terminal.wait_until(lambda text: len(_FIGURE.findall(text)) > 5 and _is_there(text))
        terminal.wait_quiet(_SETTLED)
        figures = _FIGURE.findall(terminal.text)
        _leave(terminal)
    return figures


def _is_there(text: str) -> bool:
    """Whether the result is shown and no longer what was remembered of it: then it can be switched."""
    return " p " in text.splitlines()[-1]


def _leave(terminal: Terminal) -> None:
    terminal.press("q")
    status = terminal.wait_exit()
    assert status == 0, f"ended with {status}\n{terminal.text}"


def _seconds(argv: Sequence[str], home: Path, texts: Sequence[str]) -> float:
    with Terminal(argv, *SIZE, home=home) as terminal:
        return terminal.shown_after(*texts)


# Bytes


def bytes_beside_visidata(folder: Path, runs: int) -> Iterator[Row]:
    """The first screen, a row down and a page down of schools × indicators, in the SSH theme and in VisiData."""
    table = folder / "schools.csv"
    write_table(table)
    home = folder / "home"
    with Terminal(app("demo", "--view", "schools"), *SIZE, home=home, environment=SSH) as terminal:
        _until_loaded(terminal)  # remembered from now on
        _leave(terminal)
    starts = min(runs, 3)
    ours = _bytes(app("demo", "--view", "schools"), home, SSH, runs, starts)
    theirs = _bytes([*VISIDATA, str(table)], home, {}, runs, starts)
    names = (
        (Text("首屏 80x24", "first screen, 80x24"), 1.5),
        (Text("下移一行", "one row down"), 1.0),
        (Text("下翻一页", "one page down"), 1.0),
    )
    program = f"VisiData {version('visidata')}"
    for (name, limit), mine, other in zip(names, ours, theirs, strict=True):
        what = Text("{name}: 字节 (SSH 配色); 参照: 同一张表在 {program}",
                    "{name}: bytes (SSH theme); the same table in {program}")  # fmt: skip
        yield bytes_at_most(what.fill(name=name, program=program), mine, other, limit)


def bytes_at_most(what: Text, measured: float, yardstick: float, limit: float) -> Row:
    """A row whose bytes may be `limit` times those of its yardstick."""
    ratio = measured / yardstick
    reach = Text(f"≤ {limit:g} ×", f"≤ {limit:g} ×")
    return Row(what, told_bytes(measured), told_bytes(yardstick), f"{ratio:.2f} ×", reach, ratio <= limit)


def told_bytes(size: float) -> str:
    """A number of bytes in the unit it reads best in.

    >>> told_bytes(97), told_bytes(10207)
    ('97 B', '10.2 kB')
    """
    return f"{size:.0f} B" if size < 1000 else f"{size / 1000:.1f} kB"


def _bytes(
    argv: Sequence[str], home: Path, environment: dict[str, str], runs: int, starts: int
) -> tuple[float, float, float]:
    """The fewest bytes of a first screen, as a busy machine may draw it twice, and medians of those of keys from the
    second press on."""
    first: list[int] = []
    down: list[int] = []
    page: list[int] = []
    for _ in range(starts):
        with Terminal(argv, *SIZE, home=home, environment=environment) as terminal:
            _until_loaded(terminal)
            first.append(terminal.total)
            down += [terminal.answer("down", quiet=_SETTLED).size for _ in range(-(-runs // starts) + 1)][1:]
            for _ in range(-(-runs // starts)):
                page.append(terminal.answer("pagedown", quiet=_SETTLED).size)
                terminal.answer("pageup", quiet=_SETTLED)
    return min(first), statistics.median(down), statistics.median(page)


def _until_loaded(terminal: Terminal) -> None:
    """The table stands there whole, and nothing more comes: status lines of VisiData, our own loaded result."""
    terminal.wait_until(lambda text: len(_FIGURE.findall(text)) > 50)
    terminal.wait_quiet(_SETTLED)


def write_table(path: Path) -> None:
    """What the app's table of schools × indicators shows of the sample's first county, cell by cell, as csv."""
    standard = load_standard("national-2017")
    study = Study(Request(), read_sample(standard), standard)
    view = build(study, where("schools", study.counties[0]))
    sheet = next(pane.sheet for pane in view.panes if isinstance(pane, TablePane))
    titles = [" ".join(filter(None, (shown(str(c.title)), shown(str(c.under))))) for c in sheet.columns]
    lines = ([f"{cell.text}{cell.mark}" for cell in sheet.cells(row)] for row in range(sheet.height))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([titles, *lines])


# Many schools


def many_schools(folder: Path, runs: int, many: int) -> Iterator[Row]:
    """From the key until the table of schools stands on the screen, where the data is loaded: for the first time, and
    again; one county of `many` schools beside one of a hundred."""
    first: list[list[float]] = [[], []]
    again: list[list[float]] = [[], []]
    counties = [_county(folder, schools) for schools in (many, 100)]
    for run in range(min(runs, 6)):
        terminals = [_opened(each, folder) for each in counties]
        # Who is asked second finds a machine that is awake: they take turns.
        for number in (0, 1) if run % 2 else (1, 0):
            terminals[number].wait_quiet(_SETTLED)
            first[number].append(terminals[number].answer("2", quiet=_SETTLED).stood)
        for _ in range(runs):
            for number, terminal in enumerate(terminals):
                terminal.answer("1")
                again[number].append(terminal.answer("2").stood)
        for terminal in terminals:
            terminal.close()
    for when, times in ((Text("第一次", "the first time"), first), (Text("再次", "again"), again)):
        what = Text("打开 {many} 所学校的表, {when}; 参照: 100 所",
                    "a table of {many} schools opens, {when}; of 100")  # fmt: skip
        yield at_most(
            what.fill(many=f"{many:,}", when=when),
            statistics.median(times[0]), statistics.median(times[1]), 1.2,
        )  # fmt: skip


# Another standard


def switching(folder: Path, times: int) -> Iterator[Row]:
    """From the key that chooses another standard until its verdict stands on the screen, for a county of 500 schools
    that every installed standard has been applied to behind the screen; beside one frame of a 60 Hz screen."""
    terminal = _opened(_county(folder, 500), folder)
    terminal.answer("p", quiet=5)
    terminal.answer("escape")
    taken = []
    for _ in range(times):
        before = terminal.text.splitlines()[0]
        terminal.answer("p")
        terminal.answer("down", "down")
        taken.append(terminal.answer("enter", quiet=_SETTLED).stood)
        assert terminal.text.splitlines()[0] != before, terminal.text
    terminal.close()
    worst = statistics.quantiles(taken, n=20)[-1] if len(taken) > 19 else max(taken)
    what = Text("换一个标准到新结论画出, 95 分位 (500 所学校); 参照: 60 Hz 的一帧",
                "another standard chosen until its verdict is painted, p95 (500 schools); a frame at 60 Hz")  # fmt: skip
    yield at_most(what, worst, FRAME, 2.0)


def _opened(data: Sequence[str], folder: Path) -> Terminal:
    terminal = Terminal(app(*data), *SIZE, home=folder / "other")
    terminal.wait_for(_LOADED)
    terminal.wait_quiet(_SETTLED)
    return terminal


def _county(folder: Path, schools: int) -> list[str]:
    """Arguments of the app for one made-up county of so many schools."""
    size = nation.Size(schools, 1)
    sections, facts = folder / f"schools-{schools}.parquet", folder / f"county-{schools}.parquet"
    nation.write_sections(sections, nation.sections(size))
    nation.write_county_facts(facts, nation.county_facts(size))
    return [str(sections), "--county-facts", str(facts)]
