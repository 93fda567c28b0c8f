"""The bytes that somebody pays for over SSH, counted on the line: no more than DESIGN 9 allows beside VisiData."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("visidata")

from benchmarks import ssh_bench

from .server import missing


def test_the_bytes_on_the_line_stay_below_those_of_visidata() -> None:
    if missing() is not None:
        pytest.skip(str(missing()))
    first, down, page, idle = ssh_bench.rows(1, short=True)
    for row, word in ((first, "first screen"), (down, "one row down"), (page, "one page down")):
        assert word in row.what.en
        assert row.ok, row
        for told in (row.measured, row.yardstick):
            line, terminal = map(in_bytes, re.findall(r"[\d.]+ k?B", told))
            assert line > terminal > 0, "what is encrypted is longer than what it says"
    assert (idle.measured, idle.ok) == ("0 B (0 B)", None)


def in_bytes(told: str) -> float:
    """A size as it is told, as a number."""
    number, unit = told.split()
    return float(number) * {"B": 1, "kB": 1000}[unit]


def test_without_a_server_one_sentence_stands_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_bench, "missing", lambda: "no sshd")
    (row,) = ssh_bench.rows(1)
    assert "not measured" in row.what.en
    assert "没有测量" in row.what.zh
    assert row.ok is None
