"""The made parts of docs/app.md: `python -m tests.tui.guide` writes them anew from the app as it is.

A part stands between `<!-- made: KIND ... -->` and `<!-- end -->`. A screen names the command that opens it, the keys
pressed then, and the lines of it that are shown.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

from textual.app import App

from balance_tui.cli.arguments import parse, request_of
from balance_tui.engine.status import LABELS, MARKS
from balance_tui.language import use_language
from balance_tui.request import Request
from balance_tui.tui.actions import key_shown
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.doing import load_all
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.table.filters import HELP
from balance_tui.tui.theme import use_theme
from balance_tui.tui.views import KINDS, prepare
from balance_tui.tui.views.help import MEANINGS
from balance_tui.tui.views.switch import missing

from .screens import driven
from .snapshots import FOLDER, screen_text

PAGE = Path(__file__).parents[2] / "docs" / "app.md"
SIZE = (80, 24)

_MADE = re.compile(r"<!-- made: (?P<kind>\w+)(?P<rest>[^\n]*?) -->\n(?P<body>.*?)<!-- end -->", re.DOTALL)


def made_anew(text: str) -> str:
    """The page with every made part as it is now."""
    return _MADE.sub(_part, text)


def _part(match: re.Match[str]) -> str:
    lines = "\n".join(_MAKERS[match["kind"]](match["rest"].strip()))
    return f"<!-- made: {match['kind']}{match['rest']} -->\n{lines}\n<!-- end -->"


def _screen(told: str) -> Iterator[str]:
    """A picture, as `demo --view schools; keys: right e; lines: 1-9`."""
    command, *options = told.split("; ")
    given = dict(option.split(": ", 1) for option in options)
    shown = picture(command, given.get("keys", "")).split("\n")
    first, last = map(int, given["lines"].split("-"))
    # Lines of blanks at the end tell nothing.
    yield "```"
    yield from "\n".join(shown[first - 1 : last]).rstrip().split("\n")
    yield "```"


def _snapshot(told: str) -> Iterator[str]:
    """Lines of a screen that a test keeps, as `assessed-proposal-80x24; lines: 2-9`."""
    name, lines = told.split("; lines: ")
    first, last = map(int, lines.split("-"))
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    yield "```"
    yield from "\n".join(kept[first - 1 : last]).rstrip().split("\n")
    yield "```"


@cache
def picture(command: str, keys: str) -> str:
    """The screen of a command of the demo after these keys."""
    options = parse(command.split())
    assert options is not None
    assert options.module == "demo"
    return asyncio.run(_shown(request_of(options), keys.split()))


async def _shown(request: Request, keys: list[str]) -> str:
    async with driven(BalanceApp(request), SIZE, _under(request.profile)) as screen:
        await screen.press(*keys)
        return screen_text(cast(App[object], screen.app))


def _under(profile: str) -> Study:
    """The sample with this standard in force, every other evaluated as it is behind the screen."""
    study = _sample()
    return study.under(study.load(profile))


@cache
def _sample() -> Study:
    study = open_study(Request())
    prepare(study)
    for name in missing(study):
        _ = study.under(study.load(name)).result
    return study


def _views(_: str) -> Iterator[str]:
    yield "| 按键 | 编号 | 屏 | 回答什么 | screen | what it answers |"
    yield "|---|---|---|---|---|---|"
    for kind in KINDS.values():
        keys = " ".join(f"`{key_shown(key)}`" for key in kind.keys)
        cells = (keys, f"`{kind.id}`", kind.title.zh, kind.help.zh, kind.title.en, kind.help.en)
        yield f"| {' | '.join(cells)} |"


def _marks(_: str) -> Iterator[str]:
    yield "| 记号 | 结论 | 含义 | verdict | meaning |"
    yield "|---|---|---|---|---|"
    for word, mark in MARKS.items():
        label, meaning = LABELS[word], MEANINGS[word]
        yield f"| {mark} | {label.zh} | {meaning.zh} | {label.en} | {meaning.en} |"


def _filters(_: str) -> Iterator[str]:
    yield from ("```", *HELP.zh.splitlines(), "", *HELP.en.splitlines(), "```")


_MAKERS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "screen": _screen, "snapshot": _snapshot, "views": _views, "marks": _marks, "filters": _filters,
}  # fmt: skip


def main() -> None:
    """Write the page anew."""
    use_language("zh")
    use_theme("mono")
    load_all()
    PAGE.write_text(made_anew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
