"""What is deliberate in the sample: the school, county fact or answer that makes each verdict.

Every amount fits the fixed number of students in `plans`. A limit quoted is one of national.md.
"""

from __future__ import annotations

from typing import TypedDict

from .model import Change, Facts
from .notice import YEARS

FIRST, SECOND = (YEARS[0],), (YEARS[1],)


class Story(TypedDict):
    changes: tuple[Change, ...]
    county_facts: dict[int, Facts]
    answers: dict[int, dict[str, str | None]]


GREEN: Story = {
    "changes": (
        Change(FIRST, "清溪", "T1: no PE or art teacher of its own, one visits 62 students",
               {"pe_teachers": 0, "art_teachers": 0, "visiting_pe_art_teachers": 1}, "primary"),
        Change(FIRST, "云岭", "T3b: 84 students in six classes, rooms of 58 m² (54 suffice), built 2018",
               rooms={"music": (58.0,), "art": (58.0,)}),
        Change(FIRST, "高坪", "T3b of a junior school: three classes of 29, rooms of 62 m² (61 suffice)",
               rooms={"music": (62.0,), "art": (62.0,)}),
        Change(FIRST, "古渡", "T3a: built 1998, rooms of 78 and 70 m² (73 and 67 suffice)",
               rooms={"music": (78.0, 78.0), "art": (70.0, 70.0)}),
        Change(FIRST, "安澜", "a third, small music room is more than is needed: only the room list shows it",
               rooms={"music": (101.0, 98.0, 40.0), "art": (95.0, 92.0)}),
    ),
    "county_facts": {
        2024: {
            **{f"monitoring_{kind}_{subject}": None for kind in ("level", "gap")
               for subject in ("science", "pe", "moral")},
            "government_score": 93.5,
        },
        2025: {"government_score": 95},
    },
    "answers": {2024: {"Q9c": "na", "Q9d": "na", "Q9f": "na", "A12": "no"}, 2025: {}},
}  # fmt: skip
"""示例甲县: passes by reliefs in the first year, and without any in the second."""

BLUE: Story = {
    "changes": (
        Change(FIRST, "𠮷祥路", "T2: 980 students in a dense centre, own sports area 5.0 m² each, 3.0 leased",
               {"sports_ground_area": 4580, "indoor_sports_area": 320, "extra_sports_area": 2940}),
        Change(SECOND, "𠮷祥路", "its ground enlarged: 7.8 m² each, no relief needed",
               {"sports_ground_area": 7320, "indoor_sports_area": 320}),
        Change(YEARS, "钟楼", "T2 of a nine-year school: 850 weighted students, 5.4 m² each, 4.5 on the roof",
               {"sports_ground_area": 4310, "indoor_sports_area": 280, "extra_sports_area": 3825}),
        Change(FIRST, "育英", "T3a: built 1995, rooms of 80 and 68 m²",
               rooms={"music": (80.0, 80.0, 84.0), "art": (68.0, 68.0, 70.0)}),
        Change(YEARS, "育英", "largest class not given: the number of oversized classes settles it",
               {"largest_class": None}, "junior"),
    ),
    "county_facts": {2024: {"government_score": 91}, 2025: {"government_score": 92.5}},
    "answers": {2024: {}, 2025: {}},
}  # fmt: skip
"""示例乙区: passes by reliefs in both years; 人民路 and 新港 stay under T4 by their size."""

RED: Story = {
    "changes": (
        Change(FIRST, "红柳", "equipment of 1500 yuan a student, below the floor of 1700",
               {"equipment_value": 39.6}),
        Change(FIRST, "沙窝", "no backbone teacher: below the floor", {"backbone_teachers": 0}, "primary"),
        Change(FIRST, "沙窝", "no art room, training 3 % of the budget",
               {"training_budget": 0.68, "meets_provincial_standard": False},
               rooms={"music": (99.0,), "art": ()}),
        Change(FIRST, "白音", "96 students, funded for 80",
               {"public_funds": 57600, "public_funds_budget": 5.76, "training_budget": 0.35}),
        Change(YEARS, "胡杨", "two indicators above the floor and below the standard: five of seven",
               {"teaching_area": 3900, "indoor_sports_area": 0, "sports_ground_area": 8000,
                "equipment_value": 164.0}),
        Change(FIRST, "草原", "classes of more than 50",
               {"oversized_classes": 2, "largest_class": 53}, "junior"),
        Change(YEARS, "旗直", "equipment of 20,000 yuan a student: the coefficient rises above 0.50",
               {"equipment_value": 3800.0}),
        Change(FIRST, "额尔敦", "more degrees than teachers in its primary section: an error of the form",
               {"teachers_bachelor": 60}, "primary"),
    ),
    "county_facts": {
        2024: {
            "special_funds": 45.0, "teacher_average_pay": 91200, "rotated": 70,
            "nearby_entry_junior": 93.6, "graduates": 2150, "monitoring_gap_math": 0.15,
            "recognition_satisfied": 2502, "government_score": 82, "basic_balance_year": 2019,
        },
        2025: {"recognition_satisfied": 2640, "government_score": 88},
    },
    "answers": {2024: {"G10": "no", "V3": "yes", "C1": "no", "K4": "no", "A03": "no"}, 2025: {"K2": "no"}},
}  # fmt: skip
"""示例丙旗: fails for many reasons in the first year; in the second a school, its
size and dispersion are left."""

WHITE: Story = {
    "changes": (
        Change(FIRST, "临江", "the value of equipment was left blank", {"equipment_value": None}),
        Change(FIRST, "望海", "neither the largest class nor the number of oversized classes",
               {"largest_class": None, "oversized_classes": None}, "junior"),
        Change(FIRST, "渔港", "more rooms than needed, the smallest too small: open without a list",
               {"built_year": 2019}, rooms={"music": (104.0, 104.0, 60.0), "art": (92.0, 92.0, 92.0)}),
        Change(FIRST, "盐田", "rooms of 80 m², which T3a would allow; the year it was built is missing",
               {"built_year": None}, rooms={"music": (80.0,), "art": (70.0,)}),
        Change(FIRST, "滩头", "indoor sports rooms larger than all rooms: an error of the form",
               {"indoor_sports_area": 6000}),
        Change(SECOND, "渔港", "planned for after the year of the data: a warning", {"built_year": 2026}),
    ),
    "county_facts": {
        2024: {"civil_servant_average_pay": None, "migrant_purchased": None, "satisfaction_rate": None},
        2025: {"civil_servant_average_pay": None},
    },
    "answers": {2024: {"V4": None, "P2": None, "C2b": None, "A07": None}, 2025: {"V6": None}},
}  # fmt: skip
"""示例丁市: nothing fails, but too much is missing to say that it passes."""
