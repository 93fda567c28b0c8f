"""The frames of a result as plugins get them: by name, of all counties or of one, made when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ..data.dictionary import KEY_FIELDS
from ..plugins.hosting import Frames
from .result import FRAMES, Result


def frames_of(result: Result, county: Mapping[str, Any] | None = None) -> Frames:
    """The frames of a result; of one `county` (the four keys) its own rows alone."""

    def frame(name: str) -> pl.DataFrame:
        rows = result.frame(name)
        if county is None:
            return rows
        return rows.filter(pl.col(key).eq_missing(pl.lit(county[key])) for key in KEY_FIELDS)

    return Frames(FRAMES, frame)
