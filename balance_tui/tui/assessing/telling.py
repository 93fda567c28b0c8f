"""How what was recorded is told: events, targets and values in the words of the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ...data.dictionary import STAGES, dictionary
from ...errors import visible
from ...language import Text
from ...records.event import Event, Json
from ...records.refusals import STATES
from ...records.state import key_of

OPERATIONS: Mapping[str, Text] = {
    "create": Text("新建", "created"), "import": Text("导入", "imported"), "standard": Text("标准", "standard"),
    "setting": Text("设置", "setting"), "fact": Text("更正", "corrected"), "judge": Text("判定", "judged"),
    "acknowledge": Text("确认", "acknowledged"), "submit": Text("提交", "submitted"), "return": Text("退回", "returned"),
    "approve": Text("通过", "approved"), "unlock": Text("解锁", "unlocked"), "note": Text("备注", "noted"),
    "user": Text("用户", "user"), "grant": Text("授权", "granted"), "revoke": Text("收回", "revoked"),
    "key": Text("密钥", "key"),
}  # fmt: skip
ANSWERED: Mapping[str, Text] = {"yes": Text("是", "yes"), "no": Text("否", "no"), "na": Text("不适用", "n/a")}
SOURCES: Mapping[str, Text] = {"self": Text("自评", "self"), "verified": Text("核定", "verified")}
NOT_GIVEN = "—"
_IMPORTED = Text("导入值", "as imported")
_BACK = Text("撤回", "undone: ")
_USER = {True: Text("停用", "kept out"), False: Text("可用", "let in")}
_LONG = 60


Names = Mapping[str, str]
"""The names of schools by their id."""
NO_NAMES: Names = {}


def local_time(event: Event) -> str:
    """When it was, on the clock of this machine: month, day, hour, minute."""
    return dt.datetime.fromisoformat(event.time).astimezone().strftime("%m-%d %H:%M")


def what_of(event: Event, names: Names = NO_NAMES) -> str:
    """What an event changed: the fact with its school, the item, the finding."""
    kind, key = key_of(event.target)
    if kind not in ("fact", "item", "finding"):
        return " ".join(visible(str(part)) for part in key if part is not None)
    _, school, stage, name, *rest = key
    parts = [
        names.get(str(school), school),
        STAGES[str(stage)] if stage in STAGES else None,
        _named(kind, str(name)),
    ]
    parts += [SOURCES.get(str(each), each) for each in rest if kind == "item"]
    return " ".join(visible(str(part)) for part in parts if part is not None)


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


def judged(judgement: Mapping[str, Any] | None) -> str:
    """A judgement in one line: the answer or score, then the remark."""
    if judgement is None:
        return NOT_GIVEN
    score = judgement.get("score")
    parts = [str(ANSWERED.get(str(judgement.get("answer")), judgement.get("answer") or ""))]
    parts += [] if score is None else [f"{score:g}"]
    parts += [str(judgement["remark"])] if judgement.get("remark") else []
    return _shortened(" ".join(part for part in parts if part)) or NOT_GIVEN


def _word(value: Json) -> str:
    if value is None:
        return NOT_GIVEN
    if value in ("true", "false", True, False):
        return str(ANSWERED["yes" if value in ("true", True) else "no"])
    return str(value)


def _shortened(text: str) -> str:
    said = visible(text)
    return said if len(said) <= _LONG else f"{said[: _LONG - 1]}…"


def told(event: Event, names: Names = NO_NAMES) -> str:
    """An event as a sentence without its author: what, from which value to which."""
    back = str(_BACK) if event.undoes else ""
    changed = f"{value_of(event, event.old)} → {value_of(event, event.new)}"
    what = f"{back}{OPERATIONS[event.operation]} {what_of(event, names)}".rstrip()
    return f"{what}: {changed}"


def told_short(events: Sequence[Event], names: Names = NO_NAMES, *, saved: bool = False) -> Text:
    """What somebody has just done, for the message line."""
    last = events[-1]
    zh, en = (" 等", " and others") if len({each.actor for each in events}) > 1 else ("", "")
    who = Text("已保存", "saved") if saved else Text(f"{last.actor}{zh}", f"{last.actor}{en}")
    if len(events) > 1:
        return Text(f"{who.zh} {len(events)} 处", f"{who.en} {len(events)} changes")
    return Text(f"{who.zh}: {told(last, names)}", f"{who.en}: {told(last, names)}")
