"""A workspace with an assessment of one made-up county in it, and the app opened on it in a real terminal."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from balance_tui.records.desk import Desk
from balance_tui.records.office import import_files
from balance_tui.records.roles import Area, Role
from balance_tui.records.sitting import sit_down, system_user
from balance_tui.records.workspace import FileKind, standard_kept
from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from balance_tui.tui.assessing.proposing import READY

from .terminal import PATIENCE, Terminal, balance, clean_environment, command

NAME = "示例甲县2025"
COUNTY = ("示例省", "示例市", "示例甲县", 2025)


@dataclass(frozen=True)
class Workspace:
    """A workspace in `folder`, whose administrator runs the tests, and may correct and judge besides."""

    folder: Path
    home: Path

    def desk(self) -> Desk:
        """A desk of the administrator."""
        return sit_down(str(self.folder))

    def open(self, user: str | None = None, *, columns: int = 80, rows: int = 24) -> Terminal:
        """The app on the assessment, at its overview."""
        options = ["--as", user] if user else []
        return balance(
            *options,
            "assess",
            "open",
            NAME,
            "--workspace",
            str(self.folder),
            columns=columns,
            rows=rows,
            home=self.home,
        )

    def shown(self) -> dict[str, Any]:
        """What `assess show --json` says."""
        done = subprocess.run(
            command("assess", "show", NAME, "--json", "--workspace", str(self.folder)), capture_output=True, check=True,
            env=clean_environment(self.home),
        )  # fmt: skip
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def verdict(self) -> str:
        """The verdict that the command line gives."""
        return str(self.shown()["counties"][0]["verdict"])


def made(folder: Path, home: Path, users: dict[str, Role] | None = None) -> Workspace:
    """A new workspace with the assessment of one county, and users with one role each, everywhere."""
    desk = sit_down(str(folder), create=True)
    desk.grant(system_user(), "inspector", Area())
    everybody: dict[str, Role] = {"li": "inspector"} if users is None else users
    for name, role in everybody.items():
        desk.add_user(name)
        desk.grant(name, role, Area())
    desk.create(
        NAME, "示例", Area(*COUNTY[:3]), COUNTY[3], standard_kept(desk.log, load_standard("national-2017"))
    )
    import_files(desk, NAME, one_county(folder.with_name(f"{folder.name}-data")))
    desk.log.close()
    return Workspace(folder, home)


def one_county(folder: Path) -> Sequence[tuple[FileKind, Path]]:
    """The made-up tables with the rows of one county and year."""
    folder.mkdir(parents=True)
    write(folder, "contract")
    kinds: Sequence[tuple[FileKind, str]] = (
        ("data", "schools.csv"), ("county_facts", "county-facts.csv"), ("judgements", "judgements.csv"),
    )  # fmt: skip
    for _, name in kinds:
        rows = pl.read_csv(folder / name, infer_schema=False)
        rows.filter(pl.col("county") == COUNTY[2], pl.col("year") == str(COUNTY[3])).write_csv(folder / name)
    return [(kind, folder / name) for kind, name in kinds]


def to_cell(terminal: Terminal, school: str, code: str) -> None:
    """Go to a fact of a school on the screen of data."""
    terminal.wait_for("由什么决定")
    terminal.press("6")
    terminal.wait_until(lambda text: text.split("\n")[1].startswith("数据"))
    terminal.press("slash")
    terminal.wait_for("\n查找")
    terminal.type(school)
    terminal.press("enter")
    terminal.wait_until(lambda text: f"▸{school}" in text.replace("…", ""))
    for _ in range(80):
        if f" {code} (" in terminal.text or f" {code}:" in terminal.text:
            return
        _to_the_right(terminal)
    raise AssertionError(f"{code} is not there\n{terminal.text}")


def _to_the_right(terminal: Terminal) -> None:
    """The column to the right, until the message line tells of it."""
    told = terminal.display[-2]
    terminal.press("l")
    terminal.wait_until(lambda _: terminal.display[-2] != told)


def correct(terminal: Terminal, value: str) -> None:
    """Type a value for the cell one stands on, look at what it would change, and save it."""
    propose(terminal, value)
    confirm(terminal, "已保存")


def confirm(terminal: Terminal, *expected: str, key: str = "enter") -> None:
    """Confirm what is shown, until all of this is there. Where others write just then, what would change is worked out
    anew: confirmed once more only when the app says that it can be."""

    def is_done(text: str) -> bool:
        return all(each in text for each in expected)

    terminal.press(key)
    while True:
        terminal.wait_until(lambda text: is_done(text) or READY.zh in text)
        if is_done(terminal.text):
            return
        terminal.press(key)
        terminal.wait_until(lambda text: is_done(text) or READY.zh not in text)


def until_kept(workspace: Workspace, text: str) -> None:
    """Until what was typed is kept as a draft, which is behind the screen."""
    until = time.monotonic() + PATIENCE
    while not any(f'"{text}"' in path.read_text() for path in (workspace.folder / "drafts").glob("*.json")):
        assert time.monotonic() < until, f"{text} is not kept"
        time.sleep(0.01)


def propose(terminal: Terminal, value: str) -> None:
    """Type a value for the cell one stands on, until what it would change is there."""
    terminal.press("i")
    terminal.wait_for("\n更正 ")
    terminal.press("ctrl+u")
    terminal.type(value)
    terminal.press("enter")
    terminal.wait_for("会改变什么")
    terminal.wait_gone("影响计算中")
