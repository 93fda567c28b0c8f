"""A standard under given settings: every formula with the settings put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from .expression import Expression, Scalar

Model = TypeVar("Model", bound=BaseModel)


def bound(table: Model, settings: Mapping[str, Scalar]) -> Model:
    """The table (a whole `Standard`, or one of its parts) with each expression bound to `settings`.

    Afterwards `Expression.names` are facts alone, and a fact is read only where the settings in force
    make the formula depend on it. A setting without a value is None, and what rests on it is unknown.
    """
    values = {name: getattr(table, name) for name in type(table).model_fields}
    changed = {name: _bound(value, settings) for name, value in values.items()}
    return table.model_copy(
        update={name: value for name, value in changed.items() if value is not values[name]}
    )


def _bound(value: Any, settings: Mapping[str, Scalar]) -> Any:
    if isinstance(value, Expression):
        return value.bound(settings)
    if isinstance(value, BaseModel):
        return bound(value, settings)
    if isinstance(value, tuple):
        return tuple(_bound(item, settings) for item in value)
    if isinstance(value, dict):
        return {key: _bound(item, settings) for key, item in value.items()}
    return value
