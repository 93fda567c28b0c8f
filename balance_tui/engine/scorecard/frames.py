"""The shapes of what a scorecard comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl

from ...language import Text
from ...standard.scorecard import CARD, Point
from ..status import NOT_APPLICABLE, UNKNOWN

__all__ = ["CARD", "CARD_NAME", "CARD_SCHEMA", "SOURCE_SCHEMA", "Given", "Proposal", "Scored"]

CARD_NAME = Text("评分体系", "the scorecard")

CARD_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "id": pl.String, "parent": pl.String, "level": pl.UInt8, "kind": pl.String,
    "max": pl.Float64, "recorded": pl.Float64, "out_of": pl.Float64, "proposed": pl.Float64, "self": pl.Float64,
    "verified": pl.Float64, "settled": pl.Float64, "spread": pl.Float64, "scored": pl.UInt32,
    "unscored": pl.UInt32, "_status": pl.UInt8, "grade": pl.String, "reason": pl.String, "proposal": pl.String,
}  # fmt: skip
"""One row a county and card, group or point, the card first, each group before what it holds; in points.

`max` is what the document states, `recorded` the sum of the maxima it gives, `out_of` that of the points scored;
`spread` is the greatest score of a point less the smallest; `proposal` says why there is no proposed score."""

SOURCE_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "point": pl.String, "source": pl.String, "score": pl.Float64, "answer": pl.String,
    "remark": pl.String, "evidence": pl.String, "unit": pl.String,
}  # fmt: skip
"""One row a county, point and judgement on it."""


@dataclass(frozen=True)
class Proposal:
    """What the program proposes for a point: `score` None for none, and `why`; `asked` is false where none of its
    thresholds applies."""

    score: Fraction | None = None
    why: Text | None = None
    asked: bool = True


@dataclass(frozen=True)
class Given:
    """The scores that people gave a point in a county: by source, one each; `faults` say what cannot be used.

    `left_out`: a verified answer says that the point does not apply."""

    scores: dict[str, Fraction] = field(default_factory=dict)
    faults: dict[str, Text] = field(default_factory=dict)
    left_out: bool = False

    @property
    def spread(self) -> Fraction | None:
        """The greatest less the smallest; None where nobody gave one."""
        scores = self.scores.values()
        return max(scores) - min(scores) if scores else None


@dataclass(frozen=True)
class Scored:
    """One point of one county."""

    point: Point
    given: Given
    proposal: Proposal
    settled: Fraction | None
    why: Text | None

    @property
    def maximum(self) -> Fraction | None:
        """The most points there are, where the source says it."""
        return None if self.point.max is None else Fraction(self.point.max)

    @property
    def asked(self) -> bool:
        """Whether the point applies, as far as anybody said."""
        return self.settled is not None or (self.proposal.asked and not self.given.left_out)

    @property
    def status(self) -> int:
        """A score decides nothing by itself: not applicable once it is given, unknown before."""
        return NOT_APPLICABLE if self.settled is not None or not self.asked else UNKNOWN
