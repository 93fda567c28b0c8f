"""The counts of a parquet file are believed only where they agree with each other."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from balance_tui.data.parquet_guard import Unsound, check_parquet

FRAME = pl.DataFrame(
    {
        "school": [f"第{number}小学" for number in range(500)],
        "students": [None if number % 7 == 0 else number for number in range(500)],
        "rooms": [[1.0, 2.0]] * 500,
    }
)


def written(frame: pl.DataFrame, **options: object) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


SOUND = written(FRAME)


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "lz4", "uncompressed"])
@pytest.mark.parametrize("group", [None, 100])
def test_a_sound_file_is_believed(compression: str, group: int | None) -> None:
    assert check_parquet(written(FRAME, compression=compression, row_group_size=group)) == 500


def test_an_empty_frame_is_sound() -> None:
    assert check_parquet(written(FRAME.clear())) == 0


@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    with pytest.raises(Unsound):
        check_parquet(data)


@given(st.binary(max_size=60))
def test_no_footer_makes_it_stumble(footer: bytes) -> None:
    data = b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    try:
        assert check_parquet(data) == 0
    except Unsound as error:
        assert str(error)  # noqa: PT017 - either end is right, a third is not


@example(2243, 0)
@settings(max_examples=300)
@given(st.integers(0, len(SOUND) - 1), st.integers(0, 255))
def test_a_changed_byte_never_makes_it_believe_other_counts(at: int, byte: int) -> None:
    data = bytearray(SOUND)
    data[at] = byte
    try:
        rows = check_parquet(data)
    except Unsound:
        return
    assert rows == 500


def test_a_file_cut_short_is_not_believed() -> None:
    for size in range(0, len(SOUND), 97):
        with pytest.raises(Unsound):
            check_parquet(SOUND[:size])
