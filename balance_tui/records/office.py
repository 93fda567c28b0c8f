"""What a face of the program asks for, done at a desk: data in, edits by name, the result of an assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS, Field
from ..engine.context import settings_of
from ..engine.evaluate import evaluate
from ..engine.result import Result
from ..errors import Refused, UsageError
from ..language import Text
from ..reading import Progress, read_request
from ..standard.load import LoadedStandard
from ..standard.names import nearest
from .desk import Desk, Level
from .entry import Entry, read_entry
from .event import Event
from .state import Assessment, FactKey, FindingKey
from .workspace import (
    FileKind,
    Import,
    changes,
    corrected,
    dataset_of,
    files_of,
    imported,
    put_files,
    reported,
    standard_of,
)

DEFAULT_LEVELS = (Level("county", Text("县级", "county")), Level("city", Text("市级", "city")),
                  Level("province", Text("省级", "province")))  # fmt: skip
"""Levels of review where a standard's workflow names none."""


@dataclass
class File:
    """An open assessment: the desk, its standard and its data as they were imported."""

    desk: Desk
    name: str
    standard: LoadedStandard
    data: Dataset

    @property
    def one(self) -> Assessment:
        """The assessment as it stands now."""
        return self.desk.assessment(self.name)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of review that the standard's workflow names."""
        return levels_of(self.standard)

    @property
    def shown(self) -> Dataset:
        """The data with the corrections in them."""
        return corrected(self.data, self.one.facts)

    def result(self, as_of: dt.date | None = None) -> Result:
        """The evaluation of the data with everything that was recorded."""
        dataset, overrides = dataset_of(self.data, self.one)
        return evaluate(self.standard, dataset, settings=self.one.settings, as_of=as_of, overrides=overrides)

    def fact(
        self, field: str, school: str | None, stage: str | None, county: str | None, year: int | None
    ) -> FactKey:
        """The key of a fact named by its parts; what can be only one thing need not be said. Errors: REC-FACT,
        REC-SCHOOL, REC-STAGE, REC-PLACE."""
        known = self._field(field)
        place = self.place(county, year)
        if known.level == "county":
            return FactKey(*place, None, None, known.code)
        rows = self._school(place, school)
        if known.level == "school":
            return FactKey(*place, rows["school_id"][0], None, known.code)
        stages = (
            rows["stage"].to_list() if stage is None else [each for each in rows["stage"] if each == stage]
        )
        if len(stages) != 1:
            has = ", ".join(rows["stage"])
            raise UsageError(
                "REC-STAGE",
                Text(f"该校的学段: {has}", f"the stages of the school: {has}"),
                Text("请用 --stage 写明其一", "name one of them by --stage"),
            )
        return FactKey(*place, rows["school_id"][0], stages[0], known.code)

    def entry(self, key: FactKey, text: str) -> Entry:
        """What a typed text means for a fact."""
        return read_entry(text, self._field(key.field))

    def correct(self, cells: Sequence[tuple[FactKey, str]], reason: str) -> tuple[Event, ...]:
        """Put typed values into facts. Errors: REC-VALUE where one cannot be read, those of `Desk.correct`."""
        typed = []
        for key, text in cells:
            entry = self.entry(key, text)
            if entry.problem is not None:
                raise Refused(
                    "REC-VALUE", Text(f"{key.field}: {entry.problem.zh}", f"{key.field}: {entry.problem.en}")
                )
            typed.append((key, entry.value))
        return self.desk.correct(self.name, typed, reason, reported(self.data, [key for key, _ in typed]))

    def _field(self, name: str) -> Field:
        fields = self.data.dictionary
        if name in fields and name not in KEY_FIELDS:
            return fields[name]
        by_label = [field.code for field in fields.values() if name in field.label]
        if len(by_label) == 1:
            return fields[by_label[0]]
        raise UsageError(
            "REC-FACT", Text(f"没有数据项“{name}”", f"there is no fact '{name}'"), nearest(name, list(fields))
        )

    def place(
        self, county: str | None, year: int | None
    ) -> tuple[str | None, str | None, str | None, int | None]:
        """The county and year that are meant; one of several has to be named. Errors: REC-PLACE."""
        places = self.data.sections.select(*KEY_FIELDS).unique(maintain_order=True)
        wanted = {"county": county, "year": self.one.year if year is None else year}
        for name, value in wanted.items():
            if value is not None:
                places = places.filter(pl.col(name) == value)
        if places.height != 1:
            raise UsageError(
                "REC-PLACE",
                Text(f"有 {places.height} 个县(年份)符合", f"{places.height} counties and years fit"),
                Text("请写明 --county 与 --year", "say --county and --year"),
            )
        province, city, named, when = places.row(0)
        return province, city, named, when

    def judgements_in(self, path: Path) -> pl.DataFrame:
        """The rows of a table of judgements (`JUDGEMENT_SCHEMA`), placed in the counties of the data."""
        with files_of(self.desk.log, self.one.data) as files:
            others = [(kind, each) for kind, each in files if kind != "judgements"]
            return _read([*others, ("judgements", path)], self.standard, None).judgements

    def check_settings(self, given: Mapping[str, str]) -> None:
        """Errors: those of settings the standard does not know, or values it does not take."""
        settings_of(self.standard, {name: value for name, value in given.items() if value})

    def findings(
        self, code: str, school: str | None, stage: str | None, field: str | None, county: str | None,
        year: int | None,
    ) -> list[FindingKey]:  # fmt: skip
        """The findings of the data as they stand that fit. Errors: REC-FINDING where none does."""
        wanted = {"code": code, "stage": stage, "field": field, "county": county, "year": year}
        rows = self.result().checks.filter(
            pl.col(name) == value for name, value in wanted.items() if value is not None
        )
        if school is not None:
            rows = rows.filter((pl.col("school_id") == school) | (pl.col("school") == school))
        if not rows.height:
            raise UsageError("REC-FINDING", Text("没有这样的数据问题", "there is no such finding"))
        return [
            FindingKey(*row)
            for row in rows.select(*FindingKey._fields).unique(maintain_order=True).iter_rows()
        ]

    def _school(self, place: Sequence[object], school: str | None) -> pl.DataFrame:
        """The sections of the one school that an id or a name means."""
        if school is None:
            what = Text("这是学校的数据", "this is a fact of a school")
            raise UsageError("REC-SCHOOL", what, Text("请写明 --school", "say --school"))
        sections = self.data.sections
        here = sections.filter(
            pl.col(name).eq_missing(pl.lit(value, sections.schema[name]))
            for name, value in zip(KEY_FIELDS, place, strict=True)
        )
        rows = here.filter((pl.col("school_id") == school) | (pl.col("school") == school))
        if rows["school_id"].n_unique() == 1:
            return rows
        what = Text(f"没有学校“{school}”", f"there is no school '{school}'")
        if rows.height:
            ids = ", ".join(rows["school_id"].unique(maintain_order=True).drop_nulls())
            what = Text(f"有几所学校名为“{school}”: {ids}", f"several schools are named '{school}': {ids}")
        raise UsageError("REC-SCHOOL", what, nearest(school, here["school"].drop_nulls().unique().to_list()))


def open_file(desk: Desk, name: str, progress: Progress | None = None) -> File:
    """An assessment with its standard and data. Errors: those of `Desk.assessment`, `standard_of`, `imported`."""
    one = desk.assessment(name)
    standard = standard_of(desk.log, one)
    return File(desk, name, standard, imported(desk.log, one, standard, progress))


def levels_of(standard: LoadedStandard) -> tuple[Level, ...]:
    """The levels of review of a standard."""
    workflow = standard.model.workflow
    levels = workflow.levels if workflow else ()
    return tuple(Level(level.id, level.text) for level in levels) or DEFAULT_LEVELS


def import_files(
    desk: Desk,
    name: str,
    files: Sequence[tuple[FileKind, Path]],
    reason: str = "",
    progress: Progress | None = None,
) -> Event:
    """Read files, keep them whole, and put them in force. Errors: those of reading, of `Desk.import_data`."""
    one = desk.assessment(name)
    desk.require("import", one.area)
    standard = standard_of(desk.log, one)
    dataset = _read(files, standard, progress)
    return desk.import_data(name, put_files(desk.log, files, dataset.digest), reason)


def preview(
    file: File, files: Sequence[tuple[FileKind, Path]], progress: Progress | None = None
) -> pl.DataFrame:
    """What an import would change (`workspace.CHANGE_SCHEMA`); nothing is kept."""
    return changes(file.data, _read(files, file.standard, progress), file.one.facts)


def _read(
    files: Sequence[tuple[FileKind, Path]], standard: LoadedStandard, progress: Progress | None
) -> Dataset:
    request = Import(tuple(files)).request(standard)
    return read_request(request, standard, progress, write_proposals=False)
