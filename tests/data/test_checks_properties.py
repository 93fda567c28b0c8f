"""Properties of the data checks over generated counties."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.data import checks
from balance_tui.data.dataset import Dataset
from balance_tui.data.dictionary import dictionary
from tests.data.checks_cases import COUNTY, FACTS, WHOLE, Row, county, dataset, section

STRUCTURE = ("C08", "C09", "C22", "C24", "C35")
"""Errors about which rows there are; the others compare facts."""


@st.composite
def clean_section(draw: st.DrawFn, code: str, stage: str) -> Row:
    def up_to(most: int) -> int:
        return draw(st.integers(0, most))

    limit = {"primary": 45, "junior": 50}[stage]
    sizes = draw(st.lists(st.integers(1, 70), min_size=1, max_size=12))
    teachers = draw(st.integers(1, 60))
    doctor = up_to(teachers)
    master = up_to(teachers - doctor)
    pe = up_to(teachers)
    area = up_to(9000)
    students = sum(sizes)
    return section(
        code, stage, students=students, classes=len(sizes), largest_class=max(sizes),
        oversized_classes=sum(size > limit for size in sizes), teachers=teachers, teachers_doctor=doctor,
        teachers_master=master, teachers_bachelor=teachers - doctor - master, teachers_associate=0,
        teachers_above_degree=teachers, backbone_teachers=up_to(teachers), pe_teachers=pe,
        art_teachers=up_to(teachers - pe), certified_teachers=up_to(teachers),
        trained_teachers=up_to(teachers),
        staff=teachers + up_to(9), mid_title_teachers=up_to(teachers), teaching_area=area,
        indoor_sports_area=up_to(area), migrant_children=up_to(students), school_total_students=students,
    )  # fmt: skip


@st.composite
def clean_county(draw: st.DrawFn) -> list[Row]:
    stages = draw(st.lists(st.sampled_from(["primary", "junior"]), min_size=1, max_size=5))
    return [draw(clean_section(f"S{index}", stage)) for index, stage in enumerate(stages)]


def reported(rows: list[Row]) -> Row:
    facts: Row = {}
    for stage in ("primary", "junior"):
        mine = [row for row in rows if row["stage"] == stage]
        facts[f"reported_schools_{stage}"] = len(mine)
        for amount in ("students", "classes"):
            facts[f"reported_{amount}_{stage}"] = sum(int(str(row[amount])) for row in mine)
    return facts


def errors(data: Dataset) -> set[tuple[object, ...]]:
    columns = ["code", "school_id", "stage", "field"]
    findings = checks.run(data).filter((pl.col("severity") != "warning") & ~pl.col("code").is_in(STRUCTURE))
    return set(findings.select(columns).rows())


@given(clean_county())
def test_a_clean_county_has_no_error(rows: list[Row]) -> None:
    data = dataset(rows, [county(**reported(rows))])
    findings = checks.run(data)
    assert findings.filter(pl.col("severity") != "warning").to_dicts() == []
    assert checks.trusted(data.with_findings(findings)).sections.equals(data.sections)


@settings(max_examples=60)
@given(
    st.lists(st.dictionaries(st.sampled_from(sorted(FACTS)), st.integers(-1, 300)), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from(sorted(COUNTY)), st.integers(0, 300)),
    st.data(),
)
def test_blanking_a_fact_never_adds_an_error(spoiled: list[Row], facts: Row, draw: st.DataObject) -> None:
    rows = [section(f"S{index}", **row) for index, row in enumerate(spoiled)]
    facts = {**facts, **reported([section("S")])}
    before = errors(dataset(rows, [county(**facts)]))
    if draw.draw(st.booleans()):
        row = draw.draw(st.sampled_from(rows))
        row[draw.draw(st.sampled_from(sorted({**FACTS, **WHOLE})))] = None
    else:
        facts = {**facts, draw.draw(st.sampled_from(sorted(COUNTY))): None}
    assert errors(dataset(rows, [county(**facts)])) <= before


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(sorted({**FACTS, **WHOLE}.keys() - {"owner", "location"})),
                                st.floats(allow_nan=True)), min_size=1, max_size=3))  # fmt: skip
def test_after_trust_no_error_about_figures_is_left(spoiled: list[Row]) -> None:
    data = dataset([section(f"S{index}", **row) for index, row in enumerate(spoiled)])
    after = checks.trusted(data.with_findings(checks.run(data)))
    assert errors(after) == set()


def test_every_number_of_the_dictionary_is_bounded_by_the_possible() -> None:
    fields = [field for field in dictionary().values() if field.kind == "number" and field.level != "county"]
    for field in fields:
        (finding,) = checks.run(dataset([section("A", **{field.code: float("-inf")})])).filter(
            pl.col("code") == "C18"
        ).to_dicts()  # fmt: skip
        assert finding["fields"] == [field.code]
