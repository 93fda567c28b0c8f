"""The hooks a plugin may implement: frames in, frames out, called once a part and never once a row.

A plugin's module marks its functions with `@hookimpl` and gives them the names and parameters below; it may leave out
parameters that it does not need. What a hook returns is checked before it is used: see `walls`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pluggy
import polars as pl

PROJECT = "balance_tui"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin's module as one of the hooks below."""


@hookspec(firstresult=True)
def dispersion_statistic(name: str, rows: pl.DataFrame) -> pl.DataFrame:  # type: ignore[empty-body]
    """How far the schools of each county differ, for `dispersion:NAME`.

    `rows`: `_county` (UInt32), `stage`, `indicator`, `value` (Float64, in the indicator's unit), `weight` (Float64, the
    students); one row a section, all of them known. Returns `_county`, `stage`, `indicator`, `statistic` (Float64, null
    where it is undefined, and then unknown), one row for each of the groups in `rows`.
    """


@hookspec(firstresult=True)
def score_point(scorer: str, point: Mapping[str, Any], rows: pl.DataFrame) -> pl.DataFrame:  # type: ignore[empty-body]
    """The points that counties get for one point of a scorecard, for `scorer:NAME`.

    `point`: `id`, `max` (None where the source gives none) and `options`, the point's own by name; `rows`: `_county`,
    `id`, `value`, `limit`, `status` (one of the five words), one row a county and test of the point; a point without
    tests has one row a county, null but for `_county`. Returns `_county`, `score` (Float64 from 0 to `max`, null is
    unknown), one row a county.
    """


@hookspec(firstresult=True)
def decide(rule: str, parts: pl.DataFrame) -> pl.DataFrame:  # type: ignore[empty-body]
    """The verdict of each county from its parts, for `decision:NAME`.

    `parts`: `_county`, `id`, `status` (one of the five words). Returns `_county`, `status` (one of the five words),
    `grade`, `reason_zh`, `reason_en` (text or null), one row a county.
    """


@hookspec(firstresult=True)
def read_platform_file(path: Path) -> Mapping[str, pl.DataFrame]:  # type: ignore[empty-body]
    """The tables of a platform's file, for `reader:.EXT`.

    Returns tables by name; the columns are the headers as they stand in the file, every cell text or null. What the
    headers mean is settled afterwards as for any other table. Raise `balance_tui.errors.InputRejected` where the file
    itself is at fault; anything else that is raised is a fault of the plugin.
    """


@hookspec(firstresult=True)
def write_platform_file(kind: str, frames: Mapping[str, pl.DataFrame], path: Path) -> bool:  # type: ignore[empty-body]
    """Write a result in a platform's form to `path`, for `writer:KIND`.

    `frames`: the frames of `evaluate --format json` by name. Returns True once the file is written.
    """


@hookspec(firstresult=True)
def check_data(sections: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:  # type: ignore[empty-body]
    """What cannot be right in the data, for `check`.

    `sections`: one row a school and stage; `counties`: one row a county and year; columns are the codes of the data
    dictionary. Returns one row a finding: `code`, `severity` (reject, error, warning), `message_zh`, `message_en`, and
    as far as it speaks of them `field`, `province`, `city`, `county`, `year`, `school_id`, `stage`. Of an `error` the
    `field` becomes unknown there, so it names one.
    """


@hookspec(firstresult=True)
def panel(county: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> Mapping[str, Any]:  # type: ignore[empty-body]
    """A further view of one county, for `panel`.

    `county`: `province`, `city`, `county`, `year`; `frames`: the frames of `evaluate --format json` with that county's
    rows. Returns `title`, `columns` (texts) and `rows` (lists of as many texts); a text is a string or a pair of
    Chinese and English.
    """


@hookspec(firstresult=True)
def command(name: str, arguments: Sequence[str]) -> int:  # type: ignore[empty-body]
    """Run a command of the manifest's `commands`; returns its exit code."""


HOOKS: Mapping[str, str] = {
    "dispersion": "dispersion_statistic",
    "scorer": "score_point",
    "decision": "decide",
    "reader": "read_platform_file",
    "writer": "write_platform_file",
    "check": "check_data",
    "panel": "panel",
    "command": "command",
}
"""The hook that serves each capability of a manifest."""
