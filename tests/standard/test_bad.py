"""What is wrong with a standard is said with a code, a line and, where a name is near, that name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from balance_tui.errors import StandardInvalid
from balance_tui.language import use_language
from balance_tui.standard.load import load_standard, read_standard

BAD = Path(__file__).with_name("bad")
CASES = sorted(BAD.glob("*.toml"))


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_each_bad_standard_is_refused_with_every_problem_it_has(file: Path) -> None:
    with pytest.raises(StandardInvalid) as refused:
        read_standard(file)
    said = [str(problem).replace(str(file), file.name) for problem in refused.value.problems]
    assert said == file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_every_problem_is_said_in_both_languages_and_never_breaks_the_line(file: Path) -> None:
    with pytest.raises(StandardInvalid) as refused:
        read_standard(file)
    for problem in refused.value.problems:
        assert re.search(r"[\u4e00-\u9fff]", problem.what.zh)
        assert not problem.what.en.startswith(problem.what.zh)
        assert problem.place is not None
        assert str(problem).isprintable()


def test_there_are_cases_of_every_code_and_at_least_twenty_five_kinds() -> None:
    codes = {line.split()[0] for file in BAD.glob("*.txt") for line in file.read_text().splitlines()}
    assert codes == {
        "STD-READ", "STD-TOML", "STD-NUMBER", "STD-KEY", "STD-MISSING", "STD-VALUE", "STD-EXPR", "STD-KIND",
        "STD-FACT", "STD-ID-TWICE", "STD-FIELD", "STD-PART", "STD-SCOPE", "STD-SETTING", "STD-RELIEF",
        "STD-STAGE", "STD-TYPE", "STD-WEIGHTS", "STD-FLOOR", "STD-LIMIT", "STD-RULE", "STD-TEST", "STD-INDICATOR",
        "STD-FORM", "STD-GROUP", "STD-SCORECARD", "STD-SCORER", "STD-GRADE", "STD-VERDICT",
    }  # fmt: skip
    assert len(CASES) > 25


def test_an_unknown_id_of_a_standard_is_answered_with_the_nearest() -> None:
    with pytest.raises(StandardInvalid) as refused:
        load_standard("national-2071")
    assert (refused.value.code, str(refused.value.mend)) == ("STD-NONE", "did you mean 'national-2017'?")


def test_the_first_problem_is_the_error_itself() -> None:
    with pytest.raises(StandardInvalid) as refused:
        read_standard(BAD / "two-problems-in-the-order-of-the-file.toml")
    assert str(refused.value) == str(refused.value.problems[0])
    assert refused.value.exit_code == 4
