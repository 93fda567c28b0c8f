"""The words of an indicator table: numbers before headings and points, points stated beside them, scores."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

HIGHEST = Decimal(10_000)
"""No point has more points."""

_CHINESE = "一二三四五六七八九十"
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
_PREFIX = re.compile(
    rf"\s*(?:\(\s*([{_CHINESE}]+|[0-9]{{1,3}})\s*\)[、.\s]*|([{_CHINESE}]+)[、.\s]+"
    r"|([0-9]{1,3})(?:\s*[、\s]\s*|\s*\.(?![0-9])\s*))"
)
_POINTS = re.compile(r"\s*\(\s*(?:共|满分)?\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*分\s*\)\s*$")


@dataclass(frozen=True)
class Heading:
    """A dimension or a heading under one: its name without number and points, and those if it has them."""

    name: str
    number: int | None = None
    points: Decimal | None = None


def _number_of(text: str) -> int:
    """The number that Chinese numerals below a hundred or digits stand for.

    >>> _number_of("十二"), _number_of("二十"), _number_of("29")
    (12, 20, 29)
    """
    if text[0] not in _CHINESE:
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CHINESE.index(text[0]) + 1
    return 10 * (_CHINESE.index(tens[0]) + 1 if tens else 1) + (_CHINESE.index(ones[0]) + 1 if ones else 0)


def split_number(text: str) -> tuple[int | None, str]:
    """A number at the head of a text, and the text without it.

    >>> split_number("(五)教育公平"), split_number("11.坚持免试就近入学"), split_number("2.5间")
    ((5, '教育公平'), (11, '坚持免试就近入学'), (None, '2.5间'))
    """
    match = _PREFIX.match(text.translate(_WIDE))  # one character for one: positions stay
    if not match or not text[match.end() :].strip():
        return None, text.strip()
    return _number_of(next(filter(None, match.groups()))), text[match.end() :].strip()


def heading_of(text: str) -> Heading:
    """A heading with its number and the points stated beside it, as in `(二)资源配置(22分)`."""
    stated = _POINTS.search(text.translate(_WIDE))
    number, name = split_number(text[: stated.start()] if stated else text)
    points = read_score(stated.group(1)) if stated else None
    return Heading("".join(name.split()) or "".join(text.split()), number, points)


def read_score(text: str) -> Decimal | None:
    """Points above zero as a person writes them (full-width digits, the unit 分); None for anything else.

    >>> read_score("３分"), read_score("-1"), read_score("二")
    (Decimal('3'), None, None)
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).removesuffix("分")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", plain):
        return None
    score = Decimal(plain).normalize()
    number = score if score != score.to_integral() else score.quantize(Decimal(1))
    return number if 0 < number <= HIGHEST else None
