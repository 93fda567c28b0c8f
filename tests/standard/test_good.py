"""Small standards that are right: they are read, and mean the same however they are spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from balance_tui.standard.load import read_standard
from balance_tui.standard.scorecard import CARD

GOOD = sorted(Path(__file__).with_name("good").glob("*.toml"))


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_good_standard_is_read_and_comments_do_not_change_it(file: Path, tmp_path: Path) -> None:
    standard = read_standard(file)
    copy = tmp_path / file.name
    copy.write_text("# 说明\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_standard(copy).hash == standard.hash


def test_a_judgement_may_speak_of_points_thresholds_verdicts_axes_and_the_card() -> None:
    model = read_standard(GOOD[0]).model
    assert {"BJ01", "BJ18", "BJ18.2", "GATE", "recommend", "counted", "height", CARD} <= model.judged
    assert {"D1", "D1.1"}.isdisjoint(model.judged)


def test_what_information_shows_is_among_the_facts_a_standard_needs() -> None:
    assert {"consolidation_rate", "satisfaction_rate", "equipment_value"} <= read_standard(GOOD[0]).needed
