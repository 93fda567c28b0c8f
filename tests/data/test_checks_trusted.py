"""What rests on an error becomes unknown, and nothing else does."""

from __future__ import annotations

import polars as pl

from balance_tui.data import checks
from balance_tui.data.dataset import CLASS_LIST_SCHEMA, ROOMS_SCHEMA, Dataset
from tests.data.checks_cases import Row, county, dataset, nine_year, section, table


def trusted(data: Dataset) -> Dataset:
    return checks.trusted(data.with_findings(checks.run(data)))


def row_of(data: Dataset, school_id: str, stage: str = "primary") -> Row:
    (row,) = data.sections.filter((pl.col("school_id") == school_id) & (pl.col("stage") == stage)).to_dicts()
    return row


def blanked(before: Row, after: Row) -> set[str]:
    return {name for name in before if before[name] is not None and after[name] is None}


def test_without_errors_the_dataset_is_the_same_object() -> None:
    data = dataset([section("A", students=100)])
    data = data.with_findings(checks.run(data))
    assert not data.findings.is_empty()
    assert checks.trusted(data) is data


def test_an_error_of_one_stage_blanks_its_fields_in_that_stage_only() -> None:
    first, second = nine_year("C")
    data = dataset([{**first, "backbone_teachers": 21}, second, section("A")])
    after = trusted(data)
    assert blanked(row_of(data, "C"), row_of(after, "C")) == {"backbone_teachers", "teachers"}
    assert row_of(after, "C", "junior") == row_of(data, "C", "junior")
    assert row_of(after, "A") == row_of(data, "A")


def test_an_error_of_the_school_blanks_its_fields_in_every_stage() -> None:
    first, second = nine_year("C")
    data = dataset([first, {**second, "teaching_area": 2001}])
    after = trusted(data)
    for stage in ("primary", "junior"):
        assert blanked(row_of(data, "C", stage), row_of(after, "C", stage)) == {"teaching_area"}


def test_an_error_of_the_county_blanks_county_facts_only() -> None:
    data = dataset([section("A")], [county(rotated=60), county(rotated=60, year=2020)])
    errors = data.with_findings(checks.run(data).filter(pl.col("year") == 2024))
    after = checks.trusted(errors)
    assert after.counties.select("year", "rotated", "rotation_eligible", "rotated_backbone").rows() == [
        (2024, None, None, 3.0), (2020, 60.0, 50.0, 3.0),
    ]  # fmt: skip
    assert after.sections.equals(data.sections)


def test_a_school_list_that_disagrees_with_form_one_leaves_no_students_of_the_stage() -> None:
    rows = [section("A"), section("B", "junior"), section("A", county="邻县")]
    after = trusted(dataset(rows, [county(reported_students_primary=201)]))
    assert after.sections["students"].to_list() == [None, 200.0, 200.0]
    assert after.counties["reported_students_primary"].to_list() == [None]


def test_a_duplicate_leaves_one_row_without_any_figure() -> None:
    after = trusted(dataset([section("A"), section("A", students=500), section("B")]))
    assert after.sections["school_id"].to_list() == ["A", "B"]
    row = row_of(after, "A")
    assert {name for name, value in row.items() if value is not None} == {
        "province", "city", "county", "year", "school_id", "school", "stage", "school_type", "owner",
        "location",
    }  # fmt: skip


def test_a_duplicate_takes_its_detail_tables_with_it() -> None:
    rooms = [{"school_id": code, "kind": "art", "area": 95} for code in ("A", "B")]
    classes = [{"school_id": code, "stage": "primary", "students": 200} for code in ("A", "B")]
    after = trusted(
        dataset(
            [section("A"), section("A"), section("B")],
            rooms=table(rooms, ROOMS_SCHEMA),
            class_list=table(classes, CLASS_LIST_SCHEMA),
        )
    )
    assert after.rooms["school_id"].to_list() == ["B"]
    assert after.class_list["school_id"].to_list() == ["B"]


def test_a_class_list_that_does_not_sum_is_not_used() -> None:
    classes = [{"school_id": "A", "stage": "primary", "students": 30}]
    data = dataset([section("A")], class_list=table(classes, CLASS_LIST_SCHEMA))
    after = trusted(data)
    assert after.class_list.is_empty()
    assert blanked(row_of(data, "A"), row_of(after, "A")) == {
        "students", "classes", "largest_class", "oversized_classes",
    }  # fmt: skip


def test_a_missing_compulsory_stage_stands_as_a_row_without_figures() -> None:
    data = dataset(nine_year("C", equipment_value=80)[:1])
    after = trusted(data)
    added = row_of(after, "C", "junior")
    assert (added["students"], added["teachers"], added["equipment_value"]) == (None, None, None)
    assert (added["school"], added["school_type"], added["music_rooms"]) == ("C学校", "nine_year", 1)
    known = row_of(after, "C")
    assert (known["students"], known["equipment_value"]) == (200, None)


def test_a_missing_senior_stage_adds_no_row() -> None:
    rows = [section("S", stage, school_type="complete_secondary") for stage in ("junior",)]
    after = trusted(dataset(rows))
    assert after.sections["stage"].to_list() == ["junior"]
    assert after.sections["teaching_area"].to_list() == [None]


def test_a_campus_without_its_parent_is_a_school_without_figures() -> None:
    row = row_of(trusted(dataset([section("A"), section("K", campus_of="X")])), "K")
    assert (row["campus_of"], row["students"], row["teaching_area"]) == (None, None, None)


def test_counties_that_cannot_be_told_apart_have_no_figures() -> None:
    data = dataset([section("A"), section("Z", city=None), section("A", county="邻县")], [county()])
    after = trusted(data)
    assert after.sections["students"].to_list() == [None, None, 200.0]
    assert after.counties["rotated"].to_list() == [None]


def test_county_facts_given_twice_leave_one_row_without_figures() -> None:
    after = trusted(dataset([section("A")], [county(), county(rotated=11)]))
    assert after.counties.select("county", "rotated").rows() == [("样县", None)]


def test_trusting_twice_changes_nothing_more() -> None:
    data = dataset(
        [*nine_year("C")[:1], section("A"), section("A"), section("B", staff=1)], [county(rotated=60)]
    )
    once = trusted(data)
    twice = checks.trusted(once)
    assert twice.sections.equals(once.sections)
    assert twice.counties.equals(once.counties)
