"""`profile show --why`: where every value of an item comes from."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import Place, UsageError, visible
from ..language import Text
from ..standard.layers.address import named
from ..standard.layers.changing import Removal
from ..standard.layers.provenance import Origin, Provenance
from ..standard.load import LoadedStandard, load_standard
from ..standard.names import nearest
from .frames import write_json


def run(options: argparse.Namespace) -> int:
    """Print the origin of each value of `--why ITEM`. Errors: `ITEM` where the standard has no such item."""
    standard = load_standard(options.profile)
    item = options.why
    found = values_of(standard, item)
    gone = [each for each in standard.layering.removed if item.rpartition(":")[2] in each.key]
    if not found and not gone:
        raise _no_such(standard, item)
    if getattr(options, "json", False):
        write_json({
            "profile": {"id": standard.id, "version": standard.model.standard.version, "hash": standard.hash},
            "item": item, "values": [value_json(each) for each in found],
            "removed": [removed_json(each) for each in gone],
        }, sys.stdout)  # fmt: skip
        return 0
    for value in found:
        _print(standard, value)
    for each in gone:
        print(removed_text(each))
    return 0


def values_of(standard: LoadedStandard, item: str) -> tuple[Provenance, ...]:
    """The values of an item by its id, of a table by its name, or of `table:id`."""
    table, _, identity = item.rpartition(":")
    if table and identity not in _ids(standard.document.data.get(table)):
        return ()
    return standard.provenance(*([table, identity] if table else [item]))


def _ids(tables: Any) -> list[Any]:
    return [each.get("id") for each in tables if isinstance(each, dict)] if isinstance(tables, list) else []


def _no_such(standard: LoadedStandard, item: str) -> UsageError:
    data = standard.document.data
    known = [str(name) for tables in data.values() for name in _ids(tables) if name]
    what = Text(f"标准中没有“{item}”", f"the standard has no '{item}'")
    return UsageError("ITEM", what, nearest(item, sorted({*known, *data})))


def _print(standard: LoadedStandard, value: Provenance) -> None:
    print(visible(f"{named(value.path)} = {told(value.value)}"))
    print(visible(f"    {_origin(standard, value.origin)}"))
    for old in reversed(value.replaced):
        word = Text("原为", "replaces")
        print(visible(f"    {word} {told(old.value)}  {_origin(standard, old)}"))


def _origin(standard: LoadedStandard, origin: Origin) -> str:
    version = next((each["version"] for each in standard.layers if each["id"] == origin.layer), "")
    parts = (f"{origin.layer} {version}", at(origin.place), origin.clause, origin.reason, origin.mark)
    return "  ".join(part for part in parts if part)


def at(place: Place) -> str:
    """File name and line."""
    return f"{Path(place.file).name}:{place.line}"


def told(value: Any) -> str:
    """A TOML value on one line."""
    return value if isinstance(value, str) else json.dumps(_data(value), ensure_ascii=False)


def _data(value: Any) -> Any:
    """TOML data as JSON data: numbers stay numbers, dates are ISO text."""
    return json.loads(
        json.dumps(value, default=lambda each: float(each) if isinstance(each, Decimal) else str(each))
    )


def removed_text(gone: Removal) -> str:
    """One line on what a layer withdrew or removed."""
    word = Text("已去掉", "is gone")
    return visible(f"{gone.name} {word}  {gone.layer.id} {at(gone.place)}  {gone.clause}  {gone.reason}")


def removed_json(gone: Removal) -> dict[str, Any]:
    """The same as data, with what it was."""
    return {
        "path": [str(step) for step in gone.key], "layer": gone.layer.id, "file": gone.place.file,
        "line": gone.place.line, "clause": gone.clause, "reason": gone.reason, "old": _data(gone.old.plain()),
    }  # fmt: skip


def value_json(value: Provenance) -> dict[str, Any]:
    """One value with its origin and what it replaced, oldest first."""
    replaced = [_origin_json(old) for old in value.replaced]
    return {"path": list(value.path), **_origin_json(value.origin), "replaced": replaced}


def _origin_json(origin: Origin) -> dict[str, Any]:
    return {
        "value": _data(origin.value), "layer": origin.layer,
        "file": origin.place.file, "line": origin.place.line, "clause": origin.clause,
        "reason": origin.reason, "mark": origin.mark,
    }  # fmt: skip
