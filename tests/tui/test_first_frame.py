"""The first frame stands before anything heavy is imported, however slow the machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("pyte")

from balance_tui.sample import write
from tests.tui.terminal import Terminal, TerminalError, balance, gated

HEAVY = ("polars", "pydantic", "tree_sitter")


def figures(text: str) -> list[str]:
    return re.findall(r"\d\.\d{3}", text)


def loaded(text: str) -> bool:
    """Whether the result is there: what needs it is offered in the footer."""
    return "换标准" in text.splitlines()[-1]


def let_in(terminal: Terminal, gate: Path) -> None:
    """Open the gate; the result comes, and q leaves."""
    assert not loaded(terminal.text)
    gate.touch()
    terminal.wait_until(loaded)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_the_demo_shows_figures_of_every_county_before_polars_is_imported(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with gated(gate, HEAVY, "demo", home=tmp_path) as terminal:
        terminal.wait_until(lambda text: len(figures(text)) >= 16)
        let_in(terminal, gate)


def test_a_file_opened_before_shows_its_figures_before_polars_is_imported(tmp_path: Path) -> None:
    write(tmp_path / "data", "contract")
    arguments = [
        str(path)
        for path in sorted((tmp_path / "data").glob("*"))
        if "county" not in path.stem and path.stem != "judgements"
    ]
    with balance(*arguments, home=tmp_path) as terminal:
        terminal.wait_until(loaded)
        terminal.wait_quiet(0.5)
        seen = figures(terminal.text)
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert len(seen) >= 8
    with gated(tmp_path / "gate", HEAVY, *arguments, home=tmp_path) as terminal:
        terminal.wait_until(lambda text: figures(text) == seen)
        let_in(terminal, tmp_path / "gate")


def test_a_file_never_opened_shows_its_name_before_polars_is_imported(tmp_path: Path) -> None:
    (tmp_path / "甲县.csv").write_text("校名,在校生数\n永宁小学,612\n", encoding="utf-8")
    with gated(tmp_path / "gate", HEAVY, str(tmp_path / "甲县.csv"), home=tmp_path) as terminal:
        terminal.wait_for("甲县.csv")


def test_what_the_first_frame_needs_would_be_missed(tmp_path: Path) -> None:
    with (
        gated(tmp_path / "gate", ("textual",), "demo", home=tmp_path) as terminal,
        pytest.raises(TerminalError),
    ):
        terminal.wait_until(lambda text: bool(figures(text)), timeout=3)
