"""Help, palette, looks, language, reading again, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text, language_in_use
from ..actions import action
from ..theme import LABELS, theme_in_use, use_theme

if TYPE_CHECKING:
    from ..app import BalanceApp


@action(
    "help",
    "question_mark",
    "f1",
    label=Text("帮助", "help"),
    footer=95,
    help=Text("这里的按键与记号", "keys and marks of this place"),
)
def show_help(app: BalanceApp) -> None:
    """The keys and marks of this place; of help itself there is none, so the key that opened it closes it."""
    if _is_open(app, "help"):
        app.back()
        return
    from ..views.help import build

    app.put_aside(build(app), narrow=False)


@action(
    "palette",
    "colon",
    "ctrl+p",
    label=Text("命令", "commands"),
    footer=80,
    help=Text("按名称找命令", "find a command by its name"),
)
def palette(app: BalanceApp) -> None:
    """Every command, narrowed while one types."""
    if _is_open(app, "palette"):
        app.perform("filter")
        return
    from ..views.palette import build

    app.put_aside(build(app))


def _is_open(app: BalanceApp, pane: str) -> bool:
    return app.view is not None and any(each.id == pane for each in app.view.panes)


@action(
    "theme",
    "t",
    label=Text("配色", "theme"),
    help=Text("依次换用缺省、远程、高对比、单色", "default, SSH, high contrast, mono in turn"),
)
def theme(app: BalanceApp) -> None:
    """The next theme."""
    names = list(LABELS)
    following = names[(names.index(theme_in_use()) + 1) % len(names)]
    use_theme(following)
    app.redraw()
    app.say(Text(f"配色: {LABELS[following].zh}", f"theme: {LABELS[following].en}"))


@action(
    "language",
    "Z",
    label=Text("中文/English", "English/中文"),
    help=Text("界面语言换为另一种", "the other language"),
)
def language(app: BalanceApp) -> None:
    """The other language."""
    app.use("en" if language_in_use() == "zh" else "zh")


@action(
    "ambiguous",
    "A",
    label=Text("字宽", "character width"),
    help=Text("终端把 ≥ ① 等画成两格时换用替代字符", "stand-ins where the terminal draws ≥ ① two cells wide"),
)
def ambiguous(app: BalanceApp) -> None:
    """Ambiguous characters as they are, or stand-ins of certain width."""
    from ..cells import ambiguous_in_use, use_ambiguous

    wide = ambiguous_in_use() == "narrow"
    use_ambiguous("wide" if wide else "narrow")
    if app.study is not None:
        app.study = app.study.in_new_language()
        app.again()
    app.redraw()
    app.say(
        Text("歧义宽度字符以替代字符显示", "ambiguous characters are replaced")
        if wide
        else Text("歧义宽度字符照原样显示", "ambiguous characters as they are")
    )


@action(
    "reread",
    "r",
    label=Text("重新读取", "read again"),
    help=Text("重新读取文件并评估", "read the files and evaluate again"),
)
def reread(app: BalanceApp) -> None:
    """Read the files again."""
    app.reopen(app.request)
    app.say(Text("重新读取 …", "reading again …"))


@action(
    "repaint",
    "ctrl+l",
    label=Text("重画屏幕", "repaint"),
    help=Text("屏幕被别的程序打乱时重画", "when another program has written over the screen"),
)
def repaint(app: BalanceApp) -> None:
    """Draw the whole screen again."""
    app.redraw()
    app.screen.refresh(layout=True)


@action(
    "quit", "q", "ctrl+c", label=Text("退出", "quit"), footer=99, help=Text("退出程序", "leave the program")
)
def leave(app: BalanceApp) -> None:
    """Leave the program, once what is being recorded is on disk."""
    from ..assessing.storing import leave as leave_behind

    app.loader.cancel()
    leave_behind(app)
