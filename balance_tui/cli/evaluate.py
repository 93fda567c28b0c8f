"""`evaluate`: the data under a standard."""

from __future__ import annotations

import argparse
import sys
from io import StringIO
from typing import TextIO

from ..engine.result import Result
from ..errors import InputRejected, UsageError
from ..language import Text
from .frames import Rows, as_json, made_folder, rows_of, rows_told, write_files, write_json
from .session import result_of

PASSING = ("pass", "relieved")
"""Verdicts that `--strict` lets pass."""


def run(options: argparse.Namespace) -> int:
    """Exit code 0 whatever the verdict; 1 with `--strict` where one is not pass; 3 where the data is rejected."""
    kind = options.format or ("json" if getattr(options, "json", False) else "table")
    if kind in ("csv", "parquet") and not options.out:
        raise UsageError(
            "OUT-NONE",
            Text(f"--format {kind} 每个表写一个文件", f"--format {kind} writes one file a frame"),
            Text("请加 --out 文件夹", "add --out DIR"),
        )
    try:
        result = result_of(options)
    except InputRejected as error:
        if kind == "json":
            write_json({"checks": [{"code": error.code, "severity": "reject", "field": None, "message": str(error)}]},
                       sys.stdout)  # fmt: skip
        raise
    told = rows_told(result, options.county, options.year)
    write(result, kind, options, told)
    if result.is_rejected:
        return reject(result)
    verdicts = told(result.counties)["verdict"].cast(str)
    return 1 if options.strict and not verdicts.is_in(PASSING).all() else 0


def reject(result: Result) -> int:
    """Say on standard error what makes the data unfit; nothing was evaluated."""
    for row in rows_of(result.checks.filter(result.checks["severity"] == "reject")):
        print(f"{row['code']} {row['place'] or ''}: {row['message']}", file=sys.stderr)
    return InputRejected.exit_code


def write(result: Result, kind: str, options: argparse.Namespace, told: Rows) -> None:
    """Write the result in the format `kind` to standard output, or into the folder of `--out`."""
    if kind in ("csv", "parquet"):
        for path in write_files(result, kind, options.out, told):
            print(path)
        return
    if not options.out:
        _tell(result, kind, sys.stdout, told)
        return
    text = StringIO()
    _tell(result, kind, text, told)
    path = made_folder(options.out) / ("result.json" if kind == "json" else "result.txt")
    path.write_text(text.getvalue(), encoding="utf-8")
    print(path)


def _tell(result: Result, kind: str, stream: TextIO, told: Rows) -> None:
    if kind == "json":
        write_json(as_json(result, told), stream)
        return
    from .table import show

    show(result, stream, told)
