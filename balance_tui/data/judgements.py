"""What people judged, as a table: answers made one word, rows placed in the counties of the data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from ..language import Text
from .columns import SHOWN_PROBLEMS, as_text, read_column
from .county import place_rows, report_more
from .dataset import JUDGEMENT_SCHEMA
from .dictionary import JUDGED_BY, KEY_FIELDS, Field, dictionary
from .findings import Findings, rejection
from .headers import key_of
from .identity import name_key
from .mapping import nearest
from .numbers import plain
from .tables import RawTable

TABLE = Text("评判表", "the judgements")

HEADERS: Mapping[str, tuple[str, ...]] = {
    "province": ("province", "省份", "统计一级"), "city": ("city", "市", "统计二级"),
    "county": ("county", "县区", "统计三级"), "year": ("year", "年份", "年度"),
    "school_id": ("school_id", "学校标识码"), "school": ("school", "学校名称", "学校"),
    "stage": ("stage", "学段"),
    "item": ("item", "条目", "条款", "项目", "指标", "指标编号", "编号"),
    "answer": ("answer", "答案", "结论", "判断", "评判", "评定", "结果"),
    "score": ("score", "得分", "分值", "评分"),
    "source": ("source", "来源", "评分来源", "评判人"),
    "remark": ("remark", "备注", "说明"),
    "evidence": ("evidence", "佐证", "佐证材料", "证据"),
    "unit": ("unit", "责任单位", "单位"),
}  # fmt: skip
SHOWN_ITEMS = 12
"""How many unknown items are named before the rest is an ellipsis."""

ANSWERS: Mapping[str, str] = {
    "是": "yes", "yes": "yes", "y": "yes", "true": "yes", "√": "yes", "✓": "yes", "达标": "yes",
    "符合": "yes",
    "否": "no", "no": "no", "n": "no", "false": "no", "×": "no", "✗": "no", "不达标": "no", "不符合": "no",
    "不适用": "na", "na": "na", "n/a": "na",
}  # fmt: skip


def read_judgements(
    tables: Sequence[RawTable], schools: pl.DataFrame, findings: Findings, items: Collection[str] = ()
) -> pl.DataFrame:
    """`JUDGEMENT_SCHEMA` of all tables. `schools`: keys, `school_id`, `school` of the sections. Rows of
    an unknown county or school are errors and left out; a table without an item column is rejected.
    `items` are the ids that some standard has, where known: rows of any other are told."""
    parts = [_read_one(table, schools, findings, items) for table in tables]
    return pl.concat([pl.DataFrame(schema=JUDGEMENT_SCHEMA), *parts], how="vertical")


def is_judgements(table: RawTable) -> bool:
    """True for a table with an item and an answer or a score."""
    keys = {column.key for column in table.columns}
    return all(
        keys & {key_of(header) for name in names for header in HEADERS[name]}
        for names in (("item",), ("answer", "score"))
    )


def _read_one(
    table: RawTable, schools: pl.DataFrame, findings: Findings, items: Collection[str]
) -> pl.DataFrame:
    frame = _typed(table, findings)
    if "item" not in frame.columns:
        raise rejection("READ-HEADER", table.at)
    blank = frame["item"].is_null()
    _report_items(frame, table, findings, items)
    placed, _ = place_rows(frame, schools, TABLE, table, findings, blank)
    placed = _with_school_ids(placed, schools, table, findings)
    return placed.select(
        pl.col(name) if name in placed.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in JUDGEMENT_SCHEMA.items()
    )


def _report_items(frame: pl.DataFrame, table: RawTable, findings: Findings, items: Collection[str]) -> None:
    """Rows that answer nothing: no item named, or one that no standard has."""
    said = [name for name in ("answer", "score") if name in frame.columns]
    lost = frame.filter(pl.col("item").is_null() & pl.any_horizontal(pl.col(said).is_not_null()))
    if lost.height:
        place = f"{table.name}:{lost['_row'][0]}"
        findings.add("JUDGE-NO-ITEM", fields=(), place=place, table=TABLE, count=lost.height)
    asked = frame["item"].drop_nulls().unique(maintain_order=True).to_list()
    unknown = frame.filter(pl.col("item").is_in([item for item in asked if item not in items]))
    if unknown.height and items:
        names = unknown["item"].unique(maintain_order=True).to_list()
        shown = ", ".join(names[:SHOWN_ITEMS]) + (" …" if len(names) > SHOWN_ITEMS else "")
        hint = nearest(names[0], items) if len(names) == 1 else Text("", "")
        findings.add(
            "JUDGE-ITEM", value=shown, place=f"{table.name}:{unknown['_row'][0]}", table=TABLE,
            count=unknown.height, hint=hint,
        )  # fmt: skip


def _typed(table: RawTable, findings: Findings) -> pl.DataFrame:
    series: list[pl.Series] = [table.frame["_row"]]
    for name, headers in HEADERS.items():
        keys = {key_of(header) for header in headers}
        columns = [column for column in table.columns if column.key in keys]
        if len(columns) > 1:
            first, second = columns[0].header, columns[1].header
            raise rejection("MAP-TWICE", table.at, first=first, second=second, field=name)
        if columns:
            series.append(_column(name, table, columns[0].name, findings).alias(name))
    return pl.DataFrame(series)


def _column(name: str, table: RawTable, column: str, findings: Findings) -> pl.Series:
    raw = table.frame[column]
    if name in ("answer", "source"):
        words = ANSWERS if name == "answer" else JUDGED_BY
        text = as_text(raw).str.strip_chars()
        told = text.set((text == "").fill_null(False), None)
        distinct = {word: words.get(plain(word).lower(), word) for word in told.unique().drop_nulls()}
        return told.replace(distinct) if distinct else told
    field = dictionary()[name] if name in dictionary() else _own_field(name)
    series, problems = read_column(raw, field)
    for problem in problems:
        findings.add(
            "READ-DETAIL", field=name, fields=(), value=problem.value, place=table.place(problem.index),
            table=TABLE, label=field.label,
        )  # fmt: skip
    return series


def _own_field(name: str) -> Field:
    kind = "number" if name == "score" else "text"
    return Field(name, Text(HEADERS[name][1], name), "county", "", "分" if name == "score" else "", kind)  # type: ignore[arg-type]


def _with_school_ids(
    placed: pl.DataFrame, schools: pl.DataFrame, table: RawTable, findings: Findings
) -> pl.DataFrame:
    """Schools given by their name get their id; a school that is not in the data is an error."""
    named = "school" in placed.columns
    if "school_id" not in placed.columns:
        placed = placed.with_columns(pl.lit(None, dtype=pl.String).alias("school_id"))
    if not named and not placed["school_id"].is_not_null().any():
        return placed
    if not named:
        placed = placed.with_columns(pl.lit(None, dtype=pl.String).alias("school"))
    keys = list(KEY_FIELDS)
    ids = schools.select(*keys, "school_id", pl.lit(True).alias("_known")).unique()
    names = (
        schools.with_columns(name_key("school").alias("_name"))
        .group_by(*keys, "_name").agg(pl.col("school_id").unique())
        .filter(pl.col("school_id").list.len() == 1)
        .with_columns(pl.col("school_id").list.first().alias("_by_name")).drop("school_id")
    )  # fmt: skip
    joined = (
        placed.with_columns(name_key("school").alias("_name"))
        .join(names, on=[*keys, "_name"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.coalesce("school_id", "_by_name").alias("school_id"))
        .join(ids, on=[*keys, "school_id"], how="left", nulls_equal=True, maintain_order="left")
    )
    lost = (pl.col("school_id").is_not_null() | pl.col("school").is_not_null()) & pl.col("_known").is_null()
    gone = joined.filter(lost)
    for row in gone.head(SHOWN_PROBLEMS).iter_rows(named=True):
        findings.add(
            "JOIN-SCHOOL", fields=(), value=row["school_id"] or row["school"],
            place=f"{table.name}:{row['_row']}", table=TABLE,
        )  # fmt: skip
    report_more(gone, TABLE, table, findings)
    return joined.filter(~lost)
