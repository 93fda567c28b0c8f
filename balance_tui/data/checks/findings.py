"""From rows that break a rule to findings: a sentence in both languages, the value, the place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from string import Formatter
from typing import Any, Literal

import polars as pl

from ...errors import visible
from ...language import Text
from ..dataset import FINDING_SCHEMA, ORIGIN_SCHEMA, Source
from ..dictionary import CODES, KEY_FIELDS
from .table import SEVERITY

Level = Literal["section", "school", "county"]

Part = pl.Expr | Text | tuple[pl.Expr, pl.Expr]
"""What fills a placeholder: one expression for both languages, a label, or an expression a language."""

RAW_SCHEMA: dict[str, pl.DataType] = {
    **{name: dtype for name, dtype in FINDING_SCHEMA.items() if name != "place"},
    **ORIGIN_SCHEMA,
}
"""Findings before their origin is written out as a place."""

_UNSEEN = r"[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]"
_EXACT = 1e15


def shown(number: pl.Expr) -> pl.Expr:
    """A number as a person writes it: 12, 12.5; missing as a dash."""
    whole = (number == number.floor()) & (number.abs() < _EXACT)
    digits = number.cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(whole).then(digits).otherwise(number.cast(pl.String)).fill_null("—")


def computed(number: pl.Expr) -> pl.Expr:
    """A number that was worked out, at four decimals."""
    return shown(number.round(4))


def coded(field: str, column: str | None = None) -> tuple[pl.Expr, pl.Expr]:
    """A coded column as its labels, in Chinese and in English."""
    labels, values = CODES[field], pl.col(column or field)
    zh = values.replace({code: text.zh for code, text in labels.items()})
    return zh, values.replace({code: text.en for code, text in labels.items()})


def found(rows: pl.DataFrame, code: str, level: Level, **told: Any) -> pl.DataFrame:
    """Findings (`RAW_SCHEMA`), one a row of `rows`; `told` as `telling` takes it."""
    if rows.is_empty():
        return pl.DataFrame(schema=RAW_SCHEMA)
    return rows.select(telling(rows.columns, code, level, **told))


def telling(
    known: Collection[str],
    code: str,
    level: Level,
    *,
    field: str | None,
    fields: Sequence[str],
    message: Text,
    value: pl.Expr | None = None,
    **parts: Part,
) -> list[pl.Expr]:
    """The columns of `RAW_SCHEMA` from rows that have the columns `known`.

    `level` says what they speak of: `school` findings have no stage, `county` findings neither school
    nor stage unless the rows bring a stage. `message` starts behind the subject, which is added;
    its placeholders are `parts` and `value`.
    """
    columns = {
        "code": pl.lit(code),
        "severity": pl.lit(SEVERITY[code]),
        **{key: pl.col(key) for key in KEY_FIELDS},
        **_subject(known, level),
        "field": pl.lit(field, pl.String),
        "fields": pl.lit(pl.Series([list(fields)], dtype=pl.List(pl.String)).first()),
        "value": pl.lit(None, pl.String) if value is None else value,
    }
    shown_value = columns["value"].fill_null("—")
    for index, name in enumerate(("message_zh", "message_en")):
        columns[name] = _sentence(
            ("{who}:", "{who}: ")[index] + message[index], index,
            {"who": _who(known, level), "value": shown_value, **parts},
        )  # fmt: skip
    for name, dtype in ORIGIN_SCHEMA.items():
        columns[name] = pl.col(name) if name in known else pl.lit(None, dtype)
    return [columns[name].cast(dtype).alias(name) for name, dtype in RAW_SCHEMA.items()]


def _subject(known: Collection[str], level: Level) -> dict[str, pl.Expr]:
    """Columns school_id, school, stage, null where the level has none."""
    nothing = pl.lit(None, pl.String)
    stage = pl.col("stage") if level != "school" and "stage" in known else nothing
    if level == "county":
        return {"school_id": nothing, "school": nothing, "stage": stage}
    return {"school_id": pl.col("school_id"), "school": pl.col("school"), "stage": stage}


def _who(known: Collection[str], level: Level) -> tuple[pl.Expr, pl.Expr]:
    """The name in front of a sentence: a school with its stage, or a county with its year."""
    county = pl.coalesce("county", "city", "province", pl.lit("—"))
    if level == "county":
        inside = pl.col("year").cast(pl.String)
        return _bracketed(county, (inside, inside))
    name = pl.coalesce("school", "school_id", pl.lit("—"))
    if level == "school" or "stage" not in known:
        return name, name
    return _bracketed(name, coded("stage"))


def _bracketed(name: pl.Expr, inside: tuple[pl.Expr, pl.Expr]) -> tuple[pl.Expr, pl.Expr]:
    zh, en = inside
    return (
        pl.concat_str(name, pl.concat_str(pl.lit("("), zh, pl.lit(")")).fill_null("")),
        pl.concat_str(name, pl.concat_str(pl.lit(" ("), en, pl.lit(")")).fill_null("")),
    )


def _sentence(template: str, language: int, parts: Mapping[str, Part]) -> pl.Expr:
    """The template as one string expression, each placeholder replaced by its part."""
    pieces: list[pl.Expr] = []
    for literal, name, _, _ in Formatter().parse(template):
        pieces.append(pl.lit(literal))
        if name is not None:
            part = parts[name]
            chosen = part[language] if isinstance(part, tuple) else part
            pieces.append(pl.lit(chosen) if isinstance(chosen, str) else chosen.fill_null("—"))
    return pl.concat_str(pieces)


def finished(raw: Iterable[pl.DataFrame], sources: Sequence[Source]) -> pl.DataFrame:
    """All findings as `FINDING_SCHEMA`, with their place and no control characters in any sentence."""
    findings = pl.concat([pl.DataFrame(schema=RAW_SCHEMA), *raw], how="vertical")
    findings = _placed(findings, sources)
    spoken = ("message_zh", "message_en", "value", "place")
    unseen = findings.select(pl.col(*spoken).str.contains(_UNSEEN).any()).row(0)
    for name in (name for name, bad in zip(spoken, unseen, strict=True) if bad):
        cleaned = [text if text is None else visible(text) for text in findings[name]]
        findings = findings.with_columns(pl.Series(name, cleaned, pl.String))
    return findings.select(*FINDING_SCHEMA)


def _placed(findings: pl.DataFrame, sources: Sequence[Source]) -> pl.DataFrame:
    """`place` as file:row, or file:sheet!cell in a workbook; null where the row has no origin."""
    indexed = list(enumerate(sources))
    prefixes = pl.DataFrame(
        [(index, _prefix(source)) for index, source in indexed],
        schema={"_source": pl.UInt32, "_prefix": pl.String}, orient="row",
    )  # fmt: skip
    letters = pl.DataFrame(
        [(index, field, letter) for index, source in indexed if source.sheet is not None
         for field, letter in source.columns.items()],
        schema={"_source": pl.UInt32, "field": pl.String, "_letter": pl.String}, orient="row",
    )  # fmt: skip
    placed = findings.join(prefixes, on="_source", how="left", maintain_order="left")
    placed = placed.join(letters, on=["_source", "field"], how="left", maintain_order="left")
    row = pl.col("_row").cast(pl.String).fill_null("")
    return placed.with_columns(place=pl.concat_str("_prefix", pl.col("_letter").fill_null(""), row))


def _prefix(source: Source) -> str:
    return f"{source.file}:{source.sheet}!" if source.sheet is not None else f"{source.file}:"
