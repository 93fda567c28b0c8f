"""Every row of the project's lists of regional rules: id, kind as the list has it, what it is in the standard.

Typed from `shaanxi_items.csv` and `other_seed_items.csv`; a test holds this list against both files.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One rule: `form` is the table it stands in; of several ids (`held_by`) all must be there."""

    id: str
    kind: str
    form: str
    held_by: tuple[str, ...]


def _rows(form: str, kind: str, ids: str) -> tuple[Row, ...]:
    return tuple(Row(each, kind, form, (each,)) for each in ids.split())


SHAANXI = (
    *_rows("target", "plan", "SX-P01 SX-P02"),
    *_rows("requirement", "plan", "SX-P03 SX-P04"),
    *_rows("requirement", "numeric", "SX-N01 SX-N02 SX-N03 SX-N04 SX-N05 SX-N06 SX-N07 SX-N08 SX-N09 SX-N10"),
    *_rows("requirement", "numeric", "SX-N11 SX-N12 SX-N13"),
    *_rows("requirement", "boolean", " ".join(f"SX-B{number:02}" for number in range(1, 25))),
    *_rows("phase", "process", "SX-W01 SX-W02 SX-W03"),
    *_rows("rule", "process", "SX-W04 SX-W05 SX-W06 SX-W07 SX-W08 SX-X01 SX-X04"),
    *_rows("note", "process", "SX-X02"),
    *_rows("note", "numeric", "SX-X03 SX-X06 SX-X07 SX-X08 SX-X09"),
    *_rows("requirement", "process", "SX-X05"),
    *_rows("note", "boolean", "SX-X10"),
)

_DRAFTS = ("HB-F02.report", "HB-F02.presentation", "HB-F02.film", "HB-F02.tables")

HEBEI = (
    *_rows("phase", "process", "HB-W01 HB-W02 HB-W03 HB-W04 HB-W05 HB-W06"),
    *_rows("requirement", "numeric", "HB-N01 HB-N02 HB-N03 HB-N04"),
    *_rows("requirement", "boolean", "HB-B01 HB-B02 HB-B03 HB-B04 HB-B05 HB-B06 HB-B07 HB-B08"),
    *_rows("role", "process", " ".join(f"HB-R{number:02}" for number in range(1, 11))),
    *_rows("deliverable", "process", "HB-F01"),
    Row("HB-F02", "process", "deliverable", _DRAFTS),
)

YUQUAN = (
    *_rows("requirement", "numeric", " ".join(f"NM-N{number:02}" for number in range(1, 14))),
    *_rows("requirement", "plan", "NM-P01 NM-P02 NM-P03"),
    *_rows("group", "process", "NM-S01"),
    *_rows("rule", "process", "NM-S02 NM-S07 NM-S08 NM-S09"),
    *_rows("deliverable", "process", "NM-S03 NM-S04 NM-S05"),
    *_rows("role", "process", "NM-S06"),
)

SHANGHAI = (
    *_rows("requirement", "process", "SH-01 SH-03 SH-04 SH-05"),
    *_rows("requirement", "numeric", "SH-02"),
    *_rows("target", "plan", "SH-06"),
)

LOCAL = _rows("requirement", "plan", " ".join(f"LOC-{number:02}" for number in range(1, 8)))

PIONEER = (
    Row("N21-01", "numeric", "target", ("N21-01",)),
    Row("N21-02", "numeric", "test", ("C2a",)),
    Row("N21-03", "numeric", "requirement", ("S1",)),
    Row("N21-04", "plan", "target", ("N21-04", "N21-04.full")),
    Row("N21-05", "process", "target", ("N21-05",)),
    Row("N21-06", "process", "requirement", ("K1", "K2", "K3", "K4")),
    Row("N21-07", "process", "requirement", tuple(f"A{number:02}" for number in range(1, 21))),
    Row("N21-08", "boolean", "requirement", ("C1", "C2", "C3")),
)

ROWS: dict[str, tuple[Row, ...]] = {
    "shaanxi-2019": SHAANXI,
    "hebei-basic": HEBEI,
    "yuquan-2025": YUQUAN,
    "shanghai-green": SHANGHAI,
    "local-targets": LOCAL,
    "pioneer-2021": PIONEER,
}
"""The rows by the standard that holds them."""

PLUGINS = tuple(name for name in ROWS if name != "pioneer-2021")

LIMITS: dict[str, tuple[str, str]] = {
    "SX-N03": (">=", "1000"), "SX-N04": (">=", "100"), "SX-N07": (">=", "1"),
    "SX-N08b": (">", "0"), "SX-N08c": (">", "0"), "SX-N08d": (">", "0"),
    "SX-N10a": ("<=", "0"), "SX-N10b": (">=", "100"), "SX-N11": (">=", "100"),
    "HB-N01": (">=", "90"), "HB-N02": (">=", "99"), "HB-N03": (">=", "97"), "HB-N04": (">=", "90"),
    "NM-N01": (">=", "60"), "NM-N02": (">=", "4"), "NM-N03": (">=", "30"), "NM-N04": (">=", "50"),
    "NM-N05": (">=", "12"), "NM-N06": (">=", "100"), "NM-N07": (">=", "100"), "NM-N08": (">=", "2000"),
    "NM-N09": (">=", "5000"), "NM-N10": (">=", "1"), "NM-N11": (">=", "1"), "NM-N12d": (">=", "100"),
    "NM-N13": ("<=", "0"),
    "LOC-01": (">=", "400"), "LOC-02": (">=", "50"), "LOC-03": (">=", "50"), "LOC-04": (">=", "20"),
    "LOC-05a": (">=", "280"), "LOC-05b": (">=", "118"), "LOC-06": (">=", "120"), "LOC-07": (">=", "3"),
    "C2a": (">=", "3"), "S1": (">=", "85"),
}  # fmt: skip
"""Operator and number of every numeric row whose limit is one number, by the id of its test."""

DUE: dict[str, int] = {
    "SX-N01": 2025, "SX-N02": 2025, "NM-N01": 2025, "NM-N02": 2025, "NM-N04": 2025, "NM-N05": 2025,
    "NM-N06": 2025, "NM-N07": 2025, "NM-P01": 2023, "NM-P02": 2022, "NM-P03": 2022,
}  # fmt: skip

PERIODS: dict[str, str] = {
    "NM-N09": "month", "NM-N10": "year", "NM-N11": "term",
    "LOC-01": "year", "LOC-03": "year", "LOC-04": "year", "LOC-05a": "year",
}  # fmt: skip
