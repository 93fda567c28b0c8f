"""Every command that can be given now, to be found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...language import Text
from ..actions import REGISTRY, Action, key_shown
from ..assessing.inside import is_outside
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View, nowhere

if TYPE_CHECKING:
    from ..app import BalanceApp

COMMANDS = Text("命令", "commands")
LABEL = Column("label", Text("命令", "command"), least=8, most=24)
KEYS = Column("keys", Text("按键", "keys"), least=4, most=16)
HELP = Column("help", Text("说明", "what it does"), least=20, most=100, stretch=True)
NAME = Column(
    "id", Text("编号", "id"), least=6, most=20, note=Text("键位文件中的名称", "its name in a keymap file")
)


def build(app: BalanceApp) -> View:
    """What can be done where one is, with its keys; entering a line does it."""
    offered = available(app)
    rows = tuple(
        (_cell(str(each.label), "bold"), keys_cell(app, each), _cell(str(each.help)), _cell(each.id, "dim"))
        for each in offered
    )
    records = tuple(record_of(each) for each in offered)
    sheet = ListSheet((LABEL, KEYS, HELP, NAME), rows, records)
    return View(COMMANDS, (TablePane("palette", COMMANDS, sheet, nowhere, runs(app), counted=COMMANDS),))


def available(app: BalanceApp) -> list[Action]:
    """What can be done now: first what the footer names, in its order; the views one can go to at the end."""
    offered = [each for each in REGISTRY.values() if applies(app, each)]
    return sorted(offered, key=lambda each: (_rank(each), is_view(each)))


def _rank(action: Action) -> float:
    return action.footer or float("inf")


def applies(app: BalanceApp, action: Action) -> bool:
    """Whether an action is offered where keys go now, and can be done."""
    here = "explain" if app.in_explanation else "table"
    if is_outside(app.session, action):
        return False
    return action.stands_in(app.where.view, here) and (action.when is None or action.when(app))


def is_view(action: Action) -> bool:
    """Whether the action goes to a view."""
    return action.id.startswith("go-")


def record_of(action: Action) -> dict[str, Any]:
    """What the line of an action carries."""
    return {"_key": action.id, "action": action.id}


def keys_cell(app: BalanceApp, action: Action) -> Cell:
    """The keys of an action as they are pressed."""
    return _cell(" ".join(map(key_shown, app.keymap.get(action.id, ()))), "key")


def runs(app: BalanceApp) -> Any:
    """What entering a line does: go back to where one was, and do its action there."""
    explaining = app.in_explanation

    def leads(record: Record, column: str) -> Doing | None:  # noqa: ARG001
        name = record.get("action")
        if name is None:
            return None

        def run(app: BalanceApp) -> None:
            app.back()
            if explaining:
                app.screen.set_focus(app.explanation)
            app.perform(str(name))

        return run

    return leads


def _cell(text: str, style: str = "") -> Cell:
    return Cell(shown(text), "", style)
