"""County facts: one row a county and year, or two columns of names and values for one county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

import polars as pl

from ..language import Text
from .columns import SHOWN_PROBLEMS, Problem, as_text, read_column, report
from .dictionary import KEY_FIELDS, Dictionary, Field
from .findings import Findings
from .headers import key_of
from .mapping import Mapping, nearest
from .tables import Column, RawTable
from .wide import Resolved

TABLE = Text("县级数据", "the county facts")


def is_vertical(table: RawTable, fields: Dictionary) -> bool:
    """True for a table of two or three columns whose first holds names of county fields."""
    return 2 <= len(table.columns) <= 3 and len(_vertical_cells(table, fields)) >= 1


def _vertical_cells(table: RawTable, fields: Dictionary) -> dict[str, tuple[int, str]]:
    """field → (row index, text); index -1 is the header row itself, of a table that has none."""
    known = {key_of(f.label.zh): f.code for f in fields.of_level("county")}
    known |= {key_of(code): code for code in (*(f.code for f in fields.of_level("county")), *KEY_FIELDS)}
    known |= {key_of(fields[code].label.zh): code for code in KEY_FIELDS}
    names = as_text(table.frame[table.columns[0].name]).to_list()
    values = as_text(table.frame[table.columns[1].name]).to_list()
    pairs = [(-1, table.columns[0].header, table.columns[1].header)]
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        pairs.append((index, name or "", value or ""))
    return {known[key_of(name)]: (index, value) for index, name, value in pairs if key_of(name) in known}


def from_vertical(table: RawTable, fields: Dictionary) -> Resolved:
    """The same facts as one wide row."""
    from .wide import Match

    cells = _vertical_cells(table, fields)
    columns = tuple(Column(f"c{n}", "", code, key_of(code)) for n, code in enumerate(cells))
    data = {f"c{n}": [text] for n, (_, text) in enumerate(cells.values())}
    frame = pl.DataFrame({"_row": [1], **data}, schema={"_row": pl.UInt32} | dict.fromkeys(data, pl.String()))
    wide = RawTable(table.file, table.sheet, columns, frame)
    return Resolved(wide, None, {c.header: Match(c, c.header, "label") for c in columns})


def read_county_facts(
    tables: Sequence[Resolved], keys: pl.DataFrame, fields: Dictionary, mapping: Mapping, findings: Findings
) -> pl.DataFrame:
    """`county_schema` of all tables; `keys` are the counties and years of the schools, which every row
    must be one of. Rows of unknown or ambiguous counties are errors and left out."""
    frames = [_read_one(table, keys, fields, mapping, findings) for table in tables]
    schema = fields.county_schema()
    empty = pl.DataFrame(schema=schema)
    frame = pl.concat([empty, *(f.select(_completed(f, schema)) for f in frames)], how="vertical")
    return _without_twins(frame, findings)


def _completed(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> list[pl.Expr]:
    return [
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    ]


def _read_one(
    resolved: Resolved, keys: pl.DataFrame, fields: Dictionary, mapping: Mapping, findings: Findings
) -> pl.DataFrame:
    table = resolved.table
    wanted = {f.code: f for f in (*(fields[k] for k in KEY_FIELDS), *fields.of_level("county"))}
    series: list[pl.Series] = []
    broken: list[tuple[list[Problem], Column, Field]] = []
    for code, match in resolved.matches.items():
        if code in wanted:
            values = dict(mapping.values.get(code, {}))
            read, problems = read_column(
                table.frame[match.column.name], wanted[code], values or None, mapping.units.get(code)
            )
            series.append(read)
            broken.append((problems, match.column, wanted[code]))
    frame = pl.DataFrame(series)
    for code, value in mapping.constant.items():
        if code in KEY_FIELDS and code not in frame.columns:
            frame = frame.with_columns(pl.lit(value).cast(fields.county_schema()[code]).alias(code))
    blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    placed, row_keys = place_rows(frame, keys, TABLE, table, findings, blank)
    for problems, column, field in broken:
        report(problems, field, findings, lambda index: row_keys[index] or {}, partial(_cell, table, column))
    return placed


def _cell(table: RawTable, column: Column, index: int) -> str:
    return table.place(index, column)


def place_rows(
    frame: pl.DataFrame,
    keys: pl.DataFrame,
    name: Text,
    table: RawTable,
    findings: Findings,
    blank: pl.Series | None = None,
) -> tuple[pl.DataFrame, list[dict[str, object] | None]]:
    """The rows with their keys as the data writes them, without those that fit no county of the data;
    and for each input row its keys, None where it was left out."""
    by_county: dict[object, list[dict[str, object]]] = defaultdict(list)
    for row in keys.select(KEY_FIELDS).unique(maintain_order=True).iter_rows(named=True):
        by_county[row["county"]].append(row)
    said: set[str] = set()
    placed: list[dict[str, object] | None] = []
    given_names = [key for key in KEY_FIELDS if key in frame.columns]
    given_rows = frame.select(given_names).to_dicts() if given_names else [{}] * frame.height
    for index, given in enumerate(given_rows):
        if blank is not None and blank[index]:
            placed.append(None)
            continue
        placed.append(_place_one(given, by_county, name, table.place(index), findings, said))
    keep = [row is not None for row in placed]
    kept = frame.filter(pl.Series(keep, dtype=pl.Boolean)).drop(given_names)
    schema = {key: keys.schema[key] for key in KEY_FIELDS}
    found = pl.DataFrame([row for row in placed if row is not None], schema=schema)
    return pl.concat([found, kept], how="horizontal"), placed


def report_more(lost: pl.DataFrame, name: Text, table: RawTable, findings: Findings) -> None:
    """Count the rows of unknown schools beyond those named one by one. `lost` has `_row` and `school_id` or
    `school`."""
    rest = lost.slice(SHOWN_PROBLEMS)
    if rest.height:
        first = rest.row(0, named=True)
        value = first.get("school_id") or first.get("school") or ""
        findings.add(
            "JOIN-SCHOOL-MORE", fields=(), value=str(value), place=f"{table.name}:{first['_row']}",
            table=name, count=rest.height,
        )  # fmt: skip


def _place_one(
    given: dict[str, object],
    by_county: dict[object, list[dict[str, object]]],
    name: Text,
    place: str,
    findings: Findings,
    said: set[str],
) -> dict[str, object] | None:
    county = given.get("county")
    if county is None:
        if len(by_county) != 1:
            findings.add("JOIN-COUNTY", value="", place=place, table=name, hint=Text("", ""))
            return None
        county = next(iter(by_county))
        _say_once("JOIN-COUNTY-ONE", str(county), name, place, findings, said)
    near = by_county.get(county, [])
    if not near:
        hint = nearest(str(county), [str(known) for known in by_county if known])
        findings.add("JOIN-COUNTY", value=str(county), place=place, table=name, hint=hint)
        return None
    fits = [row for row in near if _agree(row, given, ("province", "city"))]
    exact = [row for row in fits if _agree(row, given, ("year",))]
    if len(exact) == 1:
        if given.get("year") is None and exact[0]["year"] is not None:
            _say_once("JOIN-YEAR", str(exact[0]["year"]), name, place, findings, said)
        return exact[0]
    if exact or not fits:
        code = "JOIN-COUNTY-AMBIGUOUS" if exact else "JOIN-COUNTY"
        findings.add(code, value=str(county), place=place, table=name, hint=Text("", ""))
        return None
    return _other_year(given, fits, name, place, findings)


def _agree(row: dict[str, object], given: dict[str, object], keys: Sequence[str]) -> bool:
    """Equal wherever both say something."""
    both = [key for key in keys if row[key] is not None and given.get(key) is not None]
    return all(row[key] == given[key] for key in both)


def _other_year(
    given: dict[str, object], fits: list[dict[str, object]], name: Text, place: str, findings: Findings
) -> dict[str, object] | None:
    """A year without schools keeps its row, where it is clear which county is meant."""
    places = {(row["province"], row["city"]) for row in fits}
    if len(places) != 1:
        findings.add("JOIN-COUNTY-AMBIGUOUS", value=str(given["county"]), place=place, table=name)
        return None
    findings.add("JOIN-YEAR-OTHER", value=str(given["year"]), place=place, table=name)
    return fits[0] | {"year": given["year"]}


def _say_once(code: str, value: str, name: Text, place: str, findings: Findings, said: set[str]) -> None:
    if code + value not in said:
        said.add(code + value)
        findings.add(code, value=value, place=place, table=name)


def _without_twins(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """One row a county and year: files that give different facts complete each other; a fact given
    twice with different values is an error and null."""
    keys = list(KEY_FIELDS)
    if not frame.select(pl.struct(keys).is_duplicated().any()).item():
        return frame
    facts = [name for name in frame.columns if name not in keys]
    for row in (
        frame.group_by(keys, maintain_order=True)
        .agg(pl.col(facts).drop_nulls().n_unique())
        .iter_rows(named=True)
    ):
        twice = [name for name in facts if row[name] > 1]
        if twice:
            where = {key: row[key] for key in keys}
            findings.add(
                "JOIN-COUNTY-TWICE", where=where, field=twice[0], fields=twice, value=str(row["county"]),
                table=TABLE,
            )  # fmt: skip
    agreed = [
        pl.when(pl.col(f).drop_nulls().n_unique() == 1).then(pl.col(f).drop_nulls().first()).alias(f)
        for f in facts
    ]
    return frame.group_by(keys, maintain_order=True).agg(agreed).select(frame.columns)
