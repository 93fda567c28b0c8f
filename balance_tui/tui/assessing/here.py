"""What of the records the row one stands on is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.dictionary import KEY_FIELDS
from ...errors import Refused
from ...language import Text
from ...records.event import target_of
from ...records.state import FindingKey
from ...records.targets import fact_target, finding_target
from .facts import VIEWS, target

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..view import Record


def target_here(app: BalanceApp) -> dict[str, str]:
    """The detail of the history of the cell, item, finding or setting one stands on. Errors: REC-CELL."""
    table, record, study, view = app.table, app.record, app.study, app.where.view
    if table is None or record is None or study is None or table.column is None:
        raise Refused("REC-CELL", Text("这里没有可看的记录", "nothing is recorded of this"))
    if view in VIEWS:
        return {"target": fact_target(target(study, record, table.column.key, view).key)}
    if view == "findings":
        return {"target": finding_target(finding_key(record))}
    if view == "settings":
        return {"target": target_of("setting", str(record["id"]))}
    return {"item": str(record["id"]).partition("#")[0]}


def finding_key(record: Record) -> FindingKey:
    """The key of the finding of a row."""
    keys = (*KEY_FIELDS, "school_id", "stage", "code", "field")
    return FindingKey(*(record[name] for name in keys))
