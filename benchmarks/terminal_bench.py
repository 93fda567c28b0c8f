"""What a person at the end of a slow line waits for: first frame, bytes, a table of 100,000 schools. In a real pty."""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from balance_tui.language import Text
from balance_tui.reading import read_sample
from balance_tui.request import Request
from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from balance_tui.tui.study import Study
from balance_tui.tui.view import TablePane
from balance_tui.tui.views import build, prepare
from balance_tui.tui.where import County, where

from . import nation
from .measure import Row, at_most
from .pty_driver import Terminal

COUNTY = County("示例省", "示例市", "示例丙旗", 2024)
REMOTE = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
QUIET = 0.4
"""Seconds of silence after which nothing more is expected."""
DOWN, PAGES = 8, 3
LARGE = 100_000


def rows(runs: int, *, short: bool = False) -> Iterator[Row]:
    """Every row of DESIGN 9 that is measured in a terminal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from first_frame(folder, runs)
        yield from bytes_sent(folder)
        yield large_table(folder, runs, 2_000 if short else LARGE)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "balance_tui", *arguments]


def first_frame(folder: Path, runs: int) -> Iterator[Row]:
    """From the start of the program until a county's figures stand on the screen, as the second opening shows them."""
    write(folder / "sample", "contract")
    home = folder / "home"
    home.mkdir()
    files = (
        str(folder / "sample" / "schools.csv"),
        "--county-facts",
        str(folder / "sample" / "county-facts.csv"),
    )
    yardstick = [sys.executable, str(Path(__file__).with_name("twenty_lines.py"))]
    for what, arguments in (
        (
            Text(
                "首帧有数: demo; 参照: 20 行的 DataTable", "first frame with figures, demo; 20-line DataTable"
            ),
            ("demo",),
        ),
        (Text("首帧有数: 自己的文件", "first frame with figures, files opened before"), files),
    ):
        _until(command(*arguments), ("示例丁市", "帮助"), home, settled=True)
        turns = [
            (_until(command(*arguments), ("示例丁市", "1.095"), home), _until(yardstick, ("251",), home))
            for _ in range(runs)
        ]
        ours, theirs = (statistics.median(column) for column in zip(*turns, strict=True))
        yield at_most(what, ours, theirs, 1.0)


def _until(argv: Sequence[str], texts: tuple[str, ...], home: Path, *, settled: bool = False) -> float:
    with Terminal(argv, home=home) as terminal:
        taken = terminal.shown_after(*texts)
        if settled:
            terminal.wait_quiet(2.0)
        return taken


def bytes_sent(folder: Path) -> Iterator[Row]:
    """The schools of one county at 80x24 in the SSH theme, and VisiData on the same table."""
    table = folder / "schools.csv"
    _write_table(table)
    home = folder / "remote"
    home.mkdir()
    shown = command("demo", "--county", COUNTY.county or "", "--year", str(COUNTY.year), "--view", "schools")
    theirs = [str(Path(sys.executable).with_name("vd")), "--config", "/dev/null", str(table)]
    for _ in range(2):  # the second opening is the one that is measured
        ours = _sent(shown, "示例丙旗红柳小学", home)
    yardstick = _sent(theirs, "红柳", home)
    name = f"VisiData {version('visidata')}"
    for what, own, their, limit in (
        (Text(f"首屏字节 (80x24, SSH 配色); 参照: {name}", f"bytes of the first screen, 80x24, SSH; {name}"),
         ours[0], yardstick[0], 1.5),
        (Text("下移一行的字节", "bytes of one row down"), ours[1], yardstick[1], 1.0),
        (Text("下翻一页的字节", "bytes of one page down"), ours[2], yardstick[2], 1.0),
    ):  # fmt: skip
        ratio = own / their
        reach = Text(f"≤ {limit:g} ×", f"≤ {limit:g} ×")
        yield Row(what, f"{own:.0f} B", f"{their:.0f} B", f"{ratio:.2f} ×", reach, ratio <= limit)


def _write_table(path: Path) -> None:
    """The table as the app shows it, for another program to show."""
    standard = load_standard("national-2017")
    study = Study(Request(), read_sample(standard), standard)
    prepare(study)
    pane = build(study, where("schools", COUNTY)).panes[0]
    assert isinstance(pane, TablePane)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(str(column.title) for column in pane.sheet.columns)
        for row in range(pane.sheet.height):
            writer.writerow(f"{cell.text}{cell.mark}" for cell in pane.sheet.cells(row))


def _sent(argv: Sequence[str], text: str, home: Path) -> tuple[float, float, float]:
    """Bytes of the first screen until nothing more comes, of a row down and of a page down."""
    with Terminal(argv, home=home, environment=REMOTE) as terminal:
        terminal.wait_for(text)
        terminal.wait_quiet(2.5)
        first = terminal.total
        down = [terminal.answer("down", quiet=QUIET).size for _ in range(DOWN)]
        pages = [terminal.answer("pagedown", quiet=QUIET).size for _ in range(PAGES)]
    return first, statistics.median(down), statistics.median(pages[:2])


def large_table(folder: Path, runs: int, schools: int) -> Row:
    """From the key that opens the table of schools until it stands there, of a county of so many schools and of 100."""
    turns = [[_opened(folder, size) for size in (schools, 100)] for _ in range(max(runs // 3, 1))]
    large, small = (statistics.median(column) for column in zip(*turns, strict=True))
    what = Text(
        f"打开 {schools:,} 所学校的表; 参照: 100 所的表",
        f"the table of {schools:,} schools opens; the table of 100",
    )
    return at_most(what, large, small, 1.2)


def _opened(folder: Path, schools: int) -> float:
    path = folder / f"county-{schools}.parquet"
    if not path.exists():
        nation.write_sections(path, nation.sections(nation.Size(schools, 1)))
    with Terminal(command(str(path)), environment=REMOTE) as terminal:
        terminal.wait_for("差异系数", timeout=120)
        terminal.wait_quiet(3.0, timeout=120)
        taken = []
        for _ in range(5):
            taken.append(terminal.answer("2", quiet=QUIET).last)
            terminal.answer("1", quiet=QUIET)
    return statistics.median(taken)
