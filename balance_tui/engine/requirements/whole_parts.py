"""That parts of the verdict are met, as one condition among others."""

from __future__ import annotations

import polars as pl

from ...standard.model import Part
from ...standard.tests import Test
from ..reasons import PAIR
from ..status import NOT_APPLICABLE, RELIEVED
from .outcome import OUTCOME_SCHEMA, Outcome


def parts_test(test: Test, decided: pl.DataFrame, parts: tuple[Part, ...]) -> Outcome:
    """parts: the named parts combined (fail > unknown > relieved > pass). `decided` as `decision.PART_SCHEMA`; the
    reason names the parts that decide."""
    mine = decided.filter(pl.col("id").is_in(test.parts))
    deciding = (pl.col("_status") == pl.col("_status").max()) & (pl.col("_status") >= RELIEVED)
    labels = {part.id: part.text for part in parts}
    zh, en = (
        pl.col("id").filter(deciding).replace({name: text[i] for name, text in labels.items()})
        for i in (0, 1)
    )
    rows = mine.group_by("_county", maintain_order=True).agg(
        pl.lit(None, pl.Float64).alias("value"),
        pl.lit(None, pl.Float64).alias("limit"),
        pl.col("_status").max().fill_null(NOT_APPLICABLE),
        pl.when(deciding.any())
        .then(pl.concat_str([pl.lit("items|"), zh.str.join("、"), pl.lit(PAIR), en.str.join(", ")]))
        .otherwise(pl.lit("all_met|") + pl.len().cast(pl.String))
        .alias("reason"),
    )
    return Outcome(rows.select(*OUTCOME_SCHEMA))
