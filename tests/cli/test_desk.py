"""`balance-tui` alone: the app on the workspace where there is one, else the usage."""

from __future__ import annotations

from pathlib import Path

import pytest

from balance_tui.cli import desk, main
from balance_tui.cli.arguments import parse
from balance_tui.language import use_language
from balance_tui.records.sitting import sit_down


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    use_language("zh")


def test_without_a_workspace_the_usage_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "balance-tui" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["--workspace", "w"], True), (["--workspace=w", "--lang", "en"], True), ([], False), (["--help"], False),
        (["--version", "--workspace", "w"], False), (["assess", "list", "--workspace", "w"], False),
        (["--workspace", "w", "demo"], False),
    ],
)  # fmt: skip
def test_a_workspace_is_opened_where_one_is_named_and_nothing_else(arguments: list[str], meant: bool) -> None:
    assert desk.is_meant(arguments) is meant


def test_ones_own_workspace_is_opened_where_there_is_one() -> None:
    sit_down(None, create=True).log.close()
    options = parse([])
    assert options is not None
    assert options.module == "desk"


def test_without_a_terminal_it_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sit_down(str(tmp_path / "w"), create=True).log.close()
    assert main(["--workspace", str(tmp_path / "w")]) == 2
    assert "TERMINAL" in capsys.readouterr().err
