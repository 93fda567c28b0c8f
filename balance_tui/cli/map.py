"""`map`: how the columns of a source become facts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.table import Table

from ..data.load import propose
from ..data.mapping import Mapping
from ..data.proposal import DEFAULT_NAME, Proposal
from ..errors import UsageError, visible
from ..language import Text
from .frames import write_json
from .session import standard_of
from .terminal import console, plain_text


def run(options: argparse.Namespace) -> int:
    """Show the columns of the data with what they are read as, or save that as a mapping file."""
    standard = standard_of(options)
    mapping = Mapping.load(options.mapping) if options.mapping else None
    proposal = propose(options.data, standard.needed, mapping=mapping, extra_fields=standard.own_fields)
    if options.action == "save":
        return _save(proposal, options.out)
    if getattr(options, "json", False):
        write_json({"columns": proposal.rows(), "missing": list(proposal.missing)}, sys.stdout)
        return 0
    _show(proposal, options.action == "propose")
    if proposal.missing:
        told = Text("标准需要而数据没有的", "needed by the standard, not in the data")
        print(
            f"{told}: {', '.join(f'{standard.dictionary.label(code)} {code}' for code in proposal.missing)}"
        )
    return 0


def _save(proposal: Proposal, out: str | None) -> int:
    target = Path(out) if out else Path(DEFAULT_NAME)
    if target.exists():
        raise UsageError(
            "MAP-EXISTS",
            Text(f"{target} 已存在, 不覆盖", f"{target} exists and is not overwritten"),
            Text("请用 --out 另给文件名", "give another name with --out"),
        )
    target.write_text(proposal.to_toml(), encoding="utf-8")
    print(target)
    return 0


_HOW = {
    "code": Text("代码", "code"),
    "label": Text("名称", "label"),
    "preset": Text("导出表头", "export's header"),
    "mapping": Text("对应文件", "mapping"),
    "left out": Text("对应文件略去", "left out by the mapping"),
    "replaced": Text("另有来源", "another column serves"),
    "ignored": Text("未用", "not used"),
}


def _show(proposal: Proposal, candidates: bool) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    headings = [
        Text("文件", "file"),
        Text("列", "col"),
        Text("表头", "header"),
        Text("数据项", "fact"),
        Text("依据", "how"),
    ]
    if candidates:
        headings.append(Text("可能是", "may be"))
    for heading in headings:
        table.add_column(plain_text(str(heading)), overflow="fold")
    for column in sorted(proposal.columns, key=lambda column: not column.candidates):
        how = str(_HOW.get(column.how, column.how))
        cells = [Path(column.file).name, column.column, column.header, column.field or "–", how]
        if candidates:
            cells.append("; ".join(f"{c.field} ({c.similarity:.0%}, {c.reason})" for c in column.candidates))
        table.add_row(*(plain_text(visible(str(cell))) for cell in cells))
    console(sys.stdout).print(table)
