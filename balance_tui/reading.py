"""From a request to its data: the one way that every face of the program reads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from .data.dataset import Dataset
from .data.load import read_dataset
from .data.mapping import Mapping
from .errors import StandardInvalid
from .request import Request
from .sample import write
from .sample.write import Layout
from .standard.load import LoadedStandard, catalogue, load_standard

Progress = Callable[[int, int, str], None]
"""Told files read, files, and the name of the next."""


def read_request(
    request: Request,
    standard: LoadedStandard,
    progress: Progress | None = None,
    *,
    mapping: Mapping | None = None,
    write_proposals: bool = True,
) -> Dataset:
    """The data that a request names, or the made-up sample. A `mapping` in hand wins over the request's file; without
    `write_proposals` no proposal of one is written where the data needs it. Errors: those of `read_dataset`."""
    if request.is_demo:
        return read_sample(standard, progress=progress, mapping=mapping)
    return read_dataset(
        request.files,
        mapping=mapping_of(request) if mapping is None else mapping,
        county_facts=request.county_facts,
        judgements=request.judgements,
        needed=standard.needed,
        extra_fields=standard.own_fields,
        items=lambda: items_known(standard),
        progress=progress,
        write_proposals=write_proposals,
    )


def mapping_of(request: Request) -> Mapping | None:
    """The mapping file a request names. Errors: `MAP-FILE`."""
    return Mapping.load(request.mapping) if request.mapping else None


def read_sample(
    standard: LoadedStandard,
    layout: Layout = "contract",
    progress: Progress | None = None,
    mapping: Mapping | None = None,
) -> Dataset:
    """The made-up sample, written to a folder of its own and read like any other data."""
    with sample_written(layout) as request:
        return read_request(request, standard, progress, mapping=mapping)


@contextmanager
def sample_written(layout: Layout = "contract") -> Iterator[Request]:
    """The made-up sample in a folder of its own, as a request for its files; the folder goes with the block."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = [path for path in write(folder, layout) if path.stem not in ("county-facts", "judgements")]
        yield Request(
            files=tuple(map(str, tables)),
            county_facts=str(folder / "county-facts.csv"),
            judgements=str(folder / "judgements.csv"),
        )


def items_known(standard: LoadedStandard) -> KnownItems:
    """The ids that a judgement may answer: one table of judgements may serve several standards."""
    return KnownItems(standard)


class KnownItems(Collection[str]):
    """The items of a standard, and of every other one that is installed. Another is read only where its files speak of
    an item that is asked for: dozens may be installed, and the program is to start at once."""

    def __init__(self, standard: LoadedStandard) -> None:
        self._met = {standard.id: standard.model.judged}
        self._files = catalogue()

    def __contains__(self, item: object) -> bool:
        if any(item in items for items in self._met.values()):
            return True
        others = [name for name in self._files if name not in self._met]
        return any(
            _mentions(self._files[name].parent, str(item)) and item in self._of(name) for name in others
        )

    def _of(self, name: str) -> frozenset[str]:
        if name not in self._met:
            self._met[name] = _judged(name)
        return self._met[name]

    def __iter__(self) -> Iterator[str]:
        return iter(frozenset().union(*map(self._of, self._files), *self._met.values()))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _mentions(folder: Path, item: str) -> bool:
    """Whether a standard there, or one it is built upon, has the item's id in its text."""
    try:
        texts = [path.read_bytes() for path in folder.glob("*.toml")]
    except OSError:
        return False
    return any(quoted.encode() in text for text in texts for quoted in (f'"{item}"', f"'{item}'"))


def _judged(name: str) -> frozenset[str]:
    """What judgements another installed standard asks for; nothing of one that is not valid, which is said to whoever
    opens it."""
    try:
        return load_standard(name).model.judged
    except StandardInvalid:
        return frozenset()
