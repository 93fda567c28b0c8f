"""The other yardstick of the engine: the published formulas in pandas, group by group and row by row.

As practitioners' scripts have it: a function a school for the split, a function a section for the seven
values and the school rule, a function a county and stage for the coefficients of variation.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import pandas as pd

KEYS = ["province", "city", "county", "year"]
NAMES = ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
LIMITS = {
    "primary": (4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3),
    "junior": (5.3, 1.0, 0.9, 5.8, 10.2, 2500.0, 2.4),
}
CV_LIMITS = {"primary": 0.50, "junior": 0.45}
WEIGHTS = {
    "nine_year": {"primary": 1.0, "junior": 1.1},
    "complete_secondary": {"junior": 1.0, "senior": 1.2},
    "twelve_year": {"primary": 1.0, "junior": 1.1, "senior": 1.32},
}
NEAR = 1 - 1e-9


def answer(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Section rows → sections (keys, school_id, stage, `L1`…, `L1_status`…, `school`), and one row a county,
    stage and indicator (`cv`, `status`)."""
    split = rows.groupby([*KEYS, "school_id"], group_keys=False)[list(rows.columns)].apply(_shared)
    counted = split[split.apply(_in_scope, axis=1)].reset_index(drop=True)
    judged = pd.concat([counted, counted.apply(_judged, axis=1)], axis=1)
    spread = judged.groupby([*KEYS, "stage"])[list(judged.columns)].apply(_spread).reset_index()
    return judged[
        [*KEYS, "school_id", "stage", *NAMES, *(f"{name}_status" for name in NAMES), "school"]
    ], spread


def _shared(school: pd.DataFrame) -> pd.DataFrame:
    """A school's rows with the share of each stage and the students of the compulsory stages."""
    weights = WEIGHTS.get(school["school_type"].iloc[0])
    compulsory = school[school["stage"] != "senior"]
    share: Any = 1.0
    if weights:
        weighted = school["students"] * school["stage"].map(weights)
        share = weighted / weighted.sum(skipna=False)
    return school.assign(share=share, pupils=compulsory["students"].sum(skipna=False))


def _in_scope(row: pd.Series) -> bool:
    if row["stage"] == "senior" or row["school_type"] in ("special", "vocational"):
        return False
    return not (row["students"] == 0 or (row["school_type"] == "teaching_point" and row["students"] < 50))


def _judged(row: pd.Series) -> pd.Series:
    numerators = _numerators(row)
    limits = LIMITS[row["stage"]]
    values = {name: _per_student(name, x, row) for name, x in numerators.items()}
    plain = {name: _status(values[name], limit) for name, limit in zip(NAMES, limits, strict=True)}
    visiting = numerators["L3"] + row["visiting_pe_art_teachers"]
    venues = numerators["L5"] + row["extra_sports_area"] * row["share"]
    eased = plain | {
        "L3": _relieved(plain["L3"], visiting, "L3", limits[2], _t1(row), row),
        "L5": _relieved(plain["L5"], venues, "L5", limits[4], row["dense_city_centre"], row),
    }
    ordinary, final = _school(list(plain.values())), _school(list(eased.values()))
    school = "pass" if ordinary == "pass" else "relieved" if final == "pass" else final
    statuses = {f"{name}_status": status for name, status in eased.items()}
    return pd.Series({**{f"{n}_x": x for n, x in numerators.items()}, **values, **statuses, "school": school})


def _numerators(row: pd.Series) -> dict[str, float]:
    degrees = row["teachers_bachelor"] + row["teachers_master"] + row["teachers_doctor"]
    if row["stage"] == "primary":
        degrees += row["teachers_associate"]
    given = row["teachers_above_degree"]
    return {
        "L1": degrees if pd.isna(given) else given,
        "L2": row["backbone_teachers"],
        "L3": row["pe_teachers"] + row["art_teachers"],
        "L4": (row["teaching_area"] - row["indoor_sports_area"]) * row["share"],
        "L5": (row["sports_ground_area"] + row["indoor_sports_area"]) * row["share"],
        "L6": row["equipment_value"] * row["share"] * 10_000,
        "L7": row["multimedia_rooms"] * row["share"],
    }


def _per_student(name: str, x: float, row: pd.Series) -> float:
    return x / row["students"] * (1 if name in ("L4", "L5", "L6") else 100)


def _status(value: float, limit: float) -> str:
    if pd.isna(value):
        return "unknown"
    return "pass" if value >= limit * NEAR else "floor" if value >= 0.85 * limit * NEAR else "fail"


def _t1(row: pd.Series) -> bool | None:
    if row["location"] != "rural":
        return False
    return None if pd.isna(row["pupils"]) else bool(50 <= row["pupils"] < 100)


def _relieved(plain: str, x: float, name: str, limit: float, applies: bool | None, row: pd.Series) -> str:
    if plain not in ("fail", "floor") or applies is False:
        return plain
    eased = _status(_per_student(name, x, row), limit)
    better = eased == "pass" or (eased == "floor" and plain == "fail")
    if eased == "unknown" or (better and applies is None):
        return "unknown"
    return ("relieved" if eased == "pass" else eased) if better else plain


def _school(statuses: list[str]) -> str:
    met, unknown = sum(s in ("pass", "relieved") for s in statuses), statuses.count("unknown")
    if "fail" in statuses or met + unknown < 6:
        return "fail"
    return "unknown" if unknown else "pass"


def _spread(county: pd.DataFrame) -> pd.DataFrame:
    stage, students = county["stage"].iloc[0], county["students"]
    total, rows = students.sum(skipna=False), []
    for name in NAMES:
        x = county[f"{name}_x"]
        mean = x.sum(skipna=False) / total
        cv = sqrt((students / total * (x / students - mean) ** 2).sum()) / mean if mean > 0 else float("nan")
        status = "unknown" if pd.isna(cv) else "pass" if cv <= CV_LIMITS[stage] / NEAR else "fail"
        rows.append({"indicator": name, "cv": cv, "status": status})
    return pd.DataFrame(rows)
