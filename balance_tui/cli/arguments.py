"""Commands, their options and their help, in both languages."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from .. import __version__
from ..errors import UsageError, readable
from ..language import LANGUAGES, Text
from ..request import Request
from . import desk
from .first_word import with_command
from .import_options import add_import_action
from .plugin_arguments import add_actions
from .record_arguments import add_records

_FAULTS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", "缺少参数: {0}"),
    (r"unrecognized arguments: (.*)", "不认识的参数: {0}"),
    (r"argument (.*): expected one argument", "选项 {0} 需要一个值"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", "{0} 不能是 {1}, 可选 {2}"),
    (r"argument (.*): invalid .* value: (.*)", "{0} 的值 {1} 不对"),
)


class Parser(argparse.ArgumentParser):
    """argparse whose headings and faults are in the language in use, and whose errors are `UsageError`."""

    def __init__(self, *, own_help: bool = True, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title = str(Text("参数", "arguments"))
        self._optionals.title = str(Text("选项", "options"))
        if own_help:
            told = str(Text("显示帮助并退出", "show this help and exit"))
            self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help=told)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", str(Text("用法: ", "usage: ")), 1)

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            "USAGE",
            Text(_in_chinese(message), message),
            Text(f"{self.prog} --help 列出用法", f"see {self.prog} --help"),
        )


def _in_chinese(message: str) -> str:
    for pattern, sentence in _FAULTS:
        match = re.fullmatch(pattern, message)
        if match:
            return sentence.format(*match.groups())
    return message


def parse(arguments: Sequence[str]) -> argparse.Namespace | None:
    """The options of one command, with `module` naming the module that runs it; None where help or the version
    was asked for and shown. Files alone are the command `open`. Errors: `UsageError`."""
    if desk.is_meant(arguments):
        options = common_options().parse_args(arguments)
        options.module = "desk"
        return options
    parser, commands = _parser()
    try:
        return parser.parse_args(with_command(arguments, commands) if arguments else ["--help"])
    except SystemExit:  # argparse leaves this way after --help and --version
        return None


def _parser() -> tuple[Parser, Sequence[str]]:
    """The parser, and the names of its commands."""
    common = common_options()
    parser = Parser(
        prog="balance-tui",
        description=str(Text(
            "判断一个县的义务教育是否优质均衡: 结论是什么, 为什么, 怎样会改变。",
            "Judges whether a county's compulsory education is balanced: the verdict, why, and what would change it.",
        )),
        epilog=str(Text(
            "退出码: 0 完成(无论结论) · 1 --strict 且有结论未达标 · 2 用法 · 3 数据被拒 · 4 标准无效 · 70 程序出错 · 130 中断",
            "exit codes: 0 done, whatever the verdict; 1 with --strict a verdict is not pass; 2 usage; "
            "3 input rejected; 4 standard invalid; 70 a fault of the program; 130 interrupted",
        )),
        parents=[common],
    )  # fmt: skip
    parser.add_argument(
        "--version", action="version", version=f"balance-tui {__version__}",
        help=str(Text("显示版本并退出", "show the version and exit")),
    )  # fmt: skip
    commands = parser.add_subparsers(metavar=str(Text("命令", "COMMAND")), required=True, parser_class=Parser)

    def command(name: str, module: str, text: Text) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(
            name, help=str(text), description=str(text), parents=[common]
        )
        made.set_defaults(module=module)
        return made

    for add in (_open, _demo, _evaluate, _explain, _compare, _map, _profile, _plugin, _keys, _sample):
        add(command)
    add_records(command, _actions)
    return parser, tuple(commands.choices)


def common_options() -> Parser:
    """Options that every command takes, before or after its name."""
    common = Parser(own_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--lang", choices=LANGUAGES, help=str(Text("界面语言", "language of what is shown")))
    common.add_argument(
        "--safe-mode", action="store_true", help=str(Text("不用外来插件", "use no plugin from elsewhere"))
    )
    common.add_argument(
        "--json", action="store_true", help=str(Text("以 JSON 输出 (适用于给出数据的命令)", "answer as JSON"))
    )
    common.add_argument(
        "--workspace", metavar="DIR|URL",
        help=str(Text("工作区: 文件夹或 postgresql://... (缺省为个人的)", "the workspace: a folder or postgresql://...")),
    )  # fmt: skip
    common.add_argument(
        "--as", metavar="NAME", dest="as_user", type=readable,
        help=str(Text("代这个用户操作 (限管理员)", "act for this user (administrators only)")),
    )  # fmt: skip
    return common


Add = Callable[[str, str, Text], argparse.ArgumentParser]


def _data_options(parser: argparse.ArgumentParser, many: bool = True, *, profile: bool = True) -> None:
    parser.add_argument(
        "data", nargs="+" if many else 1, metavar="DATA",
        help=str(Text("csv、xlsx、parquet 文件, 文件夹或通配符", "csv, xlsx or parquet files, a folder or a glob")),
    )  # fmt: skip
    if profile:
        parser.add_argument(
            "--profile", default="national-2017", metavar="ID|PATH",
            help=str(Text("标准编号或文件 (缺省 national-2017)", "standard id or file (default national-2017)")),
        )  # fmt: skip
    for option, text in (
        ("--county-facts", Text("县级数据: 一县一年一行", "county facts: one row a county and year")),
        ("--judgements", Text("人工判定表", "the table of judgements")),
        ("--mapping", Text("表头对应关系文件", "header mapping file")),
    ):
        parser.add_argument(option, metavar="FILE", help=str(text))
    parser.add_argument(
        "--set", action="append", default=[], metavar="ID=VALUE", dest="settings",
        help=str(Text("给定标准的一个设置, 可重复", "give a setting of the standard; may be repeated")),
    )  # fmt: skip
    parser.add_argument(
        "--as-of", metavar="DATE",
        help=str(Text("按哪一天判断 (缺省为数据年份年末)", "date to judge as of (default: end of the data's year)")),
    )  # fmt: skip


def _place_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--county", type=readable, metavar="NAME", help=str(Text("只看这个县", "only this county"))
    )
    parser.add_argument("--year", type=int, metavar="YEAR", help=str(Text("只看这一年", "only this year")))


def _app_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--view", metavar="ID", help=str(Text("先看这一屏, 如 schools", "the view shown first, as schools"))
    )
    parser.add_argument(
        "--theme", choices=("default", "ssh", "contrast", "mono"),
        help=str(Text("配色: 缺省、省流量、高对比、单色", "colours: default, few bytes, high contrast, none")),
    )  # fmt: skip
    parser.add_argument(
        "--ambiguous", choices=("narrow", "wide"),
        help=str(Text("终端把 ≥ ① — 画成一格还是两格", "cells the terminal gives to characters as ≥ ① —: one or two")),
    )  # fmt: skip
    parser.add_argument(
        "--text",
        action="store_true",
        help=str(Text("不全屏, 只给文字结论", "no full screen: answer as text")),
    )


def _open(command: Add) -> None:
    parser = command(
        "open", "open",
        Text("全屏打开自己的数据; open 可省去: balance-tui 文件...", "open data full screen; balance-tui FILE... does the same"),
    )  # fmt: skip
    parser.set_defaults(format=None, out=None, strict=False)
    _data_options(parser)
    _place_options(parser)
    _app_options(parser)


def _keys(command: Add) -> None:
    parser = command(
        "keys", "keys", Text("列出按键, 或写出键位文件", "list the keys, or write a keymap file")
    )
    parser.add_argument(
        "--write", nargs="?", const="", metavar="FILE",
        help=str(Text("写出可修改的键位文件 (缺省写到设置文件夹)", "write a keymap file (default: in the settings folder)")),
    )  # fmt: skip
    parser.add_argument(
        "--markdown", action="store_true", help=str(Text("写成 Markdown 表", "as a table in Markdown"))
    )


def _evaluate(command: Add) -> None:
    parser = command(
        "evaluate", "evaluate", Text("评估: 结论、由什么决定、各项数值", "evaluate data under a standard")
    )
    _data_options(parser)
    parser.add_argument(
        "--format", choices=("table", "json", "csv", "parquet"),
        help=str(Text("输出格式 (缺省 table)", "output format (default table)")),
    )  # fmt: skip
    parser.add_argument("--out", metavar="DIR", help=str(Text("写到这个文件夹", "write into this folder")))
    parser.add_argument(
        "--strict", action="store_true",
        help=str(Text("有结论不是达标时退出码为 1", "exit with 1 where a verdict is not pass")),
    )  # fmt: skip
    _place_options(parser)


def _explain(command: Add) -> None:
    parser = command("explain", "explain", Text("说明一个数是怎样来的", "the derivation of one figure"))
    _data_options(parser)
    parser.add_argument(
        "--school",
        type=readable,
        metavar="ID|NAME",
        help=str(Text("学校标识码或名称", "school code or name")),
    )
    parser.add_argument(
        "--stage", metavar="STAGE", help=str(Text("学段: primary 小学, junior 初中", "primary or junior"))
    )
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument(
        "--indicator", metavar="ID", help=str(Text("某校的指标, 如 L4", "an indicator of a school, as L4"))
    )
    group.add_argument(
        "--dispersion", metavar="ID", help=str(Text("某县的差异系数, 如 L2", "a dispersion figure, as L2"))
    )
    group.add_argument("--item", metavar="ID", help=str(Text("某项要求, 如 G05", "a requirement, as G05")))
    _place_options(parser)


def _compare(command: Add) -> None:
    parser = command(
        "compare", "compare", Text("同一数据在几部标准下, 不同的在先", "the same data under several standards, differences first")
    )  # fmt: skip
    _data_options(parser, profile=False)
    parser.add_argument(
        "--profiles", required=True, metavar="A,B,...",
        help=str(Text("要比较的标准, 编号或文件, 以逗号隔开", "the standards, ids or files, separated by commas")),
    )  # fmt: skip
    _place_options(parser)


def _map(command: Add) -> None:
    parser = command(
        "map", "map", Text("表头对应关系: propose 建议, show 查看, save 保存", "header mappings of a source")
    )
    parser.add_argument("action", choices=("propose", "show", "save"), metavar="propose|show|save")
    _data_options(parser)
    parser.add_argument(
        "--out", metavar="FILE", help=str(Text("save 写到这个文件", "the file that save writes"))
    )  # fmt: skip


def _profile(command: Add) -> None:
    parser = command(
        "profile",
        "profile",
        Text(
            "标准: list 列出, show 查看, resolve 合成, diff 比较, validate 检查, rebase 接受新的底层",
            "list, show, resolve, compare or check standards, or accept a changed base",
        ),
    )
    actions = parser.add_subparsers(
        dest="action",
        metavar="list|show|resolve|diff|validate|rebase|import-table",
        required=True,
        parser_class=Parser,
    )
    common = common_options()
    actions.add_parser("list", parents=[common], help=str(Text("列出标准", "list standards")))
    show = actions.add_parser("show", parents=[common], help=str(Text("查看一个标准", "show a standard")))
    show.add_argument("profile", metavar="ID|PATH")
    show.add_argument("--item", metavar="ID", help=str(Text("只看这一项", "only this item")))
    show.add_argument(
        "--why",
        metavar="ID",
        help=str(Text("这一项的每个值由哪一层设定", "which layer set each value of this item")),
    )
    _layer_actions(actions, common)
    add_import_action(actions, common)
    validate = actions.add_parser(
        "validate", parents=[common], help=str(Text("检查标准文件", "check standard files"))
    )
    validate.add_argument("profiles", nargs="+", metavar="ID|PATH")


def _layer_actions(actions: Any, common: Parser) -> None:
    resolve = actions.add_parser(
        "resolve", parents=[common], help=str(Text("各层合成后的标准", "a standard with all its layers"))
    )
    resolve.add_argument("profile", metavar="ID|PATH")
    diff = actions.add_parser(
        "diff", parents=[common], help=str(Text("B 与 A 的差别", "what B has otherwise than A"))
    )
    diff.add_argument("a", metavar="A")
    diff.add_argument("b", metavar="B")
    rebase = actions.add_parser(
        "rebase",
        parents=[common],
        help=str(Text("底层改变了什么; 接受之", "what changed in the base; accept it")),
    )
    rebase.add_argument("file", metavar="FILE")
    rebase.add_argument(
        "--accept", action="store_true", help=str(Text("把现在的版本与哈希写进文件", "write the pins of now"))
    )


def _plugin(command: Add) -> None:
    parser = command(
        "plugin",
        "plugin",
        Text("插件: list 列出, doctor 检查, enable/disable 启停", "list, check or switch plugins"),
    )
    actions = parser.add_subparsers(
        dest="action",
        metavar="list|doctor|enable|disable|run|write|panel",
        required=True,
        parser_class=Parser,
    )
    common = common_options()

    def action(name: str, text: Text) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=str(text), description=str(text), parents=[common])

    add_actions(action, _data_options, _place_options)


def _demo(command: Add) -> None:
    parser = command("demo", "demo", Text("用虚构的示例数据演示", "the made-up sample county"))
    parser.add_argument("--profile", default="national-2017", metavar="ID|PATH")
    _place_options(parser)
    _app_options(parser)


def _sample(command: Add) -> None:
    parser = command(
        "sample", "demo", Text("把虚构的示例数据写到文件夹", "write the made-up sample into a folder")
    )
    parser.set_defaults(write=True)
    parser.add_argument("--out", required=True, metavar="DIR")
    parser.add_argument("--layout", choices=("contract", "wide"), default="contract")


def _actions(parser: argparse.ArgumentParser) -> Callable[[str, Text], argparse.ArgumentParser]:
    """Makes the actions of a command, each with the options that every command takes."""
    actions = parser.add_subparsers(
        dest="action", metavar=str(Text("动作", "ACTION")), required=True, parser_class=Parser
    )
    common = common_options()

    def action(name: str, text: Text) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(
            name, help=str(text), description=str(text), parents=[common]
        )
        return made

    return action


def request_of(options: argparse.Namespace) -> Request:
    """The options of one command as what they ask for; those that a command does not have are not asked for."""
    return Request(
        files=tuple(getattr(options, "data", ())),
        profile=options.profile,
        county_facts=getattr(options, "county_facts", None),
        judgements=getattr(options, "judgements", None),
        mapping=getattr(options, "mapping", None),
        settings=tuple(getattr(options, "settings", ())),
        as_of=getattr(options, "as_of", None),
        county=getattr(options, "county", None),
        year=getattr(options, "year", None),
        view=getattr(options, "view", None),
    )
