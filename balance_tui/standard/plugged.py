"""What a standard takes from plugins: that one is there which provides it. No code of any is run to know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import StandardInvalid
from ..plugins.shelf import provider_of
from .references import Problem

if TYPE_CHECKING:
    from .model import Standard
    from .source import Path_

CV = "cv"
"""The statistic of dispersion that the program computes itself."""


def plugin_problems(standard: Standard, _known: object) -> Iterator[Problem]:
    """A problem for each statistic, scorer and rule of decision that no usable plugin provides, or several do."""
    for path, kind, reference in references(standard):
        try:
            plugin, _ = provider_of(kind, reference)
        except StandardInvalid as error:
            yield error.code, path, error.what, error.mend
            continue
        if isinstance(plugin.reason, StandardInvalid):  # it failed earlier on
            yield plugin.reason.code, path, plugin.reason.what, plugin.reason.mend


def references(standard: Standard) -> Iterator[tuple[Path_, str, str]]:
    """Path, kind of capability and `NAME` or `PLUGIN:NAME` of everything that a standard takes from plugins."""
    if standard.dispersion and standard.dispersion.statistic != CV:
        yield ("dispersion", "statistic"), "dispersion", standard.dispersion.statistic
    for index, point in enumerate(standard.point):
        if ":" in point.scorer:
            yield ("point", index, "scorer"), "scorer", point.scorer
    for index, verdict in enumerate(standard.verdict):
        if ":" in verdict.rule:
            yield ("verdict", index, "rule"), "decision", verdict.rule
