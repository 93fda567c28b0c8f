"""A person corrects cells of a county of 500 schools in the app, in a real terminal: from a key until what it brings is
painted, beside one frame of a 60 Hz screen."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from balance_tui.data.dictionary import KEY_FIELDS
from balance_tui.language import Text
from balance_tui.records.office import import_files
from balance_tui.records.roles import Area
from balance_tui.records.sitting import sit_down, system_user
from balance_tui.records.workspace import standard_kept
from balance_tui.standard.load import load_standard

from . import nation
from .measure import Row, told
from .pty_driver import Terminal
from .terminal_bench import SIZE, app

FRAME = 1 / 60
EDITS = 32
"""Cells corrected, the facts taking turns."""
FACTS = ("students", "backbone_teachers", "pe_teachers", "teaching_area")
NAME = "A"
_WAITS = "影响计算中"
_QUIET, _MOVED = 0.5, 0.15
"""Seconds without a byte after which all is taken to be painted."""


def rows(*, short: bool = False) -> Iterator[Row]:
    """From the enter that ends a typed value until what it would change is painted; from the enter that confirms that
    until the table and the verdict show it, the correction being on disk, for which there is a budget. The 95th of a
    hundred."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _workspace(folder, 60 if short else 500)
        command = app("assess", "open", NAME, "--workspace", str(folder / "workspace"))
        with Terminal(command, *SIZE, home=folder / "home") as terminal:
            tried, confirmed = _edited(terminal, 1 if short else EDITS)
    known = Text("500 所学校", "500 schools")
    typed = Text(
        f"应用中: 键入数值后回车, 至其影响画出, 95 分位 ({known.zh}); 参照: 60 Hz 的一帧",
        f"in the app: enter behind a typed value until its effects are painted, p95 ({known.en}); a frame at 60 Hz",
    )
    saved = Text(
        f"应用中: 回车确认更正, 至落盘且表与结论重画, 95 分位 ({known.zh}); 参照: 60 Hz 的一帧",
        "in the app: enter on a shown correction until it is on disk and table and verdict are repainted, p95 "
        f"({known.en}); a frame at 60 Hz",
    )
    yield _row(typed, tried, None)
    yield _row(saved, confirmed, 2)


def _row(what: Text, seconds: list[float], most: int | None) -> Row:
    p95 = sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]
    plain = Row(what, told(p95), told(FRAME), f"{p95 / FRAME:.2f} ×")
    return (
        plain
        if most is None
        else replace(plain, reach=Text(f"≤ {most} ×", f"≤ {most} ×"), ok=p95 <= most * FRAME)
    )


def _workspace(folder: Path, schools: int) -> None:
    """A workspace with the assessment of one made-up county."""
    size = nation.Size(schools, 1)
    sections, facts = folder / "schools.parquet", folder / "county.parquet"
    nation.write_sections(sections, nation.sections(size))
    nation.write_county_facts(facts, nation.county_facts(size))
    province, city, county, year = nation.county_facts(size).select(KEY_FIELDS).row(0)
    desk = sit_down(str(folder / "workspace"), create=True)
    desk.grant(system_user(), "inspector", Area())
    standard = standard_kept(desk.log, load_standard("national-2017"))
    desk.create(NAME, "示例", Area(province, city, county), year, standard)
    import_files(desk, NAME, [("data", sections), ("county_facts", facts)])
    desk.log.close()


def _edited(terminal: Terminal, edits: int) -> tuple[list[float], list[float]]:
    """Seconds of each edit until its effects were painted, and from its confirmation until all was."""
    terminal.wait_for("由什么决定")
    terminal.wait_quiet(_QUIET)
    terminal.press("6")
    terminal.wait_until(lambda text: text.split("\n")[1].startswith("数据"))
    tried, confirmed = [], []
    for number in range(edits + len(FACTS)):  # what is made the first time does not count
        _to_fact(terminal, FACTS[number % len(FACTS)])
        terminal.answer("down")
        terminal.press("i")
        terminal.wait_for("\n更正 ")
        terminal.press("ctrl+u")
        terminal.type(str(number + 20))
        terminal.wait_quiet(_QUIET)
        tried.append(_until_told(terminal))
        confirmed.append(terminal.answer("enter", quiet=_QUIET).last)
        assert "已保存" in terminal.text, terminal.text
    return tried[len(FACTS) :], confirmed[len(FACTS) :]


def _until_told(terminal: Terminal) -> float:
    """Seconds from enter until the effects stood on the screen."""
    started = time.perf_counter()
    stood = terminal.answer("enter", quiet=_QUIET).stood
    if _WAITS not in terminal.text:
        return stood
    terminal.wait_gone(_WAITS)
    return time.perf_counter() - started


def _to_fact(terminal: Terminal, code: str) -> None:
    """Go along the row to a fact, which the message line names; from the first column on where it is not behind."""
    for _ in range(160):
        line = terminal.display[-2].rstrip()
        if line.endswith(f":{code}"):
            return
        terminal.press("right")
        terminal.wait_quiet(_MOVED)
        if terminal.display[-2].rstrip() == line:
            terminal.press("circumflex_accent")
            terminal.wait_quiet(_MOVED)
    raise AssertionError(f"{code} is not there\n{terminal.text}")
