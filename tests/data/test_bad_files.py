"""Files that are not what they seem: each ends in one clear sentence, never a traceback."""

from __future__ import annotations

import os
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.data import xlsx_table
from balance_tui.data.load import read_dataset
from balance_tui.errors import InputRejected
from tests.data.sources import wide_row, write_text, write_wide


def rejected(path: Path | str, code: str) -> InputRejected:
    with pytest.raises(InputRejected) as caught:
        read_dataset([path])
    assert caught.value.code == code
    assert "\x1b" not in str(caught.value)
    return caught.value


def workbook(tmp_path: Path) -> Path:
    return write_wide(tmp_path / "小学.xlsx", [wide_row("甲小学")])


def repacked(path: Path, change: dict[str, bytes]) -> Path:
    """The workbook with some members replaced or added."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    rejected(tmp_path / "nowhere.xlsx", "READ-NO-FILE")
    rejected(str(tmp_path / "*.xlsx"), "READ-NO-FILE")
    rejected("a\0b", "READ-ACCESS")


def test_a_folder_without_tables(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    rejected(tmp_path, "READ-NO-TABLES")


def test_a_folder_or_glob_reads_every_table_once(tmp_path: Path) -> None:
    write_wide(tmp_path / "小学.xlsx", [wide_row("甲小学")])
    (tmp_path / "~$小学.xlsx").write_bytes(b"lock")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert read_dataset([tmp_path]).sections.height == 1
    assert read_dataset([tmp_path / "小*.xlsx", tmp_path / "小学.xlsx"]).sections.height == 1


def test_a_link_to_itself(tmp_path: Path) -> None:
    loop = tmp_path / "a.csv"
    loop.symlink_to(loop)
    rejected(loop, "READ-ACCESS")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    rejected(tmp_path / "a.csv", "READ-KIND")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read any file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.chmod(0)
    rejected(path, "READ-ACCESS")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "READ-EMPTY"),
        ("a.xlsx", b"school,students\n", "READ-BROKEN"),
        ("a.parquet", b"school,students\n", "READ-BROKEN"),
        ("a.csv", b"PAR1xxxxxxxxxxxx", "READ-EXTENSION"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "READ-OLD-XLS"),
        ("a.xls", b"<html></html>", "READ-OLD-XLS"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "READ-PASSWORD",
        ),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 60, "READ-BROKEN"),
    ],
)
def test_content_that_belies_its_name(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    rejected(path, code)


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:-300])
    rejected(path, "READ-BROKEN")


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    rejected(tmp_path / "a.xlsx", "READ-BROKEN")


def test_a_bomb_that_declares_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_table, "MAX_UNPACKED", 1 << 20)
    path = repacked(workbook(tmp_path), {"xl/media/bomb.bin": bytes(4 << 20)})
    assert "4 MB" in str(rejected(path, "READ-TOO-LARGE"))


def test_a_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_table, "MAX_UNPACKED", 1 << 20)
    path = repacked(workbook(tmp_path), {"xl/media/bomb.bin": bytes(4 << 20)})
    data = path.read_bytes().replace(struct.pack("<I", 4 << 20), struct.pack("<I", 10))
    path.write_bytes(data)
    rejected(path, "READ-TOO-LARGE")


def test_a_cell_in_a_far_corner_is_not_unrolled(tmp_path: Path) -> None:
    path = tmp_path / "小学.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["学校名称", "在校生数"])
        page.write(1_048_575, 16_383, 1)
    rejected(path, "READ-TOO-MANY-CELLS")


def test_an_empty_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "小学.xlsx") as book:
        book.add_worksheet()
    rejected(tmp_path / "小学.xlsx", "READ-EMPTY")


def test_a_workbook_without_a_table_of_schools_names_what_it_holds(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "小学.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["天气", "温度"])
        page.write_row(1, 0, ["晴", 20])
    assert "天气" in str(rejected(tmp_path / "小学.xlsx", "READ-NO-SCHOOLS"))


def test_errors_show_no_escape_of_the_file(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", [["学校名称", "学段"], ["甲", "\x1b[31m红"]])
    assert "\\x1b" in str(rejected(path, "READ-STAGE-UNKNOWN"))


def test_findings_show_no_escape_of_the_file(tmp_path: Path) -> None:
    path = write_text(tmp_path / "小学.csv", [["学校名称", "在校生数"], ["甲", "\x1b[31m红"]])
    data = read_dataset([path])
    assert not any("\x1b" in text for text in data.findings["message_zh"])


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".parquet", ".xls"]))
def test_no_bytes_make_it_stumble(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"小学{suffix}"
    path.write_bytes(data)
    with pytest.raises(InputRejected):
        read_dataset([path])


def test_a_workbook_whose_member_names_are_no_text_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    content = bytearray(path.read_bytes())
    # Of the first member's name in the directory at the end: said to be UTF-8, and no UTF-8.
    entry = content.index(b"PK\x01\x02")
    content[entry + 9] |= 0x08
    content[entry + 46] = 0x80
    path.write_bytes(content)
    with pytest.raises(InputRejected, match="READ-BROKEN"):
        read_dataset([path])


@settings(max_examples=40)
@given(st.data())
def test_no_damaged_workbook_makes_it_stumble(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = workbook(folder)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        # the length differs from run to run: a workbook holds the time it was made
        content[data.draw(st.integers(0, 2**20)) % len(content)] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with suppress(InputRejected):
        assert read_dataset([path]).sections.height == 1
