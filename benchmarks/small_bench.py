"""What a person waits for: help, a standard read, one county judged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from balance_tui.engine.evaluate import evaluate
from balance_tui.language import Text
from balance_tui.standard.load import load_standard

from . import nation
from .measure import Row, at_most, medians, told

_LOADED = "import sys; from balance_tui.cli import main\ntry: main([{!r}])\nexcept SystemExit: pass\n" \
    "print(sorted({{'polars', 'textual'}} & set(sys.modules)), file=sys.stderr)"  # fmt: skip


def cold_start(runs: int) -> Iterator[Row]:
    """`--help` and `--version` beside an interpreter that does nothing."""
    for option in ("--help", "--version"):
        loaded = subprocess.run(
            [sys.executable, "-c", _LOADED.format(option)], capture_output=True, text=True, check=True
        )
        assert loaded.stderr.splitlines()[-1] == "[]", f"{option} imports {loaded.stderr}"
        answer, nothing = medians(
            runs,
            lambda asked=option: _run("-m", "balance_tui", asked),  # type: ignore[misc]
            lambda: _run("-c", "pass"),
        )
        what = Text(f"{option}; 参照: python -c pass", f"{option}; python -c pass")
        yield at_most(what, answer, nothing, 6)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)


def one_county(runs: int) -> Iterator[Row]:
    standard = load_standard("national-2017")
    (taken,) = medians(runs, lambda: load_standard("national-2017"))
    yield Row(Text("读入 national-2017", "reading national-2017"), told(taken))
    for schools in (60, 500):
        dataset = nation.dataset(nation.Size(schools, 1))
        (taken,) = medians(runs, lambda data=dataset: evaluate(standard, data))  # type: ignore[misc]
        yield Row(
            Text(
                f"一个县 {schools} 所学校, 检查与全部部分",
                f"one county of {schools} schools, checks and every part",
            ),
            told(taken),
        )
