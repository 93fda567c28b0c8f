"""Explanations of points, thresholds, groups, the card and verdicts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.explanation import Derivation, explain_item
from balance_tui.engine.result import Result
from balance_tui.errors import UsageError
from balance_tui.language import use_language
from balance_tui.standard.load import read_standard
from tests.contract.builder import passing_county
from tests.engine.explain_data import dataset_of, told

GOOD = Path(__file__).parents[1] / "standard" / "good" / "scorecard.toml"


@pytest.fixture(autouse=True)
def _chinese() -> None:
    use_language("zh")


def result_of(**settings: str) -> Result:
    county = passing_county().know(consolidation_rate=Fraction("97.5"), satisfaction_rate=85)
    county.judgements += [
        {"item": "BJ01", "score": 3, "source": "verified", "remark": "记录齐全", "evidence": "纪要"},  # type: ignore[dict-item]
        {"item": "BJ01", "score": 4, "source": "self"},  # type: ignore[dict-item]
        {"item": "BJ18.2", "answer": "yes", "source": "verified"},
    ]
    return evaluate(read_standard(GOOD), dataset_of([county]), settings=settings)


ALL = {"total": "100", "mark": "60", "level": "section", "partial": "proportional", "reconcile": "verified"}


def explained(name: str, **settings: str) -> Derivation:
    return explain_item(result_of(**(settings or ALL)), name)


def step(derivation: Derivation, kind: str) -> Any:
    return derivation.of_kind(kind)[0]


def test_a_point_tells_its_scores_its_maximum_and_who_gave_them() -> None:
    found = explained("BJ01")
    text = told(found)
    assert (found.value, found.limit, found.status) == (3, 4, "not_applicable")
    assert "得分 3; 满分 4" in text
    assert "2 条评分; 相差 1; 以核定分为准" in text
    assert "市级核定 | 3 |  | 记录齐全 | 纪要" in text
    assert "会议记录" in text


def test_a_point_tells_its_scorer_its_setting_and_its_thresholds() -> None:
    found = explained("BJ18")
    text = told(found)
    assert step(found, "proposal").data["proposed"] == 2
    assert step(found, "proposal").data["scorer"] == "proportional"
    assert "partial; 给定" in text
    assert [row["status"] for row in found.of_kind("table")[0].rows] == ["fail", "pass"]
    assert "2 项中 1 项达到" in text


def test_a_threshold_is_explained_by_its_own_id_at_its_own_line() -> None:
    found = explained("BJ18.1")
    assert found.status == "fail"
    line = (
        GOOD.read_text(encoding="utf-8").splitlines().index("limit = { primary = 5000, junior = 8000 }") + 1
    )
    assert f"scorecard.toml:{line}" in step(found, "limit").text.zh


def test_what_a_deduction_takes_off_is_told_with_its_steps() -> None:
    found = explained("P3")
    assert step(found, "proposal").data["proposed"] == 3
    assert "P3.1 每差 1 扣 1 分, 不足一档按一档" in told(found)
    assert "≥ 90: 3" in told(explained("P4"))


def test_the_card_tells_total_pass_mark_and_bounds() -> None:
    found = explained("scorecard")
    bounds = step(found, "limit")
    assert (found.value, found.limit, found.status) == (3, 60, "unknown")
    assert (bounds.data["lowest"], bounds.data["highest"], bounds.data["complete"]) == (3, 99, False)
    assert "得分 3 / 已收录满分 16; 未评 3 项" in told(found)
    assert [row["id"] for row in found.of_kind("table")[0].rows] == ["D1", "D2"]


def test_without_total_and_pass_mark_the_card_says_so() -> None:
    found = explained("scorecard", reconcile="verified")
    assert "总分与合格线未设" in told(found)
    assert (found.limit, step(found, "limit").data["highest"]) == (None, None)


def test_a_group_tells_its_sum_and_what_is_not_recorded() -> None:
    assert "得分 3 / 已收录满分 16; 未评 3 项" in told(explained("D1.1"))
    assert "来源未收录其要点" in told(explained("D2"))


@pytest.mark.parametrize(("name", "words"), [("recommend", "各部分均达标"), ("counted", "按达标项数定等级"),
                                            ("crossed", "两轴交叉, 首轴定结论")])  # fmt: skip
def test_a_verdict_tells_its_rule_and_its_parts(name: str, words: str) -> None:
    found = explained(name)
    assert words in told(found)
    assert found.status == "unknown"
    assert [row["id"] for row in found.of_kind("table")[-1].rows]


def test_the_part_lists_the_card_and_the_gate_its_parts() -> None:
    assert "scorecard | 评分体系 | 未知" in told(explained("municipal"))
    text = told(explained("GATE"))
    assert "municipal | 市级标准 | 未知" in text
    assert "仅供参考, 不参与结论" in text
    assert "[due] 期限: 2030 年(日)起要求; 每年" in text


def test_both_languages_tell_the_same_figures() -> None:
    result = result_of(**ALL)
    names = (
        "scorecard",
        "D1",
        "BJ01",
        "BJ18",
        "P3",
        "P4",
        "recommend",
        "counted",
        "crossed",
        "GATE",
        "municipal",
    )
    for name in names:
        use_language("zh")
        chinese = explain_item(result, name)
        use_language("en")
        english = explain_item(result, name)
        assert [each.data for each in chinese.steps] == [each.data for each in english.steps]
        assert all(
            each.label.en != each.label.zh for each in english.steps if each.kind not in ("test", "setting")
        )


def test_an_unknown_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        explained("BJ81")
    assert "BJ18" in str(refused.value.mend)
