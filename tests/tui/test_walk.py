"""The app survives a random walk; the walk finds what is broken."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("pyte")

from tests.tui.terminal import command
from tests.tui.walk import FIRST, MEGABYTE, Press, Resize, Sample, Step, Walk, app_keys, growth

SMALL_APP = [sys.executable, str(Path(__file__).with_name("small_app.py"))]
SECONDS = 120.0
"""How long the walk lasts at most, whatever the machine; `make walk` takes an hour."""


def small_steps(draw: random.Random, keys: Sequence[str]) -> list[Step]:
    """Many keys at a time, or another size."""
    if draw.random() < 0.1:
        return [Resize(draw.randint(60, 120), draw.randint(20, 40))]
    return [Press(draw.choice(keys)) for _ in range(50)]


def small_walk(fault: str = "", bursts: int = 60, answers_within: float = 30.0) -> Walk:
    argv = [*SMALL_APP, fault] if fault else SMALL_APP
    return Walk(
        argv, ("up", "down", "j"), seed=1, bursts=bursts, quit_keys=("q",), answers_within=answers_within,
        steps=small_steps, measured_every=3,
    )  # fmt: skip


@pytest.mark.slow
def test_two_minutes_of_random_keys_and_sizes_break_nothing() -> None:
    seed = int(os.environ.get("BALANCE_TUI_SEED", "20250601"))
    walked = Walk(command("demo"), app_keys(), seed=seed, seconds=SECONDS, first=FIRST).run()
    assert walked.bursts > 0


def test_a_sound_app_is_walked_through_to_its_end() -> None:
    walked = small_walk(bursts=120).run()
    assert (walked.bursts, len(walked.lives), len(walked.lives[0].held)) == (120, 1, 40)
    assert walked.keys > 4000


@pytest.mark.parametrize(
    ("fault", "told", "patience"),
    [
        ("crashes", "ended with 1", 30.0),
        ("hangs", "waited 3 s for any answer", 3.0),
        ("blank", "the screen to become as wanted", 3.0),
        ("dirty", "left behind: .*alternate screen", 30.0),
        ("status", "ended with 3", 30.0),
    ],
)
def test_what_is_broken_is_found(fault: str, told: str, patience: float) -> None:
    with pytest.raises(AssertionError, match=told) as found:
        small_walk(fault, answers_within=patience).run()
    assert "seed 1" in str(found.value)


def test_a_leak_of_little_more_than_half_a_megabyte_a_thousand_keys_is_found() -> None:
    with pytest.raises(AssertionError, match="memory grows"):
        small_walk("leaks", bursts=200).run()


def samples(*sizes: float, keys: int = 100) -> list[Sample]:
    return [Sample(number * keys, int(size * MEGABYTE)) for number, size in enumerate(sizes)]


def test_growth_that_goes_on_is_a_leak_and_noise_warming_up_and_a_step_are_none() -> None:
    leaking = [100 + number / 10 for number in range(90)]
    noisy = [100 + (number * 7919 % 13) for number in range(90)]
    warming = [100 + min(number, 25) for number in range(90)]
    step = [100.0] * 60 + [108.0] * 30
    late = [100 + max(number - 45, 0) for number in range(90)]
    found = [growth(samples(*each)).leaks for each in (leaking, noisy, warming, step, late)]
    assert found == [True, False, False, False, True]


def test_a_slow_leak_of_a_long_walk_is_one_when_it_has_become_large() -> None:
    slow = [100 + number / 10 for number in range(600)]
    assert growth(samples(*slow, keys=2000)).leaks
    assert not growth(samples(*slow[:100], keys=2000)).leaks


def test_every_key_of_the_app_is_walked_but_those_that_quit() -> None:
    keys = app_keys()
    assert {"slash", "escape", "enter", "down", "question_mark"} <= set(keys)
    assert not {"q", "ctrl+c"} & set(keys)
    assert all(a < b for a, b in pairwise(keys))
