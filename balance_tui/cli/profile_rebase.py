"""`profile rebase`: pin a layer to its bases as they are now, after showing what changed."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ..errors import StandardInvalid
from ..language import Text
from ..standard.layers.bases import changes_since, pin_line, remembered
from ..standard.layers.directives import Pin
from ..standard.load import LoadedStandard, bases_now
from ..standard.source import Document, read_document

_NOT_WRITTEN = Text(
    "文件未改动; 看过变化后加 --accept 写入",
    "the file is as it was; --accept writes the line once you have looked",
)


def run(options: argparse.Namespace) -> int:
    """Say what changed in the bases since they were pinned; with `--accept` write the pins of now into the file,
    and keep the bases beside it to compare with next time. Errors: those of reading the bases."""
    document = read_document(Path(options.file))
    bases = bases_now(document)
    if not bases:
        what = Text("不是叠加层, 没有 extends", "no layer: it has no extends")
        raise StandardInvalid("STD-EXTENDS", what, None, document.place(("standard",)))
    for pin, base in bases:
        print(_said(document, pin, base))
    line = _line(document, [base for _, base in bases])
    print(line)
    if options.accept:
        _write(document, line)
        for _, base in bases:
            remembered(document, base.id).write_text(base.canonical, encoding="utf-8")
    elif any(pin.hash != base.hash for pin, base in bases):
        print(_NOT_WRITTEN)
    return 0


def _said(document: Document, pin: Pin, base: LoadedStandard) -> Text:
    now = f"{base.id} {base.model.standard.version} {base.hash[:12]}"
    if pin.hash == base.hash:
        return Text(f"{now}: 未变", f"{now}: as pinned")
    if not pin.hash:
        return Text(f"{now}: 尚未固定", f"{now}: not pinned yet")
    told = changes_since(document, pin, base)
    was = f"{pin.version} {pin.hash[:12]}"
    if not told.zh:
        told = Text(
            "; 没有留存当时的底层, 无从逐项比较", "; the base of then was not kept, so no item by item"
        )
    return Text(f"{now}, 原固定在 {was}{told.zh}", f"{now}, was pinned to {was}{told.en}")


def _line(document: Document, bases: list[LoadedStandard]) -> str:
    pins = ", ".join(pin_line(base) for base in bases)
    listed = isinstance(document.data["standard"]["extends"], list)
    return f"extends = [{pins}]" if listed else f"extends = {pins}"


def _write(document: Document, line: str) -> None:
    """Put the line in place of the one that holds `extends`. Errors: `STD-EXTENDS` where it is not one line."""
    place = document.place(("standard", "extends"))
    path = Path(document.file)
    rows = path.read_text(encoding="utf-8").split("\n")
    number = (place.line or 1) - 1
    if not re.fullmatch(r"\s*extends\s*=\s*(\{.*\}|\[.*\]|\".*\"|'.*')\s*(#.*)?\r?", rows[number]):
        what = Text(
            "extends 不在一行之内, 不能代为改写", "extends is not on one line and cannot be rewritten"
        )
        raise StandardInvalid("STD-EXTENDS", what, Text(f"请写: {line}", f"write: {line}"), place)
    rows[number] = line
    path.write_text("\n".join(rows), encoding="utf-8")
