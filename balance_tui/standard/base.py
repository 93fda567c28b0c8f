"""What the tables of a standard have in common: formulas, ids, labels."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from ..language import Text
from .expression import Expression


def _expression(value: Any) -> Any:
    """A number is an expression too: limits may be either."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return Expression.parse(str(value))
    return Expression.parse(value) if isinstance(value, str) else value


Formula = Annotated[
    Expression,
    BeforeValidator(_expression),
    PlainSerializer(lambda expression: expression.text, return_type=str),
]


def _written_number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueProblem(Text("须为数, 不加引号", "a number is expected, without quotes"))
    return value


Number = Annotated[Decimal, BeforeValidator(_written_number)]
Whole = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Truth = Annotated[bool, Field(strict=True)]


class ValueProblem(ValueError):
    """A value that does not fit its table; `text` says why in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Table(BaseModel):
    """Base of every table: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Labelled(Table):
    """A table with an id and a label; without an English label the Chinese one stands in its place."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
    label: str
    label_en: str = ""

    @property
    def text(self) -> Text:
        """The label in both languages."""
        return Text(self.label, self.label_en or self.label)


class Named(Labelled):
    """A table whose id formulas may read as a name."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
