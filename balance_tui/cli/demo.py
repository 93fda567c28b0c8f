"""`demo` and `sample`: the made-up counties, evaluated or written to a folder."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ..data.load import read_dataset
from ..engine.evaluate import evaluate
from ..sample import NOTICE, write
from ..standard.load import load_standard
from .frames import as_json, made_folder, rows_told, write_json
from .session import items_known
from .table import show

DETAILS = ("rooms", "class_list")
"""The csv files of the sample that are read beside its workbooks, by their stems."""


def run(options: argparse.Namespace) -> int:
    """Evaluate the made-up counties, or write them where `sample` was called."""
    if getattr(options, "write", False):
        for path in write(made_folder(options.out), options.layout):
            print(path)
        return 0
    standard = load_standard(options.profile)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), "wide")
        dataset = read_dataset(
            sorted(Path(folder).glob("*.xlsx"))
            + sorted(p for p in Path(folder).glob("*.csv") if p.stem in DETAILS),
            county_facts=Path(folder) / "county-facts.csv",
            judgements=Path(folder) / "judgements.csv",
            needed=standard.needed,
            items=lambda: items_known(standard),
            extra_fields=standard.own_fields,
        )
    result = evaluate(standard, dataset)
    told = rows_told(result, options.county, options.year)
    if getattr(options, "json", False):
        write_json({"notice": str(NOTICE), **as_json(result, told)}, sys.stdout)
        return 0
    print(NOTICE)
    show(result, sys.stdout, told)
    return 0
