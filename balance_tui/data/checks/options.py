"""What a standard or a user may set about the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ...errors import UsageError
from ...language import Text

CLASS_LIMITS: Mapping[str, float] = {"primary": 45, "junior": 50}
"""2017 办法 item 5: the class size above which a class is oversized."""


@dataclass(frozen=True, slots=True)
class Options:
    """`change_percent`: change against last year that is remarked. `class_limits`: stage → persons.
    `backbone_may_include_heads`: backbone teachers above teachers are a warning (C27), not C02."""

    change_percent: float = 30
    class_limits: Mapping[str, float] = field(default_factory=lambda: CLASS_LIMITS)
    backbone_may_include_heads: bool = False

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Options:
        """Options from a mapping; raises `UsageError` E-CHECK-OPTION on an unknown name or a wrong type."""
        known = {option.name for option in fields(cls)}
        for name, value in given.items():
            if name not in known or not _fits(name, value):
                raise _refused(name, value, sorted(known))
        values: dict[str, Any] = dict(given)
        return cls(**values)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _fits(name: str, value: object) -> bool:
    if name == "class_limits":
        return isinstance(value, Mapping) and all(map(_is_number, value.values()))
    return isinstance(value, bool) if name == "backbone_may_include_heads" else _is_number(value)


def _refused(name: str, value: object, known: list[str]) -> UsageError:
    return UsageError(
        "E-CHECK-OPTION",
        Text("数据检查没有选项 {name}={value}", "the data checks have no option {name}={value}")
        .fill(name=name, value=value),
        Text("可用:{known};数值不小于 0", "use one of {known}; numbers are 0 or more")
        .fill(known=", ".join(known)),
    )  # fmt: skip
