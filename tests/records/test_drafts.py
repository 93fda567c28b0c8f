"""Text being typed is there again after a drop, for the one who typed it, and is never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records.drafts import FOLDER, LIMIT, Drafts, Typed

WRONG = b'{"format":1,"of":["li","a"],"drafts":[{"target":1}]}'
TYPED = Typed('["fact"]', 7, {"value": "61", "reason": "漏"})


def test_a_draft_is_offered_again_until_it_is_dropped(tmp_path: Path) -> None:
    Drafts(tmp_path, "li", "a").keep(TYPED)
    Drafts(tmp_path, "li", "a").keep(Typed("other", 0, {"remark": "x"}))
    Drafts(tmp_path, "li", "a").keep(Typed(TYPED.target, 7, {"value": "612"}))
    again = Drafts(tmp_path, "li", "a")
    assert [each.target for each in again.all()] == ["other", TYPED.target]
    assert again.of(TYPED.target) == Typed(TYPED.target, 7, {"value": "612"})
    again.drop(TYPED.target)
    again.drop("never kept")
    assert again.of(TYPED.target) is None
    assert len(again.all()) == 1


def test_drafts_belong_to_one_user_and_assessment_and_nobody_else_reads_them(tmp_path: Path) -> None:
    mine = Drafts(tmp_path, "li", "a")
    mine.keep(TYPED)
    assert mine.path.stat().st_mode & 0o077 == 0
    assert mine.path.parent.stat().st_mode & 0o077 == 0
    for user, assessment in (("wang", "a"), ("li", "b"), ("li\0a", ""), ("../li", "a")):
        other = Drafts(tmp_path, user, assessment)
        assert other.path.parent == tmp_path / FOLDER
        assert other.all() == ()
    mine.path.rename(Drafts(tmp_path, "wang", "a").path)
    assert Drafts(tmp_path, "wang", "a").all() == (), "a file that was put in place of another's is not taken"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.dictionaries(st.text(max_size=9), st.text(max_size=50), max_size=4), base=st.integers(0, 2**40)
)
def test_whatever_is_typed_comes_back(tmp_path: Path, parts: dict[str, str], base: int) -> None:
    Drafts(tmp_path, "li", "a").keep(Typed("t", base, parts))
    assert Drafts(tmp_path, "li", "a").of("t") == Typed("t", base, parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.sampled_from([b"{}", b"[" * 10**5, WRONG]))
def test_a_file_of_anything_is_as_if_there_were_none(tmp_path: Path, content: bytes) -> None:
    drafts = Drafts(tmp_path, "li", "a")
    drafts.path.parent.mkdir(exist_ok=True)
    drafts.path.write_bytes(content)
    assert drafts.all() == ()
    drafts.keep(TYPED)
    assert drafts.all() == (TYPED,)


def test_a_link_or_a_folder_in_its_place_is_not_followed(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path, "li", "a")
    drafts.keep(TYPED)
    elsewhere = drafts.path.rename(tmp_path / "elsewhere")
    drafts.path.symlink_to(elsewhere)
    assert drafts.all() == ()
    drafts.path.unlink()
    drafts.path.mkdir()
    assert drafts.all() == ()
    with pytest.raises(Refused, match="DRAFT-KEEP"):
        drafts.keep(TYPED)
    assert [path.name for path in drafts.path.parent.iterdir()] == [drafts.path.name]


def test_drafts_that_are_too_large_are_refused_and_the_others_stay(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path, "li", "a")
    drafts.keep(TYPED)
    with pytest.raises(Refused, match="DRAFT-KEEP"):
        drafts.keep(Typed("large", 0, {"value": "x" * LIMIT}))
    assert drafts.all() == (TYPED,)
