"""Who is here is seen by the others, beside either store, until they leave or fall silent; nobody waits to see it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from balance_tui.errors import BalanceError
from balance_tui.records.beside import Beside, FolderBeside, Kind, Slip
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.postgres_beside import PostgresBeside
from balance_tui.tui.assessing.drafts import Keeping
from balance_tui.tui.assessing.presence import SILENT_AFTER, SWEPT_AFTER, Presence
from tests.records.besides import Reach, reach
from tests.records.postgres import socket

__all__ = ["reach", "socket"]


class Later:
    """What is kept, so many seconds later."""

    def __init__(self, beside: Beside, seconds: float) -> None:
        self._beside, self._seconds = beside, seconds
        self.place = beside.place

    def put(self, kind: Kind, name: str, content: bytes, *, durable: bool = True) -> None:
        self._beside.put(kind, name, content, durable=durable)

    def all(self, kind: Kind, prefix: str = "") -> list[Slip]:
        return [slip._replace(age=slip.age + self._seconds) for slip in self._beside.all(kind, prefix)]

    def drop(self, kind: Kind, name: str) -> None:
        self._beside.drop(kind, name)

    def close(self) -> None:
        self._beside.close()


def sitting(beside: Beside, user: str, assessment: str | None, connection: str | None = None) -> Presence:
    """Somebody who sits at an assessment and has looked once."""
    presence = Presence(beside, user, connection or f"{user}-1")
    presence.tell(assessment)
    presence.look()
    return presence


def test_others_are_seen_where_they_sit_until_they_leave(reach: Reach) -> None:
    li, wang = sitting(reach(), "li", "甲"), sitting(reach(), "wang", "甲")
    zhao, again = sitting(reach(), "zhao", None), sitting(reach(), "wang", "乙", "wang-2")
    for each in (li, wang, zhao, again):
        each.look()
    assert li.others("甲") == ("wang",)
    assert wang.others("甲") == ("li",)
    assert wang.others("乙") == ("wang",), "the same person in another sitting"
    assert li.seen() == {"li": ("甲",), "wang": ("甲", "乙"), "zhao": (None,)}
    assert li.connections() == {"li-1", "wang-1", "wang-2", "zhao-1"}
    wang.tell("乙")
    wang.look()
    li.look()
    assert li.others("甲") == ()
    assert li.others("乙") == ("wang",)
    wang.leave()
    again.leave()
    li.look()
    assert li.seen() == {"li": ("甲",), "zhao": (None,)}


def test_whoever_falls_silent_is_gone_and_swept_away_in_the_end(reach: Reach) -> None:
    sitting(reach(), "li", "甲")
    assert sitting(Later(reach(), SILENT_AFTER - 2), "wang", "甲").others("甲") == ("li",)
    assert sitting(Later(reach(), SILENT_AFTER + 1), "wang", "甲").others("甲") == ()
    assert len(reach().all("presence")) == 3
    sitting(Later(reach(), SWEPT_AFTER + 1), "zhao", None)
    assert reach().all("presence") == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"user": 1, "assessment": null, "connection": "x"}', b"[" * 2000]
)
def test_what_is_no_presence_is_nobodys(reach: Reach, content: bytes) -> None:
    reach().put("presence", "x", content)
    assert sitting(reach(), "li", None).seen() == {"li": (None,)}


def test_a_place_that_cannot_be_reached_shows_nobody(tmp_path: Path) -> None:
    (tmp_path / "presence").write_text("")
    for beside in (FolderBeside(tmp_path), PostgresBeside(f"postgresql://li@/x?host={tmp_path}")):
        presence = sitting(beside, "li", "甲")
        presence.leave()
        assert presence.seen() == {}


# What is typed


class Slow(Later):
    """A disk that takes its time: what is put waits until it may."""

    def __init__(self, beside: Beside) -> None:
        super().__init__(beside, 0)
        self.may, self.puts = threading.Semaphore(0), 0

    def put(self, kind: Kind, name: str, content: bytes, *, durable: bool = True) -> None:
        self.may.acquire()
        self.puts += 1
        super().put(kind, name, content, durable=durable)


def typed(text: str) -> list[Typed]:
    return [Typed("cell", 0, {"text": text})]


def test_who_types_does_not_wait_for_what_is_kept_and_the_last_of_it_is(reach: Reach) -> None:
    beside = Slow(reach())
    keeping = Keeping(beside, "li", "c")
    for length in range(1, 100):
        keeping.keep("甲", typed("x" * length))
    assert beside.puts == 0
    for _ in range(200):
        beside.may.release()
    keeping.wait(60)
    assert Drafts(reach(), "li", "甲", "c").all() == tuple(typed("x" * 99))
    assert beside.puts <= 4, "what was typed over is not written any more"
    keeping.forget("甲")
    keeping.wait(60)
    assert reach().all("drafts") == []


def test_what_was_left_stays_kept_beside_what_is_typed_until_it_is_offered(reach: Reach) -> None:
    Drafts(reach(), "li", "甲", "gone").put([Typed("left", 3, {"text": "1"})])
    keeping, found = Keeping(reach(), "li", "now"), []
    keeping.keep("甲", typed("2"))
    keeping.look_for_left("甲", frozenset(), found.append)
    keeping.wait(60)
    keeping.take_over("甲", found[0])
    keeping.wait(60)
    assert [slip.name for slip in reach().all("drafts")] == [Drafts(reach(), "li", "甲", "now").name]
    keeping.keep("甲", typed("23"))
    keeping.forget("甲")
    keeping.wait(60)
    (left,) = Drafts(reach(), "li", "甲", "now").all()
    assert (left.target, left.parts["text"]) == ("left", "1")
    keeping.offered("甲", keeping.waiting["甲"])
    keeping.forget("甲", {"left"})
    keeping.wait(60)
    assert reach().all("drafts") == []


def test_what_cannot_be_kept_is_told_once_until_it_can_be_again(tmp_path: Path) -> None:
    keeping, told = Keeping(FolderBeside(tmp_path), "li", "c"), []
    keeping.tell = told.append
    (tmp_path / "drafts").write_text("")
    for text in ("1", "12"):
        keeping.keep("甲", typed(text))
        keeping.wait(60)
    assert [error.code for error in told if isinstance(error, BalanceError)] == ["DRAFT-KEEP"]
    (tmp_path / "drafts").unlink()
    keeping.keep("甲", typed("123"))
    keeping.wait(60)
    assert Drafts(FolderBeside(tmp_path), "li", "甲", "c").all() == tuple(typed("123"))
