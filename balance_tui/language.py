"""Chinese first, English by switch: every sentence the program says is a pair."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

Language = Literal["zh", "en"]

_current: Language = "zh"


class Text(NamedTuple):
    """One sentence or label in both languages; `str()` gives the one in use."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if _current == "zh" else self.en

    def fill(self, **values: object) -> Text:
        """Both languages with `{name}` replaced; a `Text` value fills each in its own language."""
        return Text(
            *(
                template.format(
                    **{
                        name: value[index] if isinstance(value, Text) else value
                        for name, value in values.items()
                    }
                )
                for index, template in enumerate(self)
            )
        )


def use_language(language: Language) -> None:
    """Make `language` the one that `str(Text)` gives."""
    global _current
    _current = language


def language_in_use() -> Language:
    """The language that `str(Text)` gives."""
    return _current


def language_of_locale(environment: Mapping[str, str] | None = None) -> Language:
    """Chinese when the locale is Chinese, unset, C or POSIX; English otherwise.

    >>> language_of_locale({"LANG": "C.UTF-8"}), language_of_locale({"LC_ALL": "en_GB.UTF-8"})
    ('zh', 'en')
    """
    variables = os.environ if environment is None else environment
    name = next((variables[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if variables.get(key)), "")
    stem = name.split(".")[0].lower()
    return "zh" if stem in ("", "c", "posix") or stem.startswith("zh") else "en"


LANGUAGES: tuple[Language, ...] = get_args(Language)
