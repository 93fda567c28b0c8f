"""What was asked for: files and options as plain values, read before polars is imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .errors import UsageError
from .language import Text


@dataclass(frozen=True, slots=True)
class Request:
    """Files and options of one opening; no files is the made-up sample."""

    files: tuple[str, ...] = ()
    profile: str = "national-2017"
    county_facts: str | None = None
    judgements: str | None = None
    mapping: str | None = None
    settings: tuple[str, ...] = ()
    as_of: str | None = None
    county: str | None = None
    year: int | None = None
    view: str | None = None

    @property
    def is_demo(self) -> bool:
        """Whether the made-up sample is shown."""
        return not self.files

    def mapped_by(self, path: str) -> Request:
        """The same with a mapping file."""
        return replace(self, mapping=path)


def settings_given(pairs: Sequence[str]) -> dict[str, str]:
    """`ID=VALUE` options as a mapping. Errors: `SET-FORM`, `SET-TWICE`."""
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(
                "SET-FORM",
                Text(f"--set 须写成 编号=值, 不是“{pair}”", f"--set takes ID=VALUE, not '{pair}'"),
                Text("例: --set special_funds_limit=7000", "for example --set special_funds_limit=7000"),
            )
    given = [(name.strip(), value.strip()) for name, _, value in (pair.partition("=") for pair in pairs)]
    twice = next((name for index, (name, _) in enumerate(given) if name in dict(given[:index])), None)
    if twice is not None:
        raise UsageError(
            "SET-TWICE",
            Text(f"设置“{twice}”给了两次", f"the setting '{twice}' is given twice"),
            Text("请只给一个值", "give one value"),
        )
    return dict(given)


def date_given(text: str | None) -> dt.date | None:
    """The date of `--as-of`. Errors: `DATE`."""
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "DATE",
            Text(f"“{text}”不是日期", f"'{text}' is not a date"),
            Text("请写成 YYYY-MM-DD", "write YYYY-MM-DD"),
        ) from error
