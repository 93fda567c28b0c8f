"""Sentences for what is wrong with a layer."""

from __future__ import annotations

from ...errors import Place, StandardInvalid
from ...language import Text
from ..names import nearest
from .address import NotFound


def problem(
    code: str, place: Place, what: tuple[str, str], mend: tuple[str, str] | None = None
) -> StandardInvalid:
    """An error at a place; both sentences as (zh, en)."""
    return StandardInvalid(code, Text(*what), Text(*mend) if mend else None, place)


def no_target(place: Place, missing: NotFound) -> StandardInvalid:
    """No item, or several, of the name a layer gives as target."""
    if missing.several:
        names = ", ".join(missing.several)
        what = f"“{missing.name}”可指 {names}", f"'{missing.name}' may mean {names}"
        return problem("STD-TARGET", place, what, ("请写其中一个", "write one of them"))
    text = Text(f"底层没有“{missing.name}”", f"there is no '{missing.name}' below")
    mend = nearest(missing.name, missing.names) or Text(
        "balance-tui profile show 列出各项编号", "balance-tui profile show lists the ids"
    )
    return StandardInvalid("STD-TARGET", text, mend, place)


def no_field(place: Place, target: str, missing: NotFound) -> StandardInvalid:
    """No field, or several, of the path a layer gives."""
    if missing.several:
        names = ", ".join(missing.several)
        what = Text(
            f"{target} 的“{missing.name}”可指 {names}", f"'{missing.name}' of {target} may mean {names}"
        )
        mend: Text | None = Text("请整体给出该列表", "give the whole list")
        return StandardInvalid("STD-TARGET-FIELD", what, mend, place)
    what = Text(f"{target} 没有字段“{missing.name}”", f"{target} has no field '{missing.name}'")
    last = missing.name.rsplit(".", 1)[-1]
    known = ", ".join(missing.names[:12])
    mend = nearest(missing.name, missing.names) or nearest(last, missing.names)
    if mend is None and known:
        mend = Text(f"可写 {known}", f"there are {known}")
    return StandardInvalid("STD-TARGET-FIELD", what, mend, place)
