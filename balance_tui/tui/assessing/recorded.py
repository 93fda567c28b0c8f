"""An assessment as something to look at: what was imported with everything that people recorded since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...records.frames import with_judgements
from ...records.workspace import corrected, imported
from ...request import Request, date_given
from ..study import Study

if TYPE_CHECKING:
    from ...data.dataset import Dataset
    from ...records.office import File
    from ...records.state import Assessment
    from ...standard.load import LoadedStandard


@dataclass(frozen=True)
class Recorded:
    """The assessment a study is of: `file` as it was opened, `one` as it stood after its event `number`."""

    file: File
    one: Assessment
    number: int

    def data(self, source: Dataset) -> Dataset:
        """Imported data with the corrections and judgements in it."""
        return corrected(with_judgements(source, self.one), self.one.facts)

    def having(self, change: Callable[[Assessment], None]) -> Recorded:
        """The same as it would be with something more recorded."""
        one = copied(self.one)
        change(one)
        return replace(self, one=one)


def copied(one: Assessment) -> Assessment:
    """An assessment to be changed without changing the one that others look at."""
    return one.copy()


def study_of(recorded: Recorded, before: Study | None = None) -> Study:
    """What follows from an assessment, evaluated. Where the data were looked at under another standard, or compared,
    that stays as it was `before`."""
    file, one = recorded.file, recorded.one

    def again(standard: LoadedStandard) -> Dataset:
        return recorded.data(imported(file.desk.log, one, standard))

    study = Study(
        Request(profile=file.standard.id), recorded.data(file.data), file.standard, one.settings, date_given(one.as_of),
        recorded=recorded, read_again=again,
    )  # fmt: skip
    study._standards[file.standard.id] = file.standard
    if before is not None:
        study._standards.update(before._standards)
        study.standard, study.before, study.marked = before.standard, before.before, before.marked
        study.earlier = before.results
        study.previous = before.known(before.standard)
    _ = study.result
    study.previous = None
    return study
