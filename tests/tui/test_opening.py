"""What is remembered of a first screen: the same again for the same request, and nothing for any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.language import Language, Text, use_language
from balance_tui.request import Request
from balance_tui.tui import opening
from balance_tui.tui.cells import shown, use_ambiguous
from balance_tui.tui.opening import Heading, key_of, remember, remembered
from balance_tui.tui.opening_form import ROWS, opening_of, packed, unpacked
from balance_tui.tui.table.sheet import Cell, Column, ListSheet
from balance_tui.tui.view import Line, LinesPane, Piece, TablePane, View
from balance_tui.tui.where import County, where

COUNTY = County(None, "示例市", "示例县", 2025)
PLACE = where("schools", COUNTY, stage="primary")
HEADING: Heading = (
    ((Piece("示例县", "title"), Piece(" 标准", "dim")), (Piece(" 不达标 ✗", "fail"),)),
    ((Piece("学校", "bold"),), ()),
)
COLUMNS = (
    Column("school", Text("学校", "school"), least=12, most=36, stretch=True),
    Column(
        "L2", Text("L2", "L2"), Text("≥1", "≥1"), "figure", 3, mark="s", note=Text("骨干教师", "backbone")
    ),
)
ROW = (Cell("永宁小学𠮷"), Cell("0.82", "✗", "fail"))


def drawn(cells: int) -> list[Line]:
    return [(Piece("-" * cells, "bar"),)]


def view(rows: int = 3) -> View:
    keys = tuple({"_key": ("110101", number), "secret": 1} for number in range(rows))
    sheet = ListSheet(COLUMNS, (ROW,) * rows, keys)
    table = TablePane(
        "main", Text("学校", "schools"), sheet, cursor=(("110101", 1), "L2"), counted=Text("所", "schools")
    )
    return View(
        Text("学校 › 小学", "schools › primary"), (table, LinesPane("plot", Text("图", "plot"), drawn))
    )


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "balance-tui" / "openings"


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    path = tmp_path / "学校.csv"
    path.write_text("school\n", encoding="utf-8")
    return Request(files=(str(path),))


def table_of(found: View) -> TablePane:
    pane = found.panes[0]
    assert isinstance(pane, TablePane)
    return pane


def test_the_same_request_finds_the_same_screen(request_: Request) -> None:
    remember(request_, PLACE, view(), HEADING)
    found = remembered(request_)
    assert found is not None
    assert (found.where, found.heading) == (PLACE, HEADING)
    again, pane = found.view(), table_of(found.view())
    assert (again.title, again.empty, pane.counted) == (view().title, view().empty, Text("所", "schools"))
    assert (pane.id, pane.title, pane.share, pane.cursor) == (
        "main",
        Text("学校", "schools"),
        1,
        (("110101", 1), "L2"),
    )
    assert pane.sheet.columns == COLUMNS
    assert [tuple(pane.sheet.cells(row)) for row in range(pane.sheet.height)] == [ROW] * 3
    assert list(pane.sheet.natural_widths()) == list(table_of(view()).sheet.natural_widths())
    assert pane.sheet.row_of(("110101", 2)) == 2


def test_of_a_long_table_the_first_rows_are_kept_and_how_many_there_were(request_: Request) -> None:
    remember(request_, PLACE, view(500), HEADING)
    found = remembered(request_)
    assert found is not None
    sheet = table_of(found.view()).sheet
    assert (sheet.height, sheet.total) == (ROWS, 500)


def test_a_drawing_is_the_widest_that_fits(request_: Request) -> None:
    remember(request_, PLACE, view(), HEADING)
    found = remembered(request_)
    assert found is not None
    pane = found.view().panes[1]
    assert isinstance(pane, LinesPane)
    assert pane.draw(80) == tuple(tuple(line) for line in drawn(80))
    assert pane.draw(99) == pane.draw(80)
    assert pane.draw(30) == ()


def test_only_its_owner_can_read_it(cache: Path, request_: Request) -> None:
    remember(request_, PLACE, view(), HEADING)
    (path,) = cache.iterdir()
    assert (path.stat().st_mode & 0o777, cache.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "secret" not in path.read_text(encoding="utf-8")


def test_what_others_may_have_written_is_not_shown(cache: Path, request_: Request) -> None:
    remember(request_, PLACE, view(), HEADING)
    (path,) = cache.iterdir()
    path.chmod(0o622)
    assert remembered(request_) is None


# When it is another request


def test_another_request_is_another_screen(request_: Request, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("x", encoding="utf-8")
    changes: tuple[dict[str, Any], ...] = (
        {"files": (str(other),)}, {"profile": "national-2012"}, {"county_facts": str(other)}, {"judgements": str(other)},
        {"mapping": str(other)}, {"settings": ("a=1",)}, {"as_of": "2025-01-01"}, {"county": "甲"}, {"year": 2024},
        {"view": "schools"},
    )  # fmt: skip
    keys = [key_of(replace(request_, **change)) for change in ({}, *changes)]
    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_a_changed_file_is_another_request(request_: Request) -> None:
    path = Path(request_.files[0])
    before = key_of(request_)
    os.utime(path, ns=(1, 1))
    touched = key_of(request_)
    path.write_text("longer than before\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert len({before, touched, key_of(request_)}) == 3


def test_a_file_more_in_a_folder_or_a_glob_is_another_request(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    requests = [Request(files=(str(tmp_path),)), Request(files=(str(tmp_path / "**" / "*.csv"),))]
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    before = [key_of(each) for each in requests]
    (tmp_path / "sub" / "b.csv").write_text("b", encoding="utf-8")
    assert all(old != key_of(each) for old, each in zip(before, requests, strict=True))


def test_a_changed_standard_is_another_request(request_: Request, tmp_path: Path) -> None:
    standard, base = tmp_path / "mine.toml", tmp_path / "base.toml"
    standard.write_text("a", encoding="utf-8")
    mine = replace(request_, profile=str(standard))
    before = key_of(mine)
    base.write_text("b", encoding="utf-8")
    beside = key_of(mine)
    standard.write_text("ab", encoding="utf-8")
    assert len({before, beside, key_of(mine)}) == 3


def test_language_and_width_have_screens_of_their_own(request_: Request) -> None:
    keys = {key_of(request_)}
    use_language("en")
    keys.add(key_of(request_))
    use_ambiguous("wide")
    try:
        keys.add(key_of(request_))
    finally:
        use_ambiguous("narrow")
    assert len(keys) == 3


def test_a_file_that_is_not_there_or_too_many_have_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key_of(Request(files=(str(tmp_path / "none.csv"),))) is None
    assert key_of(Request(files=("nul\0",))) is None
    for number in range(4):
        (tmp_path / f"{number}.csv").write_text("x", encoding="utf-8")
    assert key_of(Request(files=(str(tmp_path),))) is not None
    monkeypatch.setattr(opening, "MOST_FILES", 3)
    assert key_of(Request(files=(str(tmp_path),))) is None


# What is found there


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"format": 1}', b"\xff", b"[" * 100_000, b'{"format": 9}']
)
def test_what_is_no_opening_is_as_if_it_were_not_there(
    cache: Path, request_: Request, content: bytes
) -> None:
    remember(request_, PLACE, view(), HEADING)
    (path,) = cache.iterdir()
    path.write_bytes(content)
    assert remembered(request_) is None


SOUND = json.loads(packed(opening_of(PLACE, view(1), HEADING)))
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=5),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(each for key, value in pairs for each in places(value, (*path, key)))]


@given(st.sampled_from(places(SOUND)[1:]), JUNK)
def test_whatever_stands_in_it_is_shown_safely_or_not_at_all(path: tuple[Any, ...], junk: Any) -> None:
    told = json.loads(json.dumps(SOUND))
    node = told
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = junk
    found = unpacked(json.dumps(told).encode())
    if found is None:
        return
    table = next((pane for pane in found.view().panes if isinstance(pane, TablePane)), None)
    if table is not None:
        assert len(table.sheet.natural_widths()) == len(table.sheet.columns)
        cells = [cell for row in range(table.sheet.height) for cell in table.sheet.cells(row)]
        assert all(shown(text) == text for cell in cells for text in (cell.text, cell.mark))
        assert table.sheet.row_of("nowhere") is None
    assert all(shown(piece.text) == piece.text for line in found.heading for end in line for piece in end)


def test_text_is_made_safe_again(cache: Path, request_: Request) -> None:
    remember(request_, PLACE, view(), HEADING)
    (path,) = cache.iterdir()
    told = json.loads(path.read_bytes())
    told["panes"][0]["rows"][0][0][0] = "a\x1b[31m"
    told["panes"][0]["rows"][0][0][2] = "blink"
    path.write_text(json.dumps(told), encoding="utf-8")
    found = remembered(request_)
    assert found is not None
    assert table_of(found.view()).sheet.cells(0)[0] == Cell("a\\x1b[31m", "", "")


# Keeping


def test_a_place_that_cannot_be_written_is_no_fault(
    tmp_path: Path, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    remember(request_, PLACE, view(), HEADING)
    assert remembered(request_) is None


def test_the_oldest_go_first(cache: Path, request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "KEPT", 3)
    requests = [replace(request_, year=year) for year in range(2020, 2025)]
    for number, each in enumerate(requests):
        before = set(cache.iterdir()) if cache.exists() else set()
        remember(each, PLACE, view(), HEADING)
        for new in set(cache.iterdir()) - before:
            os.utime(new, (number, number))
    assert [remembered(each) is not None for each in requests] == [False, False, True, True, True]
    assert len(list(cache.iterdir())) == 3


def test_it_is_found_before_anything_heavy_is_imported(root: Path) -> None:
    program = (
        "import sys\n"
        "from balance_tui.request import Request\n"
        "from balance_tui.tui.opening import remembered\n"
        "remembered(Request())\n"
        "print(sorted({'polars', 'pydantic', 'textual', 'tree_sitter'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


# The demo's, which is shipped


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_opening_of_the_demo_is_what_the_demo_shows(language: Language) -> None:
    use_language(language)
    current = opening.made_for_shipping(opening.opening_of_demo())
    assert opening.shipped_file().read_bytes() == current, "run python -m balance_tui.tui.opening"


def test_the_demo_and_nothing_else_has_an_opening_on_a_fresh_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = remembered(Request())
    assert found is not None
    assert table_of(found.view()).sheet.height == 8
    assert remembered(Request(profile="national-2012")) is None
    monkeypatch.setattr(opening, "_digest", lambda profile: "another standard")  # noqa: ARG005
    assert remembered(Request()) is None
