"""What was recorded, told: where it belongs, what is otherwise, whether it was taken back or done again."""

from __future__ import annotations

from balance_tui.records.event import Event, Json, target_of
from balance_tui.records.roles import Area, may, refuse
from balance_tui.records.state import FactKey, ItemKey
from balance_tui.records.targets import fact_target, item_target
from balance_tui.records.telling import beside_each_other, change_of
from balance_tui.tui.assessing.tables import _sides
from balance_tui.tui.assessing.telling import Names, in_short, told, told_short, turned_back, what_of

PLACE = ("示例省", "示例市", "示例甲县", 2024)
SCHOOL = {"S1": "示例甲县尚德小学", "S2": "第二小学"}
FACT = FactKey(*PLACE, "S1", "primary", "backbone_teachers")
G01 = ItemKey(*PLACE, None, None, "G01", "verified")


def event(
    sequence: int = 1, target: str = "", old: Json = None, new: Json = None, undoes: int | None = None,
    operation: str = "fact",
) -> Event:  # fmt: skip
    return Event("一", operation, target or fact_target(FACT), old, new, "wang", "c", sequence=sequence,
                 time="2026-03-02T01:30:00+00:00", undoes=undoes)  # fmt: skip


def judgement(old: Json, new: Json) -> Event:
    return event(target=item_target(G01), old=old, new=new, operation="judge")


def test_a_county_and_year_are_named_where_the_assessment_has_several() -> None:
    item = event(target=item_target(G01), operation="judge")
    assert what_of(item) == "G01 核定"
    assert what_of(item, Names(is_of_several=True)) == "示例甲县 2024 G01 核定"


def test_the_same_school_in_two_years_is_told_apart_without_its_county_twice() -> None:
    names = Names(SCHOOL, is_of_several=True)
    years = [event(target=fact_target(FACT._replace(year=year))) for year in (2024, 2025)]
    assert [what_of(each, names).split()[0] for each in years] == ["2024", "2025"]
    assert what_of(years[0], names) == "2024 示例甲县尚德小学 小学 县级以上骨干教师数"
    other = event(target=fact_target(FACT._replace(school_id="S2")))
    assert what_of(other, names).startswith("示例甲县 2024 第二小学 ")


def test_what_concerns_no_place_is_told_as_before() -> None:
    setting = event(target=target_of("setting", "limit"), operation="setting")
    assert what_of(setting, Names(is_of_several=True)) == "limit"


def test_a_change_of_number_date_or_unit_alone_is_shown() -> None:
    before: dict[str, Json] = {
        "answer": "yes",
        "remark": "好",
        "unit": "甲局",
        "evidence": [{"title": "文", "number": "1"}],
    }
    after = before | {"unit": "乙局", "evidence": [{"title": "文", "number": "2", "date": "2025-01-02"}]}
    assert change_of(judgement(before, after)) == (
        "佐证 文号 1 佐证 日期 — 责任单位 甲局", "佐证 文号 2 佐证 日期 2025-01-02 责任单位 乙局",
    )  # fmt: skip
    more = before | {"evidence": [*before["evidence"], {"title": "又一份"}]}  # type: ignore[misc]
    assert change_of(judgement(before, more)) == ("佐证 其他 —", "佐证 其他 又一份")


def test_a_first_judgement_and_one_taken_away_are_told_whole() -> None:
    said: Json = {"answer": "no", "score": 3.0, "evidence": "规划"}
    assert change_of(judgement(None, said)) == ("—", "否 3 佐证 名称 规划")
    assert change_of(judgement(said, None)) == ("否 3 佐证 名称 规划", "—")


def test_a_conflict_shows_in_what_base_mine_and_theirs_differ() -> None:
    base: Json = {"answer": "yes", "unit": "甲局"}
    mine: Json = {"answer": "yes", "unit": "乙局"}
    theirs: Json = {"answer": "yes", "unit": "丙局"}
    assert beside_each_other(judgement(base, theirs), base, mine, theirs) == [
        "责任单位 甲局", "责任单位 乙局", "责任单位 丙局",
    ]  # fmt: skip


def test_a_redo_says_so_and_an_undo_of_it_again() -> None:
    chain = [
        event(1, old=None, new={"value": "3000"}),
        event(2, old={"value": "3000"}, new=None, undoes=1),
        event(3, old=None, new={"value": "3000"}, undoes=2),
        event(4, old={"value": "3000"}, new=None, undoes=3),
    ]
    names = Names(SCHOOL, events=chain)
    heads = [told(each, names).split()[0] for each in chain]
    assert heads == ["更正", "撤销更正", "重做更正", "撤销更正"]
    assert turned_back(chain[0], names) is None
    assert told_short(chain[2:3], names, saved=True).zh == (
        "已保存: 重做更正 示例甲县尚德小学 小学 县级以上骨干教师数: 导入值 → 3000"
    )


def test_a_refusal_names_the_school_and_leaves_room_for_who_can_help() -> None:
    area = Area(*PLACE[:3], "S1")
    assert not may((), "fact", area)
    short = in_short(refuse("reader", "fact", area), Names(SCHOOL))
    assert short is not None
    assert short.zh == "“reader”无权改数据: 示例甲县尚德小学; 需要角色: 填报员、督学; 请管理员授权"
    wide = in_short(refuse("reader", "grant", Area()), Names())
    assert wide is not None
    assert wide.zh.startswith("“reader”无权授权: 全部")


def test_a_judgement_of_a_table_that_is_the_same_is_told_as_it_is() -> None:
    said = {"answer": "yes", "unit": "甲局"}
    assert _sides(said, dict(said)) == ("是", "是")
    assert _sides(said, said | {"unit": "乙局"}) == ("责任单位 甲局", "责任单位 乙局")
    assert _sides(None, said) == ("—", "是 责任单位 甲局")


def test_a_long_line_of_a_judgement_leaves_room_for_the_others() -> None:
    title = "很长的名称" * 20
    sides: list[Json] = [
        {"answer": "yes", "evidence": [{"title": title + end, "file": f"p{end}.pdf", "digest": end * 64}]}
        for end in "12"
    ]
    old, new = beside_each_other(event(operation="judge"), *sides)
    assert "p1.pdf (11111111)" in old
    assert "p2.pdf (22222222)" in new


def test_a_judgement_that_is_confirmed_as_it_was_is_told_on_both_sides() -> None:
    said: Json = {"answer": "yes", "remark": "核"}
    assert beside_each_other(event(operation="judge"), said, said) == ["是 核", "是 核"]
