"""What a standard declares about itself: which one it is, and facts beyond the program's dictionary."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from ..language import Text
from .base import Named, Number, Table


class Header(Table):
    """`[standard]`: which standard this is. `stages` are the stages it judges."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: str
    title: str
    title_en: str = ""
    authority: str
    document: str
    in_force_from: dt.date | str | None = None
    in_force_until: dt.date | str | None = None
    stages: tuple[str, ...] = ("primary", "junior")
    words: dict[str, str] = Field(default={})
    note: str = ""
    note_en: str = ""

    @property
    def text(self) -> Text:
        """The title in both languages."""
        return Text(self.title, self.title_en or self.title)


class FieldDeclaration(Named):
    """`[[field]]`: a fact beyond the program's dictionary."""

    level: Literal["school", "section", "county"]
    stage: Literal["", "each", "split"] = ""
    unit: str = ""
    type: Literal["text", "integer", "code", "number", "boolean"] = "number"
    merge: Literal["", "sum", "min", "max", "all", "any", "parent"] = ""
    low: Number | None = None
    high: Number | None = None
    clause: str
