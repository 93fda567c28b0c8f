"""The parts of a standard that decide nothing: survey, procedure, targets, forms, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...engine.explanation.derivation import NO_TEXT, joined, same
from ...engine.explanation.scene import seen, unit_of
from ...engine.figures import plain
from ...language import Text
from ...standard.procedure import Form, FormColumn, FormLine, Workflow
from ...standard.source import Path_
from .entry import Entry, Speaker, headed, identified, said
from .items import PERIODS

_ROWS = {
    "county": Text("一县一行", "a row a county"),
    "section": Text("一校一学段一行", "a row a school and stage"),
    "stage": Text("一学段一行", "a row a stage"),
    "item": Text("一项一行", "a row an item"),
}


def survey(speaker: Speaker) -> Iterator[Entry]:
    """Who is asked about what."""
    asked = speaker.standard.model.survey
    if asked is None:
        return
    yield Entry(1, ("survey",), Text("调查", "survey"), NO_TEXT, asked.clause)
    for number, group in enumerate(asked.groups):
        yield from said(2, ("survey", "groups", number), Text("对象", "group"), group)
    for number, content in enumerate(asked.content):
        yield from said(2, ("survey", "content", number), Text("内容", "content"), content)
    yield from said(2, ("survey", "sample"), Text("样本", "sample"), asked.sample)


def workflow(speaker: Speaker) -> Iterator[Entry]:
    """Levels of review and the steps of a round."""
    flow = speaker.standard.model.workflow
    if flow is None:
        return
    yield Entry(1, ("workflow",), Text("工作程序", "procedure"), NO_TEXT, flow.clause)
    for number, level in enumerate(flow.levels):
        path = ("workflow", "levels", number)
        yield Entry(2, path, identified(level.id, level.text), NO_TEXT, level.clause, id=level.id)
        yield from said(3, (*path, "actor"), Text("由", "by"), level.actor)
        yield from said(3, (*path, "output"), Text("成果", "output"), level.output)
    for number, phase in enumerate(flow.phases):
        given = (phase.start or phase.start_setting, phase.end or phase.end_setting)
        dates = " … ".join(str(each) for each in given if each)
        path = ("workflow", "phases", number)
        yield Entry(
            2, path, identified(phase.id, phase.text), same(dates), phase.clause, phase.mark, phase.id
        )
        yield from said(3, (*path, "actor"), Text("由", "by"), phase.actor)
        yield from _listed(3, (*path, "tasks"), Text("任务", "task"), phase.tasks)
    yield from _roles(flow)
    yield from _deliverables(flow)
    for number, rule in enumerate(flow.rules):
        text = headed(Text("规定", "rule"), identified(rule.id, rule.text))
        yield Entry(2, ("workflow", "rules", number), text, NO_TEXT, rule.clause, rule.mark, rule.id)


def _listed(depth: int, path: Path_, word: Text, texts: Sequence[str]) -> Iterator[Entry]:
    for number, text in enumerate(texts):
        yield from said(depth, (*path, number), word, text)


def _roles(flow: Workflow) -> Iterator[Entry]:
    """The units with their tasks, the forms they fill and what they approve."""
    for number, role in enumerate(flow.roles):
        path = ("workflow", "roles", number)
        text = headed(Text("职责", "role"), identified(role.id, role.text))
        yield Entry(2, path, text, NO_TEXT, role.clause, role.mark, role.id)
        yield from _listed(3, (*path, "tasks"), Text("任务", "task"), role.tasks)
        yield from _listed(3, (*path, "forms"), Text("填报", "fills"), role.forms)
        yield from _listed(3, (*path, "approves"), Text("审定", "approves"), role.approves)


def _deliverables(flow: Workflow) -> Iterator[Entry]:
    """What the procedure asks for, each version with the phase it is due in."""
    for number, paper in enumerate(flow.deliverables):
        path = ("workflow", "deliverables", number)
        text = headed(Text("材料", "deliverable"), identified(paper.id, paper.text))
        yield Entry(2, path, text, NO_TEXT, paper.clause, paper.mark, paper.id)
        yield from said(3, (*path, "actor"), Text("由", "by"), paper.actor)
        for version, each in enumerate(paper.versions):
            due = headed(Text("期限", "due in"), same(each.phase)) if each.phase else NO_TEXT
            label = seen(Text(each.label, each.label))
            yield Entry(
                3, (*path, "versions", version), joined([headed(Text("版本", "version"), label), due])
            )


def targets(speaker: Speaker) -> Iterator[Entry]:
    """What is to be reached, and by when."""
    for index, target in enumerate(speaker.standard.model.target):
        value = target.value if isinstance(target.value, str) else plain(target.value)
        by = Text(f"至 {target.by}", f"by {target.by}") if target.by is not None else NO_TEXT
        every = PERIODS.get(target.period, NO_TEXT)
        limit = joined([same(value), unit_of(target.unit), every, by], Text(" ", " "))
        text = identified(target.id, target.text)
        yield Entry(1, ("target", index), text, limit, target.clause, target.mark, target.id)


def forms(speaker: Speaker) -> Iterator[Entry]:
    """Which figures go where."""
    for index, form in enumerate(speaker.standard.model.form):
        path = ("form", index)
        title = identified(form.id, Text(form.title, form.title))
        yield Entry(1, path, title, _ROWS[form.rows], form.clause, id=form.id)
        yield from _form(speaker, path, form)
        yield from said(2, (*path, "note"), Text("说明", "note"), form.note)


def _form(speaker: Speaker, path: Path_, form: Form) -> Iterator[Entry]:
    for number, column in enumerate(form.columns):
        yield _cell(
            speaker, (*path, "columns", number), Text("列", "column"), column, column.code, column.group
        )
    for number, line in enumerate(form.lines):
        yield _cell(speaker, (*path, "lines", number), Text("行", "line"), line, line.item, "")


def _cell(
    speaker: Speaker, path: Path_, word: Text, each: FormColumn | FormLine, code: str, group: str
) -> Entry:
    label = identified(code, Text(each.label, each.label)) if code else seen(Text(each.label, each.label))
    condition = (
        headed(Text("当", "where"), speaker.formula(each.where)) if each.where is not None else NO_TEXT
    )
    under = headed(Text("组", "under"), same(group)) if group else NO_TEXT
    digits = NO_TEXT
    if each.decimals is not None:
        digits = Text(f"{each.decimals} 位小数", f"{each.decimals} decimals")
    source = headed(Text("取", "from"), same(each.source)) if each.source else Text("空白", "blank")
    raw = each.where.text if each.where is not None else ""
    return Entry(2, path, joined([headed(word, label), under, condition]), joined([source, digits]), raw=raw)


def notes(speaker: Speaker) -> Iterator[Entry]:
    """What nothing can check."""
    for index, note in enumerate(speaker.standard.model.note):
        text = Text(note.text, note.text_en or note.text)
        yield Entry(1, ("note", index), identified(note.id, text), NO_TEXT, note.clause, id=note.id)
