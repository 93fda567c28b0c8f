"""A result as data: one JSON object, or one csv or parquet file a frame."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from ..data.dictionary import KEY_FIELDS
from ..engine.context import Context
from ..engine.result import FRAMES, Result
from ..engine.scorecard.proposals import scorer_of
from ..errors import UsageError
from ..language import Text
from ..plugins.shelf import provider_of
from ..standard.names import nearest
from ..standard.plugged import references
from .streams import takes_all_text

FORMAT = 1


Rows = Callable[[pl.DataFrame], pl.DataFrame]
"""Which rows of a frame are told."""


def rows_told(result: Result, county: str | None, year: int | None) -> Rows:
    """The rows of one county or year, or of all where none is named; findings that name no county stay with
    each. Errors: `COUNTY` where the data has no such county or year."""
    wanted = {name: value for name, value in (("county", county), ("year", year)) if value is not None}
    if not wanted or result.is_rejected:
        return lambda frame: frame
    if not result.counties.filter(pl.col(name) == value for name, value in wanted.items()).height:
        raise _not_there(result.counties, county, year)
    everywhere = pl.all_horizontal(pl.col(*KEY_FIELDS).is_null())

    def told(frame: pl.DataFrame) -> pl.DataFrame:
        here = pl.all_horizontal(pl.col(name) == value for name, value in wanted.items())
        return frame.filter(here | everywhere if "severity" in frame.columns else here)

    return told


def _not_there(counties: pl.DataFrame, county: str | None, year: int | None) -> UsageError:
    named = " ".join(str(part) for part in (county, year) if part is not None)
    known = [name for name in counties["county"].unique(maintain_order=True).to_list() if name]
    years = [str(number) for number in counties["year"].unique().sort().to_list() if number is not None]
    listed = known[:10] + (["…"] if len(known) > 10 else []) + years[:10]
    hint = nearest(county, known) if county else None
    return UsageError(
        "COUNTY",
        Text(f"数据中没有“{named}”", f"the data has no '{named}'"),
        hint or Text(f"有: {'、'.join(listed)}", f"it has: {', '.join(listed)}"),
    )


def as_json(result: Result, told: Rows = lambda frame: frame) -> dict[str, Any]:
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
        **{name: rows_of(told(result.frame(name))) for name in FRAMES},
    }


def profile_of(result: Result) -> dict[str, Any]:
    """Which standard, with which settings and plugins, as of when."""
    standard, context = result.context.standard, result.context
    return {
        "id": standard.id,
        "version": standard.model.standard.version,
        "hash": standard.hash,
        "layers": list(standard.layers),
        "settings": {name: plain(value) for name, value in context.settings.items()},
        "as_of": plain(result.as_of),
        "plugins": plugins_of(result.context),
    }


def plugins_of(context: Context) -> list[dict[str, str]]:
    """The plugins whose statistic, scorer or decision the result rests on: id, version and what each provided."""
    chosen = [
        ("scorer", scorer)
        for point in context.model.point
        if (scorer := scorer_of(point, context)) and ":" in scorer
    ]
    wanted = [(kind, reference) for _, kind, reference in references(context.standard.model)] + chosen
    found = {}
    for kind, reference in dict.fromkeys(wanted):
        plugin, name = provider_of(kind, reference)
        version = plugin.manifest.version if plugin.manifest else ""
        found[plugin.id, kind, name] = {"id": plugin.id, "version": version, "provides": f"{kind}:{name}"}
    return list(found.values())


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
    """The rows of a frame as JSON has them, columns as keys."""
    return [plain(row) for row in frame.to_dicts()]


def write_json(value: dict[str, Any], stream: TextIO) -> None:
    """One line of JSON; characters that the stream's encoding lacks are escaped."""
    json.dump(plain(value), stream, ensure_ascii=not takes_all_text(stream), allow_nan=False, indent=None)
    stream.write("\n")


def write_files(result: Result, kind: str, folder: str, told: Rows = lambda frame: frame) -> list[Path]:
    """One file a frame, named after it, and `profile.json`; lists stand in csv as JSON text."""
    target = made_folder(folder)
    written = []
    for name in FRAMES if not result.is_rejected else ("checks",):
        frame, path = told(result.frame(name)), target / f"{name}.{kind}"
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
        pl.Series(name, [_json_text(value) for value in frame[name].to_list()], dtype=pl.String)
        for name in nested
    ]
    enums = [pl.col(name).cast(pl.String) for name, dtype in frame.schema.items() if dtype == pl.Enum]
    return frame.with_columns(*texts, *enums)


def _json_text(value: Any) -> str | None:
    return None if value is None else json.dumps(plain(value), ensure_ascii=False)
