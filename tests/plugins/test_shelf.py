"""Which plugins there are, in which state and why; and that finding out runs none of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from balance_tui.plugins import choices, places, shelf
from balance_tui.plugins.shelf import Plugin
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call
from tests.plugins.making import STANDARD, Shelf, manifest

DATA = {
    "balance-plugin.toml": manifest("quiet", standards=("quiet.toml",)),
    "quiet.toml": STANDARD.format(id="quiet"),
}


def own() -> dict[str, Plugin]:
    """The plugins that did not come with the program, by id."""
    return {plugin.id: plugin for plugin in shelf.plugins() if plugin.is_third_party}


def told(identity: str) -> tuple[str, str]:
    plugin = own()[identity]
    return plugin.state, plugin.reason.code if plugin.reason else ""


def test_every_plugin_that_is_shipped_is_ready() -> None:
    shipped = [plugin for plugin in shelf.plugins() if not plugin.is_third_party]
    assert shipped
    assert [(plugin.id, str(plugin.reason)) for plugin in shipped if plugin.state != "ready"] == []


def test_a_folder_with_a_manifest_and_a_standard_is_ready_and_needs_no_code(shelves: Shelf) -> None:
    home = shelves.put("anything", DATA)
    assert told("quiet") == ("ready", "")
    assert shelf.standard_files()["quiet"] == home / "quiet.toml"
    assert call("profile", "validate", "quiet").code == 0


def test_a_folder_without_a_manifest_is_told_and_not_passed_over(shelves: Shelf) -> None:
    shelves.put("empty", {"read me.txt": "x"})
    assert told("empty") == ("invalid", "PLUGIN-READ")


def test_hidden_folders_and_single_files_are_no_plugins(shelves: Shelf) -> None:
    shelves.put(".git", {"x": ""})
    shelves.put("__pycache__", {"x": ""})
    (shelves.folder / "note.txt").write_text("x", encoding="utf-8")
    shelf.rescan()
    assert own() == {}


def test_of_two_with_one_id_neither_is_used_and_each_names_the_other(shelves: Shelf) -> None:
    first, second = shelves.put("a", DATA), shelves.put("b", DATA)
    twins = [plugin for plugin in shelf.plugins() if plugin.id == "quiet"]
    assert [(plugin.state, plugin.reason and plugin.reason.code) for plugin in twins] == [
        ("invalid", "PLUGIN-TWICE")
    ] * 2
    assert str(second) in str(twins[0].reason)
    assert str(first) in str(twins[1].reason)
    assert "quiet" not in shelf.standard_files()


def test_no_plugin_takes_the_place_of_one_that_is_shipped(shelves: Shelf) -> None:
    shipped = next(plugin for plugin in shelf.plugins() if not plugin.is_third_party)
    shelves.put("a", {"balance-plugin.toml": manifest(shipped.id)})
    assert told(shipped.id) == ("invalid", "PLUGIN-TWICE")
    assert shipped in shelf.plugins()


@pytest.mark.parametrize("taken", ["national-2017", "beijing-2018"])
def test_no_plugin_takes_the_place_of_a_standard_that_is_shipped(taken: str, shelves: Shelf) -> None:
    before = shelf.standard_files().get(taken)
    text = manifest("thief", standards=(f"{taken}.toml",))
    shelves.put("thief", {"balance-plugin.toml": text, f"{taken}.toml": ""})
    assert told("thief") == ("invalid", "PLUGIN-STANDARD")
    assert shelf.standard_files().get(taken) == before


def test_of_two_that_give_one_standard_neither_is_used_until_one_is_switched_off(shelves: Shelf) -> None:
    shelves.put("one", {**DATA, "balance-plugin.toml": manifest("one", standards=("quiet.toml",))})
    shelves.put("two", {**DATA, "balance-plugin.toml": manifest("two", standards=("quiet.toml",))})
    assert told("one") == told("two") == ("invalid", "PLUGIN-STANDARD")
    choices.switch("one", on=False)
    shelf.rescan()
    assert (told("one")[0], told("two")[0]) == ("disabled", "ready")


def test_a_newer_api_is_incompatible(shelves: Shelf) -> None:
    shelves.put("new", {"balance-plugin.toml": manifest("new", api=">=2")})
    assert told("new") == ("incompatible", "PLUGIN-API")


def test_what_is_switched_off_stays_off_and_can_be_switched_on(shelves: Shelf) -> None:
    shelves.put("quiet", DATA)
    assert call("plugin", "disable", "quiet").code == 0
    assert told("quiet") == ("disabled", "PLUGIN-DISABLED")
    assert call("profile", "validate", "quiet").code == 4
    file = choices.choices_file()
    assert file is not None
    assert file.stat().st_mode & 0o777 == 0o600
    assert call("plugin", "enable", "quiet").code == 0
    assert told("quiet") == ("ready", "")


@pytest.mark.parametrize(
    "text", [b"disabled = 1", b"disabled = [", b"\xff", b"disabled = [1]", b"x = " + b"[" * 60_000]
)
def test_where_nobody_can_tell_what_was_switched_off_no_foreign_plugin_is_used(
    text: bytes, shelves: Shelf
) -> None:
    shelves.put("quiet", DATA)
    file = choices.choices_file()
    assert file is not None
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text)
    shelf.rescan()
    assert told("quiet") == ("disabled", "PLUGIN-CHOICES")
    assert all(plugin.state == "ready" for plugin in shelf.plugins() if not plugin.is_third_party)
    assert call("plugin", "enable", "quiet").code == 5
    assert file.read_bytes() == text


def test_a_choice_that_cannot_be_kept_is_refused(
    shelves: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelves.put("quiet", DATA)
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    told = call("plugin", "disable", "quiet")
    assert told.code == 5
    assert told.errors.startswith("PLUGIN-CHOICES")


@pytest.mark.parametrize("way", ["option", "variable"])
def test_safe_mode_uses_nothing_from_elsewhere(
    way: str, shelves: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves.put("quiet", DATA)
    if way == "variable":
        monkeypatch.setenv("BALANCE_TUI_SAFE_MODE", "1")
    given = ("--safe-mode",) if way == "option" else ()
    listed = call("plugin", "list", "--json", *given).json
    assert listed["safe_mode"] is True
    states = {row["id"]: (row["state"], row["origin"]) for row in listed["plugins"]}
    assert states.pop("quiet") == ("disabled", "folder")
    assert set(states.values()) == {("ready", "bundled")}
    assert call("profile", "validate", "quiet", *given).code == 4
    monkeypatch.delenv("BALANCE_TUI_SAFE_MODE", raising=False)
    assert call("profile", "validate", "quiet").code == 0


TRAP = """
from pathlib import Path
(Path(__file__).parent / "ran").write_text("")

@hookimpl
def dispersion_statistic(rows):
    return rows.group_by("_county", "stage", "indicator").agg(pl.lit(0.1).alias("statistic"))
"""


@pytest.fixture
def trap(shelves: Shelf) -> Callable[[], bool]:
    """A plugin whose code leaves a trace; whether it has run."""
    text = (Path(__file__).parent / "example" / "example-gini.toml").read_text(encoding="utf-8")
    standard = text.replace("example-gini", "trapped").replace('"gini"', '"trap"')
    home = shelves.hook("trap", TRAP, "dispersion:trap", standards={"trapped.toml": standard})
    return (home / "ran").exists


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",), ("plugin", "list"), ("plugin", "doctor"), ("plugin", "disable", "trap"),
        ("plugin", "enable", "trap"), ("profile", "list"), ("profile", "validate", "trapped"),
        ("profile", "show", "trapped"),
    ],
)  # fmt: skip
def test_no_code_is_run_to_list_check_or_switch_plugins(
    arguments: tuple[str, ...], trap: Callable[[], bool]
) -> None:
    assert call(*arguments).code == 0
    assert not trap()


def test_code_is_run_where_a_standard_that_needs_it_is_used_and_not_before(
    trap: Callable[[], bool], tmp_path: Path
) -> None:
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    assert call("evaluate", file).code == 0
    assert not trap()
    assert call("evaluate", file, "--profile", "trapped", "--safe-mode").code == 4
    assert not trap()
    assert call("evaluate", file, "--profile", "trapped").code == 0
    assert trap()


def test_loading_code_leaves_no_file_in_the_plugins_folder(trap: Callable[[], bool], tmp_path: Path) -> None:
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    assert call("evaluate", file, "--profile", "trapped").code == 0
    home = own()["trap"].folder
    assert home is not None
    assert sorted(path.name for path in home.iterdir()) == [
        "balance-plugin.toml",
        "hooks.py",
        "ran",
        "trapped.toml",
    ]
    assert trap()


def test_what_was_shown_last_is_not_shown_again_where_the_plugins_have_changed(
    shelves: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from balance_tui.request import Request
    from balance_tui.tui.opening import key_of

    keys = [key_of(Request())]
    home = shelves.put("quiet", DATA)
    keys.append(key_of(Request()))
    (home / "quiet.toml").write_text(STANDARD.format(id="quiet") + "# more", encoding="utf-8")
    keys.append(key_of(Request()))
    choices.switch("quiet", on=False)
    keys.append(key_of(Request()))
    monkeypatch.setenv("BALANCE_TUI_SAFE_MODE", "1")
    keys.append(key_of(Request()))
    assert None not in keys
    assert len(set(keys)) == len(keys)


# Trust


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the system has no owners of files")
@pytest.mark.parametrize("where", ["module", "folder", "above", "data", "other file", "sub-folder"])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_code_that_others_can_write_to_is_not_run(
    where: str, mode: int, shelves: Shelf, trap: Callable[[], bool], tmp_path: Path
) -> None:
    home = own()["trap"].folder
    assert home is not None
    (home / "more").mkdir()
    (home / "more" / "x.py").write_text("", encoding="utf-8")
    path = {
        "module": home / "hooks.py", "folder": home, "above": shelves.folder, "data": shelves.folder.parent,
        "other file": home / "trapped.toml", "sub-folder": home / "more",
    }[where]  # fmt: skip
    path.chmod(path.stat().st_mode | mode)
    shelf.rescan()
    assert told("trap") == ("invalid", "PLUGIN-TRUST")
    assert str(path) in str(own()["trap"].reason)
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    assert call("evaluate", file, "--profile", "trapped").code == 4
    assert not trap()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the system has no owners of files")
def test_code_that_becomes_writable_after_it_was_found_is_not_run_either(
    trap: Callable[[], bool], tmp_path: Path
) -> None:
    home = own()["trap"].folder
    assert home is not None
    (home / "hooks.py").chmod(0o666)
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    found = call("evaluate", file, "--profile", "trapped")
    assert found.code == 4
    assert "PLUGIN-TRUST" in found.errors
    assert not trap()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the system has no owners of files")
def test_a_link_to_a_folder_that_others_can_write_to_is_not_trusted(shelves: Shelf, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shelves.hook("linked", TRAP, "dispersion:trap").rename(away)
    away.chmod(0o777)
    (shelves.folder / "linked").symlink_to(away)
    shelf.rescan()
    assert told("linked") == ("invalid", "PLUGIN-TRUST")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_code_of_another_user_is_not_run(trap: Callable[[], bool]) -> None:
    home = own()["trap"].folder
    assert home is not None
    os.chown(home / "hooks.py", 12345, -1)
    shelf.rescan()
    assert told("trap") == ("invalid", "PLUGIN-TRUST")
    assert not trap()


def test_a_folder_without_code_may_be_shared(shelves: Shelf) -> None:
    shelves.put("quiet", DATA).chmod(0o777)
    shelf.rescan()
    assert told("quiet") == ("ready", "")


# Packages


def package(site: Path, value: str, *, files: dict[str, str], name: str = "made") -> None:
    """An installed distribution with an entry point; its modules must never be imported."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{places.GROUP}]\n{name} = {value}\n", encoding="utf-8")
    for file, text in files.items():
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(text, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, shelves: Shelf, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert shelves.folder.is_dir()
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


BOMB = "raise SystemExit('imported')"


@pytest.mark.parametrize("value", ["made_plugin", "made_plugin.inner", "made_plugin:anything"])
def test_an_installed_package_is_found_by_its_entry_point_and_not_imported(value: str, site: Path) -> None:
    home = value.partition(":")[0].replace(".", "/")
    package(site, value, files={
        "made_plugin/__init__.py": BOMB, f"{home}/__init__.py": BOMB,
        **{f"{home}/{name}": text for name, text in DATA.items()},
    })  # fmt: skip
    shelf.rescan()
    assert told("quiet") == ("ready", "")
    assert own()["quiet"].origin == "package"
    assert not any(name.startswith("made_plugin") for name in sys.modules)


def test_a_package_whose_files_lie_elsewhere_on_the_path_is_found(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(site, "made_plugin", files={})
    package(
        tmp_path / "checkout",
        "x",
        files={f"made_plugin/{name}": text for name, text in DATA.items()},
        name="other",
    )
    (tmp_path / "checkout" / "made_plugin" / "__init__.py").write_text(BOMB, encoding="utf-8")
    (tmp_path / "checkout" / "other-1.0.dist-info" / "entry_points.txt").unlink()
    monkeypatch.syspath_prepend(tmp_path / "checkout")
    shelf.rescan()
    assert told("quiet") == ("ready", "")


@pytest.mark.parametrize("value", ["nowhere", "made_plugin", "json", "", "...", "a b"])
def test_an_entry_point_that_leads_to_no_manifest_is_told(value: str, site: Path) -> None:
    package(site, value, files={"made_plugin/__init__.py": BOMB})
    shelf.rescan()
    assert set(map(told, own())) == {("invalid", "PLUGIN-READ")}
    assert call("plugin", "list").code == 0


@pytest.mark.parametrize("text", ["[balance_tui.plugins\nx", "\x00", "[balance_tui.plugins]\nno value\n"])
def test_a_distribution_that_is_broken_stops_nothing(text: str, site: Path) -> None:
    package(site, "x", files={})
    (site / "made-1.0.dist-info" / "entry_points.txt").write_text(text, encoding="utf-8")
    shelf.rescan()
    assert call("plugin", "list").code == 0
    assert call("evaluate", write_sections(site / "sections.csv", [passing_county()])).code == 0
