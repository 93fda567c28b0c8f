"""What a result says, short enough to be kept with the step of a review that was taken on it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

import polars as pl

from .. import __version__
from ..data.dictionary import KEY_FIELDS
from ..engine.result import FRAMES, Result
from ..errors import Refused
from ..language import Text
from .event import Json, canonical

_TOLD = ("message", "reason", "place", "proposal")
"""Columns of sentences: they follow the language in use and the wording of a version, and decide nothing."""


def decided(result: Result, after: int) -> dict[str, Json]:
    """The verdict of every county with the digest (SHA-256) of every frame, as they follow from the records up to the
    event `after`. Errors: REC-REJECTED where the data give no result."""
    if result.is_rejected:
        raise Refused(
            "REC-REJECTED", Text("数据被拒, 没有结论可提交", "the data were rejected; there is no verdict to hand on"),
            Text("请先改正数据, 见 assess show", "correct the data first: see assess show"),
        )  # fmt: skip
    verdicts: list[Json] = [
        dict(row) for row in result.counties.select(*KEY_FIELDS, pl.col("verdict").cast(pl.String)).to_dicts()
    ]
    as_of = result.as_of.isoformat() if result.as_of else None
    digests: dict[str, Json] = {name: digest_of(result.frame(name)) for name in FRAMES}
    return {
        "after": after, "program": __version__, "as_of": as_of, "verdicts": verdicts, "frames": digests,
    }  # fmt: skip


def digest_of(frame: pl.DataFrame) -> str:
    """The digest of a frame without its sentences; figures to nine significant digits, so that the order in which a
    machine adds does not matter."""
    kept = frame.drop(name for name in _TOLD if name in frame.columns)
    digest = hashlib.sha256(canonical(list(kept.columns)).encode())
    for row in kept.iter_rows():
        digest.update(canonical([_plain(value) for value in row]).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def differences(before: dict[str, Any], now: dict[str, Any]) -> Iterator[Text]:
    """What a result no longer says as it was decided: verdicts first, else the frames that differ."""
    names = [*KEY_FIELDS[2:], "verdict"]
    for was, now_is in zip(before["verdicts"], now["verdicts"], strict=False):
        if was != now_is:
            was_text, now_text = (" ".join(str(row[name]) for name in names) for row in (was, now_is))
            yield Text(f"当时 {was_text}, 重算为 {now_text}", f"it was {was_text} and is now {now_text}")
    if len(before["verdicts"]) != len(now["verdicts"]):
        yield Text("县的个数不同", "there are not as many counties")
    frames = [name for name, digest in before["frames"].items() if now["frames"].get(name) != digest]
    if frames:
        listed = ", ".join(frames)
        yield Text(f"重算后不同的表: {listed}", f"evaluated again, these frames differ: {listed}")


def _plain(value: Any) -> Json:
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name not in _TOLD}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
