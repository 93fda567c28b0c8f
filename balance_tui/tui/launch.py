"""Opens the app where there is a terminal for it, and answers in plain text where there is none.

What the terminal can do and what was remembered are looked at before Textual is imported, which reads its
environment once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..language import Text, use_language
from ..request import Request
from . import terminal
from .preferences import Preferences, preferences, preferences_file

if TYPE_CHECKING:
    from ..records.desk import Desk
    from .assessing.session import Session
    from .cells import Ambiguous
    from .keymap import Keymap
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
    """Open the app on a request; where that cannot be, answer in plain text, and say why on standard error if it is a
    person at a terminal who expected more. Returns the exit code. Errors: a `BalanceError` that ended the app."""
    if choices.text:
        return plain()
    given = terminal.as_started()
    obstacle = terminal.obstacle(given, (sys.__stdin__, sys.__stdout__, sys.__stderr__))
    if obstacle is not None:
        _speak(terminal.codec_of(terminal.codeset(given)))
        # Who sends the answer elsewhere wants text, and needs no word about it.
        if sys.stdout.isatty():
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


def open_assessment(desk: Desk, name: str, choices: Choices | None = None) -> int:
    """Open the app on an assessment. Returns the exit code. Errors: those of `Desk.assessment`; `TERMINAL` where there
    is no terminal for it."""
    from .assessing.session import Session

    desk.assessment(name)
    return _sat_down(Session(desk, _folder(desk), name=name), choices)


def open_workspace(desk: Desk, place: str, *, restricted: bool, choices: Choices | None = None) -> int:
    """Open the app on the list of a workspace's assessments; `restricted` leaves no way out of the program. Returns the
    exit code. Errors: as `open_assessment`."""
    from .assessing.session import Session

    folder = None if "://" in place else Path(place)
    return _sat_down(Session(desk, folder, restricted=restricted), choices)


def _folder(desk: Desk) -> Path | None:
    path = getattr(desk.log, "path", None)
    return path.parent if isinstance(path, Path) else None


def _sat_down(session: Session, choices: Choices | None) -> int:
    given = terminal.as_started()
    obstacle = terminal.obstacle(given, (sys.__stdin__, sys.__stdout__, sys.__stderr__))
    if obstacle is not None:
        _speak(terminal.codec_of(terminal.codeset(given)))
        raise UsageError(
            "TERMINAL", Text(f"不能全屏显示: {obstacle.zh}", f"no full screen: {obstacle.en}"),
            _AT_LOGIN if session.restricted else _AS_TEXT,
        )  # fmt: skip
    if session.restricted:
        from .assessing.inside import forget_environment

        forget_environment()
    try:
        return _opened(Request(), choices or Choices(), preferences(preferences_file()), session)
    finally:
        session.leave()


_AS_TEXT = Text("assess show 以文字给出结论", "assess show gives the verdict as text")
_AT_LOGIN = Text(
    "请用 UTF-8 的全屏终端登录, 不转向输入输出 (ssh -t)",
    "log in from a full-screen terminal in UTF-8, with nothing redirected (ssh -t)",
)


def _opened(request: Request, choices: Choices, liked: Preferences, session: Session | None = None) -> int:
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
    opening = remembered(request) if session is None else None

    from .app import BalanceApp
    from .guard import guarded

    keymap, faults = _keys()
    return guarded(BalanceApp(request, opening, keymap, (*liked.notices, *faults), session))


def _keys() -> tuple[Keymap | None, tuple[Text, ...]]:
    """The person's keys and what is doubtful in them; none where the file is at fault, and the fault."""
    from .doing import load_all
    from .keymap import load_keymap, warnings_of

    load_all()
    try:
        keymap = load_keymap()
    except UsageError as error:
        return None, (_FAULTY.fill(place=error.place or "", what=error.what),)
    return keymap, warnings_of(keymap)


_FAULTY = Text("键位文件 {place}: {what}; 用原有的按键", "keymap {place}: {what}; using the usual keys")
