"""`profile resolve`: what a standard comes to with all its layers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

import tomli_w

from ..errors import visible
from ..language import Text
from ..standard.layers.address import named
from ..standard.layers.provenance import Provenance
from ..standard.load import LoadedStandard, load_standard
from .frames import write_json
from .profile_why import at, removed_json, removed_text, told, value_json


def run(options: argparse.Namespace) -> int:
    """Print the effective standard as TOML, or as JSON with `--json`."""
    standard = load_standard(options.profile)
    if getattr(options, "json", False):
        write_json(_json(standard), sys.stdout)
    else:
        print(resolved_toml(standard), end="")
    return 0


def _json(standard: LoadedStandard) -> dict[str, Any]:
    header = standard.model.standard
    return {
        "profile": {"id": standard.id, "version": header.version, "hash": standard.hash},
        "layers": list(standard.layers),
        "standard": json.loads(standard.canonical),
        "changes": [value_json(each) for each in changes(standard)],
        "removed": [removed_json(each) for each in standard.layering.removed],
    }


def changes(standard: LoadedStandard) -> Iterator[Provenance]:
    """Every value that a `[[change]]` set."""
    for table in standard.document.data:
        yield from (each for each in standard.provenance(table) if each.is_changed)


def resolved_toml(standard: LoadedStandard) -> str:
    """The effective standard as a whole standard of its own, with the same hash; comments say which layers it
    is made of, and above each item which of its values were changed."""
    blocks = ["\n".join(_heading(standard))]
    for table, value in standard.document.data.items():
        if isinstance(value, list):
            blocks += [_block(standard, table, each, index) for index, each in enumerate(value)]
        else:
            blocks.append(_block(standard, table, value))
    locks = [held.lock.model_dump(exclude_defaults=True) for held in standard.layering.locks]
    blocks += [_listed(tomli_w.dumps({"lock": lock}), "lock") for lock in locks]
    return "\n".join(blocks)


def _heading(standard: LoadedStandard) -> Iterator[str]:
    yield _comment(str(Text("各层, 由下至上:", "layers, lowest first:")))
    for layer in standard.layers:
        yield _comment(f"{layer['id']} {layer['version']} {layer['hash']}")
    for gone in standard.layering.removed:
        yield _comment(removed_text(gone))
    yield ""


def _block(standard: LoadedStandard, table: str, value: Any, index: int | None = None) -> str:
    path = (table,) if index is None else (table, index)
    said = [_change(each) for each in standard.provenance(*path) if each.is_changed]
    written = tomli_w.dumps({table: value})
    return "".join(f"{line}\n" for line in said) + (written if index is None else _listed(written, table))


def _listed(written: str, table: str) -> str:
    """One table as a member of a list of tables: what `tomli_w` would write inline cannot follow a table."""
    return written.replace(f"[{table}]\n", f"[[{table}]]\n", 1)


def _change(value: Provenance) -> str:
    origin = value.origin
    was = f" ({Text('原为', 'was')} {told(value.replaced[-1].value)})" if value.replaced else ""
    from_ = f"{origin.layer} {at(origin.place)} {origin.clause}: {origin.reason}"
    return _comment(f"{named(value.path)} = {told(origin.value)}{was}  {from_}")


def _comment(text: str) -> str:
    return f"# {visible(text)}"
