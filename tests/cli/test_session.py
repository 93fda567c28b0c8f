"""What the commands that evaluate share: settings, dates, progress."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from balance_tui.cli.session import Progress
from balance_tui.errors import UsageError
from balance_tui.language import Text, use_language
from balance_tui.reading import items_known
from balance_tui.request import date_given, settings_given
from balance_tui.standard.load import load_standard


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


def test_progress_stands_on_one_line_and_is_wiped_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    use_language("zh")
    monkeypatch.setattr("sys.stderr", terminal)
    with Progress() as progress:
        progress.step(1, 3, "/data/小学.csv")
        progress.say(Text("评估", "evaluating"))
    lines = terminal.getvalue().split("\r\x1b[K")
    assert lines == ["", "读取 1/3 小学.csv", "评估 …", ""]


def test_progress_shows_no_control_character_of_a_file_name_and_no_more_than_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    Progress().step(1, 1, "a\x1b[2J\n" + "b" * 500)
    (line,) = terminal.getvalue().split("\r\x1b[K")[1:]
    assert line.isprintable()
    assert len(line) <= 60


def test_progress_is_silent_where_nobody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    with Progress() as progress:
        progress.step(1, 3, "小学.csv")
    assert errors.getvalue() == ""


def test_a_setting_may_hold_an_equals_sign_and_blanks_around_it() -> None:
    assert settings_given(["a = 1", "b=x=y"]) == {"a": "1", "b": "x=y"}


@pytest.mark.parametrize(("pairs", "code"), [(["a"], "SET-FORM"), (["a=1", " a =2"], "SET-TWICE")])
def test_a_setting_without_value_or_given_twice_is_a_usage_error(pairs: list[str], code: str) -> None:
    with pytest.raises(UsageError) as found:
        settings_given(pairs)
    assert found.value.code == code


def test_a_date_is_read_and_what_is_none_is_named() -> None:
    assert date_given(None) is None
    assert date_given("2024-02-29") == dt.date(2024, 2, 29)
    with pytest.raises(UsageError, match="2023-02-29"):
        date_given("2023-02-29")


def test_one_table_of_judgements_may_answer_items_of_every_shipped_standard() -> None:
    items = items_known(load_standard("national-2017"))
    assert [item in items for item in ("G05", "V1", "GOV", "C1", "no such item")] == [True] * 4 + [False]
    assert {"G05", "V1", "GOV", "C1"} <= set(items)
