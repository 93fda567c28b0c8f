"""`profile import-table` and tables, options and files that are wrong: one sentence each, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.standard.import_table import Wishes, import_table
from balance_tui.standard.load import build_standard, load_standard
from balance_tui.standard.source import parse_document
from balance_tui.standard.table_rows import Cells, table_rows

from .tables import HEAD, Rows, completing, imported, layer, maxima, written


def changed(row: int, column: int, text: str) -> Rows:
    """The completing table with one cell changed; rows from 1, as they are told."""
    rows = [list(each) for each in completing()]
    rows[row - 1][column] = text
    return [tuple(each) for each in rows]


def further(*row: str) -> Rows:
    """The completing table with one row more, the seventh."""
    return [*completing(), row]


BROKEN: dict[str, tuple[Rows, str, int, str]] = {
    "a score in words": (changed(3, 4, "十分"), "TABLE-SCORE", 3, "not a number above zero"),
    "a negative score": (changed(3, 4, "-10"), "TABLE-SCORE", 3, "not a number above zero"),
    "a score of zero": (changed(3, 4, "0"), "TABLE-SCORE", 3, "not a number above zero"),
    "an endless score": (changed(3, 4, "9" * 400), "TABLE-SCORE", 3, "not a number above zero"),
    "a score with an exponent": (changed(3, 4, "1e3"), "TABLE-SCORE", 3, "not a number above zero"),
    "a cell error": (changed(3, 4, "#DIV/0!"), "TABLE-SCORE", 3, "not a number above zero"),
    "a point twice": (changed(4, 3, "30.另一要点"), "TABLE-TWICE", 4, "stands twice"),
    "a recorded point twice": ([*completing(), ("三、队伍建设", "", "", "29.又一次", "1")], "TABLE-TWICE", 7, "stands twice"),
    "no point": (changed(3, 3, ""), "TABLE-POINT", 3, "without a point"),
    "no dimension": ([HEAD, ("", "", "", "30.要点", "2")], "TABLE-DIMENSION", 2, "no dimension"),
    "an empty dimension": ([*completing(), ("七、附加", "", "", "", "")], "TABLE-EMPTY", 7, "has no points"),
    "headings alone": ([HEAD], "TABLE-EMPTY", 1, "no points below"),
    "no column of scores": ([row[:4] for row in completing()], "TABLE-HEADER", 1, "columns missing: score"),
    "no headings": ([("甲", "乙"), ("1", "2")], "TABLE-HEADER", 1, "no headings"),
    "a total that is not the sum": (completing("38"), "TABLE-TOTAL", 7, "not the sum"),
    "two totals": ([*completing("37"), ("合计", "", "", "", "37")], "TABLE-TOTAL", 8, "two rows of totals"),
    "a wrong subtotal": ([*completing(), ("", "小计", "", "", "7")], "TABLE-TOTAL", 7, "the subtotal 7"),
    "a sum beside a heading": (changed(5, 0, "五、教育质量(8分)"), "TABLE-TOTAL", 5, "add up to 9"),
    "another name for a dimension": (changed(3, 0, "四、学校治理"), "TABLE-GROUP", 3, "recorded as '教育治理'"),
    "another score than recorded": (
        further("一、组织领导", "(一)立德树人", "1.方针", "1.办学方向", "5"), "TABLE-DIFFERS", 7, "--accept-differences",
    ),
    "a point in another dimension": (
        further("五、教育质量", "(十二)学生发展", "", "1.办学方向", "4"), "TABLE-DIFFERS", 7, "recorded under '组织领导'",
    ),
    "a point without a number": (
        [HEAD, ("一、组织领导", "(一)立德树人", "1.方针", "办学方向端正", "4")], "TABLE-NUMBER", 2, "has no number",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_told_in_one_sentence_with_its_row_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    rows, code, line, words = BROKEN[name]
    made, out = imported(written(tmp_path / "table.csv", rows))
    assert (made.code, made.output) == (4, "")
    first = made.errors.splitlines()[0]
    assert first.startswith(f"{code} {tmp_path / 'table.csv'}:{line}: "), first
    assert words in first
    assert not out.exists()


def test_every_fault_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    rows = changed(3, 4, "x")
    rows[4] = (*rows[4][:4], "y")
    made, _ = imported(written(tmp_path / "table.csv", rows))
    assert [line.split(":")[1] for line in made.errors.splitlines()] == ["3", "5"]


def test_a_differing_score_stands_when_it_is_accepted_and_is_told(tmp_path: Path) -> None:
    rows = [*completing(), ("一、组织领导", "(一)立德树人", "1.方针", "1.办学方向", "5")]
    made, out = imported(written(tmp_path / "table.csv", rows), "--accept-differences")
    assert made.code == 0, made.errors
    assert "differs: the point BJ01 is recorded with 4, the table has 5" in made.output
    standard = load_standard(str(out))
    assert maxima(standard)["BJ01"] == 5
    assert {group.id: group.max for group in standard.model.group}["BJ-1"] == 25


@pytest.mark.parametrize(
    ("options", "code", "exit_code"),
    [
        (("--total", "99"), "TABLE-TOTAL", 4),
        (("--total", "hundred"), "IMPORT-NUMBER", 2),
        (("--pass-mark", "-1"), "IMPORT-NUMBER", 2),
        (("--total", "100", "--pass-mark", "101"), "IMPORT-NUMBER", 2),
        (("--id", "北京"), "IMPORT-ID", 2),
    ],
)
def test_a_wrong_option_is_told(tmp_path: Path, options: tuple[str, ...], code: str, exit_code: int) -> None:
    made, out = imported(written(tmp_path / "table.csv", completing()), *options)
    assert (made.code, made.errors.split()[0].rstrip(":")) == (exit_code, code)
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "READ-EMPTY"),
        (b"PK\x03\x04rubbish", "READ-EXTENSION"),
        (b'a,b\n"open', "READ-CSV"),
        (b"PAR1", "READ-EXTENSION"),
    ],
)
def test_a_file_that_is_no_table_is_rejected(tmp_path: Path, content: bytes, code: str) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(content)
    made, _ = imported(table)
    assert (made.code, made.errors.split()[0]) == (3, code)


def test_a_file_that_is_there_is_not_overwritten_and_one_that_is_not_is_named(tmp_path: Path) -> None:
    table = written(tmp_path / "table.csv", completing())
    assert imported(table)[0].code == 0
    made, out = imported(table)
    assert (made.code, made.errors.split(":")[0]) == (2, "IMPORT-EXISTS")
    out.unlink()
    assert imported(tmp_path / "none.csv")[0].code == 3
    assert imported(table, base="nowhere")[0].code == 4


def test_control_characters_of_a_table_reach_neither_the_layer_nor_the_terminal(tmp_path: Path) -> None:
    rows = changed(4, 3, "31.章程\x1b[31m与\x00管理\x7f")
    table = tmp_path / "table.csv"
    table.write_text("\n".join(",".join(row) for row in rows).replace("\x00", ""), encoding="utf-8")
    standard = layer(table)
    label = next(point.label for point in standard.model.point if point.id == "BJ31")
    assert label.isprintable()
    broken = changed(4, 4, "\x1b[31m8")
    made, _ = imported(written(tmp_path / "other.csv", broken))
    assert "\x1b" not in made.errors


_WORDS = st.sampled_from(
    ("", "", "四、教育治理", "教育质量", "(十一)甲", "一、组织领导(24分)", "合计", "小计", "30.要点", "29.要点",
     "12．要点", "要点", "(3分)", "2", "３分", "0", "-1", "9999.要点", "\u202e", "a\nb", '"', "\\")
)  # fmt: skip
_TABLES = st.lists(st.lists(_WORDS, min_size=0, max_size=6).map(tuple), max_size=8)


@settings(max_examples=60)
@given(rows=_TABLES, name=st.sampled_from(("beijing-2018", "national-2017")), accept=st.booleans())
def test_whatever_a_table_holds_it_becomes_a_valid_layer_or_is_refused_with_a_code(
    rows: list[tuple[str, ...]], name: str, accept: bool
) -> None:
    base = load_standard(name)
    cells = Cells("table.csv", None, (HEAD, *rows), tuple(range(1, len(rows) + 2)))
    refused: StandardInvalid | None = None
    try:
        made = import_table(table_rows([cells]), base, Wishes("made", accept_differences=accept), "table.csv")
    except StandardInvalid as error:
        refused = error
    if refused is not None:
        assert all(problem.code.startswith("TABLE-") and problem.place for problem in refused.problems)
        return
    completed = build_standard(parse_document(made.text, "made.toml"))
    kept = {point.id for point in base.model.point}
    assert kept <= {point.id for point in completed.model.point}
    assert made.maximum == sum(point.max or 0 for point in completed.model.point)
    assert completed.model.scorecard is not None
    assert completed.model.scorecard.complete == (not made.missing)
