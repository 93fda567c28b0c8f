"""What was recorded, in words: what an event did, from which value to which; for the command line and the screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data.dictionary import ANSWERS
from ..errors import visible
from ..language import Text
from .event import Event, Json
from .refusals import STATES

OPERATIONS: Mapping[str, Text] = {
    "create": Text("新建", "created"), "import": Text("导入", "imported"), "standard": Text("标准", "standard"),
    "setting": Text("设置", "setting"), "fact": Text("更正", "corrected"), "judge": Text("判定", "judged"),
    "acknowledge": Text("确认", "acknowledged"), "submit": Text("提交", "submitted"), "return": Text("退回", "returned"),
    "approve": Text("通过", "approved"), "unlock": Text("解锁", "unlocked"), "note": Text("备注", "noted"),
    "user": Text("用户", "user"), "grant": Text("授权", "granted"), "revoke": Text("收回", "revoked"),
    "key": Text("密钥", "key"), "clock": Text("时钟", "clock"),
}  # fmt: skip
SOURCES: Mapping[str, Text] = {"self": Text("自评", "self"), "verified": Text("核定", "verified")}
NOT_GIVEN = "—"
_IMPORTED = Text("导入值", "as imported")
_USER = {True: Text("停用", "kept out"), False: Text("可用", "let in")}
_LONG, _LEAST = 60, 20


LINES: Mapping[str, Text] = {
    "answer": Text("判定", "answer"), "score": Text("得分", "score"), "remark": Text("备注", "remark"),
    "title": Text("佐证 名称", "evidence: title"), "number": Text("佐证 文号", "evidence: number"),
    "date": Text("佐证 日期", "evidence: date"), "file": Text("佐证 文件", "evidence: file"),
    "unit": Text("责任单位", "responsible unit"),
}  # fmt: skip
"""The lines of a judgement."""
EVIDENCE = ("title", "number", "date", "file")
_FURTHER = Text("佐证 其他", "further evidence")


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
    """Judgements, each in one line: what is not the same in all of them, by name; where all is, the judgement."""
    sides = [_lines_of(each) if each else {} for each in judgements]
    differ = [name for name in (*LINES, "") if len({side.get(name) for side in sides}) > 1]
    if not differ:
        return [judged(each) for each in judgements]
    # Several lines share the room: the end of one may tell what the begin of another does not.
    room = max(_LONG // len(differ), _LEAST)
    return [
        _shortened(" ".join(_shortened(_line(name, side), room) for name in differ)) if side else NOT_GIVEN
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


def _shortened(text: str, room: int = _LONG) -> str:
    said = visible(text)
    return said if len(said) <= room else f"{said[: room - 1]}…"
