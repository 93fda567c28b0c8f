"""Files without a command, the options of the app, and what becomes of them without a terminal."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from balance_tui.cli import arguments, first_word
from balance_tui.cli.arguments import parse, request_of
from balance_tui.errors import UsageError
from balance_tui.request import Request
from balance_tui.tui.preferences import THEMES, WIDTHS
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sections(tmp_path_factory.mktemp("data") / "学校.csv", [passing_county("甲县")])


def parsed(*given: str | Path) -> argparse.Namespace:
    found = parse([str(each) for each in given])
    assert found is not None
    return found


@pytest.mark.parametrize(
    "before", [(), ("open",), ("--profile", "national-2012"), ("--lang", "en", "--text"), ("--",)]
)
def test_files_alone_are_opened(data: Path, before: tuple[str, ...]) -> None:
    options = parsed(*before, data)
    assert (options.module, options.data) == ("open", [str(data)])


def test_a_command_goes_before_a_file_of_its_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(data.parent)
    Path("demo").mkdir()
    assert parsed("demo").module == "demo"
    assert parsed("./demo").data == ["./demo"]


def test_every_option_is_in_the_request(data: Path) -> None:
    options = parsed(
        data, "--profile", "p", "--county-facts", "c", "--judgements", "j", "--mapping", "m", "--set", "a=1", "--set",
        "b=2", "--as-of", "2025-01-01", "--county", "甲县", "--year", "2025", "--view", "schools",
    )  # fmt: skip
    assert request_of(options) == Request(
        (str(data),), "p", "c", "j", "m", ("a=1", "b=2"), "2025-01-01", "甲县", 2025, "schools"
    )
    assert request_of(parsed("demo")) == Request()


def test_options_that_take_a_value_are_known_where_the_first_word_is_sought() -> None:
    parser, _ = arguments._parser()
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    valued = {
        name for action in commands.choices["open"]._actions if action.option_strings and action.nargs is None
        for name in action.option_strings
    }  # fmt: skip
    assert valued == set(first_word.VALUED)


def test_themes_and_widths_are_those_that_there_are() -> None:
    for name, known in (("--theme", THEMES), ("--ambiguous", WIDTHS)):
        for value in known:
            assert value in vars(parsed("demo", name, value)).values()
        with pytest.raises(UsageError):
            parse(["demo", name, "other"])


@pytest.mark.parametrize(
    ("word", "mend"),
    [("evaluat", "nearest command is evaluate"), ("dmo", "nearest command is demo"), ("zzz", "--help"),
     ("none.csv", "--help"), ("a\x1b[31m", "--help"), ("nul\0", "--help"), ("x" * 5000, "--help")],
)  # fmt: skip
def test_what_is_neither_command_nor_file_is_told_in_one_sentence(word: str, mend: str) -> None:
    refused = call("--lang", "en", word)
    assert (refused.code, refused.output) == (2, "")
    assert refused.errors.startswith("COMMAND: there is neither a command nor a file '")
    assert mend in refused.errors
    assert refused.errors.count("\n") == 1
    assert "\x1b" not in refused.errors


def test_without_a_terminal_the_answer_is_that_of_evaluate(data: Path) -> None:
    evaluated, opened = call("evaluate", data, "--lang", "en"), call(data, "--lang", "en")
    assert (opened.code, opened.output, opened.errors) == (0, evaluated.output, "")
    text = call(data, "--text", "--lang", "en")
    assert (text.code, text.output, text.errors) == (0, evaluated.output, "")


def test_asked_for_json_it_is_json(data: Path) -> None:
    assert json.loads(call(data, "--json").output) == json.loads(call("evaluate", data, "--json").output)


def test_the_demo_without_a_terminal_is_its_verdict_as_text() -> None:
    told = call("demo", "--lang", "en")
    assert (told.code, told.output.splitlines()[0], told.errors) == (0, "Made-up sample data", "")
    assert call("demo", "--text", "--lang", "en") == told


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [(("nothing-*.csv",), 3, "READ-NO-FILE"), (("open", "none.csv"), 3, "READ-NO-FILE"),
     (("DATA", "none.csv"), 3, "READ-NO-FILE"),
     (("DATA", "--county-facts", "none.csv"), 2, "FILE"), (("DATA", "--view", "none"), 2, "VIEW"),
     (("DATA", "--set", "a"), 2, "SET-FORM"), (("DATA", "--as-of", "today"), 2, "DATE"), (("demo", "--view", "none"), 2, "VIEW")],
)  # fmt: skip
def test_what_cannot_be_opened_is_told_before_any_screen(
    data: Path, given: tuple[str, ...], code: int, told: str
) -> None:
    refused = call(*(data if each == "DATA" else each for each in given))
    assert refused.code == code
    assert refused.errors.startswith(f"{told}: ") or refused.errors.startswith(f"{told} ")


def test_alone_the_program_shows_its_help() -> None:
    assert call().output == call("--help").output
    assert "balance-tui FILE..." in call("--help", "--lang", "en").output
