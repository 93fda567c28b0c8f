"""The examples of layers: where they lie, how they are read, what their specification says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from balance_tui.cli.profile_diff import line
from balance_tui.cli.profile_resolve import changes
from balance_tui.cli.profile_why import at, removed_text, told
from balance_tui.errors import StandardInvalid
from balance_tui.language import use_language
from balance_tui.standard import load
from balance_tui.standard.layers.diff import differences
from balance_tui.standard.load import LoadedStandard, read_standard

HERE = Path(__file__).parent
GOOD, BAD, BELOW, GOLDEN = (HERE / name for name in ("good", "bad", "below", "golden"))
BASE = GOOD / "shili.toml"
OVERLAYS = sorted(file for file in GOOD.glob("*.toml") if file != BASE)
CASES = sorted(BAD.glob("*.toml"))

_PIN = re.compile(r'id = "([a-z-]+)", version = "([0-9.]+)", hash = "(?!0{64})[0-9a-f]*"')


@contextmanager
def known() -> Iterator[None]:
    """Within, the good examples and those in `below` are the standards there are; English is spoken."""
    files = {file.stem: file for folder in (GOOD, BELOW) for file in sorted(folder.glob("*.toml"))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "catalogue", lambda: files)
        use_language("en")
        yield


def specification(standard: LoadedStandard) -> str:
    """What an overlay comes to: its layers, how it differs from the lowest, and where each changed value is from."""
    lowest = read_standard(BASE)
    found = differences(json.loads(lowest.canonical), json.loads(standard.canonical))
    rows = ["layers: " + " > ".join(layer["id"] for layer in standard.layers), ""]
    header = json.loads(standard.canonical)["standard"]
    rows += [f"{key}: {told(header[key])}" for key in ("authority", "document", "stages", "words")]
    rows += ["", *(line(each) for each in found), ""]
    for value in changes(standard):
        rows.append(f"{'.'.join(value.path)} = {told(value.value)}")
        rows.append(f"    {at(value.origin.place)}  {value.origin.clause}  {value.origin.reason}")
        rows += [
            f"    replaces {told(old.value)}  {at(old.place)}  {old.clause}" for old in value.replaced[::-1]
        ]
    rows += [removed_text(gone) for gone in standard.layering.removed]
    return "\n".join(rows).rstrip() + "\n"


def refusal(file: Path) -> str:
    """Every problem of a bad example, a line each, files by their names."""
    try:
        read_standard(file)
    except StandardInvalid as error:
        rows = [re.sub(r"[^\s()]*/(?=[a-z-]+\.toml)", "", str(problem)) for problem in error.problems]
        return "\n".join(rows) + "\n"
    return "no problem\n"


def pinned_anew(file: Path) -> str:
    """The text of an example with every pin, but those that are all zeros, set to its base as it is now."""

    def pin(match: re.Match[str]) -> str:
        name, version = match.groups()
        beside = [folder / f"{name}.toml" for folder in (GOOD, BELOW) if (folder / f"{name}.toml").is_file()]
        if not beside:
            return match.group()
        return f'id = "{name}", version = "{version}", hash = "{read_standard(beside[0]).hash}"'

    return _PIN.sub(pin, file.read_text(encoding="utf-8"))
