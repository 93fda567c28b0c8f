"""What the data checks of plugins find, in the form of every other finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ...errors import StandardInvalid
from ...language import Text
from ...plugins import shelf
from ..dataset import FINDING_SCHEMA, Dataset, empty

_NOTHING = empty(FINDING_SCHEMA)
_WARNED = Text("插件的数据检查没有做: {reason}", "a plugin's data check was not made: {reason}")


def run_plugged(dataset: Dataset, standards: Sequence[str]) -> pl.DataFrame:
    """Findings (`FINDING_SCHEMA`) of the plugins that speak to these standards; their codes carry the plugin's id. One
    that fails is itself a finding, `PLUGIN-FAILED`, and the others go on."""
    if not shelf.serving("check", standards):
        return _NOTHING
    from ...plugins.hosting import check_data

    visible = [name for name in dataset.sections.columns if not name.startswith("_")]
    found, failed = check_data(
        standards, dataset.sections.select(visible), dataset.counties, list(dataset.dictionary)
    )
    frames = [_finding_rows(plugin, rows, dataset) for plugin, rows in found]
    return pl.concat([empty(FINDING_SCHEMA), *frames, _failures(failed)])


def _finding_rows(plugin: str, rows: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    names = dataset.sections.select("school_id", "school").unique("school_id", keep="first")
    placed = rows.join(names, on="school_id", how="left", maintain_order="left").with_columns(
        (pl.lit(f"{plugin}:") + pl.col("code")).alias("code"),
        pl.concat_list("field").list.drop_nulls().alias("fields"),
        pl.lit(None, pl.String).alias("value"),
        pl.lit(None, pl.String).alias("place"),
    )
    return placed.select(pl.col(name).cast(dtype) for name, dtype in FINDING_SCHEMA.items())


def _failures(failed: Sequence[StandardInvalid]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for error in failed:
        told = _WARNED.fill(reason=error.what)
        rows.append({
            **dict.fromkeys(FINDING_SCHEMA), "code": "PLUGIN-FAILED", "severity": "warning", "fields": [],
            "message_zh": told.zh, "message_en": told.en, "place": str(error.place) if error.place else None,
        })  # fmt: skip
    return pl.DataFrame(rows, schema=dict(FINDING_SCHEMA))
