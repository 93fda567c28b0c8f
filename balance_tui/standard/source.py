"""TOML with places: the values of `tomllib`, and for each of them the line it stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Place, StandardInvalid
from ..language import Text

if TYPE_CHECKING:
    import tree_sitter

Path_ = tuple[str | int, ...]
"""Keys and list positions that lead to a value: `("indicator", 0, "limit", "primary")`."""


DEPTH = 60
"""Most brackets open at a time, and most dots on a line, in a document that is read at once."""

DIGITS = 30
"""Most places a number may have on either side of the point."""

_WIDE = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "＝": "=",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "，": ",",
    "＂": '"',
}
"""Signs that a Chinese keyboard gives in the place of those TOML knows."""


@dataclass(frozen=True)
class Document:
    """One standard or layer as it was written: values, and where each stands. Lines are found when first asked
    for: a standard in which nothing is wrong is used without them."""

    file: str
    data: dict[str, Any]
    text: str

    @cached_property
    def lines(self) -> dict[Path_, int]:
        """The line of every key, header and member; none where the text is nested deeper than can be told."""
        try:
            return _lines_if_toml(self.text)
        except RecursionError:
            return {}

    def place(self, path: Path_) -> Place:
        """The place of the value at `path`, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return Place(self.file, self.lines[path[:length]])
        return Place(self.file, 1)


def read_document(path: Path) -> Document:
    """Read one TOML file. Errors: `STD-READ` (not there, not a file, not UTF-8), `STD-TOML` (not TOML)."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise StandardInvalid(
            "STD-READ",
            Text(f"标准文件读不出 ({reason})", f"the standard cannot be read ({reason})"),
            Text("请检查路径、权限与 UTF-8 编码", "check path and permission; UTF-8 TOML is expected"),
            Place(str(path)),
        ) from error
    return parse_document(text, str(path))


def parse_document(text: str, file: str) -> Document:
    """The document in `text`; numbers with a decimal point are `Decimal`, as written."""
    try:
        if _may_be_deep(text):
            _lines_if_toml(text)  # first: it refuses in no time the depth that tomllib would chew on
        document = Document(file, tomllib.loads(text, parse_float=_decimal), text)
        strange = next(_strange_numbers(document.data), None)
    except RecursionError as error:
        what = Text("表与列表嵌套太深", "tables and lists are nested too deep")
        mend = Text("请减少层次", "use fewer levels")
        raise StandardInvalid("STD-TOML", what, mend, Place(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, str(error), text) from error
    except ValueError as error:  # Python reads no whole number of more than 4300 digits
        raise _strange_number(Place(file, _line_of_digits(text))) from error
    if strange is not None:
        raise _strange_number(document.place(strange))
    return document


def _may_be_deep(text: str) -> bool:
    """Whether brackets or dotted keys might be nested so that reading takes long; brackets in texts count too."""
    depth = 0
    for line in text.splitlines():
        opened = line.count("[") + line.count("{")
        if depth + opened > DEPTH or line.count(".") > DEPTH:
            return True
        depth = max(depth + opened - line.count("]") - line.count("}"), 0)
    return False


def _not_toml(file: str, message: str, text: str) -> StandardInvalid:
    line = message.partition("at line ")[2].partition(",")[0]
    what = Text(f"不是有效的 TOML: {message}", f"not valid TOML: {message}")
    number = int(line) if line.isdigit() else None
    rows = text.splitlines()
    row = rows[number - 1] if number and number <= len(rows) else ""
    return StandardInvalid("STD-TOML", what, _mend_of(row, message), Place(file, number))


def _mend_of(row: str, message: str) -> Text:
    """What is usually wrong with such a line: signs of a Chinese keyboard, a text without quotes."""
    outside = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", row)
    wide = next((sign for sign in outside if sign in _WIDE), "")
    if wide:
        return Text(
            f"请把全角的 {wide} 改为半角的 {_WIDE[wide]}", f"write {_WIDE[wide]} for the full-width {wide}"
        )
    if "Invalid value" in message:
        return Text('请改正该行; 文字要写在英文引号 " " 中', 'correct that line; a text stands in quotes " "')
    return Text("请改正该行", "correct that line")


def _strange_number(place: Place) -> StandardInvalid:
    what = Text("标准中的数须有限且不过大", "a number of a standard is finite and of a sensible size")
    return StandardInvalid("STD-NUMBER", what, Text("请改为实际数值", "give the actual figure"), place)


def _line_of_digits(text: str) -> int | None:
    rows = (row for row, line in enumerate(text.splitlines(), 1) if re.search(r"[0-9_]{4300}", line))
    return next(rows, None)


def _decimal(text: str) -> Decimal:
    """As written; what `Decimal` itself cannot hold is left to the check of sizes."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _strange_numbers(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Numbers that are not finite, or so large or small that writing them out would fill the memory."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _strange_numbers(value, (*path, key))
    elif isinstance(node, Decimal | int) and not _sensible(node):
        yield path


def _sensible(number: Decimal | int) -> bool:
    if isinstance(number, int):
        return len(str(abs(number))) <= DIGITS
    return number.is_finite() and abs(number.adjusted()) <= DIGITS


@cache
def _parser() -> tree_sitter.Parser:
    import tree_sitter
    import tree_sitter_toml

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))


def _lines_if_toml(text: str) -> dict[Path_, int]:
    """Nothing where the text is no TOML: tomllib says why."""
    try:
        return _lines(text)
    except ValueError:
        return {}


def _lines(text: str) -> dict[Path_, int]:
    lines: dict[Path_, int] = {}
    arrays: dict[Path_, int] = {}
    for node in _parser().parse(text.encode()).root_node.named_children:
        if node.type == "pair":
            lines.update(_pair(node, ()))
        elif node.type in ("table", "table_array_element"):
            header, *pairs = (child for child in node.named_children if child.type != "comment")
            keys = _keys(header)
            if node.type == "table_array_element":
                parent = _located(keys[:-1], arrays)
                array = (*parent, keys[-1])
                arrays[array] = arrays.get(array, -1) + 1
                lines.setdefault(array, header.start_point[0] + 1)
            prefix = _located(keys, arrays)
            lines.setdefault(prefix, header.start_point[0] + 1)
            for pair in pairs:
                lines.update(_pair(pair, prefix))
    return lines


def _located(keys: tuple[str, ...], arrays: dict[Path_, int]) -> Path_:
    """`keys` of a header with the position of the current element of each array of tables put in."""
    path: Path_ = ()
    for key in keys:
        path = (*path, key)
        if path in arrays:
            path = (*path, arrays[path])
    return path


def _keys(node: tree_sitter.Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(key for child in node.named_children for key in _keys(child))
    text = (node.text or b"").decode()
    if node.type == "quoted_key":
        return (str(tomllib.loads(f"x = {text}")["x"]),)
    return (text,)


def _pair(node: tree_sitter.Node, prefix: Path_) -> Iterator[tuple[Path_, int]]:
    key, *values = (child for child in node.named_children if child.type != "comment")
    path = (*prefix, *_keys(key))
    yield path, node.start_point[0] + 1
    for value in values:
        yield from _value(value, path)


def _value(node: tree_sitter.Node, path: Path_) -> Iterator[tuple[Path_, int]]:
    children = [child for child in node.named_children if child.type != "comment"]
    if node.type == "inline_table":
        for child in children:
            yield from _pair(child, path)
    elif node.type == "array":
        for index, child in enumerate(children):
            yield (*path, index), child.start_point[0] + 1
            yield from _value(child, (*path, index))
