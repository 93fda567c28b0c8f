"""The sentences for what a desk refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import Refused
from ..language import Text
from .state import Assessment

_NAME = re.compile(r"(?![-.])[\w.@-]{1,64}")
_BYTES = 200
"""Most bytes of a name: it may stand in the name of a file."""

STATES: Mapping[str, Text] = {
    "open": Text("填报中", "open"), "returned": Text("已退回", "returned"),
    "submitted": Text("已提交待审", "submitted"), "approved": Text("已通过", "approved"),
}  # fmt: skip
"""What the review of an assessment can be."""


def check_name(name: str) -> str:
    """A name that can stand in a command line, a file name and a key file. Errors: REC-NAME."""
    if not _NAME.fullmatch(name) or len(name.encode("utf-8", "surrogateescape")) > _BYTES:
        raise Refused(
            "REC-NAME",
            Text(f"“{name[:80]}”不能作名称", f"'{name[:80]}' cannot be a name"),
            Text(
                "用字母、汉字、数字、点、横线、下划线, 至多 64 个, 不以点或横线开头",
                "letters, digits, dots, dashes and underscores, at most 64, not beginning with a dot or a dash",
            ),
        )
    return name


def unknown_assessment(name: str) -> Refused:
    """There is no assessment of this name."""
    return Refused(
        "REC-ASSESSMENT",
        Text(f"没有评估“{name}”", f"there is no assessment '{name}'"),
        Text("assess list 列出全部", "assess list shows all"),
    )


def unknown_user(name: str) -> Refused:
    """There is no user of this name."""
    what = Text(f"没有用户“{name}”", f"there is no user '{name}'")
    return Refused("REC-USER", what, Text("先 user add", "user add first"))


def locked(one: Assessment) -> Refused:
    """Nothing can be changed while the assessment is in review, or after."""
    submitted = one.review == "submitted"
    return Refused(
        "REC-LOCKED",
        Text("已提交上级审核, 不能再改", "submitted for review: nothing can be changed") if submitted
        else Text("已通过审核并锁定", "approved and locked"),
        Text("等待退回, 或请管理员说明理由后解锁", "wait for its return, or ask an administrator to unlock it"),
    )  # fmt: skip


def wrong_state(one: Assessment, level: Text) -> Refused:
    """A step of the review that does not follow from where it stands."""
    state = STATES[one.review]
    zh = f"{level.zh} {state.zh}" if level.zh else state.zh
    en = f"{level.en}: {state.en}" if level.en else state.en
    return Refused(
        "REC-REVIEW",
        Text(f"现为“{zh}”, 此步不适用", f"it is now '{en}'; this step does not apply"),
        Text("assess list 列出各评估的状态", "assess list shows where each one stands"),
    )  # fmt: skip


def reasonless() -> Refused:
    """A reason is needed and none was given."""
    return Refused(
        "REC-REASON", Text("须写明理由", "a reason is needed"), Text("请补写一句", "write a sentence")
    )


def overtaken() -> Refused:
    """The standard was changed while something was being recorded under the one before."""
    return Refused(
        "REC-OVERTAKEN",
        Text("评估所用的标准刚被他人更换, 没有写入", "somebody has just changed the standard; nothing was written"),
        Text("请看过新的结论再做", "look at the verdict under it, then decide"),
    )  # fmt: skip


def changed_meanwhile() -> Refused:
    """Somebody changed the assessment after it was evaluated for a step of its review."""
    return Refused(
        "REC-CHANGED",
        Text("评估刚被他人改动, 没有提交", "somebody has just changed the assessment; the step was not taken"),
        Text("请看过现在的结论再做", "look at the verdict as it is now, then decide"),
    )  # fmt: skip
