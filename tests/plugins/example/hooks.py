"""Every hook of a plugin, small but whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from balance_tui.errors import InputRejected
from balance_tui.language import Text
from balance_tui.plugins.hooks import hookimpl

from .gini import gini

HEAD = "PLAT 1"


@hookimpl
def dispersion_statistic(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The Gini coefficient of the values weighted by students: half the mean absolute difference by the mean."""
    assert name == "gini"
    keys = ["_county", "stage", "indicator"]
    ranked = rows.sort([*keys, "value"]).with_columns(
        before=pl.col("weight").cum_sum().over(keys) - pl.col("weight"), all=pl.col("weight").sum().over(keys)
    )
    middle = (2 * pl.col("before") + pl.col("weight") - pl.col("all")) / pl.col("all")
    amount = pl.col("weight") * pl.col("value")
    return ranked.group_by(keys, maintain_order=True).agg(
        pl.when(amount.sum() > 0).then((amount * middle).sum() / amount.sum()).alias("statistic")
    )


@hookimpl
def score_point(scorer: str, point: Mapping[str, Any], rows: pl.DataFrame) -> pl.DataFrame:
    """All points where every test passes, the share `half` of them where more than half do, else none."""
    assert scorer == "ladder"
    passed = pl.col("status").is_in(["pass", "relieved"]).sum()
    known = (pl.col("status") != "unknown").all()
    share = (
        pl.when(passed == pl.len())
        .then(1.0)
        .when(2 * passed > pl.len())
        .then(point["options"]["half"])
        .otherwise(0.0)
    )
    return rows.group_by("_county", maintain_order=True).agg(
        pl.when(known).then(share * point["max"]).alias("score")
    )


@hookimpl
def decide(rule: str, parts: pl.DataFrame) -> pl.DataFrame:
    """Met where most parts are; unknown while those that are unknown could still turn it."""
    assert rule == "most"
    met, unknown = pl.col("status").is_in(["pass", "relieved"]).sum(), (pl.col("status") == "unknown").sum()
    status = (
        pl.when(2 * met > pl.len()).then(pl.lit("pass"))
        .when(2 * (met + unknown) > pl.len()).then(pl.lit("unknown"))
        .otherwise(pl.lit("fail"))
    )  # fmt: skip
    return parts.group_by("_county", maintain_order=True).agg(
        status.alias("status"),
        pl.lit(None, pl.String).alias("grade"),
        pl.format("{} 项中 {} 项达标", pl.len(), met).alias("reason_zh"),
        pl.format("{} of {} parts are met", met, pl.len()).alias("reason_en"),
    )


@hookimpl
def read_platform_file(path: Path) -> dict[str, pl.DataFrame]:
    """`PLAT 1`, then sections `[NAME]` with a line of headers and lines of cells, both parted by `|`."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    if head != HEAD:
        told = Text(f"首行须为 {HEAD}", f"the first line must be {HEAD}")
        raise InputRejected("PLAT-HEAD", told)
    tables: dict[str, list[list[str]]] = {}
    name = ""
    for line in lines:
        if line.startswith("["):
            name = line.strip("[]")
            tables[name] = []
        elif line:
            tables[name].append(line.split("|"))
    return {name: _table(rows) for name, rows in tables.items()}


def _table(rows: list[list[str]]) -> pl.DataFrame:
    headers, *cells = rows
    columns = zip(*cells, strict=True)
    return pl.DataFrame({
        header: pl.Series([cell or None for cell in column], dtype=pl.String)
        for header, column in zip(headers, columns, strict=True)
    })  # fmt: skip


@hookimpl
def write_platform_file(kind: str, frames: Mapping[str, pl.DataFrame], path: Path) -> bool:
    """The verdict of each county as the platform takes it."""
    assert kind == "plat"
    rows = frames["counties"].select("county", "year", "verdict").iter_rows()
    lines = ["|".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join((HEAD, "[认定]", "县|年|结论", *lines, "")), encoding="utf-8")
    return True


@hookimpl
def check_data(sections: pl.DataFrame) -> pl.DataFrame:
    """No section has more than 30 teachers for a hundred students."""
    many = sections.filter(pl.col("teachers") * 100 > pl.col("students") * 30)
    return many.select(
        pl.lit("MANY-TEACHERS").alias("code"),
        pl.lit("error").alias("severity"),
        pl.lit("teachers").alias("field"),
        pl.format("{}: 每百名学生专任教师超过30人", "school").alias("message_zh"),
        pl.format("{}: more than 30 teachers for a hundred students", "school").alias("message_en"),
        "province", "city", "county", "year", "school_id", "stage",
    )  # fmt: skip


@hookimpl
def panel(county: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The figures of the county's dispersion beside their limits."""
    rows = frames["dispersion"].select("stage", "indicator", "cv", "limit").iter_rows()
    return {
        "title": (f"{county['county']} 的基尼系数", f"Gini coefficients of {county['county']}"),
        "columns": [("学段", "stage"), ("指标", "indicator"), ("基尼系数", "Gini"), ("限值", "limit")],
        "rows": [
            [stage, indicator, "—" if value is None else f"{value:.3f}", f"{limit:g}"]
            for stage, indicator, value, limit in rows
        ],
    }


@hookimpl
def command(name: str, arguments: Sequence[str]) -> int:
    """`gini-of 1 2 3`."""
    assert name == "gini-of"
    print(f"{gini([float(argument) for argument in arguments]):.4f}")
    return 0
