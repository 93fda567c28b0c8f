"""Parts that may not exceed their whole, numbers that may not exceed what is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from ...language import Text
from ..dictionary import Dictionary, Field
from .findings import Level, shown
from .options import Options
from .rules import Check, FrameName, Rule
from .scene import IDENTITY, exceeds, total

DEGREES = ("teachers_associate", "teachers_bachelor", "teachers_master", "teachers_doctor")
BACKBONE = "backbone_teachers"


@dataclass(frozen=True, slots=True)
class AtMost:
    """The sum of `parts` may not exceed `whole`."""

    code: str
    parts: tuple[str, ...]
    whole: str

    @property
    def broken(self) -> pl.Expr:
        return exceeds(total(self.parts), pl.col(self.whole))


def _rules(code: str, *pairs: tuple[str | tuple[str, ...], str]) -> tuple[AtMost, ...]:
    return tuple(AtMost(code, (part,) if isinstance(part, str) else part, whole) for part, whole in pairs)


OF_SECTIONS = (
    *_rules("C01", (DEGREES, "teachers"), ("teachers_above_degree", "teachers")),
    *_rules(
        "C02",
        (("pe_teachers", "art_teachers"), "teachers"),
        ("certified_teachers", "teachers"),
        ("trained_teachers", "teachers"),
    ),
    *_rules("C03", ("teachers", "staff")),
    *_rules(
        "C34",
        ("oversized_classes", "classes"),
        ("largest_class", "students"),
        ("classes_100mbps", "classes"),
        ("mid_title_teachers", "staff"),
    ),
)
OF_SCHOOLS = (
    *_rules("C04", ("indoor_sports_area", "teaching_area")),
    *_rules("C11", ("training_budget", "public_funds_budget")),
)
OF_COUNTIES = _rules(
    "C11",
    ("rotated_backbone", "rotated"),
    ("rotated", "rotation_eligible"),
    ("quality_senior_allocated", "quality_senior_quota"),
    ("quality_senior_rural", "quality_senior_allocated"),
    (("migrant_public", "migrant_purchased"), "migrant_eligible"),
    ("disabled_enrolled", "disabled_children"),
    ("disabled_educated", "disabled_children"),
    ("disabled_placed", "disabled_children"),
    ("left_behind_recorded", "left_behind_students"),
    ("recognition_satisfied", "recognition_valid"),
    ("recognition_valid", "recognition_issued"),
    ("visited_satisfied", "visited"),
    ("rural_population", "population"),
)


def check_parts(dictionary: Dictionary, options: Options) -> Iterator[Check]:
    """C01 to C04, C11, C27, C34: every part against its whole."""
    backbone = "C27" if options.backbone_may_include_heads else "C02"
    of_sections = (*OF_SECTIONS, *_rules(backbone, (BACKBONE, "teachers")))
    for frame, level, rules in _LEVELS_OF_PARTS:
        for rule in of_sections if level == "section" else rules:
            yield Rule(frame, rule.broken, rule.code, level, partial(_too_large, rule, dictionary))


_LEVELS_OF_PARTS: tuple[tuple[FrameName, Level, tuple[AtMost, ...]], ...] = (
    ("sections", "section", ()), ("schools", "school", OF_SCHOOLS), ("counties", "county", OF_COUNTIES),
)  # fmt: skip


def _too_large(rule: AtMost, dictionary: Dictionary) -> dict[str, Any]:
    return {
        "field": rule.parts[0],
        "fields": (*rule.parts, rule.whole),
        "message": Text("{parts} {value} 大于{whole} {limit},部分不得大于总体",
                        "{parts} {value} exceeds {whole} {limit}; a part may not exceed its whole"),
        "value": shown(total(rule.parts)),
        "parts": _joined(rule.parts, dictionary),
        "whole": dictionary.label(rule.whole),
        "limit": shown(pl.col(rule.whole)),
    }  # fmt: skip


def _joined(codes: Iterable[str], dictionary: Dictionary) -> Text:
    labels = [dictionary.label(code) for code in codes]
    sums = Text(" 合计", " together") if len(labels) > 1 else Text("", "")
    return Text(
        *(" + ".join(words) + sum_ for words, sum_ in zip(zip(*labels, strict=True), sums, strict=True))
    )


def check_possible(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C18: outside the dictionary's bounds, not a number, infinite, a fraction where none can be."""
    message = Text("{label} {value} 不可能({bounds})", "{label} {value} is impossible ({bounds})")
    return _figures(
        dictionary, "C18", message, _impossible,
        lambda field: field.kind in ("number", "integer") and field.code not in IDENTITY,
    )  # fmt: skip


def _figures(
    dictionary: Dictionary,
    code: str,
    message: Text,
    odd: Callable[[Field], pl.Expr],
    asked: Callable[[Field], bool],
) -> Iterator[Check]:
    """The odd figures of every field that is asked for, of a school once, since its facts repeat on every row of it;
    the message may name `label`, `value` and `bounds`."""
    for level in _LEVELS:
        for field in dictionary.of_level(level):
            if asked(field):
                frame: FrameName = "counties" if level == "county" else "sections"
                told = partial(_odd, field, message)
                yield Rule(frame, odd(field), code, level, told, once=level == "school")


_LEVELS: tuple[Level, ...] = ("section", "school", "county")


def _odd(field: Field, message: Text) -> dict[str, Any]:
    return {
        "field": field.code,
        "fields": (field.code,),
        "message": message,
        "value": shown(pl.col(field.code)),
        "label": field.label,
        "bounds": _bounds(field),
    }


def _impossible(field: Field) -> pl.Expr:
    value = pl.col(field.code)
    bad = ~value.is_finite()
    if field.low is not None:
        bad = bad | (value < float(field.low))
    if field.high is not None:
        bad = bad | (value > float(field.high))
    return bad | (value != value.floor()) if field.kind == "integer" else bad


def _bounds(field: Field) -> Text:
    low, high = ("…" if bound is None else f"{bound:f}" for bound in (field.low, field.high))
    if field.kind == "integer":
        return Text(f"应为 {low} 至 {high} 的整数", f"a whole number from {low} to {high}")
    return Text(f"应在 {low} 至 {high} 之间", f"from {low} to {high}")


def check_whole_numbers(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C32: heads, classes and rooms that are not whole numbers."""
    message = Text("{label} {value} 不是整数", "{label} {value} is not a whole number")
    return _figures(
        dictionary, "C32", message, _fractional,
        lambda field: field.kind == "number" and field.unit in ("人", "个", "间"),
    )  # fmt: skip


def _fractional(field: Field) -> pl.Expr:
    value = pl.col(field.code)
    return value.is_finite() & (value != value.floor())
