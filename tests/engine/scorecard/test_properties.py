"""Random cards against an oracle that tries out whatever is open, and what no change may ever do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.engine.scorecard.frames import Given, Proposal, Scored
from balance_tui.engine.scorecard.standing import Marks, standing
from balance_tui.engine.scorecard.tally import Tally, bounds, stated, tally_of, told
from balance_tui.engine.status import WORDS
from balance_tui.standard.scorecard import Group, Point, Scorecard

from .cards import card, number_setting, row, scored, written

ORDER = {"fail": 0, "unknown": 1, "pass": 2}
GROUPS = ("A", "B")


@dataclass(frozen=True)
class Made:
    """A point as the oracle sees it: its group, its maximum, the score it was given."""

    group: str
    most: Fraction | None
    score: Fraction | None


@dataclass(frozen=True)
class Case:
    points: tuple[Made, ...]
    total: Fraction | None
    mark: Fraction | None
    aggregate: str
    weights: tuple[Fraction, Fraction]
    complete: bool


def tenths(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda number: Fraction(number, 10))


@st.composite
def points(draw: st.DrawFn) -> Made:
    most = draw(st.none() | tenths(1, 40)) if draw(st.integers(0, 9)) == 0 else draw(tenths(1, 40))
    score = draw(st.none() | tenths(0, int((most or 4) * 10)))
    if draw(st.booleans()):
        score = most
    return Made(draw(st.sampled_from(GROUPS)), most, score)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    made = tuple(draw(st.lists(points(), min_size=1, max_size=5)))
    recorded = sum((each.most or Fraction(0) for each in made), Fraction(0))
    aggregate = draw(st.sampled_from(("sum", "sum", "weighted_mean", "all_or_nothing")))
    total = draw(st.sampled_from((recorded, recorded, recorded, recorded + 5, None)))
    reached = sum((each.score or Fraction(0) for each in made if each.most), Fraction(0))
    mark = draw(st.sampled_from((None, reached, recorded, Fraction(1))) | tenths(0, 150))
    weights = (draw(tenths(1, 30)), draw(tenths(1, 30)))
    return Case(made, total, mark, aggregate, weights, draw(st.integers(0, 5)) > 0)


def engine(case: Case) -> str:
    """What the program decides, by the functions the cards are made with."""
    rules = Scorecard(part="city", clause="c", aggregate=case.aggregate, complete=case.complete)  # type: ignore[arg-type]
    groups = [Group(id=name, label=name, clause="c", weight=None) for name in GROUPS]
    groups = [
        group.model_copy(update={"weight": weight})
        for group, weight in zip(groups, case.weights, strict=True)
    ]
    tallies = [(group, stated(tally_of(_scored(each) for each in case.points if each.group == group.id), group))
               for group in groups]  # fmt: skip
    whole = sum((tally for _, tally in tallies), Tally())
    between = bounds(whole, tallies, rules, case.total)
    score = told(whole, tallies, rules, case.total)
    return WORDS[standing(rules, whole, score, between, Marks(case.total, case.mark), None).status]


def _scored(made: Made) -> Scored:
    point = Point(id="P", label="P", group=made.group, clause="c").model_copy(update={"max": made.most})
    return Scored(point, Given(), Proposal(), made.score, None)


def oracle(case: Case) -> str:
    """Every way in which what is open may turn out, tried out one by one."""
    if case.total is None or case.mark is None or not 0 <= case.mark <= case.total:
        return "unknown"
    known = [each for each in case.points if each.most is not None]
    recorded = sum((each.most for each in known if each.most), Fraction(0))
    missing = len(known) < len(case.points)
    choices = [[each.score] if each.score is not None else [Fraction(0), each.most] for each in known]
    rest = [Fraction(0), max(case.total - recorded, Fraction(0))]
    outcomes = [
        _sum_of(case, known, [score or Fraction(0) for score in scores], beyond, share)
        for scores in product(*choices)
        for beyond in rest
        for share in product((Fraction(0), Fraction(1)), repeat=2)
    ]
    whole = case.complete and not missing and (case.aggregate == "weighted_mean" or recorded == case.total)
    if all(outcome < case.mark for outcome in outcomes):
        return "fail"
    return "pass" if whole and all(outcome >= case.mark for outcome in outcomes) else "unknown"


def _sum_of(
    case: Case, known: Sequence[Made], scores: Sequence[Fraction], beyond: Fraction, share: Sequence[Fraction]
) -> Fraction:
    assert case.total is not None
    if case.aggregate == "sum":
        return sum(scores, Fraction(0)) + beyond
    if case.aggregate == "all_or_nothing":
        full = all(score == each.most for each, score in zip(known, scores, strict=True))
        open_ = (
            len(known) < len(case.points)
            or sum((each.most or 0 for each in known), Fraction(0)) != case.total
        )
        return case.total if full and (share[0] or not open_) else Fraction(0)
    parts = []
    for position, (name, weight) in enumerate(zip(GROUPS, case.weights, strict=True)):
        mine = [
            (each.most or Fraction(0), score)
            for each, score in zip(known, scores, strict=True)
            if each.group == name
        ]
        most = sum((most for most, _ in mine), Fraction(0))
        unsure = not most or any(each.most is None for each in case.points if each.group == name)
        parts.append(
            (weight, share[position] if unsure else sum((score for _, score in mine), Fraction(0)) / most)
        )
    return (
        case.total
        * sum((weight * part for weight, part in parts), Fraction(0))
        / sum(case.weights, Fraction(0))
    )


@settings(max_examples=400)
@given(cases())
def test_the_card_decides_as_trying_everything_out_does(case: Case) -> None:
    assert engine(case) == oracle(case)


@settings(max_examples=150)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(case: Case, random: Any) -> None:
    shuffled = list(case.points)
    random.shuffle(shuffled)
    assert engine(replace(case, points=tuple(shuffled))) == engine(case)


@settings(max_examples=150)
@given(cases(), st.data())
def test_raising_a_score_never_lowers_the_status(case: Case, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(case.points) - 1))
    made = case.points[index]
    if made.score is None or made.most is None:
        return
    raised = replace(made, score=data.draw(st.sampled_from((made.most, (made.score + made.most) / 2))))
    better = replace(case, points=(*case.points[:index], raised, *case.points[index + 1 :]))
    assert ORDER[engine(better)] >= ORDER[engine(case)]


@settings(max_examples=150)
@given(cases(), st.data())
def test_blanking_a_score_turns_nothing_into_its_opposite_and_unknown_into_nothing(
    case: Case, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(case.points) - 1))
    blank = replace(case.points[index], score=None)
    less = replace(case, points=(*case.points[:index], blank, *case.points[index + 1 :]))
    assert engine(less) in ("unknown", engine(case))


@settings(max_examples=100)
@given(cases(), tenths(1, 90))
def test_weights_count_by_their_proportion_alone(case: Case, factor: Fraction) -> None:
    first, second = case.weights
    assert engine(replace(case, weights=(first * factor, second * factor))) == engine(case)


@settings(max_examples=25, deadline=None)
@given(cases().filter(lambda case: case.aggregate == "sum"))
def test_a_whole_evaluation_says_the_same(case: Case) -> None:
    """From the file of an author and the judgements on a county to the frames of the result."""
    groups = "".join(f'[[group]]\nid = "{name}"\nlabel = "{name}"\nclause = "c"\n' for name in GROUPS)
    made = "".join(
        f'[[point]]\nid = "P{index}"\nlabel = "P"\ngroup = "{each.group}"\nclause = "c"\n'
        + ("" if each.most is None else f"max = {float(each.most)}\n")
        for index, each in enumerate(case.points)
    )
    rules = f'complete = {str(case.complete).lower()}\ntotal_setting = "total"\npass_mark_setting = "mark"'
    standard = written(number_setting("total"), number_setting("mark"), card(rules), groups, made)
    said = [
        (f"P{index}", "verified", float(each.score))
        for index, each in enumerate(case.points)
        if each.score is not None
    ]
    given_ = {
        name: str(float(value))
        for name, value in (("total", case.total), ("mark", case.mark))
        if value is not None
    }
    found = row(scored(standard, said, settings=given_))
    assert str(found["status"]) == oracle(case)
    counted = [each for each in case.points if each.most is not None and each.score is not None]
    assert found["out_of"] == float(sum((each.most or 0 for each in counted), Fraction(0)))
    assert (found["settled"] or 0) == float(sum((each.score or 0 for each in counted), Fraction(0)))
