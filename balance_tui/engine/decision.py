"""The verdict of a county from its parts, and of a part from what stands in it."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from ..data.again import Work
from .context import Context
from .plans import beside, picked, summed_up, widened
from .reasons import PAIR
from .resources import Resources
from .scorecard import CARD, CARD_NAME, Cards
from .status import NOT_APPLICABLE, RELIEVED, UNKNOWN

COUNTS_OF_SECTIONS = ("sections", "sections_failing", "sections_unknown", "sections_relieved")
COUNTS_OF_FIGURES = ("figures", "figures_failing", "figures_unknown")
"""Columns of `Resources.counties` that the reasons `sections`, `figures` and, of both, `resources` tell, in the order of
their sentences."""

PART_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "id": pl.String, "_status": pl.UInt8, "reason": pl.String,
}  # fmt: skip
"""One row a county and part: its id, the status code, the reason (see `reasons`)."""


def parts(
    keys: pl.DataFrame,
    resources: Resources,
    own: pl.DataFrame,
    context: Context,
    work: Work | None = None,
    name: str = "parts",
) -> pl.DataFrame:
    """One row a county and part (`PART_SCHEMA`), in the order of the standard; `own` as `standing_in_parts`. A part in
    which nothing changed is taken over from the `work` before, where it has this `name`."""
    work = work or Work()
    counted = work.seen((name, "resources"), resources.counties).same(resources.counties.columns)
    same = work.seen((name, "own"), own).same(own.columns) and counted
    if same:
        work.keep(*((name, "in", part.id) for part in context.model.part))
    return work.done(name, same, partial(_parts, keys, resources, own, context, work, name, counted))


def _parts(
    keys: pl.DataFrame,
    resources: Resources,
    own: pl.DataFrame,
    context: Context,
    work: Work,
    name: str,
    counted: bool,
) -> pl.DataFrame:
    of_resources = _resource_parts(context)
    standing = {str(part): rows for (part,), rows in own.partition_by("part", as_dict=True).items()}
    frames = []
    for part in context.model.part:
        mine = standing.get(part.id, own.clear())
        same = work.seen((name, "in", part.id), mine).same(mine.columns)
        same = same and (part.id not in of_resources or counted)
        make = partial(_part, part.id, keys, resources, mine, context)
        frames.append(work.done((name, "in", part.id), same, make))
    return (
        pl.concat(frames).sort("_county", maintain_order=True) if frames else pl.DataFrame(schema=PART_SCHEMA)
    )


def standing_in_parts(
    items: pl.DataFrame, scores: pl.DataFrame, cards: Cards, context: Context
) -> pl.DataFrame:
    """What stands in the parts: `_county`, `id`, `_status`, `reason`, `part` (null where it stands in none).

    `items`: requirement rows, of which only the items' own count, not those of their tests; `scores`: as
    `scores.SCORE_SCHEMA`; of a scorecard the card itself.
    """
    is_test, part = context.once("standing in parts", lambda: _placing(context))
    own = items.filter(~picked(items, [is_test]).to_series())
    frames = [each[list(_STANDING)] for each in (own, scores, cards.of_kind("card")) if each.height]
    return widened(pl.concat([_NOTHING_STANDS, *frames]), [part])


_STANDING = ("_county", "id", "_status", "reason")
_NOTHING_STANDS = pl.DataFrame(schema={name: PART_SCHEMA[name] for name in _STANDING})


def _placing(context: Context) -> tuple[pl.Expr, pl.Expr]:
    """Whether a row is that of a test of an item, and the part that a row stands in."""
    model = context.model
    placed = {item.id: item.part for item in context.items} | {score.id: score.part for score in model.score}
    placed |= {CARD: model.scorecard.part} if model.scorecard else {}
    tests = {test.id for item in context.items for test in item.test if test.id != item.id}
    part = pl.col("id").replace_strict(placed, default=None, return_dtype=pl.String).alias("part")
    return pl.col("id").is_in(tests), part


def _part(
    part: str, keys: pl.DataFrame, resources: Resources, mine: pl.DataFrame, context: Context
) -> pl.DataFrame:
    summary, *steps = context.once(("part", part), lambda: _deciding(part, context))
    frame = beside(keys[["_county"]], summed_up(mine, keys.height, summary))
    if part in _resource_parts(context):
        frame = beside(frame, resources.counties)
    return picked(frame, *steps)


def _deciding(part: str, context: Context) -> tuple[list[pl.Expr], ...]:
    """What is counted of what stands in a part, and its rows (`PART_SCHEMA`) in steps."""
    deciding = (pl.col("_status") == pl.col("_status").max()) & (pl.col("_status") >= RELIEVED)
    summary = [
        pl.col("_status").max(),
        _listed(pl.col("id").filter(deciding), part, context).alias("_deciding"),
        deciding.sum().cast(pl.String).alias("_d"),
        pl.len().cast(pl.String).alias("_n"),
        (pl.col("_status") != NOT_APPLICABLE).sum().alias("_asked"),
        pl.when((pl.col("id") == CARD).all()).then(pl.col("reason").first()).alias("_card"),
    ]
    some = pl.concat_str([pl.lit("some"), "_n", "_d", "_deciding"], separator="|")
    reason = (
        pl.when(pl.col("_card").is_not_null()).then(pl.col("_card"))
        .when(pl.col("_d") != "0").then(some)
        .when(pl.col("_asked") == 0).then(pl.lit("none_asked|") + pl.col("_n"))
        .otherwise(pl.lit("all_met|") + pl.col("_asked").cast(pl.String))
    )  # fmt: skip
    of_resources = [_with_resources(part, context)] if part in _resource_parts(context) else []
    status = pl.col("_status").fill_null(NOT_APPLICABLE).cast(pl.UInt8)
    told = [pl.col("_county"), pl.lit(part).alias("id"), status, pl.col("reason")]
    return (summary, *(of_resources or [[reason.alias("reason")]]), told)


def _listed(ids: pl.Expr, part: str, context: Context) -> pl.Expr:
    """The ids as one argument of a reason; the card, which has no id of its own, by its name."""
    card = context.model.scorecard
    if card is None or card.part != part:
        return ids.str.join(", ")
    zh, en = (ids.replace({CARD: CARD_NAME[i]}).str.join(", ") for i in (0, 1))
    return pl.concat_str([zh, pl.lit(PAIR), en])


def _resource_parts(context: Context) -> set[str]:
    model = context.model
    return {rule.part for rule in (model.school_rule, model.dispersion) if rule}


def _with_resources(part: str, context: Context) -> list[pl.Expr]:
    """Status and reason of a part's items together with the school rule and the dispersion, where the standard puts
    them in it."""
    model = context.model
    by_rule = bool(model.school_rule and model.school_rule.part == part)
    by_spread = bool(model.dispersion and model.dispersion.part == part)
    columns = [
        "_status",
        "_absent",
        *(["_schools"] if by_rule else []),
        *(["_dispersion"] if by_spread else []),
    ]
    told = [*(COUNTS_OF_SECTIONS if by_rule else ()), *(COUNTS_OF_FIGURES if by_spread else ())]
    numbers = [pl.col(name).fill_null(0).cast(pl.String) for name in told]
    code = "resources" if by_rule and by_spread else "sections" if by_rule else "figures"
    text = (
        pl.when(pl.col("sections").fill_null(0) == 0).then(pl.lit("no_sections"))
        .when((pl.col("_absent") == UNKNOWN) & (pl.max_horizontal(columns) == UNKNOWN))
        .then(pl.lit("stage_absent|") + pl.col("stages_missing"))
        .otherwise(pl.concat_str([pl.lit(code), *numbers], separator="|"))
    )  # fmt: skip
    return [pl.max_horizontal(columns).alias("_status"), text.alias("reason")]


def verdicts(
    decided: pl.DataFrame, conclusions: pl.DataFrame, keys: pl.DataFrame, context: Context
) -> pl.DataFrame:
    """One row a county: `_county`, `_status`: that of the main one of the verdicts the standard states
    (`verdict.VERDICT_SCHEMA`), or that every needed part is met, from rows as `parts` gives them. A standard without
    parts decides nothing."""
    if context.model.verdict:
        return conclusions.filter("main").select("_county", "_status")
    needed = [part.id for part in context.model.part if part.needed]
    mine = decided.filter(decided["id"].is_in(needed))
    worst = summed_up(mine, keys.height, [pl.col("_status").max()])
    status = pl.col("_status").fill_null(NOT_APPLICABLE).cast(pl.UInt8)
    return widened(beside(keys[["_county"]], worst), [status])
