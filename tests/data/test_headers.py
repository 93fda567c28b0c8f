"""Header rows: found under titles and notes, composed into one path a column."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.data.headers import key_of, locate
from balance_tui.data.load import read_dataset
from balance_tui.data.tables import Grid, index_of, letter_of
from balance_tui.data.wide import stage_in
from tests.data.sources import WIDE_HEADER, wide_row, write_wide

ANCHORS = {"学校名称"}


def grid(rows: list[list[str]], merges: tuple[tuple[int, int, int, int], ...] = ()) -> Grid:
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    return Grid("f", None, padded, len(rows), width, merges)


def paths(found: Grid) -> tuple[int, list[str]]:
    header = locate(found, ANCHORS, ANCHORS)
    assert header is not None
    return header.data, [column.header for column in header.columns]


def test_titles_units_and_code_rows_are_no_header() -> None:
    rows = [
        ["清河县小学基本情况"], ["填报单位:教育局", "", "单位:人"], ["学校名称", "在校生数", "班级数"],
        ["甲", "1", "2"], ["L1", "L2", "L3"], ["实验小学", "500", "12"],
    ]  # fmt: skip
    assert paths(grid(rows)) == (5, ["学校名称", "在校生数", "班级数"])


def test_an_anchor_in_the_last_header_row_takes_the_groups_above() -> None:
    rows = [
        ["", "在校生数", "", "班级数"],
        ["学校名称", "合计", "女", "合计"],
        ["实验小学", "500", "240", "12"],
    ]
    assert paths(grid(rows)) == (2, ["学校名称", "在校生数/合计", "在校生数/女", "班级数/合计"])


def test_a_flat_header_does_not_swallow_a_row_of_words() -> None:
    rows = [["学校名称", "学段", "校长"], ["", "小学", "王"], ["甲小学", "小学", "李"]]
    assert paths(grid(rows))[0] == 1


def test_merged_cells_give_their_text_to_every_column() -> None:
    rows = [
        ["学校名称", "专任教师", "", ""],
        ["", "按学历分", "", "合计"],
        ["", "本科", "专科", ""],
        ["甲小学", "1", "2", "3"],
    ]
    merges = ((0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 1, 2), (1, 3, 2, 3))
    expected = ["学校名称", "专任教师/按学历分/本科", "专任教师/按学历分/专科", "专任教师/合计"]
    assert paths(grid(rows, merges)) == (3, expected)


def test_rows_without_a_header_are_not_one() -> None:
    assert locate(grid([["1", "2"], ["3", "4"]]), ANCHORS, ANCHORS) is None


def test_a_stated_header_row_is_taken() -> None:
    rows = [["a", "b"], ["学校名称", "x"], ["c", "d"], ["1", "2"]]
    header = locate(grid(rows), ANCHORS, ANCHORS, (3, 3))
    assert header is not None
    assert [column.header for column in header.columns] == ["c", "d"]
    assert header.data == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("专任教师／＃按学历分／本科", "专任教师/#按学历分/本科"),
        ("在校 生数\n/合计", "在校生数/计"),
        ("占地面积/其中:运动场地面积", "占地面积/其中/运动场地面积"),
        ("教学仪器设备资产值（万元）", "教学仪器设备资产值(万元)"),
    ],
)
def test_headers_are_compared_without_width_blanks_and_marks(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_words_that_differ_stay_different() -> None:
    assert len({key_of(h) for h in ("体育", "体育馆", "室内体育用房", "体育与健康")}) == 4


@pytest.mark.parametrize(
    ("name", "stage"),
    [("清河县小学", "primary"), ("初级中学", "junior"), ("高中", "senior"), ("中小学", None),
     ("小学初中", None),      ("junior-2023", "junior"), ("Sheet1", None)],
)  # fmt: skip
def test_a_name_tells_its_one_stage_or_none(name: str, stage: str | None) -> None:
    assert stage_in(name) == stage


@given(st.integers(0, 20_000))
def test_letters_and_indices_are_inverse(index: int) -> None:
    assert index_of(letter_of(index)) == index


@settings(max_examples=25)
@given(order=st.permutations(range(len(WIDE_HEADER))), titles=st.integers(0, 3), codes=st.booleans())
def test_the_order_of_columns_titles_and_code_rows_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], titles: int, codes: bool
) -> None:
    # Whole groups move together, as merged cells must be neighbours.
    groups = list(dict.fromkeys(WIDE_HEADER[index][0] for index in order))
    moved = sorted(range(len(WIDE_HEADER)), key=lambda index: groups.index(WIDE_HEADER[index][0]))
    header = [WIDE_HEADER[index] for index in moved]
    row = wide_row("实验小学", students=480)
    rows = [[row[index] for index in moved]]
    if codes:
        rows.insert(0, [f"L{number}" for number in range(1, len(header) + 1)])
    folder = tmp_path_factory.mktemp("order")
    path = write_wide(folder / "小学2023.xlsx", rows, header=header, title="一览表" if titles else None)
    found = read_dataset([path]).sections.drop("_row")
    plain = read_dataset([write_wide(folder / "plain小学2023.xlsx", [row])]).sections.drop("_row")
    assert found.equals(plain)


def test_headers_that_are_not_merged_in_a_workbook_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "小学.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["学校名称", "统计三级", "教学及辅助用房", None, "室内体育用房"])
        page.write_row(1, 0, [None, None, "计", "普通教室", None])
        page.write_row(2, 0, ["甲小学", "清河县", 3000, 1500, 400])
    row = read_dataset([path]).sections.row(0, named=True)
    assert (row["teaching_area"], row["indoor_sports_area"]) == (3000.0, 400.0)
