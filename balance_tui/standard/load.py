"""From a TOML file to a standard that can be used, or to every reason why not."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..data.dictionary import Dictionary, Field, dictionary
from ..errors import Place, StandardInvalid
from ..language import Text
from ..resources import profiles_dir
from .faults import shape_problems, together
from .layers.bases import bases_of, found_bases
from .layers.directives import Pin, is_layer
from .layers.provenance import Provenance, cited, provenance
from .layers.resolve import Layering, alone, layered, withdrawals_felt
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
    layering: Layering
    below: tuple[dict[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The standard's id, as `--profile` takes it."""
        return self.model.standard.id

    @cached_property
    def canonical(self) -> str:
        """One line of JSON that comments, the order of keys and the spelling of numbers leave alone."""
        said = _plain(self.model)
        if self.layering.locks:
            said["lock"] = [_plain(held.lock) for held in self.layering.locks]
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def layers(self) -> tuple[dict[str, str], ...]:
        """The layers this standard was made of, lowest first."""
        header = self.model.standard
        return (*self.below, {"id": header.id, "version": header.version, "hash": self.hash})

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
        names |= {test.field for item in model.items for test in item.test}
        names |= set(model.split.fields) if model.split else set()
        rooms = (room for item in model.items for test in item.test for room in test.rooms)
        names |= {name for room in rooms for name in (room.count, room.smallest)}
        return frozenset(names & self.dictionary.keys())

    def place(self, *path: str | int) -> Place:
        """Where a value stands; an id in the path stands for the table that has it."""
        return self.document.place(self._located(path))

    def _located(self, path: Path_) -> Path_:
        """The path with positions in place of ids, as far as there is something."""
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
        return tuple(found)

    def item_place(self, item: str) -> Place | None:
        """The file and line of the table whose id is `item`, in whichever part it stands."""
        path = self._path_of(item)
        return self.document.place(path) if path else None

    def _path_of(self, item: str) -> Path_:
        paths = (path for path, value in _walk(self.document.data) if path[-1] == "id" and value == item)
        return next(paths, ("",))[:-1]

    def provenance(self, *path: str | int) -> tuple[Provenance, ...]:
        """Where each value at or inside `path` comes from; one word that is no table is the id of an item."""
        if len(path) == 1 and path[0] not in self.document.data:
            found = self._path_of(str(path[0]))
            return provenance(self.layering, found) if found else ()
        found = self._located(path)
        return provenance(self.layering, found) if len(found) == len(path) else ()

    def layer_at(self, place: Place | None) -> dict[str, str]:
        """The layer that a place of this standard belongs to, as in `layers`; its own where there is none."""
        files = [layer.document.file for layer in self.layering.layers]
        position = files.index(place.file) if place and place.file in files else -1
        return self.layers[position]

    def cited(self, written: str, *path: str | int) -> tuple[str, Place]:
        """Clause and place to name for the value or table at `path`: those of the changes to it, beside the clause
        `written` there where something of it is as it was; without a change `written` and where it stands."""
        found = self._located(path)
        if len(found) < len(path):
            return written, self.document.place(found)
        return cited(self.layering, written, found) or (written, self.document.place(found))


def _walk(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _walk(value, (*path, key))
    elif path:
        yield path, node


def _plain(value: Any) -> Any:
    """The model as JSON data: defaults and empty parts left out, numbers as their shortest text."""
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, BaseModel):
        held = value.__dict__
        fields = {name: _plain(held[name]) for name in type(value).__pydantic_fields__}
        return {name: item for name, item in fields.items() if item not in _NOTHING}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return getattr(value, "text", value)


_NOTHING: tuple[Any, ...] = (None, "", [], {})


def catalogue() -> dict[str, Path]:
    """The standards there are: id → file; the national ones, then those of the plugins that are ready."""
    from ..plugins.shelf import standard_files

    national = {path.stem: path for path in sorted(profiles_dir().glob("*.toml"))}
    return {**national, **standard_files()}


def load_standard(reference: str) -> LoadedStandard:
    """The standard with this id, or in the file at this path.

    Errors: `STD-NONE` where there is neither, and all of `read_standard`.
    """
    from ..plugins.shelf import withheld

    known = catalogue()
    if reference in known:
        return read_standard(known[reference])
    path = Path(reference)
    if path.suffix == ".toml" or path.exists():
        return read_standard(path)
    raise StandardInvalid(
        "STD-NONE",
        Text(f"没有名为“{reference}”的标准", f"there is no standard named '{reference}'"),
        withheld(reference)
        or nearest(reference, known)
        or Text("balance-tui profile list 列出全部", "balance-tui profile list shows all"),
    )


def read_standard(path: Path) -> LoadedStandard:
    """Read and check one file, with the standards it extends. Errors: `StandardInvalid` whose `problems` hold
    every error, in file order; a layer that is wrong never falls back on its base."""
    return build_standard(read_document(path))


def build_standard(document: Document) -> LoadedStandard:
    """The standard a document means. Errors: `StandardInvalid` whose `problems` hold every error, in file order."""
    return _build(document, ())


def _build(document: Document, trail: tuple[Path, ...]) -> LoadedStandard:
    if not is_layer(document):
        return _checked(*alone(document), ())
    here = (*trail, Path(document.file).resolve())
    bases = bases_of(document, catalogue(), lambda path: _base(path, here), here)
    lower = {layer["id"]: layer for base in bases for layer in base.layers}
    return _checked(*layered(document, bases), tuple(lower.values()))


def bases_now(document: Document) -> list[tuple[Pin, LoadedStandard]]:
    """What a layer extends, as it is now, whatever the layer is pinned to; empty for a whole standard."""
    if not is_layer(document):
        return []
    here = (Path(document.file).resolve(),)
    return found_bases(document, catalogue(), lambda path: _base(path, here), here)


Stamp = tuple[str, int, int, int]

_BASES: dict[Path, tuple[tuple[Stamp, ...], LoadedStandard]] = {}


def _base(path: Path, trail: tuple[Path, ...]) -> LoadedStandard:
    """A base, read once in a process as long as its file and those of the layers below it stay as they are."""
    known = _BASES.get(path)
    if known and all(_stamp(stamp[0]) == stamp for stamp in known[0]):
        return known[1]
    loaded = _build(read_document(path), trail)
    _BASES[path] = (tuple(_stamp(layer.document.file) for layer in loaded.layering.layers), loaded)
    return loaded


def _stamp(file: str) -> Stamp:
    """What changes when a file does; zeros where there is none."""
    try:
        known = Path(file).stat()
    except OSError:
        return file, 0, 0, 0
    return file, known.st_ino, known.st_mtime_ns, known.st_size


def _checked(document: Document, layering: Layering, below: tuple[dict[str, str], ...]) -> LoadedStandard:
    try:
        model = Standard.model_validate(document.data)
    except ValidationError as error:
        raise together(withdrawals_felt(layering, shape_problems(document, error, Standard))) from error
    known = dictionary().extended(declared_fields(model))
    found = [
        StandardInvalid(code, what, mend, document.place(path))
        for code, path, what, mend in problems(model, known)
    ]
    if found:
        raise together(withdrawals_felt(layering, found))
    return LoadedStandard(model, document, known, layering, below)
