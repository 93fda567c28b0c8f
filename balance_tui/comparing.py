"""The same data under several standards: what each says of every verdict, part, item, score, coefficient, school and
figure, and where they differ.

Frames in, frames out: `compared` makes one frame of the results, `preview` counts what another standard would change.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from .data.dictionary import KEY_FIELDS
from .engine.context import Context
from .engine.result import Result
from .language import Text
from .standard.model import Standard

Rows = Callable[[pl.DataFrame], pl.DataFrame]
"""Which rows of a frame are told."""

KINDS = ("verdict", "part", "item", "score", "dispersion", "school", "figure")
"""What is compared, from the whole to the part. A figure is one indicator of one school and stage."""

WHY = ("status", "only", "limit", "operator", "relief", "value")
"""Why rows differ: other statuses, not in every standard, other limits, other operators, another relief, other values."""

WHY_TEXT: Mapping[str, Text] = {
    "status": Text("结论", "status"), "only": Text("并非都有", "not in all"), "limit": Text("限值", "limit"),
    "operator": Text("高低于", "operator"), "relief": Text("过渡条款", "relief"), "value": Text("数值", "value"),
}  # fmt: skip
"""Each reason in a word."""

MAIN = "verdict"
"""The id of the verdict of a standard as a whole."""

_SUBJECT = (*KEY_FIELDS, "kind", "id", "stage", "school_id")
_TOLD: Mapping[str, Any] = {
    "status": pl.String, "value": pl.Float64, "op": pl.String, "limit": pl.Float64, "unit": pl.String,
    "relief": pl.String, "reason": pl.String,
}  # fmt: skip
"""What one standard says of a subject; `status` is null of a school that it leaves out, `reason` then says why."""
_PLACE: Mapping[str, Any] = {
    "kind": pl.String, "id": pl.String, "stage": pl.String, "school_id": pl.String, "school": pl.String,
}  # fmt: skip
_SEVERITY = {"not_applicable": 0, "pass": 1, "floor": 2, "relieved": 2, "unknown": 3, "fail": 4}

DIFFERENT_STATUS, ONLY_IN_SOME, SAME_STATUS, THE_SAME = range(4)
"""The ranks of rows, differences first: other statuses; not in every standard; other limit, operator, relief or value
with the same status; no difference."""


def compared(results: Mapping[str, Result]) -> pl.DataFrame:
    """One row a county and subject: keys, `kind` (of `KINDS`), `id`, `stage`, `school_id`, `school`, `rank`, `why` (of
    `WHY`), `under` (list of `profile` with status, value, op, limit, unit, relief, reason, in the order of
    `results`; a standard that has no such subject is not in it). By county, then rank, then kind, the worst status
    first. `results` by the id of their standard; their sentences are in the language in use."""
    if len(results) < 2:
        raise ValueError("two results at least are compared")
    return together([said(result, name) for name, result in results.items()])


def together(long: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """As `compared`, of what `said` made of each result, one frame a standard."""
    numbered = [frame.with_columns(pl.lit(i, pl.UInt8).alias("_i")) for i, frame in enumerate(long)]
    rows = pl.concat(numbered).with_columns(
        pl.col("status").replace_strict(_SEVERITY, default=None, return_dtype=pl.UInt8).alias("_severity")
    )
    present = pl.col("status").is_not_null()
    grouped = rows.group_by(_SUBJECT, maintain_order=True).agg(
        pl.col("school").drop_nulls().first(),
        pl.col("_severity").max(),
        present.sum().alias("_present"),
        *(_distinct(name).alias(f"_{name}") for name in ("status", "limit", "op", "relief", "value")),
        pl.struct("profile", *_TOLD).alias("under"),
    )
    return _ranked(grouped.filter(pl.col("_present") > 0), len(long))


def _distinct(name: str) -> pl.Expr:
    """Whether the standards that have a subject say different things of it."""
    column = pl.col(name).round_sig_figs(12) if name in ("limit", "value") else pl.col(name)
    told = column.filter(pl.col("status").is_not_null())
    return (told.drop_nulls() if name == "op" else told).n_unique() > 1


def _ranked(grouped: pl.DataFrame, standards: int) -> pl.DataFrame:
    found = {
        "status": pl.col("_status"), "only": pl.col("_present") < standards, "limit": pl.col("_limit"),
        "operator": pl.col("_op"), "relief": pl.col("_relief"), "value": pl.col("_value"),
    }  # fmt: skip
    why = pl.concat_list([pl.when(found[code]).then(pl.lit(code)) for code in WHY]).list.drop_nulls()
    rank = (
        pl.when("_status").then(DIFFERENT_STATUS)
        .when(found["only"]).then(ONLY_IN_SOME)
        .when(why.list.len() > 0).then(SAME_STATUS)
        .otherwise(THE_SAME)
    )  # fmt: skip
    kinds = {kind: number for number, kind in enumerate(KINDS)}
    ordered = (
        grouped.with_columns(why.alias("why"), rank.cast(pl.UInt8).alias("rank"))
        .with_columns(pl.struct(KEY_FIELDS).rank("dense").alias("_group"), pl.int_range(pl.len()).alias("_at"))
        .with_columns(pl.col("_at").min().over("_group").alias("_group"))
        .sort(
            "_group", "rank", pl.col("kind").replace_strict(kinds, return_dtype=pl.UInt8), "_severity", "_at",
            descending=[False, False, False, True, False],
        )
    )  # fmt: skip
    return ordered.select(*KEY_FIELDS, *_PLACE, "rank", "why", "under")


# What one standard says


def said(
    result: Result, name: str, told: Rows = lambda frame: frame, kinds: Container[str] = KINDS
) -> pl.DataFrame:
    """What a result says of every subject of these kinds, one row each: keys, kind, id, stage, school, `profile` =
    `name`, and what is told; `told` picks the rows of a frame with the four keys, as those of one county."""
    schema = {code: result.facts.keys.schema[code] for code in KEY_FIELDS} | {**_PLACE, **_TOLD}
    frames = [pl.DataFrame(schema=schema)]
    if not result.is_rejected:
        made = [(kind, rows) for kind, make in _SAYS.items() if kind in kinds for rows in make(result, told)]
        frames += [_filled(rows.with_columns(pl.lit(kind).alias("kind")), schema) for kind, rows in made]
    return pl.concat(frames).with_columns(pl.lit(name).alias("profile"))


def _filled(frame: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    """The columns of the schema; those that a kind of subject does not have are null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def _verdicts(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    yield told(result.counties).select(
        *KEY_FIELDS, pl.lit(MAIN).alias("id"), pl.col("verdict").alias("status")
    )
    yield told(result.verdicts)


def _parts(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    parts = told(result.counties).filter(pl.col("parts").list.len() > 0)
    if parts.height:
        yield parts.explode("parts").select(*KEY_FIELDS, pl.col("parts").struct.unnest())


def _items(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    yield _with_bounds(told(result.requirements), "id", bounds_of(result.context.model))


def _scores(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    marks = {score.id: score.pass_mark for score in result.context.model.score}
    yield told(result.scores).select(
        *KEY_FIELDS, "id", "status", pl.col("verified").alias("value"), pl.lit("分").alias("unit"),
        _mapped("id", {name: float(mark) for name, mark in marks.items() if mark is not None}, pl.Float64).alias("limit"),
        _mapped("id", {name: ">=" for name, mark in marks.items() if mark is not None}, pl.String).alias("op"),
    )  # fmt: skip


def _spread(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    rule = result.context.model.dispersion
    if rule is not None:
        yield told(result.dispersion).select(
            *KEY_FIELDS, "stage", "status", "limit", pl.col("indicator").alias("id"), pl.col("cv").alias("value"),
            pl.lit(rule.op).alias("op"),
        )  # fmt: skip


_SCHOOL = (*KEY_FIELDS, "stage", "school_id", "school")


def _schools(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    if result.context.model.school_rule is not None:
        own = pl.lit("school").alias("id")
        yield told(result.schools).select(*_SCHOOL, own, "status")
        yield told(result.excluded).select(*_SCHOOL, own, "reason")


def _figures(result: Result, told: Rows) -> Iterator[pl.DataFrame]:
    named = (pl.col("indicator").alias("id"), pl.col("standard").alias("limit"))
    figures = told(result.indicators).select(*_SCHOOL, "status", "value", "relief", *named)
    yield _with_bounds(figures, "id", bounds_of(result.context.model))


_SAYS: Mapping[str, Callable[[Result, Rows], Iterator[pl.DataFrame]]] = {
    "verdict": _verdicts, "part": _parts, "item": _items, "score": _scores, "dispersion": _spread, "school": _schools,
    "figure": _figures,
}  # fmt: skip


def _with_bounds(rows: pl.DataFrame, name: str, bounds: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """The operator and unit of each row's limit, by its id; no operator where there is no limit."""
    ops = _mapped(name, {key: op for key, (op, _) in bounds.items()}, pl.String)
    return rows.with_columns(
        pl.when(pl.col("limit").is_not_null()).then(ops).alias("op"),
        _mapped(name, {key: unit for key, (_, unit) in bounds.items()}, pl.String).alias("unit"),
    )


def _mapped(name: str, values: Mapping[str, Any], dtype: Any) -> pl.Expr:
    if not values:
        return pl.lit(None, dtype)
    return pl.col(name).replace_strict(values, default=None, return_dtype=dtype)


def bounds_of(model: Standard) -> dict[str, tuple[str, str]]:
    """The operator and the unit of every indicator, item of one test, and test that has an id."""
    found: dict[str, tuple[str, str]] = {each.id: (each.op, each.unit) for each in model.indicator}
    for item in model.items:
        if len(item.test) == 1:
            found[item.id] = (item.test[0].op, item.test[0].unit)
        found |= {test.id: (test.op, test.unit) for test in item.test if test.id}
    return found


def labels_of(models: Iterable[Standard]) -> dict[tuple[str, str], Text]:
    """What every part, item, score and verdict is called, by kind and id; where standards call it otherwise, each name
    in turn, so that nobody takes one thing for another."""
    found: dict[tuple[str, str], dict[Text, None]] = {}
    for model in models:
        for kind, name, text in _labels(model):
            found.setdefault((kind, name), {})[text] = None
    return {key: _both(list(texts)) for key, texts in found.items()}


def _both(texts: Sequence[Text]) -> Text:
    return Text(" / ".join(each.zh for each in texts), " / ".join(each.en for each in texts))


def _labels(model: Standard) -> Iterator[tuple[str, str, Text]]:
    yield from (("part", part.id, part.text) for part in model.part)
    yield from (("score", each.id, each.text) for each in (*model.score, *model.group, *model.point))
    yield from (("verdict", each.id, each.text) for each in model.verdict)
    for item in model.items:
        yield "item", item.id, item.text
        yield from (
            ("item", test.id, test.text if test.label else item.text) for test in item.test if test.id
        )


# What another standard would change


@dataclass(frozen=True, slots=True)
class Change:
    """A limit that two standards both have, and set differently: `before` and `after` as `(operator, value)`."""

    id: str
    stage: str
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What another standard would change: `added` items it asks that the one in force does not, and of them those
    that fail and those that are unknown (None where several counties are meant); items it does not ask (`dropped`);
    points of its scorecard; `limits` set differently; `unset` settings without a value; `unrecorded` groups whose
    points, and points whose maximum, no source gives; whether the scorecard as a whole is complete."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    failing: int | None
    unknown: int | None
    points: int
    recorded: float | None
    limits: tuple[Change, ...]
    unset: tuple[str, ...]
    unrecorded: tuple[str, ...]
    complete: bool


def preview(now: Result, then: Result, county: Mapping[str, Any] | None = None) -> Preview:
    """What would change if `then` took the place of `now`; the statuses of what is added are those of one `county`
    (its four keys)."""
    before, after = _asked(now.context.standard.model), _asked(then.context.standard.model)
    added = tuple(name for name in after if name not in before)
    failing = unknown = None
    if county is not None:
        statuses = _statuses(then, county)
        failing, unknown = (sum(statuses.get(name) == word for name in added) for word in ("fail", "unknown"))
    model = then.context.standard.model
    maxima = [point.max for point in model.point if point.max is not None]
    return Preview(
        added, tuple(name for name in before if name not in after), failing, unknown, len(model.point),
        float(sum(maxima)) if model.point else None, tuple(changes(now.context.standard.model, model)),
        unset(then.context), tuple(unrecorded(model)), model.scorecard is None or model.scorecard.complete,
    )  # fmt: skip


def _asked(model: Standard) -> tuple[str, ...]:
    """The items that a part is decided by; thresholds of points are evidence and decide none."""
    return tuple(
        dict.fromkeys([*(item.id for item in model.items if item.part), *(each.id for each in model.score)])
    )


def _statuses(result: Result, county: Mapping[str, Any]) -> dict[str, str]:
    frames = (result.requirements, result.scores)
    here = [pl.col(name).eq_missing(pl.lit(county[name])) for name in KEY_FIELDS]
    rows = (frame.filter(here).select("id", pl.col("status").cast(pl.String)).rows() for frame in frames)
    return dict(row for found in rows for row in found)


def unset(context: Context) -> tuple[str, ...]:
    """The settings that have no value."""
    return tuple(each.id for each in context.standard.model.setting if context.setting(each.id) is None)


def unrecorded(model: Standard) -> Iterator[str]:
    """The groups whose points, and the points whose maximum, the source does not give."""
    yield from (group.id for group in model.group if not group.recorded)
    yield from (point.id for point in model.point if point.max is None)


def changes(before: Standard, after: Standard) -> Iterator[Change]:
    """The limits that both set, and set differently."""
    old, new = dict(_limits(before)), dict(_limits(after))
    for key, value in new.items():
        if key in old and old[key] != value:
            yield Change(*key, old[key], value)


def _limits(model: Standard) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for indicator in model.indicator:
        for stage, limit in indicator.limit.items():
            yield (indicator.id, stage), (indicator.op, _number(str(limit.value)))
    if model.dispersion is not None:
        for stage, limit in model.dispersion.limit.items():
            yield (f"cv {model.dispersion.judged}", stage), (model.dispersion.op, _number(str(limit.value)))
    for item in model.items:
        for number, test in enumerate(item.test):
            name = test.id or (item.id if len(item.test) == 1 else f"{item.id}/{number + 1}")
            for stage, bound in test.limit.items():
                yield (name, stage), (test.op, _number(bound.text))


def _number(text: str) -> str:
    """A number in its shortest form, so that 1.0 is 1; a formula as it is written."""
    from decimal import Decimal, InvalidOperation

    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text
