"""The commands of records and their options: `assess`, `workspace`, `user`, `login`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ..errors import readable
from ..language import Text

Action = Callable[[str, Text], argparse.ArgumentParser]
Command = Callable[[str, str, Text], argparse.ArgumentParser]
NAME = Text("评估的名称", "name of the assessment")
_PATHS = ("FILE", "DIR", "CSV")
"""What names a file is taken as it is, byte for byte; whatever goes into the records has to be text."""


def add_records(command: Command, actions: Callable[[argparse.ArgumentParser], Action]) -> None:
    """The four commands; `actions` gives what makes the actions of one."""
    text = Text(
        "评估项目: 新建、更正、判定、送审、核对", "assessments: create, correct, judge, review, verify"
    )
    _assess(actions(command("assess", "assess", text)))
    text = Text("工作区: 新建、备份、恢复、升级", "workspaces: make, back up, restore, migrate")
    _workspace(actions(command("workspace", "workspace", text)))
    _user(actions(command("user", "user", Text("用户、角色与登录密钥", "users, their roles and keys"))))
    login = command("login", "login", Text("SSH 强制命令的入口", "what a forced SSH command runs"))
    _option(login, "--user", Text("登录的用户", "the user who logs in"), metavar="USER", required=True)
    _flag(login, "--restricted", Text("不能离开本程序", "no way out of the program"))


def _assess(action: Action) -> None:
    """`assess ...`: what is done to an assessment."""
    _new(action)
    action("list", Text("列出评估及其状态", "list assessments and where they stand"))
    _import(action)
    _named(action, "open", Text("全屏打开", "open full screen"))
    _named(action, "show", Text("结论与理由", "the verdict and its reasons"))
    history = _named(action, "history", Text("谁在何时改了什么", "who changed what, when"))
    _fact(history)
    _option(history, "--item", Text("项目编号", "id of an item"), metavar="ID")
    _edit(action)
    _judge(action)
    settle = _named(action, "set", Text("给定设置, 空值撤去", "give settings; an empty value takes one away"))
    settle.add_argument("settings", nargs="+", metavar="ID=VALUE", type=readable)
    _reason(settle)
    change = _named(action, "standard", Text("换一部标准", "judge by another standard"))
    change.add_argument("profile", metavar="ID|PATH", type=readable)
    _reason(change, required=True)
    _acknowledge(action)
    _review(action)
    _keeping(action)


def _new(action: Action) -> None:
    new = _named(action, "new", Text("新建评估, 可同时导入数据", "create an assessment, with data if given"))
    _option(new, "--title", Text("标题", "title"), default="")
    _area(new, Text("评估范围", "what it is about"))
    new.add_argument("--year", type=int, help=str(Text("年份", "year")))
    _data(new, "*")
    _option(
        new,
        "--profile",
        Text("标准编号或文件", "standard id or file"),
        metavar="ID|PATH",
        default="national-2017",
    )
    new.add_argument(
        "--set", action="append", default=[], metavar="ID=VALUE", dest="settings", type=readable,
        help=str(Text("给定标准的一个设置, 可重复", "give a setting of the standard; may be repeated")),
    )  # fmt: skip
    _option(new, "--as-of", Text("按哪一天判断", "date to judge as of"), metavar="DATE")


def _import(action: Action) -> None:
    text = Text("导入新的数据, 列出变化, 更正保留", "import newer data; shows changes, keeps corrections")
    importing = _named(action, "import", text)
    _data(importing, "*")
    _flag(importing, "--dry-run", Text("只列变化", "only show what would change"))
    _reason(importing)


def _edit(action: Action) -> None:
    edit = _named(action, "edit", Text("更正数据", "correct figures"))
    _fact(edit)
    _option(edit, "--value", Text("新值, 空为未填", "new value; empty for not reported"))
    table = Text(
        "成批: 列 field, value, school, stage, county, year", "many at once: a table with these columns"
    )
    _option(edit, "--file", table, metavar="CSV")
    _flag(edit, "--restore", Text("恢复导入值", "back to the imported value"))
    _reason(edit)


def _judge(action: Action) -> None:
    judge = _named(action, "judge", Text("判定项目", "judge items"))
    for option, metavar, text in (
        ("--item", "ID", Text("项目编号", "id of the item")),
        ("--answer", "ANSWER", Text("yes、no、na、数或等级", "yes, no, na, a number or a grade")),
        ("--remark", "TEXT", Text("说明", "remark")), ("--unit", "NAME", Text("责任单位", "responsible unit")),
        ("--evidence", "TITLE", Text("佐证: 名称", "evidence: title of the document")),
        ("--evidence-number", "NUMBER", Text("佐证: 文号", "its number")),
        ("--evidence-date", "DATE", Text("佐证: 日期", "its date")),
        ("--evidence-file", "FILE", Text("佐证: 文件或收件箱中的文件名", "its file, or one of the inbox")),
        ("--school", "ID|NAME", Text("学校标识码或名称", "id or name of the school")),
        ("--judgements", "FILE", Text("成批: 判定表", "many at once: a table of judgements")),
    ):  # fmt: skip
        _option(judge, option, text, metavar=metavar)
    judge.add_argument("--score", type=float, help=str(Text("得分", "score")))
    source = Text("来源: self 自评、verified 核验或评分人", "self, verified, or the name of a scorer")
    _option(judge, "--source", source, metavar="NAME", default="verified")
    _flag(judge, "--withdraw", Text("撤去判定", "take the judgement away"))
    _place(judge)
    _reason(judge)


def _acknowledge(action: Action) -> None:
    accept = _named(action, "acknowledge", Text("确认数据问题", "acknowledge data findings"))
    _option(accept, "--code", Text("问题代码", "code of the finding"), required=True)
    _fact(accept)
    _flag(accept, "--withdraw", Text("撤去确认", "take it back"))
    _reason(accept)


def _review(action: Action) -> None:
    for name, text in (
        ("submit", Text("提交上一级", "submit to the next level")), ("return", Text("退回", "return with remarks")),
        ("approve", Text("通过并锁定", "approve and lock")), ("unlock", Text("解锁", "unlock")),
    ):  # fmt: skip
        _reason(_named(action, name, text), required=name in ("return", "unlock"))


def _keeping(action: Action) -> None:
    verify = action("verify", Text("核对记录链与结论", "check the chain, and evaluate again"))
    verify.add_argument("name", nargs="?", metavar="NAME", help=str(NAME), type=readable)
    _option(verify, "--head", Text("别处所存的末条校验值", "the head hash kept elsewhere"), metavar="HASH")
    export = _named(
        action, "export", Text("导出更正、判定、历史", "write corrections, judgements and history")
    )
    _flag(export, "--documents", Text("连同佐证文件", "with the documents of evidence"))
    _option(export, "--out", Text("文件夹", "folder"), metavar="DIR", required=True)


def _workspace(action: Action) -> None:
    """`workspace ...`: what an administrator does to the whole."""
    action("new", Text("新建工作区", "make a workspace"))
    action("info", Text("位置、用户、评估、末条校验值", "place, users, assessments, head hash"))
    for name, text in (
        ("backup", Text("使用中备份", "back up while in use")),
        ("restore", Text("从备份恢复到新的工作区", "restore a backup into a new workspace")),
    ):
        action(name, text).add_argument("file", metavar="FILE")
    _reason(
        action(
            "clock",
            Text(
                "认可时钟: 最后一条记录的时间错了", "accept the clock: the time of the last record was wrong"
            ),
        )
    )
    action(
        "migrate", Text("升级旧版本的工作区, 先备份", "bring an older workspace up to date, after a backup")
    )


def _user(action: Action) -> None:
    """`user ...`: who may do what, and with which keys they log in."""
    _option(_person(action, "add", Text("添加用户", "add a user")), "--key",
            Text("OpenSSH 公钥文件", "file with an OpenSSH public key"), metavar="FILE")  # fmt: skip
    action("list", Text("列出用户与授权", "list users and their roles"))
    for name, text in (
        ("grant", Text("授予角色", "grant a role")),
        ("revoke", Text("收回角色", "take a role back")),
    ):
        grant = _person(action, name, text)
        grant.add_argument("role", choices=("viewer", "reporter", "inspector", "author", "admin"))
        _area(grant, Text("范围, 缺省为全部", "where; everywhere by default"))
        _option(grant, "--school", Text("只在一所学校", "in one school only"), metavar="ID")
    _person(action, "disable", Text("停用", "keep a user out"))
    _person(action, "enable", Text("启用", "let a user in again"))
    _person(action, "take-key", Text("收回登录密钥", "take a key away")).add_argument(
        "key", metavar="FINGERPRINT|FILE",
        help=str(Text("指纹 (user list) 或公钥文件", "its fingerprint (user list), or a file with it")),
    )  # fmt: skip
    action("keys", Text("authorized_keys 的内容", "what goes into authorized_keys"))


def _named(action: Action, name: str, text: Text) -> argparse.ArgumentParser:
    made = action(name, text)
    made.add_argument("name", metavar="NAME", help=str(NAME), type=readable)
    return made


def _person(action: Action, name: str, text: Text) -> argparse.ArgumentParser:
    made = action(name, text)
    made.add_argument("user", metavar="USER", type=readable)
    return made


def _option(
    parser: argparse.ArgumentParser, name: str, text: Text, *, metavar: str | None = None,
    default: str | None = None, required: bool = False,
) -> None:  # fmt: skip
    kind = str if metavar in _PATHS else readable
    parser.add_argument(name, help=str(text), metavar=metavar, default=default, required=required, type=kind)


def _flag(parser: argparse.ArgumentParser, name: str, text: Text) -> None:
    parser.add_argument(name, action="store_true", help=str(text))


def _data(parser: argparse.ArgumentParser, number: str) -> None:
    told = Text("csv、xlsx、parquet 文件, 文件夹或通配符", "csv, xlsx or parquet files, a folder or a glob")
    parser.add_argument("data", nargs=number, metavar="DATA", help=str(told))
    for option, text in (
        ("--county-facts", Text("县级数据: 一县一年一行", "county facts: one row a county and year")),
        ("--judgements", Text("人工判定表", "the table of judgements")),
        ("--mapping", Text("表头对应关系文件", "header mapping file")),
    ):
        parser.add_argument(option, metavar="FILE", help=str(text))


def _area(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument(
        "--area", default="", metavar="PROVINCE/CITY/COUNTY", type=readable,
        help=f"{text}: {Text('省/市/县', 'province/city/county')}",
    )  # fmt: skip


def _place(parser: argparse.ArgumentParser) -> None:
    _option(parser, "--county", Text("县", "county"))
    parser.add_argument("--year", type=int, help=str(Text("年份", "year")))


def _fact(parser: argparse.ArgumentParser) -> None:
    _option(parser, "--school", Text("学校标识码或名称", "id or name of the school"), metavar="ID|NAME")
    parser.add_argument("--stage", choices=("primary", "junior", "senior"), help=str(Text("学段", "stage")))
    _option(parser, "--field", Text("数据项代码或名称", "code or label of the fact"), metavar="FIELD")
    _place(parser)


def _reason(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    _option(
        parser,
        "--reason",
        Text("理由", "reason"),
        metavar="TEXT",
        default=None if required else "",
        required=required,
    )
