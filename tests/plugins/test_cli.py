"""`plugin`: its answers, their documented keys, and what `doctor` finds without running anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from balance_tui.plugins import shelf
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call
from tests.plugins.making import STANDARD, Shelf, manifest

QUIET = {
    "balance-plugin.toml": manifest("quiet", standards=("quiet.toml",)),
    "quiet.toml": STANDARD.format(id="quiet"),
}


def documented(root: Path, command: str) -> set[str]:
    """The keys that the guide names of a command's JSON."""
    text = (root / "docs" / "plugins.md").read_text(encoding="utf-8")
    (paragraph,) = re.findall(rf"^`{command} --json`: (.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([a-z_]+)`", paragraph)) - {"bundled", "folder", "package"} | (
        {"folder"} if command == "plugin list" else set()
    )


def keys_of(told: Any) -> set[str]:
    """Every key of JSON rows, but those of `commands`, which are names."""
    if isinstance(told, list):
        return set().union(*map(keys_of, told))
    if not isinstance(told, dict):
        return set()
    return set(told).union(*(keys_of(value) for key, value in told.items() if key != "commands"))


def test_the_keys_of_the_list_are_those_documented(shelves: Shelf, root: Path) -> None:
    shelves.example()
    told = call("plugin", "list", "--json").json
    assert keys_of(told) == documented(root, "plugin list")
    (row,) = (row for row in told["plugins"] if row["id"] == "example-platform")
    assert (row["state"], row["reason"], row["origin"], row["version"]) == ("ready", None, "folder", "1.2.0")
    assert row["commands"] == {"gini-of": "一列数的基尼系数"}
    assert row["standards"] == ["example-gini", "example-card"]


def test_the_keys_of_the_doctor_are_those_documented(shelves: Shelf, root: Path) -> None:
    shelves.put("broken", {"balance-plugin.toml": "x"})
    told = call("plugin", "doctor", "--json")
    assert told.code == 1
    assert keys_of(told.json) == documented(root, "plugin doctor")


def test_the_list_names_standards_what_is_provided_commands_and_the_reason(shelves: Shelf) -> None:
    shelves.example()
    shelves.put("broken", {"balance-plugin.toml": "x"})
    told = call("plugin", "list", "--lang", "en").output
    for words in (
        "example-gini, example-card",
        "dispersion:gini",
        "balance-tui gini-of: ",
        "PLUGIN-TOML",
        "invalid",
    ):
        assert words in told


@pytest.mark.parametrize("action", ["enable", "disable"])
def test_an_id_that_is_none_is_told_with_the_nearest(action: str, shelves: Shelf) -> None:
    shelves.put("quiet", QUIET)
    told = call("plugin", action, "quite", "--lang", "en")
    assert told.code == 2
    assert told.errors == "PLUGIN-NONE: there is no plugin 'quite'; the nearest is quiet\n"


def test_switching_is_for_the_next_call_too_and_leaves_others_as_they_are(shelves: Shelf) -> None:
    shelves.put("quiet", QUIET)
    shelves.put("other", {"balance-plugin.toml": manifest("other")})
    for plugin in ("quiet", "other"):
        assert call("plugin", "disable", plugin).code == 0
    assert call("plugin", "enable", "other").code == 0
    shelf.rescan()
    states = {row["id"]: row["state"] for row in call("plugin", "list", "--json").json["plugins"]}
    assert (states["quiet"], states["other"]) == ("disabled", "ready")


def test_nothing_is_wrong_with_the_example_and_the_plugins_that_are_shipped(shelves: Shelf) -> None:
    shelves.example()
    told = call("plugin", "doctor")
    assert (told.code, told.errors) == (0, ""), told.output


DOCTORED = {
    "a manifest": ({"balance-plugin.toml": "x = 1"}, "PLUGIN-KEY", "balance-plugin.toml:1"),
    "an api": ({"balance-plugin.toml": manifest("bad", api=">=9")}, "PLUGIN-API", "balance-plugin.toml:3"),
    "a standard": ({**QUIET, "quiet.toml": "[standard]\nid = 1\n"}, "STD-", "quiet.toml:"),
    "a name": ({**QUIET, "quiet.toml": STANDARD.format(id="loud")}, "PLUGIN-NAME", "quiet.toml:3"),
    "code": (
        {"balance-plugin.toml": manifest("bad", "check", module="h.py"), "h.py": "\ndef ("},
        "PLUGIN-CODE",
        "h.py:2",
    ),
}


@pytest.mark.parametrize("name", DOCTORED)
@pytest.mark.parametrize("switched_off", [False, True])
def test_the_doctor_names_file_and_line_of_every_fault(name: str, switched_off: bool, shelves: Shelf) -> None:
    files, code, place = DOCTORED[name]
    home = shelves.put("bad", files)
    if switched_off and name not in ("a manifest", "an api"):
        call("plugin", "disable", shelf.plugins()[-1].id)
    told = call("plugin", "doctor")
    assert told.code == 1
    assert re.search(rf"^    {code}\S* {re.escape(str(home))}/{re.escape(place)}", told.output, re.MULTILINE)


def test_the_doctor_tells_of_a_file_of_choices_that_cannot_be_read(shelves: Shelf, tmp_path: Path) -> None:
    assert shelves.folder.is_dir()
    (tmp_path / "config" / "balance-tui").mkdir()
    (tmp_path / "config" / "balance-tui" / "plugins.toml").write_text("x", encoding="utf-8")
    shelf.rescan()
    told = call("plugin", "doctor")
    assert told.code == 1
    assert "PLUGIN-CHOICES" in told.output


def test_a_plugin_without_a_view_has_none_to_show(shelves: Shelf, tmp_path: Path) -> None:
    shelves.put("quiet", QUIET)
    assert call("plugin", "panel", "quiet", tmp_path).code == 2
    call("plugin", "disable", "quiet")
    told = call("plugin", "panel", "quiet", tmp_path)
    assert told.errors.startswith("PLUGIN-DISABLED")


def test_a_form_that_nobody_writes_is_told_before_anything_is_read(shelves: Shelf, tmp_path: Path) -> None:
    assert shelves.folder.is_dir()
    told = call("plugin", "write", "plat", tmp_path / "none.csv", "--out", tmp_path / "out")
    assert told.code == 4
    assert told.errors.startswith("PLUGIN-NONE")


def test_the_programs_own_commands_come_first(shelves: Shelf) -> None:
    text = manifest("bad", module="h.py", more='[commands]\nkeys = "x"')
    code = "from balance_tui.plugins.hooks import hookimpl\n@hookimpl\ndef command():\n    return 7\n"
    shelves.put("bad", {"balance-plugin.toml": text, "h.py": code})
    assert call("keys").code == 0
    assert call("plugin", "run", "keys").code == 7


def test_a_file_comes_before_a_command_of_a_plugin(
    shelves: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves.example()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gini-of").write_text("学校\n", encoding="utf-8")
    assert call("gini-of", "--text").code == 3


def test_a_command_that_is_none_is_still_told_with_the_nearest(shelves: Shelf) -> None:
    shelves.example()
    told = call("gini-off")
    assert told.code == 2
    assert told.errors.startswith("COMMAND: ")


def test_every_code_of_plugins_is_documented(root: Path) -> None:
    sources = [
        *(root / "balance_tui" / "plugins").glob("*.py"), root / "balance_tui" / "doctor.py",
        root / "balance_tui" / "cli" / "plugin.py",
    ]  # fmt: skip
    used = {
        code
        for path in sources
        for code in re.findall(r'"(PLUGIN-[A-Z-]+)"', path.read_text(encoding="utf-8"))
    }
    told = set(re.findall(r"`(PLUGIN-[A-Z-]+)`", (root / "docs" / "plugins.md").read_text(encoding="utf-8")))
    assert used == told
    assert len(used) > 15


@pytest.mark.usefixtures("shelves")
def test_a_standard_of_a_disabled_plugin_is_missed_with_the_way_to_get_it_back(tmp_path: Path) -> None:
    assert call("plugin", "disable", "beijing").code == 0
    data = write_sections(tmp_path / "sections.csv", [passing_county()])
    told = call("evaluate", data, "--profile", "beijing-2018", "--lang", "en")
    assert told.code == 4
    assert "balance-tui plugin enable beijing" in told.errors
    assert "the plugin beijing has it" in told.errors
