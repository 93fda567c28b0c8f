"""Where one is in the program, and what a figure is: values, so that a place can be kept, left and come back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple


class County(NamedTuple):
    """The key of a county and year; absent parts are None."""

    province: str | None
    city: str | None
    county: str | None
    year: int | None

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.county or self.city or self.province, self.year) if part)


@dataclass(frozen=True, slots=True)
class Where:
    """A view, the county it shows, and what in it: `detail` holds pairs as (part, guarantee), (stage, primary),
    (indicator, L2), (item, G05), (school_id, ...), (field, ...)."""

    view: str
    county: County | None = None
    detail: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        """One of the details."""
        return dict(self.detail).get(name)

    def having(self, **detail: str | None) -> Where:
        """This place with details added, replaced, or with None taken away."""
        merged = {**dict(self.detail), **detail}
        return replace(
            self, detail=tuple((name, value) for name, value in merged.items() if value is not None)
        )


def where(view: str, county: County | None = None, **detail: str | None) -> Where:
    """A place; details that are None are left away."""
    return Where(view, county).having(**detail)


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be explained: `kind` is indicator (school_id, stage, name), dispersion (stage, name), or
    item (name: an item, test, score or part)."""

    kind: str
    county: County
    name: str
    stage: str | None = None
    school_id: str | None = None
