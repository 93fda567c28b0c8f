"""The result of an evaluation, and the frames it is told in (DESIGN 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS
from ..language import language_in_use
from ..standard.model import Indicator
from .context import Context
from .decision import PART_SCHEMA
from .indicators import floor_of, thresholds
from .prepare import Facts
from .reasons import reason_text
from .requirements import ItemResults
from .requirements.outcome import FAILING_SCHEMA, OUTCOME_SCHEMA
from .resources import Resources
from .school_rule import lists
from .scores import SCORE_SCHEMA
from .status import UNKNOWN, words

if TYPE_CHECKING:
    from fractions import Fraction

FRAMES = (
    "checks", "counties", "schools", "indicators", "dispersion", "requirements", "scores", "excluded",
    "reliefs", "undecided", "rounding",
)  # fmt: skip
"""The frames of a result by name; csv and parquet write one file each. The last three are short: every use of a
relief, every school whose answer to an item is unknown, every figure that rounding would carry over a limit."""

_SCHOOL = ("school_id", "school", "stage")
_ORDER = ("_county", "_source", "_row")


@dataclass(frozen=True)
class Result:
    """Everything that follows from a dataset under a standard; each property is one frame of the contract."""

    context: Context
    dataset: Dataset
    facts: Facts
    resources: Resources
    items: ItemResults
    points: pl.DataFrame
    parts: pl.DataFrame
    verdicts: pl.DataFrame

    @staticmethod
    def rejected(context: Context, dataset: Dataset, facts: Facts) -> Result:
        """The result of data that cannot be trusted: only its checks."""
        nothing = ItemResults(
            pl.DataFrame(schema={**OUTCOME_SCHEMA, "item": pl.String, "id": pl.String}),
            pl.DataFrame(schema={**FAILING_SCHEMA, "item": pl.String, "id": pl.String}),
        )
        from .dispersion import DISPERSION_SCHEMA

        return Result(
            context, dataset, facts,
            Resources({}, facts.sections.head(0), pl.DataFrame(schema=DISPERSION_SCHEMA), facts.keys.head(0)),
            nothing, pl.DataFrame(schema=SCORE_SCHEMA), pl.DataFrame(schema=PART_SCHEMA),
            pl.DataFrame(schema={"_county": pl.UInt32, "_status": pl.UInt8}),
        )  # fmt: skip

    @property
    def is_rejected(self) -> bool:
        return bool((self.facts.checks["severity"] == "reject").any())

    @cached_property
    def as_of(self) -> dt.date | None:
        """The date judged as of: as given, or the end of the data's year where it holds one year only."""
        years = self.facts.keys["year"].unique().to_list()
        if self.context.as_of is not None or len(years) != 1:
            return self.context.as_of
        return dt.date(years[0], 12, 31) if years[0] is not None else dt.date.today()

    def frame(self, name: str) -> pl.DataFrame:
        """A frame of `FRAMES`."""
        frame: pl.DataFrame = getattr(self, name)
        return frame

    @cached_property
    def checks(self) -> pl.DataFrame:
        """Data findings: code, severity, field, message in the language in use, keys, school, value, place."""
        message = pl.col(f"message_{language_in_use()}").alias("message")
        return self.facts.checks.select(
            "code", "severity", "field", message, *KEY_FIELDS, *_SCHOOL, "value", "place"
        )  # fmt: skip

    @cached_property
    def counties(self) -> pl.DataFrame:
        """One row a county and year: keys, `verdict`, `parts` (list of id, status, reason)."""
        told = self._told(self.parts).group_by("_county", maintain_order=True).agg(
            pl.struct("id", words(pl.col("_status")).cast(pl.String).alias("status"), "reason").alias("parts")
        )
        return self._keyed(
            self.verdicts.join(told, on="_county", how="left", maintain_order="left"),
            words(pl.col("_status")).alias("verdict"), "parts",
        )  # fmt: skip

    @cached_property
    def schools(self) -> pl.DataFrame:
        """One row a section in scope: keys, school, `status`, `met`, `at_floor`, `short`, `unknown` (indicator ids)."""
        names = [indicator.id for indicator in self.context.standard.model.indicator]
        frames = [
            rows.select(*KEY_FIELDS, *_SCHOOL, words(pl.col("_school")).alias("status"), *_ORDER).hstack(lists(rows, names))
            for rows in self.resources.stages.values()
        ]  # fmt: skip
        return _ordered(frames)

    @cached_property
    def indicators(self) -> pl.DataFrame:
        """One row a section and indicator: keys, school, `indicator`, `value`, `standard`, `floor`, `status`, `gap`,
        `relief`."""
        return self.indicator_details.drop("relief_value", "flips_when_rounded", strict=False)

    @cached_property
    def indicator_details(self) -> pl.DataFrame:
        """As `indicators`, with `relief_value` (the value a relief gave) and `flips_when_rounded`."""
        model = self.context.standard.model
        frames = [
            _indicator_rows(rows, indicator, stage, self.context)
            for stage, rows in self.resources.stages.items()
            for indicator in model.indicator
        ]
        return _ordered(frames)

    @cached_property
    def dispersion(self) -> pl.DataFrame:
        """One row a county, stage and indicator: keys, `sections`, `mean`, `sd`, `cv`, `limit`, `status`,
        `flips_when_rounded`."""
        return self._keyed(
            self.resources.dispersion, "stage", "indicator", "sections", "mean", "sd", "cv", "limit",
            words(pl.col("_status")).alias("status"), "flips_when_rounded",
        )  # fmt: skip

    @cached_property
    def requirements(self) -> pl.DataFrame:
        """One row a county and item (or test of one): keys, `id`, `value`, `limit`, `status`, `reason`, `failing`
        (list of school_id, school, stage, value, limit, relief: the schools that miss the ordinary limit)."""
        missed = self.items.failing.filter(pl.col("_status") != UNKNOWN)
        entries = missed.group_by("_county", "id", maintain_order=True).agg(
            pl.struct("school_id", "school", "stage", "value", "limit", "relief").alias("failing")
        )
        rows = self._told(self.items.rows).join(entries, on=["_county", "id"], how="left", maintain_order="left")
        empty = pl.lit([], entries.schema["failing"])
        return self._keyed(
            rows, "id", "value", "limit", words(pl.col("_status")).alias("status"), "reason",
            pl.col("failing").fill_null(empty),
        )  # fmt: skip

    @cached_property
    def undecided(self) -> pl.DataFrame:
        """One row a school whose answer to an item is unknown: keys, school, `id`, `value`, `limit`."""
        rows = self.items.failing.filter(pl.col("_status") == UNKNOWN)
        return self._keyed(rows, *_SCHOOL, "id", "value", "limit")

    @cached_property
    def rounding(self) -> pl.DataFrame:
        """One row a figure whose verdict would change if it were rounded as it is printed: keys, school (null for
        a county's dispersion), `figure` (indicator, or `cv` and the indicator), `value`, `limit`."""
        spread = self.dispersion.filter("flips_when_rounded").select(
            *KEY_FIELDS, pl.lit(None, pl.String).alias("school_id"), pl.lit(None, pl.String).alias("school"), "stage",
            ("cv " + pl.col("indicator")).alias("figure"), pl.col("cv").alias("value"), "limit",
        )  # fmt: skip
        if not self.indicator_details.height:
            return spread
        values = self.indicator_details.filter("flips_when_rounded").select(
            *KEY_FIELDS, *_SCHOOL, pl.col("indicator").alias("figure"), "value", pl.col("standard").alias("limit")
        )
        return pl.concat([spread, values])

    @cached_property
    def scores(self) -> pl.DataFrame:
        """One row a county and score: keys, `id`, `max`, `proposed`, `self`, `verified`, `status`."""
        return self._keyed(
            self.points, "id", "max", "proposed", "self", "verified", words(pl.col("_status")).alias("status")
        )  # fmt: skip

    @cached_property
    def excluded(self) -> pl.DataFrame:
        """One row a section of the compulsory stages left out of the indicators: keys, school, `reason`."""
        scope = next((s for s in self.context.standard.model.scope if s.id == "resources"), None)
        exclusions = scope.exclude if scope else ()
        reasons = {i: str(exclusion.text) for i, exclusion in enumerate(exclusions)}
        rows = self.resources.excluded
        if "_reason" not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.UInt8).alias("_reason"))
        return _ordered([
            rows.select(
                *KEY_FIELDS, *_SCHOOL,
                pl.col("_reason").replace_strict(reasons, default=None, return_dtype=pl.String).alias("reason"),
                *_ORDER,
            )
        ])  # fmt: skip

    @cached_property
    def reliefs(self) -> pl.DataFrame:
        """Every use of a relief: keys, school, `relief`, `target` (indicator or item), `value`, `limit`, `cure_by`."""
        from .register import relief_register

        return relief_register(self)

    def _told(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with its reasons as sentences in the language in use."""
        dictionary = self.context.standard.dictionary
        kept = rows["reason"].unique().drop_nulls().to_list()
        sentences = {reason: str(reason_text(reason, dictionary)) for reason in kept}
        told = pl.col("reason").replace_strict(sentences, default=None, return_dtype=pl.String)
        return rows.with_columns(told.alias("reason"))

    def _keyed(self, rows: pl.DataFrame, *columns: str | pl.Expr) -> pl.DataFrame:
        """`columns` of rows by county, behind the four keys."""
        keys = self.facts.keys
        return rows.join(keys, on="_county", how="left", maintain_order="left").select(*KEY_FIELDS, *columns)


def _ordered(frames: list[pl.DataFrame]) -> pl.DataFrame:
    if not frames:
        return pl.DataFrame()
    return pl.concat(frames).sort(_ORDER, maintain_order=True, nulls_last=True).drop(_ORDER)


def _indicator_rows(rows: pl.DataFrame, indicator: Indicator, stage: str, context: Context) -> pl.DataFrame:
    name = indicator.id
    limit = indicator.limit.get(stage)
    floor = floor_of(limit, context) if limit else None
    standard = float(limit.value) if limit else None
    value = pl.col(name)
    relief = pl.col(f"{name}_relief") if f"{name}_relief" in rows.columns else pl.lit(None, pl.String)
    eased = pl.col(f"{name}_eased") if f"{name}_eased" in rows.columns else pl.lit(None, pl.Float64)
    bound = pl.lit(standard, pl.Float64)
    gap = bound - value if indicator.op == ">=" else value - bound
    bounds = thresholds(indicator, stage, context)
    flips = pl.any_horizontal(
        _flips(value, float(b), indicator.decimals, indicator.op) for b in bounds
    ) if bounds else pl.lit(False)  # fmt: skip
    return rows.select(
        *KEY_FIELDS, *_SCHOOL,
        pl.lit(name).alias("indicator"),
        value.alias("value"),
        bound.alias("standard"),
        pl.lit(_float(floor), pl.Float64).alias("floor"),
        words(pl.col(f"{name}_status")).alias("status"),
        pl.max_horizontal(gap, pl.when(gap.is_not_null()).then(0.0)).alias("gap"),
        relief.alias("relief"),
        eased.alias("relief_value"),
        flips.fill_null(False).alias("flips_when_rounded"),
        *_ORDER,
    )  # fmt: skip


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _flips(value: pl.Expr, bound: float, decimals: int, op: str) -> pl.Expr:
    """Whether rounding the value as it is printed moves it across the bound."""
    factor = 10.0**decimals
    printed = (value * factor + 0.5 + 1e-9).floor() / factor
    holds: Callable[[pl.Expr], Any] = (lambda v: v >= bound) if op == ">=" else (lambda v: v <= bound)
    return holds(value) != holds(printed)  # type: ignore[no-any-return]
