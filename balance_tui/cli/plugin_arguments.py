"""The options of `plugin`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ..language import Text

Action = Callable[[str, Text], argparse.ArgumentParser]
Options = Callable[[argparse.ArgumentParser], None]


def add_actions(action: Action, data_options: Options, place_options: Options) -> None:
    """The actions of `plugin`, each made by `action(name, help)`; those that evaluate take the options of data."""
    action("list", Text("列出插件、状态与原因", "list the plugins, their states and the reasons"))
    action(
        "doctor",
        Text(
            "检查全部插件而不运行其代码; 有问题时退出码为 1",
            "check all plugins without running any; 1 if faulty",
        ),
    )
    for name, text in (
        ("enable", Text("启用一个插件", "switch a plugin on")),
        ("disable", Text("停用一个插件", "switch a plugin off")),
    ):
        action(name, text).add_argument(
            "plugin", metavar="ID", help=str(Text("插件编号", "id of the plugin"))
        )
    _running(action("run", Text("运行插件的命令", "run a command of a plugin")))
    panel = action("panel", Text("显示插件对一个县的视图", "show a plugin's view of a county"))
    panel.add_argument("plugin", metavar="ID", help=str(Text("插件编号", "id of the plugin")))
    write = action("write", Text("以平台的格式写出评估结果", "write a result in a platform's form"))
    write.add_argument(
        "kind", metavar="KIND", help=str(Text("格式, 见 plugin list", "the form: see plugin list"))
    )
    write.add_argument(
        "--out", required=True, metavar="FILE", help=str(Text("写到这个文件", "the file to write"))
    )
    for parser in (panel, write):
        data_options(parser)
    place_options(panel)


def _running(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="NAME", help=str(Text("命令, 见 plugin list", "the command: see plugin list"))
    )
    parser.add_argument(
        "arguments",
        nargs=argparse.REMAINDER,
        metavar="...",
        help=str(Text("交给它的参数", "what it is given")),
    )
