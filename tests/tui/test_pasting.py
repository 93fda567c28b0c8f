"""A block as terminals send it: the ends of its lines, its quotes, and what is no block at all."""

from __future__ import annotations

import pytest

from balance_tui.errors import Refused
from balance_tui.tui.assessing.blocks import _lines

BLOCK = [["41", "1500"], ["42", ""], ["", "三"]]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not-ended"])
def test_the_rows_of_a_block_are_the_same_however_the_terminal_ends_a_line(end: str, last: bool) -> None:
    text = end.join("\t".join(row) for row in BLOCK)
    assert _lines(text + end * last) == BLOCK


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_line_break_inside_a_quoted_cell_begins_no_row(end: str) -> None:
    assert _lines(f'"一{end}二"\t3{end}"说""四"""\t5{end}') == [["一\n二", "3"], ['说"四"', "5"]]


def test_what_is_no_block_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused) as refused:
        _lines("字" * 200_000)
    assert refused.value.code == "REC-PASTE"
