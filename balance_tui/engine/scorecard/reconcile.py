"""One score from those of several sources, by the rule the standard or a setting names."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ...language import Text
from ...standard.scorecard import Scorecard
from ..context import Context
from .frames import Given

_NOT_SCORED = Text("未评分", "not scored")


def settled(given: Given, card: Scorecard, context: Context) -> tuple[Fraction | None, Text | None]:
    """The score that counts, or None and why there is none. Where the card lists no sources the verified score
    counts; a rule over several sources needs a score from each of them."""
    rule = _rule(card, context)
    if rule is None:
        return None, _unset((card.reconcile_setting,))
    if rule == "verified" or not card.sources:
        return _verified(given)
    weights = {source.id: _weight(source.weight_setting, context) for source in card.sources}
    if rule == "weighted_mean":
        unset = [source.weight_setting or source.id for source in card.sources if weights[source.id] is None]
        if unset:
            return None, _unset(unset)
    else:
        weights = {name: Fraction(1) for name in weights}
    return _combined(given, rule, {name: weight or Fraction(0) for name, weight in weights.items()})


def _rule(card: Scorecard, context: Context) -> str | None:
    if not card.reconcile_setting:
        return card.reconcile
    value = context.setting(card.reconcile_setting)
    return None if value is None else str(value)


def _verified(given: Given) -> tuple[Fraction | None, Text | None]:
    if "verified" in given.scores:
        return given.scores["verified"], None
    return None, given.faults.get("verified", _NOT_SCORED)


def _weight(setting: str, context: Context) -> Fraction | None:
    value = context.setting(setting)
    return value if isinstance(value, Fraction) else None


def _combined(
    given: Given, rule: str, weights: Mapping[str, Fraction]
) -> tuple[Fraction | None, Text | None]:
    whole = sum(weights.values(), Fraction(0))
    if min(weights.values()) < 0 or whole == 0:
        return None, Text("权重须不为负, 且不全为零", "weights are not negative, and not all zero")
    needed = {name: weight for name, weight in weights.items() if weight}
    faults = [fault for name, fault in given.faults.items() if name in needed]
    if faults:
        return None, faults[0]
    missing = [name for name in needed if name not in given.scores]
    if missing:
        listed = ", ".join(missing)
        return None, Text(f"未评分: 缺 {listed}", f"not scored: {listed} missing")
    scores = {name: given.scores[name] for name in needed}
    if rule == "lowest":
        return min(scores.values()), None
    return sum((scores[name] * needed[name] for name in needed), Fraction(0)) / whole, None


def _unset(settings: list[str] | tuple[str, ...]) -> Text:
    listed = ", ".join(settings)
    return Text(f"未给定设置 {listed}, 不合成得分", f"no combined score: {listed} not given")
