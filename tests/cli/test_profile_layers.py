"""The profile commands on layers: what a standard comes to, why, what differs, and that a broken one is never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from balance_tui.standard import load
from balance_tui.standard.load import load_standard, read_standard
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call

OVERLAY = """\
[standard]
id = "sheng"
version = "1.0"
title = "示例省"
extends = {pin}
[[change]]
target = "L4"
set = {{ "limit.primary" = 5.0 }}
clause = "示例〔2024〕1号 第二条"
reason = "本省要求更高"
[[withdraw]]
target = "T1"
clause = "示例〔2024〕1号 第三条"
reason = "本省不用"
"""


def pin(hashed: str | None = None) -> str:
    base = load_standard("national-2017")
    return f'{{ id = "{base.id}", version = "{base.layers[0]["version"]}", hash = "{hashed or base.hash}" }}'


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    file = tmp_path / "sheng.toml"
    file.write_text(OVERLAY.format(pin=pin()), encoding="utf-8")
    return file


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_sections(tmp_path / "sections.csv", [passing_county("甲县")])


def test_resolve_prints_a_standard_that_is_the_same_on_its_own(overlay: Path, tmp_path: Path) -> None:
    told = call("--lang", "en", "profile", "resolve", overlay)
    assert told.code == 0
    assert "# T1 is gone  sheng sheng.toml:11" in told.output
    assert (
        "# L4.limit.primary.value = 5.0 (was 4.5)  sheng sheng.toml:8 示例〔2024〕1号 第二条" in told.output
    )
    flat = tmp_path / "flat.toml"
    flat.write_text(told.output, encoding="utf-8")
    assert read_standard(flat).hash == read_standard(overlay).hash


def test_resolve_as_json_holds_layers_values_and_their_origins(overlay: Path) -> None:
    told = call("profile", "resolve", overlay, "--json").json
    assert set(told) == {"profile", "layers", "standard", "changes", "removed"}
    assert [layer["id"] for layer in told["layers"]] == ["national-2017", "sheng"]
    assert told["profile"]["hash"] == told["layers"][-1]["hash"]
    limit = next(each for each in told["changes"] if each["path"][-1] == "value")
    assert (limit["value"], limit["layer"], limit["line"]) == (5.0, "sheng", 8)
    assert [(old["value"], old["layer"]) for old in limit["replaced"]] == [(4.5, "national-2017")]
    (gone,) = told["removed"]
    assert (gone["path"], gone["layer"], gone["old"]["target"]) == (["relief", "T1"], "sheng", "L3")


def test_why_names_layer_file_line_clause_and_what_was_replaced(overlay: Path) -> None:
    told = call("--lang", "en", "profile", "show", overlay, "--why", "L4").output
    rows = told.splitlines()
    at = rows.index("L4.limit.primary.value = 5.0")
    assert rows[at + 1].split() == [
        "sheng",
        "1.0",
        "sheng.toml:8",
        "示例〔2024〕1号",
        "第二条",
        "本省要求更高",
    ]
    assert rows[at + 2].startswith("    replaces 4.5  national-2017 1.0.0  national-2017.toml:")
    assert "L4.limit.junior = 5.8" in rows


@pytest.mark.parametrize(("item", "said"), [
    ("school_rule", "school_rule.at_least = 6"), ("scope:resources", "resources.label = 资源配置评估范围"),
    ("G11b", "G11.test.G11b.id = G11b"), ("T1", "T1 is gone  sheng sheng.toml:11"),
])  # fmt: skip
def test_why_is_answered_of_items_tables_tests_and_what_is_gone(overlay: Path, item: str, said: str) -> None:
    assert said in call("--lang", "en", "profile", "show", overlay, "--why", item).output


def test_why_of_what_there_is_not_names_the_nearest(overlay: Path) -> None:
    refused = call("--lang", "en", "profile", "show", overlay, "--why", "school_rul")
    assert refused.code == 2
    assert refused.errors == "ITEM: the standard has no 'school_rul'; did you mean 'school_rule'?\n"


def test_diff_says_what_is_stricter_and_the_other_way_round_looser(overlay: Path) -> None:
    there = call("--lang", "en", "profile", "diff", "national-2017", overlay).output.splitlines()
    back = call("--lang", "en", "profile", "diff", overlay, "national-2017").output.splitlines()
    assert "~ indicator.L4.limit.primary.value  4.5 → 5  stricter" in there
    assert "~ indicator.L4.limit.primary.value  5 → 4.5  looser" in back
    assert sum(row.startswith("- relief.T1") for row in there) == 1
    assert sum(row.startswith("+ relief.T1") for row in back) == 1


def test_diff_as_json(overlay: Path) -> None:
    told = call("profile", "diff", "national-2017", overlay, "--json").json
    assert set(told) == {"a", "b", "differences"}
    assert told["differences"][0] == {
        "kind": "changed", "path": ["indicator", "L4", "limit", "primary", "value"], "old": "4.5", "new": "5",
        "direction": "stricter",
    }  # fmt: skip


def test_a_standard_does_not_differ_from_itself() -> None:
    told = call("--lang", "en", "profile", "diff", "national-2012", "national-2012")
    assert (told.code, told.output) == (0, "no difference\n")


def test_a_broken_overlay_is_refused_and_its_base_not_used_in_its_place(data: Path, overlay: Path) -> None:
    overlay.write_text(overlay.read_text(encoding="utf-8").replace('"L4"', '"L44"'), encoding="utf-8")
    for command in (("evaluate", data, "--profile", overlay), ("profile", "resolve", overlay),
                    ("profile", "show", overlay), ("profile", "diff", "national-2017", overlay)):  # fmt: skip
        refused = call("--lang", "en", *command)
        assert (refused.code, refused.output) == (4, "")
        assert refused.errors == f"STD-TARGET {overlay}:7: there is no 'L44' below; did you mean 'L4'?\n"


def test_the_pin_that_is_missing_is_told_as_the_line_to_write(overlay: Path) -> None:
    overlay.write_text(OVERLAY.format(pin='"national-2017"'), encoding="utf-8")
    refused = call("--lang", "en", "profile", "resolve", overlay)
    assert refused.code == 4
    assert refused.errors == (
        f"STD-PIN {overlay}:5: the base 'national-2017' is not pinned to version and hash; write: extends = {pin()}\n"
    )


def test_rebase_writes_the_pin_and_next_time_says_what_changed(tmp_path: Path) -> None:
    base, overlay = tmp_path / "guo.toml", tmp_path / "sheng.toml"
    text = Path(load.catalogue()["national-2012"]).read_text(encoding="utf-8")
    base.write_text(text.replace('id = "national-2012"', 'id = "guo"'), encoding="utf-8")
    overlay.write_text(
        '[standard]\nid = "sheng"\nversion = "1"\ntitle = "省"\nextends = "guo"\n', encoding="utf-8"
    )
    shown = call("--lang", "en", "profile", "rebase", overlay)
    assert (shown.code, shown.output.rstrip().split("\n")[-1][:37]) == (
        0,
        "the file is as it was; --accept write",
    )
    assert 'extends = "guo"' in overlay.read_text(encoding="utf-8")
    assert call("profile", "rebase", overlay, "--accept").code == 0
    assert call("profile", "validate", overlay).code == 0
    whole = read_standard(base)
    label = whole.model.part[0].label
    base.write_text(
        base.read_text(encoding="utf-8").replace(f'label = "{label}"', 'label = "改名"'), encoding="utf-8"
    )
    refused = call("--lang", "en", "profile", "validate", overlay)
    assert refused.code == 4
    assert f"{whole.model.part[0].id}.label {label} → 改名" in refused.errors
    assert call("profile", "rebase", overlay, "--accept").code == 0
    assert call("profile", "validate", overlay).code == 0


def test_rebase_is_for_layers() -> None:
    refused = call("--lang", "en", "profile", "rebase", load.catalogue()["national-2012"])
    assert refused.code == 4
    assert "STD-EXTENDS" in refused.errors


def test_an_explanation_names_the_layer_and_the_clause_that_set_the_limit(data: Path, overlay: Path) -> None:
    asked = ("--school", "P1", "--stage", "primary", "--indicator", "L4", "--json")
    told = call("explain", data, "--profile", overlay, *asked).json
    (limit,) = (step["data"] for step in told["steps"] if step["kind"] == "limit")
    assert (limit["limit"], limit["layer"], limit["line"]) == (5.0, "sheng", 8)
    assert limit["clause"] == "示例〔2024〕1号 第二条"
    floor = next(step["data"] for step in told["steps"] if step["kind"] == "floor")
    assert floor["layer"] == "national-2017"


def test_a_result_carries_every_layer_with_its_hash(data: Path, overlay: Path) -> None:
    profile = call("evaluate", data, "--profile", overlay, "--json").json["profile"]
    assert profile["layers"] == list(read_standard(overlay).layers)
    assert profile["hash"] == profile["layers"][1]["hash"] != profile["layers"][0]["hash"]


def test_one_broken_standard_among_those_installed_is_named_and_the_rest_is_listed(
    overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay.write_text("[standard]\n", encoding="utf-8")
    known = {**load.catalogue(), "sheng": overlay}
    monkeypatch.setattr("balance_tui.cli.profile.catalogue", lambda: known)
    monkeypatch.setattr(load, "catalogue", lambda: known)
    told = call("--lang", "en", "profile", "list")
    assert told.code == 0
    assert "national-2012" in told.output
    assert told.errors.startswith("sheng: STD-MISSING")
    listed = call("profile", "list", "--json").json
    assert [each["id"] for each in listed["invalid"]] == ["sheng"]
    assert "national-2017" in {each["id"] for each in listed["profiles"]}
