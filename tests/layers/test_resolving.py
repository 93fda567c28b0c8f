"""Resolving against an oracle that edits the base by hand, and laws that every overlay keeps."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.standard import load
from balance_tui.standard.load import LoadedStandard, build_standard, read_standard
from balance_tui.standard.source import parse_document, read_document

from .examples import BASE

HEADER = {"version": "1.0", "title": "示例省"}
SAID = {"clause": "省〔2024〕2号", "reason": "本省要求"}


def _limit(table: str, index: int, stage: str) -> Callable[[Any, Any], None]:
    def edit(data: Any, value: Any) -> None:
        node = data[table] if index < 0 else data[table][index]
        node["limit"][stage] = {"value": value, "clause": SAID["clause"]}

    return edit


def _field(*path: Any) -> Callable[[Any, Any], None]:
    def edit(data: Any, value: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return edit


NUMBERS = st.decimals(Decimal("0.1"), Decimal(40), places=2).map(lambda number: number + Decimal("0.003"))
"""Never a value of the base: a change to what stands there already is refused."""
FORMULAS = st.sampled_from(["backbone_teachers + 1", "teachers_doctor", "backbone_teachers / 2"])

BY_HAND: Mapping[tuple[str, str], tuple[st.SearchStrategy[Any], Callable[[Any, Any], None]]] = {
    ("A1", "limit.primary"): (NUMBERS, _limit("indicator", 0, "primary")),
    ("A1", "limit.junior"): (NUMBERS, _limit("indicator", 0, "junior")),
    ("A2", "limit.junior"): (NUMBERS, _limit("indicator", 1, "junior")),
    ("A1", "numerator"): (FORMULAS, _field("indicator", 0, "numerator")),
    ("A2", "numerator.推算.value"): (FORMULAS, _field("indicator", 1, "numerator", 1, "value")),
    ("A1", "decimals"): (st.integers(3, 9), _field("indicator", 0, "decimals")),
    ("A1", "label"): (st.sampled_from(["甲", "乙 a"]), _field("indicator", 0, "label")),
    ("school_rule", "at_least"): (st.sampled_from([1, 3]), _field("school_rule", "at_least")),
    ("dispersion", "limit.primary"): (NUMBERS, _limit("dispersion", -1, "primary")),
    ("scope:resources", "exclude.小规模学校.when"): (
        st.sampled_from(["students < 10", "boarding"]), _field("scope", 0, "exclude", 1, "when"),
    ),
    ("B1", "limit.primary"): (st.integers(1, 44), _field("requirement", 0, "test", 0, "limit", "primary")),
    ("B1", "op"): (st.just("<"), _field("requirement", 0, "test", 0, "op")),
    ("B2b", "wanted"): (st.sampled_from(["甲", "乙"]), _field("requirement", 1, "test", 1, "wanted")),
    ("split", "other.senior"): (NUMBERS, _field("split", "other", "senior")),
}  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, str, Any]]:
    chosen = draw(st.lists(st.sampled_from(sorted(BY_HAND)), min_size=1, max_size=6, unique=True))
    return [(target, field, draw(BY_HAND[target, field][0])) for target, field in chosen]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder with the base in it, where bases are found beside the file; no other standard is known."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "catalogue", dict)
        (Path(name) / "shili.toml").write_bytes(BASE.read_bytes())
        yield Path(name)


def pin(*bases: LoadedStandard) -> Any:
    pins = [{"id": base.id, "version": base.model.standard.version, "hash": base.hash} for base in bases]
    return pins if len(pins) > 1 else pins[0]


def overlay(at: Path, name: str, base: LoadedStandard, **tables: Any) -> LoadedStandard:
    """The standard of an overlay written to `at`."""
    header = {"id": name, **HEADER, "extends": pin(base)}
    (at / f"{name}.toml").write_text(tomli_w.dumps({"standard": header, **tables}), encoding="utf-8")
    return read_standard(at / f"{name}.toml")


def directives(made: list[tuple[str, str, Any]]) -> list[dict[str, Any]]:
    return [{"target": target, "set": {field: value}, **SAID} for target, field, value in made]


def fresh(at: Path, made: list[tuple[str, str, Any]]) -> LoadedStandard:
    """An overlay with these changes, or what is wrong with them: a drawn value may be the base's own."""
    return overlay(at, "over", read_standard(at / "shili.toml"), change=directives(made))


@settings(max_examples=60)
@given(changes())
def test_resolving_is_editing_the_base_by_hand(made: list[tuple[str, str, Any]]) -> None:
    data = copy.deepcopy(read_document(BASE).data)
    for target, field, value in made:
        BY_HAND[target, field][1](data, value)
    data["standard"] |= {"id": "over", **HEADER}
    by_hand = build_standard(parse_document(tomli_w.dumps(data), "by-hand.toml"))
    with folder() as at:
        assert fresh(at, made).canonical == by_hand.canonical


@settings(max_examples=40)
@given(changes(), st.randoms())
def test_neither_the_order_of_changes_nor_of_keys_matters(
    made: list[tuple[str, str, Any]], chance: Any
) -> None:
    with folder() as at:
        try:
            one = fresh(at, made)
        except StandardInvalid:
            return
        shuffled = [dict(chance.sample(list(each.items()), len(each))) for each in directives(made)]
        chance.shuffle(shuffled)
        text = read_document(at / "over.toml").data
        header = dict(chance.sample(list(text["standard"].items()), len(text["standard"])))
        tables: list[tuple[str, Any]] = [("standard", header), ("change", shuffled)]
        chance.shuffle(tables)
        (at / "over.toml").write_text(tomli_w.dumps(dict(tables)), encoding="utf-8")
        assert read_standard(at / "over.toml").hash == one.hash


def effective(standard: LoadedStandard) -> Any:
    """What the standard says, without its header and without the clauses that changes left."""

    def values(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: values(each) for key, each in node.items() if key != "clause"}
        return [values(each) for each in node] if isinstance(node, list) else node

    said = json.loads(standard.canonical)
    del said["standard"]
    return values(said)


@settings(max_examples=40)
@given(changes())
def test_changing_and_changing_back_gives_the_same_values(made: list[tuple[str, str, Any]]) -> None:
    with folder() as at:
        base = read_standard(at / "shili.toml")
        try:
            over = fresh(at, made)
        except StandardInvalid:
            return
        back: list[dict[str, Any]] = []
        for target, field, _ in made:
            path = _path_of(target, field)
            (old,) = [value.value for value in base.provenance(*path)] or [None]
            if old is None:
                back.append({"target": target, "remove": [field], **SAID})
            else:
                back.append({"target": target, "set": {field: old}, **SAID})
        again = overlay(at, "back", over, change=back)
        assert effective(again) == effective(base)
        assert effective(over) != effective(base)
        assert [layer["id"] for layer in again.layers] == ["shili", "over", "back"]


def _path_of(target: str, field: str) -> tuple[str | int, ...]:
    tables: dict[str, tuple[str | int, ...]] = {
        "A1": ("indicator", "A1"), "A2": ("indicator", "A2"), "B1": ("requirement", "B1", "test", 0),
        "B2b": ("requirement", "B2", "test", "B2b"), "scope:resources": ("scope", "resources"),
    }  # fmt: skip
    inside: dict[str, tuple[str | int, ...]] = {
        "exclude.小规模学校.when": ("exclude", 1, "when"), "numerator.推算.value": ("numerator", 1, "value"),
    }  # fmt: skip
    return (*tables.get(target, (target,)), *inside.get(field, tuple(field.split("."))))


def test_a_chain_of_changes_names_every_value_replaced_oldest_first() -> None:
    with folder() as at:
        standard = read_standard(at / "shili.toml")
        for number in (5, 6, 7):
            made = directives([("A2", "limit.primary", number)])
            standard = overlay(at, f"layer{number}", standard, change=made)
        (value,) = standard.provenance("indicator", "A2", "limit", "primary", "value")
    assert [str(old.value) for old in value.replaced] == ["4.5", "5", "6"]
    assert [old.layer for old in value.replaced] == ["shili", "layer5", "layer6"]
    assert (value.origin.layer, value.origin.clause, value.origin.reason) == ("layer7", *SAID.values())
    assert [old.clause for old in value.replaced] == ["1号 第三条(二)", SAID["clause"], SAID["clause"]]


def test_a_base_that_changed_is_not_used_until_it_is_accepted() -> None:
    with folder() as at:
        fresh(at, [("A2", "limit.primary", 5)])
        text = (at / "shili.toml").read_text(encoding="utf-8")
        (at / "shili.toml").write_text(text.replace("at_least = 2", "at_least = 3"), encoding="utf-8")
        with pytest.raises(StandardInvalid) as refused:
            read_standard(at / "over.toml")
    assert refused.value.code == "STD-PIN"
    assert "profile rebase over.toml" in str(refused.value)


def test_a_comment_in_the_base_changes_nothing() -> None:
    with folder() as at:
        before = fresh(at, [("A2", "limit.primary", 5)])
        file = at / "shili.toml"
        file.write_text("# a comment\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
        after = read_standard(at / "over.toml")
    assert after.hash == before.hash
    assert after.item_place("A1") != before.item_place("A1")


def test_a_value_cites_the_layer_and_clause_that_set_it() -> None:
    with folder() as at:
        over = fresh(at, [("B1", "limit.primary", 40), ("school_rule", "at_least", 3)])
        limit = ("requirement", "B1", "test", 0, "limit")
        clause, place = over.cited("1号 第四条(一)", *limit)
        assert clause == f"1号 第四条(一); {SAID['clause']}"
        assert over.layer_at(place)["id"] == "over"
        assert over.cited("1号", *limit, "primary")[0] == SAID["clause"]
        assert over.cited("1号", *limit, "junior")[0] == "1号"
        assert over.layer_at(over.place(*limit, "junior"))["id"] == "shili"
        assert over.cited("1号 第三条", "school_rule", "at_least")[0] == SAID["clause"]
        assert over.cited("1号 第三条", "school_rule", "floor_share")[0] == "1号 第三条"
        assert over.layer_at(None)["id"] == "over"
