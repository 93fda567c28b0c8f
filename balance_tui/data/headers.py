"""Finding the header rows of a sheet and composing their merged cells into one path a column.

Above the header stand titles, unit and note rows; the header has one to five rows; below it may
stand a row of column codes (L1, L2, ... or 甲, 乙, 1, 2, ...), which is no data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .tables import Column, Grid, letter_of

SEARCHED_ROWS = 40
MAX_HEADER_ROWS = 6

_BLANK = re.compile(r"\s+")
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_NOTE = re.compile(r"^(填报|填表|制表|表号|单位[::]|统计时间|报表|制表机关|批准|有效期|综合机关|学年初?[::])")
_CODE = re.compile(r"L?\d{1,3}|[甲乙丙丁戊己]|\(\d{1,3}\)")
_TOTAL = frozenset(("合计", "总计", "小计", "计"))


def key_of(header: str) -> str:
    """The form in which header paths are compared: half-width, no blanks, no `#`, no 其中, lower case,
    a last part 合计, 总计 or 小计 as 计.

    >>> key_of("专任教师 / #按学历分 / 本科"), key_of("在校生数/合计")
    ('专任教师/按学历分/本科', '在校生数/计')
    """
    plain = _BLANK.sub("", unicodedata.normalize("NFKC", header)).lower().replace("#", "")
    if not plain.isprintable():
        # A byte order mark of a joined file, a direction mark of a copied cell: no part of the name.
        plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    parts = [re.sub(r"^其中[::,]?", "", part) for part in plain.split("/")]
    kept = [part for part in parts if part]
    if len(kept) > 1 and kept[-1] in _TOTAL:
        kept[-1] = "计"
    return "/".join(kept)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (0-based, `end` and `data` exclusive bounds) and its columns."""

    top: int
    end: int
    data: int
    columns: tuple[Column, ...]
    title: str


def locate(
    grid: Grid,
    anchors: Collection[str],
    known: Collection[str],
    rows: tuple[int, int] | None = None,
) -> Header | None:
    """The header of a grid, or None. `anchors` are keys of columns that name a row (school, item, ...),
    `known` all keys that have a meaning; `rows` the 1-based first and last header row, where stated."""
    filled = fill_merges(grid)
    if rows:
        top, end = rows[0] - 1, rows[1]
        anchor_column = 0
    else:
        found = _anchor(filled[:SEARCHED_ROWS], set(anchors), set(known))
        if found is None:
            return None
        anchor_row, anchor_column = found
        top = _top(filled, anchor_row, anchor_column)
        end = _end(grid, filled, top, anchor_row, anchor_column)
    if not 0 <= top < end <= len(filled):
        return None
    merged = any(top <= merge[0] < end for merge in grid.merges)
    block = filled[top:end] if merged else _fill_gaps(filled[top:end])
    data = end
    while data < len(filled) and _is_code_row(filled[data]):
        data += 1
    title = " ".join(dict.fromkeys(cell.strip() for row in filled[:top] for cell in row if cell.strip()))
    return Header(top, end, data, _columns(block, grid), title)


def fill_merges(grid: Grid) -> list[list[str]]:
    """The head rows with every merged cell's text in all the cells it covers."""
    filled = [list(row) for row in grid.head]
    for top, left, bottom, right in grid.merges:
        if top >= len(filled) or left >= grid.width:
            continue
        text = grid.head[top][left]
        for row in filled[top : bottom + 1]:
            row[left : right + 1] = [text] * len(row[left : right + 1])
    return filled


def _texts(row: Sequence[str]) -> set[str]:
    return {cell.strip() for cell in row if cell.strip()}


def _anchor(rows: list[list[str]], anchors: set[str], known: set[str]) -> tuple[int, int] | None:
    keys = [[key_of(cell) for cell in row] for row in rows]
    for number, row in enumerate(keys):
        if len(_texts(rows[number])) >= 2 and (hit := _first_in(row, anchors)) is not None:
            return number, hit
    for number, row in enumerate(keys):
        if len({key for key in row if key in known}) >= 2:
            return number, _first_in(row, known) or 0
    for number, cells in enumerate(rows):
        texts = _texts(cells)
        if len(texts) >= 2 and not any(map(_NUMBER.fullmatch, texts)) and not _is_note(cells):
            return number, next(index for index, cell in enumerate(cells) if cell.strip())
    return None


def _first_in(row: list[str], wanted: set[str]) -> int | None:
    return next((index for index, key in enumerate(row) if key in wanted), None)


def _is_note(row: Sequence[str]) -> bool:
    return any(_NOTE.match(cell.strip()) for cell in row if cell.strip())


def _top(rows: list[list[str]], anchor_row: int, anchor_column: int) -> int:
    """Group rows above an anchor that stands in the last header row belong to the header too."""
    top = anchor_row
    while top > 0:
        above = rows[top - 1]
        if above[anchor_column].strip() or len(_texts(above)) < 2 or _is_note(above):
            break
        top -= 1
    return top


def _end(grid: Grid, rows: list[list[str]], top: int, anchor_row: int, anchor_column: int) -> int:
    end = anchor_row + 1
    for _, left, bottom, _right in (merge for merge in grid.merges if top <= merge[0] <= anchor_row):
        if left < grid.width and bottom - top < MAX_HEADER_ROWS:
            end = max(end, bottom + 1)
    while end < len(rows) and end - top < MAX_HEADER_ROWS and _continues(rows, end, anchor_column):
        end += 1
    return end


def _continues(rows: list[list[str]], number: int, anchor_column: int) -> bool:
    """True where the row still belongs to the header: nothing under the anchor, only words, each
    under a blank or under a group that spans several columns."""
    row, above = rows[number], rows[number - 1]
    below_anchor = row[anchor_column].strip()
    if below_anchor and below_anchor != above[anchor_column].strip():
        return False
    words = [(index, cell.strip()) for index, cell in enumerate(row) if cell.strip()]
    words = [(index, cell) for index, cell in words if cell != above[index].strip()]
    if not words or any(_NUMBER.fullmatch(cell) for _, cell in words) or _is_code_row(row):
        return False
    return any(_is_open(above, index) for index, _ in words)


def _is_open(row: list[str], index: int) -> bool:
    own = row[index].strip()
    neighbours = [row[near].strip() for near in (index - 1, index + 1) if 0 <= near < len(row)]
    return not own or own in neighbours or "" in neighbours


def _is_code_row(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) < 3 or not all(map(_CODE.fullmatch, cells)):
        return False
    numbers = [int(digits[0]) for cell in cells if (digits := re.search(r"\d+", cell))]
    if not numbers:
        return True
    named = len(numbers) < len(cells) or all(cell.startswith(("L", "(")) for cell in cells)
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and (named or numbers[0] in (0, 1))


def _fill_gaps(block: list[list[str]]) -> list[list[str]]:
    """Group names carried right over the blanks that follow them, as merged cells saved to text are."""
    if len(block) < 2:
        return block
    filled = [list(row) for row in block]
    for level in range(len(block) - 1):
        for index in range(1, len(filled[level])):
            if filled[level][index].strip() or not filled[level][index - 1].strip():
                continue
            has_name_below = any(row[index].strip() for row in block[level + 1 :])
            same_group = all(filled[up][index] == filled[up][index - 1] for up in range(level))
            below_left = any(row[index - 1].strip() for row in block[level + 1 :])
            if has_name_below and same_group and below_left:
                filled[level][index] = filled[level][index - 1]
    return filled


def _columns(block: list[list[str]], grid: Grid) -> tuple[Column, ...]:
    columns = []
    for index in range(grid.width):
        parts: list[str] = []
        for row in block:
            text = _BLANK.sub(" ", row[index]).strip()
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        header = "/".join(parts)
        letter = letter_of(index) if grid.letters else ""
        columns.append(Column(f"c{index}", letter, header, key_of(header)))
    return tuple(columns)
