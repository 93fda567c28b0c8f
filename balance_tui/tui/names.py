"""Finding Chinese names with a Latin keyboard: as written, by the initials of their pinyin, or by its syllables."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_DOUBLE_INITIALS = frozenset(("zh", "ch", "sh"))
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
_UNLISTED = {"𠮷": ("ji",)}
"""Readings of characters that occur in names and that pypinyin does not list."""

_LONGEST_SYLLABLE = 6
_SPELLINGS = 16
_SPELLED_SIZE = 60_000
_SOUNDED_LETTERS = 40
"""Bounds that keep a regular expression within what Rust's accepts: ways of reading a row of letters as syllables,
characters in them, and letters that may stand for a Chinese character; no name has more."""


def pattern(wanted: str, text: str | None = None) -> str:
    """A regular expression, for Python and for polars, that finds `wanted` in `text` (in any text where none is
    given): as written, ASCII letters in either case; or with each letter standing for a Chinese character one of
    whose readings begins with it; or with syllables of pinyin, the last of them perhaps not finished.

    >>> import re
    >>> [bool(re.search(pattern(each, "永宁小学"), "永宁小学")) for each in ("ynxx", "永n", "yongni", "nx", "xn")]
    [True, True, True, True, False]
    """
    if text is None:
        return _expression(wanted, _all_sounds()) if _has_letters(wanted) else _expression(wanted, _NO_SOUNDS)
    return _expression(wanted, _sounds_of(frozenset(text)))


def frame_pattern(wanted: str, characters: Collection[str]) -> str:
    """The same for texts made of no other than these characters: much smaller than for any text. It is quick when
    asked again with the same frozenset."""
    return _expression(wanted, _kept_sounds_of(frozenset(characters)))


@cache
def readings(character: str) -> frozenset[str]:
    """All readings of a character without tones, `ü` both as v and as u; none for what is not Chinese.

    >>> sorted(readings("长")), sorted(readings("女")), readings("a")
    (['chang', 'zhang'], ['nu', 'nv', 'ru'], frozenset())
    """
    if character < "\u2e80":
        return frozenset()
    listed = _UNLISTED.get(character) or _listed(character)
    return frozenset(form for reading in listed for form in _without_tones(reading) if form)


@cache
def spelled(character: str) -> str:
    """The usual reading of a Chinese character without tones, to sort by; empty for any other.

    >>> spelled("长"), spelled("女"), spelled("a")
    ('zhang', 'nv', '')
    """
    listed = () if character < "\u2e80" else _UNLISTED.get(character) or _listed(character)
    return next((form for reading in listed for form in _without_tones(reading) if form), "")


def _listed(character: str) -> Sequence[str]:
    from pypinyin.constants import PINYIN_DICT

    usual = unicodedata.normalize("NFKC", character)
    written = PINYIN_DICT.get(ord(character)) or (PINYIN_DICT.get(ord(usual)) if len(usual) == 1 else None)
    return written.split(",") if written else ()


def _without_tones(reading: str) -> Iterator[str]:
    apart = unicodedata.normalize("NFD", reading)
    for vowel in ("v", "u") if "\u0308" in apart else ("u",):
        yield "".join(each for each in apart.replace("u\u0308", vowel) if each in _LETTERS)


@dataclass(frozen=True, slots=True)
class _Sounds:
    """The characters by every beginning of their readings; which of these are whole; whether some characters carry
    variation selectors."""

    beginnings: dict[str, str]
    syllables: frozenset[str]
    selectors: bool


_NO_SOUNDS = _Sounds({}, frozenset(), False)


def _sounds_of(characters: frozenset[str]) -> _Sounds:
    beginnings: dict[str, list[str]] = {}
    syllables: set[str] = set()
    for character in sorted(characters):
        spoken = readings(character)
        syllables |= spoken
        for beginning in {each[:end] for each in spoken for end in range(1, len(each) + 1)}:
            beginnings.setdefault(beginning, []).append(character)
    classes = {beginning: "".join(those) for beginning, those in beginnings.items()}
    return _Sounds(classes, frozenset(syllables), not _SELECTORS.isdisjoint(characters))


_kept_sounds_of = lru_cache(maxsize=8)(_sounds_of)


@cache
def _all_sounds() -> _Sounds:
    from pypinyin.constants import PINYIN_DICT

    return _sounds_of(frozenset(map(chr, PINYIN_DICT)) | _UNLISTED.keys())


def _has_letters(text: str) -> bool:
    return not _LETTERS.isdisjoint(text)


def _expression(wanted: str, sounds: _Sounds) -> str:
    between = _SELECTOR if sounds.selectors else ""
    left, pieces = _SOUNDED_LETTERS, []
    for run in _runs(wanted.encode("utf-8", "backslashreplace").decode()):
        if run[0] in _LETTERS:
            pieces.append(_sounded(run[:left], sounds, between))
            pieces.extend(_either_case(letter) for letter in run[left:])
            left = max(left - len(run), 0)
        else:
            pieces.append(_literal(run))
    return between.join(piece for piece in pieces if piece)


def _runs(text: str) -> Iterator[str]:
    """Letters in a row, and every other character by itself."""
    run = ""
    for character in text:
        if character in _LETTERS:
            run += character
            continue
        if run:
            yield run
        yield character
        run = ""
    if run:
        yield run


def _literal(character: str) -> str:
    return "\\" + character if character in _SPECIAL else character


def _either_case(letter: str, characters: str = "") -> str:
    return f"[{letter.lower()}{letter.upper()}{characters}]"


def _sounded(run: str, sounds: _Sounds, between: str) -> str:
    initials = [_either_case(letter, sounds.beginnings.get(letter.lower(), "")) for letter in run]
    ways, size = [between.join(initials)], 0
    for spelling in _spellings(run.lower(), sounds):
        way = between.join(f"[{sounds.beginnings[token]}]" for token in spelling)
        size += len(way)
        if size > _SPELLED_SIZE:
            break
        ways.append(way)
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _spellings(run: str, sounds: _Sounds) -> list[tuple[str, ...]]:
    """Ways to read the letters as syllables and initials, those of few syllables first; without the one that reads
    every letter as an initial."""
    best: list[list[tuple[str, ...]]] = [[] for _ in run] + [[()]]
    for start in reversed(range(len(run))):
        ends = range(start + 1, min(start + _LONGEST_SYLLABLE, len(run)) + 1)
        ways = [
            (run[start:end], *rest)
            for end in ends
            if _is_token(run[start:end], end == len(run), sounds)
            for rest in best[end]
        ]
        best[start] = sorted(ways, key=len)[:_SPELLINGS]
    return [way for way in best[0] if len(way) < len(run)]


def _is_token(letters: str, is_last: bool, sounds: _Sounds) -> bool:
    if letters not in sounds.beginnings:
        return False
    return is_last or len(letters) == 1 or letters in sounds.syllables or letters in _DOUBLE_INITIALS
