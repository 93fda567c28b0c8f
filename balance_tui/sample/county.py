"""Facts and answers of a whole county."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

from .figures import SPECIAL_FUNDS, UNIT_FUNDS
from .items import EVIDENCE, FAVOURABLE, GRADES, SUBJECTS
from .model import CountyPlan, Facts, School
from .notice import CITY, NOTICE, PROVINCE


def keys_of(plan: CountyPlan, year: int) -> Facts:
    return {"province": PROVINCE, "city": CITY, "county": plan.name, "year": year}


def _students(schools: Iterable[School], stage: str) -> int:
    return sum(int(school.sections[stage]["students"] or 0) for school in schools if stage in school.sections)


def _teachers(schools: Iterable[School]) -> int:
    return sum(int(section["teachers"] or 0) for school in schools for section in school.sections.values())


def _special(schools: Iterable[School]) -> Facts:
    special = [school for school in schools if school.facts["school_type"] == "special"]
    students = sum(_students(special, stage) for stage in ("primary", "junior"))
    return {"special_students": students, "special_funds": students * SPECIAL_FUNDS / 10_000}


def _staffing(schools: Iterable[School]) -> Facts:
    eligible = _teachers(schools) // 3
    rotated = ceil(eligible * 0.14)
    return {
        "teacher_average_pay": 98600,
        "civil_servant_average_pay": 97300,
        "rotation_eligible": eligible,
        "rotated": rotated,
        "rotated_backbone": ceil(rotated * 0.26),
    }


def _admission(plan: CountyPlan, schools: Iterable[School]) -> Facts:
    migrants = _students(schools, "primary") // 8
    quota = 1200 + 100 * plan.number
    return {
        "nearby_entry_primary": 100,
        "nearby_entry_junior": 97.5,
        "quality_senior_quota": quota,
        "quality_senior_allocated": quota * 3 // 5,
        "quality_senior_rural": quota // 4,
        "migrant_eligible": migrants,
        "migrant_public": migrants * 22 // 25,
        "migrant_purchased": migrants // 20,
    }


def _retention(schools: Iterable[School]) -> Facts:
    entered = max(2400, _students(schools, "junior") // 3)
    return {
        "graduates": entered - 40,
        "entered_three_years_ago": entered,
        "transferred_in": 35,
        "transferred_out": 48,
        "deceased": 1,
        "disabled_children": 210,
        "disabled_enrolled": 206,
        "disabled_educated": 206,
        "disabled_placed": 206,
    }


def _monitoring() -> Facts:
    levels = {f"monitoring_level_{subject}": 3 for subject in SUBJECTS.values()}
    gaps = {f"monitoring_gap_{subject}": round(0.09 + 0.008 * place, 3)
            for place, subject in enumerate(SUBJECTS.values())}  # fmt: skip
    return {**levels, **gaps}


def _opinion() -> Facts:
    return {
        "recognition_issued": 3200,
        "recognition_valid": 3000,
        "recognition_satisfied": 2730,
        "visited": 120,
        "visited_satisfied": 112,
        "basic_balance_year": 2016,
        "government_score": 90,
        "satisfaction_rate": 91.2,
    }


def _setting(plan: CountyPlan) -> Facts:
    return {
        "funds_unit_rate_primary": UNIT_FUNDS["primary"],
        "funds_unit_rate_junior": UNIT_FUNDS["junior"],
        "fiscal_education_growth": 6.4,
        "fiscal_revenue_growth": 5.1,
        "per_student_cost_growth": 4.2,
        "teacher_pay_growth": 3.8,
        "per_student_funds_growth": 2.6,
        "population": 42.5 + plan.number,
        "rural_population": 18.25 + plan.number,
        "townships": 14 + plan.number,
        "villages": 180 + plan.number,
        "gdp_per_head": 61000,
        "revenue_per_head": 4300,
        "rural_income": 21800,
        "urban_income": 43900,
    }


def county_facts(plan: CountyPlan, year: int, schools: tuple[School, ...]) -> Facts:
    """The county's facts, favourable but for what the plan changes in that year."""
    return {
        **keys_of(plan, year),
        **_setting(plan),
        **_special(schools),
        **_staffing(schools),
        **_admission(plan, schools),
        **_retention(schools),
        **_monitoring(),
        **_opinion(),
        **plan.county_facts.get(year, {}),
    }


def _judgement(plan: CountyPlan, year: int, item: str, answer: str) -> Facts:
    return {
        **keys_of(plan, year),
        "item": item,
        "answer": answer,
        "source": "verified",
        "remark": NOTICE.zh,
        "evidence": EVIDENCE.get(item, "国家监测结果通知"),
        "unit": f"{plan.name}教育局",
    }


def _graded(school: School) -> bool:
    """Teaching points and campuses are graded with the school they belong to, vocational schools not."""
    facts = school.facts
    return facts["school_type"] not in ("teaching_point", "vocational") and not facts["campus_of"]


def judgements(plan: CountyPlan, year: int, schools: Iterable[School]) -> Iterator[Facts]:
    """One row an item answered for the whole county, then a grade a school (quality item 6); an item
    whose answer is None has no row."""
    for item, answer in {**FAVOURABLE, **plan.answers.get(year, {})}.items():
        if answer is not None:
            yield _judgement(plan, year, item, answer)
    for place, school in enumerate(filter(_graded, schools)):
        grade = GRADES[place % len(GRADES)]
        yield {**_judgement(plan, year, "Q6", grade), "school_id": school.facts["school_id"]}
