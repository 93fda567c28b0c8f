"""Data checks: what cannot be right and what is worth a second look, before anything is judged.

`run` finds, `trusted` draws the consequence of an error, `CHECKS` is the published table
(`docs/checks.md`). A comparison with a missing fact finds nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import polars as pl

from ..again import Work
from ..dataset import Dataset
from ..dictionary import Dictionary
from . import rules
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

_GROUPS: tuple[Callable[[Dictionary, Options], Iterator[rules.Check]], ...] = (
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


def run(
    dataset: Dataset, *, options: Mapping[str, object] = MappingProxyType({}), work: Work | None = None
) -> pl.DataFrame:
    """Findings of every check, as `FINDING_SCHEMA`, all counties and years at once, in the order of the
    checks and then of the rows.

    Options: `change_percent` (30), `class_limits` ({'primary': 45, 'junior': 50}),
    `backbone_may_include_heads` (False); raises `UsageError` on others. Findings of the reader that
    stand in the dataset are not repeated. `work`: that of the evaluation, for what did not change since the last.
    """
    work = work or Work()
    scene = Scene(dataset, Options.of(options), work)
    checks = _checks(dataset.dictionary, scene.options, work)
    raw = list(rules.findings_of(checks, scene, work))
    before: tuple[list[pl.DataFrame], object] = work.before("raw findings") or ([], ())
    same = (
        before[1] == dataset.sources and len(before[0]) == len(raw) and all(map(operator.is_, before[0], raw))
    )
    work.put("raw findings", (raw, dataset.sources))
    return work.done("findings", same, lambda: finished(raw, dataset.sources))


def _checks(dictionary: Dictionary, options: Options, work: Work) -> rules.Checks:
    """Every check, made once for a dictionary and options; under others no finding before is taken over."""
    before = work.before("checks")
    if before is not None and before[0] is dictionary and before[1] == options:
        found: rules.Checks = work.put("checks", before)[2]
        return found
    work.forget()
    written = rules.Checks(tuple(_written(dictionary, options)))
    return work.put("checks", (dictionary, options, written))[2]


def _written(dictionary: Dictionary, options: Options) -> Iterator[rules.Check]:
    for check in _GROUPS:
        yield from check(dictionary, options)
