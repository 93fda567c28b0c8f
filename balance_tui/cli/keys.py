"""`keys`: what every key does, as a table, as data, as documentation, or as a file to change."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import UsageError, readable
from ..language import Text
from ..tui.actions import PLACES, REGISTRY, key_shown
from ..tui.cells import fitted, width
from ..tui.doing import load_all
from ..tui.key_names import REFUSED
from ..tui.keymap import Keymap, defaults, keymap_file, keymap_text, load_keymap, warnings_of
from .streams import takes_all_text

_COLUMNS = (
    Text("编号", "id"), Text("按键", "keys"), Text("何处", "where"), Text("动作", "action"), Text("说明", "what it does"),
)  # fmt: skip
_INTRODUCTION = """\
# Keys · 按键

Made by `balance-tui keys --markdown` from the actions of the program; do not edit.
由 `balance-tui keys --markdown` 按程序的动作生成, 请勿手改。

"""
_FILE = """
## A keymap of one's own · 自己的键位

`balance-tui keys --write` writes `keymap.toml` into the configuration folder, with every action left out; take away
the `#` of a line and change its keys. `BALANCE_TUI_KEYMAP` names another file. `balance-tui keys` shows the keys in
force, or says what is wrong in the file and on which line; the app then goes on with its own keys.
`balance-tui keys --write` 把 `keymap.toml` 写到设置文件夹, 每个动作都已列出而未启用; 去掉一行行首的 `#` 并改动按键。
`BALANCE_TUI_KEYMAP` 可指定另一文件。`balance-tui keys` 显示现行的按键, 或说明文件哪一行有什么错; 有错时程序用原有的按键。

```toml
[keys]
sort = "o"
next-failing = ["]", "ctrl+n"]
reread = []
```

A key is the character itself (`"/"`, `"G"`), a name (`up down left right home end pageup pagedown insert delete tab
enter escape space backspace f1` …), or one with `ctrl+` or `alt+` before it. Full-width characters of an input method
are taken for the keys they stand for. Refused, since they do not reach a program over SSH:
按键写作字符本身、名称, 或其前加 `ctrl+`、`alt+`。中文输入法的全角字符按其所代表的键处理。以下按键经 SSH 到不了程序, 不予接受:

"""


def run(options: argparse.Namespace) -> int:
    """Show the keys in force, or write the keymap file."""
    load_all()
    if options.write is not None:
        print(_write(options.write))
    elif options.markdown:
        sys.stdout.write(markdown())
    elif getattr(options, "json", False):
        told = {"keys": [_data(row) for row in _actions(load_keymap())]}
        print(json.dumps(told, ensure_ascii=not takes_all_text(sys.stdout)))
    else:
        _show(load_keymap())
    return 0


def _write(name: str) -> str:
    """Write the keymap file where there is none yet. Errors: `KEYMAP-EXISTS`, `KEYMAP-FOLDER`, `OUT`."""
    file = Path(name) if name else keymap_file()
    if file is None:
        what = Text("没有设置文件夹", "there is no configuration folder")
        raise UsageError(
            "KEYMAP-FOLDER", what, Text("请写明文件: --write FILE", "name the file: --write FILE")
        )
    shown = readable(str(file))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(keymap_text())
    except (OSError, ValueError) as error:
        if isinstance(error, FileExistsError) and os.path.lexists(file):
            what = Text(f"{shown} 已经在那里", f"{shown} is there already")
            mend = Text(
                "不会覆盖它; 请改它, 或写明另一个文件", "it is not overwritten: change it, or name another"
            )
            raise UsageError("KEYMAP-EXISTS", what, mend) from error
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            "OUT", Text(f"不能写入 {shown}: {why}", f"cannot write to {shown}: {why}")
        ) from error
    return shown


Row = tuple[str, tuple[str, ...], Text, Text, Text]


def _actions(keymap: Keymap) -> Iterator[Row]:
    """Id, keys, place, label and help of every action."""
    for each in REGISTRY.values():
        yield each.id, keymap[each.id], PLACES[each.place], each.label, each.help


def _data(row: Row) -> dict[str, Any]:
    name, keys, _, label, told = row
    return {
        "id": name, "keys": list(keys), "place": REGISTRY[name].place, "label": str(label), "help": str(told),
    }  # fmt: skip


def _show(keymap: Keymap) -> None:
    rows = [tuple(map(str, _COLUMNS))]
    for name, keys, place, label, told in _actions(keymap):
        rows.append((name, " ".join(map(key_shown, keys)), str(place), str(label), str(told)))
    widths = [max(width(row[index]) for row in rows) for index in range(len(_COLUMNS) - 1)]
    for row in rows:
        cells = [fitted(cell, cells) for cell, cells in zip(row, widths, strict=False)]
        print("  ".join((*cells, row[-1])))
    for warning in warnings_of(keymap):
        print(warning, file=sys.stderr)


def markdown() -> str:
    """The page of the documentation, in both languages at once."""
    lines = [_line(*(f"{each.en} · {each.zh}" for each in _COLUMNS)), _line(*["---"] * len(_COLUMNS))]
    for name, keys, place, label, told in _actions(defaults()):
        pressed = " ".join(f"`{_shown_in_both(key)}`" for key in keys)
        lines.append(
            _line(f"`{name}`", pressed, *(f"{each.en} · {each.zh}" for each in (place, label, told)))
        )
    refused = [f"- `{key}`: {why.en} · {why.zh}" for key, why in REFUSED.items()]
    return _INTRODUCTION + "\n".join(lines) + "\n" + _FILE + "\n".join(refused) + "\n"


def _shown_in_both(key: str) -> str:
    """A key as it is shown, or its name where that is in one language only."""
    named = key_shown(key)
    return named if named.isascii() else key


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
