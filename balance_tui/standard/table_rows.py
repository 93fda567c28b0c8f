"""An indicator table as text cells → its points, with the headings they stand under and their scores.

Columns are found by their headings. A heading that stands once for several rows (blank or merged below) holds for
all of them; a score does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..errors import Place, StandardInvalid, visible
from ..language import Text
from .names import nearest
from .table_text import Heading, heading_of, read_score, split_number

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "dimension": ("一级指标", "一级", "维度", "dimension"),
    "secondary": ("二级指标", "二级", "secondary"),
    "tertiary": ("三级指标", "三级", "tertiary", "tertiary_title"),
    "point": ("评价要点", "要点", "评价内容", "评价标准", "观测点", "point", "point_summary"),
    "score": ("分值", "满分", "标准分", "分数", "score"),
    "number": ("要点编号", "编号", "序号", "point_no"),
}
LEVELS = ("dimension", "secondary", "tertiary")
NEEDED = ("dimension", "point", "score")
HEAD_ROWS = 40
"""How many rows may stand above the headings."""


@dataclass(frozen=True)
class Cells:
    """One file or sheet: rows of text (blank cells empty), the line or row each begins on. `joined` are the 0-based
    (row, column) of cells that a merged one above covers."""

    file: str
    sheet: str | None
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    joined: frozenset[tuple[int, int]] = frozenset()

    def place(self, row: int, column: int | None = None) -> Place:
        """`file:17` of a row of text, `file:sheet!E17` of a cell of a workbook."""
        line = self.lines[row] if row < len(self.lines) else None
        if self.sheet is None:
            return Place(self.file, line)
        return Place(self.file, sheet=self.sheet, cell=f"{_letters(column or 0)}{line}")


@dataclass(frozen=True)
class PointRow:
    """One point as the table has it; `score` None where the cell is blank."""

    place: Place
    headings: tuple[Heading, ...]
    number: int | None
    text: str
    score: Decimal | None


@dataclass(frozen=True)
class TableRows:
    """The points of a table in order, and its total with its place, where it has one."""

    points: tuple[PointRow, ...]
    total: tuple[Decimal, Place] | None = None


def table_rows(sheets: Sequence[Cells]) -> TableRows:
    """The points of the one sheet that holds an indicator table. Errors: `StandardInvalid` (`TABLE-HEADER`,
    `TABLE-SHEETS`, `TABLE-SCORE`, `TABLE-POINT`, `TABLE-DIMENSION`, `TABLE-EMPTY`, `TABLE-TOTAL`) with every problem."""
    found = [(cells, top) for cells in sheets if (top := _heading_row(cells)) is not None]
    whole = [(cells, top) for cells, top in found if not _missing(_columns(cells.rows[top]))]
    if not whole:
        raise _no_heading(sheets, found)
    if len(whole) > 1:
        names = ", ".join(visible(cells.sheet or cells.file) for cells, _ in whole)
        raise fault("TABLE-SHEETS", whole[1][0].place(whole[1][1]), (
            f"不止一张表像指标表: {names}", f"more than one sheet looks like the table: {names}",
        ), ("请只留一张", "keep one of them"))  # fmt: skip
    return _Reader(*whole[0]).read()


def fault(
    code: str, place: Place | None, what: tuple[str, str], mend: tuple[str, str] | None = None
) -> StandardInvalid:
    """An error of a table at a place; both sentences as (zh, en)."""
    return StandardInvalid(code, Text(*what), Text(*mend) if mend else None, place)


def raise_all(problems: Sequence[StandardInvalid]) -> None:
    """Raise the first of the problems holding all of them, or nothing where there is none."""
    if problems:
        first = problems[0]
        raise StandardInvalid(first.code, first.what, first.mend, first.place, tuple(problems))


# ── Headings ───────────────────────────────────────────────────────────────────────────────────────


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


_BY_KEY = {_key(heading): name for name, headings in HEADINGS.items() for heading in headings}


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Column of each known heading; the first of a name counts."""
    found: dict[str, int] = {}
    for column, text in enumerate(row):
        name = _BY_KEY.get(re.sub(r"\(.*\)$", "", _key(text)))
        if name:
            found.setdefault(name, column)
    return found


def _missing(columns: Mapping[str, int]) -> list[str]:
    return [name for name in NEEDED if name not in columns]


def _heading_row(cells: Cells) -> int | None:
    """The row with the most known headings, at least two."""
    counts = [len(_columns(row)) for row in cells.rows[:HEAD_ROWS]]
    best = max(counts, default=0)
    return counts.index(best) if best >= 2 else None


def _no_heading(sheets: Sequence[Cells], found: Sequence[tuple[Cells, int]]) -> StandardInvalid:
    mend = ("表头须有 一级指标、评价要点、分值", "the headings dimension, point and score are needed")
    if not found:
        place = sheets[0].place(0) if sheets else None
        what = ("没有找到指标表的表头", "no headings of an indicator table were found")
        return fault("TABLE-HEADER", place, what, mend)
    cells, top = found[0]
    missing = _missing(_columns(cells.rows[top]))
    names = "、".join(HEADINGS[name][0] for name in missing), ", ".join(missing)
    near = nearest(HEADINGS[missing[0]][0], [text for text in cells.rows[top] if text])
    told = (near.zh, near.en) if near else mend
    return fault(
        "TABLE-HEADER", cells.place(top), (f"缺少列: {names[0]}", f"columns missing: {names[1]}"), told
    )


# ── Rows ───────────────────────────────────────────────────────────────────────────────────────────

_TOTAL = frozenset(("合计", "总计", "总分", "共计", "total", "sum"))
_SUBTOTAL = frozenset(("小计", "subtotal"))


@dataclass
class _Reader:
    """One table while it is read."""

    cells: Cells
    top: int
    headings: list[Heading | None] = field(default_factory=list)
    points: list[PointRow] = field(default_factory=list)
    problems: list[StandardInvalid] = field(default_factory=list)
    total: tuple[Decimal, Place] | None = None
    places: dict[Heading, Place] = field(default_factory=dict)

    def read(self) -> TableRows:
        self.columns = _columns(self.cells.rows[self.top])
        self.levels = [name for name in LEVELS if name in self.columns]
        self.headings = [None] * len(self.levels)
        for row in range(self.top + 1, len(self.cells.rows)):
            if any(self._cell(row, name) for name in self.columns):
                self._row(row)
        self._empty_dimensions()
        self._check_total()
        raise_all(self.problems)
        return TableRows(tuple(self.points), self.total)

    def _cell(self, row: int, name: str) -> str:
        column = self.columns.get(name)
        texts = self.cells.rows[row]
        return texts[column].strip() if column is not None and column < len(texts) else ""

    def _place(self, row: int, name: str) -> Place:
        return self.cells.place(row, self.columns[name])

    def _say(
        self, code: str, place: Place, what: tuple[str, str], mend: tuple[str, str] | None = None
    ) -> None:
        self.problems.append(fault(code, place, what, mend))

    def _row(self, row: int) -> None:
        words = {_key(self._cell(row, name)) for name in (*self.levels, "point")}
        if words & (_TOTAL | _SUBTOTAL):
            self._sum_row(row, bool(words & _TOTAL))
            return
        self._carry(row)
        text, score = self._cell(row, "point"), self._cell(row, "score")
        if text:
            self._point(row, text)
        elif score:
            self._say("TABLE-POINT", self._place(row, "point"), (
                f"有分值“{visible(score)}”而没有评价要点", f"a score '{visible(score)}' without a point",
            ), ("请补上要点, 合计行请写“合计”", "add the point; a row of sums is called 合计"))  # fmt: skip

    def _carry(self, row: int) -> None:
        """Headings of the row; one that changes ends those below it."""
        for level, name in enumerate(self.levels):
            text = self._cell(row, name)
            if not text:
                continue
            heading = heading_of(text)
            if heading != self.headings[level]:
                self.headings[level:] = [heading, *[None] * (len(self.levels) - level - 1)]
                if level == 0:
                    self.places.setdefault(heading, self._place(row, name))

    def _point(self, row: int, text: str) -> None:
        number, said = split_number(text)
        own = self._cell(row, "number")
        if own:
            number = self._own_number(row, own)
        if self.headings[0] is None:
            self._say("TABLE-DIMENSION", self._place(row, "dimension"), (
                "要点上方没有一级指标", "no dimension stands above the point",
            ), ("请在第一行写明一级指标", "write the dimension in the first row"))  # fmt: skip
        headings = tuple(each for each in self.headings if each is not None)
        place = self._place(row, "point")
        self.points.append(PointRow(place, headings, number, said, self._score(row)))

    def _own_number(self, row: int, text: str) -> int | None:
        plain = unicodedata.normalize("NFKC", text).removesuffix(".0")
        if plain.isascii() and plain.isdigit() and len(plain) < 5:
            return int(plain)
        self._say("TABLE-NUMBER", self._place(row, "number"), (
            f"编号“{visible(text)}”不是整数", f"the number '{visible(text)}' is not a whole number",
        ), ("请只写数字, 如 29", "write digits alone, as 29"))  # fmt: skip
        return None

    def _score(self, row: int) -> Decimal | None:
        text = self._cell(row, "score")
        if not text:
            if (row, self.columns["score"]) in self.cells.joined:
                self._say("TABLE-SCORE", self._place(row, "score"), (
                    "分值单元格合并了几行, 看不出哪个要点几分", "a score merged over several rows belongs to no one point",
                ), ("请拆开并逐个填写", "split it and give each point its own"))  # fmt: skip
            return None
        score = read_score(text)
        if score is None:
            self._say("TABLE-SCORE", self._place(row, "score"), (
                f"分值“{visible(text)}”不是大于零的数", f"the score '{visible(text)}' is not a number above zero",
            ), ("请只写数字, 如 2", "write digits alone, as 2"))  # fmt: skip
        return score

    def _sum_row(self, row: int, is_total: bool) -> None:
        score = self._score(row)
        place = self._place(row, "score")
        if score is None:
            return
        if is_total:
            if self.total is not None:
                self._say("TABLE-TOTAL", place, ("有两个合计行", "there are two rows of totals"),
                          ("请只留一个", "keep one"))  # fmt: skip
            self.total = score, place
            return
        sums = {self._sum_under(level) for level in range(len(self.levels))}
        if score not in sums:
            told = ", ".join(format(each, "f") for each in sorted(sums))
            self._say("TABLE-TOTAL", place, (
                f"小计 {score} 与其上各要点之和 {told} 不符", f"the subtotal {score} is not the sum {told} of its points",
            ), ("请核对分值", "check the scores"))  # fmt: skip

    def _sum_under(self, level: int) -> Decimal:
        mine = tuple(each for each in self.headings[: level + 1] if each is not None)
        return sum(
            (each.score or Decimal(0) for each in self.points if each.headings[: level + 1] == mine),
            Decimal(0),
        )

    def _empty_dimensions(self) -> None:
        used = {each.headings[0] for each in self.points if each.headings}
        for heading, place in self.places.items():
            if heading not in used:
                self._say("TABLE-EMPTY", place, (
                    f"一级指标“{visible(heading.name)}”下没有要点",
                    f"the dimension '{visible(heading.name)}' has no points",
                ), ("请补上要点或删去这一行", "add its points or remove the row"))  # fmt: skip
        if not self.points and not self.places:
            self._say(
                "TABLE-EMPTY",
                self.cells.place(self.top),
                ("表头下没有要点", "there are no points below the headings"),
            )

    def _check_total(self) -> None:
        if self.total is None:
            return
        known = sum((each.score or Decimal(0) for each in self.points), Decimal(0))
        if self.total[0] != known and all(each.score is not None for each in self.points):
            self._say("TABLE-TOTAL", self.total[1], (
                f"合计 {self.total[0]} 与各要点之和 {known} 不符",
                f"the total {self.total[0]} is not the sum {known} of the points",
            ), ("请核对分值", "check the scores"))  # fmt: skip


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def sums_of(rows: Sequence[PointRow]) -> Iterator[tuple[Heading, Decimal]]:
    """Each heading with points of its own stated, and the sum of those under it."""
    for heading in dict.fromkeys(each for row in rows for each in row.headings if each.points is not None):
        yield heading, sum((row.score or Decimal(0) for row in rows if heading in row.headings), Decimal(0))
