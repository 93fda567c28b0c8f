"""Who is who: rows without a name, duplicates, one code for two schools, one county name in two cities."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ...language import Text
from ..dictionary import Dictionary
from .findings import found, shown
from .options import Options
from .rules import Check, Search
from .scene import KEYS, SCHOOL, Scene, figures, whole_record

_WING = r"[(\-·—_]?(小学部|初中部|高中部)\)?$|\((小学|初中|高中)\)$"


def check_identity(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C09, C17, C23, C24, C25, C35."""
    yield Search("nameless", _nameless)
    yield Search("duplicates", _duplicates, sections=("campus_of",))
    yield Search("two schools one code", _two_schools_one_code)
    yield Search("one county name", _one_county_name)
    yield Search("codes in several counties", _codes_in_several_counties)
    yield Search("duplicate counties", _duplicate_counties)


def _nameless(scene: Scene) -> Iterator[pl.DataFrame]:
    rows = scene.rows.filter(pl.col("school_id").is_null() | pl.col("stage").is_null())
    yield found(
        rows, "C17", "section", field="school_id", fields=(),
        message=Text("缺少学校标识码和名称,或缺少学段,这一行无法归属",
                     "the row lacks its school or its stage and can be attributed to none"),
    )  # fmt: skip


def _duplicates(scene: Scene) -> Iterator[pl.DataFrame]:
    """The same code twice, or two codes of the same name, in one county, year and stage. Either the
    school stands twice or two schools are mixed up: no figure of such a row can be trusted. Every row is
    named, so that each place is."""
    facts = whole_record(scene.dictionary)
    section = [*SCHOOL, "stage"]
    twice = scene.combined.filter(scene.combined.select(section).is_duplicated())
    yield found(
        twice, "C09", "section",
        field="school_id", fields=facts, value=pl.col("school_id"),
        message=Text("学校标识码 {value} 在本县同一学段出现多次,其全部数据不可信",
                     "school code {value} stands more than once in this county and stage; none of its "
                     "figures can be trusted"),
    )  # fmt: skip
    named = scene.sections.filter(pl.col("school").is_not_null())
    same_name = ["_county", "stage", "school", "campus_of"]
    candidates = named.filter(named.select(same_name).is_duplicated())
    namesakes = candidates.filter(pl.col("school_id").n_unique().over(same_name) > 1)
    yield found(
        namesakes, "C09", "section",
        field="school", fields=facts, value=pl.col("school"),
        message=Text("学校名称在本县同一学段出现多次(标识码 {id} 为其一),其全部数据不可信",
                     "this name stands more than once in this county and stage (code {id} is one of "
                     "them); none of its figures can be trusted"),
        id=pl.col("school_id"),
    )  # fmt: skip


def plain_name(name: str) -> pl.Expr:
    """A school name without spaces, full-width brackets and the name of the wing (小学部, 初中部)."""
    folded = pl.col(name).str.normalize("NFKC").str.replace_all(r"\s", "")
    return folded.str.replace(_WING, "")


def _two_schools_one_code(scene: Scene) -> Iterator[pl.DataFrame]:
    names = (
        scene.combined.with_columns(_plain=plain_name("school"))
        .group_by(SCHOOL, maintain_order=True)
        .agg(
            pl.col(*KEYS, "school", "_source", "_row").first(),
            _names=pl.col("school").drop_nulls().unique(maintain_order=True),
            _different=pl.col("_plain").drop_nulls().n_unique(),
        )
    )
    yield found(
        names.filter(pl.col("_different") > 1), "C09", "school",
        field="school_id", fields=whole_record(scene.dictionary),
        value=pl.col("school_id"),
        message=Text("学校标识码 {value} 用于不同名称的学校:{names},其全部数据不可信",
                     "school code {value} is used for schools of different names: {names}; none of their "
                     "figures can be trusted"),
        names=(pl.col("_names").list.join("、"), pl.col("_names").list.join(", ")),
    )  # fmt: skip


def _one_county_name(scene: Scene) -> Iterator[pl.DataFrame]:
    """Two keys of one county name and year: apart where both name different cities or provinces;
    not to be told apart where only one of them names it."""
    keys = scene.county_keys.filter(pl.col("county").is_not_null())
    pairs = keys.join(keys, on=["county", "year"], nulls_equal=True, suffix="_other").filter(
        pl.col("_county") != pl.col("_county_other")
    )
    could_be_one = pl.lit(True)
    for part in ("province", "city"):
        same = (pl.col(part) == pl.col(f"{part}_other")).fill_null(True)
        could_be_one = could_be_one & same
    first = pairs.with_columns(_ambiguous=could_be_one)
    for ambiguous, code in ((False, "C23"), (True, "C24")):
        rows = first.filter(pl.col("_ambiguous") == ambiguous)
        yield _same_name(scene, rows.unique("_county", keep="first", maintain_order=True), code)


def _same_name(scene: Scene, rows: pl.DataFrame, code: str) -> pl.DataFrame:
    apart = Text(
        "{here} 与 {there} 有同名县区,按不同县区评估",
        "a county of this name stands in {here} and in {there}; they are evaluated apart",
    )
    mixed = Text("同名县区的市(省)分别为 {here} 与 {there},无法区分是否同一县区,数据不可信",
                 "a county of this name stands under {here} and {there}; whether they are one cannot be "
                 "told, so no figure can be trusted")  # fmt: skip
    everything = (*whole_record(scene.dictionary), *figures(scene.dictionary, "county"))
    return found(
        rows, code, "county", field="county", fields=everything if code == "C24" else (),
        value=pl.col("county"), message=mixed if code == "C24" else apart,
        here=_region("province", "city"), there=_region("province_other", "city_other"),
    )  # fmt: skip


def _region(province: str, city: str) -> tuple[pl.Expr, pl.Expr]:
    region = pl.concat_str(pl.col(province).fill_null(""), pl.col(city).fill_null(""))
    given = region != ""
    zh, en = (pl.when(given).then(region).otherwise(pl.lit(word)) for word in ("(未填)", "(not given)"))
    return zh, en


def _codes_in_several_counties(scene: Scene) -> Iterator[pl.DataFrame]:
    """One finding a county, since a file numbering its schools anew in each county would give thousands."""
    if scene.county_keys["year"].is_unique().all():
        return
    places = scene.schools.select("year", "school_id", "_county", *KEYS[:3])
    shared = places.filter(places.select("year", "school_id").is_duplicated())
    rows = shared.group_by("_county", maintain_order=True).agg(
        pl.col(*KEYS).first(), pl.col("school_id").first(), _count=pl.len()
    )
    yield found(
        rows, "C25", "county", field="school_id", fields=(), value=shown(pl.col("_count").cast(pl.Float64)),
        message=Text("{value} 个学校标识码也出现在同年其他县区,例如 {id}",
                     "{value} school codes also stand in another county of the same year, such as {id}"),
        id=pl.col("school_id"),
    )  # fmt: skip


def _duplicate_counties(scene: Scene) -> Iterator[pl.DataFrame]:
    twice = scene.counties.filter(scene.counties.select(KEYS).is_duplicated())
    yield found(
        twice.unique(KEYS, keep="first", maintain_order=True), "C35", "county",
        field="county", fields=figures(scene.dictionary, "county"), value=pl.col("county"),
        message=Text("县级数据有多行,不知以哪一行为准,均不可信",
                     "county facts stand in several rows; which one holds is not known, so none is trusted"),
    )  # fmt: skip
