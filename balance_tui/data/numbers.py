"""The one reader of values: what a person or a program wrote in a cell, as the field's own kind.

Missing is never zero: blank and the marks of `MISSING` are null without complaint. Anything that
cannot be read is null with a code of `findings.FINDINGS_READ`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from .dictionary import Field
from .variants import FALSE_WORDS, TRUE_WORDS, code_of, is_senior_only

MISSING_MARKS = frozenset(
    ("", "—", "——", "–", "-", "--", "―", "−", "/", "空", "na", "n/a", "#n/a", "null", "none")
)
"""Marks that say nothing was reported, in any field."""

MISSING = MISSING_MARKS | {"无"}
"""Marks of a missing figure or text; for a yes/no field 无 is an answer: no."""

UNIT_NAMES: Mapping[str, tuple[str, ...]] = {
    "人": ("人", "名", "persons"), "㎡": ("㎡", "m2", "m²", "平方米", "平米"), "万元": ("万元",),
    "元": ("元",),
    "间": ("间",), "台": ("台",), "册": ("册",), "个": ("个",), "级": ("级",), "份": ("份",), "起": ("起",),
    "分": ("分",), "所": ("所",), "次": ("次",), "万人": ("万人",), "Mbps": ("mbps", "mb/s"), "%": ("%",),
}  # fmt: skip
"""How each unit of the dictionary may be written, in lower case."""

FACTORS: Mapping[tuple[str, str], Decimal] = {
    ("万元", "元"): Decimal("0.0001"), ("元", "万元"): Decimal(10000), ("万人", "人"): Decimal("0.0001"),
    ("人", "万人"): Decimal(10000), ("Mbps", "Gbps"): Decimal(1000),
}  # fmt: skip
"""(unit of the field, unit a mapping declares) → what a figure is multiplied with."""

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20, 0x2212: 0x2D, 0x00A0: 0x20}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+(?=\.|\D|$)|(?=\.\d))(\.\d*)?(e[+-]?\d{1,3})?", re.ASCII)
_NOT_FINITE = frozenset(
    ("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "-∞", "1.#inf", "1.#qnan")
)
_CELL_ERROR = re.compile(r"#(DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)
_OTHER_UNITS = frozenset(("万", "亿", "千", "百", "亩", "公顷", "亿元", "平方千米", "gbps"))
_ROMAN = {"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "i": "1", "ii": "2", "iii": "3", "iv": "4"}

Value = float | int | str | bool | None


class Reading(NamedTuple):
    """A value in the field's own kind, and the code of what is wrong or worth saying about it."""

    value: Value
    code: str | None = None


def plain(text: str) -> str:
    """The text with full-width ASCII made half-width and outer blanks removed."""
    return text.translate(_WIDE).strip()


def read_value(text: str | None, field: Field, unit: str | None = None) -> Reading:
    """What `text` means for `field`. `unit` is the unit a mapping declares for it, where not its own."""
    if text is None:
        return Reading(None)
    if field.kind in ("number", "integer"):
        return read_number(text, field, unit)
    if field.kind == "boolean":
        return read_boolean(text)
    return read_code(text, field) if field.kind == "code" else read_text(text)


def read_text(text: str) -> Reading:
    """Text as it stands, outer blanks removed; the marks of `MISSING` are null."""
    stripped = text.strip()
    return Reading(None if plain(stripped).lower() in MISSING else stripped)


def read_boolean(text: str) -> Reading:
    """Yes or no. 无 is no: a school whose charter column says 无 has none."""
    word = plain(text).lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return Reading(word in TRUE_WORDS)
    return Reading(None, None if word in MISSING_MARKS else "NUM-BOOLEAN")


def read_code(text: str, field: Field) -> Reading:
    """The code of a coded field, from the code, its Chinese label or a usual variant."""
    word = plain(text).lower()
    if word in MISSING:
        return Reading(None)
    if field.code == "school_type" and is_senior_only(word):
        return Reading(None, "NUM-SENIOR")
    code = code_of(field.code, word)
    return Reading(code, None if code else "NUM-CODE")


def read_number(text: str, field: Field, unit: str | None = None) -> Reading:
    """A number in the field's unit, decimal text turned into a float exactly once.

    >>> from balance_tui.data.dictionary import dictionary
    >>> read_number("1,200人", dictionary()["students"])
    Reading(value=1200.0, code='NUM-UNIT')
    """
    word = plain(text).lower()
    if word in MISSING:
        return Reading(None)
    if word in _NOT_FINITE:
        return Reading(None, "NUM-FINITE")
    if _CELL_ERROR.fullmatch(word):
        return Reading(None, "NUM-CELL-ERROR")
    if field.unit == "级":
        word = _from_roman(word)
    match = _NUMBER.match(word)
    if not match:
        return Reading(None, "NUM-TEXT")
    return _with_unit(match, word[match.end() :].strip(), field, unit)


def _from_roman(word: str) -> str:
    stem = word.removesuffix("级").strip()
    return _ROMAN.get(stem, _ROMAN.get(stem.upper(), word))


def _with_unit(match: re.Match[str], rest: str, field: Field, unit: str | None) -> Reading:
    own = unit or field.unit
    names = UNIT_NAMES.get(own, (own.lower(),))
    if field.code.endswith("year") and rest == "年":
        rest = ""
    elif rest and rest not in names:
        known = rest in _OTHER_UNITS or any(rest in other for other in UNIT_NAMES.values())
        return Reading(None, "NUM-UNIT-OTHER" if known else "NUM-TEXT")
    factor = FACTORS.get((field.unit, unit), Decimal(1)) if unit else Decimal(1)
    reading = within(Decimal(match[0].replace(",", "")) * factor, field)
    noted = bool(rest) and own != "%"
    return Reading(reading.value, reading.code or ("NUM-UNIT" if noted else None))


def within(number: Decimal, field: Field) -> Reading:
    """The number as the field's kind, if it lies in what the dictionary says is possible."""
    if field.low is not None and number < field.low:
        return Reading(None, "NUM-NEGATIVE" if number < 0 <= field.low else "NUM-RANGE")
    if field.high is not None and number > field.high:
        return Reading(None, "NUM-RANGE")
    if field.kind == "integer" and number != number.to_integral_value():
        return Reading(None, "NUM-WHOLE")
    value = float(number)
    if value in (float("inf"), float("-inf")):
        return Reading(None, "NUM-RANGE")
    return Reading(int(number) if field.code == "year" else value)
