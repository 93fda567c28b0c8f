"""Every view by its id: what it is called, the key that leads to it, and the module that builds it.

A module of this package has `build(study, where) -> View`, called on the app's thread, and may have
`prepare(study) -> None`, called in the background after an evaluation, for frames that take long to make. Modules
import polars, so they are imported when first needed, after the first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...language import Text

if TYPE_CHECKING:
    from ..assessing.session import Session
    from ..study import Study
    from ..view import View
    from ..where import Where


@dataclass(frozen=True, slots=True)
class ViewKind:
    """A view one can go to. `of_county` views show one county and year; `keys` lead there from anywhere; `heavy`
    modules have `prepare`; those not `listed` are reached from a row of another view alone."""

    id: str
    title: Text
    help: Text
    keys: tuple[str, ...] = ()
    of_county: bool = True
    heavy: bool = False
    footer: int = 0
    listed: bool = True


KINDS: dict[str, ViewKind] = {
    kind.id: kind
    for kind in (
        ViewKind(
            "counties", Text("各县", "counties"),
            Text("每县每年一行: 结论、各部分、差异系数", "a row a county and year: verdict, parts, coefficients"),
            ("0",), of_county=False, heavy=True,
        ),
        ViewKind(
            "overview", Text("总览", "overview"),
            Text("结论、由什么决定、缺什么", "the verdict, what decides it, what is missing"), ("1",), heavy=True,
        ),
        ViewKind(
            "schools", Text("学校 × 指标", "schools × indicators"),
            Text("每校每项指标: 数值、标记、差距", "every school and indicator: value, mark, distance"), ("2",), heavy=True,
        ),
        ViewKind(
            "dispersion", Text("校际差异", "dispersion"),
            Text("差异系数与各校的贡献", "coefficients and each school's contribution"), ("3",),
        ),
        ViewKind(
            "items", Text("要求", "requirements"),
            Text("各部分的要求: 结论、数值、所需证据", "the items of the parts: status, value, evidence wanted"), ("4",),
        ),
        ViewKind(
            "findings", Text("数据问题", "data findings"),
            Text("按级别排列, 可到所在的格", "by severity, each leading to its cell"), ("5",), of_county=False, heavy=True,
        ),
        ViewKind(
            "data", Text("数据", "data"),
            Text("填报的数据: 一行一校一学段", "what was reported: a row a school and stage"), ("6",), heavy=True,
        ),
        ViewKind(
            "reliefs", Text("过渡条款", "reliefs"),
            Text("用到的过渡条款与整改期限", "reliefs used and when each must be cured"), ("7",),
        ),
        ViewKind(
            "excluded", Text("不计入的", "left out"),
            Text("不计入评估范围的学段与原因", "sections left out of the indicators, and why"), ("8",),
        ),
        ViewKind(
            "standard", Text("标准", "the standard"),
            Text("条款、限值、所在行, 可折叠", "clauses, limits and places, as a tree"), ("9",), of_county=False,
        ),
        ViewKind(
            "county_data", Text("县级数据", "county facts"),
            Text("一县一年的县级数据", "the facts of the county as a whole"),
        ),
        ViewKind(
            "mapping", Text("表头对应", "header mapping"),
            Text("每列读作哪个数据项", "which column is read as which fact"), ("m",), of_county=False,
        ),
        ViewKind(
            "settings", Text("设置", "settings"),
            Text("标准留待确定的值及其出处", "what the standard leaves open, and its values"),
        ),
        ViewKind(
            "switch", Text("换标准", "switch the standard"),
            Text("各标准下的结论; 回车换用", "the verdict under each standard; enter to use it"),
            ("p",), of_county=False, footer=30,
        ),
        ViewKind(
            "compare", Text("比较", "compare"),
            Text("同一数据在几部标准下, 不同的在先; a 选标准", "the data under several standards; a chooses them"),
            ("c",), of_county=False, footer=35,
        ),
        ViewKind(
            "scorecard", Text("评分", "scorecard"),
            Text("维度、要点: 满分、建议、自评、核定、依据", "dimensions and points: maximum, scores, evidence"), ("C",),
        ),
        ViewKind(
            "why", Text("来历", "origin"),
            Text("由哪层标准的哪一行、哪一条设定, 取代了什么; 在一格上按 w", "layer, line, clause, what it replaced; w"),
            of_county=False, listed=False,
        ),
        ViewKind(
            "plugins", Text("插件", "plugins"),
            Text("插件的状态与原因; 空格启用或停用", "plugins, their states and why; space switches one on or off"),
            ("P",), of_county=False,
        ),
        ViewKind(
            "panel", Text("插件的屏", "a plugin's view"),
            Text("插件给出的一屏, 由插件屏进入", "what a plugin shows of a county; from the plugin screen"),
            listed=False,
        ),
    )
}  # fmt: skip


DESK_KINDS: dict[str, ViewKind] = {
    kind.id: kind
    for kind in (
        ViewKind(
            "assessments", Text("评估项目", "assessments"),
            Text("工作区中的评估及其状态; 回车打开", "the assessments of the workspace; enter opens one"),
            ("O",), of_county=False,
        ),
        ViewKind(
            "history", Text("修改记录", "history"),
            Text("谁在何时把什么改为什么, 为何", "who changed what, when, from what to what, and why"),
            ("K",), of_county=False,
        ),
        ViewKind(
            "steps", Text("审核", "review"),
            Text("提交、退回、通过、解锁", "submit, return, approve, unlock"),
            ("V",), of_county=False,
        ),
        ViewKind(
            "people", Text("人员", "people"),
            Text("用户、角色、谁在线", "users, their roles, who is here"), of_county=False,
        ),
        ViewKind(
            "workspace", Text("工作区", "workspace"),
            Text("位置、末条校验值、备份、发件箱", "place, head hash, backups, what goes out"), ("M",), of_county=False,
        ),
        ViewKind(
            "verify", Text("核对", "verification"),
            Text("记录链、存档与结论的核对", "whether chain, stored data and results are what they were"), of_county=False,
        ),
    )
}  # fmt: skip
"""The views of what is recorded in a workspace: their modules have `build(session, where)`, and ask for no study."""
OF_WORKSPACE = ("assessments", "people", "workspace", "verify")
"""Those of the whole workspace, whichever assessment is open."""


def module_of(kind: str) -> Any:
    """The module that builds a view of this kind."""
    return import_module(f".{kind}", __package__)


def build_of_desk(session: Session, where: Where) -> View:
    """The view of a place that shows what is recorded. Errors: those of the desk."""
    view: View = module_of(where.view).build(session, where)
    return view


def build(study: Study, where: Where) -> View:
    """The view of a place. Errors: `UsageError` where the data holds no such county or thing."""
    view: View = module_of(where.view).build(study, where)
    return view


def prepare(study: Study) -> None:
    """Make the frames of heavy views, in the background."""
    if not study.result.is_rejected:
        for kind in KINDS.values():
            if kind.heavy:
                module_of(kind.id).prepare(study)
