"""From the layers of a standard to what it says: laid on one another, lowest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import StandardInvalid
from ...language import Text
from ..faults import MISSING, together
from ..source import Document
from .apply import Stack
from .changing import Removal
from .directives import Directives, read_directives, without_directives
from .layer import Layer
from .locks import Held
from .node import LayeredDocument, Node
from .problem import problem

if TYPE_CHECKING:
    from ..load import LoadedStandard


@dataclass(frozen=True)
class Layering:
    """How a standard came about: its layers, lowest first, its values with their origins, the locks in force."""

    layers: tuple[Layer, ...]
    root: Node
    locks: tuple[Held, ...] = ()
    removed: tuple[Removal, ...] = ()

    @property
    def top(self) -> Layer:
        """The standard's own layer."""
        return self.layers[-1]


def alone(document: Document) -> tuple[Document, Layering]:
    """A whole standard: the document without its locks, and its one layer.
    Errors: those of `read_directives`."""
    data = document.data
    given = without_directives(data)
    directives = read_directives(document) if len(given) < len(data) else Directives()
    _extends_nothing(document, directives)
    layer = Layer(*_named(data), document, directives, frozenset())
    root = Node(given, document, (), layer.id)
    stack = Stack(root)
    if directives.lock:
        stack.lock(layer)
        document = Document(document.file, given, document.text)
    if stack.found:
        raise together(stack.found)
    return document, Layering((layer,), root, tuple(stack.locks))


def _extends_nothing(document: Document, directives: Directives) -> None:
    for key in ("change", "withdraw"):
        if getattr(directives, key):
            raise problem(
                "STD-EXTENDS", document.place((key,)),
                (f"{key} 只用于叠加层, 本文件没有 extends", f"{key} is for layers, and this file extends nothing"),
                ('请在 [standard] 中写 extends = "底层编号"', 'write extends = "ID of the base" in [standard]'),
            )  # fmt: skip


def layered(document: Document, bases: Iterable[LoadedStandard]) -> tuple[LayeredDocument, Layering]:
    """An overlay laid on its bases. Errors: `StandardInvalid` with everything that is wrong with the layer."""
    below = _in_order(bases)
    directives = read_directives(document)
    layer = Layer(*_named(document.data), document, directives, frozenset(each.id for each in below))
    lowest = below[0]
    root = Node(without_directives(lowest.document.data), lowest.document, (), lowest.id)
    root.open()
    stack = Stack(root)
    if layer.id in layer.below:
        stack.found.append(_same_id(document, layer))
    stack.lock(lowest)
    for each in (*below[1:], layer):
        stack.put(each)
        stack.lock(each)
    if stack.found:
        raise together(stack.found)
    data = root.plain()
    resolved = LayeredDocument(document.file, data, document.text, root=root)
    return resolved, Layering((*below, layer), root, tuple(stack.locks), tuple(stack.removed))


def _same_id(document: Document, layer: Layer) -> StandardInvalid:
    return problem(
        "STD-ID-TAKEN", document.place(("standard", "id")),
        (f"底层已用编号“{layer.id}”", f"a base has the id '{layer.id}' already"),
        ("请给本层另一个编号", "give this layer another id"),
    )  # fmt: skip


def _named(data: dict[str, object]) -> tuple[str, str]:
    header = data.get("standard")
    header = header if isinstance(header, dict) else {}
    return str(header.get("id", "")), str(header.get("version", ""))


def _in_order(bases: Iterable[LoadedStandard]) -> tuple[Layer, ...]:
    """Every layer below, each once, none before what it extends."""
    layers = {layer.id: layer for base in bases for layer in base.layering.layers}
    return tuple(layers.values())


def withdrawals_felt(layering: Layering, problems: Iterable[StandardInvalid]) -> list[StandardInvalid]:
    """Problems of the rules, those that a withdrawal causes said at the withdrawal."""
    return [_felt(layering, each) for each in problems]


def _felt(layering: Layering, found: StandardInvalid) -> StandardInvalid:
    if found.code == MISSING:
        return _lacking(layering, found)
    for gone in layering.removed:
        name = gone.key[-1]
        if gone.old.peek("id") and f"“{name}”" in found.what.zh:
            return problem(
                "STD-WITHDRAW", gone.place,
                (f"“{name}”仍被引用, 见 {found.place}", f"'{name}' is still referred to at {found.place}"),
                ("请一并改动或撤下引用它的项", "change or withdraw what refers to it too"),
            )  # fmt: skip
    return _below(layering, found)


def _lacking(layering: Layering, found: StandardInvalid) -> StandardInvalid:
    """What is missing since a layer removed it is said at the removal."""
    for gone in layering.removed:
        held = gone.old.document.place(gone.old.path[:-1])
        if found.place == held and found.what.zh.endswith(f".{gone.key[-1]}”"):
            return problem(
                "STD-TARGET-FIELD", gone.place,
                (f"“{gone.name}”不能去掉", f"'{gone.name}' cannot be removed"),
                ("请用 set 给出新值, 或 withdraw 整项", "set it to another value, or withdraw the item"),
            )  # fmt: skip
    return _below(layering, found)


def _below(layering: Layering, found: StandardInvalid) -> StandardInvalid:
    """A problem at a place of a layer below: sound by itself, so that what this layer says must have caused it."""
    own = layering.top.document.file
    if len(layering.layers) == 1 or found.place is None or found.place.file == own:
        return found
    said = Text(f"由 {own} 的改动引起", f"caused by what {own} changes")
    mend = Text(f"{found.mend.zh}; {said.zh}", f"{found.mend.en}; {said.en}") if found.mend else said
    return StandardInvalid(found.code, found.what, mend, found.place)
