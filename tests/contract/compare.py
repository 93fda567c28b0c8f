"""The program's rows beside the oracle's: every difference as one sentence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import isclose

from tests.oracle import national2012, national2017
from tests.oracle.national2017 import Outcome, Settings

from .builder import County
from .runner import Json, Result

TOLERANCE = 1e-9


def oracle(county: County, **settings: object) -> Outcome:
    """The oracle's judgement; `--as-of` defaults to the end of the data's year."""
    given = {"as_of": date(county.year or 2023, 12, 31)} | settings
    return national2017.judge(county.sections, county.facts, county.judgements, Settings(**given))  # type: ignore[arg-type]


def near(value: object, exact: Fraction | None) -> bool:
    if exact is None or value is None:
        return exact is None and value is None
    return isclose(float(str(value)), float(exact), rel_tol=TOLERANCE, abs_tol=1e-12)


def indicator_differences(result: Result, expected: Outcome) -> list[str]:
    rows = {(row["school_id"], row["stage"], row["indicator"]): row for row in result.json["indicators"]}
    problems = [f"indicator rows differ: {sorted(set(rows) ^ set(expected.indicators))}"] * (
        set(rows) != set(expected.indicators)
    )
    for key, figure in expected.indicators.items():
        row = rows.get(key)
        if row is None:
            continue
        if row["status"] != figure.status:
            problems.append(f"{key}: {row['status']}, the oracle says {figure.status} ({figure.value})")
        if (row["relief"] or None) != figure.relief:
            problems.append(f"{key}: relief {row['relief']}, the oracle says {figure.relief}")
        if figure.relief is None and not near(row["value"], figure.value):
            problems.append(f"{key}: {row['value']}, the oracle says {figure.value}")
    return problems


def school_differences(result: Result, expected: Outcome) -> list[str]:
    found = {(row["school_id"], row["stage"]): row["status"] for row in result.json["schools"]}
    if found != expected.schools:
        return [f"schools: {sorted(set(found.items()) ^ set(expected.schools.items()))}"]
    return []


def dispersion_differences(result: Result, expected: Outcome) -> list[str]:
    problems = []
    for (stage, code), spread in expected.dispersion.items():
        row = result.dispersion(stage, code)
        if row["sections"] != spread.sections or row["status"] != spread.status:
            problems.append(f"{stage} {code}: {row}, the oracle says {spread}")
        if not near(row["cv"] and row["cv"] ** 2, spread.cv_squared and spread.cv_squared):
            problems.append(f"{stage} {code}: cv {row['cv']}, the oracle says squared {spread.cv_squared}")
        if spread.mean is not None and not near(row["mean"], spread.mean):
            problems.append(f"{stage} {code}: mean {row['mean']}, the oracle says {spread.mean}")
    return problems


def item_differences(result: Result, expected: Outcome) -> list[str]:
    """An item without anybody to judge may be named not applicable or passed: both are neutral."""
    problems = []
    for item, status in expected.items.items():
        found = result.item(item)
        if found != status and {found, status} != {"pass", "not_applicable"}:
            problems.append(f"{item}: {found}, the oracle says {status}")
    return problems


def decision_differences(result: Result, expected: Outcome) -> list[str]:
    parts = result.parts()
    problems = [
        f"part {part}: {parts.get(part)}, the oracle says {status}"
        for part, status in expected.parts.items()
        if parts.get(part) != status
    ]
    if result.verdict != expected.verdict:
        problems.append(f"verdict {result.verdict}, the oracle says {expected.verdict}")
    return problems


def differences(result: Result, expected: Outcome) -> list[str]:
    """Where a result of one county under national-2017 departs from the oracle's."""
    excluded = {(row["school_id"], row["stage"]) for row in result.json["excluded"]}
    problems = (
        [] if excluded == set(expected.excluded) else [f"excluded: {excluded ^ set(expected.excluded)}"]
    )
    return [
        *problems,
        *indicator_differences(result, expected),
        *school_differences(result, expected),
        *dispersion_differences(result, expected),
        *item_differences(result, expected),
        *decision_differences(result, expected),
    ]


def differences_2012(result: Result, county: County) -> list[str]:
    """Where the dispersion of a county under national-2012 departs from the oracle's."""
    problems = []
    for stage in ("primary", "junior"):
        spreads = national2012.dispersion(county.sections, stage)
        if not next(iter(spreads.values())).sections:
            continue
        for code, spread in spreads.items():
            row: Json = result.dispersion(stage, code)
            if row["sections"] != spread.sections or not near(
                row["cv"] and row["cv"] ** 2, spread.cv_squared
            ):
                problems.append(f"{stage} {code}: {row}, the oracle says {spread}")
        value = national2012.composite(spreads)
        row = result.dispersion(stage, "composite")
        if row["status"] != national2012.status(value, stage) or not near(
            row["cv"], None if value is None else Fraction(value)
        ):
            problems.append(f"{stage} composite: {row}, the oracle says {value}")
    return problems
