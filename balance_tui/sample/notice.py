"""The words that label the sample as made up."""

from __future__ import annotations

from ..language import Text

NOTICE = Text("示例数据(虚构)", "Made-up sample data")
"""Stands wherever the sample shows: workbook titles, remarks of judgements, the demo's first line."""

PROVINCE = "示例省"
CITY = "示例市"
YEARS = (2024, 2025)
