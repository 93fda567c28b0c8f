"""The verdict that each standard gives to each county and year of the sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Verdict = Literal["pass", "relieved", "fail", "unknown"]

EXPECTED: Mapping[str, Mapping[tuple[str, int], Verdict]] = {
    "national-2017": {
        ("示例甲县", 2024): "relieved",
        ("示例甲县", 2025): "pass",
        ("示例乙区", 2024): "relieved",
        ("示例乙区", 2025): "relieved",
        ("示例丙旗", 2024): "fail",
        ("示例丙旗", 2025): "fail",
        ("示例丁市", 2024): "unknown",
        ("示例丁市", 2025): "unknown",
    },
    "national-2012": {
        ("示例甲县", 2024): "pass",
        ("示例甲县", 2025): "pass",
        ("示例乙区", 2024): "pass",
        ("示例乙区", 2025): "pass",
        ("示例丙旗", 2024): "fail",
        ("示例丙旗", 2025): "pass",
        ("示例丁市", 2024): "unknown",
        ("示例丁市", 2025): "pass",
    },
    "pioneer-2021": {
        ("示例甲县", 2024): "fail",
        ("示例甲县", 2025): "pass",
        ("示例乙区", 2024): "pass",
        ("示例乙区", 2025): "pass",
        ("示例丙旗", 2024): "fail",
        ("示例丙旗", 2025): "fail",
        ("示例丁市", 2024): "unknown",
        ("示例丁市", 2025): "pass",
    },
}
"""Standard → county and year → verdict, for the default seed and the default settings."""


def counties(profile: str = "national-2017") -> Mapping[tuple[str, int], Verdict]:
    """The expected verdict of every county and year under a standard shipped with the program."""
    return EXPECTED[profile]
