"""The glossary names what the program says: each notion once, by words that are in use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROW = re.compile(r"^\| (?P<zh>[^|]+?) \| `(?P<en>\w+)` \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def pairs(root: Path) -> list[tuple[str, str]]:
    text = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    found = [(match["zh"], match["en"]) for match in _ROW.finditer(text)]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(found) == len(rows) > 0, "a row of the glossary has another shape"
    return found


def test_each_notion_has_one_pair_of_names(pairs: list[tuple[str, str]]) -> None:
    for names in zip(*pairs, strict=True):
        assert len(set(names)) == len(names)


def test_every_english_name_is_one_of_the_code(pairs: list[tuple[str, str]], root: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (root / "balance_tui").rglob("*.py"))
    words = set(re.findall(r"[a-z]+(?:_[a-z]+)*", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code).lower()))
    assert not [name for _, name in pairs if name not in words]


def test_every_chinese_name_is_said_somewhere(pairs: list[tuple[str, str]], root: Path) -> None:
    files = [*(root / "balance_tui").rglob("*.py"), *(root / "profiles").glob("*.toml")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert not [name for name, _ in pairs if name not in said]
