"""What pydantic finds wrong with a table, said as errors of a standard: code, place, sentence, mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ..errors import StandardInvalid, visible
from ..language import Text
from .base import ValueProblem
from .expression import ExpressionError
from .names import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .source import Document, Path_


MISSING = "STD-MISSING"
"""The code of a key that has to be there."""


def together(found: list[StandardInvalid]) -> StandardInvalid:
    """One error holding all, in file order; of several about one value (each member of a union) the first."""
    unique = {(problem.code, problem.place, problem.what if problem.code != "STD-VALUE" else None): problem
              for problem in reversed(found)}  # fmt: skip
    first_found = list(unique.values())[::-1]
    ordered = sorted(first_found, key=lambda problem: (problem.place.line or 0) if problem.place else 0)
    first = ordered[0]
    return StandardInvalid(first.code, first.what, first.mend, first.place, tuple(ordered))


def shape_problems(
    document: Document, error: ValidationError, model: type[BaseModel]
) -> list[StandardInvalid]:
    """Everything `model` did not accept, each at its place in the document."""
    return [_shape_problem(document, item, model) for item in _telling(error.errors())]


def _telling(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without "may not be empty" of a list whose only entry is what is wrong."""
    located = [error["loc"] for error in errors]
    return [
        error for error in errors
        if error["type"] != "too_short" or not any(
            other[: len(error["loc"])] == error["loc"] and other != error["loc"] for other in located
        )
    ]  # fmt: skip


def _shape_problem(document: Document, error: ErrorDetails, model: type[BaseModel]) -> StandardInvalid:
    path = _written(document, error["loc"])
    place = document.place(path)
    name = visible(".".join(str(step) for step in path))
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ExpressionError):
        return StandardInvalid("STD-EXPR", cause.text, cause.mend, place)
    if error["type"] == "extra_forbidden":
        key = visible(str(path[-1]))
        what = Text(f"不认识的键“{key}”", f"unknown key '{key}'")
        return StandardInvalid("STD-KEY", what, nearest(key, _known_keys(model, path[:-1])), place)
    if error["type"] == "missing":
        missing = f"{name}.{error['loc'][-1]}" if name else str(error["loc"][-1])
        what = Text(f"缺少“{missing}”", f"'{missing}' is missing")
        return StandardInvalid(MISSING, what, Text("请补上", "add it"), place)
    why = cause.text if isinstance(cause, ValueProblem) else _why(error)
    what = Text(f"“{name}”的值不对: {why.zh}", f"'{name}' is wrong: {why.en}")
    return StandardInvalid("STD-VALUE", what, None, place)


def _written(document: Document, location: tuple[str | int, ...]) -> Path_:
    """The part of pydantic's location that is in the file: it also names union members and validators."""
    node: Any = document.data
    path: list[str | int] = []
    for step in location:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            continue
        path.append(step)
    return tuple(path)


_EXPECTED: Mapping[str, Text] = {
    "string_type": Text("须为文字", "text is expected"),
    "string_too_short": Text("不能为空", "it may not be empty"),
    "string_pattern_mismatch": Text("编号只用字母、数字、下划线", "an id is letters, digits, underscores"),
    "int_type": Text("须为整数", "a whole number is expected"),
    "greater_than_equal": Text("不得为负", "it may not be negative"),
    "less_than_equal": Text("过大", "it is too large"),
    "int_from_float": Text("须为整数", "a whole number is expected"),
    "int_parsing": Text("须为整数", "a whole number is expected"),
    "bool_type": Text("须为 true 或 false", "true or false is expected"),
    "bool_parsing": Text("须为 true 或 false", "true or false is expected"),
    "decimal_type": Text("须为数", "a number is expected"),
    "decimal_parsing": Text("须为数", "a number is expected"),
    "tuple_type": Text("须为列表 [ ]", "a list [ ] is expected"),
    "dict_type": Text("须为表 { }", "a table { } is expected"),
    "model_type": Text("须为表 { }", "a table { } is expected"),
    "is_instance_of": Text("须为表达式", "an expression is expected"),
    "too_short": Text("不能为空", "it may not be empty"),
}


def _why(error: ErrorDetails) -> Text:
    """What was expected, in both languages; a list of choices as it is."""
    if error["type"] == "literal_error":
        choices = error["ctx"]["expected"].replace(" or ", ", ")
        return Text(f"可用 {choices}", f"one of {choices} is expected")
    return _EXPECTED.get(error["type"], Text(f"不符合要求 ({error['type']})", error["msg"]))


def _known_keys(model: type[BaseModel], path: Path_) -> list[str]:
    """The keys allowed in the table at `path`, found by walking the models."""
    at: Any = model
    for step in path:
        if isinstance(step, str) and hasattr(at, "model_fields") and step in at.model_fields:
            at = _inner(at.model_fields[step].annotation)
    return [*getattr(at, "model_fields", {}), *(() if path else ("change", "withdraw", "lock"))]


def _inner(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    arguments = [_inner(argument) for argument in getattr(annotation, "__args__", ())]
    return next((argument for argument in arguments if hasattr(argument, "model_fields")), annotation)
