"""How what was recorded is told: events, targets and values in the words of the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...data.dictionary import ANSWERS, STAGES, dictionary
from ...errors import BalanceError, visible
from ...language import Text
from ...records.event import Event, Json
from ...records.refusals import STATES
from ...records.roles import NoRole
from ...records.state import key_of

OPERATIONS: Mapping[str, Text] = {
    "create": Text("新建", "created"), "import": Text("导入", "imported"), "standard": Text("标准", "standard"),
    "setting": Text("设置", "setting"), "fact": Text("更正", "corrected"), "judge": Text("判定", "judged"),
    "acknowledge": Text("确认", "acknowledged"), "submit": Text("提交", "submitted"), "return": Text("退回", "returned"),
    "approve": Text("通过", "approved"), "unlock": Text("解锁", "unlocked"), "note": Text("备注", "noted"),
    "user": Text("用户", "user"), "grant": Text("授权", "granted"), "revoke": Text("收回", "revoked"),
    "key": Text("密钥", "key"),
}  # fmt: skip
SOURCES: Mapping[str, Text] = {"self": Text("自评", "self"), "verified": Text("核定", "verified")}
NOT_GIVEN = "—"
_IMPORTED = Text("导入值", "as imported")
BACK, AGAIN = Text("撤销", "undone: "), Text("重做", "done again: ")
_USER = {True: Text("停用", "kept out"), False: Text("可用", "let in")}
_LONG = 60


LINES: Mapping[str, Text] = {
    "answer": Text("判定", "answer"), "score": Text("得分", "score"), "remark": Text("备注", "remark"),
    "title": Text("佐证 名称", "evidence: title"), "number": Text("佐证 文号", "evidence: number"),
    "date": Text("佐证 日期", "evidence: date"), "file": Text("佐证 文件", "evidence: file"),
    "unit": Text("责任单位", "responsible unit"),
}  # fmt: skip
"""The lines of a judgement."""
EVIDENCE = ("title", "number", "date", "file")
_FURTHER = Text("佐证 其他", "further evidence")


@dataclass(frozen=True)
class Names:
    """What the things of an assessment are called: its schools by their id; whether it is of several counties or years,
    which are then named; `events` are those so far, in order."""

    schools: Mapping[str, str] = field(default_factory=dict)
    is_of_several: bool = False
    events: Sequence[Event] = ()


NO_NAMES = Names()


def local_time(event: Event) -> str:
    """When it was, on the clock of this machine: month, day, hour, minute."""
    return dt.datetime.fromisoformat(event.time).astimezone().strftime("%m-%d %H:%M")


def what_of(event: Event, names: Names = NO_NAMES) -> str:
    """What an event changed: the fact with its school, the item, the finding."""
    kind, key = key_of(event.target)
    if kind not in ("fact", "item", "finding"):
        return " ".join(visible(str(part)) for part in key if part is not None)
    place, school, stage, name, *rest = key
    school = names.schools.get(str(school), school)
    parts = [
        *(_placed(place, str(school or "")) if names.is_of_several else ()),
        school,
        STAGES[str(stage)] if stage in STAGES else None,
        _named(kind, str(name)),
    ]
    parts += [SOURCES.get(str(each), each) for each in rest if kind == "item"]
    return " ".join(visible(str(part)) for part in parts if part is not None)


def _placed(place: Json, school: str) -> Iterator[str]:
    """The county unless the school's name says it, and the year."""
    assert isinstance(place, list)
    province, city, county, year = place
    named = str(county or city or province or "")
    if named not in school:
        yield named
    if year is not None:
        yield str(year)


def _named(kind: str, name: str) -> str:
    field = dictionary().get(name) if kind == "fact" else None
    return str(field.label) if field else name


def changed_by(event: Event) -> str:
    """Who changed something since it was looked at, and when."""
    who = f"{visible(event.actor)} {local_time(event)}"
    why = f" ({visible(event.reason)})" if event.reason else ""
    return str(Text(f"{who} 改为此值{why}", f"{who} made it this{why}"))


def value_of(event: Event, value: Json) -> str:
    """A value before or after an event, in one line."""
    if value is None and event.operation == "fact":
        return str(_IMPORTED)
    if isinstance(value, dict) and set(value) <= {"value", "imported"}:
        return _shortened(_word(value.get("value")))
    if isinstance(value, dict) and event.operation == "user":
        return str(_USER[bool(value.get("disabled"))])
    if isinstance(value, dict) and event.operation == "judge":
        return judged(value)
    if isinstance(value, dict) and str(value.get("state")) in STATES:
        return str(STATES[str(value["state"])])
    if isinstance(value, dict) and event.operation == "import":
        files = value.get("files")
        return _shortened(", ".join(str(file["name"]) for file in files if isinstance(file, dict))
                          if isinstance(files, list) else NOT_GIVEN)  # fmt: skip
    if isinstance(value, dict):
        named = [value[name] for name in ("id", "title", "state") if value.get(name) is not None]
        return _shortened(" ".join(str(each) for each in named[:1])) or NOT_GIVEN
    return _shortened(_word(value))


def change_of(event: Event) -> tuple[str, str]:
    """What was there before an event and after it, each in one line."""
    old, new = beside_each_other(event, event.old, event.new)
    return old, new


def beside_each_other(event: Event, *values: Json) -> list[str]:
    """Values of the target of an event, each in one line; of judgements as `judgements_apart`."""
    if event.operation != "judge":
        return [value_of(event, each) for each in values]
    return judgements_apart(*(each if isinstance(each, dict) else None for each in values))


def judgements_apart(*judgements: Mapping[str, Json] | None) -> list[str]:
    """Judgements, each in one line: what is not the same in all of them, by name."""
    sides = [_lines_of(each) if each else {} for each in judgements]
    differ = [name for name in (*LINES, "") if len({side.get(name) for side in sides}) > 1]
    return [
        _shortened(" ".join(_line(name, side) for name in differ)) if side and differ else NOT_GIVEN
        for side in sides
    ]


def _lines_of(judgement: Mapping[str, Json]) -> dict[str, str]:
    """The lines of a judgement that say something; further evidence under no name."""
    evidence = judgement.get("evidence") or []
    references = evidence if isinstance(evidence, list) else [{"title": evidence}]
    tables = [each for each in references if isinstance(each, dict)]
    said = {**judgement, **(tables[0] if tables else {})}
    score = judgement.get("score")
    lines = {name: str(said[name]) for name in LINES if said.get(name) not in (None, "")}
    if isinstance(score, int | float):
        lines["score"] = f"{score:g}"
    if "answer" in lines:
        lines["answer"] = str(ANSWERS.get(lines["answer"], lines["answer"]))
    if "file" in lines:
        lines["file"] = _document(tables[0])
    further = "; ".join(
        " ".join(
            _document(each) if name == "file" else str(each[name]) for name in EVIDENCE if each.get(name)
        )
        for each in tables[1:]
    )
    return {**lines, **({"": further} if further else {})}


def _document(reference: Mapping[str, Json]) -> str:
    """A file by its name and the begin of its digest, which tells two of one name apart."""
    digest = str(reference.get("digest") or "")[:8]
    return f"{reference['file']} ({digest})" if digest else str(reference["file"])


def _line(name: str, lines: Mapping[str, str]) -> str:
    value = lines.get(name, NOT_GIVEN)
    return value if name in ("answer", "score") else f"{LINES.get(name, _FURTHER)} {value}"


def judged(judgement: Mapping[str, Any] | None) -> str:
    """A judgement in one line: the answer or score, then the remark."""
    if judgement is None:
        return NOT_GIVEN
    score = judgement.get("score")
    parts = [str(ANSWERS.get(str(judgement.get("answer")), judgement.get("answer") or ""))]
    parts += [] if score is None else [f"{score:g}"]
    parts += [str(judgement["remark"])] if judgement.get("remark") else []
    return _shortened(" ".join(part for part in parts if part)) or NOT_GIVEN


def _word(value: Json) -> str:
    if value is None:
        return NOT_GIVEN
    if value in ("true", "false", True, False):
        return str(ANSWERS["yes" if value in ("true", True) else "no"])
    return str(value)


def _shortened(text: str) -> str:
    said = visible(text)
    return said if len(said) <= _LONG else f"{said[: _LONG - 1]}…"


def turned_back(event: Event, names: Names = NO_NAMES) -> Text | None:
    """Whether an event takes another back, or does again what was taken back."""
    taken_back, at = False, event.undoes
    while at is not None:
        taken_back = not taken_back
        at = next((each.undoes for each in reversed(names.events) if each.sequence == at), None)
    return None if event.undoes is None else BACK if taken_back else AGAIN


def told(event: Event, names: Names = NO_NAMES) -> str:
    """An event as a sentence without its author: what, from which value to which."""
    old, new = change_of(event)
    what = f"{turned_back(event, names) or ''}{OPERATIONS[event.operation]} {what_of(event, names)}".rstrip()
    return f"{what}: {old} → {new}"


def in_short(error: BalanceError, names: Names) -> Text | None:
    """A refusal that names a person's area, for the message line: by the school, or the narrowest part of it."""
    if not isinstance(error, NoRole):
        return None
    area = error.area
    school = names.schools.get(area.school, area.school) if area.school else None
    return error.told_of(visible(school or area.county or area.city or area.province or str(area)))


def told_short(events: Sequence[Event], names: Names = NO_NAMES, *, saved: bool = False) -> Text:
    """What somebody has just done, for the message line."""
    last = events[-1]
    zh, en = (" 等", " and others") if len({each.actor for each in events}) > 1 else ("", "")
    who = Text("已保存", "saved") if saved else Text(f"{last.actor}{zh}", f"{last.actor}{en}")
    if len(events) > 1:
        return Text(f"{who.zh} {len(events)} 处", f"{who.en} {len(events)} changes")
    return Text(f"{who.zh}: {told(last, names)}", f"{who.en}: {told(last, names)}")
