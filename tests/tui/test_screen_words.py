"""Chinese screens are Chinese and English ones English: what else stands there comes from data and standards.

Every cell of every list is read, also those that no screen is wide enough for, and what the frame says around them.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from balance_tui.data.dictionary import CODES
from balance_tui.engine.dispersion import chosen
from balance_tui.language import Language, use_language
from balance_tui.plugins.shelf import plugins
from balance_tui.resources import profiles_dir
from balance_tui.standard.load import catalogue, load_standard
from balance_tui.tui import describing
from balance_tui.tui.actions import REGISTRY, key_shown
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.cells import shown, use_ambiguous
from balance_tui.tui.explaining import derivation_of, lines_of
from balance_tui.tui.footing import footer
from balance_tui.tui.study import Study
from balance_tui.tui.table.sheet import Sheet
from balance_tui.tui.theme import use_theme
from balance_tui.tui.view import LinesPane, TablePane
from balance_tui.tui.views import KINDS
from balance_tui.tui.views.drawing import GLYPHS
from balance_tui.tui.where import Where, where

from .screens import Driven, driven
from .test_screens import fails, relieved, study, unsure

STANDARDS = tuple(name for name, path in catalogue().items() if path.parent == profiles_dir())
"""Those of the nation, which are whole in both languages; a region's own texts are its authors'."""
QUOTED = ("why  why field", "why  why value")
"""Where a standard's file is quoted as it is written."""
ROWS = 40
"""Rows read of a list: in this many every kind of row of it stands."""
EXPLAINED = 4
"""Figures explained of each list."""
UNWRAPPED = 5000
"""Cells in which no line of an explanation is broken."""

Said = Iterator[tuple[str, str]]
"""Where something is said, and what."""


@pytest.fixture(autouse=True)
def usual_looks() -> Iterator[None]:
    """The default looks, and Chinese afterwards."""
    use_theme("default")
    use_ambiguous("narrow")
    yield
    use_language("zh")


# Everything that is said


def texts(lang: Language, standard: str) -> list[tuple[str, str]]:
    """What every view, the help, the palette and the explanations say under a standard."""
    use_language(lang)
    of = study(lang).under(study(lang).load(standard))
    _ = of.result

    async def walk() -> list[tuple[str, str]]:
        async with driven(BalanceApp(of.request), (200, 60), of) as screen:
            return [each async for each in _walk(screen, of)]

    return asyncio.run(walk())


async def _walk(screen: Driven, of: Study) -> AsyncIterator[tuple[str, str]]:
    for place in _places(of):
        await screen.go(place)
        assert screen.app.where.view == place.view, place
        for each in _of_view(screen, f"{place.view} {place.detail or ''}"):
            yield each
    await screen.go(where("schools", fails()))
    for key, name in (("question_mark", "help"), ("escape", "schools"), ("colon", "palette")):
        await screen.press(key)
        for each in _of_view(screen, name):
            yield each


def _places(of: Study) -> Iterator[Where]:
    """Every view of a county that fails, and what of others it does not show."""
    yield from (where(kind, fails()) for kind in KINDS)
    yield from (where(kind, at) for kind in ("overview", "items", "reliefs") for at in (unsure(), relieved()))
    yield where("items", unsure(), unknown="any")
    model = of.standard.model
    yield from (where("items", fails(), item=item.id) for item in model.items)
    if model.dispersion is not None:
        yield from (
            where("dispersion", fails(), stage=stage, indicator=each.id)
            for stage in model.dispersion.limit for each in chosen(model.dispersion, of.result.context)
        )  # fmt: skip


def _of_view(screen: Driven, name: str) -> Said:
    app = screen.app
    for line in (*describing.heading(app), describing.message(app), footer(app)):
        yield from ((f"{name} frame", piece.text) for end in line for piece in end)
    view = app.view
    assert view is not None, name
    yield name, str(view.title)
    yield name, str(view.empty)
    yield from ((name, str(each)) for each in view.groups.values())
    for pane in view.panes:
        yield f"{name} {pane.id}", str(pane.title)
        yield from _of_pane(app.study, pane, f"{name} {pane.id}")


def _of_pane(of: Study | None, pane: TablePane | LinesPane, name: str) -> Said:
    if isinstance(pane, LinesPane):
        yield from ((name, piece.text) for line in pane.draw(100) for piece in line)
        return
    yield name, str(pane.counted)
    for column in pane.sheet.columns:
        yield from ((f"{name} {column.key}", str(each)) for each in (column.title, column.under, column.note))
    yield from _of_rows(pane.sheet, name)
    yield from _explained(of, pane, name)


def _of_rows(sheet: Sheet, name: str) -> Said:
    for row in range(min(sheet.height, ROWS)):
        for column, cell in zip(sheet.columns, sheet.cells(row), strict=True):
            yield f"{name} {column.key}", cell.text


def _explained(of: Study | None, pane: TablePane, name: str) -> Said:
    assert of is not None
    records = (pane.sheet.record(row) for row in range(min(pane.sheet.height, ROWS)))
    found = (
        pane.subject(record, column.key)
        for record in records if record is not None for column in pane.sheet.columns
    )  # fmt: skip
    subjects = dict.fromkeys(subject for subject in found if subject is not None)
    for subject in list(subjects)[:EXPLAINED]:
        lines = lines_of(derivation_of(of, subject), UNWRAPPED)
        yield from (
            (f"{name} why {subject.name}", "".join(each.text for each in line.pieces)) for line in lines
        )


# What may stand there


@cache
def of_data() -> frozenset[str]:
    """Every text of the data: names, places, codes, answers, files and headers."""
    dataset = study().dataset
    found = {
        each for frame in (dataset.sections, dataset.counties, dataset.judgements) for each in _strings(frame)
    }
    return frozenset(found | {str(value) for entry in dataset.mapping for value in entry.values()})


def _strings(frame: pl.DataFrame) -> Iterator[str]:
    for column in frame.select(pl.col(pl.String)).iter_columns():
        yield from column.drop_nulls().unique().to_list()


@cache
def of_standards(lang: Language) -> frozenset[str]:
    """Every text of the standards' documents that stands on screens in this language: what the document says in it,
    and what it says only once; with the names of its files and its hash."""
    standards = [study().load(name) for name in STANDARDS]
    found = {text for each in standards for text in _leaves(each.document.data, lang)}
    return frozenset(
        found | {Path(each.document.file).name for each in standards} | {each.hash[:12] for each in standards}
    )


def _leaves(node: Any, lang: Language) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if lang == "en" and f"{key}_en" not in node or lang == "zh" and not key.endswith("_en"):
                yield from _leaves(value, lang)
                yield key
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _leaves(each, lang)
    else:
        yield str(node)


@cache
def of_program() -> frozenset[str]:
    """What the program goes by in both languages: codes of facts with their units, ids of actions and views, keys, the
    name of the other language, what the command line takes, and the sign of a coefficient."""
    facts = study().dataset.dictionary
    codes = {*facts, *CODES, *(code for codes in CODES.values() for code in codes)}
    keys = {key_shown(key) for each in REGISTRY.values() for key in each.keys}
    typed = {"--set", "true", "false", "YYYY-MM-DD", "CV"}
    units = {field.unit for field in facts.values()}
    judged = {each for name in catalogue() for each in load_standard(name).model.judged}
    installed = {*catalogue(), *(plugin.id for plugin in plugins()), *judged}
    return frozenset(
        installed
        | codes
        | units
        | keys
        | typed
        | set(REGISTRY)
        | set(KINDS)
        | {str(REGISTRY["language"].label)}
    )


# The two languages


def is_chinese(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK")


def chinese_in(text: str) -> str:
    """The Chinese of a text that no data and no standard brought there."""
    for known in _known_chinese():
        if not any(map(is_chinese, text)):
            return ""
        text = text.replace(known, "")
    return "".join(filter(is_chinese, text))


@cache
def _known_chinese() -> tuple[str, ...]:
    known = {shown(each) for each in of_data() | of_standards("en") | {str(REGISTRY["language"].label)}}
    return tuple(sorted((each for each in known if any(map(is_chinese, each))), key=len, reverse=True))


_WORD = re.compile(r"[A-Za-z]{2,}")
_DRAWN = re.compile("[" + "".join(GLYPHS) + "]+")
"""A stretch of a strip plot."""


def english_in(text: str) -> set[str]:
    """The English words of a text that are no code, and that no data and no standard brought there."""
    return set() if _DRAWN.fullmatch(text) else set(_WORD.findall(text)) - _known_words()


@cache
def _known_words() -> set[str]:
    known: Iterable[str] = (*of_data(), *of_standards("zh"), *of_program())
    return {word for each in known for word in _WORD.findall(each)}


@pytest.mark.parametrize("standard", STANDARDS)
def test_english_screens_show_no_chinese_of_the_program(standard: str) -> None:
    left = {
        (name, text): found
        for name, text in texts("en", standard)
        if name not in QUOTED and (found := chinese_in(text))
    }
    assert left == {}


@pytest.mark.parametrize("standard", STANDARDS)
def test_chinese_screens_show_no_english_words_of_the_program(standard: str) -> None:
    left = {
        (name, text): found
        for name, text in texts("zh", standard)
        if name not in QUOTED and (found := english_in(text))
    }
    assert left == {}


def test_words_of_the_program_are_told_from_those_of_data() -> None:
    assert chinese_in("示例丙旗沙窝小学 lacks 学校") == "学校"
    assert english_in("编号 L2 teachers: schools.csv 未知 unknowable") == {"unknowable"}
