"""Why a figure is what it is: a short code with arguments inside, one sentence in either language outside.

A reason is `code|argument|argument`; an argument that is a list of facts is joined by commas.
"""

from __future__ import annotations

from ..data.dictionary import Dictionary
from ..language import Text
from ..standard.names import DERIVED

TEMPLATES: dict[str, Text] = {
    "missing": Text("缺: {0}", "missing: {0}"),
    "zero": Text("分母为零", "the denominator is zero"),
    "differ": Text("两种来源的数不一致: {0}", "two sources of the figure disagree: {0}"),
    "declared": Text("已声明不适用", "declared not applicable"),
    "contradicted": Text("声明不适用, 却报有数据", "declared not applicable although figures are reported"),
    "none": Text("没有适用的学校", "no school it applies to"),
    "switched": Text("按设置不适用", "not asked for by the settings"),
    "met": Text("{0} 所(处)均达标", "all {0} met"),
    "answered": Text("判定: {0}", "answered: {0}"),
    "unanswered": Text("未判定, 需: {0}", "not answered; wanted: {0}"),
    "answers_differ": Text("各来源判定不一致", "the answers of several sources disagree"),
    "answer_unclear": Text("判定“{0}”不可识别", "the answer '{0}' is not one of those expected"),
    "no_county_facts": Text("没有该县的县级数据", "no county facts for this county"),
    "score": Text("{0} 分, 合格线 {1}", "{0} points, pass mark {1}"),
    "score_beyond": Text("{0} 分, 不在 0–{1} 分之内", "{0} points are not between 0 and {1}"),
    "scores_differ": Text("各核定分不一致", "several verified scores disagree"),
    "items": Text("{0}", "{0}"),
    "by": Text("按设置 {0}", "by the setting {0}"),
    "some": Text("{0} 项中 {1} 项: {2}", "{1} of {0} items: {2}"),
    "all_met": Text("{0} 项均达标", "all {0} items met"),
    "none_asked": Text("{0} 项均不适用", "none of the {0} items applies"),
    "resources": Text(
        "学校 {0} 行中 {1} 不达标、{2} 未知、{3} 过渡; 差异系数 {4} 项中 {5} 超限、{6} 未知",
        "of {0} sections {1} fail, {2} unknown, {3} relieved; of {4} dispersion figures {5} fail, {6} unknown",
    ),
    "sections": Text(
        "学校 {0} 行中 {1} 不达标、{2} 未知、{3} 过渡", "of {0} sections {1} fail, {2} unknown, {3} relieved"
    ),
    "figures": Text(
        "差异系数 {0} 项中 {1} 超限、{2} 未知", "of {0} dispersion figures {1} fail, {2} unknown"
    ),
    "stage_absent": Text("没有该学段的学校数据: {0}", "no schools reported for: {0}"),
    "no_sections": Text("评估范围内没有学校", "no section in scope"),
    "told": Text("{0}", "{0}"),
    "unset": Text("设置 {0} 未给定", "the setting {0} is not given"),
    "due": Text("{0} 年(日)起要求, 未到期", "due from {0}, not yet asked for"),
    "recorded": Text("已录: {0}", "recorded: {0}"),
    "not_recorded": Text("未录入", "not recorded"),
    "incomplete": Text("标准未收录完整", "the standard is not complete"),
}

"""Code → sentence; `{0}` and on are the arguments. `schools` has none: `_of_schools` makes its sentence."""

PAIR = "\x1f"
"""Between the Chinese and the English of one argument."""


def reason(code: str, *arguments: object) -> str:
    """A reason as it is kept in a frame; a `Text` keeps both its languages."""
    return "|".join((code, *map(_kept, arguments)))


def _kept(argument: object) -> str:
    text = PAIR.join(argument) if isinstance(argument, Text) else str(argument)
    return text.replace("|", "/")


def reason_text(kept: str | None, dictionary: Dictionary) -> Text:
    """A reason as a sentence; codes of facts become their labels."""
    if not kept:
        return Text("", "")
    code, *arguments = kept.split("|")
    if code == "schools":
        return _of_schools(*arguments)
    template = TEMPLATES.get(code)
    if template is None:
        return Text(kept, kept)
    filled = [_labels(argument, dictionary) for argument in arguments]
    return Text(*(
        sentence.format(*(argument[index] for argument in filled)) for index, sentence in enumerate(template)
    ))  # fmt: skip


def _of_schools(total: str, failing: str, unknown: str, relieved: str) -> Text:
    """How many of a population do not simply pass; kinds that do not occur are not named."""
    kinds = (
        (failing, Text("不达标", "fail")), (unknown, Text("未知", "unknown")), (relieved, Text("过渡达标", "relieved")),
    )  # fmt: skip
    found = [(number, kind) for number, kind in kinds if number != "0"]
    if not found:
        return Text(*(sentence.format(total) for sentence in TEMPLATES["met"]))
    zh = "、".join(f"{number} {kind.zh}" for number, kind in found)
    en = ", ".join(f"{number} {kind.en}" for number, kind in found)
    return Text(f"{total} 所(处)中 {zh}", f"of {total}: {en}")


def _labels(argument: str, dictionary: Dictionary) -> Text:
    if PAIR in argument:
        return Text(*argument.split(PAIR, 1))
    names = argument.split(",")
    if not all(name in dictionary or name in DERIVED for name in names):
        return Text(argument, argument)
    labels = [DERIVED.get(name) or dictionary.label(name) for name in names]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
