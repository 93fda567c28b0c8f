"""What people do at their desks: roles, review, undo and redo, and a state that the log alone gives again."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.log import Conflict
from balance_tui.records.roles import ROLES, Area, Role
from balance_tui.records.state import rebuilt

from .desks import COUNTY, FINDING, G01, LEVELS, PLACE, STANDARD, STUDENTS, workspace


def test_a_correction_is_in_the_state_of_everybody_and_can_be_taken_back() -> None:
    with workspace(clerk=("reporter", COUNTY), reader=("viewer", Area())) as desks:
        clerk, reader = desks["clerk"], desks["reader"]
        clerk.correct("a", [(STUDENTS, "612")], "漏报", reported={STUDENTS: "610"})
        reader.refresh()
        assert reader.assessment("a").facts == {STUDENTS: "612"}
        (event,) = reader.assessment("a").events[2:]
        assert (event.old, event.new) == ({"value": "610", "imported": True}, {"value": "612"})
        assert (event.actor, event.reason, event.standard) == ("clerk", "漏报", "f" * 64)
        clerk.undo()
        assert clerk.assessment("a").facts == {}
        clerk.redo()
        assert clerk.assessment("a").facts == {STUDENTS: "612"}
        first = event.sequence
        assert [each.undoes for each in clerk.assessment("a").events[2:]] == [None, first, first + 1]


def test_what_was_done_to_one_cell_in_turn_is_taken_back_and_done_again_in_turn() -> None:
    with workspace(clerk=("inspector", COUNTY), other=("inspector", COUNTY)) as desks:
        clerk, other = desks["clerk"], desks["other"]
        for value in "123":
            clerk.correct("a", [(STUDENTS, value)])
        for answer in ("yes", "no"):
            clerk.judge("a", G01, {"answer": answer})

        def stands() -> tuple[object, object]:
            one = clerk.assessment("a")
            return one.facts.get(STUDENTS), one.judgements.get(G01, {}).get("answer")

        stood = [("3", "no"), ("3", "yes"), ("3", None), ("2", None), ("1", None), (None, None)]
        for after in stood[1:]:
            clerk.undo()
            assert stands() == after
        for after in reversed(stood[:-1]):
            clerk.redo()
            assert stands() == after
        for after in stood[1:3]:
            clerk.undo()
            assert stands() == after
        other.refresh()
        other.correct("a", [(STUDENTS, "9")])
        for _ in range(2):
            with pytest.raises(Conflict) as refused:
                clerk.undo()
            assert refused.value.theirs[-1].actor == "other"


def test_nothing_is_written_where_nothing_changes() -> None:
    with workspace(clerk=("reporter", COUNTY)) as desks:
        desks["clerk"].correct("a", [(STUDENTS, "612")])
        assert desks["clerk"].correct("a", [(STUDENTS, "612")]) == ()


def test_the_second_of_two_edits_of_one_cell_is_told_of_the_first() -> None:
    with workspace(one=("reporter", COUNTY), two=("reporter", COUNTY)) as desks:
        desks["one"].correct("a", [(STUDENTS, "1")])
        with pytest.raises(Conflict) as refused:
            desks["two"].correct("a", [(STUDENTS, "2")])
        assert [event.actor for event in refused.value.theirs] == ["one"]
        desks["two"].refresh()
        desks["two"].correct("a", [(STUDENTS, "2")])
        with pytest.raises(Conflict):
            desks["one"].undo()


def test_confirming_what_somebody_changed_meanwhile_is_a_conflict_too() -> None:
    with workspace(one=("inspector", COUNTY), two=("inspector", COUNTY)) as desks:
        one, two = desks["one"], desks["two"]
        one.judge("a", G01, {"answer": "yes"})
        two.refresh()
        one.judge("a", G01, {"answer": "no"})
        with pytest.raises(Conflict):
            two.judge("a", G01, {"answer": "yes"})
        assert two.assessment("a").judgements == {G01: {"answer": "no"}}


def test_edits_of_different_cells_merge() -> None:
    other = STUDENTS._replace(field="teachers")
    with workspace(one=("reporter", COUNTY), two=("reporter", COUNTY)) as desks:
        desks["one"].correct("a", [(STUDENTS, "1")])
        desks["two"].correct("a", [(other, "2")])
        assert desks["two"].assessment("a").facts == {STUDENTS: "1", other: "2"}


ALLOWED: dict[str, set[Role]] = {
    "correct": {"reporter", "inspector"}, "self": {"reporter", "inspector"}, "judge": {"inspector"},
    "acknowledge": {"reporter", "inspector"}, "setting": {"inspector", "author", "admin"},
    "standard": {"author", "admin"}, "import": {"reporter", "inspector", "admin"}, "unlock": {"admin"},
    "user": {"admin"}, "submit": {"reporter", "inspector"}, "create": {"inspector", "admin"},
}  # fmt: skip


def _acts(desk: Desk) -> dict[str, object]:
    answer = {"answer": "yes"}
    return {
        "correct": lambda: desk.correct("a", [(STUDENTS, "1")]),
        "self": lambda: desk.judge("a", G01._replace(source="self"), dict(answer)),
        "judge": lambda: desk.judge("a", G01, dict(answer)),
        "acknowledge": lambda: desk.acknowledge("a", FINDING, "已核"),
        "setting": lambda: desk.set("a", "campus_mode", "merge"),
        "standard": lambda: desk.change_standard("a", dict(STANDARD, id="national-2012"), "改用"),
        "import": lambda: desk.import_data("a", {"files": []}),
        "unlock": lambda: desk.unlock("a", "更正"),
        "user": lambda: desk.add_user("new"),
        "submit": lambda: desk.submit("a", LEVELS),
        "create": lambda: desk.create("b", "b", COUNTY, 2025, dict(STANDARD)),
    }


@pytest.mark.parametrize("act", ALLOWED)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_its_name_says_and_is_refused_the_rest(role: Role, act: str) -> None:
    area = Area() if act == "user" else COUNTY
    with workspace(someone=(role, area), clerk=("reporter", COUNTY)) as desks:
        if act == "unlock":
            desks["clerk"].submit("a", LEVELS)
        desks["someone"].refresh()
        doing = _acts(desks["someone"])[act]
        assert callable(doing)
        if role in ALLOWED[act]:
            doing()
        else:
            with pytest.raises(Refused, match="REC-ROLE"):
                doing()
            assert desks["someone"].log.head() == desks["someone"].state.head


@pytest.mark.parametrize(
    ("area", "inside"),
    [
        (Area(), True), (Area("示例省"), True), (Area("示例省", "示例市"), True), (COUNTY, True),
        (Area(*PLACE[:3], "S1"), True), (Area(*PLACE[:3], "S2"), False), (Area("示例省", "示例市", "邻县"), False),
        (Area("邻省"), False),
    ],
)  # fmt: skip
def test_a_role_holds_in_its_area_only(area: Area, inside: bool) -> None:
    with workspace(clerk=("reporter", area), reader=("viewer", COUNTY)) as desks:
        desks["boss"].grant("clerk", "viewer", COUNTY)
        desks["clerk"].refresh()
        if inside:
            desks["clerk"].correct("a", [(STUDENTS, "1")])
        else:
            with pytest.raises(Refused, match="REC-ROLE"):
                desks["clerk"].correct("a", [(STUDENTS, "1")])


def test_a_disabled_user_may_nothing() -> None:
    with workspace(clerk=("reporter", COUNTY)) as desks:
        desks["boss"].add_user("clerk", disabled=True)
        desks["clerk"].refresh()
        with pytest.raises(Refused, match="REC-ROLE"):
            desks["clerk"].correct("a", [(STUDENTS, "1")])


def test_review_goes_up_level_by_level_and_locks() -> None:
    with workspace(
        clerk=("reporter", COUNTY), county=("inspector", COUNTY), city=("inspector", Area("示例省", "示例市"))
    ) as desks:
        clerk, county, city = desks["clerk"], desks["county"], desks["city"]
        clerk.submit("a", LEVELS)
        for desk in (county, city):
            desk.refresh()
        with pytest.raises(Refused, match="REC-LOCKED"):
            clerk.correct("a", [(STUDENTS, "1")])
        with pytest.raises(Refused, match="REC-ROLE"):
            county.approve("a", LEVELS)
        city.judge("a", G01, {"answer": "yes"})
        with pytest.raises(Refused, match="REC-REASON"):
            city.send_back("a", LEVELS, " ")
        city.send_back("a", LEVELS, "补材料")
        clerk.refresh()
        assert (clerk.assessment("a").level, clerk.assessment("a").review) == (0, "returned")
        clerk.correct("a", [(STUDENTS, "1")])
        clerk.submit("a", LEVELS)
        city.refresh()
        city.approve("a", LEVELS)
        with pytest.raises(Refused, match="REC-LOCKED"):
            city.judge("a", G01, {"answer": "no"})
        clerk.refresh()
        with pytest.raises(Refused, match="REC-LOCKED"):
            clerk.undo()
        desks["boss"].refresh()
        desks["boss"].unlock("a", "数据更正")
        clerk.refresh()
        assert (clerk.assessment("a").level, clerk.assessment("a").review) == (0, "open")
        clerk.correct("a", [(STUDENTS, "2")])


class Desks(RuleBasedStateMachine):
    """Three people at one county: whatever they do, a plain table of cells says what must be true."""

    def __init__(self) -> None:
        super().__init__()
        self._context = workspace(
            甲=("reporter", COUNTY), 乙=("inspector", COUNTY), 丙=("inspector", Area("示例省"))
        )
        self.desks = self._context.__enter__()
        self.cells: dict[object, object] = {}

    def teardown(self) -> None:
        self._context.__exit__(None, None, None)

    @rule(
        who=st.sampled_from("甲乙丙"), field=st.sampled_from("abc"), value=st.sampled_from(["1", "2", None])
    )
    def correct(self, who: str, field: str, value: str | None) -> None:
        key = STUDENTS._replace(field=field)
        try:
            self.desks[who].correct("a", [(key, value)])
        except Conflict:
            self.desks[who].refresh()
            return
        self.cells[key] = value

    @rule(who=st.sampled_from("乙丙"), answer=st.sampled_from(["yes", "no"]))
    def judge(self, who: str, answer: str) -> None:
        try:
            self.desks[who].judge("a", G01, {"answer": answer})
        except Conflict:
            self.desks[who].refresh()
            return
        self.cells[G01] = answer

    @rule(who=st.sampled_from("甲乙丙"))
    def look(self, who: str) -> None:
        self.desks[who].refresh()

    @precondition(lambda self: any(desk.can_undo for desk in self.desks.values()))
    @rule(who=st.sampled_from("甲乙丙"))
    def undo(self, who: str) -> None:
        desk = self.desks[who]
        if not desk.can_undo:
            return
        try:
            events = desk.undo()
        except Conflict as refused:
            if all(each.connection == desk.connection for each in refused.theirs):
                raise  # one's own is no conflict
            return
        for event in events:
            key = self._key(event.target)
            if event.new is None:
                self.cells.pop(key, None)
            else:
                self.cells[key] = dict(event.new).get("value", dict(event.new).get("answer"))  # type: ignore[arg-type]

    def _key(self, target: str) -> object:
        return G01 if target.startswith('["item"') else next(
            STUDENTS._replace(field=field) for field in "abc" if target.endswith(f'"{field}"]')
        )  # fmt: skip

    @invariant()
    def the_log_gives_the_cells(self) -> None:
        log = self.desks["boss"].log
        one = rebuilt(log.since(0)).assessments["a"]
        said = dict(one.facts) | {key: row["answer"] for key, row in one.judgements.items()}
        assert said == self.cells

    @invariant()
    def every_desk_is_what_its_events_say(self) -> None:
        for desk in self.desks.values():
            events = [event for event in desk.log.since(0) if event.sequence <= desk.state.head.sequence]
            assert asdict(rebuilt(events)) == asdict(desk.state)
        assert not self.desks["boss"].log.verify()


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
