"""Finding the bases of a layer, and holding them to the version and hash they are pinned to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import StandardInvalid
from ...language import Text
from ..names import nearest
from ..source import Document
from .diff import differences
from .directives import Pin, read_pins
from .problem import problem

if TYPE_CHECKING:
    from ..load import LoadedStandard

SHOWN = 8
"""How many differences of a changed base an error tells."""


def bases_of(
    document: Document,
    known: Mapping[str, Path],
    load: Callable[[Path], LoadedStandard],
    trail: tuple[Path, ...],
) -> tuple[LoadedStandard, ...]:
    """The bases a layer extends, each as it is pinned. `trail` are the files being resolved, lowest last.
    Errors: `STD-EXTENDS`, `STD-BASE`, `STD-CYCLE`, `STD-PIN`, and all of a base that is itself invalid."""
    found = found_bases(document, known, load, trail)
    for pin, base in found:
        _pinned(document, pin, base)
    return tuple(base for _, base in found)


def found_bases(
    document: Document,
    known: Mapping[str, Path],
    load: Callable[[Path], LoadedStandard],
    trail: tuple[Path, ...],
) -> list[tuple[Pin, LoadedStandard]]:
    """Each base that a layer names, as it is now. Errors: as `bases_of`, but for its own pins."""
    found = []
    for pin in read_pins(document):
        path = _file(document, pin, known)
        if path.resolve() in trail:
            names = " → ".join(each.name for each in (*trail, path))
            raise problem(
                "STD-CYCLE", pin.place,
                (f"extends 成环: {names}", f"extends goes in a circle: {names}"),
                ("请去掉其中一处 extends", "remove one of these extends"),
            )  # fmt: skip
        base = load(path)
        _named_so(base, pin, path)
        found.append((pin, base))
    return found


def _file(document: Document, pin: Pin, known: Mapping[str, Path]) -> Path:
    from ...plugins.shelf import withheld

    beside = Path(document.file).parent / f"{pin.id}.toml"
    if pin.id in known:
        return known[pin.id]
    if beside.is_file():
        return beside
    raise StandardInvalid(
        "STD-BASE",
        Text(f"没有底层标准“{pin.id}”", f"there is no base '{pin.id}'"),
        withheld(pin.id)
        or nearest(pin.id, known)
        or Text(
            f"请安装它, 或把 {pin.id}.toml 放在旁边", f"install it, or put {pin.id}.toml beside this file"
        ),
        pin.place,
    )


def _named_so(base: LoadedStandard, pin: Pin, path: Path) -> None:
    if base.id != pin.id:
        raise problem(
            "STD-BASE", pin.place,
            (f"{path.name} 中的标准是“{base.id}”, 不是“{pin.id}”", f"{path.name} holds '{base.id}', not '{pin.id}'"),
            ("请让文件名与编号一致", "let file name and id agree"),
        )  # fmt: skip


def pin_line(base: LoadedStandard) -> str:
    """What `extends` holds for this base as it is now."""
    version = base.model.standard.version
    return f'{{ id = "{base.id}", version = "{version}", hash = "{base.hash}" }}'


def _pinned(document: Document, pin: Pin, base: LoadedStandard) -> None:
    if (pin.version, pin.hash) == (base.model.standard.version, base.hash):
        return
    listed = isinstance(document.data["standard"]["extends"], list)
    line = pin_line(base) if listed else f"extends = {pin_line(base)}"
    if not pin.version or not pin.hash:
        what = (f"底层“{pin.id}”没有固定版本与哈希", f"the base '{pin.id}' is not pinned to version and hash")
        raise problem("STD-PIN", pin.place, what, (f"请写: {line}", f"write: {line}"))
    was, now = f"{pin.version} {pin.hash[:12]}", f"{base.model.standard.version} {base.hash[:12]}"
    told = changes_since(document, pin, base)
    raise problem(
        "STD-PIN", pin.place,
        (f"底层“{pin.id}”已改变: 固定在 {was}, 现为 {now}{told.zh}",
         f"the base '{pin.id}' has changed: pinned to {was}, now {now}{told.en}"),
        (f"看过后以 profile rebase {Path(document.file).name} 接受, 或写: {line}",
         f"accept it by profile rebase {Path(document.file).name} once seen, or write: {line}"),
    )  # fmt: skip


def remembered(document: Document, base: str) -> Path:
    """Where `profile rebase` keeps the base as it was accepted."""
    path = Path(document.file)
    return path.with_name(f"{path.stem}.{base}.base.json")


def changes_since(document: Document, pin: Pin, base: LoadedStandard) -> Text:
    """What was added, removed and changed since the pin, where the base of then was kept beside the layer."""
    try:
        kept = remembered(document, pin.id).read_bytes()
    except OSError:
        return Text("", "")
    if hashlib.sha256(kept).hexdigest() != pin.hash:
        return Text("", "")
    found = list(differences(json.loads(kept), json.loads(base.canonical)))
    shown = "; ".join(str(each) for each in found[:SHOWN])
    more = len(found) - SHOWN
    rest = Text(f"; 另 {more} 处", f"; {more} more") if more > 0 else Text("", "")
    return Text(f": {shown}{rest.zh}", f": {shown}{rest.en}")
