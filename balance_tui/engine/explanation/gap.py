"""How much more a section needs: whole teachers, rooms or sets, square metres, yuan - exactly enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...language import Text
from ...standard.model import Indicator
from ..figures import figure, plain
from ..indicators import alternatives, exact_numerator, section_facts, thresholds
from .derivation import Column, Step, joined
from .scene import Scene
from .split import share_of, split_fields

COUNTED = frozenset(("人", "个", "间", "台", "册", "所", "份", "级", "起", "次"))
"""Units that come in whole numbers."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a section has in the numerator, exactly: `share` of the `whole` (of the school, or its own)."""

    whole: Fraction
    share: Fraction
    students: Fraction
    scale: Fraction

    def needed(self, limit: Fraction) -> Fraction:
        """The whole amount with which the value is exactly on `limit`."""
        return limit * self.students / self.scale / self.share

    def value(self, whole: Fraction) -> Fraction:
        """The value of the indicator with another whole amount."""
        return whole * self.share * self.scale / self.students


def amount_of(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> Amount | None:
    """The section's numerator: by the whole school where it is that times the share, else its own."""
    ways = tuple(way.value for way in alternatives(indicator, stage))
    own = exact_numerator(row, ways, scene.context)
    students = indicator.denominator.exact(section_facts(row, scene.context))
    share = share_of(scene, row)
    if own is None or not isinstance(students, Fraction) or not students:
        return None
    scale = Fraction(indicator.scale)
    whole = exact_numerator({**row, "_combined": False}, ways, scene.context)
    facts = scene.facts_in(*ways)
    if whole is not None and share and split_fields(scene, facts) and own == whole * share:
        return Amount(whole, share, students, scale)
    return Amount(own, Fraction(1), students, scale)


def gap_step(
    scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any], unit: Text
) -> Step | None:
    """What is lacking to the standard and to the floor; nothing where the value or the limit is unknown."""
    amount = amount_of(scene, indicator, stage, row) if row[indicator.id] is not None else None
    limits = thresholds(indicator, stage, scene.context)
    if amount is None or not limits:
        return None
    rows = [
        _target(indicator, amount, name, limit)
        for name, limit in zip(("standard", "floor"), limits, strict=False)
        if _short(indicator, amount, limit)
    ]
    if not rows:
        return None
    told = joined([_told(each, indicator, amount, unit) for each in rows])
    columns = (
        Column("target", Text("目标", "target"), words=_TARGETS),
        Column("limit", Text("限值", "limit")),
        Column("more", _MORE[indicator.op]),
        Column("amount", Text("合计", "then in all")),
        Column("value", Text("届时", "value then"), indicator.decimals + 2),
    )
    data = {"counted": "school" if amount.share != 1 else "section", "unit": indicator.unit}
    return Step("gap", Text("差多少", "gap"), told, data, columns, tuple(rows))


_TARGETS = {"standard": Text("达标", "the standard"), "floor": Text("底线", "the floor")}
_MORE = {">=": Text("还差", "lacking"), "<=": Text("超出", "in excess")}


def _short(indicator: Indicator, amount: Amount, limit: Fraction) -> bool:
    value = amount.value(amount.whole)
    return value < limit if indicator.op == ">=" else value > limit


def _target(indicator: Indicator, amount: Amount, name: str, limit: Fraction) -> dict[str, Any]:
    lacking = abs(amount.needed(limit) - amount.whole)
    step = Fraction(1) if indicator.unit in COUNTED else Fraction(1, 100)
    more = math.ceil(lacking / step) * step
    then = amount.whole + more if indicator.op == ">=" else amount.whole - more
    return {
        "target": name,
        "limit": float(limit),
        "more": float(more),
        "exact": float(lacking),
        "amount": float(then),
        "value": float(amount.value(then)),
    }


def _told(row: Mapping[str, Any], indicator: Indicator, amount: Amount, unit: Text) -> Text:
    target, then = _TARGETS[row["target"]], figure(row["value"], indicator.decimals + 2)
    whole, more = plain(row["amount"]), plain(row["more"])
    zh_where, en_where = ("全校", " in the whole school") if amount.share != 1 else ("", "")
    if indicator.op == "<=":
        return Text(
            f"{zh_where}减少 {more} {unit.zh}到{target.zh} ({whole} → {then})",
            f"{more} {unit.en} fewer{en_where} for {target.en} ({whole} → {then})",
        )
    return Text(
        f"{zh_where}还差 {more} {unit.zh}到{target.zh} ({whole} {unit.zh} → {then})",
        f"{more} {unit.en} more{en_where} for {target.en} ({whole} → {then})",
    )
