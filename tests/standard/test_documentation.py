"""docs/standard-format.md names every table, key, code, name and source, with the defaults in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from balance_tui.standard.form_sources import FORM_PATTERNS, FORM_SOURCES
from balance_tui.standard.model import Standard
from balance_tui.standard.names import DERIVED

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/standard-format.md").read_text(encoding="utf-8")


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in models_in(inner)]


def paths(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            here = f"{path}.{name}".lstrip(".")
            yield here, inner
            yield from paths(inner, here)


def described(path: str) -> dict[str, list[str]]:
    """The rows of the table of the section that names `path`: key → the other cells."""
    for section in re.split(r"\n###? ", PAGE)[1:]:
        heading, _, body = section.partition("\n")
        if path in (name.strip("[]") for name in re.findall(r"`([^`]+)`", heading)):
            rows = (line.split(" | ") for line in body.splitlines() if line.startswith("| `"))
            return {row[0].strip("| `"): row[1:] for row in rows}
    return {}


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "必填 · required"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    values = field.default if isinstance(field.default, tuple) else (field.default,)
    return " ".join(f"`{value}`" for value in values if value not in (None, "", {})) or "–"


@pytest.mark.parametrize(("path", "model"), list(paths(Standard)), ids=lambda value: str(value))
def test_every_key_is_described_with_its_default(path: str, model: type[BaseModel]) -> None:
    rows = described(path)
    assert set(rows) == set(model.model_fields)
    for name, field in model.model_fields.items():
        assert rows[name][0] == default(field), name
        assert all(cell.strip(" |") for cell in rows[name][1:]), name


def test_every_name_and_source_that_a_standard_may_use_is_described() -> None:
    for name in (*DERIVED, *FORM_SOURCES, *FORM_PATTERNS):
        assert f"| `{name}` |" in PAGE


def test_the_codes_described_are_those_that_are_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "balance_tui/standard").glob("*.py"))
    assert set(re.findall(r"^\| `(STD-[A-Z-]+)`", PAGE, re.M)) == set(re.findall(r'"(STD-[A-Z-]+)"', code))


@pytest.mark.parametrize("word", ["COALESCE", "IS NULL", "CAST", "GREATEST", "BETWEEN", "CASE WHEN"])
def test_what_formulas_may_and_may_not_use_is_said(word: str) -> None:
    assert word in PAGE
