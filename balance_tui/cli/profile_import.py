"""`profile import-table`: an indicator table becomes a layer that completes a standard."""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from ..data.csv_table import decode, sniff
from ..data.files import kind_of, read_bytes
from ..data.findings import Findings, rejection
from ..data.xlsx_table import Sheet, cell_text, read_xlsx
from ..errors import InputRejected, Place, UsageError, readable, visible
from ..language import Text
from ..standard.import_table import Imported, Wishes, import_table
from ..standard.load import LoadedStandard, build_standard, load_standard
from ..standard.model import Standard
from ..standard.source import parse_document
from ..standard.table_rows import Cells, table_rows
from ..standard.table_text import read_score
from .frames import write_json

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def run(options: argparse.Namespace) -> int:
    """Write the layer to `--out`. Exit code 4 where the table cannot become one, 3 where it cannot be read."""
    target = Path(options.out)
    wishes = _wishes(options, target)
    base = load_standard(options.base)
    table = table_rows(read_cells(Path(options.table)))
    made = import_table(table, base, wishes, visible(readable(Path(options.table).name)))
    standard = build_standard(parse_document(made.text, str(target)))
    _write(target, made.text)
    open_ones = list(undecided(standard.model))
    if getattr(options, "json", False):
        write_json(_as_json(made, standard, target, open_ones), sys.stdout)
    else:
        _tell(made, standard.id, target, open_ones)
    return 0


def undecided(model: Standard) -> Iterator[Text]:
    """What the scorecard of a standard still lacks, although the table is whole, for its total to decide anything."""
    card = model.scorecard
    defaults = {setting.id: setting.default for setting in model.setting}
    for value, setting, name, option in () if card is None else (
        (card.total, card.total_setting, Text("总分", "total"), "--total"),
        (card.pass_mark, card.pass_mark_setting, Text("达标分", "pass mark"), "--pass-mark"),
    ):  # fmt: skip
        if value is None and defaults.get(setting) is None:
            later = (
                Text(f", 或评估时以 --set {setting}= 给定", f", or at an evaluation by --set {setting}=")
                if setting
                else Text("", "")
            )
            yield Text(
                f"{name.zh}: 分数的结论仍为未知; 以 {option} 给定{later.zh}",
                f"{name.en}: what the score decides stays unknown; give it by {option}{later.en}",
            )


def read_cells(path: Path) -> list[Cells]:
    """The sheets of a workbook, or the one table of a text file. Errors: `InputRejected` (`READ-…`)."""
    if not path.exists():
        raise rejection("READ-NO-FILE", name=str(path))
    kind = kind_of(path)
    if kind == "xlsx":
        return [_sheet(sheet) for sheet in read_xlsx(path, Findings())]
    if kind == "csv":
        return [_text_file(path)]
    raise InputRejected(
        "READ-KIND", Text("指标表须为 xlsx 或 csv", "an indicator table is xlsx or csv"),
        Text("请另存为其中一种", "save it as one of them"), Place(str(path)),
    )  # fmt: skip


def _sheet(sheet: Sheet) -> Cells:
    rows = tuple(tuple(cell_text(cell) or "" for cell in row) for row in sheet.rows)
    joined = {
        (row, column)
        for top, left, bottom, right in sheet.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if row > top
    }
    lines = tuple(range(1, len(rows) + 1))
    return Cells(sheet.grid.file, sheet.grid.sheet, rows, lines, frozenset(joined))


def _text_file(path: Path) -> Cells:
    text, _ = decode(read_bytes(path), Place(str(path)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sniff(text), strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            rows.append(tuple(row))
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise rejection("READ-CSV", Place(str(path), line), reason=str(error)) from None
    return Cells(readable(str(path)), None, tuple(rows), tuple(lines))


def _wishes(options: argparse.Namespace, target: Path) -> Wishes:
    name = options.id or target.stem.lower()
    if not _ID.fullmatch(name):
        raise UsageError(
            "IMPORT-ID", Text(f"“{visible(name)}”不能作标准编号", f"'{visible(name)}' cannot be the id of a standard"),
            Text("请用 --id 给出小写字母、数字、连字符", "give lower-case letters, digits and hyphens by --id"),
        )  # fmt: skip
    if target.suffix != ".toml":
        raise UsageError("IMPORT-OUT", Text("--out 须为 .toml 文件", "--out must be a .toml file"))
    if target.exists():
        raise UsageError(
            "IMPORT-EXISTS", Text(f"{target} 已存在, 不覆盖", f"{target} exists and is not overwritten"),
            Text("请用 --out 另给文件名", "give another name with --out"),
        )  # fmt: skip
    total, mark = _number("--total", options.total), _number("--pass-mark", options.pass_mark)
    if total is not None and mark is not None and mark > total:
        raise UsageError("IMPORT-NUMBER", Text("达标分高于总分", "the pass mark is above the total"))
    return Wishes(name, options.title or "", total, mark, options.accept_differences)


def _number(option: str, text: str | None) -> Decimal | None:
    """The number of an option, or None where it is not given."""
    score = read_score(text) if text is not None else None
    if text is not None and score is None:
        raise UsageError(
            "IMPORT-NUMBER", Text(f"{option} 须为大于零的数", f"{option} must be a number above zero"),
        )  # fmt: skip
    return score


def _write(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(
            "OUT", Text(f"不能写入 {target}: {why}", f"cannot write to {target}: {why}")
        ) from None


def _tell(made: Imported, name: str, target: Path, open_ones: Sequence[Text]) -> None:
    print(target)
    print(Text(
        f"{name}: {made.points} 个要点, 满分合计 {made.maximum}",
        f"{name}: {made.points} points, maxima of {made.maximum}",
    ))  # fmt: skip
    for heading, lines in (
        (Text("不同", "differs"), made.differences),
        (Text("尚缺", "still missing"), made.missing),
        (Text("尚未给定", "not given"), open_ones),
    ):
        for line in lines:
            print(f"{heading}: {line}")


def _as_json(
    made: Imported, standard: LoadedStandard, target: Path, open_ones: Sequence[Text]
) -> dict[str, object]:
    return {
        "file": str(target), "id": standard.id, "hash": standard.hash, "points": made.points, "maximum": float(made.maximum),
        "complete": not made.missing, "differences": [str(each) for each in made.differences],
        "missing": [str(each) for each in made.missing], "not_given": [str(each) for each in open_ones],
    }  # fmt: skip
