"""The benchmarks run, and the engine, the hand-written query and the pandas formulas say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pandas")

from balance_tui.language import Text
from benchmarks import __main__ as bench
from benchmarks import engine_bench, nation, terminal_bench, yardstick_polars


def test_every_row_is_measured_and_equal_is_equal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # How long a program must be silent to have said all matters to what is measured, of which nothing is said here.
    monkeypatch.setattr(terminal_bench, "_SETTLED", 0.4)
    assert bench.main(["--short", "--runs", "1"]) == 0
    printed = capsys.readouterr().out
    for told in (
        "hand-written polars",
        "pandas",
        "parquet",
        "--help",
        "--version",
        "national-2017",
        "34 plugins",
    ):
        assert told in printed


def test_the_made_up_nation_is_the_same_in_every_run() -> None:
    size = nation.Size(300, 6)
    assert nation.sections(size).equals(nation.sections(size))
    assert nation.county_facts(size).equals(nation.county_facts(size))


def test_the_made_up_nation_has_every_status_and_reliefs() -> None:
    answer = yardstick_polars.answer(nation.dataset(nation.Size(4000, 60)).sections)
    assert set(answer.sections["_school"].unique()) == {1, 2, 3, 4}
    assert {2, 5} <= set(answer.sections["L3_status"].unique())
    assert set(answer.dispersion["_status"].unique()) == {1, 3, 4}


def test_a_wrong_answer_of_the_yardstick_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(yardstick_polars.LIMITS, "primary", (4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.5))
    with pytest.raises(AssertionError):
        engine_bench.same_as_polars(nation.dataset(nation.Size(300, 6)), engine_bench.context())


def test_figures_are_written_between_the_marks_of_both_readmes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {language: tmp_path / f"{language}.md" for language in ("en", "zh")}
    for file in files.values():
        file.write_text("a\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nz\n", encoding="utf-8")
    monkeypatch.setattr(bench, "README", files)
    what = bench.Row(Text("引擎", "engine"), "1 ms", "2 ms", "0.5 ×", Text("≤ 1", "≤ 1"), True)
    bench.write_markdown([what])
    for file, word in ((files["en"], "engine"), (files["zh"], "引擎")):
        text = file.read_text(encoding="utf-8")
        assert f"| {word} | 1 ms | 2 ms | 0.5 × | ≤ 1 | ok |" in text
        assert "old" not in text
        assert text.startswith("a\n")
        assert text.endswith("<!-- measured: end -->\nz\n")
