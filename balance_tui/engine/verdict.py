"""The verdicts a standard states: from its parts, from how many items pass, from two axes crossed, or a plugin's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from ..language import Text
from ..standard.scorecard import Axis, Grade, Verdict
from .context import Context
from .exact import facts_of
from .grades import Graded, entered_answers, graded
from .prepare import Facts
from .reasons import reason
from .status import LABELS, NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN, WORDS, words

VERDICT_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "id": pl.String, "_status": pl.UInt8, "grade": pl.String, "reason": pl.String,
    "main": pl.Boolean,
}  # fmt: skip
"""One row a county and verdict: the status code, the ids of the grades reached (of two axes apart by ` × `, `?` where
one is open), the reason (see `reasons`)."""

CROSS = " × "
OPEN = "?"

_Row = tuple[int, str | None, str | None]
"""Status, grade, reason of a verdict in a county."""


def concluded(decided: pl.DataFrame, own: pl.DataFrame, facts: Facts, context: Context) -> pl.DataFrame:
    """Every verdict of the standard for every county (`VERDICT_SCHEMA`). `decided` as `decision.PART_SCHEMA`;
    `own`: `_county`, `id`, `_status`, `part` of all that stands in the parts."""
    names = [each.id for verdict in context.model.verdict for each in (verdict, *verdict.axes)]
    entered = entered_answers(facts.judgements, names) if names else {}
    frames = [_verdict(verdict, decided, own, facts, entered, context) for verdict in context.model.verdict]
    return pl.concat([pl.DataFrame(schema=VERDICT_SCHEMA), *frames]).sort("_county", maintain_order=True)


def _verdict(
    verdict: Verdict,
    decided: pl.DataFrame,
    own: pl.DataFrame,
    facts: Facts,
    entered: Mapping[tuple[int, str], str],
    context: Context,
) -> pl.DataFrame:
    counties = facts.keys["_county"].to_list()
    parts = _statuses(decided.filter(pl.col("id").is_in(verdict.parts)))
    if verdict.rule == "all":
        rows = {county: _all(parts.get(county, []), context) for county in counties}
    elif verdict.rule == "count":
        items = _statuses(own.filter(pl.col("part").is_in(verdict.parts)))
        rows = {
            county: _count(verdict, items.get(county, []), entered.get((county, verdict.id)))
            for county in counties
        }
    elif verdict.rule == "axes":
        rows = _axes(verdict, _statuses(decided), facts, entered, context)
    else:
        rows = _plugged(verdict, decided)
    told = [(county, verdict.id, *rows[county], verdict.main) for county in counties]
    return pl.DataFrame(told, schema=VERDICT_SCHEMA, orient="row")


def _statuses(rows: pl.DataFrame) -> dict[int, list[tuple[str, int]]]:
    """Ids and status codes by county, in order."""
    found: dict[int, list[tuple[str, int]]] = {}
    for county, name, status in rows.select("_county", "id", "_status").iter_rows():
        found.setdefault(county, []).append((name, status))
    return found


def _all(parts: Sequence[tuple[str, int]], context: Context) -> _Row:
    """The parts combined, and which of them decide."""
    worst = max((status for _, status in parts), default=NOT_APPLICABLE)
    if worst < RELIEVED:
        asked = sum(status != NOT_APPLICABLE for _, status in parts)
        return worst, None, reason("all_met", asked) if asked else reason("none_asked", len(parts))
    labels = {part.id: part.text for part in context.model.part}
    texts = [labels[name] for name, status in parts if status == worst]
    listed = Text("、".join(text.zh for text in texts), ", ".join(text.en for text in texts))
    return worst, None, reason("told", Text(*(f"{LABELS[WORDS[worst]][i]}: {listed[i]}" for i in (0, 1))))


def _count(verdict: Verdict, items: Sequence[tuple[str, int]], entered: str | None) -> _Row:
    """How many items pass, graded; one that is unknown or does not apply may count or not."""
    passed = sum(status in (PASS, RELIEVED) for _, status in items)
    unknown = sum(status == UNKNOWN for _, status in items)
    left_out = sum(status == NOT_APPLICABLE for _, status in items)
    found = graded(verdict.grades, Fraction(passed), Fraction(passed + unknown + left_out), entered)
    counts = [Text(f"{len(items)} 项中 {passed} 项达标", f"{passed} of {len(items)} pass")]
    counts += [Text(f"{unknown} 项未知", f"{unknown} unknown")] if unknown else []
    counts += [Text(f"{left_out} 项不适用", f"{left_out} not applicable")] if left_out else []
    return found.status, found.grade.id if found.grade else None, _told([*counts, *_grade_texts(found)])


def _grade_texts(found: Graded) -> Iterator[Text]:
    if found.grade:
        yield Text(f"等级: {found.grade.text.zh}", f"grade: {found.grade.text.en}")
    if found.why:
        yield found.why


def _told(texts: Sequence[Text]) -> str:
    return reason("told", Text("; ".join(text.zh for text in texts), "; ".join(text.en for text in texts)))


def _axes(
    verdict: Verdict,
    parts: Mapping[int, Sequence[tuple[str, int]]],
    facts: Facts,
    entered: Mapping[tuple[int, str], str],
    context: Context,
) -> dict[int, _Row]:
    rows: dict[int, _Row] = {}
    for row in facts.counties.iter_rows(named=True):
        county = row["_county"]
        of_part = dict(parts.get(county, []))
        found = [
            _by_part(axis, of_part[axis.part])
            if axis.part
            else _by_value(axis, row, entered.get((county, axis.id)), context)
            for axis in verdict.axes
        ]
        ids = [each.grade.id if each.grade else OPEN for each in found]
        texts = [_axis_text(axis, each) for axis, each in zip(verdict.axes, found, strict=True)]
        rows[county] = found[0].status, CROSS.join(ids), _told(texts)
    return rows


def _by_part(axis: Axis, status: int) -> Graded:
    """The level whose status is that of the part, or one that is named as the status is."""
    met = "pass" if status == RELIEVED else WORDS[status]
    level = next((level for level in axis.levels if level.status == met), None)
    if level is None and status != UNKNOWN:
        label = LABELS[WORDS[status]]
        level = Grade(id=WORDS[status], label=label.zh, label_en=label.en, clause=axis.clause)
    return Graded(None if status == UNKNOWN else level, status)


def _by_value(axis: Axis, row: Mapping[str, Any], entered: str | None, context: Context) -> Graded:
    assert axis.value
    known = {**facts_of({name: row[name] for name in context.facts(axis.value)}), **context.constants}
    value = axis.value.exact(known)
    if not isinstance(value, Fraction):
        missing = [name for name in context.facts(axis.value) if row[name] is None]
        label = [context.standard.dictionary.label(name) for name in missing]
        listed = Text("、".join(text.zh for text in label), ", ".join(text.en for text in label))
        why = Text(f"缺: {listed.zh}", f"missing: {listed.en}") if missing else Text("分母为零", "no value")
        return Graded(None, UNKNOWN, why)
    return graded(axis.levels, value, value, entered)


def _axis_text(axis: Axis, found: Graded) -> Text:
    said = found.grade.text if found.grade else LABELS["unknown"]
    why = found.why or Text("", "")
    return Text(*(f"{axis.text[i]}: {said[i]}" + (f" ({why[i]})" if why[i] else "") for i in (0, 1)))


def _plugged(verdict: Verdict, decided: pl.DataFrame) -> dict[int, _Row]:
    """What a plugin decides from the parts named, or from all. Errors: `StandardInvalid` where none is ready."""
    from ..plugins.hosting import decide

    mine = decided.filter(pl.col("id").is_in(verdict.parts)) if verdict.parts else decided
    rows = mine.select("_county", "id", words(pl.col("_status")).cast(pl.String).alias("status"))
    found: dict[int, _Row] = {}
    for row in decide(verdict.rule, rows).iter_rows(named=True):
        told = None if row["reason_zh"] is None else reason("told", Text(row["reason_zh"], row["reason_en"]))
        found[row["_county"]] = WORDS.index(row["status"]), row["grade"], told
    return found
