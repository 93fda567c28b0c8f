"""`python -m benchmarks`: every figure of DESIGN 9 that this release has, beside its yardstick."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from balance_tui.data.batches import BATCH_ROWS

from . import (
    edit_bench,
    engine_bench,
    nation,
    plugin_bench,
    records_bench,
    small_bench,
    ssh_bench,
    terminal_bench,
    whole_bench,
)
from .measure import HEAD, Row, cells, markdown

ROOT = Path(__file__).resolve().parents[1]
README = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
_MARKS = re.compile(r"(<!-- measured: begin -->\n).*?(<!-- measured: end -->)", re.DOTALL)
_SHORT = nation.Size(600, 9)


def measured(*, short: bool = False, huge: bool = False, runs: int = 7) -> Iterator[Row]:
    """Each row as it is measured; `short` only shows that all runs and that equal is equal."""
    size = _SHORT if short else nation.Size()
    times = (2,) if short else (10, 100) if huge else (10,)
    dataset = nation.dataset(size)
    yield from engine_bench.rows(dataset, runs, 2 if short else 60)
    yield from whole_bench.rows(dataset, size, times, runs, 200 if short else BATCH_ROWS)
    yield from small_bench.cold_start(runs)
    yield from small_bench.one_county(runs)
    yield from edit_bench.rows(short=short)
    yield from plugin_bench.rows(runs)
    yield from records_bench.rows(short=short)
    yield from terminal_bench.rows(runs, short=short)
    yield from ssh_bench.rows(runs, short=short)


def machine() -> str:
    return f"polars {pl.__version__}, {pl.thread_pool_size()} threads"


def show(rows: list[Row], language: str) -> None:
    table = Table(title=machine())
    for head in HEAD:
        table.add_column(getattr(head, language))
    for row in rows:
        table.add_row(*cells(row, language))
    Console(width=160).print(table)


def write_markdown(rows: list[Row]) -> None:
    """The table between the marks of both READMEs."""
    for language, path in README.items():
        text = path.read_text(encoding="utf-8")
        table = f"{markdown(rows, language)}\n\n({machine()})\n"
        path.write_text(_MARKS.sub(lambda m, t=table: m[1] + t + m[2], text), encoding="utf-8")  # type: ignore[misc]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="tiny sizes: does it run, is equal equal")
    parser.add_argument(
        "--huge", action="store_true", help="also a hundred nations (minutes, gigabytes of disk)"
    )
    parser.add_argument("--markdown", action="store_true", help="write the figures into the READMEs")
    parser.add_argument("--runs", type=int, default=7, help="runs a median is taken of")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    options = parser.parse_args(arguments)
    rows = list(measured(short=options.short, huge=options.huge, runs=options.runs))
    if options.short:  # tiny sizes measure overhead, not speed
        rows = [replace(row, reach=None, ok=None) for row in rows]
    show(rows, options.lang)
    if options.markdown and not options.short:
        write_markdown(rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
