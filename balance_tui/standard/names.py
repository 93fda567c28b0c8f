"""Names an expression may read besides facts, and the nearest name to a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from ..language import Text

DERIVED: Mapping[str, Text] = {
    "compulsory_students": Text("义务教育阶段在校生数", "students of the compulsory stages"),
    "school_students": Text("全校在校生数 (含高中)", "students of the school, the senior stage too"),
    "compulsory_classes": Text("义务教育阶段班级数", "classes of the compulsory stages"),
    "school_largest_class": Text("全校最大班额", "largest class of the school"),
    "is_campus": Text("不计校数的校区", "campus not counted as a school"),
    "as_of_year": Text("评估年份", "year of the evaluation"),
}
"""Facts the engine derives: sums and maxima over the compulsory sections of a school (of `school_students` over
all its stages), null where any of them is missing."""

DERIVED_COUNTY = ("as_of_year",)


def nearest(name: str, known: Iterable[str]) -> Text | None:
    """A hint naming the closest known name, or None where nothing is close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if not close:
        return None
    return Text(f"是否想写“{close[0]}”?", f"did you mean '{close[0]}'?")
