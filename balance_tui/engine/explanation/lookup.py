"""Finding what is meant: a county, a school, a stage, an id; and what there is where nothing is meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS, STAGES
from ...errors import InputRejected, UsageError, visible
from ...language import Text
from ..result import Result
from .scene import Scene, county_name, school_name, stage_text

LISTED = 6
"""So many candidates are named before the rest is counted."""


def counties(result: Result, county: str | None, year: int | None) -> list[Scene]:
    """The counties and years that are meant; a county may be told from its namesake as `city/county`.

    Errors: `EXP-REJECTED` where nothing was evaluated, `EXP-COUNTY` where none is meant.
    """
    if result.is_rejected:
        raise InputRejected(
            "EXP-REJECTED",
            Text("数据未通过检查, 没有可解释的结果", "the data was rejected: there is no figure to explain"),
            Text("请先改正检查所列的问题", "mend what the checks list first"),
        )
    keys = result.facts.keys.to_dicts()
    named = [key for key in keys if county is None or _is_named(key, county)]
    meant = [key for key in named if year is None or key["year"] == year]
    if not meant:
        raise _no_county(keys, named, county, year)
    return [Scene(result, key["_county"], {name: key[name] for name in KEY_FIELDS}) for key in meant]


def one_county(result: Result, county: str | None, year: int | None) -> Scene:
    """The one county and year that is meant. Errors: as `counties`, and `EXP-AMBIGUOUS` for several."""
    found = counties(result, county, year)
    if len(found) > 1:
        raise ambiguous([scene.name for scene in found], Text("县与年份", "county and year"))
    return found[0]


def _is_named(key: Mapping[str, Any], name: str) -> bool:
    wanted = name.split("/")
    path = [str(key[part] or "") for part in ("province", "city", "county")]
    return path[-len(wanted) :] == wanted or key["county"] == name


def _no_county(
    keys: list[dict[str, Any]], named: list[dict[str, Any]], county: str | None, year: int | None
) -> UsageError:
    if not named:
        names = [str(key["county"]) for key in keys if key["county"]]
        what = Text(f"数据中没有县“{county}”", f"the data has no county '{county}'")
        return UsageError("EXP-COUNTY", what, close(county or "", names))
    years = "、".join(sorted({str(key["year"] or "—") for key in named}))
    what = Text(f"数据中没有 {year} 年", f"the data has no year {year}")
    return UsageError("EXP-COUNTY", what, Text(f"有: {years}", f"it has: {years}"))


def ambiguous(candidates: list[Text], what: Text) -> UsageError:
    """Several things are meant: the error names them."""
    rest = len(candidates) - LISTED
    zh = "; ".join(each.zh for each in candidates[:LISTED]) + (f"; 另有 {rest} 个" if rest > 0 else "")
    en = "; ".join(each.en for each in candidates[:LISTED]) + (f"; and {rest} more" if rest > 0 else "")
    return UsageError(
        "EXP-AMBIGUOUS",
        Text(f"{what.zh}不唯一: {zh}", f"the {what.en} is not unique: {en}"),
        Text("请用标识码、--county 或 --year 指明其一", "name one of them by id, --county or --year"),
    )


def close(name: str, known: Iterable[str]) -> Text:
    """The nearest known names, or what there is where nothing is near."""
    listed = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, listed, n=3, cutoff=0.5)
    shown = ", ".join(map(visible, near or listed[:LISTED])) or "—"
    return (
        Text(f"是否指: {shown}?", f"did you mean: {shown}?")
        if near
        else Text(f"有: {shown}", f"it has: {shown}")
    )


def stage_code(result: Result, stage: str) -> str:
    """A stage by its code or its label. Errors: `EXP-STAGE`."""
    codes = result.context.standard.model.standard.stages
    labels = {code: (code, *STAGES.get(code, ())) for code in codes}
    found = next((code for code, names in labels.items() if stage in names), None)
    if found is None:
        shown = Text(
            ", ".join(f"{code} ({stage_text(code).zh})" for code in codes),
            ", ".join(f"{code} ({stage_text(code).en})" for code in codes),
        )
        raise UsageError(
            "EXP-STAGE",
            Text(f"没有学段“{stage}”", f"there is no stage '{stage}'"),
            Text(f"可用 {shown.zh}", f"one of {shown.en}"),
        )
    return found


def known_id(name: str, known: Iterable[str], what: Text, code: str) -> str:
    """`name` if it is one of the known ids (upper or lower case). Errors: `code`, with the nearest."""
    ids = list(known)
    found = next((each for each in ids if each == name), None)
    found = found or next((each for each in ids if each.lower() == name.lower()), None)
    if found is None:
        raise UsageError(
            code,
            Text(f"标准没有{what.zh}“{name}”", f"the standard has no {what.en} '{name}'"),
            close(name, ids),
        )
    return found


def section(
    result: Result, school: str, stage: str, county: str | None, year: int | None
) -> tuple[Scene, str]:
    """The county a section stands in and the school's id.

    Errors: `EXP-SCHOOL` (none of that name, or merged into its parent), `EXP-STAGE` (the school has no such
    stage), `EXP-AMBIGUOUS` (several), and those of `counties`.
    """
    scenes = {scene.number: scene for scene in counties(result, county, year)}
    rows = result.facts.sections.filter(pl.col("_county").is_in(list(scenes)))
    matched = rows.filter(pl.col("school_id") == school)
    if not matched.height:
        matched = rows.filter(pl.col("school") == school)
    if not matched.height:
        raise _no_school(result, rows, school)
    found = matched.filter(pl.col("stage") == stage).unique(["_county", "school_id"], maintain_order=True)
    if not found.height:
        raise _no_stage(matched, stage)
    if found.height > 1:
        named = [_candidate(row, scenes[row["_county"]]) for row in found.to_dicts()]
        raise ambiguous(named, Text("学校", "school"))
    row = found.row(0, named=True)
    return scenes[row["_county"]], row["school_id"]


def _candidate(row: Mapping[str, Any], scene: Scene) -> Text:
    place = county_name(scene.key)
    return Text(*(f"{school_name(row)} [{visible(str(row['school_id']))}] {each}" for each in place))


def _no_stage(rows: pl.DataFrame, stage: str) -> UsageError:
    stages = [stage_text(each) for each in rows["stage"].unique(maintain_order=True).to_list()]
    name, wanted = school_name(rows.row(0, named=True)), stage_text(stage)
    return UsageError(
        "EXP-STAGE",
        Text(f"{name} 没有{wanted.zh}", f"{name} has no {wanted.en} section"),
        Text(
            f"有: {'、'.join(each.zh for each in stages)}", f"it has: {', '.join(each.en for each in stages)}"
        ),
    )


def _no_school(result: Result, rows: pl.DataFrame, school: str) -> UsageError:
    reported = result.dataset.sections
    other = reported.filter((pl.col("school_id") == school) | (pl.col("school") == school))
    if other.height:
        return _not_judged(other.row(0, named=True), school)
    names = rows.select("school", "school_id").unique(maintain_order=True)
    known = [name for column in ("school", "school_id") for name in names[column].drop_nulls().to_list()]
    what = Text(f"没有学校“{school}”", f"there is no school '{school}'")
    return UsageError("EXP-SCHOOL", what, close(school, known))


def _not_judged(row: Mapping[str, Any], school: str) -> UsageError:
    parent = row["campus_of"]
    if parent is not None:
        return UsageError(
            "EXP-SCHOOL",
            Text(f"校区“{school}”已并入主校", f"the campus '{school}' is merged into its parent"),
            Text(f"请用主校 {visible(parent)}", f"ask for the parent {visible(parent)}"),
        )
    return UsageError(
        "EXP-SCHOOL",
        Text(
            f"“{school}”在所指县、年中没有本标准评估的学段",
            f"'{school}' has no section that the standard judges in the county and year meant",
        ),
        Text("请检查县、年份与学段", "check county, year and stage"),
    )
