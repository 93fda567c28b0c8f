"""What is being looked at: the data, the standard in force, and everything that follows from them.

Made in the background after the first frame. Frames and results are kept until the data is read anew, the few last
standards at a time.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS
from ..data.mapping import Mapping as HeaderMapping
from ..engine.evaluate import evaluate
from ..engine.result import Result
from ..reading import mapping_of, read_request
from ..request import Request, date_given, settings_given
from ..standard.load import LoadedStandard, load_standard
from .table.kept import Kept
from .where import County

if TYPE_CHECKING:
    import polars as pl

    from .assessing.recorded import Recorded

KEPT, KEPT_LARGE = 12, 4
"""Results kept at a time, the standard in force and those looked at last: enough for every standard that is shipped;
of large data few, since each holds a figure for every school."""
LARGE = 20_000
"""Sections beyond which data is large: then standards are evaluated only once they are asked for."""

SHEETS = 4
"""Lists of many rows kept at a time, those opened last."""

PANES = 128
"""Panes of single counties kept at a time, those opened last: a nation has thousands of counties."""

Progress = Callable[[int, int, str], None]


@dataclass
class Study:
    """The data with its evaluations. `standard` is the one in force; views read `result`."""

    request: Request
    dataset: Dataset
    standard: LoadedStandard
    settings: Mapping[str, str] = field(default_factory=dict)
    as_of: dt.date | None = None
    mapping: HeaderMapping | None = None
    _results: dict[str, Result] = field(default_factory=dict)
    _frames: dict[tuple[str, str], Any] = field(default_factory=dict)
    _standards: dict[str, LoadedStandard] = field(default_factory=dict)
    _verdicts: dict[str, pl.DataFrame] = field(default_factory=dict)
    _sheets: Kept[Hashable, Any] = field(default_factory=lambda: Kept(SHEETS))
    _panes: Kept[Hashable, Any] = field(default_factory=lambda: Kept(PANES))
    _ready: set[str] = field(default_factory=set)
    """The standards whose heavy frames are made."""
    before: LoadedStandard | None = None
    """The standard that was in force before the one that is."""
    marked: list[str] = field(default_factory=list)
    """The standards that are compared, as `load` takes them."""
    panels: Kept[Any, Any] = field(default_factory=lambda: Kept(PANES))
    """What plugins answered, by standard, plugin and county."""
    recorded: Recorded | None = None
    """The assessment that the data is of, where it is one."""
    read_again: Callable[[LoadedStandard], Dataset] | None = None
    """How to read the data for a standard with facts of its own, where it is not the request that says so."""
    previous: Result | None = None
    """An earlier result of much the same data, so that only what follows from the difference is worked out."""
    earlier: dict[str, Result] = field(default_factory=dict)
    """Results from before an edit, by the hash of their standard: what the edit leaves alone is taken over from them."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def result(self) -> Result:
        """The evaluation under the standard in force."""
        return self.result_of(self.standard)

    def result_of(self, standard: LoadedStandard) -> Result:
        """The evaluation under a standard, made where it is not there yet. Settings that it does not know are
        those of another standard and are left away."""
        known = self.known(standard)
        if known is None:
            known = self._evaluated(standard)
            self._keep(standard.hash, known)
        return known

    def _evaluated(self, standard: LoadedStandard) -> Result:
        """The one place where the app evaluates."""
        ids = {setting.id for setting in standard.model.setting}
        given = {name: value for name, value in self.settings.items() if name in ids}
        return evaluate(
            standard, self._data_for(standard), settings=given, as_of=self.as_of, previous=self.previous
        )  # fmt: skip

    def _data_for(self, standard: LoadedStandard) -> Dataset:
        """The data, read again where the standard declares facts that nobody asked the files for."""
        asked = self.dataset.dictionary
        if all(field.code in asked for field in standard.own_fields):
            return self.dataset
        if self.read_again is not None:
            return self.read_again(standard)
        return read_request(self.request, standard, mapping=self.mapping, write_proposals=False)

    @property
    def is_large(self) -> bool:
        """Whether the data is so large that little is made ahead and little is kept."""
        return self.dataset.sections.height > LARGE

    @property
    def kept(self) -> int:
        """How many results are kept at a time."""
        return KEPT_LARGE if self.is_large else KEPT

    @property
    def results(self) -> dict[str, Result]:
        """The evaluations made so far, by the hash of their standard."""
        with self._lock:
            return dict(self._results)

    def known(self, standard: LoadedStandard) -> Result | None:
        """The evaluation under a standard where it has been made; nothing is evaluated."""
        with self._lock:
            return self._results.get(standard.hash)

    def verdicts(self, standard: LoadedStandard) -> pl.DataFrame | None:
        """`Result.counties` under a standard where it has been made, also when the rest of that result has been let
        go of; nothing is evaluated."""
        known = self.known(standard)
        return self._verdicts.get(standard.hash) if known is None else known.counties

    def _keep(self, name: str, result: Result) -> None:
        """Keep a result as the one looked at last, and let go of those kept longest, never of the one in force."""
        with self._lock:
            self._results.pop(name, None)
            self._results[name] = result
            for old in [each for each in self._results if each not in (name, self.standard.hash)][
                : 2 - self.kept
            ]:
                self._verdicts[old] = self._results.pop(old).counties
                self._ready.discard(old)
                for key in [key for key in self._frames if key[0] == old]:
                    del self._frames[key]

    def frame(self, name: str, make: Callable[[Result], Any]) -> Any:
        """What `make` makes of the result in force, made once a standard and kept; `name` is its name. What is made
        for a county is a `pane` or a `sheet`."""
        key = (self.standard.hash, name)
        with self._lock:
            if key in self._frames:
                return self._frames[key]
        made = make(self.result)
        with self._lock:
            self._frames[key] = made
        return made

    def sheet(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """A list of the standard in force by its name, made where it is not among those opened last: its widths, orders
        and cells are then known."""
        return self._opened_last(self._sheets, name, make)

    def pane(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """A pane of a county under the standard in force by its name, made where it is not among those opened last."""
        return self._opened_last(self._panes, name, make)

    def _opened_last(self, kept: Kept[Hashable, Any], name: Hashable, make: Callable[[], Any]) -> Any:
        key = (self.standard.hash, name)
        with self._lock:
            if key in kept:
                return kept.get(key, make)
        made = make()
        with self._lock:
            return kept.get(key, lambda: made)

    def load(self, reference: str) -> LoadedStandard:
        """A standard by its id, read once. Errors: those of `load_standard`."""
        if reference not in self._standards:
            self._standards[reference] = load_standard(reference)
        return self._standards[reference]

    def under(self, standard: LoadedStandard) -> Study:
        """The same data with another standard in force; results and frames made so far are shared."""
        left = self.before if standard.hash == self.standard.hash else self.standard
        other = replace(self, standard=standard, before=left)
        known = other.known(standard)
        if known is not None:
            other._keep(standard.hash, known)
        return other

    def get_ready(self, prepare: Callable[[Study], None]) -> None:
        """Make the result in force and what `prepare` makes of it, so that changing to this standard takes no time."""
        _ = self.result
        prepare(self)
        with self._lock:
            self._ready.add(self.standard.hash)

    def ready_under(self, reference: str) -> Study | None:
        """The same data under another standard, where changing to it takes no time; nothing is read or evaluated."""
        standard = self._standards.get(reference)
        with self._lock:
            ready = standard is not None and standard.hash in self._ready and standard.hash in self._results
        return self.under(standard) if standard is not None and ready else None

    def in_new_language(self) -> Study:
        """The same with everything that holds sentences made anew."""
        with self._lock:
            results = dict(self._results)
        renewed = {name: replace(each) for name, each in results.items()}
        return replace(
            self,
            _results=renewed,
            _frames={},
            _sheets=Kept(SHEETS),
            _panes=Kept(PANES),
            _ready=set(),
            panels=Kept(PANES),
        )

    @property
    def counties(self) -> tuple[County, ...]:
        """Every county and year, in the order of the result."""
        found: tuple[County, ...] = self.frame("keys of counties", _counties)
        return found

    def of_county(self, frame: pl.DataFrame, county: County | None) -> pl.DataFrame:
        """The rows of one county and year; of all where none is named."""
        if county is None:
            return frame
        import polars as pl

        return frame.filter(
            pl.col(name).eq_missing(pl.lit(value, frame.schema[name]))
            for name, value in zip(KEY_FIELDS, county, strict=True)
        )

    def origin(self, row: Mapping[str, Any]) -> Path | None:
        """The file a row of `dataset.sections` comes from."""
        number = row.get("_source")
        return None if number is None else Path(self.dataset.sources[number].file)


def _counties(result: Result) -> tuple[County, ...]:
    return tuple(County(*row) for row in result.counties.select(*KEY_FIELDS).iter_rows())


def open_study(
    request: Request, progress: Progress | None = None, mapping: HeaderMapping | None = None
) -> Study:
    """Read and evaluate what the request names, under a mapping in hand where there is one. Errors: those of
    `load_standard`, `read_request`, `evaluate`."""
    standard = load_standard(request.profile)
    if mapping is None:
        mapping = mapping_of(request)
    dataset = read_request(request, standard, progress, mapping=mapping, write_proposals=False)
    settings, as_of = settings_given(request.settings), date_given(request.as_of)
    study = Study(request, dataset, standard, settings, as_of, mapping)
    _ = study.result
    return study
