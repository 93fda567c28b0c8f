"""What a person types for a fact, read as a cell of a file is read."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.dictionary import Field
from ..data.findings import FINDINGS_READ
from ..data.numbers import Value, read_value
from ..errors import visible
from ..language import Text


@dataclass(frozen=True)
class Entry:
    """`value` is how the fact is kept in the log (None blanks it); `problem` says why it cannot stand, `note` what is
    worth knowing about how it was read."""

    value: str | None
    problem: Text | None = None
    note: Text | None = None


def read_entry(text: str, field: Field) -> Entry:
    """The value that a typed text means for a field: figures with or without thousands commas and the field's own
    unit, codes or their labels, yes and no; an empty text or `-` blanks the cell.

    >>> from balance_tui.data.dictionary import dictionary
    >>> read_entry("1,200", dictionary()["students"]).value
    '1200'
    """
    reading = read_value(text, field)
    said = None
    if reading.code is not None:
        kind = FINDINGS_READ[reading.code]
        said = kind.what.fill(value=visible(text.strip()), label=field.label, unit=field.unit)
    if reading.value is None:
        return Entry(None, said)
    return Entry(kept(reading.value), None, said)


def kept(value: Value) -> str | None:
    """A value of a frame as the log keeps it, so that the same fact is always the same text.

    >>> kept(1200.0), kept(0.1), kept(True), kept(None)
    ('1200', '0.1', 'true', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))
