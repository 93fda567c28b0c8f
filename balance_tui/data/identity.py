"""Which rows are one school: by id, else by the exact name within a county and year.

Names are compared half-width and without blanks; a trailing 小学部, 初中部 or 高中部 is dropped where
another row of the same county holds the name without it, or with the suffix of another stage. Every
pair joined by other than the same id or the same name is reported. Nothing is joined by likeness.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .dictionary import KEY_FIELDS, Dictionary
from .findings import Findings
from .mapping import Join, Mapping
from .sections import COUNTED_COLUMN

_SUFFIX = r"[(\-·—_]?(?:小学部|初中部|高中部)[)]?$"
_KEYS = list(KEY_FIELDS)


def name_key(column: str) -> pl.Expr:
    """A school name as it is compared: half-width brackets, no blanks."""
    name = pl.col(column)
    for wide, narrow in (("（", "("), ("）", ")"), ("【", "["), ("】", "]"), ("－", "-"), ("·", "·")):
        name = name.str.replace_all(wide, narrow, literal=True)
    return name.str.replace_all(r"[\s　]+", "")


def identify(frame: pl.DataFrame, fields: Dictionary, mapping: Mapping, findings: Findings) -> pl.DataFrame:
    """Every row with a `school_id`, campuses with their parent, whole-school facts on every row of
    the school. Input and output: sections with `ORIGIN_SCHEMA` and `COUNTED_COLUMN`."""
    frame = frame.with_columns(name_key("school").alias("_name"))
    if mapping.join:
        frame = _joined_by_hand(frame, mapping.join, findings)
    if frame["school_id"].null_count():
        frame = _named(frame, findings)
    else:
        frame = frame.with_columns(pl.lit(False).alias("_by_name"))
    frame = _campuses(frame, fields, findings)
    _warn_short_ids(frame, findings)
    return _spread_school_facts(frame, fields).drop("_name", "_by_name")


def _joined_by_hand(frame: pl.DataFrame, joins: Sequence[Join], findings: Findings) -> pl.DataFrame:
    for join in joins:
        names = pl.DataFrame({"name": [join.name], "to": [join.to]}).select(name_key("name"), name_key("to"))
        name, target = names.row(0)
        hit = pl.col("_name") == name
        if join.county:
            hit = hit & (pl.col("county") == join.county)
        campus = hit & pl.col(COUNTED_COLUMN).eq_missing(False)
        known = (pl.col("school_id") == join.to).any()
        is_id = bool(frame.select(known).item())
        frame = frame.with_columns(
            pl.when(campus).then(pl.lit(join.to)).otherwise("campus_of").alias("campus_of"),
            pl.when(hit & ~campus).then(pl.lit(join.to if is_id else None, dtype=pl.String))
            .otherwise("school_id").alias("school_id"),
            pl.when(hit & ~campus & pl.lit(not is_id)).then(pl.lit(target)).otherwise("_name").alias("_name"),
        )  # fmt: skip
        findings.add("JOIN-MANUAL", value=join.name, target=join.to)
    return frame


def _named(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Ids for rows without one: the id of the one school of that name, else county and name."""
    base = pl.col("_name").str.replace(_SUFFIX, "")
    frame = frame.with_columns(pl.when(base == "").then("_name").otherwise(base).alias("_base"))
    group = [*_KEYS, "_base"]
    partners = (
        (pl.col("_name").n_unique() > 1)
        & (pl.col("stage").n_unique() == pl.len())
    ).over(group)  # fmt: skip
    frame = frame.with_columns(pl.when(partners).then("_base").otherwise("_name").alias("_join"))
    ids = pl.col("school_id").drop_nulls()
    frame = frame.with_columns(
        ids.first().over(*_KEYS, "_join").alias("_known"),
        ids.n_unique().over(*_KEYS, "_join").alias("_ids"),
        pl.col("school_id").is_null().alias("_by_name"),
    )
    _report_ambiguous(frame, findings)
    fallback = pl.concat_str([pl.col("county"), pl.col("_join")], separator="/", ignore_nulls=True)
    nameless = pl.format("{}/{}", pl.col("county").fill_null("?"), pl.col("_row"))
    frame = frame.with_columns(
        pl.when(pl.col("school_id").is_not_null()).then("school_id")
        .when(pl.col("_ids") == 1).then("_known")
        .when(pl.col("_join").is_not_null()).then(fallback)
        .otherwise(nameless).alias("school_id")
    )  # fmt: skip
    _report_joined(frame, findings)
    if not frame.filter("_by_name", pl.col("_ids") == 0).is_empty():
        findings.add("READ-NO-ID", field="school_id", fields=())
    return frame.drop("_base", "_join", "_known", "_ids")


def _report_ambiguous(frame: pl.DataFrame, findings: Findings) -> None:
    rows = frame.filter("_by_name", pl.col("_ids") > 1)
    for row in rows.iter_rows(named=True):
        findings.add(
            "JOIN-AMBIGUOUS", where=_where(row) | {"school_id": f"{row['county'] or ''}/{row['_join']}"},
            field="school_id", fields=["school_id", "students"], value=row["school"],
        )  # fmt: skip


def _report_joined(frame: pl.DataFrame, findings: Findings) -> None:
    joined = (
        frame.filter(pl.col("_by_name").any().over(*_KEYS, "school_id"))
        .group_by(*_KEYS, "school_id", maintain_order=True)
        .agg(pl.col("school").unique(maintain_order=True).alias("names"), pl.len())
        .filter(pl.col("names").list.len() > 1)
    )
    for row in joined.iter_rows(named=True):
        names = [name for name in row["names"] if name]
        where = {key: row[key] for key in (*_KEYS, "school_id")} | {"school": names[0]}
        findings.add("JOIN-NAME", where=where, field="school", fields=(), value=" = ".join(names))


def _where(row: dict[str, object]) -> dict[str, object]:
    return {key: row[key] for key in (*_KEYS, "school_id", "school", "stage")}


def _campuses(frame: pl.DataFrame, fields: Dictionary, findings: Findings) -> pl.DataFrame:
    """Parents given by name become ids; a campus without a parent in the data is an error that makes
    its figures unknown."""
    own = pl.col("campus_of") == pl.col("school_id")
    parent = pl.when(own.fill_null(False)).then(None).otherwise("campus_of")
    frame = frame.with_columns(parent.alias("campus_of"))
    campus = frame.filter(pl.col("campus_of").is_not_null())
    if not campus.is_empty():
        frame = _parents(frame, findings)
    orphans = frame.filter(pl.col(COUNTED_COLUMN).eq_missing(False), pl.col("campus_of").is_null())
    figures = [field.code for field in fields.of_level("school", "section") if field.stage]
    for row in orphans.unique(["school_id", "stage"], maintain_order=True).iter_rows(named=True):
        findings.add(
            "JOIN-CAMPUS", where=_where(row), field="campus_of", fields=["campus_of", *figures],
            value=row["school"],
        )  # fmt: skip
    return frame


def _parents(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    place = ["province", "city", "county", "year"]
    ids = frame.select(*place, pl.col("school_id").alias("_parent")).unique()
    named = (
        frame.filter(pl.col("_name").is_not_null())
        .group_by(*place, pl.col("_name").alias("_parent_name"))
        .agg(pl.col("school_id").unique().alias("_found"))
        .filter(pl.col("_found").list.len() == 1)
        .select(*place, "_parent_name", pl.col("_found").list.first())
    )
    known = frame.with_columns(name_key("campus_of").alias("_parent_name")).join(
        named, on=[*place, "_parent_name"], how="left", nulls_equal=True, maintain_order="left"
    )
    marked = known.join(
        ids.with_columns(pl.lit(True).alias("_is_id")), left_on=[*place, "campus_of"],
        right_on=[*place, "_parent"], how="left", nulls_equal=True, maintain_order="left",
    )  # fmt: skip
    lost = marked.filter(
        pl.col("campus_of").is_not_null(), pl.col("_is_id").is_null(), pl.col("_found").is_null()
    )
    for row in lost.iter_rows(named=True):
        findings.add(
            "JOIN-CAMPUS-PARENT", where=_where(row), field="campus_of", fields=["campus_of", "students"],
            value=row["campus_of"],
        )  # fmt: skip
    parent = pl.when("_is_id").then("campus_of").otherwise(pl.coalesce("_found", "campus_of"))
    return marked.with_columns(parent.alias("campus_of")).drop("_found", "_parent_name", "_is_id")


def _warn_short_ids(frame: pl.DataFrame, findings: Findings) -> None:
    """Ids of digits, most of one length and some one to three shorter: Excel ate leading zeros."""
    digits = frame.filter(~pl.col("_by_name"), pl.col("school_id").str.contains(r"^[1-9]\d{5,}$")).select(
        "school_id", pl.col("school_id").str.len_chars().alias("length")
    )
    if digits.is_empty():
        return
    usual = digits["length"].max()
    short = digits.filter(pl.col("length") < usual)["school_id"].unique(maintain_order=True)
    if 0 < len(short) <= digits.height / 2:
        for value in short.head(20).to_list():
            findings.add("READ-CODE", where={"school_id": value}, field="school_id", fields=(), value=value)


def _spread_school_facts(frame: pl.DataFrame, fields: Dictionary) -> pl.DataFrame:
    """Facts of the whole school given on one of its rows stand on each of them. Rows that disagree
    are left as they are."""
    key = [*_KEYS, "school_id"]
    several = frame.select(pl.struct(key).is_duplicated()).to_series()
    if not several.any():
        return frame
    skip = {*key, "school"}
    facts = [f.code for f in fields.of_level("school") if f.code not in skip]
    part = frame.filter(several)
    gaps = [code for code in facts if 0 < part[code].null_count() < part.height]
    if not gaps:
        return frame
    found = part.group_by(key).agg(pl.col(gaps).drop_nulls().first().name.suffix("_whole"))
    joined = frame.join(found, on=key, how="left", nulls_equal=True, maintain_order="left")
    filled = [pl.coalesce(code, f"{code}_whole").alias(code) for code in gaps]
    return joined.with_columns(filled).drop([f"{code}_whole" for code in gaps])
