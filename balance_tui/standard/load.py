"""From a TOML file to a standard that can be used, or to every reason why not."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..data.dictionary import Dictionary, Field, dictionary
from ..errors import Place, StandardInvalid, visible
from ..language import Text
from ..resources import profiles_dir
from .base import ValueProblem
from .expression import ExpressionError
from .model import Standard
from .names import nearest
from .rules import declared_fields, expressions, problems
from .source import Document, Path_, read_document


@dataclass(frozen=True)
class LoadedStandard:
    """A valid standard with the document it was read from.

    `dictionary` is the program's with the standard's own fields added.
    """

    model: Standard
    document: Document
    dictionary: Dictionary

    @property
    def id(self) -> str:
        """The standard's id, as `--profile` takes it."""
        return self.model.standard.id

    @cached_property
    def canonical(self) -> str:
        """One line of JSON that comments, the order of keys and the spelling of numbers leave alone."""
        return json.dumps(_plain(self.model), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def layers(self) -> tuple[dict[str, str], ...]:
        """The layers this standard was made of, lowest first."""
        header = self.model.standard
        return ({"id": header.id, "version": header.version, "hash": self.hash},)

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """The facts that the standard declares beyond the program's dictionary."""
        return tuple(self.dictionary[declared.id] for declared in self.model.field)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The facts of the dictionary that the standard reads."""
        model = self.model
        names = {name for _, expression, *_ in expressions(model) for name in expression.names}
        names |= {score.field for score in model.score}
        names |= set(model.split.fields) if model.split else set()
        rooms = (room for item in model.items for test in item.test for room in test.rooms)
        names |= {name for room in rooms for name in (room.count, room.smallest)}
        return frozenset(names & self.dictionary.keys())

    def place(self, *path: str | int) -> Place:
        """Where a value stands; an id in the path stands for the table that has it."""
        found: list[str | int] = []
        node: Any = self.document.data
        for step in path:
            if isinstance(node, list) and isinstance(step, str):
                step = next((i for i, item in enumerate(node) if item.get("id") == step), 0)
            found.append(step)
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return self.document.place(tuple(found))

    def item_place(self, item: str) -> Place | None:
        """The file and line of the table whose id is `item`, in whichever part it stands."""
        paths = (path for path, value in _walk(self.document.data) if path[-1] == "id" and value == item)
        first = next(paths, None)
        return self.document.place(first[:-1]) if first else None


def _walk(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _walk(value, (*path, key))
    elif path:
        yield path, node


def _plain(value: Any) -> Any:
    """The model as JSON data: defaults and empty parts left out, numbers as their shortest text."""
    if hasattr(value, "model_fields_set"):
        fields = {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        return {name: item for name, item in fields.items() if item not in (None, "", [], {})}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return getattr(value, "text", value)


def catalogue() -> dict[str, Path]:
    """The national standards shipped with the program: id → file."""
    return {path.stem: path for path in sorted(profiles_dir().glob("*.toml"))}


def load_standard(reference: str) -> LoadedStandard:
    """The standard with this id, or in the file at this path.

    Errors: `STD-NONE` where there is neither, and all of `read_standard`.
    """
    known = catalogue()
    if reference in known:
        return read_standard(known[reference])
    path = Path(reference)
    if path.suffix == ".toml" or path.exists():
        return read_standard(path)
    raise StandardInvalid(
        "STD-NONE",
        Text(f"没有名为“{reference}”的标准", f"there is no standard named '{reference}'"),
        nearest(reference, known)
        or Text("balance-tui profile list 列出全部", "balance-tui profile list shows all"),
    )


def read_standard(path: Path) -> LoadedStandard:
    """Read and check one file. Errors: `StandardInvalid` whose `problems` hold every error, in file order."""
    return build_standard(read_document(path))


def build_standard(document: Document) -> LoadedStandard:
    """The standard a document means. Errors: `StandardInvalid` whose `problems` hold every error, in file order."""
    try:
        model = Standard.model_validate(document.data)
    except ValidationError as error:
        raise _together([_shape_problem(document, item) for item in _telling(error.errors())]) from error
    known = dictionary().extended(declared_fields(model))
    found = [
        StandardInvalid(code, what, mend, document.place(path))
        for code, path, what, mend in problems(model, known)
    ]
    if found:
        raise _together(found)
    return LoadedStandard(model, document, known)


def _together(found: list[StandardInvalid]) -> StandardInvalid:
    """One error holding all, in file order; of several about one value (each member of a union) the first."""
    unique = {(problem.code, problem.place, problem.what if problem.code != "STD-VALUE" else None): problem
              for problem in reversed(found)}  # fmt: skip
    first_found = list(unique.values())[::-1]
    ordered = sorted(first_found, key=lambda problem: (problem.place.line or 0) if problem.place else 0)
    first = ordered[0]
    return StandardInvalid(first.code, first.what, first.mend, first.place, tuple(ordered))


def _telling(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without "may not be empty" of a list whose only entry is what is wrong."""
    located = [error["loc"] for error in errors]
    return [
        error for error in errors
        if error["type"] != "too_short" or not any(
            other[: len(error["loc"])] == error["loc"] and other != error["loc"] for other in located
        )
    ]  # fmt: skip


def _shape_problem(document: Document, error: ErrorDetails) -> StandardInvalid:
    path = _written(document, error["loc"])
    place = document.place(path)
    name = visible(".".join(str(step) for step in path))
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ExpressionError):
        return StandardInvalid("STD-EXPR", cause.text, cause.mend, place)
    if error["type"] == "extra_forbidden":
        key = visible(str(path[-1]))
        what = Text(f"不认识的键“{key}”", f"unknown key '{key}'")
        return StandardInvalid("STD-KEY", what, nearest(key, _known_keys(path[:-1])), place)
    if error["type"] == "missing":
        missing = f"{name}.{error['loc'][-1]}" if name else str(error["loc"][-1])
        what = Text(f"缺少“{missing}”", f"'{missing}' is missing")
        return StandardInvalid("STD-MISSING", what, Text("请补上", "add it"), place)
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


def _known_keys(path: Path_) -> list[str]:
    """The keys allowed in the table at `path`, found by walking the models."""
    model: Any = Standard
    for step in path:
        if isinstance(step, str) and hasattr(model, "model_fields") and step in model.model_fields:
            model = _inner(model.model_fields[step].annotation)
    return list(getattr(model, "model_fields", {}))


def _inner(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    arguments = [_inner(argument) for argument in getattr(annotation, "__args__", ())]
    return next((argument for argument in arguments if hasattr(argument, "model_fields")), annotation)
