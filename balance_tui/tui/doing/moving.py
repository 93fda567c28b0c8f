"""Moving in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action

if TYPE_CHECKING:
    from ..app import BalanceApp


def has_rows(app: BalanceApp) -> bool:
    """Whether there is a list with rows."""
    return app.table is not None and app.table.sheet.height > 0


def tells_status(app: BalanceApp) -> bool:
    """Whether there is a list whose rows may fail or be unknown."""
    return app.table is not None and has_rows(app) and app.table.sheet.tells_status


def _mover(name: str, keys: tuple[str, ...], label: Text, sentence: Text, rows: int, columns: int) -> None:
    @action(name, *keys, label=label, help=sentence, place="table")
    def move(app: BalanceApp) -> None:
        if app.table is not None:
            app.table.move(rows, columns)


_mover("down", ("down", "j"), Text("下移", "down"), Text("下一行", "the next row"), 1, 0)
_mover("up", ("up", "k"), Text("上移", "up"), Text("上一行", "the row before"), -1, 0)
_mover("right", ("right", "l"), Text("右移", "right"), Text("右边一列", "the column to the right"), 0, 1)
_mover("left", ("left", "h"), Text("左移", "left"), Text("左边一列", "the column to the left"), 0, -1)


@action(
    "page-down",
    "pagedown",
    "ctrl+f",
    label=Text("下翻", "page down"),
    help=Text("下一屏", "a screen down"),
    place="table",
)
def page_down(app: BalanceApp) -> None:
    """A screen down."""
    _page(app, 1)


@action(
    "page-up",
    "pageup",
    "ctrl+y",
    label=Text("上翻", "page up"),
    help=Text("上一屏", "a screen up"),
    place="table",
)
def page_up(app: BalanceApp) -> None:
    """A screen up."""
    _page(app, -1)


def _page(app: BalanceApp, step: int) -> None:
    table = app.table
    if table is not None:
        table.top = min(max(table.top + step * table.page, 0), max(table.sheet.height - table.page, 0))
        table.go(table.row + step * table.page)


@action(
    "half-down",
    "ctrl+d",
    label=Text("下翻半屏", "half a page down"),
    help=Text("下半屏", "half a screen down"),
    place="table",
)
def half_down(app: BalanceApp) -> None:
    """Half a screen down."""
    if app.table is not None:
        app.table.move(max(app.table.page // 2, 1))


@action(
    "half-up",
    "ctrl+u",
    label=Text("上翻半屏", "half a page up"),
    help=Text("上半屏", "half a screen up"),
    place="table",
)
def half_up(app: BalanceApp) -> None:
    """Half a screen up."""
    if app.table is not None:
        app.table.move(-max(app.table.page // 2, 1))


@action(
    "top",
    "g",
    "home",
    label=Text("到首行", "first row"),
    help=Text("到第一行", "to the first row"),
    place="table",
)
def top(app: BalanceApp) -> None:
    """To the first row."""
    if app.table is not None:
        app.table.go(0)


@action(
    "bottom",
    "G",
    "end",
    label=Text("到末行", "last row"),
    help=Text("到最后一行", "to the last row"),
    place="table",
)
def bottom(app: BalanceApp) -> None:
    """To the last row."""
    if app.table is not None:
        app.table.go(app.table.sheet.height - 1)


@action(
    "first-column",
    "circumflex_accent",
    label=Text("到首列", "first column"),
    help=Text("到第一列", "to the first column"),
    place="table",
)
def first_column(app: BalanceApp) -> None:
    """To the first column."""
    if app.table is not None:
        app.table.go(app.table.row, 0)


@action(
    "last-column",
    "dollar_sign",
    label=Text("到末列", "last column"),
    help=Text("到最后一列", "to the last column"),
    place="table",
)
def last_column(app: BalanceApp) -> None:
    """To the last column."""
    if app.table is not None:
        app.table.go(app.table.row, len(app.table.sheet.columns) - 1)


@action(
    "next-failing", "right_square_bracket", label=Text("下一不达标", "next failing"), place="table", footer=60,
    help=Text("下一行不达标或未知的", "the next row that fails or is unknown"), when=tells_status,
)  # fmt: skip
def next_failing(app: BalanceApp) -> None:
    """The next row that does not pass."""
    _failing(app, 1)


@action(
    "previous-failing", "left_square_bracket", label=Text("上一不达标", "previous failing"), place="table",
    help=Text("上一行不达标或未知的", "the row before that fails or is unknown"), when=tells_status,
)  # fmt: skip
def previous_failing(app: BalanceApp) -> None:
    """The row before that does not pass."""
    _failing(app, -1)


def _failing(app: BalanceApp, step: int) -> None:
    table = app.table
    row = table.sheet.next_status(table.row, step) if table else None
    if row is None or table is None:
        app.say(Text("没有不达标或未知的行", "no row fails or is unknown"))
    else:
        table.go(row)


@action("next-pane", "tab", label=Text("下一窗格", "next pane"), help=Text("到下一窗格", "to the next pane"))
def next_pane(app: BalanceApp) -> None:
    """To the next pane."""
    _step_pane(app, 1)


@action(
    "previous-pane",
    "shift+tab",
    label=Text("上一窗格", "previous pane"),
    help=Text("到上一窗格", "to the pane before"),
)
def previous_pane(app: BalanceApp) -> None:
    """To the pane before."""
    _step_pane(app, -1)


def panes_of(app: BalanceApp) -> list[object]:
    """Everything on the screen that keys may go to, in order."""
    tables: list[object] = [table for _, table in app.panes.tables() if table.display]
    return tables + ([app.explanation] if app.explaining else [])


def _step_pane(app: BalanceApp, step: int) -> None:
    panes = panes_of(app)
    if panes:
        at = panes.index(app.focused) if app.focused in panes else 0
        focus(app, panes[(at + step) % len(panes)])


def focus(app: BalanceApp, pane: object) -> None:
    """Let keys go to a pane, from the next key on: over a slow line several come at once."""
    from textual.widget import Widget

    from ..table.widget import Table

    if isinstance(pane, Widget):
        if pane is app.explanation:
            # The keys may not have rested since one stood elsewhere.
            app.explain()
        elif isinstance(pane, Table):
            app.panes.at = pane
        app.screen.set_focus(pane)
        app.settle()


@action(
    "jump",
    "J",
    label=Text("跳转窗格", "jump to a pane"),
    help=Text("给每个窗格一个字母, 按字母跳去", "each pane gets a letter; press it to go there"),
)
def jump(app: BalanceApp) -> None:
    """Show a letter on every pane, and wait for one."""
    app.jumping = True
    for letter, pane in zip("abcdefgh", panes_of(app), strict=False):
        _label(pane, letter)
    app.say(Text("按窗格左上角的字母; esc 取消", "press the letter at a pane's corner; esc leaves"))


def jump_to(app: BalanceApp, letter: str) -> None:
    """Go to the pane with this letter, if there is one."""
    app.jumping = False
    panes = panes_of(app)
    for pane in panes:
        _label(pane, "")
    at = "abcdefgh".find(letter)
    if len(letter) == 1 and 0 <= at < len(panes):
        focus(app, panes[at])
    app.settle()


def _label(pane: object, letter: str) -> None:
    from textual.widget import Widget

    if isinstance(pane, Widget) and hasattr(pane, "label"):
        pane.label = letter
        pane.refresh()
