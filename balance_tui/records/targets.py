"""What events change, as text: the keys of facts, judgements, findings and grants in the log."""

from __future__ import annotations

from typing import Any

from .event import target_of
from .roles import Area
from .state import FactKey, FindingKey, ItemKey, key_of

REVIEW = target_of("review")
DATA = target_of("data")
STANDARD = target_of("standard")
AS_OF = target_of("as-of")


def fact_target(key: FactKey) -> str:
    """The target that a fact is in the log."""
    return target_of("fact", list(key[:4]), *key[4:])


def item_target(key: ItemKey) -> str:
    """The target that a judgement is in the log."""
    return target_of("item", list(key[:4]), *key[4:])


def finding_target(key: FindingKey) -> str:
    """The target that an acknowledged finding is in the log."""
    return target_of("finding", list(key[:4]), *key[4:])


def grant_target(user: str, role: str, area: Area) -> str:
    """The target that a grant is in the log."""
    return target_of("grant", user, role, area.province, area.city, area.county, area.school)


def parts_of(target: str) -> list[Any]:
    """The key that a target of a fact, judgement or finding names, part by part."""
    place, *rest = key_of(target)[1]
    assert isinstance(place, list)
    return [*place, *rest]
