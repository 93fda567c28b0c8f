"""What each style is called and how each theme shows it. A mark stands beside every colour: none is the only sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rich.style import Style

from ..language import Text

ThemeName = Literal["default", "ssh", "contrast", "mono"]

STYLES = (
    "", "dim", "bold", "head", "title", "key", "cursor", "row", "selected", "found", "fixed", "group", "message",
    "error", "pass", "fail", "unknown", "relieved", "floor", "not_applicable", "label", "bar",
    "warning", "corrected",
)  # fmt: skip
"""Every style by name. Status words are styles; `head` are column headings, `title` the first line, `key` the keys
in the footer, `cursor` the cell and `row` the row one stands on, `group` headings of groups, `label` what a line of
an explanation is about."""

LABELS: Mapping[ThemeName, Text] = {
    "default": Text("缺省", "default"),
    "ssh": Text("远程 (省流量)", "SSH (few bytes)"),
    "contrast": Text("高对比", "high contrast"),
    "mono": Text("单色", "mono"),
}

_MONO = {
    "": "", "dim": "", "bold": "bold", "head": "underline", "title": "bold", "key": "bold", "cursor": "reverse",
    "row": "", "selected": "reverse", "found": "underline", "fixed": "", "group": "bold", "message": "",
    "error": "bold", "pass": "", "fail": "bold", "unknown": "bold", "relieved": "", "floor": "",
    "not_applicable": "", "label": "bold", "bar": "", "warning": "bold", "corrected": "bold",
}  # fmt: skip
_SSH = _MONO | {
    "fail": "red", "unknown": "yellow", "relieved": "cyan", "floor": "cyan", "error": "red",
    "key": "cyan", "group": "cyan", "label": "cyan", "warning": "yellow", "corrected": "cyan",
}  # fmt: skip
_DEFAULT = {
    "": "", "dim": "#8a8a8a", "bold": "bold", "head": "underline #87afd7", "title": "bold", "key": "bold #5fafd7",
    "cursor": "bold #ffffff on #005f87", "row": "on #303030", "selected": "on #444466", "found": "underline #ffd75f",
    "fixed": "", "group": "bold #87afd7", "message": "#d7d7af", "error": "bold #ff8787", "pass": "#87d787",
    "fail": "bold #ff8787", "unknown": "#ffd75f", "relieved": "#87d7d7", "floor": "#87d7d7",
    "not_applicable": "#8a8a8a", "label": "#87afd7", "bar": "#5fafd7", "warning": "#ffaf5f", "corrected": "bold #5fd7ff",
}  # fmt: skip
_CONTRAST = {
    "": "bright_white on black", "dim": "white on black", "bold": "bold bright_white on black",
    "head": "bold underline bright_yellow on black", "title": "bold bright_white on black",
    "key": "bold bright_yellow on black", "cursor": "bold black on bright_yellow", "row": "bold bright_white on black",
    "selected": "black on bright_white", "found": "bold underline bright_yellow on black", "fixed": "bright_white on black",
    "group": "bold bright_yellow on black", "message": "bright_yellow on black", "error": "bold bright_white on red",
    "pass": "bright_green on black", "fail": "bold bright_white on red", "unknown": "bold black on bright_yellow",
    "relieved": "bright_cyan on black", "floor": "bright_cyan on black", "not_applicable": "white on black",
    "label": "bright_yellow on black", "bar": "bright_cyan on black", "warning": "bright_yellow on black",
    "corrected": "bold bright_cyan on black",
}  # fmt: skip

_RULES: Mapping[ThemeName, Mapping[str, str]] = {
    "default": _DEFAULT, "ssh": _SSH, "contrast": _CONTRAST, "mono": _MONO,
}  # fmt: skip
_THEMES: Mapping[ThemeName, Mapping[str, Style]] = {
    name: {style: Style.parse(rule) if rule else Style() for style, rule in rules.items()}
    for name, rules in _RULES.items()
}

_current: ThemeName = "default"


def use_theme(name: ThemeName) -> None:
    """Make this the theme that `style` answers from."""
    global _current
    _current = name


def theme_in_use() -> ThemeName:
    """The theme that `style` answers from."""
    return _current


def style(name: str) -> Style:
    """The style of this name in the theme in use."""
    return _THEMES[_current][name]
