"""The options of `profile import-table`."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import readable
from ..language import Text


def add_import_action(actions: Any, common: argparse.ArgumentParser) -> None:
    """The action `import-table` among those of `profile`; its module is `profile_import`."""
    parser = actions.add_parser(
        "import-table", parents=[common],
        help=str(Text("把指标表 (xlsx、csv) 变成补全标准的一层", "an indicator table as a layer that completes a standard")),
    )  # fmt: skip
    parser.set_defaults(module="profile_import")
    parser.add_argument("table", metavar="FILE")
    parser.add_argument(
        "--base", required=True, metavar="ID|PATH", help=str(Text("补全哪部标准", "the standard to complete"))
    )
    parser.add_argument(
        "--out", required=True, metavar="LAYER.toml", help=str(Text("写到这个文件", "the file to write"))
    )
    for option, metavar, text in (
        (
            "--id",
            "ID",
            Text("新标准的编号 (缺省取文件名)", "id of the new standard (default: the file's name)"),
        ),
        ("--title", "TITLE", Text("新标准的名称", "title of the new standard")),
        ("--total", "N", Text("总分", "the total")),
        ("--pass-mark", "N", Text("达标分", "the pass mark")),
    ):
        parser.add_argument(option, metavar=metavar, type=readable, help=str(text))
    parser.add_argument(
        "--accept-differences", action="store_true",
        help=str(Text("与已收录的分值不同时以表为准", "where scores differ from recorded ones the table stands")),
    )  # fmt: skip
