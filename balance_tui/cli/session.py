"""From options to a result: the same steps for every command that evaluates."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from ..data.dataset import Dataset
from ..data.load import read_dataset
from ..data.mapping import Mapping
from ..engine.evaluate import evaluate
from ..engine.result import Result
from ..errors import UsageError
from ..language import Text
from ..standard.load import LoadedStandard, catalogue, load_standard


def standard_of(options: argparse.Namespace) -> LoadedStandard:
    """The standard of `--profile`. Errors: as `load_standard`."""
    return load_standard(options.profile)


def dataset_of(options: argparse.Namespace, standard: LoadedStandard) -> Dataset:
    """The data that the options name, with progress on standard error where that is a terminal."""
    with Progress() as progress:
        return read_dataset(
            options.data,
            mapping=Mapping.load(options.mapping) if options.mapping else None,
            county_facts=_file(options.county_facts),
            judgements=_file(options.judgements),
            needed=standard.needed,
            extra_fields=standard.own_fields,
            items=lambda: items_known(standard),
            progress=progress.step,
        )


def items_known(standard: LoadedStandard) -> frozenset[str]:
    """The ids that a judgement may answer: one table of judgements may serve several standards."""
    others = (load_standard(name).model.judged for name in catalogue())
    return standard.model.judged.union(*others)


def result_of(options: argparse.Namespace) -> Result:
    """The evaluation that the options ask for."""
    standard = standard_of(options)
    settings, as_of = settings_given(options.settings), date_given(options.as_of)
    dataset = dataset_of(options, standard)
    with Progress() as progress:
        progress.say(Text("评估", "evaluating"))
        return evaluate(standard, dataset, settings=settings, as_of=as_of)


def settings_given(pairs: list[str]) -> dict[str, str]:
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


def _file(name: str | None) -> Path | None:
    if name is None:
        return None
    if not Path(name).exists():
        raise UsageError("FILE", Text(f"没有文件 {name}", f"there is no file {name}"))
    return Path(name)


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
