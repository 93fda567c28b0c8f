"""A whole standard as a tree of lines, in the field's order: nothing that it says is left away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby

from ...language import Text
from ...standard.load import LoadedStandard
from . import cards, figures, items, procedure
from .entry import Entry, Speaker, headed

__all__ = ["Entry", "entries"]

Tell = Callable[[Speaker], Iterable[Entry]]

_HEADS = {
    "standard": Text("标准", "standard"), "field": Text("数据项", "facts"), "setting": Text("设置", "settings"),
    "part": Text("部分", "parts"), "scope": Text("评估范围", "scope"), "split": Text("学段拆分", "split"),
    "indicator": Text("指标", "indicators"), "relief": Text("过渡条款", "reliefs"),
    "school_rule": Text("学校综合达标", "school rule"), "dispersion": Text("校际差异", "dispersion"),
    "prerequisite": Text("前置条件", "prerequisites"), "requirement": Text("要求", "requirements"),
    "score": Text("评分", "scores"), "scorecard": Text("评分体系", "scorecard"),
    "verdict": Text("结论", "verdicts"), "survey": Text("社会认可度调查", "survey"), "veto": Text("否决项", "vetoes"),
    "workflow": Text("工作程序", "workflow"), "target": Text("规划目标", "targets"), "form": Text("表", "forms"),
    "note": Text("说明", "notes"),
}  # fmt: skip


def entries(standard: LoadedStandard) -> Iterator[Entry]:
    """Every line of the standard, each behind what it lies under. Parts the standard does not have are left away."""
    speaker = Speaker(standard)
    for table, title, told in _sections(speaker):
        lines = list(told)
        if lines:
            yield Entry(0, (table,), title)
            yield from lines


def _sections(speaker: Speaker) -> Iterator[tuple[str, Text, Iterable[Entry]]]:
    before: dict[str, Tell] = {
        "standard": figures.head, "field": figures.fields, "setting": figures.settings, "part": items.parts,
        "scope": figures.scopes, "split": figures.split, "indicator": figures.indicators,
        "relief": figures.reliefs, "school_rule": figures.school_rule, "dispersion": figures.dispersion,
        "prerequisite": partial(_of_table, "prerequisite"),
    }  # fmt: skip
    after: dict[str, Tell] = {
        "score": items.scores, "scorecard": cards.scorecard, "verdict": cards.verdicts,
        "survey": procedure.survey, "veto": items.vetoes, "workflow": procedure.workflow,
        "target": procedure.targets, "form": procedure.forms, "note": procedure.notes,
    }  # fmt: skip
    for table, tell in before.items():
        yield table, _HEADS[table], tell(speaker)
    yield from _requirements(speaker)
    for table, tell in after.items():
        yield table, _HEADS[table], tell(speaker)


def _of_table(table: str, speaker: Speaker) -> Iterator[Entry]:
    return items.requirements(speaker, table, list(enumerate(getattr(speaker.standard.model, table))))


def _requirements(speaker: Speaker) -> Iterator[tuple[str, Text, Iterable[Entry]]]:
    """The requirements under the part they belong to."""
    model = speaker.standard.model
    labels = {part.id: part.text for part in model.part}
    for part, own in groupby(enumerate(model.requirement), key=lambda each: each[1].part):
        title = headed(_HEADS["requirement"], labels.get(part, Text(part, part)))
        yield "requirement", title, items.requirements(speaker, "requirement", list(own))
