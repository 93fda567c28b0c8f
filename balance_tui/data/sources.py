"""Files as tables: each sheet with its header found, sorted by what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ..errors import Place, readable
from .books import is_book, read_book
from .county import from_vertical, is_vertical
from .csv_table import read_csv
from .details import Detail, detail_name
from .dictionary import Dictionary
from .files import kind_of
from .findings import Findings, rejection
from .headers import Header, locate
from .judgements import is_judgements
from .mapping import Mapping
from .parquet_table import read_parquet
from .plugged_table import is_plugged, read_plugged
from .tables import MAX_COLUMNS, ROW, Grid, RawTable
from .wide import Matcher, Resolved, stage_of_table
from .xlsx_table import Sheet, frame_of, merged_figures, read_xlsx

Progress = Callable[[int, int, str], None]
_PLAIN_SHEET = re.compile(r"^(sheet|工作表|表)\s*\d*$", re.IGNORECASE)


@dataclass(slots=True)
class Sources:
    """All tables of a run by what they hold; `unknown` were recognised as nothing."""

    schools: list[Resolved] = field(default_factory=list)
    counties: list[Resolved] = field(default_factory=list)
    judgements: list[RawTable] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    unknown: list[Resolved] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """Normalised headers of all tables whose columns are mapped."""
        tables = (*self.schools, *self.counties, *self.unknown)
        return {column.key for table in tables for column in table.table.columns}


class SourceReader:
    """Reads files and sorts their tables. One a run: it holds what headers mean. A `lenient` one leaves two columns
    that claim one field for a person to settle."""

    def __init__(
        self, fields: Dictionary, mapping: Mapping, findings: Findings, *, lenient: bool = False
    ) -> None:
        self._fields, self._mapping, self._findings = fields, mapping, findings
        self._matcher = Matcher(fields, mapping, lenient=lenient)
        self._known, self._anchors = self._matcher.keys, self._matcher.anchors
        self._short: dict[str, tuple[int, int, int]] = {}

    def read(self, files: Sequence[Path], progress: Progress | None = None) -> Sources:
        """All tables of `files`; `progress` is told (done, all, name) before each file."""
        sources = Sources()
        for number, path in enumerate(files):
            if progress:
                progress(number, len(files), path.name)
            for item in self._of_file(path):
                self._sort(item, sources)
        if progress:
            progress(len(files), len(files), "")
        return sources

    def unsorted(self, path: Path) -> list[RawTable | Resolved]:
        """The tables of one file as they stand in it, each with its header found."""
        return list(self._of_file(path))

    def sorted(self, tables: Iterable[RawTable | Resolved]) -> Sources:
        """Tables that were read elsewhere, by what they hold."""
        sources = Sources()
        for table in tables:
            self._sort(table, sources)
        return sources

    def judgement_tables(self, path: Path) -> list[RawTable]:
        """The tables of a file that is said to hold judgements; rejected where none does."""
        tables = [item for item in self._of_file(path) if isinstance(item, RawTable)]
        found = self._wanted(tables, [table for table in tables if is_judgements(table)], path)
        for table in found:
            self._told_short(table, figures=False)
        return found

    def county_tables(self, path: Path) -> list[Resolved]:
        """The tables of a file that is said to hold county facts; rejected where none does."""
        tables = [item for item in self._of_file(path) if isinstance(item, RawTable)]
        found = [table for table in tables if is_vertical(table, self._fields) or self._has_facts(table)]
        wanted = self._wanted(tables, found, path)
        for table in wanted:
            self._told_short(table, figures=True)
        return [self._county_table(table) for table in wanted]

    def _wanted(self, tables: list[RawTable], found: list[RawTable], path: Path) -> list[RawTable]:
        if not found:
            headers = ", ".join(column.header for table in tables for column in table.columns)
            raise rejection("READ-NO-FACTS", Place(str(path)), headers=headers[:300] or "-")
        for table in tables:
            if all(table is not item for item in found):
                self._findings.add("READ-SHEET", place=str(table.at))
        return found

    def _has_facts(self, table: RawTable) -> bool:
        matches = self._matcher.resolve(table, None).matches
        return any(code in self._fields and self._fields[code].level == "county" for code in matches)

    def _of_file(self, path: Path) -> Iterator[RawTable | Resolved]:
        if is_plugged(path):
            yield from read_plugged(path)
            return
        kind = kind_of(path)
        if kind == "parquet":
            yield read_parquet(path)
        elif kind == "csv":
            yield self._csv(path)
        else:
            yield from self._workbook(path)

    def _csv(self, path: Path) -> RawTable:
        grid, frame, cells = read_csv(path)
        header = self._locate(grid)
        if header is None:
            raise rejection("READ-HEADER", Place(str(path)))
        table = RawTable(readable(str(path)), None, header.columns, frame.slice(header.data), header.title)
        _reject_ragged(table)
        if short := _first_short(table, cells):
            self._short[table.file] = short
        return table

    def _told_short(self, table: RawTable, *, figures: bool) -> None:
        """A row with fewer cells than the header: among figures no cell of it can be trusted."""
        if table.file not in self._short:
            return
        line, count, width = self._short.pop(table.file)
        place = Place(table.file, line=line)
        if figures:
            raise rejection("READ-SHORT", place, count=count, width=width)
        self._findings.add("READ-SHORT-ROW", place=str(place), count=count, width=width)

    def _locate(self, grid: Grid) -> Header | None:
        rule = self._mapping.sheet_rule(grid.file, grid.sheet)
        return locate(grid, self._anchors, self._known, rule.header_rows)

    def _workbook(self, path: Path) -> Iterator[RawTable | Resolved]:
        sheets = read_xlsx(path, self._findings)
        if not sheets:
            raise rejection("READ-EMPTY", Place(str(path)))
        if is_book(sheets):
            yield read_book(path, sheets, self._mapping, self._findings)
            return
        for sheet in sheets:
            if table := self._sheet(sheet):
                yield table

    def _sheet(self, sheet: Sheet) -> RawTable | None:
        grid = sheet.grid
        place = Place(grid.file, sheet=grid.sheet)
        if grid.width > MAX_COLUMNS:
            raise rejection("READ-TOO-MANY-COLUMNS", place, count=grid.width, limit=MAX_COLUMNS)
        header = None if self._skipped(grid.file, grid.sheet) else self._locate(grid)
        if header is None:
            self._findings.add("READ-SHEET", place=str(place))
            return None
        if merged := merged_figures(sheet, header.data):
            shown = ", ".join(merged[:5]) + (" …" if len(merged) > 5 else "")
            self._findings.add("READ-MERGED", value=shown, place=str(place), count=len(merged))
        return RawTable(grid.file, grid.sheet, header.columns, frame_of(sheet, header), header.title)

    def _skipped(self, file: str, sheet: str | None) -> bool:
        return self._mapping.sheet_rule(file, sheet).skip

    def _sort(self, item: RawTable | Resolved, sources: Sources) -> None:
        if isinstance(item, Resolved):
            sources.schools.append(item)
            return
        if self._skipped(item.file, item.sheet):
            return
        name = detail_name(item.file, None if _is_plain(item.sheet) else item.sheet)
        if name or is_judgements(item):
            self._told_short(item, figures=False)
        if name:
            sources.details.append(Detail(name, item))
            return
        if is_judgements(item):
            sources.judgements.append(item)
            return
        self._sort_facts(item, sources)

    def _sort_facts(self, item: RawTable, sources: Sources) -> None:
        resolved = self._matcher.resolve(item, stage_of_table(item, self._mapping))
        levels = [self._fields[code].level for code in resolved.matches if code in self._fields]
        if {"school", "school_id"} & set(resolved.matches):
            self._told_short(item, figures=True)
            sources.schools.append(resolved)
        elif "county" in levels or is_vertical(item, self._fields):
            self._told_short(item, figures=True)
            sources.counties.append(self._county_table(item))
        else:
            sources.unknown.append(resolved)

    def _county_table(self, table: RawTable) -> Resolved:
        """A table of county facts with its columns resolved, turned where it stands upright."""
        if not self._has_facts(table) and is_vertical(table, self._fields):
            return from_vertical(table, self._fields)
        return self._matcher.resolve(table, None)


def _first_short(table: RawTable, cells: pl.Series) -> tuple[int, int, int] | None:
    """Record, its cells and the header's of the first short row; a note of one or two cells is not meant."""
    rows = table.frame[ROW]
    width = max((n for n, column in enumerate(table.columns, 1) if column.header), default=0)
    own = cells.gather((rows.filter(rows <= len(cells)) - 1).to_list())
    short = ((own > 2) & (own < width)).arg_true()
    return (int(rows[short[0]]), int(own[short[0]]), width) if len(short) else None


def _reject_ragged(table: RawTable) -> None:
    """Cells beyond the header: an unquoted comma has shifted the row, so no cell of it can be trusted."""
    for column in table.columns:
        if column.header:
            continue
        cells = table.frame[column.name].str.strip_chars()
        filled = (cells.is_not_null() & (cells != "")).arg_true()
        if len(filled):
            line = int(table.frame["_row"][filled[0]])
            width = sum(bool(column.header) for column in table.columns)
            count = int(column.name[1:]) + 1
            raise rejection("READ-RAGGED", Place(table.file, line=line), count=count, width=width)


def _is_plain(sheet: str | None) -> bool:
    return sheet is None or bool(_PLAIN_SHEET.match(sheet))


def without_rows(tables: Sequence[Resolved]) -> bool:
    """Whether no table has a single row."""
    return all(table.table.frame.height == 0 for table in tables)
