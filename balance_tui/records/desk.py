"""Where one person works on a workspace: every act is checked against their roles, written to the log, and only
then true. Undo and redo append the inverse, within this sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import Refused, visible
from ..language import Text
from .event import Draft, Event, Json, target_of
from .log import Conflict, Log
from .roles import BREADTH_OF_LEVEL, ROLES, Area, Role, may, refuse
from .state import Assessment, FactKey, FindingKey, ItemKey, State

UNDOABLE = ("fact", "judge", "acknowledge", "setting")
REVIEW = target_of("review")


@dataclass(frozen=True)
class Level:
    """A level of review of the standard's workflow."""

    id: str
    label: Text


@dataclass
class Desk:
    """One person at one workspace in one sitting: `actor` is their name, `connection` names the sitting."""

    log: Log
    actor: str
    connection: str
    state: State = field(default_factory=State)
    _done: list[tuple[Event, ...]] = field(default_factory=list)
    _undone: list[tuple[Event, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> tuple[Event, ...]:
        """Take in what happened since; the events of others and of this sitting that are new to the state."""
        events = tuple(self.log.since(self.state.head.sequence))
        for event in events:
            self.state.apply(event)
        return events

    def assessment(self, name: str) -> Assessment:
        """An assessment that the actor may look at. Errors: REC-ASSESSMENT, REC-ROLE."""
        found = self.state.assessments.get(name)
        if found is None:
            raise Refused(
                "REC-ASSESSMENT",
                Text(f"没有评估“{name}”", f"there is no assessment '{name}'"),
                Text("assess list 列出全部", "assess list shows all"),
            )
        self.require("read", found.area)
        return found

    def may(self, act: str, area: Area, breadth: int = 0) -> bool:
        """Whether the actor may do something in an area."""
        return may(self.state.grants_of(self.actor), act, area, breadth)

    def require(self, act: str, area: Area, breadth: int = 0) -> None:
        """Errors: REC-ROLE where the actor may not."""
        if not self.may(act, area, breadth):
            raise refuse(self.actor, act, area)

    # What is done to an assessment

    def create(self, name: str, title: str, area: Area, year: int | None, standard: dict[str, Json]) -> Event:
        """A new assessment under a standard (`id`, `version`, `hash`, `digest` of its canonical form)."""
        self.require("create", area)
        if name in self.state.assessments:
            raise Refused(
                "REC-EXISTS", Text(f"评估“{name}”已存在", f"the assessment '{name}' exists"),
                Text("请另取名称", "choose another name"),
            )  # fmt: skip
        place = {"province": area.province, "city": area.city, "county": area.county, "school": area.school}
        new: dict[str, Json] = {"title": title, "area": dict(place), "year": year}
        drafts = [
            self._draft(name, "create", target_of("assessment"), None, new, standard=str(standard["hash"])),
            self._draft(name, "standard", target_of("standard"), None, standard, standard=str(standard["hash"])),
        ]  # fmt: skip
        return self._written(drafts)[0]

    def import_data(self, name: str, data: dict[str, Json], reason: str = "") -> Event:
        """Put imported data in force: `files` (name, digest, kind) and what else reading takes. Corrections stay."""
        one = self._open(name, "import")
        old: Json = dict(one.data) or None
        return self._written([self._draft(name, "import", target_of("data"), old, data, reason=reason)])[0]

    def change_standard(self, name: str, standard: dict[str, Json], reason: str) -> Event:
        """Judge by another standard from now on; the events before keep the hash of the one they were made under."""
        one = self._open(name, "standard")
        drafts = [
            self._draft(name, "standard", target_of("standard"), dict(one.standard), standard, reason=reason)
        ]
        return self._written(drafts)[0]

    def correct(
        self,
        name: str,
        cells: Sequence[tuple[FactKey, str | None]],
        reason: str = "",
        reported: dict[FactKey, str | None] | None = None,
        bases: dict[FactKey, int] | None = None,
    ) -> tuple[Event, ...]:
        """Put values into facts, all or none. `reported` are the imported values, kept as what was before the first
        correction; `bases` the numbers of the last events that were seen (else those of the state)."""
        one = self._assessment_open(name)
        drafts = []
        for key, value in cells:
            self.require("fact", _area_of(key, one))
            target = fact_target(key)
            old: Json = {"value": one.facts[key] if key in one.facts else (reported or {}).get(key)}
            new: Json = {"value": value}
            base = (bases or {}).get(key, one.last.get(target, 0))
            if key in one.facts and old == new:
                self._still(one, target, base)
                continue
            drafts.append(self._draft(name, "fact", target, old if key in one.facts else _imported(old), new,
                                      reason=reason, base=base))  # fmt: skip
        return self._done_with(drafts)

    def restore(self, name: str, keys: Sequence[FactKey], reason: str = "") -> tuple[Event, ...]:
        """Take corrections back: the imported values count again."""
        one = self._assessment_open(name)
        drafts = []
        for key in (key for key in keys if key in one.facts):
            self.require("fact", _area_of(key, one))
            old: Json = {"value": one.facts[key]}
            drafts.append(self._draft(name, "fact", fact_target(key), old, None, reason=reason))
        return self._done_with(drafts)

    def judge(
        self,
        name: str,
        key: ItemKey,
        judgement: dict[str, Json] | None,
        reason: str = "",
        base: int | None = None,
    ) -> tuple[Event, ...]:
        """Record what an item is answered (`answer`, `score`, `remark`, `evidence`, `unit`); None takes it away."""
        one = self.assessment(name)
        self._require_judging(one, key)
        target = item_target(key)
        old = one.judgements.get(key)
        if old == judgement:
            self._still(one, target, one.last.get(target, 0) if base is None else base)
            return ()
        return self._done_with([self._draft(name, "judge", target, old, judgement, reason=reason, base=base)])

    def acknowledge(self, name: str, key: FindingKey, reason: str | None) -> tuple[Event, ...]:
        """Accept a data finding for a reason, which reports repeat; None takes that back."""
        one = self._assessment_open(name)
        self.require("acknowledge", _area_of(key, one))
        if reason is not None and not reason.strip():
            raise _reasonless()
        old = one.acknowledged.get(key)
        draft = self._draft(name, "acknowledge", finding_target(key), old, reason, reason=reason or "")
        return self._changed(one, draft)

    def set(self, name: str, setting: str, value: str | None, reason: str = "") -> tuple[Event, ...]:
        """Give a setting of the standard a value; None takes it away."""
        one = self._open(name, "setting")
        old = one.settings.get(setting)
        draft = self._draft(name, "setting", target_of("setting", setting), old, value, reason=reason)
        return self._changed(one, draft)

    # Review

    def submit(self, name: str, levels: Sequence[Level], remark: str = "") -> Event:
        """Hand the assessment to the next level of review."""
        one = self.assessment(name)
        self.require("submit", one.area, self._breadth(levels, one.level))
        if one.review == "submitted":
            raise _wrong_state(one, levels)
        if one.level + 1 >= len(levels):
            what = Text("已是最后一级, 没有可提交的上级", "this is the last level; there is none above it")
            raise Refused("REC-REVIEW", what, None)
        return self._reviewed(one, "submit", one.level + 1, "submitted", remark)

    def send_back(self, name: str, levels: Sequence[Level], remark: str) -> Event:
        """Return the assessment to the level below, with remarks."""
        one = self.assessment(name)
        self.require("return", one.area, self._breadth(levels, one.level))
        if one.review != "submitted":
            raise _wrong_state(one, levels)
        if not remark.strip():
            raise _reasonless()
        return self._reviewed(one, "return", one.level - 1, "returned", remark)

    def approve(self, name: str, levels: Sequence[Level], remark: str = "") -> Event:
        """Approve at the level the assessment stands at; from then on it is locked."""
        one = self.assessment(name)
        self.require("approve", one.area, self._breadth(levels, one.level))
        if one.review != "submitted":
            raise _wrong_state(one, levels)
        return self._reviewed(one, "approve", one.level, "approved", remark)

    def unlock(self, name: str, reason: str) -> Event:
        """Open an approved or submitted assessment again, for a reason."""
        one = self.assessment(name)
        self.require("unlock", one.area)
        if not reason.strip():
            raise _reasonless()
        return self._reviewed(one, "unlock", one.level, "open", reason)

    # Undo and redo

    @property
    def can_undo(self) -> bool:
        """Whether there is something of this sitting to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back and nothing done since."""
        return bool(self._undone)

    def undo(self) -> tuple[Event, ...]:
        """Take back what was done last in this sitting. Errors: `Conflict` where somebody changed it since."""
        if not self._done:
            raise Refused(
                "REC-UNDO", Text("本次登录没有可撤销的", "nothing of this sitting can be undone"), None
            )
        written = self._written(self._inverse(self._done[-1]))
        self._done.pop()
        self._undone.append(written)
        return written

    def redo(self) -> tuple[Event, ...]:
        """Do again what was taken back last. Errors: as `undo`."""
        if not self._undone:
            raise Refused("REC-REDO", Text("没有可重做的", "nothing can be done again"), None)
        written = self._written(self._inverse(self._undone[-1]))
        self._undone.pop()
        self._done.append(written)
        return written

    def _inverse(self, events: Sequence[Event]) -> list[Draft]:
        drafts = []
        for event in events:
            one = self.assessment(event.assessment)
            self._require_again(one, event)
            old = None if isinstance(event.old, dict) and event.old.get("imported") else event.old
            drafts.append(
                self._draft(
                    event.assessment,
                    event.operation,
                    event.target,
                    event.new,
                    old,
                    reason=event.reason,
                    base=event.sequence,
                    undoes=event.sequence,
                )
            )
        return drafts

    def _require_again(self, one: Assessment, event: Event) -> None:
        """What may be undone is what may be done: a lock or a lost role since stands in the way."""
        if event.operation == "judge":
            self._require_judging(one, ItemKey(*_parts(event.target)))
        elif event.operation == "fact":
            self.require("fact", _area_of(FactKey(*_parts(event.target)), self._assessment_open(one.id)))
        else:
            self._assessment_open(one.id)
            self.require(event.operation, one.area)

    # Users

    def first_admin(self) -> None:
        """Make the actor the first administrator of an empty workspace."""
        if self.state.head.sequence:
            raise Refused("REC-EXISTS", Text("工作区已有记录", "the workspace has records"), None)
        self._written([
            self._draft("", "user", target_of("user", self.actor), None, {"disabled": False}),
            self._draft("", "grant", grant_target(self.actor, "admin", Area()), None, True),
        ])  # fmt: skip

    def add_user(self, name: str, *, disabled: bool = False) -> Event:
        """Make a user known, or (with `disabled`) keep one out."""
        self.require("user", Area())
        known = self.state.users.get(name)
        old: Json = {"disabled": known.disabled} if known else None
        target = target_of("user", name)
        return self._written([self._draft("", "user", target, old, {"disabled": disabled})])[0]

    def grant(self, name: str, role: Role, area: Area, *, revoke: bool = False) -> Event:
        """Give (or take) a role in an area. Errors: REC-USER, REC-ROLES, REC-ROLE."""
        self.require("grant", area)
        if name not in self.state.users:
            what = Text(f"没有用户“{name}”", f"there is no user '{name}'")
            raise Refused("REC-USER", what, Text("先 user add", "user add first"))
        if role not in ROLES:
            raise Refused("REC-ROLES", Text(f"没有角色“{role}”", f"there is no role '{role}'"),
                          Text(f"可用 {', '.join(ROLES)}", f"one of {', '.join(ROLES)}"))  # fmt: skip
        draft = self._draft(
            "", "revoke" if revoke else "grant", grant_target(name, role, area), revoke, not revoke
        )
        return self._written([draft])[0]

    def put_key(self, name: str, label: str, key: str | None) -> Event:
        """Register a public key of a user under a label, or take it away."""
        self.require("key", Area())
        known = self.state.users.get(name)
        old = known.keys.get(label) if known else None
        return self._written([self._draft("", "key", target_of("key", name, label), old, key)])[0]

    # Inside

    def _open(self, name: str, act: str) -> Assessment:
        one = self._assessment_open(name)
        self.require(act, one.area)
        return one

    def _assessment_open(self, name: str) -> Assessment:
        one = self.assessment(name)
        if one.review not in ("open", "returned"):
            raise _locked(one)
        return one

    def _require_judging(self, one: Assessment, key: ItemKey) -> None:
        """Self-evaluation while the assessment is open; others also while it is submitted, by the level's people."""
        act = "judge self" if key.source == "self" else "judge"
        self.require(act, _area_of(key, one))
        if one.review == "approved" or one.review == "submitted" and act == "judge self":
            raise _locked(one)

    def _breadth(self, levels: Sequence[Level], level: int) -> int:
        name = levels[level].id if level < len(levels) else ""
        return BREADTH_OF_LEVEL.get(name, min(level + 1, 4))

    def _reviewed(self, one: Assessment, operation: str, level: int, state: str, remark: str) -> Event:
        old: Json = {"level": one.level, "state": one.review}
        new: Json = {"level": level, "state": state}
        return self._written([self._draft(one.id, operation, REVIEW, old, new, reason=remark)])[0]

    def _draft(
        self, assessment: str, operation: str, target: str, old: Json, new: Json, *, reason: str = "",
        base: int | None = None, undoes: int | None = None, standard: str | None = None,
    ) -> Draft:  # fmt: skip
        one = self.state.assessments.get(assessment)
        lasts = one.last if one else self.state.last
        return Draft(
            assessment=assessment, operation=operation, target=target, old=old, new=new, actor=self.actor,
            connection=self.connection, base=lasts.get(target, 0) if base is None else base, reason=visible(reason),
            standard=standard if standard is not None else str(one.standard.get("hash", "")) if one else "",
            undoes=undoes,
        )  # fmt: skip

    def _changed(self, one: Assessment, draft: Draft) -> tuple[Event, ...]:
        if draft.old == draft.new:
            self._still(one, draft.target, draft.base)
            return ()
        return self._done_with([draft])

    def _still(self, one: Assessment, target: str, base: int) -> None:
        """Errors: `Conflict` where what is confirmed as it is has been changed by somebody since it was seen."""
        self.refresh()
        theirs = tuple(event for event in one.history(target) if event.sequence > base)
        if theirs:
            raise Conflict(self._draft(one.id, theirs[-1].operation, target, None, None, base=base), theirs)

    def _done_with(self, drafts: list[Draft]) -> tuple[Event, ...]:
        if not drafts:
            return ()
        written = self._written(drafts)
        self._done.append(written)
        self._undone.clear()
        return written

    def _written(self, drafts: list[Draft]) -> tuple[Event, ...]:
        """In the log, on disk, and then in the state, with what others wrote before it."""
        written = self.log.append(drafts)
        self.refresh()
        return written


def fact_target(key: FactKey) -> str:
    """The target that a fact is in the log."""
    return target_of("fact", list(key[:4]), *key[4:])


def item_target(key: ItemKey) -> str:
    """The target that a judgement is in the log."""
    return target_of("item", list(key[:4]), *key[4:])


def finding_target(key: FindingKey) -> str:
    """The target that an acknowledged finding is in the log."""
    return target_of("finding", list(key[:4]), *key[4:])


def grant_target(user: str, role: str, area: Area) -> str:
    """The target that a grant is in the log."""
    return target_of("grant", user, role, area.province, area.city, area.county, area.school)


def _parts(target: str) -> list[Any]:
    from .state import key_of

    place, *rest = key_of(target)[1]
    assert isinstance(place, list)
    return [*place, *rest]


def _imported(old: Json) -> Json:
    assert isinstance(old, dict)
    return {**old, "imported": True}


def _area_of(key: FactKey | ItemKey | FindingKey, one: Assessment) -> Area:
    """Where a key lies; what the data leave open is the assessment's own area."""
    area = one.area
    return Area(
        key.province or area.province, key.city or area.city, key.county or area.county, key.school_id
    )


def _locked(one: Assessment) -> Refused:
    submitted = one.review == "submitted"
    return Refused(
        "REC-LOCKED",
        Text("已提交上级审核, 不能再改", "submitted for review: nothing can be changed") if submitted
        else Text("已通过审核并锁定", "approved and locked"),
        Text("等待退回, 或请管理员说明理由后解锁", "wait for its return, or ask an administrator to unlock it"),
    )  # fmt: skip


def _wrong_state(one: Assessment, levels: Sequence[Level]) -> Refused:
    level = levels[one.level].label if one.level < len(levels) else Text("", "")
    names = {
        "open": Text("填报中", "open"), "returned": Text("已退回", "returned"),
        "submitted": Text("已提交待审", "submitted"), "approved": Text("已通过", "approved"),
    }  # fmt: skip
    state = names[one.review]
    return Refused(
        "REC-REVIEW",
        Text(
            f"现为“{level.zh} {state.zh}”, 此步不适用",
            f"it is now '{level.en}: {state.en}'; this step does not apply",
        ),
        None,
    )


def _reasonless() -> Refused:
    return Refused(
        "REC-REASON", Text("须写明理由", "a reason is needed"), Text("请补写一句", "write a sentence")
    )
