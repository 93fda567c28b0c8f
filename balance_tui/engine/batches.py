"""Data too large to hold, evaluated batch by batch: memory is that of the largest batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from ..data.dataset import Dataset
from ..standard.load import LoadedStandard
from .evaluate import evaluate
from .result import Result


def evaluate_batches(
    standard: LoadedStandard,
    batches: Iterable[Dataset],
    *,
    settings: Mapping[str, str] | None = None,
    as_of: dt.date | None = None,
) -> Iterator[Result]:
    """The result of each dataset, as `evaluate` gives it; none is kept once the next is asked for.

    No county may stand in two batches (`data.batches.read_batches` sees to that): every figure is one of a
    county, so the results of the batches are together that of the whole.
    """
    for dataset in batches:
        yield evaluate(standard, dataset, settings=settings, as_of=as_of)
