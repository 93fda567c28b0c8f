"""The result of an evaluation, and the frames it is told in (DESIGN 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from ..data.again import Work
from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS, dictionary, dtype_of
from ..language import language_in_use
from ..standard.model import Indicator
from .context import Context
from .decision import PART_SCHEMA
from .dispersion import DISPERSION_SCHEMA
from .exact import flips_when_rounded
from .indicators import floor_of, thresholds
from .plans import picked
from .prepare import Facts
from .reasons import reason_text
from .requirements import ITEM_FAILING_SCHEMA, ITEM_SCHEMA, ItemResults
from .resources import SCOPE, Resources
from .school_rule import lists
from .scorecard import CARD_SCHEMA, SOURCE_SCHEMA, Cards
from .scores import SCORE_SCHEMA
from .status import UNKNOWN, WORD, words
from .verdict import VERDICT_SCHEMA

if TYPE_CHECKING:
    from fractions import Fraction

FRAMES = (
    "checks", "counties", "schools", "indicators", "dispersion", "requirements", "scores", "excluded",
    "reliefs", "undecided", "rounding", "scorecard", "sources", "verdicts",
)  # fmt: skip
"""The frames of a result by name; csv and parquet write one file each. `reliefs`, `undecided` and `rounding` are short:
every use of a relief, every school whose answer to an item is unknown, every figure that rounding would carry over a
limit. The last three are empty where the standard has no scorecard and states no verdict."""

_SCHOOL = ("school_id", "school", "stage")
_ORDER = ("_county", "_source", "_row")
_PLACE: dict[str, pl.DataType] = {code: dtype_of(dictionary()[code]) for code in KEY_FIELDS} | {
    name: pl.String() for name in _SCHOOL
}

SCHOOLS_SCHEMA: dict[str, pl.DataType] = {
    **_PLACE, "status": WORD, "met": pl.List(pl.String()), "at_floor": pl.List(pl.String()),
    "short": pl.List(pl.String()), "unknown": pl.List(pl.String()),
}  # fmt: skip
INDICATORS_SCHEMA: dict[str, pl.DataType] = {
    **_PLACE, "indicator": pl.String(), "value": pl.Float64(), "standard": pl.Float64(), "floor": pl.Float64(),
    "status": WORD, "gap": pl.Float64(), "relief": pl.String(), "relief_value": pl.Float64(),
    "flips_when_rounded": pl.Boolean(),
}  # fmt: skip


_INDICATORS = {
    name: dtype for name, dtype in INDICATORS_SCHEMA.items() if name not in ("relief_value", "flips_when_rounded")
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """Everything that follows from a dataset under a standard; each property is one frame of the contract.

    The fields are what the stages of the engine made, by `_county`: `points` as `scores.SCORE_SCHEMA`, `parts` as
    `decision.PART_SCHEMA`, `conclusions` as `verdict.VERDICT_SCHEMA`, `outcomes` with `_county` and `_status`; `work` lets the
    next evaluation take over what it does not change.
    """

    context: Context
    dataset: Dataset
    facts: Facts
    resources: Resources
    items: ItemResults
    points: pl.DataFrame
    cards: Cards
    parts: pl.DataFrame
    conclusions: pl.DataFrame
    outcomes: pl.DataFrame
    work: Work = field(repr=False)

    @staticmethod
    def rejected(context: Context, dataset: Dataset, facts: Facts, work: Work) -> Result:
        """The result of data that cannot be trusted: only its checks."""
        nothing = ItemResults(pl.DataFrame(schema=ITEM_SCHEMA), pl.DataFrame(schema=ITEM_FAILING_SCHEMA))
        return Result(
            context, dataset, facts,
            Resources({}, facts.sections.head(0), pl.DataFrame(schema=DISPERSION_SCHEMA), facts.keys.head(0)),
            nothing, pl.DataFrame(schema=SCORE_SCHEMA), Cards.none(), pl.DataFrame(schema=PART_SCHEMA),
            pl.DataFrame(schema=VERDICT_SCHEMA),
            pl.DataFrame(schema={"_county": pl.UInt32, "_status": pl.UInt8}), work,
        )  # fmt: skip

    @property
    def is_rejected(self) -> bool:
        """Whether a check says that the data cannot be evaluated; every frame but `checks` is then empty."""
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
        told = (
            self._told(self.parts)
            .group_by("_county", maintain_order=True)
            .agg(
                pl.struct("id", words(pl.col("_status")).cast(pl.String).alias("status"), "reason").alias(
                    "parts"
                )
            )
        )
        return self._keyed(
            self.outcomes.join(told, on="_county", how="left", maintain_order="left"),
            words(pl.col("_status")).alias("verdict"), "parts",
        )  # fmt: skip

    @cached_property
    def schools(self) -> pl.DataFrame:
        """One row a section in scope: keys, school, `status`, `met`, `at_floor`, `short`, `unknown` (indicator ids);
        `SCHOOLS_SCHEMA`."""
        names = [indicator.id for indicator in self.context.standard.model.indicator]
        frames = [
            rows.select(*KEY_FIELDS, *_SCHOOL, words(pl.col("_school")).alias("status"), *_ORDER).hstack(lists(rows, names))
            for rows in self.resources.stages.values()
        ]  # fmt: skip
        return _ordered(frames, SCHOOLS_SCHEMA)

    @cached_property
    def indicators(self) -> pl.DataFrame:
        """One row a section and indicator: keys, school, `indicator`, `value`, `standard`, `floor`, `status`, `gap`,
        `relief`."""
        if "indicator_details" in self.__dict__:
            return self.indicator_details[list(_INDICATORS)]
        return _ordered(self._indicator_rows(_INDICATORS), _INDICATORS)

    @cached_property
    def indicator_details(self) -> pl.DataFrame:
        """As `indicators`, with `relief_value` (the value a relief gave) and `flips_when_rounded`;
        `INDICATORS_SCHEMA`, figures in the unit of the indicator."""
        return _ordered(self._indicator_rows(INDICATORS_SCHEMA), INDICATORS_SCHEMA)

    def _indicator_rows(self, columns: Container[str]) -> list[pl.DataFrame]:
        return [
            _indicator_rows(rows, indicator, stage, self.context, columns)
            for stage, rows in self.resources.stages.items()
            for indicator in self.context.standard.model.indicator
        ]

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
        rows = self._told(self.items.rows).join(
            entries, on=["_county", "id"], how="left", maintain_order="left"
        )
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
        values = self.indicator_details.filter("flips_when_rounded").select(
            *KEY_FIELDS,
            *_SCHOOL,
            pl.col("indicator").alias("figure"),
            "value",
            pl.col("standard").alias("limit"),
        )
        return pl.concat([spread, values])

    @cached_property
    def scores(self) -> pl.DataFrame:
        """One row a county and score, and one a point of the scorecard: keys, `id`, `max`, `proposed`, `self`,
        `verified`, `status` (of a point: unknown until it is scored)."""
        columns = ("_county", "id", "max", "proposed", "self", "verified", "_status")
        points = self.cards.of_kind("point")
        every = pl.concat([self.points.select(*columns), points.select(*columns)]).sort(
            "_county", maintain_order=True
        )
        return self._keyed(every, *columns[1:-1], words(pl.col("_status")).alias("status"))

    @cached_property
    def scorecard(self) -> pl.DataFrame:
        """One row a county and card, group or point, in the order of the tree: keys, `id`, `parent`, `level`, `kind`,
        `max`, `recorded`, `out_of`, `proposed`, `self`, `verified`, `settled`, `spread`, `scored`, `unscored`,
        `status`, `reason`, `grade`, `proposal` (why there is none)."""
        rows = self._told(self._told(self.cards.rows), "proposal")
        columns = (
            name for name in CARD_SCHEMA if name not in ("_county", "_status", "grade", "reason", "proposal")
        )
        status = words(pl.col("_status")).alias("status")
        return self._keyed(rows, *columns, status, "reason", "grade", "proposal")

    @cached_property
    def sources(self) -> pl.DataFrame:
        """One row a judgement on a point of the scorecard: keys, `point`, `source`, `score`, `answer`, `remark`,
        `evidence`, `unit`."""
        return self._keyed(self.cards.sources, *(name for name in SOURCE_SCHEMA if name != "_county"))

    @cached_property
    def verdicts(self) -> pl.DataFrame:
        """One row a county and verdict that the standard states: keys, `id`, `status`, `grade`, `reason`, `main`."""
        status = words(pl.col("_status")).alias("status")
        return self._keyed(self._told(self.conclusions), "id", status, "grade", "reason", "main")

    @cached_property
    def excluded(self) -> pl.DataFrame:
        """One row a section of the compulsory stages left out of the indicators: keys, school, `reason`."""
        scope = next((s for s in self.context.standard.model.scope if s.id == SCOPE), None)
        exclusions = scope.exclude if scope else ()
        reasons = {i: str(exclusion.text) for i, exclusion in enumerate(exclusions)}
        rows = self.resources.excluded
        if "_reason" not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.UInt8).alias("_reason"))
        told = pl.col("_reason").replace_strict(reasons, default=None, return_dtype=pl.String).alias("reason")
        frame = rows.select(*KEY_FIELDS, *_SCHOOL, told, *_ORDER)
        return _ordered([frame], {**_PLACE, "reason": pl.String()})

    @cached_property
    def reliefs(self) -> pl.DataFrame:
        """Every use of a relief: keys, school, `relief`, `target` (indicator or item), `value`, `limit`, `cure_by`,
        `clause` (see `register.relief_register`)."""
        from .register import relief_register

        return relief_register(self)

    def _told(self, rows: pl.DataFrame, column: str = "reason") -> pl.DataFrame:
        """`rows` with the reasons of a column as sentences in the language in use."""
        dictionary = self.context.standard.dictionary
        kept = rows[column].unique().drop_nulls().to_list()
        sentences = {reason: str(reason_text(reason, dictionary)) for reason in kept}
        told = pl.col(column).replace_strict(sentences, default=None, return_dtype=pl.String)
        return rows.with_columns(told.alias(column))

    def _keyed(self, rows: pl.DataFrame, *columns: str | pl.Expr) -> pl.DataFrame:
        """`columns` of rows by county, behind the four keys."""
        keys = self.facts.keys
        return rows.join(keys, on="_county", how="left", maintain_order="left").select(*KEY_FIELDS, *columns)


def _ordered(frames: list[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frames as one in the order of the data, with the columns of `schema` also where there are none."""
    if not frames:
        return pl.DataFrame(schema=schema)
    return pl.concat(frames).sort(_ORDER, maintain_order=True, nulls_last=True).select(*schema)


def _indicator_rows(
    rows: pl.DataFrame, indicator: Indicator, stage: str, context: Context, columns: Container[str]
) -> pl.DataFrame:
    is_relieved = f"{indicator.id}_relief" in rows.columns
    told = context.once(
        ("rows of an indicator", indicator.id, stage, is_relieved),
        lambda: _telling(indicator, stage, context, is_relieved=is_relieved),
    )
    return picked(rows, [each for name, each in told.items() if name in columns or name in _ORDER])


def _telling(indicator: Indicator, stage: str, context: Context, *, is_relieved: bool) -> dict[str, pl.Expr]:
    """The columns of `INDICATORS_SCHEMA`, and those that the rows are ordered by."""
    name = indicator.id
    limit = indicator.limit.get(stage)
    floor = floor_of(limit, context) if limit else None
    standard = float(limit.value) if limit else None
    value = pl.col(name)
    relief = pl.col(f"{name}_relief") if is_relieved else pl.lit(None, pl.String)
    eased = pl.col(f"{name}_eased") if is_relieved else pl.lit(None, pl.Float64)
    bound = pl.lit(standard, pl.Float64)
    gap = bound - value if indicator.op == ">=" else value - bound
    flips = (
        flips_when_rounded(indicator.op, value, float(threshold), indicator.decimals)
        for threshold in thresholds(indicator, stage, context)
    )
    made = {
        "indicator": pl.lit(name),
        "value": value,
        "standard": bound,
        "floor": pl.lit(_float(floor), pl.Float64),
        "status": words(pl.col(f"{name}_status")),
        "gap": pl.max_horizontal(gap, pl.when(gap.is_not_null()).then(0.0)),
        "relief": relief,
        "relief_value": eased,
        "flips_when_rounded": pl.any_horizontal(pl.lit(False), *flips),
    }
    place = {each: pl.col(each) for each in (*KEY_FIELDS, *_SCHOOL)}
    return place | {each: said.alias(each) for each, said in made.items()} | {n: pl.col(n) for n in _ORDER}


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
