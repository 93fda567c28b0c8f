"""Points that a plugin scores."""

from __future__ import annotations

from typing import Any

import polars as pl

from ...language import Text
from ...standard.scorecard import Point
from ..exact import fraction
from ..requirements import ItemResults
from ..status import words
from .frames import Proposal


def by_plugin(point: Point, scorer: str, keys: pl.DataFrame, items: ItemResults) -> dict[int, Proposal]:
    """The proposal of `plugin:name` for every county, from the statuses and figures of the point's thresholds.

    Errors: `StandardInvalid` where no ready plugin offers the scorer."""
    from ...plugins.hosting import score_point

    ids = [test.id for test in point.test]
    rows = items.rows.filter((pl.col("item") == point.id) & pl.col("id").is_in(ids))
    told = keys.select("_county").join(
        rows.select("_county", "id", "value", "limit", words(pl.col("_status")).cast(pl.String).alias("status")),
        on="_county", how="left", maintain_order="left",
    )  # fmt: skip
    described = {
        "id": point.id,
        "max": None if point.max is None else float(point.max),
        "options": {name: _plain(value) for name, value in point.options.items()},
    }
    scores = score_point(scorer, described, told)
    why = Text(f"插件 {scorer} 未给分", f"the plugin {scorer} gave no score")
    return {
        county: Proposal(fraction(score), None if score is not None else why)
        for county, score in scores.select("_county", "score").iter_rows()
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)
