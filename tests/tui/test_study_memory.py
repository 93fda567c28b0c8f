"""What is kept of the counties that one looks at does not grow with their number."""

from __future__ import annotations

from balance_tui.request import Request
from balance_tui.tui.study import PANES, open_study


def test_panes_of_the_counties_opened_last_are_kept_and_no_others() -> None:
    study, made = open_study(Request()), list[int]()

    def pane(county: int) -> int:
        def make() -> int:
            made.append(county)
            return county

        found: int = study.pane(("next", county), make)
        return found

    counties = range(PANES + 10)
    assert [pane(county) for county in (*counties, *counties[10:])] == [*counties, *counties[10:]]
    assert made == list(counties)
    assert pane(0) == 0
    assert made == [*counties, 0]
    assert len(study._panes) == PANES
