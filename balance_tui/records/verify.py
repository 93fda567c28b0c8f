"""Whether a workspace is what it was: the chain, what it keeps, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import BalanceError
from ..language import Text
from .desk import Desk
from .event import GENESIS, Event
from .log import Flaw
from .office import open_file


def verified(desk: Desk, name: str | None = None, head: str | None = None) -> tuple[Flaw, ...]:
    """Everything wrong: events and blobs that are not what their hashes say, a head hash kept elsewhere that is not in
    the chain, data or standards that no longer read or evaluate, verdicts recorded at a review that no longer follow.
    `name` limits the evaluation to one assessment."""
    flaws = list(desk.log.verify())
    if flaws:
        return tuple(flaws)
    events = list(desk.log.since(0))
    flaws += _head(events, head)
    for one in desk.state.assessments.values():
        if name in (None, one.id) and one.data.get("files"):
            flaws += _follows(desk, one.id)
    return tuple(flaws)


def _head(events: list[Event], head: str | None) -> Iterator[Flaw]:
    if head is not None and head not in (GENESIS, *(event.hash for event in events)):
        what = Text(
            "别处所存的校验值不在记录链中: 记录被整体改写或截断",
            "the hash kept elsewhere is not in the chain, which was rewritten or cut",
        )
        yield Flaw(0, what)


def _follows(desk: Desk, name: str) -> Iterator[Flaw]:
    one = desk.state.assessments[name]
    number = one.last.get('["data"]', 0)
    try:
        file = open_file(desk, name)
        file.result()
    except BalanceError as error:
        what = Text(
            f"评估“{name}”不能重新得出: {error.what.zh}",
            f"'{name}' cannot be evaluated again: {error.what.en}",
        )
        yield Flaw(number, what)
        return
    recorded = one.data.get("dataset")
    if recorded and file.data.digest != recorded:
        yield Flaw(
            number, Text(f"评估“{name}”的数据与导入时不同", f"the data of '{name}' are not those imported")
        )
