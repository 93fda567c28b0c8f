"""Every code that the records refuse with stands in `docs/records.md`, and every action of the commands."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from balance_tui.cli import arguments
from balance_tui.records.roles import ROLES

CODE = re.compile(r'"((?:REC|XFER|DRAFT|LOGIN|KEY)(?:-[A-Z]+)*)"')


def _sources(root: Path) -> list[Path]:
    cli = (
        root / "balance_tui" / "cli" / f"{name}.py"
        for name in ("assess", "assess_acts", "workspace", "user", "login")
    )
    return [*(root / "balance_tui" / "records").glob("*.py"), *cli]


def test_every_code_and_role_is_documented(root: Path) -> None:
    page = (root / "docs" / "records.md").read_text(encoding="utf-8")
    codes = {code for path in _sources(root) for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 40
    assert not [
        code
        for code in sorted(codes)
        if not code.startswith("XFER") and not re.search(rf"\b{code}\b(?!-)", page)
    ]
    assert all(f"`{role}`" in page for role in ROLES)


@pytest.mark.parametrize("command", ["assess", "workspace", "user"])
def test_every_action_is_documented(root: Path, command: str) -> None:
    page = (root / "docs" / "records.md").read_text(encoding="utf-8")
    parser, _ = arguments._parser()
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    made = commands.choices[command]
    (actions,) = (each for each in made._actions if isinstance(each, argparse._SubParsersAction))
    assert not [name for name in actions.choices if not re.search(rf"[`· ]{name}\b", page)]
