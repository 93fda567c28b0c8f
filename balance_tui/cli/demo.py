"""`demo` and `sample`: the made-up counties, shown in the app, evaluated as text, or written to a folder."""

from __future__ import annotations

import argparse
import sys

from .open import show


def run(options: argparse.Namespace) -> int:
    """Show the made-up counties, or write them where `sample` was called."""
    if getattr(options, "write", False):
        return _write(options)
    return show(options, lambda: _evaluate(options))


def _write(options: argparse.Namespace) -> int:
    from ..sample import write
    from .frames import made_folder

    for path in write(made_folder(options.out), options.layout):
        print(path)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    """The verdict of the sample as text, or as JSON where that was asked for."""
    from ..engine.evaluate import evaluate
    from ..reading import read_sample
    from ..sample import NOTICE
    from ..standard.load import load_standard
    from .frames import as_json, rows_told, write_json
    from .table import show as show_table

    standard = load_standard(options.profile)
    result = evaluate(standard, read_sample(standard, "wide"))
    told = rows_told(result, options.county, options.year)
    if getattr(options, "json", False):
        write_json({"notice": str(NOTICE), **as_json(result, told)}, sys.stdout)
        return 0
    print(NOTICE)
    show_table(result, sys.stdout, told)
    return 0
