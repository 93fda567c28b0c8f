"""The names a person may give to columns, words and marks when filtering."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from ...data.dictionary import dictionary
from ...engine.status import LABELS, MARKS
from .sheet import Column

_WORDS_OF_MARK: dict[str, tuple[str, ...]] = {
    sign: tuple(word for word, mark in MARKS.items() if mark == own)
    for own, signs in {
        "✓": "✓√v", "✗": "✗✘xX×", "?": "?？", "~": "~～", "–": "–-—－",
    }.items()
    for sign in signs
}  # fmt: skip


def folded(text: str) -> str:
    """A name without regard to case, width and outer blanks."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def statuses(value: str) -> tuple[str, ...]:
    """The words of a status that a mark, a label in either language or a code names; none where it is neither.

    >>> statuses("✗"), statuses("不达标"), statuses("~"), statuses("0.5")
    (('fail',), ('fail',), ('relieved', 'floor'), ())
    """
    wanted = folded(value)
    named = (word for word, label in LABELS.items() if wanted in (word, *map(folded, label)))
    return _WORDS_OF_MARK.get(value) or tuple(named)


def column_named(
    name: str, columns: Sequence[Column], schema: Mapping[str, pl.DataType]
) -> tuple[Column, ...]:
    """The columns that a name may mean: exactly one, or several of which none is meant for sure, or none. Columns of
    the frame that are not shown go by their code or the dictionary's label; one that is shown comes first."""
    shown = [column for column in columns if column.key in schema]
    hidden = _hidden(shown, schema)
    wanted = folded(name)
    exact, beginning = _is_named(wanted), _begins(wanted)
    for known, answers in ((shown, exact), (hidden, exact), (shown, beginning), (hidden, beginning)):
        by_key = tuple(column for column in known if answers([column.key]))
        found = by_key or tuple(column for column in known if answers(column.title))
        if found and wanted:
            return found
    return ()


def _is_named(wanted: str) -> Callable[[Sequence[str]], bool]:
    return lambda names: any(folded(name) == wanted for name in names)


def _begins(wanted: str) -> Callable[[Sequence[str]], bool]:
    return lambda names: any(folded(name).startswith(wanted) for name in names)


def _hidden(shown: Sequence[Column], schema: Mapping[str, pl.DataType]) -> list[Column]:
    keys = {column.key for column in shown}
    names = (name for name in schema if name not in keys and not name.startswith("_"))
    return [Column(name, dictionary().label(name)) for name in names]


def names_known(columns: Sequence[Column]) -> list[str]:
    """All names of the columns shown, for a hint."""
    return [name for column in columns for name in (column.key, *column.title) if name]
