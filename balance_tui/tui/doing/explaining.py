"""The derivation beside the figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action

if TYPE_CHECKING:
    from ..app import BalanceApp


def _can_explain(app: BalanceApp) -> bool:
    if app.explaining:
        return True
    pane, record, table = app.pane, app.record, app.table
    column = table.column if table else None
    return bool(pane and record is not None and column and pane.subject(record, column.key))


@action(
    "explain", "e", label=Text("依据", "why"), footer=20, when=_can_explain,
    help=Text("在旁边打开或关上这个数的由来", "open or close the derivation of this figure beside it"),
)  # fmt: skip
def explain(app: BalanceApp) -> None:
    """Open or close the explanation."""
    app.explaining = not app.explaining
    app.show_explanation(display=app.explaining)
    if app.explaining:
        app.explain()
    elif app.in_explanation and app.table is not None:
        app.screen.set_focus(app.table)


def _mover(name: str, keys: tuple[str, ...], label: Text, step: int) -> None:
    @action(
        f"explain-{name}",
        *keys,
        label=label,
        help=Text(f"依据中{label.zh}", f"{label.en} in the explanation"),
        place="explain",
    )
    def move(app: BalanceApp) -> None:
        app.explanation.move(step)


_mover("down", ("down", "j"), Text("下移", "down"), 1)
_mover("up", ("up", "k"), Text("上移", "up"), -1)


@action(
    "explain-page-down",
    "pagedown",
    "ctrl+f",
    label=Text("下翻", "page down"),
    help=Text("依据的下一屏", "a screen down in the explanation"),
    place="explain",
)
def page_down(app: BalanceApp) -> None:
    """A screen down."""
    app.explanation.page(1)


@action(
    "explain-page-up",
    "pageup",
    "ctrl+y",
    label=Text("上翻", "page up"),
    help=Text("依据的上一屏", "a screen up in the explanation"),
    place="explain",
)
def page_up(app: BalanceApp) -> None:
    """A screen up."""
    app.explanation.page(-1)


@action(
    "explain-top",
    "g",
    "home",
    label=Text("到开头", "to the beginning"),
    help=Text("到依据的开头", "to the beginning of the explanation"),
    place="explain",
)
def top(app: BalanceApp) -> None:
    """To the first line."""
    app.explanation.home()


@action(
    "explain-bottom",
    "G",
    "end",
    label=Text("到末尾", "to the end"),
    help=Text("到依据的末尾", "to the end of the explanation"),
    place="explain",
)
def bottom(app: BalanceApp) -> None:
    """To the last line."""
    app.explanation.end()
