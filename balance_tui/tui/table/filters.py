"""The filter of a list: words that must all hold, read into one polars expression.

`HELP` says the language in full. A condition on an unknown value does not hold, except the one that asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from ...errors import UsageError
from ...language import Text
from ...standard.names import nearest
from .comparing import comparison, filter_error
from .containing import containing
from .sheet import Column
from .wording import column_named, names_known

HELP = Text(
    """各词以空格分开, 须全部符合。
永宁        任一文字列含“永宁”; 也可写拼音: ynxx、yongning
L2<1        数值比较: < <= > >= = !=; = 按所示小数位比较
学段=小学   代码或名称; 文字列的 = 为“含”; 结论=不达标 与 结论=✗ 相同
L2=✗        该列的标记: ✓ ✗ ? ~ –, 也可写 v x
L2=?        未知的值; 其他比较中未知的值都不符合
!词         不符合该词的全部行, 含未知的
"东 校区"   含空格或 = < > 的文字加引号
列名可写代码、标题或其唯一的开头; 全角 ＝＜＞！ 亦可""",
    """Words separated by spaces; all must hold.
yongning     a column of text contains it; Chinese names also by pinyin: ynxx
L2<1         numbers: < <= > >= = !=; = compares at the decimals shown
stage=primary  a code or its label; = of a text column means: contains; verdict=fail is verdict=✗
L2=✗         the mark of the column: ✓ ✗ ? ~ –, also written v x
L2=?         unknown values; in every other comparison an unknown value does not hold
!word        all rows for which the word does not hold, unknown ones too
"east wing"  quotes around text with spaces or = < >
Name a column by its code, its title or a beginning of it that no other has; full-width ＝＜＞！ will do""",
)
"""The filter language, for the help screen."""

MOST = 500
"""Characters a filter may have."""

_QUOTED = r'"[^"]*"?|“[^”]*”?'
_PART = rf'(?:{_QUOTED}|(?![!！][=＝])[^\s"“=<>≠≤≥＝＜＞])+'
_WORD = re.compile(
    rf"\s*(?P<negated>[!！](?![=＝]))?(?P<left>{_PART})?"
    rf'(?:\s*(?P<operator>[!！<>＜＞][=＝]|[=<>≠≤≥＝＜＞])\s*(?P<value>(?:{_QUOTED}|[^\s"“])+)?)?'
)
_OPERATORS = str.maketrans({"！": "!", "＝": "=", "＜": "<", "＞": ">", "≠": "!=", "≤": "<=", "≥": ">="})


@dataclass(frozen=True, slots=True)
class Word:
    """One condition: a text that any column contains, or a column, an operator and a value."""

    value: str
    column: str = ""
    operator: str = ""
    negated: bool = False


def parse(wanted: str) -> tuple[Word, ...]:
    """The words of a filter. Errors: `FILTER` for one that is not complete, or too long a filter.

    >>> parse('永宁 !stage="primary" L2 < 1')[1:]
    (Word(value='primary', column='stage', operator='=', negated=True), Word(value='1', column='L2', operator='<', negated=False))
    """
    if len(wanted) > MOST:
        raise filter_error(
            Text(f"筛选多于 {MOST} 字", f"the filter has more than {MOST} characters"),
            Text("请写短些", "write a shorter one"),
        )
    matches = (match for match in _WORD.finditer(wanted.strip()) if match[0])
    return tuple(_word(match) for match in matches)


def _word(match: re.Match[str]) -> Word:
    negated, left, operator, value = match.group("negated", "left", "operator", "value")
    if operator is None:
        if left is None:
            raise _incomplete(match[0], Text("“!”后缺少词", "a word lacks after '!'"))
        return Word(_unquoted(left), negated=negated is not None)
    if left is None:
        raise _incomplete(match[0], Text("缺少列名", "the name of the column lacks"))
    if value is None:
        raise _incomplete(match[0], Text("缺少值", "the value lacks"))
    return Word(_unquoted(value), _unquoted(left), operator.translate(_OPERATORS), negated is not None)


def _unquoted(text: str) -> str:
    return re.sub('["“”]', "", text)


def _incomplete(word: str, what: Text) -> UsageError:
    return filter_error(
        Text(f"“{word.strip()}”: {what.zh}", f"'{word.strip()}': {what.en}"),
        Text(
            "写成 列=值, 如 L2<1; 文字中的符号加引号",
            "write COLUMN=VALUE, as L2<1; put quotes around signs in a text",
        ),
    )


def condition(
    words: Sequence[Word],
    columns: Sequence[Column],
    schema: Mapping[str, pl.DataType],
    characters: Collection[str] | None = None,
) -> pl.Expr:
    """The rows for which all words hold; of no words, the literal true. `characters` are those of the frame's texts,
    where known. Errors: `FILTER` for a column or a value that is not known."""
    held = [_held(word, columns, schema, characters) for word in words]
    return reduce(pl.Expr.and_, held) if held else pl.lit(True)


def _held(
    word: Word, columns: Sequence[Column], schema: Mapping[str, pl.DataType], characters: Collection[str] | None
) -> pl.Expr:  # fmt: skip
    if not word.operator:
        holds = containing(word.value, columns, schema, characters)
        return ~holds if word.negated else holds
    column = _column(word.column, columns, schema)
    operator = "=" if word.operator == "!=" else word.operator
    holds = comparison(column, operator, word.value, schema, characters).fill_null(False)
    return ~holds if word.negated != (word.operator == "!=") else holds


def _column(name: str, columns: Sequence[Column], schema: Mapping[str, pl.DataType]) -> Column:
    found = column_named(name, columns, schema)
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(column.key for column in found[:6])
        raise filter_error(
            Text(f"“{name}”可指多列", f"'{name}' may be several columns"),
            Text(f"请写其中之一: {keys}", f"write one of: {keys}"),
        )
    known = names_known(columns)
    listed = ", ".join(str(column.title) or column.key for column in columns[:8])
    raise filter_error(
        Text(f"没有名为“{name}”的列", f"there is no column '{name}'"),
        nearest(name, known) or Text(f"可用的列: {listed}", f"columns: {listed}"),
    )
