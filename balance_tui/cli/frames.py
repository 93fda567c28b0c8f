"""A result as data: one JSON object, or one csv or parquet file a frame."""

from __future__ import annotations

import datetime as dt
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from ..data.dictionary import KEY_FIELDS
from ..engine.result import FRAMES, Result
from ..errors import UsageError
from ..language import Text

FORMAT = 1


def as_json(result: Result) -> dict[str, Any]:
    """The object of DESIGN 8; of rejected data, only its checks."""
    if result.is_rejected:
        return {"checks": rows_of(result.checks)}
    return {
        "format": FORMAT,
        "profile": profile_of(result),
        "data": {
            "digest": result.dataset.digest,
            "rows": result.dataset.sections.height,
            "schools": result.dataset.sections.select(*KEY_FIELDS, "school_id").n_unique(),
            "counties": result.facts.keys.height,
            "mapping": list(result.dataset.mapping),
        },
        **{name: rows_of(result.frame(name)) for name in FRAMES},
    }


def profile_of(result: Result) -> dict[str, Any]:
    """Which standard, with which settings, as of when."""
    standard, context = result.context.standard, result.context
    return {
        "id": standard.id,
        "version": standard.model.standard.version,
        "hash": standard.hash,
        "layers": list(standard.layers),
        "settings": {name: plain(value) for name, value in context.settings.items()},
        "as_of": plain(result.as_of),
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: fractions as numbers, dates as text, what is no number as null."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [plain(row) for row in frame.to_dicts()]


def write_json(value: dict[str, Any], stream: TextIO) -> None:
    json.dump(plain(value), stream, ensure_ascii=False, allow_nan=False, indent=None)
    stream.write("\n")


def write_files(result: Result, kind: str, folder: str) -> list[Path]:
    """One file a frame, named after it, and `profile.json`; lists stand in csv as JSON text."""
    target = made_folder(folder)
    written = []
    for name in FRAMES if not result.is_rejected else ("checks",):
        frame, path = result.frame(name), target / f"{name}.{kind}"
        if kind == "parquet":
            frame.write_parquet(path)
        else:
            _flat(frame).write_csv(path)
        written.append(path)
    return written


def made_folder(folder: str) -> Path:
    """The folder, made where it was not there. Errors: `OUT`."""
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "OUT", Text(f"不能写入 {folder}: {error.strerror}", f"cannot write to {folder}: {error.strerror}")
        ) from error
    return target


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    texts = [
        pl.Series(name, [_json_text(value) for value in frame[name].to_list()], dtype=pl.String) for name in nested
    ]
    enums = [pl.col(name).cast(pl.String) for name, dtype in frame.schema.items() if dtype == pl.Enum]
    return frame.with_columns(*texts, *enums)


def _json_text(value: Any) -> str | None:
    return None if value is None else json.dumps(plain(value), ensure_ascii=False)
