"""Files come in and go out whole, one at a time, under plain names, never over another."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records.placing import placed
from balance_tui.records.transfer import checked_name, get, put
from balance_tui.records.workspace import make_folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_folders(tmp_path / "w")
    return tmp_path / "w"


def test_a_file_comes_in_whole_and_private(folder: Path) -> None:
    path = put(folder, "学校 2025.xlsx", io.BytesIO(b"1" * 200_000))
    assert path.read_bytes() == b"1" * 200_000
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in (folder / "inbox").iterdir()] == ["学校 2025.xlsx"]
    with pytest.raises(Refused, match="XFER-EXISTS"):
        put(folder, "学校 2025.xlsx", io.BytesIO(b"2"))
    assert path.read_bytes()[:1] == b"1"


@pytest.mark.parametrize("content", [b"", b"x" * 101])
def test_nothing_and_too_much_leave_nothing_behind(folder: Path, content: bytes) -> None:
    with pytest.raises(Refused, match=r"XFER-EMPTY|XFER-SIZE"):
        put(folder, "a.csv", io.BytesIO(content), limit=100)
    assert not list((folder / "inbox").iterdir())


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv", "/a.csv", "a\\b.csv", ".a.csv", "-a.csv", "~a.csv", "a.sh", "a", "", "a\n.csv", "a\x1b.csv", "\u202ea.csv",
        "n" * 300 + ".csv", "\udcff.csv",
    ],
)  # fmt: skip
def test_what_is_no_plain_name_of_a_document_is_refused(folder: Path, name: str) -> None:
    for act in (
        lambda: checked_name(name),
        lambda: put(folder, name, io.BytesIO(b"1")),
        lambda: get(folder, name, io.BytesIO()),
    ):
        with pytest.raises(Refused, match=r"XFER-NAME|XFER-KIND"):
            act()
    assert not list((folder / "inbox").iterdir())


def test_links_and_devices_are_neither_read_nor_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(b"secret")
    (folder / "outbox" / "a.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(folder / "outbox" / "b.csv")
    (folder / "outbox" / "c.csv").mkdir()
    for name in ("a.csv", "b.csv", "c.csv", "d.csv"):
        with pytest.raises(Refused, match="XFER-NONE"):
            get(folder, name, io.BytesIO())
    (folder / "inbox" / "e.csv").symlink_to(tmp_path / "new.csv")
    with pytest.raises(Refused, match="XFER-EXISTS"):
        put(folder, "e.csv", io.BytesIO(b"1"))
    assert not (tmp_path / "new.csv").exists()


def test_a_file_goes_out_as_it_is(folder: Path) -> None:
    (folder / "outbox" / "a.docx").write_bytes(bytes(range(256)) * 1000)
    out = io.BytesIO()
    assert get(folder, "a.docx", out) == 256_000
    assert out.getvalue() == bytes(range(256)) * 1000


def test_a_disk_without_hard_links_takes_files_too_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unsupported)
    for number, taken in ((1, False), (2, True)):
        (tmp_path / "part").write_bytes(bytes([number]))
        if taken:
            with pytest.raises(FileExistsError):
                placed(tmp_path / "part", tmp_path / "whole")
        else:
            placed(tmp_path / "part", tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == b"\x01"
