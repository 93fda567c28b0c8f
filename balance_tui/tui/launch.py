"""Opens the app where there is a terminal for it, and answers in plain text where there is none.

What the terminal can do and what was remembered are looked at before Textual is imported, which reads its
environment once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..language import Text, use_language
from ..request import Request
from . import terminal
from .preferences import Preferences, preferences, preferences_file

if TYPE_CHECKING:
    from .cells import Ambiguous
    from .theme import ThemeName

Plain = Callable[[], int]
"""Gives the same answer as text and returns the exit code."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line said of the app itself; None where it said nothing."""

    theme: ThemeName | None = None
    ambiguous: Ambiguous | None = None
    lang_given: bool = False
    text: bool = False


def run(request: Request, choices: Choices, plain: Plain) -> int:
    """Open the app on a request; where that cannot be, say why on standard error and answer in plain text. Returns the
    exit code. Errors: a `BalanceError` that ended the app."""
    if choices.text:
        return plain()
    given = terminal.as_started()
    obstacle = terminal.obstacle(given, (sys.__stdin__, sys.__stdout__, sys.__stderr__))
    if obstacle is not None:
        _speak(terminal.codec_of(terminal.codeset(given)))
        print(_instead(obstacle), file=sys.stderr)
        return plain()
    return _opened(request, choices, preferences(preferences_file()))


def _instead(obstacle: Text) -> Text:
    return Text(
        "不能全屏显示: {why}; 改为文字 (--text 免此提示)",
        "no full screen: {why}; answering as text (--text leaves this out)",
    ).fill(why=obstacle)


def _speak(codec: str | None) -> None:
    """Write to the terminal in the encoding that the locale names, also where this system lacks the locale and Python
    takes UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if codec and reconfigure and stream.isatty() and "PYTHONIOENCODING" not in os.environ:
            reconfigure(encoding=codec, errors=stream.errors)


def _opened(request: Request, choices: Choices, liked: Preferences) -> int:
    theme = terminal.theme_for(os.environ, choices.theme or liked.theme)
    environment = terminal.settled(os.environ, theme)
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
    if liked.lang and not choices.lang_given:
        use_language(liked.lang)

    from .cells import use_ambiguous
    from .opening import remembered
    from .theme import use_theme

    use_theme(theme)
    use_ambiguous(choices.ambiguous or liked.ambiguous or "narrow")
    opening = remembered(request)

    from .app import BalanceApp
    from .guard import guarded

    return guarded(BalanceApp(request, opening, notices=liked.notices))
