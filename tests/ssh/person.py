"""What somebody does who has logged in over SSH: opens an assessment, goes to its data, corrects a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from balance_tui.records.desk import Desk
from balance_tui.records.keys import read_key
from balance_tui.records.office import import_files
from balance_tui.records.roles import Area, Role
from balance_tui.records.sitting import sit_down, system_user
from balance_tui.records.workspace import standard_kept
from balance_tui.standard.load import load_standard
from tests.tui.assessed import COUNTY, NAME, one_county
from tests.tui.terminal import Terminal

from .server import Server

LIST, OVERVIEW, OFFERED = "评估项目", "由什么决定", "上次断线前未保存的"
"""What stands on the list of assessments, on the overview of one, and where a draft is offered."""
SAVED, UNCHANGED = "已保存", "没有变化"
"""What is said once it is on disk, and where nothing was to be written."""
FIELD, STEPS = "students", 7
"""A fact that a person corrects, and how often one goes to the right for it."""


def make_assessment(server: Server, name: str = NAME) -> None:
    """An assessment of one made-up county in the server's workspace; nobody but its owner has a role yet."""
    with closing(sit_down(str(server.workspace)).log) as log:
        desk = Desk(log, system_user(), "made")
        desk.grant(system_user(), "inspector", Area())
        desk.create(
            name, "", Area(*COUNTY[:3]), COUNTY[3], standard_kept(log, load_standard("national-2017"))
        )
        import_files(desk, name, one_county(server.folder / f"data of {name}"))


def let_in(server: Server, users: Mapping[str, Role]) -> None:
    """Users with a key and a role each, everywhere: as `Server.let_in`, without a program for each step."""
    with closing(sit_down(str(server.workspace)).log) as log:
        desk = Desk(log, system_user(), "made")
        for name, role in users.items():
            desk.add_user(name)
            desk.put_key(name, "1", read_key(Path(f"{server.key_of(name)}.pub")))
            desk.grant(name, role, Area())
    server.write_keys()


def log_in(
    server: Server, user: str, *, columns: int = 80, rows: int = 24, term: str = "xterm-256color", port: int | None = None,
    lang: str | None = None,
) -> Terminal:  # fmt: skip
    """An ssh client in a terminal, as a user starts it; `lang` is what it sends of its locale."""
    options, environment = (["-o", "SendEnv=LANG"], {"LANG": lang}) if lang else ([], {})
    command = server.command(user, options=options, pty=True, port=port)
    return Terminal(command, columns, rows, term=term, environment=environment)


def open_assessment(terminal: Terminal, name: str = NAME) -> None:
    """From the list of assessments to one of them, or to what was being typed there when the line dropped."""
    terminal.wait_for(LIST, name)
    while not any(line.startswith(f"▸{name} ") for line in terminal.text.split("\n")):
        before = terminal.text
        terminal.press("down")
        terminal.wait_until(lambda text, before=before: text != before)  # type: ignore[misc]
    terminal.press("enter")
    terminal.wait_until(lambda text: OVERVIEW in text or OFFERED in text)


def to_data(terminal: Terminal) -> None:
    """From the overview to the first school's cell of `FIELD`; the keys are typed ahead, as on a slow line."""
    terminal.press("6", *"l" * STEPS)
    terminal.wait_until(lambda text: f"{FIELD} (" in text or f"{FIELD}:" in text)


def typed(terminal: Terminal) -> str:
    """What stands in the line that asks for a value, once it is there."""
    terminal.wait_until(
        lambda text: any(line.startswith("更正 ") and "):" in line for line in text.split("\n"))
    )
    terminal.wait_quiet(0.5)  # the question may be painted before what stands behind it
    line = next(line for line in terminal.text.split("\n") if line.startswith("更正 ") and "):" in line)
    value = re.match(r" ?(\S*)", line.rpartition("):")[2])
    assert value is not None
    return value[1]  # behind it may stand what comes of it


def type_value(terminal: Terminal, value: str) -> None:
    """Type a value for the cell one stands on, until it stands on the screen."""
    terminal.press("i")
    terminal.wait_for("\n更正 ")
    terminal.press("ctrl+u")
    terminal.type(value)
    terminal.wait_for(f": {value}")


def look_at_effects(terminal: Terminal) -> None:
    """Have what was typed taken, until what it would change is there."""
    terminal.press("enter")
    terminal.wait_for("会改变什么")
    terminal.wait_gone("影响计算中")


def was_told_saved(text: str, value: str) -> bool:
    """Whether the screen says that this value is saved."""
    return any(SAVED in line and f"→ {value}" in line for line in text.split("\n"))


def confirm(terminal: Terminal, value: str) -> None:
    """Have it recorded, until the screen says that it is saved."""
    terminal.press("enter")
    terminal.wait_until(lambda text: was_told_saved(text, value))


def correct(terminal: Terminal, value: str) -> None:
    """Type, look and confirm."""
    type_value(terminal, value)
    look_at_effects(terminal)
    confirm(terminal, value)
