"""What the checks look at: the sections, the schools made of them, the counties."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from ..again import Seen, Work
from ..dataset import Dataset
from ..dictionary import KEY_FIELDS, Dictionary, Field
from .options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KEYS = list(KEY_FIELDS)
SCHOOL = ["_county", "school_id"]
IDENTITY = (*KEY_FIELDS, "school_id", "school", "stage")
COMPULSORY = ("primary", "junior")
DETAIL_TABLES = ("rooms", "class_list")
"""Tables the engine reads beside the summary figures; as a name in `fields` their rows are meant."""
SLACK = 1e-9
"""Relative room for sums of decimals that binary floating point cannot hold."""


def exceeds(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Whether a part is larger than its whole; null where either is missing."""
    return part > whole + SLACK * pl.max_horizontal(whole.abs(), pl.lit(1.0))


def differs(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Whether two numbers are not the same; null where either is missing."""
    return (left - right).abs() > SLACK * pl.max_horizontal(left.abs(), right.abs(), pl.lit(1.0))


def total(parts: Iterable[str]) -> pl.Expr:
    """The sum over columns; null where any is missing."""
    first, *rest = [pl.col(part) for part in parts]
    for part in rest:
        first = first + part
    return first


def complete_sum(column: str) -> pl.Expr:
    """The sum of a group; null where any row is missing."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum())


def figures(dictionary: Dictionary, *levels: str) -> tuple[str, ...]:
    """Every reported fact of the levels: numbers and yes/no, not names and codes."""
    return tuple(
        field.code
        for field in dictionary.values()
        if field.level in levels and field.code not in IDENTITY and field.kind not in ("text", "code")
    )


def whole_record(dictionary: Dictionary) -> tuple[str, ...]:
    """Everything a school reports, detail tables too: what falls when the school itself is in doubt."""
    return (*figures(dictionary, "school", "section"), *DETAIL_TABLES)


def whole_school(dictionary: Dictionary) -> tuple[Field, ...]:
    """Facts of the whole school, which repeat on each of its rows."""
    return tuple(field for field in dictionary.of_level("school") if field.code not in IDENTITY)


HEAD = (*KEYS, "_county", "school_id", "school", "stage", "_source", "_row")
"""Who a row speaks of and where it stands: columns that every check may read."""


class Scene:
    """A dataset under check. Frames carry `_county`, a number for one county and year; `seen` has them beside those
    of the evaluation before."""

    def __init__(self, dataset: Dataset, options: Options, work: Work) -> None:
        self.dataset, self.options, self.work = dataset, options, work
        self._seen: dict[str, Seen] = {}

    @property
    def dictionary(self) -> Dictionary:
        return self.dataset.dictionary

    @cached_property
    def rows(self) -> pl.DataFrame:
        """All section rows, in one piece: thousands of workbooks leave thousands of chunks."""
        return self.work.taken("rows", self.dataset.sections.rechunk())

    @property
    def counties(self) -> pl.DataFrame:
        """County facts as given."""
        return self.dataset.counties

    @cached_property
    def county_keys(self) -> pl.DataFrame:
        """Columns: keys, `_county`; one row a county and year that has sections."""
        return self.rows[KEYS].unique(maintain_order=True).with_row_index("_county")

    @cached_property
    def sections(self) -> pl.DataFrame:
        """Section rows that name a school and a stage, with `_county`."""
        same = self.work.seen("rows to number", self.rows).is_same
        return self.work.done("named rows", same, self._named)

    def _named(self) -> pl.DataFrame:
        nameless = self.rows["school_id"].null_count() + self.rows["stage"].null_count()
        named = pl.col("school_id").is_not_null() & pl.col("stage").is_not_null()
        rows = self.rows.filter(named) if nameless else self.rows
        if self.county_keys.height == 1:
            return rows.with_columns(pl.lit(0, pl.UInt32).alias("_county"))
        return rows.join(self.county_keys, on=KEYS, how="left", nulls_equal=True, maintain_order="left")

    @cached_property
    def combined(self) -> pl.DataFrame:
        """Sections of schools that have more than one row."""
        return self.sections.filter(self._several)

    @cached_property
    def _several(self) -> pl.Series:
        return self.sections[SCHOOL].is_duplicated()

    @cached_property
    def spans(self) -> pl.DataFrame:
        """One row a school of several rows: keys, `_county`, name, origin, and of each whole-school fact X the least
        as `X` and the greatest as `X_most`."""
        facts = [field.code for field in whole_school(self.dictionary)]
        return self._by_column("spans", self.combined, facts, self._spans)

    def _spans(self, facts: list[str]) -> pl.DataFrame:
        return self.combined[[*HEAD, *facts]].group_by(SCHOOL, maintain_order=True).agg(
            pl.col(*KEYS, "school", "_source", "_row").first(),
            pl.col(*facts).min(),
            pl.col(*facts).max().name.suffix("_most"),
        ) if facts else self.combined[SCHOOL].unique(maintain_order=True)  # fmt: skip

    @cached_property
    def schools(self) -> pl.DataFrame:
        """One row a school: keys, `_county`, name, origin, its whole-school facts (of differing ones the
        least), `all_students` and `compulsory_students` (null where a row is missing), `stages`."""
        facts = [field.code for field in whole_school(self.dictionary)]
        seen = self.work.seen("rows of schools", self.sections[[*HEAD, *facts, "students"]])
        before: pl.DataFrame | None = self.work.before("schools")
        if before is None or not seen.same(HEAD):
            return self.work.put("schools", self._schools(facts))
        changed = seen.changed(facts)
        if changed:
            single = self.sections[changed].filter(~self._several)
            before = before.with_columns(pl.concat([single, self.spans[changed]]))
        if not seen.same(("students",)):
            before = before.with_columns(pl.concat([self._single([]), self._sums]).drop("stages"))
        return self.work.put("schools", before)

    def _schools(self, facts: list[str]) -> pl.DataFrame:
        head = [*KEYS, "_county", "school_id", "school", "_source", "_row", *facts]
        single = self._single(head)
        if self.combined.is_empty():
            return single
        grouped = self.spans[head].hstack(self._sums)
        return pl.concat([single, grouped[single.columns]], how="vertical")

    def _single(self, head: list[str]) -> pl.DataFrame:
        """Schools of one row: `head`, and the sums over their rows, which are the row's own figures."""
        mine = pl.col("stage").is_in(COMPULSORY)
        return self.sections[list(dict.fromkeys((*head, "students", "stage")))].filter(~self._several).select(
            *head,
            all_students=pl.col("students"),
            compulsory_students=pl.when(mine).then(pl.col("students")).otherwise(0.0),
            stages=pl.concat_list("stage"),
        )  # fmt: skip

    @property
    def _sums(self) -> pl.DataFrame:
        """Of schools of several rows the sums over them, in the order of `spans`."""
        mine = pl.col("stage").is_in(COMPULSORY)
        return self.combined[[*SCHOOL, "students", "stage"]].group_by(SCHOOL, maintain_order=True).agg(
            all_students=complete_sum("students"),
            compulsory_students=pl.when(pl.col("students").filter(mine).null_count() == 0).then(
                pl.col("students").filter(mine).sum()
            ),
            stages=pl.col("stage").unique(maintain_order=True),
        ).drop(SCHOOL)  # fmt: skip

    def _by_column(
        self, name: str, rows: pl.DataFrame, facts: list[str], make: Callable[[list[str]], pl.DataFrame]
    ) -> pl.DataFrame:
        """What `make` makes of the facts of rows, made only for those that changed where the rows are the same."""
        seen = self.work.seen(("rows of", name), rows[[*HEAD, *facts]])
        before: pl.DataFrame | None = self.work.before(("made of", name))
        changed = facts if before is None or not seen.same(HEAD) else seen.changed(facts)
        if before is None or len(changed) == len(facts):
            return self.work.put(("made of", name), make(facts))
        made = before
        if changed:
            new = make(changed)
            made = before.with_columns(new[each] for c in changed for each in (c, f"{c}_most"))
        return self.work.put(("made of", name), made)

    def seen(self, frame: str) -> Seen:
        """A frame by its name (sections, schools, spans, counties), beside what it was."""
        if frame not in self._seen:
            self._seen[frame] = self.work.seen(("checked", frame), getattr(self, frame))
        return self._seen[frame]

    def seen_table(self, name: str) -> bool:
        """Whether a detail table of the dataset holds what it held."""
        table: pl.DataFrame = getattr(self.dataset, name)
        return self.work.seen(("table", name), table).same(table.columns)

    @cached_property
    def _nothing(self) -> dict[str, pl.DataFrame]:
        """The tables of the dataset without a row."""
        return {name: getattr(self.dataset, name).clear() for name in ("sections", "judgements", *_TABLES)}

    def of(
        self,
        sections: tuple[str, ...],
        schools: tuple[str, ...],
        counties: tuple[str, ...],
        tables: tuple[str, ...],
    ) -> Scene:
        """The scene with these columns of its frames alone, and these tables."""
        others: dict[str, Any] = {name: table for name, table in self._nothing.items() if name not in tables}
        narrow = replace(self.dataset, counties=self.seen("counties").of((*KEYS, *counties)), **others)
        view = Scene(narrow, self.options, self.work)
        known = {
            "rows": self.rows[[name for name in HEAD if name != "_county"]],
            "county_keys": self.county_keys,
            "sections": self.seen("sections").of((*HEAD, *sections)),
            "schools": self.seen("schools").of((*HEAD, *schools)),
            "_several": self._several,
        }
        view.__dict__.update(known)
        return view


_TABLES = ("rooms", "class_list", "class_bands", "grade_students")
