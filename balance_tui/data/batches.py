"""A parquet file too large to hold, as datasets of whole counties, one after the other.

Rows are read in spans that divide no county: small ones where the file keeps the rows of a county together,
as exports do; a file that scatters them is one span. Held for the whole file are only keys, first and last
rows of the counties, and the county facts and judgements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from .dataset import Dataset
from .dictionary import KEY_FIELDS, Field, dictionary
from .files import digest_of
from .findings import Findings
from .headers import key_of
from .load import dataset_of
from .mapping import Mapping, check_mapping
from .parquet_table import check, numbered, table_of
from .sources import SourceReader
from .tables import ROW

BATCH_ROWS = 250_000
"""Rows of a batch, unless a single county has more: a nation's sections of one year."""


def read_batches(
    path: str | Path,
    *,
    county_facts: str | Path | None = None,
    judgements: str | Path | None = None,
    mapping: Mapping | None = None,
    needed: Collection[str] = (),
    extra_fields: Sequence[Field] = (),
    rows: int = BATCH_ROWS,
) -> Iterator[Dataset]:
    """Datasets of whole counties and years that together are those of `load.read_dataset`.

    All files are parquet, with the keys under their codes or labels. What the data checks compare between
    counties (a code or a name in two of them) they see within a batch only. Raises `InputRejected` as
    `read_dataset` does.
    """
    mapping = mapping or Mapping()
    fields = dictionary().extended(extra_fields) if extra_fields else dictionary()
    check_mapping(mapping, fields)
    files = [Path(file) for file in (path, county_facts, judgements) if file]
    for file in files:
        check(file)
    digest, others = digest_of(files), {file: _numbered(file).collect() for file in files[1:]}
    for start, length in _spans(files[0], rows):
        main = _span(files[0], start, length).collect()
        findings = Findings()
        own = {file: _matching(frame, main) for file, frame in others.items()}
        tables = [table_of(file, frame) for file, frame in {files[0]: main, **own}.items() if frame.height]
        sources = SourceReader(fields, mapping, findings).sorted(tables)
        yield replace(dataset_of(sources, (), fields, mapping, needed, findings), digest=digest)


def _numbered(path: Path) -> pl.LazyFrame:
    return numbered(_scanned(path))


def _span(path: Path, start: int, length: int) -> pl.LazyFrame:
    """So many rows from `start` on, numbered as in the whole file. Cut before they are numbered: else each span would
    be read with all that stands before it."""
    return numbered(_scanned(path).slice(start, length), start + 1)


def _scanned(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


def _keys(headers: Iterable[str]) -> dict[str, str]:
    """Key field → header of its column."""
    fields = dictionary()
    names = {key_of(name): code for code in KEY_FIELDS for name in (code, fields[code].label.zh)}
    found = {key_of(header): header for header in headers}
    return {code: found[name] for name, code in names.items() if name in found}


def _spans(path: Path, rows: int) -> Iterator[tuple[int, int]]:
    """Start and length of stretches of about `rows` rows (at least one county) that share no county."""
    scan, keys = _numbered(path), list(_keys(pl.read_parquet_schema(path)).values())
    ends = pl.col(ROW).min().alias("first"), pl.col(ROW).max().alias("last")
    counties = (scan.group_by(keys).agg(ends) if keys else scan.select(ends)).sort("first")
    start = last = 0
    for first, county_last in counties.select("first", "last").collect(engine="streaming").iter_rows():
        if first > last and last - start >= rows:
            yield start, last - start
            start = last
        last = max(last, county_last)
    if last > start:
        yield start, last - start


def _matching(frame: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Rows that belong to the counties of `main`, by the keys both have."""
    ours, theirs = _keys(main.columns), _keys(frame.columns)
    both = [code for code in ours if code in theirs]
    if not both:
        return frame
    wanted = main.select(pl.col(ours[code]).alias(theirs[code]) for code in both).unique()
    keys = [theirs[code] for code in both]
    return frame.join(wanted, on=keys, how="semi", nulls_equal=True, maintain_order="left")
