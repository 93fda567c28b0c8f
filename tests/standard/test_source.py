"""Every value of a TOML file has the line it stands on."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.resources import profiles_dir
from balance_tui.standard.source import Path_, parse_document, read_document

NESTED = """\
a = 1 # comment
b.c = [
    2,
    { d = 3, e = { f = "four" } },
]
"quoted key" = \"\"\"
two lines\"\"\"

[[item]]
id = "x"
[[item.test]]
kind = "first"
[[item.test]]
kind = "second"
limits = [{ primary = 1 },
  { junior = 2 }]
[item.more]
last = true

[[item]]
id = "y"
[[item.test]]
kind = "third"
"""


def leaves(node: Any, path: Path_ = ()) -> list[tuple[Path_, Any]]:
    if isinstance(node, dict | list):
        entries = node.items() if isinstance(node, dict) else enumerate(node)
        return [leaf for key, value in entries for leaf in leaves(value, (*path, key))]
    return [(path, node)]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("b", "c"), 2),
        (("b", "c", 0), 3),
        (("b", "c", 1, "d"), 4),
        (("b", "c", 1, "e", "f"), 4),
        (("quoted key",), 6),
        (("item",), 9),
        (("item", 0), 9),
        (("item", 0, "id"), 10),
        (("item", 0, "test", 0, "kind"), 12),
        (("item", 0, "test", 1), 13),
        (("item", 0, "test", 1, "limits", 0, "primary"), 15),
        (("item", 0, "test", 1, "limits", 1, "junior"), 16),
        (("item", 0, "more", "last"), 18),
        (("item", 1), 20),
        (("item", 1, "test", 0, "kind"), 23),
    ],
)
def test_a_value_has_its_line(path: Path_, line: int) -> None:
    assert parse_document(NESTED, "f.toml").place(path).line == line


def test_a_value_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    document = parse_document(NESTED, "f.toml")
    assert document.place(("item", 1, "label")).line == 20
    assert document.place(("nowhere",)).line == 1
    assert str(document.place(("item", 0, "id"))) == "f.toml:10"


KEYS = st.sampled_from(["a", "b-c", "长", "x y", "", "d.e", 'q"q', "0"])
TREES = st.recursive(
    st.just(None),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def numbered(node: Any, count: list[int]) -> Any:
    """The tree with a text of its own at each leaf, so that a search of the file finds it."""
    if isinstance(node, dict):
        return {key: numbered(value, count) for key, value in node.items()}
    if isinstance(node, list):
        return [numbered(value, count) for value in node]
    count[0] += 1
    return f"<{count[0]}>"


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_every_leaf_of_a_written_file_has_the_line_that_a_search_finds(tree: dict[str, Any]) -> None:
    data = numbered(tree, [0])
    text = "# head\n\n" + tomli_w.dumps(data, multiline_strings=False)
    document = parse_document(text, "f.toml")
    assert document.data == data
    rows = text.splitlines()
    for path, value in leaves(data):
        assert value in rows[document.lines[path] - 1], path


@pytest.mark.parametrize("file", sorted(profiles_dir().glob("*.toml")), ids=lambda file: file.stem)
def test_every_leaf_of_a_shipped_standard_stands_on_its_line(file: Path) -> None:
    document, rows = read_document(file), file.read_text(encoding="utf-8").splitlines()
    for path, value in leaves(document.data):
        row = rows[document.lines[path] - 1]
        key = path[-1]
        assert isinstance(key, int) or re.search(rf"\b{re.escape(key)}\b", row), (path, row)
        assert str(value) in row or isinstance(value, bool), (path, row)


def test_numbers_are_kept_as_written() -> None:
    document = parse_document("a = 0.1\nb = 1e-3\nc = 7", "f.toml")
    assert document.data == {"a": Decimal("0.1"), "b": Decimal("0.001"), "c": 7}
    assert isinstance(document.data["a"], Decimal)


def test_a_file_may_begin_with_a_mark_of_its_encoding_and_end_its_lines_as_windows_does(
    tmp_path: Path,
) -> None:
    file = tmp_path / "f.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\r\n\r\n[t]\r\nb = 2\r\n")
    assert read_document(file).place(("t", "b")).line == 4


@pytest.mark.parametrize("name", ["absent.toml", "."])
def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StandardInvalid) as refused:
        read_document(tmp_path / name)
    assert refused.value.code == "STD-READ"
    assert refused.value.place is not None
