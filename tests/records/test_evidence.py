"""The documents of judgements: kept whole with their digest, on both stores; whatever cannot be one is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from balance_tui.errors import BalanceError, Refused
from balance_tui.records import evidence
from balance_tui.records.desk import Desk
from balance_tui.records.event import Json
from balance_tui.records.evidence import Documents, Sources
from balance_tui.records.exporting import exported
from balance_tui.records.log import Log
from balance_tui.records.office import File, Plan, new_assessment, open_file
from balance_tui.records.restoring import restored
from balance_tui.records.roles import Area
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.standard.load import load_standard
from tests.contract.builder import passing_county, write_facts, write_judgements, write_sections

from .logs import open_again, path, socket, store

__all__ = ["open_again", "path", "socket", "store"]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def opened(log: Log, folder: Path, actor: str = "clerk") -> File:
    """The assessment `a`, made where there is none, as an actor who may judge, or `guest`, who may look."""
    if not log.head().sequence:
        boss = Desk(log, "boss", "b")
        boss.first_admin()
        for name, role in (("clerk", "inspector"), ("guest", "viewer")):
            boss.add_user(name)
            boss.grant(name, role, Area())
        county = passing_county("示例县")
        files: Any = [
            ("data", write_sections(folder / "sections.csv", [county])),
            ("county_facts", write_facts(folder / "facts.csv", [county])),
            ("judgements", write_judgements(folder / "judgements.csv", [county])),
        ]
        new_assessment(Desk(log, "clerk", "c"), Plan("a", "", load_standard("national-2017"), files=files))
    return open_file(Desk(log, actor, actor), "a")


def judge(file: File, name: str, sources: Sources, item: str = "G01", **more: Json) -> list[dict[str, Any]]:
    """Judge an item by a document; its references to evidence as they are recorded."""
    key = file.item(item, None, None, None, "verified")
    said: dict[str, Json] = {"answer": "yes", "evidence": [{"title": "规划", "file": name}], **more}
    file.judge({key: said}, sources=sources)
    return file.one.judgements[key]["evidence"]  # type: ignore[no-any-return]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_document_stays_whatever_becomes_of_the_file_it_came_from(
    store: Log, tmp_path: Path, inbox: Path
) -> None:
    file, sources = opened(store, tmp_path), Sources(inbox)
    (inbox / "规划.pdf").write_bytes(b"plan")
    (kept,) = judge(file, "规划.pdf", sources)
    assert kept == {"title": "规划", "file": "规划.pdf", "digest": digest(b"plan")}
    (inbox / "规划.pdf").write_bytes(b"another")
    assert judge(file, "规划.pdf", sources, remark="已核") == [kept], "what it has is not read again"
    (inbox / "规划.pdf").unlink()
    assert judge(file, "规划.pdf", sources, item="G02") == [kept], "what another judgement has can be named"
    assert exported(store, file.one, documents=True)["evidence/规划.pdf"] == b"plan"
    assert set(exported(store, file.one)) == {"corrections.csv", "judgements.csv", "history.json"}
    assert not store.verify()


def test_a_backup_holds_the_documents(tmp_path: Path, inbox: Path) -> None:
    log = SqliteLog(tmp_path / "w.db", create=True)
    (inbox / "规划.pdf").write_bytes(b"plan")
    judge(opened(log, tmp_path), "规划.pdf", Sources(inbox))
    log.backup(tmp_path / "copy.db")
    log.close()
    restored(tmp_path / "copy.db", tmp_path / "again.db")
    again = SqliteLog(tmp_path / "again.db")
    assert dict(Documents(again, opened(again, tmp_path).one).exported()) == {"evidence/规划.pdf": b"plan"}
    again.close()


def test_two_documents_of_one_name_go_out_apart(store: Log, tmp_path: Path, inbox: Path) -> None:
    file, anywhere = opened(store, tmp_path), Sources(inbox, anywhere=True)
    for number, item in enumerate(("G01", "G02", "G10")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.pdf").write_bytes(b"%d" % (number % 2))
        judge(file, str(folder / "a.pdf"), anywhere, item=item)
    told = f"evidence/a-{digest(b'1')[:8]}.pdf"
    assert dict(Documents(store, file.one).exported()) == {"evidence/a.pdf": b"0", told: b"1"}
    assert judge(file, "a.pdf", anywhere, item="G02", remark="x")[0]["digest"] == digest(b"1"), (
        "its own stays"
    )
    (inbox / "a.pdf").write_bytes(b"2")
    assert judge(file, "inbox/a.pdf", anywhere, item="G02")[0]["digest"] == digest(b"2"), (
        "unless another is picked"
    )


def test_no_document_is_lost_to_another_of_a_name_that_was_chosen_for_it(store: Log, tmp_path: Path) -> None:
    file = opened(store, tmp_path)
    told = f"plan-{digest(b'Y')[:8]}"
    contents = {"G01": ("plan.pdf", b"X"), "G02": (f"{told}.pdf", b"Z"), "V2": (f"{told}-2.pdf", b"V"),
                "G10": ("plan.pdf", b"Y"), "V1": ("Plan.PDF", b"W")}  # fmt: skip
    desk = Desk(store, "clerk", "c")
    for item, (name, content) in contents.items():
        key = file.item(item, None, None, None, "verified")
        reference: Json = [{"file": name, "digest": store.put(content)}]
        desk.judge_all("a", {key: {"answer": "yes", "evidence": reference}})
    out = dict(Documents(store, desk.assessment("a")).exported())
    assert sorted(out.values()) == [b"V", b"W", b"X", b"Y", b"Z"]
    assert len({name.casefold() for name in out}) == 5


def test_a_name_that_leads_out_of_the_folder_does_not_when_it_goes_out(store: Log, tmp_path: Path) -> None:
    file = opened(store, tmp_path)
    key = file.item("G01", None, None, None, "verified")
    hostile: Json = [
        {"file": "../../x.pdf", "digest": store.put(b"1")},
        {"file": "..", "digest": store.put(b"2")},
    ]
    Desk(store, "clerk", "c").judge_all("a", {key: {"answer": "yes", "evidence": hostile}})
    names = [name for name, _ in Documents(store, open_file(Desk(store, "clerk", "d"), "a").one).exported()]
    assert names == ["evidence/x.pdf", "evidence/document"]


def nothing(_: Path) -> str:
    return "none.pdf"


def a_path(folder: Path) -> str:
    (folder / "out.pdf").write_bytes(b"1")
    return str(folder / "out.pdf")


def a_way_up(folder: Path) -> str:
    a_path(folder)
    return "inbox/../out.pdf"


def a_link(folder: Path) -> str:
    (folder / "inbox" / "link.pdf").symlink_to(a_path(folder))
    return "link.pdf"


def a_folder(folder: Path) -> str:
    (folder / "inbox" / "f.pdf").mkdir()
    return "f.pdf"


def an_empty_one(folder: Path) -> str:
    (folder / "inbox" / "e.pdf").touch()
    return "e.pdf"


def a_large_one(folder: Path) -> str:
    with (folder / "inbox" / "l.pdf").open("wb") as file:
        file.truncate(evidence.LIMIT + 1)
    return "l.pdf"


def a_program(folder: Path) -> str:
    (folder / "inbox" / "p.sh").write_bytes(b"1")
    return "p.sh"


def something_hidden(folder: Path) -> str:
    (folder / "inbox" / ".h.pdf").write_bytes(b"1")
    return "inbox/.h.pdf"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (nothing, "REC-EVIDENCE"), (a_path, "XFER-NAME"), (a_way_up, "XFER-NAME"), (a_link, "REC-EVIDENCE"),
        (a_folder, "REC-EVIDENCE"), (an_empty_one, "REC-EVIDENCE"), (a_large_one, "REC-EVIDENCE"),
        (a_program, "XFER-KIND"), (something_hidden, "XFER-NAME"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)  # fmt: skip
def test_what_is_no_document_of_the_inbox_is_refused_and_nothing_written(
    path: Path, tmp_path: Path, inbox: Path, made: Callable[[Path], str], code: str
) -> None:
    log = SqliteLog(path, create=True)
    file, name = opened(log, tmp_path), made(tmp_path)
    before = log.changes(), log.head()
    with pytest.raises(BalanceError, match=code):
        judge(file, name, Sources(inbox))
    assert (log.changes(), log.head()) == before
    log.close()


def test_who_may_not_judge_brings_no_document_in(store: Log, tmp_path: Path, inbox: Path) -> None:
    opened(store, tmp_path)
    (inbox / "规划.pdf").write_bytes(b"plan")
    with pytest.raises(Refused, match="REC-ROLE"):
        judge(opened(store, tmp_path, "guest"), "规划.pdf", Sources(inbox))
    with pytest.raises(Refused, match="REC-BLOB"):
        store.get(digest(b"plan"))
