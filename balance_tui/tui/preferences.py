"""What a person likes: `config.toml`, written by nobody but the person.

    theme = "contrast"      # default, ssh, contrast, mono
    ambiguous = "wide"      # narrow, wide
    lang = "en"             # zh, en

A fault in it is a sentence with its line; the program goes on without that preference.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Place, visible
from ..language import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from .cells import Ambiguous
    from .theme import ThemeName

VARIABLE = "BALANCE_TUI_CONFIG"
"""Names another file in place of the one in the user's configuration folder."""

THEMES: tuple[ThemeName, ...] = ("default", "ssh", "contrast", "mono")
WIDTHS: tuple[Ambiguous, ...] = ("narrow", "wide")

_CHOICES: Mapping[str, tuple[str, ...]] = {"theme": THEMES, "ambiguous": WIDTHS, "lang": LANGUAGES}
_LARGEST = 65536


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is preferred; None where nothing is said. `notices` are sentences on what was not understood."""

    theme: ThemeName | None = None
    ambiguous: Ambiguous | None = None
    lang: Language | None = None
    notices: tuple[Text, ...] = ()


def config_folder() -> Path | None:
    """The user's configuration folder of this program; None where the user has no home."""
    from platformdirs import user_config_path

    folder = user_config_path("balance-tui", appauthor=False)
    return folder if folder.is_absolute() else None


def preferences_file(environment: Mapping[str, str] | None = None) -> Path | None:
    """The file that is read: named by `BALANCE_TUI_CONFIG`, else in the configuration folder."""
    named = (os.environ if environment is None else environment).get(VARIABLE)
    if named:
        return Path(named)
    folder = config_folder()
    return folder and folder / "config.toml"


def preferences(path: Path | None) -> Preferences:
    """What this file says; nothing where there is none."""
    try:
        return Preferences() if path is None else _read(path, _text(path))
    except FileNotFoundError:
        # A file that was named must be there, the usual one need not.
        fault = Text("没有这个文件", "there is no such file") if os.environ.get(VARIABLE) else None
    except OSError as error:
        reason = error.strerror or str(error)
        fault = Text(f"不能读取 ({reason})", f"cannot be read ({reason})")
    except UnicodeDecodeError:
        fault = Text("不是 UTF-8 文字", "is not UTF-8 text")
    return Preferences(notices=(_fault(path, None, fault),) if fault else ())


def _text(path: Path) -> str | Text:
    """The file's text, or why it is none."""
    if not stat.S_ISREG(path.stat().st_mode):
        return Text("不是普通文件", "is not a regular file")
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    return Text("太大", "is too large") if len(content) > _LARGEST else content.decode("utf-8-sig")


def _read(path: Path, text: str | Text) -> Preferences:
    if isinstance(text, Text):
        return Preferences(notices=(_fault(path, None, text),))
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Preferences(notices=(_fault(path, _faulty_line(text, str(error)), _NOT_TOML),))
    good = {name: value for name, value in said.items() if _is_choice(name, value)}
    faults = (_fault(path, _line_of(text, name), _unknown(name)) for name in said if name not in good)
    return Preferences(**good, notices=tuple(faults))


_NOT_TOML = Text("不是有效的 TOML", "is not valid TOML")


def _faulty_line(text: str, told: str) -> int | None:
    line = re.search(r"at line (\d+)", told)
    if line:
        return int(line[1])
    return max(len(text.splitlines()), 1) if "end of document" in told else None


def _is_choice(name: str, value: Any) -> bool:
    return isinstance(value, str) and value in _CHOICES.get(name, ())


def _unknown(name: str) -> Text:
    if name in _CHOICES:
        choices = ", ".join(_CHOICES[name])
        return Text("{name} 只能是 {choices}", "{name} is one of {choices}").fill(name=name, choices=choices)
    return Text("不认识“{name}”, 可用的是 {known}", "'{name}' is not known; there are {known}").fill(
        name=visible(name), known=", ".join(_CHOICES)
    )


def _line_of(text: str, name: str) -> int | None:
    wanted = re.compile(rf"""\s*\[?\s*["']?{re.escape(name)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if wanted.match(line)), None)


def _fault(path: Path | None, line: int | None, what: Text) -> Text:
    place = Place(str(path), line)
    return Text(
        "设置文件 {place}: {what}; 按缺省继续", "settings file {place}: {what}; going on with the default"
    ).fill(place=place, what=what)
