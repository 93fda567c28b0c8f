"""The user's keys: a TOML file that gives actions other keys than their own.

    [keys]
    sort = "o"
    next-failing = ["]", "ctrl+n"]
    reread = []

What is wrong in it is one sentence with its line; the app says it and goes on with the keys of the program.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import Place, UsageError, visible
from ..language import Text
from .actions import PLACES, REGISTRY, key_shown, meet
from .key_names import doubtful, key_named, refusal

VARIABLE = "BALANCE_TUI_KEYMAP"
"""Names another file in place of the one in the user's configuration folder."""

Keymap = dict[str, tuple[str, ...]]
"""The keys of every action by its id."""

_LARGEST = 65536
_HEADING = Text(
    """balance-tui 的键位文件。去掉一行行首的 # 并改动按键; 没有写出的动作用它原有的按键。
字符照写: "a" "G" "/"; 其他按键: "up" "enter" "space" "pageup" "f2"; 组合: "ctrl+x"。[] 为不给按键。""",
    """Keys of balance-tui. Take away the # at the beginning of a line and change its keys; actions left out keep theirs.
A character as it is: "a" "G" "/"; other keys: "up" "enter" "space" "pageup" "f2"; together: "ctrl+x"; [] for none.""",
)


def defaults() -> Keymap:
    """The keys of every action as the program gives them."""
    return {action.id: action.keys for action in REGISTRY.values()}


def keymap_file() -> Path | None:
    """The file that is read where none is named: `BALANCE_TUI_KEYMAP`, else `keymap.toml` in the configuration
    folder; None where the user has no home."""
    from .preferences import config_folder

    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    folder = config_folder()
    return folder and folder / "keymap.toml"


def load_keymap(path: str | Path | None = None) -> Keymap:
    """The keys of every action, those of the user's file before their own. `path` names another file than
    `keymap_file`. Errors: `UsageError` with file and line, the first of them, of the codes `KEYMAP-READ`,
    `KEYMAP-TOML`, `KEYMAP-FORM`, `KEYMAP-ACTION`, `KEYMAP-KEY`, `KEYMAP-TWICE`."""
    named = path is not None or bool(os.environ.get(VARIABLE))
    file = Path(path) if path is not None else keymap_file()
    text = _text(file, named) if file else None
    return defaults() if file is None or text is None else Reading(str(file), text).keymap()


def warnings_of(keymap: Mapping[str, tuple[str, ...]]) -> tuple[Text, ...]:
    """What is to be said of keys that some terminals do not tell apart; those of the program are left alone."""
    found = []
    for name, keys in keymap.items():
        for key in keys:
            why = doubtful(key)
            if why is not None and key not in REGISTRY[name].keys:
                pattern = Text("{name} 的按键 {key}: {why}", "the key {key} of {name}: {why}")
                found.append(pattern.fill(name=name, key=key, why=why))
    return tuple(found)


def keymap_text() -> str:
    """A keymap file in which every action stands with its keys, left out for now."""
    lines = [*(f"# {line}" for line in str(_HEADING).split("\n")), "", "[keys]"]
    for action in REGISTRY.values():
        where = "" if action.place == "everywhere" else f" ({PLACES[action.place]})"
        keys = json.dumps(list(action.keys))
        lines += ["", f"# {action.label}{where}: {action.help}", f"#{_bare(action.id)} = {keys}"]
    return "\n".join(lines) + "\n"


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _text(file: Path, named: bool) -> str | None:
    """What stands in the file; None where it is not there and nobody named it."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise _unreadable(file, Text("不是普通文件", "it is not a regular file"))
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise _unreadable(file, Text("太大", "it is too large"))
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        if not named:
            return None
        raise _unreadable(file, Text("没有这个文件", "there is no such file")) from error
    except (OSError, ValueError) as error:
        encoded = isinstance(error, UnicodeDecodeError)
        reason = Text("不是 UTF-8 文字", "it is not UTF-8 text") if encoded else _reason(error)
        raise _unreadable(file, reason) from error


def _reason(error: Exception) -> Text:
    told = visible(getattr(error, "strerror", None) or str(error))
    return Text(told, told)


def _unreadable(file: Path, why: Text) -> UsageError:
    what = Text("键位文件读不出: {why}", "the keymap cannot be read: {why}").fill(why=why)
    mend = Text("balance-tui keys --write 写出一份新的", "balance-tui keys --write writes a new one")
    return UsageError("KEYMAP-READ", what, mend, Place(str(file)))


class Reading:
    """One keymap file being read; every fault is an error with its line."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.lines = file, text.splitlines()
        self.said = self._parsed(text)

    def keymap(self) -> Keymap:
        """The keys of every action."""
        given = {name: self._keys(name, value) for name, value in self._table().items()}
        merged = defaults() | given
        for name in given:
            for key in given[name]:
                self._check_free(name, key, merged)
        return merged

    def _parsed(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else max(len(self.lines), 1)
        except (RecursionError, ValueError):
            line = 1
        what = Text("不是有效的 TOML", "this is not valid TOML")
        mend = Text(
            '每行写成 动作 = "键" 或 动作 = ["键", "键"]', 'write action = "key" or action = ["key", "key"]'
        )
        raise UsageError("KEYMAP-TOML", what, mend, Place(self.file, line))

    def _table(self) -> dict[str, Any]:
        for name, value in self.said.items():
            if name != "keys" or not isinstance(value, dict):
                what = Text(
                    "这里只能有 [keys] 一节, 不是“{name}”",
                    "only the section [keys] may stand here, not '{name}'",
                )
                mend = Text("把动作写在 [keys] 之下", "write the actions below [keys]")
                raise self._error("KEYMAP-FORM", what.fill(name=visible(name)), mend, self._line_of(name))
        table: dict[str, Any] = self.said.get("keys", {})
        return table

    def _keys(self, name: str, value: Any) -> tuple[str, ...]:
        if name not in REGISTRY:
            from ..standard.names import nearest

            what = Text("没有动作“{name}”", "there is no action '{name}'").fill(name=visible(name))
            mend = nearest(name, REGISTRY) or Text(
                "balance-tui keys 列出全部动作", "balance-tui keys lists the actions"
            )
            raise self._error("KEYMAP-ACTION", what, mend, self._line_of(name))
        written = [value] if isinstance(value, str) else value
        if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
            what = Text("{name} 须是一个按键或按键的列表", "{name} takes one key or a list of keys").fill(
                name=name
            )
            mend = Text('例: {name} = ["f2", "ctrl+x"]', 'for example {name} = ["f2", "ctrl+x"]').fill(
                name=name
            )
            raise self._error("KEYMAP-FORM", what, mend, self._line_of(name))
        return tuple(dict.fromkeys(self._key(name, each) for each in written))

    def _key(self, name: str, written: str) -> str:
        key, shown = key_named(written), visible(written)
        if key is None:
            what = Text("没有按键“{key}”", "there is no key '{key}'").fill(key=shown)
            mend = Text(
                '字符照写 ("/"), 或 up、enter、space、pageup、f2、ctrl+x',
                'write the character ("/"), or up, enter, space, pageup, f2, ctrl+x',
            )
            raise self._error("KEYMAP-KEY", what, mend, self._line_of(name, written))
        why = refusal(key)
        if why is not None and key not in REGISTRY[name].keys:
            what = Text("按键“{key}”到不了程序: {why}", "the key '{key}' does not reach the program: {why}")
            mend = Text("请换一个键", "choose another key")
            raise self._error("KEYMAP-KEY", what.fill(key=shown, why=why), mend, self._line_of(name, written))
        return key

    def _check_free(self, name: str, key: str, merged: Keymap) -> None:
        """Errors: where the key is reserved for another action, or another has it where this one is offered."""
        mine, line = REGISTRY[name], self._line_of(name)
        for other in REGISTRY.values():
            if other.id == name:
                continue
            if other.reserved and key in other.keys:
                what = Text(
                    "按键“{key}”留给“{label}”({other})", "the key '{key}' is reserved for '{label}' ({other})"
                )
                mend = Text("请换一个键", "choose another key")
            elif key in merged[other.id] and meet(mine, other):
                what = Text(
                    "按键“{key}”同时给了 {name} 和 {other}({label})",
                    "the key '{key}' is given to both {name} and {other} ({label})",
                )
                mend = Text(
                    "换一个键, 或给 {other} 另写按键", "choose another key, or give {other} another one"
                )
            else:
                continue
            told = {"key": key_shown(key), "name": name, "other": other.id, "label": other.label}
            raise self._error("KEYMAP-TWICE", what.fill(**told), mend.fill(**told), line)

    def _line_of(self, name: str, written: str | None = None) -> int | None:
        """The line on which a name is given something; of what is given where that stands further down."""
        heading = re.compile(
            rf"""\s*(?:\[\s*)?(?:["']?keys["']?\s*\.\s*)?["']?{re.escape(name)}["']?\s*[=\].]"""
        )
        found = next((n for n, line in enumerate(self.lines, 1) if heading.match(line)), None)
        if found is None:
            return None if name == "keys" else self._line_of("keys")
        if written is not None:
            quoted = (f'"{written}"', f"'{written}'")
            below = enumerate(self.lines[found - 1 :], found)
            return next((n for n, line in below if any(each in line for each in quoted)), found)
        return found

    def _error(self, code: str, what: Text, mend: Text, line: int | None) -> UsageError:
        return UsageError(code, what, mend, Place(self.file, line))
