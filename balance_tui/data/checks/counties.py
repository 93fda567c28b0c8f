"""County facts: rates, sums of the school list against 表I, recognition, facts without schools."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from ...language import Text
from ..dictionary import Dictionary, Field
from .findings import Level, computed, found, shown
from .options import Options
from .rules import Check, FrameName, Rule, Search
from .scene import KEYS, Scene, complete_sum, differs

CONSOLIDATION = ("consolidation_rate", "consolidation_primary", "consolidation_junior")
"""Rates that transfers can carry above 100 % (national 7): a warning, not an error."""

RATE_ROOM = 0.05 + 1e-9
"""Printed rates have one decimal, so half of it may be rounding."""

POINT_IN_SCOPE = 50
"""Students from which a teaching point is a row of 表Ⅱ-2 (national 3)."""


def check_counties(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C10, C11 (rates), C29, C30, C31."""
    yield from _rates(dictionary)
    kept, base = _kept_and_base()
    yield Rule("counties", (base > 0) & (kept > base), "C30", "county", _three_year_consolidation)
    satisfied, valid, rate = _recognition_parts()
    differ = (valid > 0) & ((rate - 100 * satisfied / valid).abs() > RATE_ROOM)
    yield Rule("counties", differ, "C29", "county", _recognition)
    yield Search("without schools", _without_schools)
    reported = tuple(field.code for field in dictionary.of_level("county") if _is_reported(field.code))
    counted = ("school_type", "campus_of", "students", "classes")
    yield Search("form one", _form_one, sections=counted, counties=reported)


def _is_reported(name: str) -> bool:
    return name.startswith("reported_")


def _rates(dictionary: Dictionary) -> Iterator[Check]:
    rates = [field for field in dictionary.values() if _is_rate(field)]
    for level, frame in _RATES_IN:
        for field in (field for field in rates if field.level == level):
            code = "C30" if field.code in CONSOLIDATION else "C11"
            yield Rule(frame, pl.col(field.code) > 100, code, level, partial(_above_100, field))


_RATES_IN: tuple[tuple[Level, FrameName], ...] = (
    ("county", "counties"), ("school", "schools"), ("section", "sections"),
)  # fmt: skip


def _above_100(field: Field) -> dict[str, Any]:
    return {
        "field": field.code, "fields": (field.code,), "value": shown(pl.col(field.code)),
        "message": Text("{label} {value}% 超过 100%", "{label} {value} % exceeds 100 %"), "label": field.label,
    }  # fmt: skip


def _is_rate(field: Field) -> bool:
    """A share of a whole; growth may be any percentage and may be negative."""
    return field.unit == "%" and field.kind == "number" and field.low == 0


def _kept_and_base() -> tuple[pl.Expr, pl.Expr]:
    kept = pl.col("graduates") - pl.col("transferred_in") + pl.col("transferred_out")
    return kept, pl.col("entered_three_years_ago") - pl.col("deceased")


def _three_year_consolidation() -> dict[str, Any]:
    kept, base = _kept_and_base()
    return {
        "field": "graduates",
        "fields": ("graduates", "transferred_in", "transferred_out", "entered_three_years_ago", "deceased"),
        "value": computed(100 * kept / base),
        "message": Text("初中三年巩固率 {value}% 超过 100%:"
                        "({graduates} − {in_} + {out}) / ({entered} − {deceased})",
                        "three-year consolidation {value} % exceeds 100 %: ({graduates} − {in_} + {out}) / "
                        "({entered} − {deceased})"),
        "graduates": shown(pl.col("graduates")), "in_": shown(pl.col("transferred_in")),
        "out": shown(pl.col("transferred_out")), "entered": shown(pl.col("entered_three_years_ago")),
        "deceased": shown(pl.col("deceased")),
    }  # fmt: skip


def _recognition_parts() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    return pl.col("recognition_satisfied"), pl.col("recognition_valid"), pl.col("recognition_rate")


def _recognition() -> dict[str, Any]:
    satisfied, valid, rate = _recognition_parts()
    return {
        "field": "recognition_rate",
        "fields": ("recognition_rate", "recognition_satisfied", "recognition_valid"), "value": shown(rate),
        "message": Text("社会认可度 {value}% 与满意 {satisfied} 份 / 有效 {valid} 份 = {counted}% 不符",
                        "recognition rate {value} % differs from satisfied {satisfied} / valid {valid} = "
                        "{counted} %"),
        "satisfied": shown(satisfied), "valid": shown(valid), "counted": computed(100 * satisfied / valid),
    }  # fmt: skip


def _without_schools(scene: Scene) -> Iterator[pl.DataFrame]:
    alone = scene.counties.join(scene.county_keys, on=KEYS, how="anti", nulls_equal=True)
    yield found(
        alone, "C31", "county", field="county", fields=(), value=pl.col("county"),
        message=Text("有县级数据而无学校数据(请核对省、市、县、年份是否与学校表一致)",
                     "county facts without schools (do province, city, county and year agree with the "
                     "school table?)"),
    )  # fmt: skip


def _form_one(scene: Scene) -> Iterator[pl.DataFrame]:
    """C10. Where the list and 表I differ, a school may be missing from the list or counted twice: the
    students (or classes) of the stage are not trusted, at no school of the county."""
    reported = [name for name in scene.counties.columns if _is_reported(name)]
    if all(scene.counties[name].null_count() == scene.counties.height for name in reported):
        return
    for stage in ("primary", "junior"):
        sums = _sums_of(scene.sections.filter(pl.col("stage") == stage))
        rows = scene.counties.join(scene.county_keys, on=KEYS, how="inner", nulls_equal=True)
        rows = rows.join(sums, on="_county", how="left", maintain_order="left").with_columns(
            stage=pl.lit(stage), _least=pl.col("_least").fill_null(0), _most=pl.col("_most").fill_null(0)
        )
        yield _schools_reported(rows, stage, scene)
        for amount in ("students", "classes"):
            yield _sum_reported(rows, stage, amount, scene)


def _sums_of(sections: pl.DataFrame) -> pl.DataFrame:
    """Sums of one stage by `_county` as 表I counts: without special schools; rows of 表Ⅱ-2 as a span
    from `_least` to `_most`, since points near 50, campuses and empty sections may count or not."""
    kind = pl.col("school_type")
    point = kind == "teaching_point"
    never = kind.is_in(["special", "vocational"]) | (point & (pl.col("students") < POINT_IN_SCOPE))
    always = (
        kind.is_not_null() & ~kind.is_in(["special", "vocational"])
        & pl.col("campus_of").is_null() & (pl.col("students") > 0)
        & (~point | (pl.col("students") >= POINT_IN_SCOPE))
    )  # fmt: skip
    ordinary = pl.when(kind.is_null()).then(None).otherwise(kind != "special")
    marked = sections.with_columns(
        *(
            pl.when(ordinary).then(pl.col(name)).when(~ordinary).then(0.0).alias(name)
            for name in ("students", "classes")
        ),
        _always=always.fill_null(False),
        _maybe=~never.fill_null(False),
    )
    return marked.group_by("_county").agg(
        _least=pl.col("_always").sum(),
        _most=pl.col("_maybe").sum(),
        _students=complete_sum("students"),
        _classes=complete_sum("classes"),
    )


def _schools_reported(rows: pl.DataFrame, stage: str, scene: Scene) -> pl.DataFrame:
    field = f"reported_schools_{stage}"
    reported = pl.col(field)
    return found(
        rows.filter((reported < pl.col("_least")) | (reported > pl.col("_most"))), "C10", "county",
        field=field, fields=(field, "students"), value=shown(reported),
        message=Text("{label} {value} 与学校名单 {listed} 行不一致,名单可能缺校或重复",
                     "{label} {value} does not agree with the {listed} rows of the school list; a school "
                     "may be missing or listed twice"),
        label=scene.dictionary.label(field),
        listed=pl.when(pl.col("_least") == pl.col("_most")).then(pl.col("_least").cast(pl.String))
        .otherwise(pl.concat_str("_least", pl.lit("–"), "_most")),
    )  # fmt: skip


def _sum_reported(rows: pl.DataFrame, stage: str, amount: str, scene: Scene) -> pl.DataFrame:
    field = f"reported_{amount}_{stage}"
    return found(
        rows.filter(differs(pl.col(field), pl.col(f"_{amount}"))), "C10", "county",
        field=field, fields=(field, amount), value=shown(pl.col(field)),
        message=Text("{label} {value} 与各校合计 {sum} 不一致,名单可能缺校或重复",
                     "{label} {value} does not equal the sum {sum} over the schools; a school may be "
                     "missing or listed twice"),
        label=scene.dictionary.label(field), sum=shown(pl.col(f"_{amount}")),
    )  # fmt: skip
