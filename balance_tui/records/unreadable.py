"""The refusal of an event that cannot be read."""

from __future__ import annotations

from ..errors import Refused
from ..language import Text


def unreadable(sequence: int) -> Refused:
    """An event that cannot have been written by this program."""
    return Refused(
        "REC-DAMAGED",
        Text(f"第 {sequence} 条记录读不懂, 没有改动", f"event {sequence} cannot be read; it was left as it is"),
        Text("assess verify 核对; 从备份恢复: workspace restore", "check by assess verify; restore a backup: workspace restore"),
    )  # fmt: skip
