"""Which rows of a table are schools: blank rows, totals and notes are told apart and named."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from .columns import as_text
from .dictionary import Dictionary
from .findings import Findings
from .numbers import read_value
from .tables import ROW, RawTable
from .wide import Resolved

_TOTAL = (
    r"^[(（]?(?:.{0,8}合\s*计|.{0,8}总\s*计|.{0,8}小\s*计|总\s*数|计|.{0,6}平均(?:值|数)?|标准差|.{0,4}差异系数"
    r"|(?i:grand total|subtotal|total|sum|mean|average))[)）]?[::]?$"
)
_SUM = re.compile(r"(?:合\s*计|总\s*计|总\s*数|^计|total|sum)[)）]?[::]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rows:
    """The table with the rows of schools only, and the total rows that were taken out."""

    resolved: Resolved
    totals: pl.DataFrame
    nameless: tuple[int, ...]
    """Row numbers (as in the file) of rows that hold figures but no name; they are kept."""


def school_rows(resolved: Resolved, fields: Dictionary, findings: Findings) -> Rows:
    """Split the rows of a table of schools. Totals and notes are reported in `findings`."""
    table = resolved.table
    frame = table.frame
    names = [_stripped(frame, resolved, code) for code in ("school", "school_id") if code in resolved.matches]
    named = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    total = named
    for name in names:
        named = named | name.is_not_null()
        total = total | name.str.contains(_TOTAL).fill_null(False)
    nameless = _nameless(frame, (~named & ~total).arg_true().to_list(), resolved, fields)
    kinds = pl.Series(_spread(nameless, frame.height), dtype=pl.String)
    total = total | (kinds == "total").fill_null(False)
    keep = (named & ~total) | (kinds == "figures").fill_null(False)
    _report_left_out(table, nameless, total, findings, names)
    kept = frame if keep.all() else frame.filter(keep)
    rows = tuple(int(frame[ROW][index]) for index, kind in nameless.items() if kind == "figures")
    changed = RawTable(table.file, table.sheet, table.columns, kept, table.title, table.cells)
    split = Resolved(changed, resolved.stage, resolved.matches, resolved.ignored, resolved.skipped)
    return Rows(split, frame.filter(total) if total.any() else frame.clear(), rows)


def _stripped(frame: pl.DataFrame, resolved: Resolved, code: str) -> pl.Series:
    text = as_text(frame[resolved.matches[code].column.name]).str.strip_chars()
    return text.set((text == "").fill_null(False), None)


def _spread(kinds: dict[int, str], height: int) -> list[str | None]:
    return [kinds.get(index) for index in range(height)] if kinds else [None] * height


def _nameless(
    frame: pl.DataFrame, indices: list[int], resolved: Resolved, fields: Dictionary
) -> dict[int, str]:
    """Rows without a name → total, figures or note; blank rows are not among them."""
    if not indices:
        return {}
    figures = {
        match.column.name for code, match in resolved.matches.items()
        if code in fields and fields[code].kind in ("number", "integer") and code != "year"
    }  # fmt: skip
    kinds: dict[int, str] = {}
    sparse = frame.with_row_index("_index").filter(pl.int_range(pl.len()).is_in(indices))
    for row in sparse.iter_rows(named=True):
        cells = {name: str(cell).strip() for name, cell in row.items() if cell is not None and name[0] != "_"}
        cells = {name: cell for name, cell in cells.items() if cell}
        if any(re.match(_TOTAL, cell) for cell in cells.values()):
            kinds[row["_index"]] = "total"
        elif any(name in figures and re.search(r"\d", cell) for name, cell in cells.items()):
            kinds[row["_index"]] = "figures"
        elif cells:
            kinds[row["_index"]] = "note"
    return kinds


def _report_left_out(
    table: RawTable, nameless: dict[int, str], total: pl.Series, findings: Findings, names: list[pl.Series]
) -> None:
    for index, kind in nameless.items():
        if kind == "note":
            row = table.frame.row(index)
            text = next(str(cell) for cell in row[1:] if cell is not None and str(cell).strip())
            findings.add("READ-NOTE-ROW", value=text[:60], place=table.place(index))
    for index in total.arg_true().to_list():
        value = next((name[index] for name in names if name[index]), "") or ""
        findings.add("READ-TOTAL-ROW", value=value, place=table.place(index))


def compare_totals(rows: Rows, sections: pl.DataFrame, fields: Dictionary, findings: Findings) -> None:
    """A finding for every figure of the one total row that the schools of the table do not sum to.
    `sections` are the table's rows as read, with `ROW`."""
    table = rows.resolved.table
    sums = [row for row in rows.totals.iter_rows(named=True) if _is_sum(row)]
    if len(sums) != 1:
        return
    for code, match in rows.resolved.matches.items():
        if code not in fields or fields[code].merge != "sum":
            continue
        told = read_value(_text_of(sums[0][match.column.name]), fields[code]).value
        found = float(sections[code].sum())
        if isinstance(told, float) and abs(told - found) > max(0.01, 1e-9 * abs(found)):
            place = RawTable(table.file, table.sheet, table.columns, rows.totals).place(0, match.column)
            findings.add(
                "READ-TOTAL", field=code, value=f"{told:.10g}", place=place,
                label=fields[code].label, sum=f"{found:.10g}",
            )  # fmt: skip


def _is_sum(row: dict[str, object]) -> bool:
    texts = [cell.strip() for cell in row.values() if isinstance(cell, str)]
    return any(_SUM.search(text) and re.match(_TOTAL, text) and "小" not in text for text in texts)


def _text_of(cell: object) -> str | None:
    return None if cell is None else str(cell)
