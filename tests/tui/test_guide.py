"""docs/app.md is true: its pictures, views, marks, options, keys and columns are those of the program."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from balance_tui.cli import arguments
from balance_tui.language import use_language
from balance_tui.request import Request
from balance_tui.tui.actions import REGISTRY, key_shown
from balance_tui.tui.doing import load_all
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.table.sheet import Column
from balance_tui.tui.theme import theme_in_use, use_theme
from balance_tui.tui.view import TablePane
from balance_tui.tui.views import KINDS, build
from balance_tui.tui.where import where

from .guide import PAGE, made_anew

load_all()

SPANS = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
BLOCKS = re.compile(r"^```\n.*?^```\n", re.DOTALL | re.MULTILINE)
RENEW = "python -m tests.tui.guide writes the made parts of docs/app.md anew; look at them"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def prose(page: str) -> str:
    """The page without pictures and commands."""
    return BLOCKS.sub("", page)


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(Request())


@pytest.fixture(autouse=True)
def _without_colours() -> Iterator[None]:
    before = theme_in_use()
    use_theme("mono")
    use_language("zh")
    yield
    use_theme(before)


def test_the_made_parts_are_those_of_the_program(page: str) -> None:
    assert made_anew(page) == page, RENEW


def test_every_view_is_told_of_in_its_own_words(page: str) -> None:
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for kind in KINDS.values():
        told = [row for row in rows if f"`{kind.id}`" in row and kind.help.zh in row and kind.help.en in row]
        assert len(told) == 1
        assert all(f"`{key_shown(key)}`" in told[0] for key in kind.keys)


def _options(command: str) -> set[str]:
    parser, _ = arguments._parser()
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    found = commands.choices[command]._actions
    return {name for action in found for name in action.option_strings if name.startswith("--")}


def test_every_option_that_opens_the_app_is_told_of_once_and_no_other(page: str) -> None:
    table = re.findall(r"^\| `--.*$", page, re.MULTILINE)
    told = [(name, row) for row in table for name in re.findall(r"`(--[a-z-]+)", row)]
    assert sorted(name for name, _ in told) == sorted(_options("open") | _options("demo"))
    of_demo = {name for name, row in told if row.endswith("✓ |")}
    assert of_demo == _options("demo")


def test_no_option_is_named_that_there_is_not(page: str) -> None:
    known = {
        name
        for command in ("open", "demo", "sample", "keys", "map", "evaluate", "login")
        for name in _options(command)
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) <= known


def _keys_told(prose: str) -> set[str]:
    """What is written as a key: one character, a control key, or a name that a key is shown by."""
    names = {key_shown(key) for action in REGISTRY.values() for key in action.keys}
    return {span for span in SPANS.findall(prose) if len(span) == 1 or span.startswith("^") or span in names}


def test_every_key_that_is_named_does_something(prose: str) -> None:
    known = {key_shown(key) for action in REGISTRY.values() for key in action.keys}
    assert _keys_told(prose) <= known


def test_of_every_action_that_has_a_key_the_guide_names_one(prose: str) -> None:
    told = _keys_told(prose)
    assert not [
        action.id for action in REGISTRY.values()
        if action.keys and told.isdisjoint(key_shown(key) for key in action.keys)
    ]  # fmt: skip


def test_every_path_in_it_is_there(page: str, root: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page)
    assert links
    assert all((root / "docs" / link).exists() for link in links)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_explained(kind: str, study: Study, prose: str) -> None:
    """Columns of facts and indicators have names of their own, told where they stand."""
    context = study.result.context
    own = {*study.dataset.sections.columns, *(each.id for each in context.model.indicator)}
    cells = _cells_of_tables(prose)
    for county in study.counties:
        for pane in build(study, where(kind, county)).panes:
            if isinstance(pane, TablePane):
                general = [column for column in pane.sheet.columns if column.key not in own]
                assert not [column.title.zh for column in general if not _is_told(column, cells)]


def _cells_of_tables(prose: str) -> set[str]:
    rows = [line.strip("| ").split(" | ") for line in prose.splitlines() if line.startswith("|")]
    return {
        word
        for row in rows
        for cell in (row[0], row[2] if len(row) > 2 else "")
        for word in re.split("[、,]", cell)
    }


def _is_told(column: Column, cells: set[str]) -> bool:
    return column.title.zh in {cell.strip() for cell in cells}
