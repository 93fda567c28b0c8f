"""Campuses that are not counted as schools, merged into their parent before anything is computed.

Amounts are added, the smallest room and the largest class compared, and what the dictionary marks `parent`
is the parent's own. An amount that any of the sites does not report is unknown for the whole.
"""

from __future__ import annotations

import polars as pl

from ..data.dictionary import KEY_FIELDS, Dictionary

SITE = (*KEY_FIELDS, "school_id")


def merged(sections: pl.DataFrame, dictionary: Dictionary) -> pl.DataFrame:
    """`sections` with every campus whose parent is present merged into it; same columns."""
    if sections["campus_of"].null_count() == sections.height:
        return sections
    parents = sections.filter(pl.col("campus_of").is_null()).select(SITE).unique()
    is_campus = pl.col("campus_of").is_not_null()
    campuses = sections.filter(is_campus).join(
        parents.rename({"school_id": "campus_of"}),
        on=[*KEY_FIELDS, "campus_of"],
        how="semi",
        nulls_equal=True,
    )
    if not campuses.height:
        return sections
    touched = campuses.select(*KEY_FIELDS, pl.col("campus_of").alias("school_id")).unique()
    own = sections.join(touched, on=list(SITE), how="semi", nulls_equal=True).filter(~is_campus)
    rest = sections.join(
        pl.concat([own.select(*SITE, "stage"), campuses.select(*SITE, "stage")]),
        on=[*SITE, "stage"], how="anti", nulls_equal=True, maintain_order="left",
    )  # fmt: skip
    sites = pl.concat([
        own.with_columns(pl.lit(False).alias("_campus"), pl.col("school_id").alias("_site")),
        campuses.with_columns(
            pl.lit(True).alias("_campus"), pl.col("school_id").alias("_site"),
            pl.col("campus_of").alias("school_id"),
        ),
    ])  # fmt: skip
    return pl.concat([rest, _merged_sites(sites, dictionary).select(sections.columns)])


def _merged_sites(sites: pl.DataFrame, dictionary: Dictionary) -> pl.DataFrame:
    columns = [name for name in sites.columns if name in dictionary and name not in (*SITE, "stage")]
    of_section = [name for name in columns if dictionary[name].level == "section"]
    of_school = [name for name in columns if dictionary[name].level == "school"]
    by_stage = (
        sites.sort("_campus", maintain_order=True)
        .group_by(*SITE, "stage", maintain_order=True)
        .agg(
            *(_amount(name, dictionary[name].merge) for name in of_section),
            pl.col("_source", "_row").first(),
        )
    )
    once = sites.unique([*SITE, "_site"], keep="first", maintain_order=True)
    whole = (
        once.sort("_campus", maintain_order=True)
        .group_by(SITE, maintain_order=True)
        .agg(*(_amount(name, dictionary[name].merge) for name in of_school))
    )
    return by_stage.join(whole, on=list(SITE), how="left", nulls_equal=True)


def _amount(name: str, merge: str) -> pl.Expr:
    values = pl.col(name)
    if merge == "parent":
        return values.filter(~pl.col("_campus")).first().alias(name)
    taken = {"sum": values.sum, "min": values.min, "max": values.max, "all": values.all, "any": values.any}
    return pl.when(values.null_count() == 0).then(taken[merge]()).alias(name)
