"""Restricted mode, as a forced SSH command opens it: nothing leads out of the program or the workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.tui.actions import REGISTRY
from balance_tui.tui.assessing import inside
from balance_tui.tui.assessing.session import Session
from balance_tui.tui.clipboard import copy_out
from balance_tui.tui.doing import load_all
from balance_tui.tui.where import where

from . import assessed
from .assessed import NAME, Workspace
from .terminal import Terminal, balance

load_all()
OUTSIDE = {"mapping-apply", "mapping-save", "mapping-leave-rest", "mapping-discard", "plugin-switch"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("restricted")
    return assessed.made(folder / "workspace", folder / "home")


@contextmanager
def logged_in(workspace: Workspace, **environment: str) -> Iterator[Terminal]:
    """The app as `login --restricted` opens it."""
    options = ("login", "--restricted", "--user", "li", "--workspace", str(workspace.folder))
    with balance(*options, home=workspace.home, environment=environment) as terminal:
        terminal.wait_for(NAME, "li")
        yield terminal


def session(workspace: Workspace) -> Session:
    return Session(workspace.desk(), workspace.folder, restricted=True, name=NAME)


def test_the_actions_that_reach_outside_are_known() -> None:
    assert {each.id for each in REGISTRY.values() if each.outside} == OUTSIDE


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_an_action_that_reaches_outside_is_refused(workspace: Workspace, name: str) -> None:
    assert inside.is_outside(session(workspace), REGISTRY[name])
    assert not inside.is_outside(None, REGISTRY[name])


def test_a_view_of_a_plugin_from_elsewhere_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="外来插件"):
        inside.check_place(session(workspace), where("panel", plugin="from-elsewhere"))


def test_what_is_copied_goes_to_the_terminal_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("TMUX", "/nowhere,1,0")
    monkeypatch.setenv("PATH", str(tmp_path))
    written: list[str] = []

    class Driver:
        write = staticmethod(written.append)
        flush = staticmethod(lambda: None)

    class App:
        _driver = Driver()

    said = copy_out(App(), "机密", inside=True)  # type: ignore[arg-type]
    assert written[0].startswith("\x1b]52;c;")
    assert "已送到终端剪贴板" in said.zh
    assert list(tmp_path.rglob("*")) == []


def test_the_environment_says_nothing_of_keys_and_preferences(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BALANCE_TUI_KEYMAP", "BALANCE_TUI_CONFIG", "TEXTUAL_DEBUG", "TEXTUAL"):
        monkeypatch.setenv(name, "/tmp/of-the-client")
    inside.forget_environment()
    assert not [name for name in os.environ if name.startswith(("BALANCE_TUI_", "TEXTUAL"))]


def test_no_key_suspends_or_leaves_but_by_quitting(workspace: Workspace) -> None:
    with logged_in(workspace) as terminal:
        for key in (b"\x1a", b"\x1c", b"\x03"[:0], b"\x1b[?1049l", b"!", b"~.", b"\x1bOP"):
            terminal.send(key)
            terminal.wait_quiet(0.2)
        assert terminal.alive
        assert terminal.screen.on_alternate_screen
        terminal.press("escape", "q")
        assert terminal.wait_exit() == 0


def test_the_palette_offers_nothing_that_reaches_outside(workspace: Workspace) -> None:
    with logged_in(workspace) as terminal:
        terminal.press("enter")
        terminal.wait_for("由什么决定")
        terminal.press("P")
        terminal.wait_for("插件")
        terminal.press("space")
        terminal.wait_for("会用到工作区以外的文件")
        terminal.press("colon")
        terminal.wait_for("命令")
        terminal.type("plugin-switch")
        terminal.wait_for("没有符合筛选的行")


def test_keys_of_the_client_are_not_read(workspace: Workspace, tmp_path: Path) -> None:
    keymap = tmp_path / "keymap.toml"
    keymap.write_text('[keys]\nquit = "z"\n', encoding="utf-8")
    with logged_in(workspace, BALANCE_TUI_KEYMAP=str(keymap)) as terminal:
        terminal.press("z")
        terminal.wait_for("z 在这里没有作用")
        assert terminal.alive


def test_one_opens_an_assessment_works_in_it_and_comes_back_to_the_list(workspace: Workspace) -> None:
    with logged_in(workspace) as terminal:
        terminal.press("enter")
        terminal.wait_for("由什么决定", "县级自评 填报中")
        terminal.press("O")
        terminal.wait_for("评估项目")
        terminal.press("escape")
        terminal.wait_for("由什么决定")
