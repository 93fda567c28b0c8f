"""The one place where tests call the program: `balance_tui.cli.main` in this process, JSON read back."""

from __future__ import annotations

import contextlib
import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.oracle.words import combine

from .builder import COLUMNS, County, write_facts, write_judgements, write_sections

Json = dict[str, Any]


@dataclass
class Call:
    """What a command did: exit code, what it printed, what it said on standard error."""

    code: int
    output: str
    errors: str

    @property
    def json(self) -> Json:
        return dict(json.loads(self.output))


def call(*arguments: str | Path) -> Call:
    """Run the command line in this process; an exception other than SystemExit is a traceback and escapes."""
    from balance_tui.cli import main

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    output, errors = (stream.buffer.getvalue().decode("utf-8") for stream in streams)  # type: ignore[attr-defined]
    return Call(code or 0, output, errors)


@dataclass
class Result:
    """The object `evaluate --format json` printed, with its rows to be asked for."""

    json: Json
    code: int = 0

    def rows(self, frame: str, **wanted: object) -> list[Json]:
        return [row for row in self.json[frame] if all(row[key] == value for key, value in wanted.items())]

    def one(self, frame: str, **wanted: object) -> Json:
        found = self.rows(frame, **wanted)
        assert len(found) == 1, f"{len(found)} rows of {frame} where {wanted}"
        return found[0]

    def of(self, county: str) -> Result:
        """The rows of one county only."""
        kept = {
            name: [row for row in value if row.get("county") == county] if isinstance(value, list) else value
            for name, value in self.json.items()
        }
        return Result(kept, self.code)

    def indicator(self, school_id: str, stage: str, code: str) -> Json:
        return self.one("indicators", school_id=school_id, stage=stage, indicator=code)

    def school(self, school_id: str, stage: str) -> Json:
        return self.one("schools", school_id=school_id, stage=stage)

    def dispersion(self, stage: str, code: str) -> Json:
        return self.one("dispersion", stage=stage, indicator=code)

    def parts(self) -> dict[str, str]:
        return {part["id"]: part["status"] for part in self.one("counties")["parts"]}

    @property
    def verdict(self) -> str:
        return str(self.one("counties")["verdict"])

    def requirement(self, code: str) -> Json:
        return self.one("requirements", id=code)

    def item(self, code: str) -> str:
        """The status of an item, its parts (`G11a`, `G11b`) combined."""
        rows = [row for row in self.json["requirements"] if re.fullmatch(rf"{code}([a-z._].*)?", row["id"])]
        assert rows, f"no requirement {code}"
        return combine(row["status"] for row in rows)


@contextlib.contextmanager
def files(counties: Sequence[County], columns: Sequence[str] = COLUMNS) -> Iterator[list[str]]:
    """The counties as files, and the arguments that name them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = [str(write_sections(folder / "sections.csv", counties, columns))]
        if any(county.facts for county in counties):
            arguments += ["--county-facts", str(write_facts(folder / "facts.csv", counties))]
        if any(county.judgements for county in counties):
            arguments += ["--judgements", str(write_judgements(folder / "judgements.csv", counties))]
        yield arguments


def options(profile: str, settings: Mapping[str, object] | None, as_of: str | None) -> list[str]:
    given = [argument for key, value in (settings or {}).items() for argument in ("--set", f"{key}={value}")]
    return ["--profile", profile, *given, *(("--as-of", as_of) if as_of else ())]


def attempt(
    *counties: County,
    profile: str = "national-2017",
    settings: Mapping[str, object] | None = None,
    as_of: str | None = None,
    columns: Sequence[str] = COLUMNS,
    extra: Sequence[str] = (),
) -> Call:
    """`evaluate --format json` on the counties, whatever comes of it."""
    with files(counties, columns) as arguments:
        return call("evaluate", *arguments, *options(profile, settings, as_of), "--format", "json", *extra)


def run(*counties: County, **given: Any) -> Result:
    """`evaluate --format json` on the counties, which must succeed."""
    made = attempt(*counties, **given)
    assert made.code == 0, f"exit {made.code}: {made.errors}"
    return Result(made.json, made.code)
