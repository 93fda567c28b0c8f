"""`python -m tests.layers.golden` writes what the examples and the shipped standards come to now: the difference in
version control is what a reviewer reads. Pins of the examples are set anew where their bases changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from balance_tui.standard.load import LoadedStandard, catalogue, load_standard, read_standard

from .examples import BAD, BELOW, CASES, GOLDEN, GOOD, OVERLAYS, known, pinned_anew, refusal, specification


def golden_text(standard: LoadedStandard) -> str:
    """The canonical form, a line a value, so that a change shows as that line."""
    said = {"layers": standard.layers, "standard": json.loads(standard.canonical)}
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _rank(file: Path) -> int:
    """How many layers lie below an example of those beside it."""
    extends = re.findall(r'id = "([a-z-]+)", version', file.read_text(encoding="utf-8"))
    below = [folder / f"{name}.toml" for name in extends for folder in (GOOD, BELOW)]
    return 1 + max((_rank(each) for each in below if each.is_file()), default=-1)


def write() -> None:
    """Everything anew."""
    with known():
        for file in sorted([*OVERLAYS, *BELOW.glob("*.toml")], key=_rank):
            file.write_text(pinned_anew(file), encoding="utf-8")
        for file in BAD.glob("*.toml"):
            file.write_text(pinned_anew(file), encoding="utf-8")
        for file in OVERLAYS:
            file.with_suffix(".txt").write_text(specification(read_standard(file)), encoding="utf-8")
        for file in CASES:
            file.with_suffix(".txt").write_text(refusal(file), encoding="utf-8")
    for name in catalogue():
        (GOLDEN / f"{name}.json").write_text(golden_text(load_standard(name)), encoding="utf-8")


if __name__ == "__main__":
    write()
