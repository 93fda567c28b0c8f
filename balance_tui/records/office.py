"""What a face of the program asks for, done at a desk: data in, edits by name, the result of an assessment."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from ..data.dataset import Dataset
from ..data.dictionary import JUDGED_BY, KEY_FIELDS, Field
from ..engine.context import settings_of
from ..engine.evaluate import evaluate
from ..engine.result import Result
from ..errors import Refused, UsageError
from ..language import Text
from ..reading import Progress
from ..request import date_given
from ..standard.load import LoadedStandard
from ..standard.names import nearest
from .answering import answers_of, check_judgements
from .decided import decided
from .desk import Desk, Level
from .entry import Entry, read_entry
from .event import Event, Json
from .evidence import Documents, Judged, Sources
from .frames import said_before
from .roles import Area
from .state import Assessment, FactKey, FindingKey, ItemKey
from .workspace import (
    FileKind,
    changes,
    corrected,
    dataset_of,
    files_of,
    imported,
    put_files,
    read_files,
    reported,
    standard_kept,
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
    _last: Result | None = field(default=None, init=False, repr=False, compare=False)

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
        """The evaluation of the data with everything that was recorded, as of a date or of the one recorded."""
        dataset, overrides = dataset_of(self.data, self.one)
        day = as_of or date_given(self.one.as_of)
        self._last = evaluate(
            self.standard, dataset, settings=self.one.settings, as_of=day, overrides=overrides, previous=self._last,
        )  # fmt: skip
        return self._last

    def submit(self, remark: str = "") -> Event:
        """Hand the assessment to the next level, with what its result says now. Errors: those of `Desk.submit`."""
        return self.desk.submit(self.name, self.levels, remark, self._decided())

    def approve(self, remark: str = "") -> Event:
        """Approve at the level it stands at, with what its result says now. Errors: those of `Desk.approve`."""
        return self.desk.approve(self.name, self.levels, remark, self._decided())

    def send_back(self, remark: str) -> Event:
        """Return it to the level below. Errors: those of `Desk.send_back`."""
        return self.desk.send_back(self.name, self.levels, remark)

    def _decided(self) -> dict[str, Json]:
        self.desk.refresh()
        return decided(self.result(), self.one.events[-1].sequence)

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
        by_label = [
            field.code for field in fields.values() if name in field.label and field.code not in KEY_FIELDS
        ]
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

    def item(
        self, item: str, school: str | None, county: str | None, year: int | None, source: str
    ) -> ItemKey:
        """The key of a judgement named by its parts. Errors: REC-ITEM, REC-SCHOOL, REC-PLACE, REC-SOURCE."""
        answers_of(self.standard.model, item)
        if not source.strip():
            what = Text("须写明由谁评判", "who judges has to be said")
            raise UsageError("REC-SOURCE", what, Text("如 --source verified", "as in --source verified"))
        place = self.place(county, year)
        school_id = None if school is None else self._school(place, school)["school_id"][0]
        return ItemKey(*place, school_id, None, item, JUDGED_BY.get(source.strip(), source.strip()))

    def judge(
        self, said: Judged, reason: str = "", bases: dict[ItemKey, int] | None = None, sources: Sources | None = None,
    ) -> tuple[Event, ...]:  # fmt: skip
        """Record what a person judged, all or none; None takes a judgement away. Documents that are named come from
        `sources`. Errors: those of `check_judgements`, `Documents.kept` and `Desk.judge_all`."""
        one = self.one
        for key in said:
            self.desk.require_judging(one, key)
        check_judgements(self.standard.model, said)
        documented = Documents(self.desk.log, one).kept(said, sources or Sources())
        imported = said_before(self.data.judgements, said)
        return self.desk.judge_all(self.name, documented, reason, bases, imported)

    def judgements_in(self, path: Path) -> pl.DataFrame:
        """The rows of a table of judgements (`JUDGEMENT_SCHEMA`), placed in the counties of the data."""
        with files_of(self.desk.log, self.one.data) as files:
            others = [(kind, each) for kind, each in files if kind != "judgements"]
            return read_files([*others, ("judgements", path)], self.standard).judgements

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


def change_standard(desk: Desk, name: str, standard: LoadedStandard, reason: str) -> Event:
    """Judge by another standard, kept whole in the workspace. Errors: those of `Desk.change_standard`, and of settings
    in force that the other standard does not know."""
    one = desk.assessment(name)
    desk.require("standard", one.area)
    settings_of(standard, one.settings)
    return desk.change_standard(name, standard_kept(desk.log, standard), reason)


@dataclass(frozen=True)
class Plan:
    """A new assessment: `area` and `year` None are taken from the data."""

    name: str
    title: str
    standard: LoadedStandard
    area: Area | None = None
    year: int | None = None
    files: Sequence[tuple[FileKind, Path]] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    as_of: dt.date | None = None


def new_assessment(desk: Desk, plan: Plan, progress: Progress | None = None) -> None:
    """Make an assessment with its data and settings; where anything is wrong with them there is none. Errors: those of
    reading, of settings, of `Desk.create`, `Desk.import_data` and `Desk.set`."""
    settings_of(plan.standard, dict(plan.settings))
    dataset = read_files(plan.files, plan.standard, progress) if plan.files else None
    area = _area_in(dataset) if plan.area is None else plan.area
    year = _only(dataset, "year") if plan.year is None else plan.year
    for act in (
        "create",
        *(["import"] if plan.files else []),
        *(["setting"] if plan.settings or plan.as_of else []),
    ):
        desk.require(act, area)
    desk.create(plan.name, plan.title or plan.name, area, year, standard_kept(desk.log, plan.standard))
    if dataset is not None:
        desk.import_data(plan.name, put_files(desk.log, plan.files, dataset.digest))
    for setting, value in plan.settings.items():
        desk.set(plan.name, setting, value)
    if plan.as_of is not None:
        desk.judge_as_of(plan.name, plan.as_of.isoformat())


def _area_in(dataset: Dataset | None) -> Area:
    """The narrowest area that holds all the data."""
    steps: list[str | None] = []
    for name in ("province", "city", "county"):
        steps.append(_only(dataset, name) if None not in steps else None)
    return Area(*steps)


def _only(dataset: Dataset | None, column: str) -> Any:
    """The one value that a column has; None where there are several or none."""
    values = [] if dataset is None else dataset.sections[column].unique().to_list()
    return values[0] if len(values) == 1 else None


def import_files(
    desk: Desk,
    name: str,
    files: Sequence[tuple[FileKind, Path]],
    reason: str = "",
    progress: Progress | None = None,
) -> Event:
    """Read files, keep them whole, and put them in force; of the kinds not given, those in force stay. Errors: those of
    reading, of `Desk.import_data`."""
    one = desk.importable(name)
    standard = standard_of(desk.log, one)
    with _with_those_in_force(desk, one, files) as all_files:
        dataset = read_files(all_files, standard, progress)
        return desk.import_data(name, put_files(desk.log, all_files, dataset.digest), reason)


def preview(
    file: File, files: Sequence[tuple[FileKind, Path]], progress: Progress | None = None
) -> pl.DataFrame:
    """What an import would change (`workspace.CHANGE_SCHEMA`); nothing is kept."""
    with _with_those_in_force(file.desk, file.one, files) as all_files:
        return changes(file.data, read_files(all_files, file.standard, progress), file.one.facts)


@contextlib.contextmanager
def _with_those_in_force(
    desk: Desk, one: Assessment, files: Sequence[tuple[FileKind, Path]]
) -> Iterator[list[tuple[FileKind, Path]]]:
    given = {kind for kind, _ in files}
    with files_of(desk.log, one.data) as in_force:
        yield [*files, *((kind, path) for kind, path in in_force if kind not in given)]
