"""What the shipped standards say: the numbers, their sources, the ids, and unknown that stays unknown."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import BaseModel

from balance_tui.data.dictionary import CODES, dtype_of
from balance_tui.resources import profiles_dir
from balance_tui.standard.bind import bound
from balance_tui.standard.expression import Expression, Scalar
from balance_tui.standard.load import LoadedStandard, catalogue, load_standard
from balance_tui.standard.names import DERIVED
from balance_tui.standard.rules import expressions

IDS = ("national-2012", "national-2017", "pioneer-2021")
CALIFORNIA = sorted((Path(__file__).parents[1] / "standards").glob("california-*.toml"))


@cache
def standard(name: str) -> LoadedStandard:
    return load_standard(name)


def tables(node: Any, path: str = "") -> list[tuple[str, BaseModel]]:
    if isinstance(node, BaseModel):
        inner = [(f"{path}.{name}", getattr(node, name)) for name in type(node).model_fields]
        return [(path, node), *(found for name, value in inner for found in tables(value, name))]
    if isinstance(node, tuple):
        return [found for index, value in enumerate(node) for found in tables(value, f"{path}[{index}]")]
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in tables(value, f"{path}.{key}")]
    return []


def test_the_three_national_standards_are_shipped() -> None:
    assert tuple(catalogue())[: len(IDS)] == IDS
    assert [standard(name).id for name in IDS] == list(IDS)


@pytest.mark.parametrize("name", IDS)
def test_every_clause_says_something(name: str) -> None:
    for path, table in tables(standard(name).model):
        clause = str(getattr(table, "clause", ""))
        inherits = type(table).model_fields.get("clause")
        if inherits is not None and inherits.is_required():
            assert clause.strip(), path
        for key in {"mark", "definition", "note"} & table.model_fields_set:
            value = getattr(table, key)
            assert isinstance(value, tuple) or value.strip(), f"{path}.{key}"


def numbers(text: str) -> list[str]:
    return re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text)


@pytest.mark.parametrize("name", IDS)
def test_every_number_stands_in_a_table_that_has_a_clause(name: str) -> None:
    """The nearest table around a number that can have a source has one; a heading has its document."""
    data, without = standard(name).document.data, {"standard", "form"}

    def unsourced(node: Any, path: str, sourced: bool) -> list[str]:
        if isinstance(node, dict):
            covered = sourced or bool(str(node.get("clause", "")).strip())
            return [
                found for key, value in node.items() for found in unsourced(value, f"{path}.{key}", covered)
            ]
        if isinstance(node, list):
            return [
                found for i, value in enumerate(node) for found in unsourced(value, f"{path}[{i}]", sourced)
            ]
        numeric = isinstance(node, int | Decimal) and not isinstance(node, bool)
        return [path] if numeric and not sourced else []

    found = [
        path for key, value in data.items() if key not in without for path in unsourced(value, key, False)
    ]
    assert found == []


@pytest.mark.parametrize("name", IDS)
def test_every_label_is_said_in_both_languages(name: str) -> None:
    for path, table in tables(standard(name).model):
        if "label_en" not in type(table).model_fields or not getattr(table, "label", ""):
            continue
        unnamed = path.startswith(".form")
        assert unnamed or table.label_en.strip(), path  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", IDS)
def test_what_a_mark_calls_inference_or_unknown_is_left_to_a_setting_or_said(name: str) -> None:
    for setting in standard(name).model.setting:
        assert setting.clause
        assert setting.mark or setting.note, f"{setting.id} says nothing of how sure it is"


# ── national-2017 ──────────────────────────────────────────────────────────────────────────────────

ARTICLE_6 = {
    "L1": ("4.2", "5.3"),
    "L2": ("1", "1"),
    "L3": ("0.9", "0.9"),
    "L4": ("4.5", "5.8"),
    "L5": ("7.5", "10.2"),
    "L6": ("2000", "2500"),
    "L7": ("2.3", "2.4"),
}
"""教督〔2017〕6号 art. 6: the limits of primary and junior schools."""

FLOORS = {
    "L1": ("3.57", "4.505"),
    "L2": ("0.85", "0.85"),
    "L3": ("0.765", "0.765"),
    "L4": ("3.825", "4.93"),
    "L5": ("6.375", "8.67"),
    "L6": ("1700", "2125"),
    "L7": ("1.955", "2.04"),
}
"""85 % of them, as a published county program prints them (national.md 2)."""


def test_the_seven_limits_and_floors_are_those_of_article_6() -> None:
    model = standard("national-2017").model
    assert model.school_rule is not None
    share = model.school_rule.floor_share
    limits = {
        each.id: tuple(each.limit[stage].value for stage in ("primary", "junior")) for each in model.indicator
    }
    assert limits == {code: tuple(map(Decimal, pair)) for code, pair in ARTICLE_6.items()}
    floors = {code: tuple(value * share for value in pair) for code, pair in limits.items()}
    assert floors == {code: tuple(map(Decimal, pair)) for code, pair in FLOORS.items()}
    assert model.school_rule.at_least == 6


def test_the_limits_are_those_of_the_reference_table(shared: Path) -> None:
    model = standard("national-2017").model
    assert model.school_rule is not None
    assert model.dispersion is not None
    rows = list(csv.DictReader((shared / "data/thresholds_national_2017.csv").read_text().splitlines()))
    said = [
        [
            each.id,
            *(each.limit[stage].value for stage in ("primary", "junior")),
            *(each.limit[stage].value * model.school_rule.floor_share for stage in ("primary", "junior")),
            *(model.dispersion.limit[stage].value for stage in ("primary", "junior")),
        ]
        for each in model.indicator
    ]
    columns = (
        "primary_min", "junior_min", "primary_floor_85pct", "junior_floor_85pct", "primary_cv_max",
        "junior_cv_max",
    )  # fmt: skip
    assert said == [[row["code"], *(Decimal(row[column]) for column in columns)] for row in rows]


def test_the_ids_of_national_2017_are_the_stable_ones() -> None:
    model = standard("national-2017").model
    assert [item.id for item in model.prerequisite] == ["P1", "P2"]
    assert [item.id for item in model.requirement] == [
        *(f"G{n:02d}" for n in range(1, 16)), *(f"Q{n}" for n in range(1, 10)), "S1",
    ]  # fmt: skip
    assert [item.id for item in model.veto] == [f"V{n}" for n in range(1, 7)]
    assert [relief.id for relief in model.relief] == ["T1", "T2", "T3a", "T3b", "T4", "T4.twelve_year"]
    assert [part.id for part in model.part] == [
        "prerequisites", "resources", "guarantee", "quality", "recognition", "vetoes",
    ]  # fmt: skip
    assert model.dispersion is not None
    assert (model.dispersion.judged, model.dispersion.op) == ("each", "<=")


@pytest.mark.parametrize(
    ("item", "op", "limit"),
    [
        ("P1", ">=", "3"), ("G04", "<=", "2000, 2500"), ("G05", "<=", "45, 50"), ("G08a", ">=", ""),
        ("G09", ">=", "100"), ("G11a", ">=", "10"), ("G11b", ">=", "20"), ("G12", ">=", "100"),
        ("G13a", ">=", "100"), ("G13b", ">=", "95"), ("G14a", ">=", "50"), ("G15a", ">=", "85"),
        ("Q1", ">=", "95"), ("Q2", ">=", "95"), ("Q4", ">=", "5"), ("Q9a", ">=", "3"),
        ("Q9a.gap", "<", "0.15"), ("Q9f.gap", "<", "0.15"), ("S1a", ">=", "85"),
    ],
)  # fmt: skip
def test_the_numbers_of_the_items_are_those_of_articles_7_to_9(item: str, op: str, limit: str) -> None:
    tests = {test.id or each.id: test for each in standard("national-2017").model.items for test in each.test}
    said = [number for formula in tests[item].limit.values() for number in numbers(formula.text)]
    assert tests[item].op == op
    assert sorted(said) == sorted(filter(None, limit.split(", ")))


def test_the_split_shares_six_facts_by_the_weights_of_2019() -> None:
    split = standard("national-2017").model.split
    assert split is not None
    assert {
        kind: {stage: str(w) for stage, w in weights.items()} for kind, weights in split.weights.items()
    } == {
        "nine_year": {"primary": "1", "junior": "1.1"},
        "complete_secondary": {"junior": "1", "senior": "1.2"},
        "twelve_year": {"primary": "1", "junior": "1.1", "senior": "1.32"},
    }
    assert not {"computers", "books"} & set(split.fields)


def test_the_forms_print_the_figures_that_the_application_asks_for() -> None:
    forms = {form.id: form for form in standard("national-2017").model.form}
    assert list(forms) == ["I", "II-1", "II-2", "III", "IV", "V", "VI"]
    assert [column.code for column in forms["I"].columns] == [f"L{n}" for n in range(1, 25)]
    assert [column.source for column in forms["II-2"].columns[6:13]] == [f"L{n}" for n in range(1, 8)]
    assert {column.decimals for column in forms["II-2"].columns[6:13]} == {2}
    assert [(line.label, line.source, line.decimals) for line in forms["III"].lines] == [
        ("全县平均值", "mean", 2),
        ("差异系数", "cv", 3),
    ]
    assert list(dict.fromkeys(line.item for line in forms["IV"].lines)) == [f"G{n:02d}" for n in range(1, 16)]
    assert list(dict.fromkeys(line.item for line in forms["V"].lines)) == [f"Q{n}" for n in range(1, 10)]


def test_the_names_of_columns_are_those_of_the_forms(shared: Path) -> None:
    text = (shared / "domain/forms.md").read_text(encoding="utf-8")
    for form in standard("national-2017").model.form:
        for column in form.columns:
            names = [column.label, *column.group.split("/")]
            assert all(name in text for name in names), (form.id, names)


# ── national-2012 and pioneer-2021 ─────────────────────────────────────────────────────────────────


def test_basic_balance_judges_the_composite_of_eight_and_nothing_else_of_them() -> None:
    model = standard("national-2012").model
    eight = tuple(f"B{n}" for n in range(1, 9))
    assert tuple(each.id for each in model.indicator) == eight
    assert all(each.limit == {} for each in model.indicator)
    assert model.school_rule is None
    assert model.dispersion is not None
    assert (model.dispersion.judged, model.dispersion.indicators) == ("composite", eight)
    assert {stage: limit.value for stage, limit in model.dispersion.limit.items()} == {
        "primary": Decimal("0.65"),
        "junior": Decimal("0.55"),
    }
    assert [part.id for part in model.part] == ["gate", "resources", "government", "satisfaction"]
    (score,) = model.score
    assert (score.max, score.pass_mark, score.field) == (Decimal(100), Decimal(85), "government_score")


def test_basic_balance_splits_the_facts_of_its_first_five_indicators_alone() -> None:
    model = standard("national-2012").model
    assert model.split is not None
    read = {each.id: {n for way in each.numerator for n in way.value.names} for each in model.indicator}
    shared_out = {code for code, names in read.items() if names & set(model.split.fields)}
    assert shared_out == {"B1", "B2", "B3", "B4", "B5"}


@pytest.mark.parametrize(
    ("way", "rooms", "grounds"),
    [("sports", Fraction(90), Fraction(60)), ("teaching", Fraction(100), Fraction(50))],
)
def test_the_indoor_sports_rooms_of_2012_go_where_the_setting_says(
    way: str, rooms: Fraction, grounds: Fraction
) -> None:
    facts: dict[str, Scalar] = {
        "teaching_area": Fraction(100), "indoor_sports_area": Fraction(10),
        "sports_ground_area": Fraction(50),
    }  # fmt: skip
    model = bound(standard("national-2012").model, {"indoor_sports_2012": way})
    assert [each.numerator[0].value.exact(facts) for each in model.indicator[:2]] == [rooms, grounds]


OWNER_SETTING = {
    **dict.fromkeys(("1", "2"), "exclude_central"),
    **dict.fromkeys(("3", "4", "5", "6"), "exclude_provincial_city"),
    **dict.fromkeys(("7", "8")),
    "9": "exclude_enterprise", "10": "exclude_private",
}  # fmt: skip


@pytest.mark.parametrize("owner", list(CODES["owner"]))
def test_each_owner_is_left_out_of_basic_balance_by_its_own_setting(owner: str) -> None:
    loaded = standard("national-2012").model
    on: dict[str, Scalar] = {s.id: s.default for s in loaded.setting if s.type == "boolean"}  # type: ignore[misc]
    facts: dict[str, Scalar] = {"owner": owner, "school_type": "primary_school", "students": Fraction(5)}

    def out(settings: dict[str, Scalar]) -> bool:
        return any(each.when.exact(facts) for each in bound(loaded, settings).scope[0].exclude)

    switch = OWNER_SETTING[owner]
    assert out(on) is (switch is not None)
    assert not out(on | {switch: False} if switch else on)


def test_the_pioneer_counties_have_three_conditions_four_tasks_twenty_items_and_recognition() -> None:
    model = standard("pioneer-2021").model
    of = {part.id: [item for item in model.requirement if item.part == part.id] for part in model.part}
    assert [item.id for item in of["conditions"]] == ["C1", "C2", "C3"]
    assert [item.id for item in of["tasks"]] == ["K1", "K2", "K3", "K4"]
    assert [item.id for item in of["recognition"]] == ["S1"]
    assert [item.id for item in of["list"]] == [f"A{n:02d}" for n in range(1, 21)]
    groups = [item.group for item in of["list"]]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [4, 4, 3, 7, 2]


def test_recognition_is_the_same_question_in_both_standards() -> None:
    (pioneer,) = next(item for item in standard("pioneer-2021").model.items if item.id == "S1").test
    national = next(item for item in standard("national-2017").model.items if item.id == "S1").test[0]
    for key in ("kind", "value", "op", "limit", "scale", "unit"):
        assert getattr(pioneer, key) == getattr(national, key)


# ── Unknown stays unknown ──────────────────────────────────────────────────────────────────────────


def formulas() -> list[tuple[str, LoadedStandard, Expression]]:
    found = []
    for reference in (*IDS, *map(str, CALIFORNIA)):
        loaded = standard(reference)
        settings: dict[str, Scalar] = {each.id: _value(each.default) for each in loaded.model.setting}
        model = bound(loaded.model, settings)
        for path, expression, *_ in expressions(model):
            found.append((f"{loaded.id}:{'.'.join(map(str, path))}", loaded, expression))
    return found


def _value(default: Any) -> Scalar:
    number = isinstance(default, int | Decimal) and not isinstance(default, bool)
    return Fraction(default) if number else default


def sample(loaded: LoadedStandard, name: str) -> list[Scalar]:
    """Admissible values of a fact: every code, both truths, small and large numbers."""
    if name in CODES:
        return list(CODES[name])
    field = loaded.dictionary.get(name)
    if name == "is_campus" or field is not None and field.kind == "boolean":
        return [True, False]
    return [Fraction(0), Fraction(1), Fraction(49), Fraction(99), Fraction(2016), Fraction(5001, 2)]


@pytest.mark.parametrize(("loaded", "expression"), [pytest.param(*rest, id=id_) for id_, *rest in formulas()])
def test_a_blanked_fact_makes_a_value_unknown_and_a_condition_never_the_other_answer(
    loaded: LoadedStandard, expression: Expression
) -> None:
    rows: list[dict[str, Scalar]] = [{}]
    for name in expression.names:
        rows = [{**row, name: value} for row in rows for value in sample(loaded, name)][:4000]
    schema = {name: _dtype(loaded, name) for name in expression.names}
    for blank in expression.names:
        blanked = [row | {blank: None} for row in rows]
        known = [expression.exact(row) for row in rows]
        now = [expression.exact(row) for row in blanked]
        if expression.is_condition or all(isinstance(value, bool | None) for value in known):
            assert all(after is None or after is before for before, after in zip(known, now, strict=True))
        else:
            assert set(now) == {None}
        plain = [
            {key: float(v) if isinstance(v, Fraction) else v for key, v in row.items()} for row in blanked
        ]
        read = pl.DataFrame(plain, schema=schema).select(expression.polars().alias("v"))["v"].to_list()
        assert read == now


def _dtype(loaded: LoadedStandard, name: str) -> pl.DataType:
    if name in DERIVED:
        return pl.Boolean() if name == "is_campus" else pl.Float64()
    dtype = dtype_of(loaded.dictionary[name])
    return pl.Float64() if dtype == pl.Int32() else dtype


def test_the_relief_for_large_schools_has_its_limit_though_that_of_twelve_year_schools_is_not_known() -> None:
    relief = next(each for each in standard("national-2017").model.relief if each.id == "T4")
    eased = bound(relief, {"relief_T4_twelve_year_limit": None, "relief_T4_twelve_year": False})
    assert eased.limit is not None
    limits = [eased.limit.exact({"school_type": kind}) for kind in ("nine_year", "junior_school")]
    assert limits == [3000, 2400]
    facts: dict[str, Scalar] = {
        "school_type": "twelve_year", "built_year": Fraction(2000), "migrant_children": Fraction(0),
        "compulsory_students": Fraction(2700), "boarding": None,
    }  # fmt: skip
    assert eased.when.exact(facts) is False


def test_the_profiles_folder_holds_nothing_but_standards() -> None:
    assert {path.suffix for path in profiles_dir().iterdir()} == {".toml"}
