"""From options to a result: the same steps for every command that evaluates."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..data.dataset import Dataset
from ..engine.evaluate import evaluate
from ..engine.result import Result
from ..errors import UsageError
from ..language import Text
from ..reading import read_request
from ..request import date_given, settings_given
from ..standard.load import LoadedStandard, load_standard
from .arguments import request_of


def standard_of(options: argparse.Namespace) -> LoadedStandard:
    """The standard of `--profile`. Errors: as `load_standard`."""
    return load_standard(options.profile)


def dataset_of(options: argparse.Namespace, standard: LoadedStandard) -> Dataset:
    """The data that the options name, with progress on standard error where that is a terminal. Errors: `FILE`
    where a named file is not there."""
    for name in (options.county_facts, options.judgements):
        if name is not None and not Path(name).exists():
            raise UsageError("FILE", Text(f"没有文件 {name}", f"there is no file {name}"))
    with Progress() as progress:
        return read_request(request_of(options), standard, progress.step)


def result_of(options: argparse.Namespace) -> Result:
    """The evaluation that the options ask for."""
    standard = standard_of(options)
    settings, as_of = settings_given(options.settings), date_given(options.as_of)
    dataset = dataset_of(options, standard)
    with Progress() as progress:
        progress.say(Text("评估", "evaluating"))
        return evaluate(standard, dataset, settings=settings, as_of=as_of)


class Progress:
    """One line on standard error that is wiped when the work is done; silent where nobody would see it."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def step(self, done: int, total: int, name: str) -> None:
        """Say how many files of how many are read, and which is next."""
        self._write(f"{Text('读取', 'reading')} {done}/{total} {Path(name).name}")

    def say(self, text: Text) -> None:
        """Say what is being done."""
        self._write(f"{text} …")

    def _write(self, text: str) -> None:
        if self._shown:
            printable = "".join(character for character in text if character.isprintable())
            sys.stderr.write(f"\r\x1b[K{printable[:60]}")
            sys.stderr.flush()
