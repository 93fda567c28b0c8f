"""From parquet to verdicts: every part of the standard, the nation and many times the nation."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
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


def rows(
    dataset: Dataset, size: nation.Size, times: tuple[int, ...], runs: int, batch_rows: int
) -> Iterator[Row]:
    """End to end beside the engine alone, then `times` the nation in batches beside once in batches."""
    standard = load_standard("national-2017")
    sections, facts = nation.sections(size), nation.county_facts(size)
    with tempfile.TemporaryDirectory() as folder:
        path, county_path = Path(folder, "sections.parquet"), Path(folder, "counties.parquet")

        def write(copies: int) -> None:
            nation.write_sections(path, sections, copies)
            nation.write_county_facts(county_path, facts, copies)

        write(1)
        yield _end_to_end(standard, dataset, path, county_path, runs)
        _same_in_batches(standard, path, county_path, batch_rows)
        (once,) = medians(2, lambda: _batches(standard, path, county_path, batch_rows))
        for copies in times:
            write(copies)
            taken = timed(lambda: _batches(standard, path, county_path, batch_rows))
            yield _growth(taken, once, copies, sections.height * copies)


def _end_to_end(standard: LoadedStandard, dataset: Dataset, path: Path, county_path: Path, runs: int) -> Row:
    given = context()
    whole, alone = medians(
        runs, lambda: _whole(standard, path, county_path).counties, lambda: engine(dataset, given)
    )
    what = Text(
        "从 parquet 到结论, 含检查与全部部分; 参照: 引擎单独",
        "parquet to verdicts with checks and every part; the engine alone",
    )
    return Row(what, told(whole), told(alone), f"{whole / alone:.1f} ×")


def _whole(standard: LoadedStandard, path: Path, county_path: Path) -> Result:
    return evaluate(standard, read_dataset([path], county_facts=county_path, needed=standard.needed))


def _batches(standard: LoadedStandard, path: Path, county_path: Path, rows: int) -> int:
    """The number of counties judged; what a batch leaves behind is its verdicts only."""
    batches = read_batches(path, county_facts=county_path, needed=standard.needed, rows=rows)
    return sum(result.counties.height for result in evaluate_batches(standard, batches))


def _same_in_batches(standard: LoadedStandard, path: Path, county_path: Path, rows: int) -> None:
    """Batch by batch the verdicts are those of the whole, or AssertionError."""
    batches = read_batches(path, county_facts=county_path, needed=standard.needed, rows=rows)
    parts = [result.counties for result in evaluate_batches(standard, batches)]
    assert pl.concat(parts).equals(_whole(standard, path, county_path).counties)


def _growth(taken: float, once: float, copies: int, count: int) -> Row:
    """Time and the peak of memory of the whole process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    ratio = taken / once
    what = Text(
        f"{copies} 倍全国 ({count:,} 行), 分批; 参照: 1 倍; 内存峰值 {peak:.1f} GiB",
        f"{copies} nations ({count:,} rows) in batches; one nation; peak memory {peak:.1f} GiB",
    )
    limit = copies * 1.1
    reach = Text(f"≤ {copies} × (容差 10%)", f"≤ {copies} × (10 % slack)")
    return Row(what, told(taken), told(once), f"{ratio:.1f} ×", reach, ratio <= limit)
