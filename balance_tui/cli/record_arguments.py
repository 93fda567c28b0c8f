"""The commands of records and their options: `assess`, `workspace`, `user`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ..language import Text

Action = Callable[[str, Text], argparse.ArgumentParser]
NAME = Text("评估的名称", "name of the assessment")


def add_assess(action: Action, data_options: Callable[[argparse.ArgumentParser], None]) -> None:
    """`assess ...`: what is done to an assessment."""
    new = action("new", Text("新建评估, 可同时导入数据", "create an assessment, with data at once if given"))
    new.add_argument("name", metavar="NAME", help=str(NAME))
    new.add_argument("--title", default="", help=str(Text("标题", "title")))
    _area(new, Text("评估范围", "what it is about"))
    new.add_argument("--year", type=int, help=str(Text("年份", "year")))
    data_options(new)
    action("list", Text("列出评估及其状态", "list assessments and where they stand"))
    importing = action(
        "import",
        Text("导入新的数据, 列出变化, 更正保留", "import newer data; shows changes, keeps corrections"),
    )
    importing.add_argument("name", metavar="NAME", help=str(NAME))
    data_options(importing)
    importing.add_argument(
        "--dry-run", action="store_true", help=str(Text("只列变化", "only show what would change"))
    )
    _reason(importing)
    for name, text in (
        ("open", Text("全屏打开", "open full screen")),
        ("show", Text("结论与理由", "the verdict and its reasons")),
        ("history", Text("谁在何时改了什么", "who changed what, when")),
    ):
        shown = action(name, text)
        shown.add_argument("name", metavar="NAME", help=str(NAME))
        if name == "history":
            _fact(shown, needed=False)
            shown.add_argument("--item", help=str(Text("项目编号", "id of an item")))
    edit = action("edit", Text("更正数据", "correct figures"))
    edit.add_argument("name", metavar="NAME", help=str(NAME))
    _fact(edit, needed=False)
    edit.add_argument("--value", help=str(Text("新值, 空为未填", "new value; empty for not reported")))
    edit.add_argument(
        "--file", metavar="CSV", help=str(Text("成批更正: 列同数据更正表", "many at once, from a table"))
    )
    edit.add_argument(
        "--restore", action="store_true", help=str(Text("恢复导入值", "back to the imported value"))
    )
    _reason(edit)
    judge = action("judge", Text("判定项目", "judge items"))
    judge.add_argument("name", metavar="NAME", help=str(NAME))
    judge.add_argument("--item", help=str(Text("项目编号", "id of the item")))
    for option, text in (
        ("--answer", Text("yes、no、na、数或等级", "yes, no, na, a number or a grade")),
        ("--remark", Text("说明", "remark")), ("--unit", Text("责任单位", "responsible unit")),
        ("--evidence", Text("佐证: 名称", "evidence: title of the document")),
        ("--evidence-number", Text("佐证: 文号", "its number")), ("--evidence-date", Text("佐证: 日期", "its date")),
        ("--evidence-file", Text("佐证: 工作区内的文件", "its file inside the workspace")),
        ("--school", Text("学校标识码", "id of the school")), ("--judgements", Text("成批: 判定表", "many at once: a table")),
    ):  # fmt: skip
        judge.add_argument(option, help=str(text))
    judge.add_argument("--score", type=float, help=str(Text("得分", "score")))
    judge.add_argument(
        "--source",
        default="verified",
        help=str(Text("来源: self、verified 或其他", "self, verified or other")),
    )
    judge.add_argument(
        "--withdraw", action="store_true", help=str(Text("撤去判定", "take the judgement away"))
    )
    _place(judge)
    _reason(judge)
    settle = action("set", Text("给定设置", "give a setting"))
    settle.add_argument("name", metavar="NAME", help=str(NAME))
    settle.add_argument("settings", nargs="+", metavar="ID=VALUE")
    _reason(settle)
    accept = action("acknowledge", Text("确认数据问题", "acknowledge a data finding"))
    accept.add_argument("name", metavar="NAME", help=str(NAME))
    accept.add_argument("--code", required=True, help=str(Text("问题代码", "code of the finding")))
    _fact(accept, needed=False)
    _reason(accept, required=True)
    for name, text in (
        ("submit", Text("提交上一级", "submit to the next level")), ("return", Text("退回", "return with remarks")),
        ("approve", Text("通过并锁定", "approve and lock")), ("unlock", Text("解锁", "unlock")),
    ):  # fmt: skip
        step = action(name, text)
        step.add_argument("name", metavar="NAME", help=str(NAME))
        _reason(step, required=name in ("return", "unlock"))
    verify = action("verify", Text("核对记录链与结论", "check the chain, and evaluate again"))
    verify.add_argument("name", nargs="?", metavar="NAME", help=str(NAME))
    verify.add_argument(
        "--head", metavar="HASH", help=str(Text("别处所存的末条校验值", "the head hash kept elsewhere"))
    )
    export = action("export", Text("导出更正、判定、历史", "write corrections, judgements and history"))
    export.add_argument("name", metavar="NAME", help=str(NAME))
    export.add_argument("--out", required=True, metavar="DIR", help=str(Text("文件夹", "folder")))


def add_workspace(action: Action) -> None:
    """`workspace ...`: what an administrator does to the whole."""
    action("new", Text("新建工作区", "make a workspace"))
    action("info", Text("位置、用户、评估、末条校验值", "place, users, assessments, head hash"))
    backup = action("backup", Text("使用中备份", "back up while in use"))
    backup.add_argument("file", metavar="FILE")
    restore = action("restore", Text("从备份恢复到新的工作区", "restore a backup into a new workspace"))
    restore.add_argument("file", metavar="FILE")
    action("migrate", Text("升级旧版本的工作区", "bring an older workspace up to date"))


def add_user(action: Action) -> None:
    """`user ...`: who may do what, and with which keys they log in."""
    add = action("add", Text("添加用户", "add a user"))
    add.add_argument("user", metavar="USER")
    add.add_argument(
        "--key", metavar="FILE", help=str(Text("OpenSSH 公钥文件", "file with an OpenSSH public key"))
    )
    action("list", Text("列出用户与授权", "list users and their roles"))
    for name, text in (
        ("grant", Text("授予角色", "grant a role")),
        ("revoke", Text("收回角色", "take a role back")),
    ):
        grant = action(name, text)
        grant.add_argument("user", metavar="USER")
        grant.add_argument("role", choices=("viewer", "reporter", "inspector", "author", "admin"))
        _area(grant, Text("范围, 缺省为全部", "where; everywhere by default"))
        grant.add_argument("--school", help=str(Text("只在一所学校", "in one school only")))
    for name, text in (
        ("disable", Text("停用", "keep a user out")),
        ("enable", Text("启用", "let a user in again")),
    ):
        action(name, text).add_argument("user", metavar="USER")
    action("keys", Text("authorized_keys 的内容", "what goes into authorized_keys"))


def _area(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument(
        "--area", default="", metavar="PROVINCE/CITY/COUNTY",
        help=f"{text}: {Text('省/市/县', 'province/city/county')}",
    )  # fmt: skip


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--county", help=str(Text("县", "county")))
    parser.add_argument("--year", type=int, help=str(Text("年份", "year")))


def _fact(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument(
        "--school",
        help=str(Text("学校标识码或名称", "id or name of the school")),
    )
    parser.add_argument("--stage", choices=("primary", "junior", "senior"), help=str(Text("学段", "stage")))
    parser.add_argument("--field", required=needed, help=str(Text("数据项代码", "code of the fact")))
    _place(parser)


def _reason(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument("--reason", default="", required=required, help=str(Text("理由", "reason")))
