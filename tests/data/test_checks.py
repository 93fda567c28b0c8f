"""Each data check fires where its rule is broken and is silent where it is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from balance_tui.data import checks
from balance_tui.data.dataset import (
    CLASS_BANDS_SCHEMA,
    CLASS_LIST_SCHEMA,
    FINDING_SCHEMA,
    GRADE_STUDENTS_SCHEMA,
    ROOMS_SCHEMA,
    Dataset,
    Source,
)
from balance_tui.data.dictionary import dictionary
from balance_tui.errors import UsageError
from tests.data.checks_cases import KEYS, Row, codes, county, dataset, found, nine_year, section, table

CLEAN = (section("A"), section("B", "junior"), *nine_year("C"))


def one(**facts: object) -> Dataset:
    return dataset([section("A", **facts)])


def two_stages(primary: Row, junior: Row) -> Dataset:
    first, second = nine_year("C")
    return dataset([{**first, **primary}, {**second, **junior}])


def of_county(**facts: object) -> Dataset:
    return dataset(CLEAN, [county(**facts)])


def listed(*students: float | None, **facts: object) -> Dataset:
    classes = [
        {"school_id": "A", "stage": "primary", "class": str(i), "students": n} for i, n in enumerate(students)
    ]
    return dataset([section("A", **facts)], class_list=table(classes, CLASS_LIST_SCHEMA))


def rooms(*areas: float | None, **facts: object) -> Dataset:
    rows = [{"school_id": "A", "kind": "music", "area": area} for area in areas]
    return dataset([section("A", **facts)], rooms=table(rows, ROOMS_SCHEMA))


def bands(*classes: float | None) -> Dataset:
    rows = [
        {"school_id": "A", "stage": "primary", "band": str(i), "classes": n} for i, n in enumerate(classes)
    ]
    return dataset([section("A")], class_bands=table(rows, CLASS_BANDS_SCHEMA))


def grades(*students: float | None) -> Dataset:
    rows = [
        {"school_id": "A", "stage": "primary", "grade": str(i), "students": n} for i, n in enumerate(students)
    ]
    return dataset([section("A")], grade_students=table(rows, GRADE_STUDENTS_SCHEMA))


def years(now: list[Row], before: list[Row]) -> Dataset:
    return dataset([*now, *({**row, "year": 2023} for row in before)])


def elsewhere(**keys: object) -> Dataset:
    return dataset([section("A"), {**section("Z"), **keys}])


CAMPUS = section("K", campus_of="A")

FIRES = [
    ("C01", "teachers_associate", one(teachers_associate=5)),
    ("C01", "teachers_above_degree", one(teachers_above_degree=21)),
    ("C02", "backbone_teachers", one(backbone_teachers=21)),
    ("C02", "pe_teachers", one(pe_teachers=10, art_teachers=11)),
    ("C02", "certified_teachers", one(certified_teachers=21)),
    ("C02", "trained_teachers", one(trained_teachers=21)),
    ("C03", "teachers", one(staff=19)),
    ("C04", "indoor_sports_area", one(indoor_sports_area=2000.5)),
    ("C05", "largest_class", one(largest_class=33)),
    ("C05", "classes", bands(3, 2)),
    ("C05", "students", grades(100, 99)),
    ("C06", "teaching_area", two_stages({}, {"teaching_area": 2001})),
    ("C06", "location", two_stages({}, {"location": "rural"})),
    ("C06", "has_charter", two_stages({"has_charter": True}, {"has_charter": False})),
    ("C07", "school_total_students", dataset(nine_year("C", school_total_students=401))),
    ("C08", "stage", dataset(nine_year("C")[:1])),
    ("C08", "stage", dataset([section("A"), section("A", "junior", school_type="primary_school")])),
    ("C08", "stage", dataset([section("S", "senior", school_type="complete_secondary")])),
    ("C09", "school_id", dataset([section("A"), section("A")])),
    ("C09", "school", dataset([section("A"), section("B", school="A学校")])),
    ("C09", "school_id", two_stages({}, {"school": "别的学校"})),
    ("C10", "reported_schools_primary", of_county(reported_schools_primary=3)),
    ("C10", "reported_students_junior", of_county(reported_students_junior=401)),
    ("C10", "reported_classes_primary", of_county(reported_classes_primary=11)),
    ("C11", "nearby_entry_primary", of_county(nearby_entry_primary=100.1)),
    ("C11", "rotated_backbone", of_county(rotated_backbone=11)),
    ("C11", "rotated", of_county(rotated=51)),
    ("C11", "quality_senior_allocated", of_county(quality_senior_allocated=101)),
    ("C11", "quality_senior_rural", of_county(quality_senior_rural=61)),
    ("C11", "migrant_public", of_county(migrant_purchased=21)),
    ("C11", "disabled_enrolled", of_county(disabled_enrolled=11)),
    ("C11", "recognition_satisfied", of_county(recognition_satisfied=251)),
    ("C11", "recognition_valid", of_county(recognition_valid=301)),
    ("C11", "visited_satisfied", of_county(visited_satisfied=21)),
    ("C11", "training_budget", one(training_budget=14)),
    ("C12", "equipment_value", one(equipment_value=0.9)),
    ("C12", "equipment_value", one(equipment_value=2001)),
    ("C13", "students", years([section("A")], [section("A", students=150)])),
    ("C13", "students", years([section("A")], [section("A", students=0)])),
    ("C13", "books", years([section("A", books=60)], [section("A", books=100)])),
    ("C13", "school_id", years([section("A"), section("B")], [section("A")])),
    ("C13", "school_id", years([section("A")], [section("A"), section("B")])),
    ("C14", "students", one(school_type="teaching_point", students=45)),
    ("C14", "students", one(school_type="teaching_point", students=54)),
    ("C14", "students", one(students=95)),
    ("C14", "students", one(students=104)),
    ("C15", "extra_sports_area", one(dense_city_centre=True)),
    ("C15", "dense_city_centre", one(extra_sports_area=100)),
    ("C15", "location", one(location=None, visiting_pe_art_teachers=1)),
    ("C15", "built_year", one(built_year=2025)),
    ("C16", "students", one(students=0)),
    ("C16", "classes", one(classes=0)),
    ("C16", "teachers", one(teachers=0)),
    ("C17", "school_id", dataset([section("A", school_id=None)])),
    ("C17", "school_id", dataset([section("A", stage=None)])),
    ("C18", "students", one(students=-1)),
    ("C18", "students", one(students=float("inf"))),
    ("C18", "teaching_area", one(teaching_area=float("nan"))),
    ("C18", "books", one(books=1e12)),
    ("C18", "built_year", one(built_year=2001.5)),
    ("C18", "monitoring_level_math", of_county(monitoring_level_math=5)),
    ("C19", "oversized_classes", one(oversized_classes=1)),
    ("C19", "oversized_classes", one(largest_class=46)),
    ("C19", "oversized_classes", dataset([section("B", "junior", largest_class=51)])),
    ("C20", "students", listed(100, 99)),
    ("C21", "classes", listed(40, 40, 40, 40, 40)),
    ("C21", "largest_class", listed(40, 40, 30, 30, 30, 30, largest_class=41)),
    ("C21", "oversized_classes", listed(50, 30, 30, 30, 30, 30, largest_class=50)),
    ("C21", "music_rooms", rooms(100, 100)),
    ("C21", "smallest_music_room", rooms(99)),
    ("C22", "campus_of", dataset([CAMPUS])),
    ("C22", "campus_of", dataset([section("A", campus_of="A")])),
    ("C22", "campus_of", dataset([section("A"), CAMPUS, section("L", campus_of="K")])),
    ("C23", "county", elsewhere(city="乙市")),
    ("C23", "county", elsewhere(province="别省", city=None)),
    ("C24", "county", elsewhere(city=None)),
    ("C24", "county", elsewhere(province=None, city=None)),
    ("C25", "school_id", dataset([section("A"), section("A", county="邻县")])),
    ("C26", "teachers_above_degree", one(teachers_above_degree=19)),
    ("C26", "teachers_above_degree", dataset([section("B", "junior", teachers_above_degree=19)])),
    ("C28", "migrant_children", one(migrant_children=201)),
    ("C29", "recognition_rate", of_county(recognition_rate=96.06)),
    ("C30", "graduates", of_county(graduates=100)),
    ("C30", "consolidation_rate", of_county(consolidation_rate=100.1)),
    ("C31", "county", dataset([], [county()])),
    ("C32", "teachers", one(teachers=20.5)),
    ("C32", "migrant_children", dataset(nine_year("C", migrant_children=1.5))),
    ("C33", "school_type", one(school_type="vocational")),
    ("C34", "oversized_classes", one(oversized_classes=7)),
    ("C34", "largest_class", one(largest_class=201)),
    ("C35", "county", dataset(CLEAN, [county(), county()])),
    ("C36", "class_list", replace(listed(200), sections=one(school_id="Q").sections)),
    ("C37", "students", one(students=49)),
    ("C38", "grades", dataset([section("A", grades=6), section("B", grades=2)])),
    ("C38", "grades", dataset([section("A", "junior", grades=4), section("B", "junior", grades=3)])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "field", "data"), FIRES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_rule_is_found_with_its_field_and_both_sentences(
    code: str, field: str, data: Dataset
) -> None:
    hits = [finding for finding in found(data, code) if finding["field"] == field]
    assert hits, f"{code} on {field} did not fire"
    severity = {check.code: check.severity for check in checks.CHECKS}[code]
    for finding in hits:
        assert finding["severity"] == severity
        assert finding["message_zh"]
        assert finding["message_en"]
        assert "{" not in f"{finding['message_zh']}{finding['message_en']}"
        assert finding["county"] is not None
        assert finding["year"] in (2023, 2024)


SILENT = [
    ("C01", one(teachers_associate=4, teachers_above_degree=20)),
    ("C02", one(backbone_teachers=20, pe_teachers=10, art_teachers=10)),
    ("C03", one(staff=20)),
    ("C04", one(indoor_sports_area=2000)),
    ("C05", one(largest_class=40, classes=5)),
    ("C05", bands(3, 3)),
    ("C05", grades(100, 100)),
    ("C06", two_stages({"teaching_area": 0.1 + 0.2, "books": 5}, {"teaching_area": 0.3, "books": None})),
    ("C07", dataset(nine_year("C", school_total_students=400))),
    ("C08", dataset([*nine_year("C"), section("V", school_type="special")])),
    ("C08", dataset([nine_year("C")[0], section("K", "junior", campus_of="C")])),
    ("C09", two_stages({"school": "育才学校(小学部)"}, {"school": "育才学校 初中部"})),
    ("C09", dataset([section("A"), section("K", school="A学校", campus_of="A")])),
    ("C10", of_county(reported_schools_primary=2, reported_students_primary=400, reported_classes_junior=12)),
    ("C11", of_county(nearby_entry_primary=100, rotated=50, migrant_purchased=20, quality_senior_rural=60,
                      fiscal_education_growth=120)),
    ("C12", one(equipment_value=1)),
    ("C12", one(equipment_value=2000)),
    ("C13", years([section("A")], [section("A", students=160)])),
    ("C13", dataset([section("A"), {**section("A"), "year": 2020}, {**section("B"), "year": 2020}])),
    ("C14", one(school_type="teaching_point", students=55)),
    ("C14", one(school_type="teaching_point", students=44)),
    ("C14", one(students=105)),
    ("C14", dataset([section("B", "junior", students=100)])),
    ("C15", one(dense_city_centre=True, extra_sports_area=0, visiting_pe_art_teachers=1, built_year=2024)),
    ("C16", one(classes=None)),
    ("C18", one(students=0, computers=0)),
    ("C19", one(largest_class=45)),
    ("C19", one(largest_class=46, oversized_classes=1)),
    ("C19", one(largest_class=None, oversized_classes=1)),
    ("C20", listed(100, None)),
    ("C21", listed(40, 40, 30, 30, 30, 30)),
    ("C21", rooms(100)),
    ("C22", dataset([section("A"), CAMPUS])),
    ("C23", elsewhere(county="邻县", city="乙市")),
    ("C23", elsewhere(city="乙市", year=2023)),
    ("C24", elsewhere(city="乙市")),
    ("C25", dataset([section("A"), section("A", year=2023)])),
    ("C26", one(teachers_above_degree=20)),
    ("C28", dataset(nine_year("C", migrant_children=400))),
    ("C29", of_county(recognition_rate=96.05)),
    ("C29", of_county(recognition_rate=96, recognition_valid=0, recognition_satisfied=0)),
    ("C30", of_county(graduates=99)),
    ("C31", of_county()),
    ("C32", one(teaching_area=2000.5)),
    ("C33", dataset([section("V", "senior", school_type="vocational")])),
    ("C34", one(oversized_classes=6, largest_class=200)),
    ("C35", dataset(CLEAN, [county(), county(year=2023)])),
    ("C36", listed(200)),
    ("C37", one(students=50)),
    ("C37", one(students=0)),
    ("C37", one(students=49, school_type="teaching_point")),
    ("C38", dataset([section("A", grades=6), section("B", grades=6), section("C", "junior", grades=3)])),
    ("C38", dataset([section("A", grades=6), section("T", grades=4, school_type="teaching_point")])),
    ("C38", dataset([section("A", grades=6), section("B", grades=None)])),
]  # fmt: skip


@pytest.mark.parametrize(("code", "data"), SILENT, ids=lambda value: value if isinstance(value, str) else "")
def test_a_kept_rule_is_not_mentioned(code: str, data: Dataset) -> None:
    assert not found(data, code)


def test_every_check_fires_somewhere_in_these_tests() -> None:
    by_option = {"C27"}
    assert {code for code, _, _ in FIRES} | by_option == {check.code for check in checks.CHECKS}


def test_a_clean_county_has_no_finding_at_all() -> None:
    assert checks.run(dataset(CLEAN, [county()])).to_dicts() == []


def test_an_empty_dataset_has_no_finding_and_the_schema_of_findings() -> None:
    findings = checks.run(dataset([]))
    assert findings.is_empty()
    assert dict(findings.schema) == FINDING_SCHEMA


def test_the_message_names_school_stage_value_and_rule_in_both_languages() -> None:
    (finding,) = found(one(backbone_teachers=21.5), "C02")
    assert finding["message_zh"] == "A学校(小学):县级以上骨干教师数 21.5 大于专任教师数 20,部分不得大于总体"
    assert finding["message_en"] == (
        "A学校 (primary): backbone teachers 21.5 exceeds teachers 20; a part may not exceed its whole"
    )
    assert (finding["school_id"], finding["stage"], finding["value"]) == ("A", "primary", "21.5")
    assert finding["fields"] == ["backbone_teachers", "teachers"]


def test_a_missing_stage_is_named() -> None:
    (finding,) = found(dataset(nine_year("C")[:1]), "C08")
    assert "缺少初中行" in str(finding["message_zh"])
    assert "junior secondary row" in str(finding["message_en"])
    split = [field.code for field in dictionary().values() if field.stage == "split"]
    assert (finding["value"], finding["stage"], finding["fields"]) == ("junior", None, split)


def test_a_whole_school_fact_is_mentioned_once_for_the_school() -> None:
    (finding,) = found(dataset(nine_year("C", indoor_sports_area=3000)), "C04")
    assert finding["stage"] is None


def test_the_place_is_the_cell_in_a_workbook_and_the_row_elsewhere() -> None:
    sources = (Source("甲.xlsx", "小学", {"backbone_teachers": "H"}), Source("b.csv", None, {}))
    rows = [
        section("A", backbone_teachers=21, _source=0, _row=7),
        section("B", backbone_teachers=21, _source=1, _row=8),
        section("D", backbone_teachers=21),
    ]
    places = [finding["place"] for finding in found(replace(dataset(rows), sources=sources), "C02")]
    assert places == ["甲.xlsx:小学!H7", "b.csv:8", None]


def test_control_characters_of_a_name_never_reach_a_sentence() -> None:
    (finding,) = found(one(school="\x1b[31m红\n校", staff=1, mid_title_teachers=0), "C03")
    assert finding["message_zh"].startswith("\\x1b[31m红\\n校(小学)")  # type: ignore[attr-defined]
    assert finding["school"] == "\x1b[31m红\n校"


def test_braces_in_a_name_stay_as_they_are() -> None:
    (finding,) = found(one(school="{value}校", staff=1, mid_title_teachers=0), "C03")
    assert str(finding["message_en"]).startswith("{value}校 (primary): teachers 20")


def test_keys_without_province_and_city_are_compared_like_others() -> None:
    bare = {"province": None, "city": None}
    data = dataset(
        [section("A", **bare), section("A", **bare)], [county(reported_students_primary=1, **bare)]
    )
    assert {"C09", "C10"} <= codes(data)


def test_rows_of_form_two_count_points_of_fifty_and_no_special_school() -> None:
    rows = [
        section("A"), section("P", school_type="teaching_point", students=50, migrant_children=0),
        section("Q", school_type="teaching_point", students=49, migrant_children=0),
        section("V", school_type="special"),
    ]  # fmt: skip
    for schools, students, expected in ((2, 299, False), (3, 299, True), (2, 499, True)):
        facts = county(reported_schools_primary=schools, reported_students_primary=students)
        assert bool(found(dataset(rows, [facts]), "C10")) is expected


def test_the_change_percentage_is_an_option_and_includes_its_limit() -> None:
    data = years([section("A", students=110)], [section("A", students=100)])
    assert not found(data, "C13", change_percent=10)
    assert found(data, "C13", change_percent=9)


def test_class_limits_are_an_option() -> None:
    data = one(largest_class=44)
    assert not found(data, "C19")
    assert found(data, "C19", class_limits={"primary": 40, "junior": 40})
    assert not found(data, "C19", class_limits={"junior": 40})


def test_backbone_teachers_with_heads_are_a_warning_by_option() -> None:
    data = one(backbone_teachers=21)
    assert not found(data, "C27")
    assert not found(data, "C02", backbone_may_include_heads=True)
    (finding,) = found(data, "C27", backbone_may_include_heads=True)
    assert finding["severity"] == "warning"


@pytest.mark.parametrize(
    "options", [{"change": 3}, {"change_percent": "30"}, {"change_percent": -1}, {"class_limits": 45},
                {"class_limits": {"primary": None}}, {"backbone_may_include_heads": 1}],
)  # fmt: skip
def test_an_unknown_or_ill_typed_option_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="E-CHECK-OPTION"):
        checks.run(dataset([]), options=options)


def test_codes_are_unique_and_every_field_named_is_known() -> None:
    assert len({check.code for check in checks.CHECKS}) == len(checks.CHECKS)
    named = {
        str(name) for _, _, data in FIRES for row in checks.run(data)["fields"].to_list() for name in row
    }
    assert named <= {*dictionary(), "rooms", "class_list"}


def test_the_published_table_is_current(root: Path) -> None:
    published = root / "docs" / "checks.md"
    assert published.read_text(encoding="utf-8") == checks.document()


def test_order_of_rows_does_not_change_what_is_found() -> None:
    rows = [
        row for _, _, data in FIRES for row in data.sections.to_dicts() if row["school_id"] and row["stage"]
    ]
    data = dataset({**row, "school_id": f"{index // 2}-{row['school_id']}"} for index, row in enumerate(rows))
    columns = ["code", *KEYS, "school_id", "stage", "field"]
    found_, turned = (
        checks.run(replace(data, sections=sections)).select(columns).unique().sort(columns)
        for sections in (data.sections, data.sections.reverse())
    )
    assert found_.equals(turned)


def test_schools_sharing_a_code_over_counties_are_counted_once_a_county() -> None:
    rows = [section(code, county=name) for name in ("甲县", "乙县") for code in ("A", "B")]
    findings = found(dataset(rows), "C25")
    assert [(finding["county"], finding["value"]) for finding in findings] == [("甲县", "2"), ("乙县", "2")]
    assert pl.Series([finding["fields"] for finding in findings]).list.len().sum() == 0
