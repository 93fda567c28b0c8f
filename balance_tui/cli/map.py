"""`map`: how the columns of a source become facts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.table import Table

from ..data.load import propose
from ..data.mapping import Mapping
from ..data.proposal import Proposal
from ..errors import UsageError, visible
from ..language import Text
from .frames import write_json
from .session import standard_of
from .terminal import console, plain_text


def run(options: argparse.Namespace) -> int:
    standard = standard_of(options)
    fields = [standard.dictionary[declared.id] for declared in standard.model.field]
    mapping = Mapping.load(options.mapping) if options.mapping else None
    proposal = propose(options.data, standard.needed, mapping=mapping, extra_fields=fields)
    if options.action == "save":
        return _save(proposal, options.out)
    if getattr(options, "json", False):
        write_json({"columns": proposal.rows(), "missing": list(proposal.missing)}, sys.stdout)
        return 0
    _show(proposal, options.action == "propose")
    missing = "、".join(f"{standard.dictionary.label(code)} {code}" for code in proposal.missing)
    if missing:
        print(Text(f"标准需要而数据没有的: {missing}", f"needed by the standard, not in the data: {missing}"))
    return 0


def _save(proposal: Proposal, out: str | None) -> int:
    target = Path(out) if out else Path("balance-mapping.toml")
    if target.exists():
        raise UsageError(
            "MAP-EXISTS",
            Text(f"{target} 已存在, 不覆盖", f"{target} exists and is not overwritten"),
            Text("请用 --out 另给文件名", "give another name with --out"),
        )
    try:
        target.write_text(proposal.to_toml(), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            "OUT", Text(f"不能写入 {target}: {error.strerror}", f"cannot write to {target}: {error.strerror}")
        ) from error
    print(target)
    return 0


_HOW = {
    "code": Text("代码", "code"),
    "label": Text("名称", "label"),
    "ignored": Text("未用", "not used"),
}


def _show(proposal: Proposal, candidates: bool) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    headings = [Text("文件", "file"), Text("列", "col"), Text("表头", "header"), Text("数据项", "fact"), Text("依据", "how")]
    if candidates:
        headings.append(Text("可能是", "may be"))
    for heading in headings:
        table.add_column(plain_text(str(heading)), overflow="fold")
    for column in proposal.columns:
        how = str(_HOW.get(column.how, column.how))
        cells = [Path(column.file).name, column.column, column.header, column.field or "–", how]
        if candidates:
            cells.append("; ".join(f"{c.field} ({c.similarity:.0%}, {c.reason})" for c in column.candidates))
        table.add_row(*(plain_text(visible(str(cell))) for cell in cells))
    console(sys.stdout).print(table)
