"""Recording in an assessment: correcting facts, judging, accepting findings, giving settings; undo, redo, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action
from ..where import where
from .places import at_workspace, in_assessment, on_person

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..assessing.facts import Target

_FACTS = ("data", "county_data")


def _on_row(app: BalanceApp) -> bool:
    return in_assessment(app) and app.study is not None and app.record is not None


@action(
    "edit", "i", label=Text("更正", "correct"), footer=11, place="table", views=_FACTS, when=_on_row,
    help=Text("更正所在的一格; 先看影响, 再保存", "correct this cell: first what would change, then saving"),
)  # fmt: skip
def edit(app: BalanceApp) -> None:
    """Type another value for the cell one stands on."""
    from ..assessing.facts import edit as begin

    begin(app, _cell(app))


def _cell(app: BalanceApp) -> Target:
    from ..assessing.facts import target

    table, record = app.table, app.record
    assert table is not None
    assert table.column is not None
    assert record is not None
    return target(app.looked_at, record, table.column.key, app.where.view)


def _proposing(app: BalanceApp) -> bool:
    return app.session is not None and app.session.proposal is not None


@action(
    "proposal-enter", "enter", label=Text("确定", "confirm"), footer=10, views=("proposal",), when=_proposing,
    help=Text("保存所示的修改; 在可填的一行上则填写", "save what is shown; on a line that can be filled in, fill it in"),
)  # fmt: skip
def enter(app: BalanceApp) -> None:
    """Save, or fill in the line one stands on."""
    from ..assessing.proposing import is_free

    change = (app.record or {}).get("change")
    proposal = app.session.proposal if app.session is not None else None
    if change is None:
        save(app)
    elif proposal is not None and is_free(app, proposal):
        change(app)


@action(
    "proposal-save", "s", label=Text("保存", "save"), footer=12, views=("proposal",), when=_proposing,
    help=Text("保存所示的修改", "save what is shown"),
)  # fmt: skip
def save(app: BalanceApp) -> None:
    """Record what is shown."""
    from ..assessing.proposing import confirm

    if app.session is not None and app.session.proposal is not None:
        confirm(app, app.session.proposal)


@action(
    "proposal-reason", "i", label=Text("理由", "reason"), footer=14, views=("proposal",), when=_proposing,
    help=Text("写明理由, 留在记录中", "write a reason, kept in the history"),
)  # fmt: skip
def reason(app: BalanceApp) -> None:
    """Type a reason."""
    from ..assessing.proposing import ask_reason

    if app.session is not None and app.session.proposal is not None:
        ask_reason(app, app.session.proposal)


@action(
    "restore", "R", label=Text("恢复导入值", "restore"), footer=16, place="table", views=_FACTS, when=_on_row,
    help=Text("选中的格恢复为导入的值", "the selected cells as they were imported"),
)  # fmt: skip
def restore(app: BalanceApp) -> None:
    """Take the corrections of the selected cells back."""
    from ..assessing.blocks import restore as begin

    begin(app)


@action(
    "fill", "D", label=Text("向下填", "fill down"), footer=18, place="table", views=("data",), when=_on_row,
    help=Text("选中多行 (v), 以第一行的值填其余各行", "select rows (v): the value of the first goes into the others"),
)  # fmt: skip
def fill(app: BalanceApp) -> None:
    """Fill the selection with its first row."""
    from ..assessing.blocks import fill as begin

    begin(app)


@action(
    "history", "H", label=Text("此处记录", "history"), footer=40, place="table", when=_on_row,
    views=("data", "county_data", "items", "scorecard", "findings", "settings"),
    help=Text("所在的格或项: 谁在何时改的, 原值, 新值, 为何", "of this cell or item: who, when, old, new, why"),
)  # fmt: skip
def history(app: BalanceApp) -> None:
    """What was done to the cell or item one stands on."""
    from ..assessing.here import target_here

    found = target_here(app)
    app.go(where("history", app.where.county, **found))


@action(
    "undo", "u", label=Text("撤销", "undo"), reserved=True,
    help=Text("撤销本次登录的上一处修改 (仅在评估中)", "take back one's last change (in an assessment)"),
)  # fmt: skip
def undo(app: BalanceApp) -> None:
    """Take back what was done last in this sitting."""
    if not in_assessment(app):
        app.say(Text("只读查看, 没有可撤销的修改", "read-only: there is nothing to undo"))
        return
    _turn_back(app, redo=False)


@action(
    "redo", "ctrl+r", label=Text("重做", "redo"), reserved=True,
    help=Text("重做撤销的修改 (仅在评估中)", "do again what was taken back (in an assessment)"),
)  # fmt: skip
def redo(app: BalanceApp) -> None:
    """Do again what was taken back last."""
    if not in_assessment(app):
        app.say(Text("只读查看, 没有可重做的修改", "read-only: there is nothing to redo"))
        return
    _turn_back(app, redo=True)


def _turn_back(app: BalanceApp, *, redo: bool) -> None:
    from ..assessing.following import saved
    from ..assessing.storing import store

    session = app.at_desk
    store(app, session.desk.redo if redo else session.desk.undo, lambda written: saved(app, session, written))


@action(
    "judge", "i", label=Text("判定", "judge"), footer=11, place="table", views=("items", "scorecard"), when=_on_row,
    help=Text("判定所在的一项: 答复或得分、备注、佐证、责任单位", "judge this item: answer or score, remark, evidence, unit"),
)  # fmt: skip
def judge(app: BalanceApp) -> None:
    """Judge the item one stands on."""
    from ..assessing.judging import judge as begin

    if app.record is not None:
        begin(app, app.record)


@action(
    "acknowledge", "i", label=Text("确认", "accept"), footer=11, place="table", views=("findings",), when=_on_row,
    help=Text("确认所在的数据问题, 写明理由 (报告照录)", "accept this finding for a reason, which reports repeat"),
)  # fmt: skip
def acknowledge(app: BalanceApp) -> None:
    """Accept the finding one stands on, or take that back."""
    from ..assessing.accepting import acknowledge as begin

    if app.record is not None:
        begin(app, app.record)


@action(
    "give-setting", "i", label=Text("给值", "set"), footer=11, place="table", views=("settings",), when=_on_row,
    help=Text("给所在的设置一个值; 先看影响, 再保存", "give this setting a value: first what would change, then saving"),
)  # fmt: skip
def give_setting(app: BalanceApp) -> None:
    """Give the setting one stands on a value."""
    from ..assessing.accepting import give_setting as begin

    if app.record is not None:
        begin(app, str(app.record["id"]))


@action(
    "assess-new", "a", label=Text("新建", "new"), footer=12, place="table", views=("assessments",), when=at_workspace,
    help=Text("新建一个评估: 名称、标题、范围、年份、标准", "a new assessment: name, title, area, year, standard"),
)  # fmt: skip
def create(app: BalanceApp) -> None:
    """Make an assessment."""
    from ..assessing.creating import create as begin

    begin(app)


@action(
    "assess-import", "I", label=Text("导入", "import"), footer=14, views=("assessments",), place="table",
    help=Text("导入数据文件: 先看变化; 更正与未给的种类保留", "import files: first what changes; corrections, other kinds stay"),
    when=lambda app: "assessment" in (app.record or {}),
)  # fmt: skip
def import_files(app: BalanceApp) -> None:
    """Import into the assessment one stands on."""
    from ..assessing.importing import begin

    begin(app, str((app.record or {})["assessment"]))


@action(
    "give-as-of", label=Text("评估日期", "judge as of"), when=in_assessment,
    help=Text("按哪一天判断, 空为数据年份年末", "the day the assessment is judged as of; empty: the end of its year"),
)  # fmt: skip
def give_as_of(app: BalanceApp) -> None:
    """Set the day the assessment is judged as of."""
    from ..assessing.accepting import give_as_of as begin

    begin(app)


@action(
    "give-standard", label=Text("换评估标准", "change its standard"), when=in_assessment,
    help=Text("评估从此按另一部标准判定, 须写理由", "judge the assessment by another standard from now on, for a reason"),
)  # fmt: skip
def give_standard(app: BalanceApp) -> None:
    """Judge the open assessment by another standard."""
    from ..assessing.creating import give_standard as begin

    begin(app)


@action(
    "user-add", "a", label=Text("新用户", "new user"), footer=12, place="table", views=("people",), when=at_workspace,
    help=Text("登记一个用户, 可同时给登录公钥", "make a user known, with a public key if there is one"),
)  # fmt: skip
def add_user(app: BalanceApp) -> None:
    """Make a user known."""
    from ..assessing.administering import add_user as begin

    begin(app)


@action(
    "user-grant", "i", label=Text("授权", "grant"), footer=14, place="table", views=("people",), when=on_person,
    help=Text("授予所在的用户一个角色和范围", "give this user a role and where it holds"),
)  # fmt: skip
def grant(app: BalanceApp) -> None:
    """Give the user one stands on a role."""
    from ..assessing.administering import grant as begin

    begin(app, str((app.record or {})["user"]))


@action(
    "user-take", "X", label=Text("收回/停用", "take, keep out"), footer=16, place="table", views=("people",),
    help=Text("收回所在的角色; 没有角色的则停用或重新启用", "take this role; who has none is kept out or let in again"),
    when=on_person,
)  # fmt: skip
def take(app: BalanceApp) -> None:
    """Take the role one stands on."""
    from ..assessing.administering import take as begin

    record = app.record or {}
    begin(app, str(record["user"]), record["grant"])
