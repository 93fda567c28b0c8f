"""`open`, and files without a command: the app on one's own data; its answer as text where there is no terminal."""

from __future__ import annotations

import argparse
import os
from glob import has_magic, iglob

from ..errors import UsageError
from ..language import Text
from ..request import Request, date_given, settings_given
from ..tui.launch import Choices, Plain
from ..tui.launch import run as launch
from .arguments import request_of


def run(options: argparse.Namespace) -> int:
    """Open the app on the files; where it cannot open, or a file is not there, do as `evaluate`."""

    def plain() -> int:
        from . import evaluate

        return evaluate.run(options)

    return show(options, plain)


def show(options: argparse.Namespace, plain: Plain) -> int:
    """Open the app as the options ask. Errors: those that can be told before anything is read."""
    request = request_of(options)
    settings_given(request.settings)
    date_given(request.as_of)
    view_given(request.view)
    if getattr(options, "json", False) or not _all_there(request):
        return plain()
    choices = Choices(options.theme, options.ambiguous, hasattr(options, "lang"), options.text)
    return launch(request, choices, plain)


def _all_there(request: Request) -> bool:
    """Whether every file that is named is there; where one is not, evaluating says so best."""
    named = (*request.files, request.county_facts, request.judgements, request.mapping)
    return all(not name or os.path.exists(name) or _matches(name) for name in named)  # noqa: PTH110 - takes any name


def _matches(name: str) -> bool:
    return has_magic(name) and next(iglob(name, recursive=True), None) is not None  # noqa: PTH207 - as `data.files`


def view_given(name: str | None) -> None:
    """Errors: `VIEW` where there is no view of this name."""
    from ..tui.views import KINDS

    if name is not None and name not in KINDS:
        raise UsageError(
            "VIEW",
            Text(f"没有叫“{name}”的屏", f"there is no view '{name}'"),
            Text(f"可用的是 {', '.join(KINDS)}", f"there are {', '.join(KINDS)}"),
        )
