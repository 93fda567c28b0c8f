"""What comes back from a plugin, checked before anything rests on it: shape, types, counties, finite numbers.

Each function returns the frame in the program's own types, or raises `Rubbish` with what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ..errors import visible
from ..language import Text

WORDS = ("pass", "fail", "unknown", "not_applicable", "relieved")
KEYS: Mapping[str, pl.DataType] = {
    "province": pl.String(), "city": pl.String(), "county": pl.String(), "year": pl.Int32(),
}  # fmt: skip
FOUND: Mapping[str, pl.DataType] = {
    "code": pl.String(), "severity": pl.String(), "field": pl.String(), "message_zh": pl.String(),
    "message_en": pl.String(), **KEYS, "school_id": pl.String(), "stage": pl.String(),
}  # fmt: skip
"""The columns of what a data check finds."""

SEVERITIES = ("reject", "error", "warning")
_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,31}")
_MOST_COLUMNS, _MOST_ROWS = 40, 100_000
_LONGEST = 2000


class Rubbish(Exception):
    """What a hook returned cannot be used."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A view that a plugin describes: as many cells in each row as there are columns."""

    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


def statistics(returned: object, rows: pl.DataFrame) -> pl.DataFrame:
    """`_county`, `stage`, `indicator`, `statistic`, one row for each group of `rows`."""
    groups = {"_county": pl.UInt32(), "stage": pl.String(), "indicator": pl.String()}
    frame = _frame(returned, {**groups, "statistic": pl.Float64()})
    _same(frame, rows.select(*groups).unique(), list(groups))
    return _finite(frame, "statistic")


def scores(returned: object, rows: pl.DataFrame, highest: float | None) -> pl.DataFrame:
    """`_county`, `score`, one row for each county of `rows`, from 0 to `highest`."""
    frame = _frame(returned, {"_county": pl.UInt32(), "score": pl.Float64()})
    _same(frame, rows.select("_county").unique(), ["_county"])
    score = pl.col("score")
    beyond = (score < 0) | (score > highest if highest is not None else pl.lit(False))
    if frame.filter(beyond).height:
        raise Rubbish(f"score is not from 0 to {highest}")
    return _finite(frame, "score")


def decisions(returned: object, parts: pl.DataFrame) -> pl.DataFrame:
    """`_county`, `status`, `grade`, `reason_zh`, `reason_en`, one row for each county of `parts`."""
    texts = {name: pl.String() for name in ("status", "grade", "reason_zh", "reason_en")}
    frame = _frame(returned, {"_county": pl.UInt32(), **texts})
    _same(frame, parts.select("_county").unique(), ["_county"])
    _words(frame, "status", WORDS)
    if frame.filter(pl.col("reason_zh").is_null() != pl.col("reason_en").is_null()).height:
        raise Rubbish("a reason is given in one language only")
    return _shown(frame, ("grade", "reason_zh", "reason_en"))


def tables(returned: object) -> dict[str, pl.DataFrame]:
    """Tables of text by name."""
    if not isinstance(returned, Mapping) or not returned:
        raise Rubbish(f"{_kind(returned)} instead of tables by name")
    for name, table in returned.items():
        if not isinstance(name, str) or not name:
            raise Rubbish("the name of a table is not text")
        if not isinstance(table, pl.DataFrame):
            raise Rubbish(f"{visible(name)}: {_kind(table)} instead of a DataFrame")
        odd = [column for column, dtype in table.schema.items() if dtype not in (pl.String, pl.Null)]
        if odd:
            raise Rubbish(f"{visible(name)}: the column {visible(odd[0])} is not text")
    return {name: table.with_columns(pl.all().cast(pl.String)) for name, table in returned.items()}


def findings(
    returned: object, sections: pl.DataFrame, counties: pl.DataFrame, fields: Sequence[str]
) -> pl.DataFrame:
    """`FOUND`, of counties that are in the data and facts that are in the dictionary."""
    if not isinstance(returned, pl.DataFrame):
        raise Rubbish(f"{_kind(returned)} instead of a DataFrame")
    absent = [name for name in FOUND if name not in returned.columns]
    required = [name for name in absent if name in ("code", "severity", "message_zh", "message_en")]
    if required:
        raise Rubbish(f"the column {required[0]} is missing")
    frame = _frame(returned.with_columns(pl.lit(None, FOUND[name]).alias(name) for name in absent), FOUND)
    _words(frame, "severity", SEVERITIES)
    _check_findings(frame, fields)
    known = pl.concat([sections.select(*KEYS), counties.select(*KEYS)]).unique()
    if frame.join(known, on=list(KEYS), how="anti", nulls_equal=True).height:
        raise Rubbish("a finding of a county that is not in the data")
    return _shown(frame, ("message_zh", "message_en"))


def _check_findings(frame: pl.DataFrame, fields: Sequence[str]) -> None:
    if any(code is None or not _CODE.fullmatch(code) for code in frame["code"].unique()):
        raise Rubbish("a code is not of capital letters, digits and hyphens")
    if frame.filter(pl.col("message_zh").is_null() | pl.col("message_en").is_null()).height:
        raise Rubbish("a message is missing")
    unknown = set(frame["field"].drop_nulls()) - set(fields)
    if unknown:
        raise Rubbish(f"there is no fact {visible(min(unknown))}")
    if frame.filter((pl.col("severity") == "error") & pl.col("field").is_null()).height:
        raise Rubbish("an error names no field")


def written(returned: object) -> None:
    """That a writer says it has written."""
    if returned is not True:
        raise Rubbish(f"{_kind(returned)} instead of True")


def described(returned: object) -> Panel:
    """The view that a plugin describes."""
    if not isinstance(returned, Mapping) or set(returned) != {"title", "columns", "rows"}:
        raise Rubbish(f"{_kind(returned)} instead of title, columns and rows")
    columns, rows = _listed(returned["columns"], _MOST_COLUMNS), _listed(returned["rows"], _MOST_ROWS)
    cells = tuple(tuple(_text(cell) for cell in _listed(row, _MOST_COLUMNS)) for row in rows)
    if not columns or any(len(row) != len(columns) for row in cells):
        raise Rubbish("a row has not as many cells as there are columns")
    return Panel(_text(returned["title"]), tuple(map(_text, columns)), cells)


def code(returned: object) -> int:
    """The exit code of a command."""
    if not isinstance(returned, int) or isinstance(returned, bool) or not 0 <= returned <= 255:
        raise Rubbish(f"{_kind(returned)} instead of an exit code from 0 to 255")
    return returned


def _listed(value: Any, most: int) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise Rubbish(f"{_kind(value)} instead of a list")
    if len(value) > most:
        raise Rubbish(f"more than {most} entries")
    return value


def _text(value: Any) -> Text:
    both = (value, value) if isinstance(value, str) else value
    if not isinstance(both, tuple | list) or len(both) != 2 or not all(isinstance(one, str) for one in both):
        raise Rubbish(f"{_kind(value)} instead of text or a pair of texts")
    return Text(visible(both[0][:_LONGEST]), visible(both[1][:_LONGEST]))


def _kind(value: object) -> str:
    return type(value).__name__


def _frame(returned: object, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The frame with exactly these columns; whole numbers may stand where decimal ones are asked for."""
    if not isinstance(returned, pl.DataFrame):
        raise Rubbish(f"{_kind(returned)} instead of a DataFrame")
    if set(returned.columns) != set(schema):
        raise Rubbish(f"columns {visible(', '.join(returned.columns))[:200]} instead of {', '.join(schema)}")
    for name, dtype in schema.items():
        if not _fits(returned.schema[name], dtype):
            raise Rubbish(f"{name} is {returned.schema[name]} instead of {dtype}")
    try:
        return returned.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    except pl.exceptions.PolarsError as error:
        raise Rubbish(str(error).splitlines()[0][:200]) from None


def _fits(given: pl.DataType, wanted: pl.DataType) -> bool:
    if given in (wanted, pl.Null):
        return True
    if wanted == pl.Float64:
        return given in (pl.Float32,) or given.is_integer()
    if wanted == pl.String:
        return given in (pl.Categorical, pl.Enum)
    return wanted.is_integer() and given.is_integer()


def _same(frame: pl.DataFrame, asked: pl.DataFrame, keys: list[str]) -> None:
    if frame.select(pl.struct(keys).is_duplicated().any()).item():
        raise Rubbish(f"two rows for one {', '.join(keys)}")
    few = asked.join(frame, on=keys, how="anti").height
    many = frame.join(asked, on=keys, how="anti", nulls_equal=True).height
    if few or many:
        raise Rubbish(f"{few} of {', '.join(keys)} are missing and {many} were not asked for")


def _finite(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    if frame.filter(~pl.col(name).is_finite()).height:
        raise Rubbish(f"{name} holds NaN or infinity")
    return frame


def _words(frame: pl.DataFrame, name: str, allowed: Sequence[str]) -> None:
    odd = [word for word in frame[name].unique() if word not in allowed]
    if odd:
        raise Rubbish(f"{name} is {visible(str(odd[0]))[:60]} instead of one of {', '.join(allowed)}")


def _shown(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Texts without control characters, and not endless."""
    told = {
        name: [None if text is None else visible(text[:_LONGEST]) for text in frame[name]] for name in names
    }
    return frame.with_columns(pl.Series(name, texts, pl.String) for name, texts in told.items())
