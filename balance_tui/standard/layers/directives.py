"""The tables that only a layer has: what it extends, changes, withdraws and locks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from ...errors import Place, StandardInvalid
from ...language import Text
from ..base import Table, ValueProblem
from ..faults import shape_problems, together
from ..source import Document

Given = Annotated[str, Field(min_length=1)]
Mode = Literal["final", "stricter-only"]

DIRECTIVES = ("change", "withdraw", "lock")
"""Top-level keys of a layer that are no part of what the standard says."""


class Change(Table):
    """`[[change]]`: other values for fields of one item below. `add` and `remove` are for members of a list
    and for fields that are to go."""

    target: Given
    set: dict[str, Any] = Field(default={})
    add: dict[str, list[Any]] = Field(default={})
    remove: tuple[Given, ...] = ()
    clause: Given
    reason: Given
    mark: str = ""

    @model_validator(mode="after")
    def _changes_something(self) -> Change:
        if not (self.set or self.add or self.remove):
            raise ValueProblem(Text("须写 set、add 或 remove", "set, add or remove is needed"))
        return self


class Withdraw(Table):
    """`[[withdraw]]`: an item below that does not hold here."""

    target: Given
    clause: Given
    reason: Given
    mark: str = ""


class Lock(Table):
    """`[[lock]]`: what the layers above may not change, or only to something stricter."""

    target: Given
    field: str = ""
    mode: Mode
    clause: Given
    reason: Given
    mark: str = ""


class Directives(Table):
    """What one layer does to those below it, in the order of the file."""

    change: tuple[Change, ...] = ()
    withdraw: tuple[Withdraw, ...] = ()
    lock: tuple[Lock, ...] = ()


@dataclass(frozen=True)
class Pin:
    """One base that a layer names: its id, and the version and hash it was written against."""

    id: str
    version: str
    hash: str
    place: Place


def is_layer(document: Document) -> bool:
    """Whether the document says that it extends another."""
    header = document.data.get("standard")
    return isinstance(header, dict) and "extends" in header


def read_directives(document: Document) -> Directives:
    """Errors: `StandardInvalid` (`STD-KEY`, `STD-MISSING`, `STD-VALUE`) with every problem in file order."""
    try:
        return Directives.model_validate(_only(document.data))
    except ValidationError as error:
        raise together(shape_problems(document, error, Directives)) from error


def _only(data: dict[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in DIRECTIVES if key in data}


def without_directives(data: dict[str, Any]) -> dict[str, Any]:
    """What the document says about the standard itself."""
    return {key: value for key, value in data.items() if key not in DIRECTIVES}


def read_pins(document: Document) -> tuple[Pin, ...]:
    """The bases in `extends`, in order; version and hash empty where they are not given.
    Errors: `STD-EXTENDS` where the key cannot be understood or a base is named twice."""
    given = document.data["standard"]["extends"]
    pins = tuple(_pins(document, given))
    ids = [pin.id for pin in pins]
    if not ids or len(set(ids)) < len(ids):
        what = Text("extends 须列出各不相同的底层标准", "extends lists bases, each once")
        raise StandardInvalid("STD-EXTENDS", what, _HOW, document.place(("standard", "extends")))
    return pins


_HOW = Text(
    'extends = { id = "national-2017" } 时会给出应写的一行',
    'with extends = { id = "national-2017" } the line to write is given',
)


def _pins(document: Document, given: Any) -> Iterator[Pin]:
    listed = isinstance(given, list)
    for position, entry in enumerate(given if listed else [given]):
        path = ("standard", "extends", position) if listed else ("standard", "extends")
        place = document.place(path)
        table = {"id": entry} if isinstance(entry, str) else entry
        sound = isinstance(table, dict) and all(isinstance(value, str) for value in table.values())
        if not sound or not table.get("id") or set(table) - {"id", "version", "hash"}:
            what = Text(
                "extends 只写 id、version、hash 三项文字", "extends takes the texts id, version, hash"
            )
            raise StandardInvalid("STD-EXTENDS", what, _HOW, place)
        yield Pin(table["id"], table.get("version", ""), table.get("hash", ""), place)
