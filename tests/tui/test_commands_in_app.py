"""Whatever `assess`, `workspace` and `user` can do stands in docs/records.md with how it is done in the app."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from balance_tui.cli import arguments
from balance_tui.tui.actions import REGISTRY, key_shown
from balance_tui.tui.doing import load_all

load_all()
COMMANDS = ("assess", "workspace", "user")
ROW = re.compile(r"^\| `(assess|workspace|user) ([\w-]+)` \|(.*?)\|(.*?)\|(.*?)\|$", re.MULTILINE)


def commands() -> dict[str, set[str]]:
    """Every sub-command with the options that are its own."""
    found: dict[str, set[str]] = {}
    parser, _ = arguments._parser()
    for command in COMMANDS:
        made = {name: _options(each) for name, each in _choices(_choices(parser)[command]).items()}
        common = set.intersection(*made.values())
        found.update({f"{command} {name}": options - common for name, options in made.items()})
    return found


def _choices(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    (actions,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return actions.choices


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings if name.startswith("--")}


@pytest.fixture(scope="module")
def rows(root: Path) -> list[tuple[str, str, str, str]]:
    """Command, options, how in the app, actions."""
    page = (root / "docs" / "records.md").read_text(encoding="utf-8")
    return [(f"{command} {name}", *rest) for command, name, *rest in ROW.findall(page)]


def test_every_sub_command_and_option_is_told_of_and_no_other(rows: list[tuple[str, str, str, str]]) -> None:
    told: dict[str, set[str]] = {}
    for command, options, _, _ in rows:
        told.setdefault(command, set()).update(re.findall(r"--[a-z-]+", options))
    wanted = commands()
    assert len(wanted) > 25
    assert told == wanted


def test_every_row_names_actions_that_there_are(rows: list[tuple[str, str, str, str]]) -> None:
    for command, _, _, actions in rows:
        named = re.findall(r"`([\w-]+)`", actions)
        assert named, command
        assert not [name for name in named if name not in REGISTRY], command


def test_the_key_that_a_row_names_is_that_of_one_of_its_actions(
    rows: list[tuple[str, str, str, str]],
) -> None:
    known = {key_shown(key) for action in REGISTRY.values() for key in action.keys}
    for command, _, how, actions in rows:
        keys = {span for span in re.findall(r"`([^`]+)`", how) if span in known} - {"esc"}
        own = {key_shown(key) for name in re.findall(r"`([\w-]+)`", actions) for key in REGISTRY[name].keys}
        assert not keys or keys & own, command
