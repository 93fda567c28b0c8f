"""What every explanation of one county needs: the result, the standard's words and places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS, STAGES, UNITS_EN
from ...errors import Place, visible
from ...language import Text
from ...standard.expression import Expression, Scalar
from ...standard.model import Setting, Standard
from ...standard.names import DERIVED
from ..context import Context, Value
from ..figures import plain
from ..prepare import Facts
from ..result import Result
from .derivation import YES_NO, Step, joined, same


@dataclass(frozen=True)
class Scene:
    """One county and year of a result: `number` is its `_county`, `key` its four keys."""

    result: Result
    number: int
    key: Mapping[str, Any]

    @property
    def context(self) -> Context:
        return self.result.context

    @property
    def model(self) -> Standard:
        return self.result.context.standard.model

    @cached_property
    def settings(self) -> dict[str, Setting]:
        return {setting.id: setting for setting in self.model.setting}

    @cached_property
    def facts(self) -> Facts:
        """The facts of this county alone."""
        facts, mine = self.result.facts, pl.col("_county") == self.number
        frames = ("keys", "sections", "counties", "rooms", "judgements")
        return replace(facts, **{name: getattr(facts, name).filter(mine) for name in frames})

    @cached_property
    def county_facts(self) -> dict[str, Any]:
        return next(iter(self.facts.counties.to_dicts()), {})

    def mine(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of a frame that are of this county: by `_county`, or by the four keys."""
        if "_county" in frame.columns:
            return frame.filter(pl.col("_county") == self.number)
        return frame.filter(pl.col(name).eq_missing(pl.lit(self.key[name])) for name in KEY_FIELDS)

    @property
    def name(self) -> Text:
        """County and year as a heading."""
        return county_name(self.key)

    def label(self, name: str) -> Text:
        """The label of a fact, a derived fact or a setting."""
        if name in DERIVED:
            return DERIVED[name]
        if name in self.settings:
            return seen(self.settings[name].text)
        return seen(self.context.standard.dictionary.label(name))

    def bound(self, expression: Expression) -> Expression:
        """The expression with the settings in force put in; dates stand in no formula."""
        values: dict[str, Scalar] = {
            name: value for name, value in self.context.settings.items() if not isinstance(value, dt.date)
        }
        return expression.bound(values)

    def settings_in(self, *expressions: Expression | None) -> tuple[str, ...]:
        """The settings that expressions read, each once; read from their text, which binding leaves alone."""
        texts = (Expression.parse(each.text) for each in expressions if each)
        return tuple(dict.fromkeys(name for each in texts for name in each.names if name in self.settings))

    def facts_in(self, *expressions: Expression | None) -> tuple[str, ...]:
        """The facts that expressions read under the settings in force, each once."""
        names = (name for each in expressions if each for name in self.bound(each).names)
        return tuple(dict.fromkeys(names))

    def at(self, place: Place | None) -> str:
        """A place in a standard as file name and line."""
        if place is None:
            return ""
        return visible(Path(place.file).name) + (f":{place.line}" if place.line else "")

    def source(self, clause: str, place: Place | None, mark: str = "") -> Text:
        """Clause, mark, the layer with its version, file and line as one sentence."""
        layer = self.context.standard.layer_at(place)
        standard = same(f"{layer['id']} {layer['version']} {self.at(place)}".strip())
        marked = Text(f"标注 {visible(mark)}", f"mark: {visible(mark)}") if mark else Text("", "")
        clause_text = Text(f"条款 {visible(clause)}", f"clause {visible(clause)}") if clause else Text("", "")
        return joined([clause_text, marked, standard])

    def source_data(self, clause: str, place: Place | None, mark: str = "") -> dict[str, Any]:
        """The same without language."""
        layer = self.context.standard.layer_at(place)
        return {
            "clause": clause,
            "mark": mark,
            "standard": self.model.standard.id,
            "version": layer["version"],
            "layer": layer["id"],
            "file": place.file if place else None,
            "line": place.line if place else None,
        }

    def setting_steps(self, names: Iterable[str]) -> list[Step]:
        """One step for each setting that had a say."""
        return [self.setting_step(name) for name in dict.fromkeys(names) if name in self.settings]

    def setting_step(self, name: str) -> Step:
        setting = self.settings[name]
        value = self.context.settings.get(name)
        clause, place = self.context.standard.cited(setting.clause, "setting", name)
        given = Text("默认值", "the default") if value == _default(setting) else Text("给定", "as given")
        said = joined(
            [setting_value(setting, value), same(name), given if value is not None else Text("", "")]
        )
        return Step(
            "setting",
            seen(setting.text),
            joined([said, self.source(clause, place, setting.mark)]),
            {
                "setting": name,
                "value": setting_plain(value),
                **self.source_data(clause, place, setting.mark),
            },
        )


def _default(setting: Setting) -> object:
    return setting.default


def setting_plain(value: Value) -> Any:
    """The value of a setting as JSON data."""
    if isinstance(value, bool | str) or value is None:
        return value
    return value.isoformat() if isinstance(value, dt.date) else float(value)


def setting_value(setting: Setting, value: Value) -> Text:
    """The value of a setting in words: the label of a choice, yes or no, a number, a date."""
    if value is None:
        return Text("未设定", "not set")
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, str):
        chosen = next((choice.text for choice in setting.choices if choice.id == value), Text(value, value))
        return seen(chosen)
    return same(value if isinstance(value, dt.date) else plain(value))


def seen(text: Text) -> Text:
    """A text of a standard, safe to print."""
    return Text(visible(text.zh), visible(text.en))


def stage_text(stage: str | None) -> Text:
    """The label of a stage."""
    return STAGES.get(stage or "", Text(stage or "", stage or ""))


def county_name(key: Mapping[str, Any]) -> Text:
    """Province, city, county and year, as far as they are given."""
    parts = [visible(str(key[name])) for name in KEY_FIELDS if key[name] is not None]
    return same(" ".join(parts))


def school_name(row: Mapping[str, Any]) -> str:
    """What a school is called, or its id where it has no name."""
    return visible(str(row.get("school") or row.get("school_id") or "?"))


def unit_of(unit: str) -> Text:
    """A unit in both languages."""
    return Text(visible(unit), visible(UNITS_EN.get(unit, unit)))
