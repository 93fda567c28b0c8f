"""What is written to the terminal: as little as will do, and the same picture."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.tui.cells import head, width
from balance_tui.tui.driver import Screen, compressed

WIDE, HIGH = 60, 10


@st.composite
def runs(draw: st.DrawFn) -> str:
    """A stretch of one line as the app writes it: moved to, within the line, every style ended."""
    column = draw(st.integers(1, WIDE))
    written, room = f"\x1b[{draw(st.integers(1, HIGH))};{column}H", WIDE - column + 1
    for style in draw(st.lists(st.sampled_from(["", "7", "4", "31", "1;32"]), max_size=4)):
        text = head(draw(st.text("ab永 ", max_size=12)) + " " * draw(st.integers(0, 40)), room)
        room -= width(text)
        written += f"\x1b[{style}m{text}\x1b[0m" if style else text
    return written


pieces = st.lists(runs(), max_size=12).map("".join)


def screen_of(*parts: str) -> list[list[tuple[str, str, bool]]]:
    """What stands in every cell, and how it looks."""
    screen = pyte.Screen(WIDE, HIGH)
    screen.reset_mode(7 << 5)  # as the app does: lines do not wrap
    stream = pyte.Stream(screen)
    for part in parts:
        stream.feed(part)
    rows = [[screen.buffer[y][x] for x in range(WIDE)] for y in range(HIGH)]
    return [[(cell.data, cell.fg, cell.reverse) for cell in row] for row in rows]


@given(pieces, pieces)
def test_the_compressed_text_draws_the_same_picture_over_any_other(before: str, text: str) -> None:
    assert screen_of(before, text) == screen_of(before, compressed(text))


@given(pieces)
def test_compressing_never_makes_it_longer(text: str) -> None:
    assert len(compressed(text)) <= len(text)


@given(st.lists(pieces, max_size=6))
def test_leaving_out_what_stands_there_draws_the_same_picture(frames: list[str]) -> None:
    screen = Screen()
    assert screen_of(*frames) == screen_of(*(screen.news(frame) for frame in frames))


@given(pieces)
def test_a_frame_is_written_once(frame: str) -> None:
    screen = Screen()
    lines = [f"\x1b[{line};1H{frame.replace(chr(27), '')}x\r\n" for line in range(1, HIGH + 1)]
    first = screen.news("".join(lines))
    assert first
    assert screen.news("".join(lines)) == ""
    screen.forget()
    assert screen.news("".join(lines)) == first
