"""School-level 教基 books: one form a sheet, figures at fixed cells that a preset names.

Layout assumed: sheets are named `教基5176`, `教基5176_九年一贯制学校` or, with several schools in one
workbook, `教基5176_九年一贯制学校_某某学校`. Without a school in the sheet name the school is the one a
cell 学校名称 names, else the file. The county is the mapping's constant, else the folder's name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import Place, readable
from .findings import Findings
from .mapping import Mapping
from .numbers import plain
from .sections import county_unit
from .tables import ROW, Column, RawTable, index_of
from .variants import code_of
from .wide import Match, Resolved, preset
from .xlsx_table import Sheet, cell_text

PRESET = "jiaoji-2021"
_FORM = re.compile(r"^\s*(教基\d{4})(续\d?)?(?:[_\-](?P<type>[^_]+))?(?:_(?P<school>.+))?\s*$")
_NAME = re.compile(r"学校(?:\(机构\))?名称[::]?\s*(.*)")
_CELL = re.compile(r"([A-Z]+)(\d+)")

Block = dict[str, Sheet]


def is_book(sheets: Sequence[Sheet]) -> bool:
    """True for a workbook that has a sheet named like a 教基 form."""
    return any(_FORM.match(sheet.grid.sheet or "") for sheet in sheets)


def read_book(path: Path, sheets: Sequence[Sheet], mapping: Mapping, findings: Findings) -> Resolved:
    """The schools of one workbook as a table with a row a school and stage, every cell with its place."""
    entries = preset(PRESET)["cell"]
    codes = ["school", "school_type", "stage", *dict.fromkeys(entry["field"] for entry in entries)]
    if "county" not in mapping.constant:
        codes.insert(0, "county")
    columns = {code: Column(f"c{n}", "", _header(code, entries), code) for n, code in enumerate(codes)}
    rows: list[dict[str, str | None]] = []
    cells: dict[tuple[int, str], str] = {}
    for (school, kind), block in _blocks(path, sheets, findings).items():
        for stage in _stages(block, entries):
            facts = _facts(block, entries, stage, readable(str(path)))
            for code, (_, place) in facts.items():
                cells[len(rows), columns[code].name] = place
            fixed = {"county": _county(path), "school": school, "school_type": kind, "stage": stage}
            rows.append(fixed | {code: text for code, (text, _) in facts.items()})
    findings.add("BOOK-LAYOUT", place=str(Place(str(path))), preset=PRESET)
    data = {columns[code].name: [row.get(code) for row in rows] for code in codes}
    schema = {ROW: pl.UInt32()} | {column.name: pl.String() for column in columns.values()}
    frame = pl.DataFrame({ROW: list(range(1, len(rows) + 1)), **data}, schema=schema)
    table = RawTable(readable(str(path)), None, tuple(columns.values()), frame, "", cells)
    return Resolved(table, None, {code: Match(column, code, "preset") for code, column in columns.items()})


def _header(code: str, entries: Sequence[dict[str, Any]]) -> str:
    places = [f"{entry['form']}!{'+'.join(entry['cells'])}" for entry in entries if entry["field"] == code]
    return " ".join(places) or code


def _county(path: Path) -> str | None:
    return county_unit(path.resolve().parent.name)


def _blocks(path: Path, sheets: Sequence[Sheet], findings: Findings) -> dict[tuple[str, str | None], Block]:
    """(school, type) → form → sheet."""
    blocks: dict[str, Block] = defaultdict(dict)
    kinds: dict[str, str] = {}
    default = next(filter(None, map(_named_in, sheets)), None) or path.stem
    for sheet in sheets:
        match = _FORM.match(sheet.grid.sheet or "")
        if match is None:
            findings.add("READ-SHEET", place=str(Place(str(path), sheet=sheet.grid.sheet)))
            continue
        school = match["school"] or default
        blocks[school].setdefault(match[1], sheet)
        if match["type"]:
            kinds[school] = match["type"]
    return {(school, _type(kinds.get(school), path, findings)): block for school, block in blocks.items()}


def _type(name: str | None, path: Path, findings: Findings) -> str | None:
    code = code_of("school_type", plain(name)) if name else None
    if name and code is None:
        findings.add("BOOK-SHEET", value=name, place=str(Place(str(path))))
    return code


def _named_in(sheet: Sheet) -> str | None:
    for row in sheet.grid.head[:6]:
        for index, cell in enumerate(row):
            if match := _NAME.match(cell.strip()):
                beside = (text.strip() for text in row[index + 1 :] if text.strip() != cell.strip())
                return match[1].strip() or next(filter(None, beside), None)
    return None


def _stages(block: Block, entries: Sequence[dict[str, Any]]) -> list[str]:
    """The stages with a students figure above nought, else every stage the book has a form for."""
    students = [entry for entry in entries if entry["field"] == "students" and entry["form"] in block]
    given = {entry["stage"]: _text(block[entry["form"]], entry["cells"])[0] for entry in students}
    taught = [stage for stage, text in given.items() if text is not None and plain(text) not in ("0", "")]
    return taught or list(given)


def _facts(
    block: Block, entries: Sequence[dict[str, Any]], stage: str, file: str
) -> dict[str, tuple[str | None, str]]:
    facts = {}
    for entry in entries:
        if entry["form"] in block and entry.get("stage", stage) == stage:
            sheet = block[entry["form"]]
            text, cell = _text(sheet, entry["cells"])
            facts[entry["field"]] = (text, str(Place(file, sheet=sheet.grid.sheet, cell=cell)))
    return facts


def _text(sheet: Sheet, cells: Sequence[str]) -> tuple[str | None, str]:
    """One cell, or the exact sum of several: blank where one is blank, the odd text where one is odd."""
    texts = [_cell(sheet, name) for name in cells]
    if len(texts) == 1 or None in texts:
        missing = cells[texts.index(None)] if None in texts else cells[0]
        return (texts[0] if len(texts) == 1 else None), missing
    total = Decimal(0)
    for name, text in zip(cells, texts, strict=True):
        try:
            total += Decimal(plain(text or ""))
        except InvalidOperation:
            return text, name
    return str(total), "+".join(cells)


def _cell(sheet: Sheet, name: str) -> str | None:
    match = _CELL.fullmatch(name)
    if match is None:
        return None
    row, column = int(match[2]) - 1, index_of(match[1])
    inside = row < len(sheet.rows) and column < len(sheet.rows[row])
    return cell_text(sheet.rows[row][column]) if inside else None
