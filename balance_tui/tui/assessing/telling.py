"""How what was recorded is told: events, targets and values in the words of the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...data.dictionary import STAGES, dictionary
from ...errors import BalanceError, visible
from ...language import Text
from ...records.event import Event, Json
from ...records.roles import NoRole
from ...records.state import key_of
from ...records.telling import OPERATIONS, SOURCES, change_of

BACK, AGAIN = Text("撤销", "undone: "), Text("重做", "done again: ")


@dataclass(frozen=True)
class Names:
    """What the things of an assessment are called: its schools by their id; whether it is of several counties or years,
    which are then named; `events` are those so far, in order."""

    schools: Mapping[str, str] = field(default_factory=dict)
    is_of_several: bool = False
    events: Sequence[Event] = ()


NO_NAMES = Names()


def local_time(event: Event) -> str:
    """When it was, on the clock of this machine: month, day, hour, minute."""
    return dt.datetime.fromisoformat(event.time).astimezone().strftime("%m-%d %H:%M")


def what_of(event: Event, names: Names = NO_NAMES) -> str:
    """What an event changed: the fact with its school, the item, the finding."""
    kind, key = key_of(event.target)
    if kind not in ("fact", "item", "finding"):
        return " ".join(visible(str(part)) for part in key if part is not None)
    place, school, stage, name, *rest = key
    school = names.schools.get(str(school), school)
    parts = [
        *(_placed(place, str(school or "")) if names.is_of_several else ()),
        school,
        STAGES[str(stage)] if stage in STAGES else None,
        _named(kind, str(name)),
    ]
    parts += [SOURCES.get(str(each), each) for each in rest if kind == "item"]
    return " ".join(visible(str(part)) for part in parts if part is not None)


def _placed(place: Json, school: str) -> Iterator[str]:
    """The county unless the school's name says it, and the year."""
    assert isinstance(place, list)
    province, city, county, year = place
    named = str(county or city or province or "")
    if named not in school:
        yield named
    if year is not None:
        yield str(year)


def _named(kind: str, name: str) -> str:
    field = dictionary().get(name) if kind == "fact" else None
    return str(field.label) if field else name


def changed_by(event: Event) -> str:
    """Who changed something since it was looked at, and when."""
    who = f"{visible(event.actor)} {local_time(event)}"
    why = f" ({visible(event.reason)})" if event.reason else ""
    return str(Text(f"{who} 改为此值{why}", f"{who} made it this{why}"))


def turned_back(event: Event, names: Names = NO_NAMES) -> Text | None:
    """Whether an event takes another back, or does again what was taken back."""
    taken_back, at = False, event.undoes
    while at is not None:
        taken_back = not taken_back
        at = next((each.undoes for each in reversed(names.events) if each.sequence == at), None)
    return None if event.undoes is None else BACK if taken_back else AGAIN


def told(event: Event, names: Names = NO_NAMES) -> str:
    """An event as a sentence without its author: what, from which value to which."""
    old, new = change_of(event)
    what = f"{turned_back(event, names) or ''}{OPERATIONS[event.operation]} {what_of(event, names)}".rstrip()
    return f"{what}: {old} → {new}"


def in_short(error: BalanceError, names: Names) -> Text | None:
    """A refusal that names a person's area, for the message line: by the school, or the narrowest part of it."""
    if not isinstance(error, NoRole):
        return None
    area = error.area
    school = names.schools.get(area.school, area.school) if area.school else None
    return error.told_of(visible(school or area.county or area.city or area.province or str(area)))


def told_short(events: Sequence[Event], names: Names = NO_NAMES, *, saved: bool = False) -> Text:
    """What somebody has just done, for the message line."""
    last = events[-1]
    zh, en = (" 等", " and others") if len({each.actor for each in events}) > 1 else ("", "")
    who = Text("已保存", "saved") if saved else Text(f"{last.actor}{zh}", f"{last.actor}{en}")
    if len(events) > 1:
        return Text(f"{who.zh} {len(events)} 处", f"{who.en} {len(events)} changes")
    return Text(f"{who.zh}: {told(last, names)}", f"{who.en}: {told(last, names)}")
