"""What is done to an assessment or the workspace as a whole: exporting, verifying, backing up, keys to log in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action
from .places import at_workspace, in_assessment, on_person

if TYPE_CHECKING:
    from ..app import BalanceApp


def _named(app: BalanceApp) -> str | None:
    """The assessment one stands on in the list of them, else the open one."""
    if app.session is None:
        return None
    here = (app.record or {}).get("assessment") if app.where.view == "assessments" else None
    return str(here) if here is not None else app.session.name


@action(
    "assess-export", "E", label=Text("导出", "export"), footer=16, when=lambda app: _named(app) is not None,
    views=("assessments", "workspace", "steps", "history"),
    help=Text("导出评估的更正、判定、历史, 进发件箱", "corrections, judgements and history of an assessment, into the outbox"),
)  # fmt: skip
def export(app: BalanceApp) -> None:
    """Export the assessment one stands on, or that is open."""
    from ..assessing.exporting import export as begin

    begin(app, str(_named(app)))


@action(
    "verify-begin", "a", label=Text("核对", "verify"), footer=12, views=("verify",), when=at_workspace,
    help=Text("核对记录链、存档与结论; 可输入报告上的校验值", "check chain, stored data and results; against a head on a report"),
)  # fmt: skip
def verify(app: BalanceApp) -> None:
    """Ask against which head, then verify behind the screen."""
    from ..assessing.verifying import begin

    begin(app)


def _is_busy(app: BalanceApp) -> bool:
    return app.session is not None and bool(app.session.errands.running)


@action(
    "stop", "T", label=Text("停止", "stop"), footer=8, when=_is_busy,
    help=Text("停止正在进行的核对、导出、读取", "leave off verifying, exporting or reading"),
)  # fmt: skip
def stop(app: BalanceApp) -> None:
    """Leave off what was begun last."""
    from ..assessing.errands import stop as leave_off

    leave_off(app)


@action(
    "workspace-backup", "b", label=Text("备份", "back up"), footer=12, views=("workspace",), when=at_workspace,
    help=Text("使用中备份整个工作区, 备份后核对 (管理员)", "copy the whole workspace while in use, check it (administrators)"),
)  # fmt: skip
def back_up(app: BalanceApp) -> None:
    """Copy the workspace into a file."""
    from ..assessing.keeping import back_up as begin

    begin(app)


@action(
    "user-disable", "d", label=Text("停用/启用", "out/in"), footer=17, place="table", views=("people",),
    help=Text("停用所在的用户 (授权保留), 或重新启用", "keep this user out, whose roles stay; or let in again"),
    when=on_person,
)  # fmt: skip
def disable(app: BalanceApp) -> None:
    """Keep the user of the row out, or let them in again."""
    from ..assessing.administering import disable as begin

    begin(app, str((app.record or {})["user"]))


@action(
    "user-key", "L", label=Text("登录密钥", "key"), footer=18, place="table", views=("people",), when=on_person,
    help=Text("给所在的用户加一把登录公钥 (可粘贴), 或收回一把", "give this user a public key, or take one away"),
)  # fmt: skip
def change_keys(app: BalanceApp) -> None:
    """Register a key of the user of the row, or take one away."""
    from ..assessing.administering import change_keys as begin

    begin(app, str((app.record or {})["user"]))


@action(
    "user-keys", "W", label=Text("登录行", "key lines"), footer=20, place="table", views=("people",), when=at_workspace,
    help=Text("authorized_keys 的内容, 可复制或写入发件箱", "the lines of authorized_keys, to copy or write into the outbox"),
)  # fmt: skip
def key_lines(app: BalanceApp) -> None:
    """Show what goes into `authorized_keys`."""
    from ..assessing.administering import show_lines

    show_lines(app)


@action(
    "user-keys-write", "E", label=Text("写入发件箱", "into the outbox"), footer=12, views=("keys",), when=at_workspace,
    help=Text("把这些行写成发件箱中的文件", "write these lines into a file of the outbox"),
)  # fmt: skip
def write_key_lines(app: BalanceApp) -> None:
    """Write the lines into the outbox."""
    from ..assessing.administering import write_lines

    write_lines(app)


@action(
    "judge-table", label=Text("成批判定", "judge from a table"), when=in_assessment,
    help=Text("从判定表 (收件箱或文件) 一并判定, 先看影响", "many judgements at once from a table; first what would change"),
)  # fmt: skip
def judge_table(app: BalanceApp) -> None:
    """Judge what a table says."""
    from ..assessing.tables import begin

    begin(app)
