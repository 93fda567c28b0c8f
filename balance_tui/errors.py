"""Errors are values with a code and a place inside, one sentence outside.

`str(error)` is `CODE place: what; how to mend`. The exit code belongs to the kind of error:
2 usage, 3 input rejected, 4 standard or plugin invalid, 5 refused.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from .language import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, and in it a line, a sheet or a cell."""

    file: str
    line: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        inside = f"{self.sheet}!{self.cell or ''}".rstrip("!") if self.sheet else self.cell
        parts = (self.file, str(self.line) if self.line else None, inside)
        return visible(":".join(part for part in parts if part))


def visible(text: str) -> str:
    """The text with every control and format character shown as an escape, so that no file's content
    can move the cursor, colour the terminal or break the line.

    >>> visible("a\\x1b[31m\\nb")
    'a\\\\x1b[31m\\\\nb'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def readable(name: str) -> str:
    """A file name or argument as text that every Unicode encoding takes: bytes that the locale could not read
    are read as UTF-8, and what is not even that is shown as escapes. Any other text stays as it is."""
    if not any("\ud800" <= character <= "\udfff" for character in name):
        return name
    return os.fsencode(name).decode("utf-8", "backslashreplace")


class BalanceError(Exception):
    """Base of every error a user may meet."""

    exit_code = 1

    def __init__(self, code: str, what: Text, mend: Text | None = None, place: Place | None = None) -> None:
        super().__init__(code, what, mend, place)
        self.code, self.what, self.mend, self.place = code, what, mend, place

    def __str__(self) -> str:
        place = f" {self.place}" if self.place else ""
        mend = f"; {visible(str(self.mend))}" if self.mend else ""
        return f"{self.code}{place}: {visible(str(self.what))}{mend}"


class UsageError(BalanceError):
    """The command was called in a way it does not know."""

    exit_code = 2


class InputRejected(BalanceError):
    """The data cannot be trusted or read; nothing was evaluated."""

    exit_code = 3


class StandardInvalid(BalanceError):
    """A standard, layer or plugin is not usable; `problems` holds every error found, this one first."""

    exit_code = 4

    def __init__(
        self,
        code: str,
        what: Text,
        mend: Text | None = None,
        place: Place | None = None,
        problems: tuple[StandardInvalid, ...] = (),
    ) -> None:
        super().__init__(code, what, mend, place)
        self.problems = problems or (self,)


class Refused(BalanceError):
    """A role, a lock or a conflict stands in the way."""

    exit_code = 5
