"""From parquet to verdicts: every part of the standard, the nation and many times the nation."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import polars as pl

from balance_tui.data.batches import read_batches
from balance_tui.data.dataset import Dataset
from balance_tui.data.load import read_dataset
from balance_tui.engine.batches import evaluate_batches
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.result import Result
from balance_tui.language import Text
from balance_tui.standard.load import LoadedStandard, load_standard

from . import nation
from .engine_bench import context, engine
from .measure import Row, medians, timed, told

_TURNS = 4
"""So many batches of many nations, then one nation again: both are then slowed by the same neighbours."""


@dataclass(frozen=True)
class Files:
    """A nation, or many of them, as parquet files."""

    sections: Path
    counties: Path


def rows(
    dataset: Dataset, size: nation.Size, times: tuple[int, ...], runs: int, batch_rows: int
) -> Iterator[Row]:
    """End to end beside the engine alone, then `times` the nation in batches beside once in batches."""
    standard = load_standard("national-2017")
    sections, facts = nation.sections(size), nation.county_facts(size)
    with tempfile.TemporaryDirectory() as folder:

        def written(copies: int) -> Files:
            files = Files(
                Path(folder, f"sections-{copies}.parquet"), Path(folder, f"counties-{copies}.parquet")
            )
            nation.write_sections(files.sections, sections, copies)
            nation.write_county_facts(files.counties, facts, copies)
            return files

        one = written(1)
        yield _end_to_end(standard, dataset, one, runs)
        _same_in_batches(standard, one, batch_rows)
        for copies in times:
            taken, once = _growth(standard, one, written(copies), batch_rows)
            yield _growth_row(taken, once, copies, sections.height * copies)


def _end_to_end(standard: LoadedStandard, dataset: Dataset, one: Files, runs: int) -> Row:
    given = context()
    whole, alone = medians(runs, lambda: _whole(standard, one).counties, lambda: engine(dataset, given))
    what = Text(
        "从 parquet 到结论, 含检查与全部部分; 参照: 引擎单独",
        "parquet to verdicts with checks and every part; the engine alone",
    )
    return Row(what, told(whole), told(alone), f"{whole / alone:.1f} ×")


def _whole(standard: LoadedStandard, files: Files) -> Result:
    dataset = read_dataset([files.sections], county_facts=files.counties, needed=standard.needed)
    return evaluate(standard, dataset)


def _verdicts(standard: LoadedStandard, files: Files, rows: int) -> Iterator[pl.DataFrame]:
    """The verdicts of each batch, which are all that it leaves behind."""
    batches = read_batches(files.sections, county_facts=files.counties, needed=standard.needed, rows=rows)
    return (result.counties for result in evaluate_batches(standard, batches))


def _same_in_batches(standard: LoadedStandard, files: Files, rows: int) -> None:
    """Batch by batch the verdicts are those of the whole, or AssertionError."""
    parts = list(_verdicts(standard, files, rows))
    assert pl.concat(parts).equals(_whole(standard, files).counties)


def _growth(standard: LoadedStandard, one: Files, many: Files, rows: int) -> tuple[float, float]:
    """Seconds of many nations in all, and of one nation on the average of its turns between them."""
    once: list[float] = []
    taken, batches = 0.0, _verdicts(standard, many, rows)
    for turn in count():
        if turn % _TURNS == 0:
            once.append(timed(lambda: list(_verdicts(standard, one, rows))))
        started = time.perf_counter()
        last = next(batches, None) is None
        taken += time.perf_counter() - started
        if last:
            break
    return taken, sum(once) / len(once)


def _growth_row(taken: float, once: float, copies: int, height: int) -> Row:
    """Time and the peak of memory of the whole process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    ratio = taken / once
    what = Text(
        f"{copies} 倍全国 ({height:,} 行), 分批; 参照: 1 倍; 内存峰值 {peak:.1f} GiB",
        f"{copies} nations ({height:,} rows) in batches; one nation; peak memory {peak:.1f} GiB",
    )
    limit = copies * 1.1
    reach = Text(f"≤ {copies} × (容差 10%)", f"≤ {copies} × (10 % slack)")
    return Row(what, told(taken), told(once), f"{ratio:.1f} ×", reach, ratio <= limit)
