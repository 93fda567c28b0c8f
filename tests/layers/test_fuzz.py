"""Whatever stands in a layer, it is read or refused with a place; nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.standard.load import LoadedStandard, build_standard
from balance_tui.standard.source import parse_document

from .examples import CASES, OVERLAYS, known

TEXTS = [file.read_text(encoding="utf-8") for file in (*OVERLAYS, *CASES)]
SCRAPS = [
    "5", '""', "[]", "{}", "true", '"L4"', "[1]", "[[]]", "[{}]", "2020-01-01", '{ a = { b = [] } }', '"a.b.c"',
    '{ "limit.primary.value.x" = 1 }', '{ "" = 1 }', '{ "." = 1 }', '{ limit = {} }', '{ test = [] }', '["limit"]',
    '["test"]', '"split"', '"standard"', '"scope:resources"', '"test:B2a"', '":"', '{ exclude = 5 }',
    "{ exclude = [5] }", '["exclude"]', '["limit.primary", "limit.primary"]', '{ "limit.primary" = [] }',
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _examples() -> Iterator[None]:
    with known():
        yield


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """An example with values replaced, lines gone, lines doubled."""
    rows = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(rows) - 1))
        key = rows[at].partition(" = ")[0]
        what = draw(st.sampled_from(["gone", "twice", "value", "value", "value", "key"]))
        if what == "value" and " = " in rows[at]:
            rows[at] = f"{key} = {draw(st.sampled_from(SCRAPS))}"
        elif what == "key":
            rows[at] = rows[at].replace(
                key, draw(st.sampled_from(["extends", "set", "add", "remove", "[lock]"]))
            )
        else:
            rows[at : at + 1] = [] if what == "gone" else [rows[at]] * 2
        rows = rows or [""]
    return "\n".join(rows)


def attempted(text: str) -> LoadedStandard | StandardInvalid:
    try:
        return build_standard(parse_document(text, "f.toml"))
    except StandardInvalid as error:
        return error


@settings(max_examples=150)
@given(damaged())
def test_a_damaged_layer_is_read_or_refused_with_a_place(text: str) -> None:
    standard = attempted(text)
    if isinstance(standard, StandardInvalid):
        assert all(problem.place and str(problem).isprintable() for problem in standard.problems), text
        return
    assert len(standard.hash) == 64
    for table in standard.document.data:
        assert all(value.origin.layer for value in standard.provenance(table))
