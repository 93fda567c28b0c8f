"""What a desk refuses although it looked allowed: what others did meanwhile, names and values that cannot stand."""

from __future__ import annotations

import pytest

from balance_tui.errors import Refused
from balance_tui.records.roles import Area

from .desks import COUNTY, G01, LEVELS, STANDARD, STUDENTS, workspace


def test_what_others_did_to_review_roles_or_standard_meanwhile_counts_although_it_was_not_seen() -> None:
    with workspace(
        clerk=("reporter", COUNTY), late=("inspector", COUNTY), city=("inspector", Area("示例省"))
    ) as desks:
        late = desks["late"]
        desks["clerk"].submit("a", LEVELS)
        with pytest.raises(Refused, match="REC-LOCKED"):
            late.correct("a", [(STUDENTS, "1")])
        with pytest.raises(Refused, match="REC-LOCKED"):
            late.import_data("a", {"files": []})
        desks["city"].refresh()
        desks["city"].send_back("a", LEVELS, "补")
        for name in ("boss", "late"):
            desks[name].refresh()
        desks["boss"].grant("boss", "author", Area())
        other = dict(STANDARD, hash="e" * 64)
        desks["boss"].change_standard("a", other, "改用")
        with pytest.raises(Refused, match="REC-OVERTAKEN"):
            late.correct("a", [(STUDENTS, "1")])
        (event,) = late.correct("a", [(STUDENTS, "1")])
        assert event.standard == "e" * 64, "the second time it was seen"
        desks["boss"].grant("late", "inspector", COUNTY, revoke=True)
        with pytest.raises(Refused, match="REC-ROLE"):
            late.correct("a", [(STUDENTS, "2")])
        assert late.state.assessments["a"].facts == {STUDENTS: "1"}


def test_a_result_that_was_decided_before_somebody_changed_a_figure_is_not_handed_on() -> None:
    with workspace(one=("inspector", COUNTY), two=("inspector", COUNTY)) as desks:
        decided = {"after": desks["one"].assessment("a").events[-1].sequence}
        desks["two"].correct("a", [(STUDENTS, "1")])
        with pytest.raises(Refused, match="REC-CHANGED"):
            desks["one"].submit("a", LEVELS, decided=dict(decided))
        assert desks["one"].assessment("a").review == "open"
        decided["after"] = desks["one"].assessment("a").events[-1].sequence
        desks["one"].submit("a", LEVELS, decided=dict(decided))


def test_nothing_is_imported_while_it_is_reviewed_or_after() -> None:
    with workspace(clerk=("inspector", Area())) as desks:
        clerk = desks["clerk"]
        clerk.submit("a", LEVELS)
        for _ in ("submitted", "approved"):
            with pytest.raises(Refused, match="REC-LOCKED"):
                clerk.importable("a")
            with pytest.raises(Refused, match="REC-LOCKED"):
                clerk.import_data("a", {"files": []})
            if clerk.assessment("a").review == "submitted":
                clerk.approve("a", LEVELS)


def test_the_last_administrator_cannot_be_shut_out() -> None:
    with workspace(other=("admin", COUNTY)) as desks:
        boss = desks["boss"]
        for shut_out in (
            lambda: boss.add_user("boss", disabled=True),
            lambda: boss.grant("boss", "admin", Area(), revoke=True),
        ):
            with pytest.raises(Refused, match="REC-LASTADMIN"):
                shut_out()
        boss.grant("other", "admin", Area())
        boss.add_user("boss", disabled=True)


@pytest.mark.parametrize("name", ["", "a b", "-x", ".x", "a/b", "a\nb", "x" * 65, "名;", "\udcff"])
def test_names_that_would_break_a_line_or_a_path_are_refused(name: str) -> None:
    with workspace() as desks:
        for make in (
            lambda: desks["boss"].create(name, "", COUNTY, 2025, dict(STANDARD)),
            lambda: desks["boss"].add_user(name),
        ):
            with pytest.raises(Refused, match="REC-NAME"):
                make()


def test_values_that_are_no_text_or_no_figure_never_reach_the_log() -> None:
    with workspace(clerk=("inspector", COUNTY)) as desks:
        (event,) = desks["clerk"].judge("a", G01, {"answer": "yes", "remark": "\udcff"}, "\udcfe\x1b")
        assert (event.new, event.reason) == ({"answer": "yes", "remark": "\\xff"}, "\\udcfe\\x1b")
        with pytest.raises(Refused, match="REC-NUMBER"):
            desks["clerk"].judge("a", G01, {"answer": "yes", "score": float("nan")})
        assert not desks["clerk"].log.verify()
