"""Data checks: what cannot be right and what is worth a second look, before anything is judged.

`run` finds, `trusted` draws the consequence of an error, `CHECKS` is the published table
(`docs/checks.md`). A comparison with a missing fact finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import polars as pl

from ..dataset import Dataset
from .classes import check_classes
from .counties import check_counties
from .findings import finished
from .identity import check_identity
from .options import Options
from .parts import check_parts, check_possible, check_whole_numbers
from .plausible import check_plausible
from .scene import Scene
from .structure import check_structure
from .table import CHECKS, Check, document
from .trust import trusted
from .years import check_years

__all__ = ["CHECKS", "Check", "document", "run", "trusted"]

_GROUPS: tuple[Callable[[Scene], Iterator[pl.DataFrame]], ...] = (
    check_identity,
    check_possible,
    check_parts,
    check_classes,
    check_structure,
    check_counties,
    check_plausible,
    check_years,
    check_whole_numbers,
)


def run(dataset: Dataset, *, options: Mapping[str, object] = MappingProxyType({})) -> pl.DataFrame:
    """Findings of every check, as `FINDING_SCHEMA`, all counties and years at once, in the order of the
    checks and then of the rows.

    Options: `change_percent` (30), `class_limits` ({'primary': 45, 'junior': 50}),
    `backbone_may_include_heads` (False); raises `UsageError` on others. Findings of the reader that
    stand in the dataset are not repeated.
    """
    scene = Scene(dataset, Options.of(options))
    raw = [frame for check in _GROUPS for frame in check(scene)]
    return finished(raw, dataset.sources)
