"""Amounts that a school needs to reach the national limits, and how far above or below it lies."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from random import Random

LIMITS: Mapping[str, Mapping[str, float]] = {
    "primary": {"L1": 4.2, "L2": 1.0, "L3": 0.9, "L4": 4.5, "L5": 7.5, "L6": 2000.0, "L7": 2.3},
    "junior": {"L1": 5.3, "L2": 1.0, "L3": 0.9, "L4": 5.8, "L5": 10.2, "L6": 2500.0, "L7": 2.4},
    "senior": {"L1": 5.3, "L2": 1.0, "L3": 0.9, "L4": 5.8, "L5": 10.2, "L6": 2500.0, "L7": 2.4},
}
"""The standards of the seven indicators (national.md 2); seniors are given the junior ones, as they have
none of their own."""

STAGE_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "nine_year": {"primary": 1.0, "junior": 1.1},
    "complete_secondary": {"junior": 1.0, "senior": 1.2},
    "twelve_year": {"primary": 1.0, "junior": 1.1, "senior": 1.32},
}
"""Weights by which whole-school facilities are shared (national.md 5)."""

COMFORT = {
    "L1": (1.22, 1.5), "L2": (1.05, 2.4), "L3": (1.05, 2.0), "L4": (1.03, 2.4), "L5": (1.02, 2.4),
    "L6": (1.04, 2.6), "L7": (1.03, 1.8),
}  # fmt: skip
"""How many times its standard a school without a part to play has, lowest (the commonest) and highest."""

WEAK_SHARE = 0.2
"""The share of schools that have one indicator between 85 % and 100 % of its standard."""


def factors_of(random: Random) -> dict[str, float]:
    """For each indicator the multiple of its standard that the school has; at most one is below 1."""
    factors = {indicator: random.triangular(low, high, low) for indicator, (low, high) in COMFORT.items()}
    if random.random() < WEAK_SHARE:
        factors[random.choice(("L2", "L4", "L5", "L6", "L7"))] = random.uniform(0.88, 0.97)
    return factors


def persons(indicator: str, stage: str, students: int, factor: float) -> int:
    """Teachers needed for `factor` times the standard per hundred students, rounded up."""
    return ceil(LIMITS[stage][indicator] * factor * students / 100)


def weighted_students(kind: str, students: Mapping[str, int]) -> float:
    """Students of the whole school as its facilities are shared among them."""
    weights = STAGE_WEIGHTS.get(kind, {})
    return sum(number * weights.get(stage, 1.0) for stage, number in students.items())


def facility(indicator: str, kind: str, students: Mapping[str, int], factor: float) -> float:
    """The whole-school amount that gives its neediest stage `factor` times the standard, in the unit of
    the indicator (per hundred for L7)."""
    weights = STAGE_WEIGHTS.get(kind, {})
    need = max(
        LIMITS[stage][indicator] / weights.get(stage, 1.0)
        for stage in students
        if stage != "senior" or len(students) == 1
    )
    return need * factor * weighted_students(kind, students)
