"""Sentences in two languages."""

from __future__ import annotations

import pytest

from balance_tui.language import LANGUAGES, Language, Text, language_in_use, language_of_locale, use_language

_LABEL = Text("学段", "stage")


@pytest.mark.parametrize(("language", "shown"), [("zh", "学段"), ("en", "stage")])
def test_a_text_shows_the_language_in_use(language: Language, shown: str) -> None:
    use_language(language)
    assert language_in_use() == language
    assert str(_LABEL) == f"{_LABEL}" == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_within_a_text_keeps_to_the_language_of_each_whatever_is_in_use(language: Language) -> None:
    use_language(language)
    filled = Text("缺少{what}, 第 {row} 行", "{what} is missing in row {row}").fill(what=_LABEL, row=7)
    assert filled == Text("缺少学段, 第 7 行", "stage is missing in row 7")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": ""}, "zh"),
        ({"LANG": "C"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
    ],
)
def test_the_locale_decides_the_strongest_variable_first(environment: dict[str, str], language: str) -> None:
    assert language_of_locale(environment) == language
