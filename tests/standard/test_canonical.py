"""The canonical form and hash say what a standard means, not how it was typed."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.resources import profiles_dir
from balance_tui.standard.load import LoadedStandard, build_standard, load_standard
from balance_tui.standard.source import Path_, parse_document, read_document

SHIPPED = sorted(profiles_dir().glob("*.toml"))

TYPED = """\
[standard]
id = "x"
version = "1"
title = "例"
authority = "none"
document = "none"

[[part]]
id = "resources"
label = "资源"
clause = "c"

[[scope]]
id = "resources"
label = "范围"
clause = "c"

[[indicator]]
id = "I1"
label = "指标"
numerator = "teachers"
denominator = "students"
scale = 100
unit = "人"
limit = { primary = 4.2, junior = 5.30 }
clause = "c"
"""

RETYPED = """\
# another hand
[[scope]]
clause = 'c'
"label" = "范围"
id = "resources"
[[part]]
id = "resources" # the same
clause = "c"
label = "资源"
needed = true
[standard]
document = "none"
authority = "none"
title = '''例'''
version = "1"
id = "x"
[[indicator]]
clause = "c"
numerator = [{ value = "teachers" }]
limit.junior = { value = 53e-1 }
limit.primary = 4.20
id = "I1"
label = "指标"
denominator = "students"
scale = 1_00.0
unit = "人"
decimals = 2
"""


def read(text: str) -> LoadedStandard:
    return build_standard(parse_document(text, "f.toml"))


def test_comments_order_of_keys_spelling_of_numbers_and_defaults_leave_the_hash_alone() -> None:
    assert read(TYPED).canonical == read(RETYPED).canonical
    assert read(TYPED).hash == read(RETYPED).hash


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_writing_a_standard_out_anew_leaves_its_hash_alone(file: Path) -> None:
    document = read_document(file)
    assert read(tomli_w.dumps(document.data)).hash == build_standard(document).hash


def leaves(node: Any, path: Path_ = ()) -> list[Path_]:
    if isinstance(node, dict | list):
        entries = node.items() if isinstance(node, dict) else enumerate(node)
        return [leaf for key, value in entries for leaf in leaves(value, (*path, key))]
    return [path]


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    return value.replace(year=value.year + 1) if hasattr(value, "year") else value + 1


@given(st.data())
def test_a_changed_value_changes_the_hash_or_is_refused(data: st.DataObject) -> None:
    document = read_document(data.draw(st.sampled_from(SHIPPED)))
    before = build_standard(document).hash
    path = data.draw(st.sampled_from(leaves(document.data)))
    node: Any = document.data
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = changed(node[path[-1]])
    after = ""
    with suppress(StandardInvalid):
        after = build_standard(document).hash
    assert after != before, path


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_canonical_form_is_one_line_of_json_without_defaults(file: Path) -> None:
    standard = build_standard(read_document(file))
    assert "\n" not in standard.canonical
    assert json.loads(standard.canonical)["standard"]["id"] == file.stem
    assert len(standard.hash) == 64
    assert standard.layers == (
        {"id": file.stem, "version": standard.model.standard.version, "hash": standard.hash},
    )


def test_an_id_leads_to_its_file_and_line() -> None:
    standard = load_standard("national-2017")
    rows = (profiles_dir() / "national-2017.toml").read_text(encoding="utf-8").splitlines()
    limit = standard.place("indicator", "L4", "limit", "junior")
    assert limit.line is not None
    assert "junior = 5.8" in rows[limit.line - 1]
    item = standard.item_place("G11b")
    assert item is not None
    assert item.line is not None
    assert rows[item.line - 1 : item.line + 1] == ["[[requirement.test]]", 'id = "G11b"']
    assert standard.item_place("G99") is None
