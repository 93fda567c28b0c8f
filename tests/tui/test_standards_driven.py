"""Switching through every standard in a real terminal: the place stays, and the figures are those of `evaluate`."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from balance_tui.engine.status import LABELS, MARKS
from balance_tui.sample import write
from balance_tui.standard.load import catalogue, load_standard
from tests.tui.terminal import Terminal, balance, clean_environment, command

COUNTY, YEAR = "示例丙旗", 2024
FIRST = "national-2017"
OVERLAY = """\
[standard]
id = "stricter"
version = "1.0"
title = "更严"
extends = {{ id = "{base}", version = "{version}", hash = "{hash}" }}

[[change]]
target = "indicator:L2"
set = {{ "limit.primary" = 1.2 }}
clause = "县〔2025〕1号"
reason = "本县要求更高"
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The sample as files, as options of the command."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, "contract")
    return [str(folder / "schools.csv"), "--county-facts", str(folder / "county-facts.csv")]


def said(sample: list[str], home: Path, standard: str) -> dict[str, Any]:
    """What `evaluate` says of the county under a standard."""
    options = ("--profile", standard, "--county", COUNTY, "--year", str(YEAR), "--format", "json")
    done = subprocess.run(
        command("evaluate", *sample, *options), capture_output=True, check=True, env=clean_environment(home)
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def switch(terminal: Terminal, standard: str) -> None:
    """Choose a standard from the list."""
    terminal.press("p")
    terminal.wait_for("部标准")
    terminal.press("slash")
    terminal.wait_for("\n查找")
    terminal.type(standard)
    terminal.press("enter")
    terminal.wait_until(lambda text: re.search(rf"▸[* ]*{standard}", text) is not None)
    terminal.press("enter")
    terminal.wait_until(lambda text: standard in text.split("\n")[0] and "换标准 ›" not in text)
    terminal.wait_quiet(0.4)


def test_every_standard_in_turn_keeps_the_place_and_shows_what_evaluate_says(
    sample: list[str], tmp_path: Path
) -> None:
    options = ("--county", COUNTY, "--year", str(YEAR), "--view", "overview")
    with balance(*sample, *options, columns=120, rows=40, home=tmp_path) as terminal:
        terminal.wait_for("由什么决定")
        for standard in (*(name for name in catalogue() if name != FIRST), FIRST):
            switch(terminal, standard)
            terminal.wait_until(lambda text: text.split("\n")[1].startswith("总览"))
            answer = said(sample, tmp_path, standard)
            _assert_heading(terminal.text.split("\n")[0], standard, answer)
            _assert_parts(terminal.text, standard, answer)


def _assert_heading(line: str, standard: str, answer: dict[str, Any]) -> None:
    assert line.startswith(f"{COUNTY} {YEAR}")
    layers = [layer["id"] for layer in answer["profile"]["layers"]]
    assert " ▸ ".join(reversed(layers)) in line
    if len(answer["verdicts"]) > 1:
        for row in answer["verdicts"][:2]:
            assert MARKS[row["status"]] in line, standard
    else:
        word = answer["counties"][0]["verdict"]
        assert line.rstrip().endswith(f"{LABELS[word].zh} {MARKS[word]}"), standard


def _assert_parts(text: str, standard: str, answer: dict[str, Any]) -> None:
    labels = {part.id: part.label for part in load_standard(standard).model.part}
    flat = " ".join(text.split())
    for part in answer["counties"][0]["parts"]:
        assert f"{labels[part['id']]} {MARKS[part['status']]} {LABELS[part['status']].zh}" in flat, (
            standard,
            part["id"],
        )


def test_the_key_for_the_origin_leads_to_the_line_of_the_overlay(sample: list[str], tmp_path: Path) -> None:
    base = load_standard(FIRST)
    overlay = tmp_path / "stricter.toml"
    overlay.write_text(
        OVERLAY.format(base=base.id, version=base.model.standard.version, hash=base.hash), encoding="utf-8"
    )
    line = next(
        n
        for n, text in enumerate(overlay.read_text(encoding="utf-8").splitlines(), 1)
        if text.startswith("set")
    )
    options = ("--profile", str(overlay), "--county", COUNTY, "--year", str(YEAR), "--view", "schools")
    with balance(*sample, *options, columns=120, rows=40, home=tmp_path) as terminal:
        terminal.wait_for("stricter ▸ national-2017", "≥1.2")
        for _ in range(20):
            if "L2 每百名" in terminal.text.rstrip().split("\n")[-2]:
                break
            terminal.press("right")
            terminal.wait_quiet()
        terminal.press("w")
        terminal.wait_for("来历", f"stricter.toml:{line}", "本县要求更高", "原为")
