"""A line typed at the bottom: asked for, kept under the keys, answered or given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import BalanceError
from ..language import Text
from .cells import shown, width

if TYPE_CHECKING:
    from textual.widget import Widget

    from .app import BalanceApp
    from .widgets.prompt import Prompt

TYPED = 24
"""Cells that are left for what is typed, however long the question is."""


@dataclass
class Asked:
    """A question that stands open: what to do with the answer, and with every change before it."""

    question: Text
    row: Widget
    prompt: Prompt
    then: Callable[[str], object]
    changed: Callable[[str], object] | None
    initial: str
    read: str
    """What the line reads, as far as it has been told of."""


def room_of(columns: int) -> int:
    """Cells that a question has in a terminal of so many columns: what is typed keeps some."""
    return max(columns // 2, columns - TYPED)


def ask(
    app: BalanceApp, question: Text, initial: str, then: Callable[[str], object],
    changed: Callable[[str], object] | None,
) -> None:  # fmt: skip
    """Put a line below the panes, the question before it."""
    from textual.containers import Horizontal

    from .widgets.bars import Bar
    from .widgets.prompt import Prompt

    if app.typing:
        give_up(app)
    label = Bar()
    label.styles.width = min(width(shown(str(question))) + 1, room_of(app.size.width) + 1)
    label.styles.height = 1
    label.say(f"{question} ", "key")
    prompt = Prompt(initial, select_on_focus=False)
    # A blinking cursor is sent over the line twice a second.
    prompt.cursor_blink = False
    row = Horizontal(label, prompt)
    row.styles.height = 1
    app.asked = Asked(question, row, prompt, then, changed, initial, initial)
    app.screen.add_class("typing")
    app.screen.mount(row, before=app.footer)
    prompt.cursor_position = len(initial)
    app.call_after_refresh(_focus, prompt)
    app.settle()


def _focus(prompt: Prompt) -> None:
    """Once it has its place on the screen."""
    if prompt.is_attached:
        prompt.focus()
        prompt.call_after_refresh(prompt.place_cursor)


def press(app: BalanceApp, key: str) -> None:
    """Keys that are not typed: give up, or move in the table while one types."""
    steps = {
        "up": -1,
        "down": 1,
        "pageup": -(app.table.page if app.table else 1),
        "pagedown": app.table.page if app.table else 1,
    }
    if key in steps and app.table is not None:
        app.table.move(steps[key])
    elif key in ("escape", "ctrl+c"):
        asked = app.asked
        give_up(app)
        if asked and asked.changed:
            asked.changed(asked.initial)
        app.describe()


def changed(app: BalanceApp, asked: Asked) -> None:
    """The line reads otherwise than before."""
    app.screen.remove_class("mistyped")
    if asked.changed:
        asked.changed(asked.read)


def answer(app: BalanceApp, text: str) -> None:
    """Take the line as it is typed; where it cannot be taken that is said, and it can be typed on."""
    asked = app.asked
    if asked is None:
        return
    give_up(app)
    try:
        asked.then(text)
    except BalanceError as error:
        ask(app, asked.question, text, asked.then, asked.changed)
        app.asked = replace(app.asked or asked, initial=asked.initial)
        app.screen.add_class("mistyped")
        app.tell_error(error)
    app.describe()


def give_up(app: BalanceApp) -> None:
    """Take the line away; keys go to the table again."""
    asked, app.asked = app.asked, None
    app.screen.remove_class("typing", "mistyped")
    # Before the line goes: Textual would give the keys to any table.
    app.keep_focus()
    if asked is not None and asked.row.parent is not None:
        asked.row.remove()
