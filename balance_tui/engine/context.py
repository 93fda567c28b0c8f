"""What an evaluation is made under: the standard, the settings given, the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from ..errors import UsageError
from ..language import Text
from ..standard.bind import bound
from ..standard.expression import Expression, Scalar, decimal_text
from ..standard.load import LoadedStandard
from ..standard.model import Relief, Requirement, Setting, Standard
from ..standard.names import nearest

Value = Scalar | dt.date
Noted = TypeVar("Noted")


@dataclass(frozen=True)
class Context:
    """A standard with a value (or None) for each of its settings, and the date to judge as of.

    `as_of` None means the end of the year of the data, row by row, or today where there is no year.
    """

    standard: LoadedStandard
    settings: Mapping[str, Value]
    as_of: dt.date | None = None

    @property
    def made_of(self) -> tuple[object, ...]:
        """What it rests on: contexts for which this is equal are the same."""
        return self.standard.hash, dict(self.settings), self.as_of

    @cached_property
    def noted(self) -> dict[Hashable, Any]:
        """What follows from standard and settings alone, by name, worked out once."""
        return {}

    def once(self, name: Hashable, make: Callable[[], Noted]) -> Noted:
        """What `make` makes, made the first time it is asked for."""
        if name not in self.noted:
            self.noted[name] = make()
        found: Noted = self.noted[name]
        return found

    def of(self, held: object, name: Hashable, make: Callable[[], Noted]) -> Noted:
        """What `make` makes of a part of the model, made the first time it is asked for; held on to, so that the part
        is known by who it is."""
        part, made = self.once((name, id(held)), lambda: (held, make()))
        assert part is held
        return made

    @cached_property
    def model(self) -> Standard:
        """The standard with the settings put into its formulas: what it reads is what it depends on."""
        return bound(self.standard.model, self.constants)

    @cached_property
    def items(self) -> tuple[Requirement, ...]:
        """The items of the model, each test of which is the same object each time."""
        return self.model.items

    @cached_property
    def split_fields(self) -> frozenset[str]:
        """The whole-school facts that the stages of a school share."""
        split = self.model.split
        return frozenset(split.fields if split else ())

    @cached_property
    def constants(self) -> dict[str, Scalar]:
        """The settings an expression can read: all but dates."""
        return {name: value for name, value in self.settings.items() if not isinstance(value, dt.date)}

    def setting(self, name: str) -> Value:
        """The value of a setting; None where it has none, or the standard has no such setting."""
        return self.settings.get(name)

    def told(self, name: str) -> str:
        """The value of a setting as it is shown: a choice by its id, a number as it was given."""
        value = self.settings.get(name)
        return decimal_text(value) if isinstance(value, Fraction) else str(value)

    def column(self, name: str) -> pl.Expr:
        """A name of an expression as a column, or as the constant that a setting is."""
        if name in self.settings:
            return literal(self.settings[name])
        return pl.col(name)

    def shared(self, name: str) -> pl.Expr:
        """As `column`, with whole-school amounts brought down to the section's share."""
        return pl.col(name) * pl.col("_share") if name in self.split_fields else self.column(name)

    def formula(self, expression: Expression) -> pl.Expr:
        """The expression over the columns of a frame."""
        return self._written("formula", expression, self.column)

    def formula_shared(self, expression: Expression) -> pl.Expr:
        """The same with whole-school amounts brought down to the section's share."""
        return self._written("shared", expression, self.shared)

    def _written(self, kind: str, expression: Expression, column: Callable[[str], pl.Expr]) -> pl.Expr:
        return self.of(expression, kind, lambda: expression.polars(column))

    def facts(self, *expressions: Expression | None) -> tuple[str, ...]:
        """The facts (not settings) that the expressions read, each once."""
        read = (self._facts_of(expression) for expression in expressions if expression)
        return tuple(dict.fromkeys(name for names in read for name in names))

    def _facts_of(self, expression: Expression) -> tuple[str, ...]:
        return self.of(
            expression, "facts", lambda: tuple(each for each in expression.names if each not in self.settings)
        )

    def as_of_date(self) -> pl.Expr:
        """The date each row is judged as of, from its column `year`."""
        if self.as_of is not None:
            return pl.lit(self.as_of)
        return pl.coalesce(pl.date(pl.col("year"), 12, 31), pl.lit(dt.date.today()))

    def in_force(self, relief: Relief) -> pl.Expr | None:
        """Whether a relief is in force for each row, by its column `year`; None where it is switched off."""
        if self.setting(relief.switch) is not True:
            return None
        settings = self.setting(relief.start), self.setting(relief.end)
        start, end = (setting if isinstance(setting, dt.date) else None for setting in settings)
        if self.as_of is not None:
            return pl.lit(_within(self.as_of, start, end))
        # The last day of a year lies between two dates as the year itself tells; no date a row is made.
        year, condition = pl.col("year"), pl.lit(True)
        if start is not None:
            condition = condition & (year >= start.year)
        if end is not None:
            condition = condition & (year < (end + dt.timedelta(1)).year)
        return pl.when(year.is_null()).then(pl.lit(_within(dt.date.today(), start, end))).otherwise(condition)


def _within(date: dt.date, start: dt.date | None, end: dt.date | None) -> bool:
    return (start is None or date >= start) and (end is None or date <= end)


def literal(value: Value) -> pl.Expr:
    """The value of a setting as a polars literal, a fraction as Float64."""
    return pl.lit(float(value) if isinstance(value, Fraction) else value)


def settings_of(standard: LoadedStandard, given: Mapping[str, str]) -> dict[str, Value]:
    """Every setting of the standard with its value: as given, else its default, else None.

    Errors: `SET-NAME` (no such setting), `SET-VALUE` (not a value of its type).
    """
    declared = {setting.id: setting for setting in standard.model.setting}
    for name in given:
        if name not in declared:
            raise UsageError(
                "SET-NAME",
                Text(
                    f"标准 {standard.id} 没有设置“{name}”",
                    f"the standard {standard.id} has no setting '{name}'",
                ),
                nearest(name, declared)
                or Text(f"可用: {', '.join(declared)}", f"it has: {', '.join(declared)}"),
            )
    return {
        name: _read(setting, given[name]) if name in given else _default(setting)
        for name, setting in declared.items()
    }  # fmt: skip


def _default(setting: Setting) -> Value:
    default = setting.default
    return (
        Fraction(default) if isinstance(default, Decimal | int) and not isinstance(default, bool) else default
    )


_TRUTH = {"true": True, "yes": True, "1": True, "是": True, "on": True,
          "false": False, "no": False, "0": False, "否": False, "off": False}  # fmt: skip


def _read(setting: Setting, text: str) -> Value:
    try:
        if setting.type == "number":
            number = Decimal(text)
            if not number.is_finite() or abs(number.adjusted()) > 30:
                raise ValueError(text)
            return Fraction(number)
        if setting.type == "boolean":
            return _TRUTH[text.strip().lower()]
        if setting.type == "date":
            return dt.date.fromisoformat(text)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise _bad_value(setting, text) from error
    if setting.type == "choice" and text not in setting.choice_ids:
        raise _bad_value(setting, text)
    return text


def _bad_value(setting: Setting, text: str) -> UsageError:
    expected = {
        "number": Text("须为数", "a number is expected"),
        "boolean": Text("须为 是/否 (true/false)", "true or false is expected"),
        "date": Text("须为日期 YYYY-MM-DD", "a date YYYY-MM-DD is expected"),
        "choice": Text(
            f"可选 {', '.join(setting.choice_ids)}", f"one of {', '.join(setting.choice_ids)} is expected"
        ),
    }
    return UsageError(
        "SET-VALUE",
        Text(f"设置 {setting.id} 不能为“{text}”", f"the setting {setting.id} cannot be '{text}'"),
        expected.get(setting.type),
    )
