"""`profile diff`: what another standard has more, less or otherwise."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from ..errors import visible
from ..language import Text
from ..standard.layers.diff import Difference, differences, short
from ..standard.load import LoadedStandard, load_standard
from .frames import write_json

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_DIRECTIONS: Mapping[str, Text] = {
    "stricter": Text("更严", "stricter"), "looser": Text("更松", "looser"), "=": Text("=", "="),
}  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print every difference of B against A; exit code 0 whether or not there are any."""
    one, other = load_standard(options.a), load_standard(options.b)
    found = list(differences(json.loads(one.canonical), json.loads(other.canonical)))
    if getattr(options, "json", False):
        write_json({
            "a": _named(one), "b": _named(other), "differences": [_json(each) for each in found],
        }, sys.stdout)  # fmt: skip
        return 0
    for each in found:
        print(line(each))
    if not found:
        print(Text("没有差别", "no difference"))
    return 0


def _named(standard: LoadedStandard) -> dict[str, str]:
    header = standard.model.standard
    return {"id": standard.id, "version": header.version, "hash": standard.hash}


def line(found: Difference) -> str:
    """One difference on one line: sign, path, the values, and which way it goes."""
    path = ".".join(found.path)
    if found.kind == "changed":
        values = f"{short(found.old)} → {short(found.new)}  {_DIRECTIONS[found.direction]}"
    else:
        values = short(_label(found.new if found.kind == "added" else found.old))
    return visible(f"{_SIGNS[found.kind]} {path}  {values}")


def _label(value: Any) -> Any:
    """What a table is called, where it has a label."""
    return value["label"] if isinstance(value, dict) and "label" in value else value


def _json(found: Difference) -> dict[str, Any]:
    return {
        "kind": found.kind, "path": list(found.path), "old": found.old, "new": found.new,
        "direction": found.direction,
    }  # fmt: skip
