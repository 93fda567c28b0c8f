"""What the first screen of a request showed last time, so that the same request shows it again at once: before polars
is imported, and long before the data is read. The app marks it as such until the result is there.

An opening is JSON in the user's cache folder, one file a request. Its name is made of everything that the figures rest
on: the arguments, the files with their sizes and times, the standards, the program. The demo has no files; what it
shows first is shipped, made by `python -m balance_tui.tui.opening`.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .. import __version__
from ..language import language_in_use
from ..plugins.places import watched
from ..plugins.safe import in_safe_mode
from ..request import Request
from ..resources import profiles_dir
from .cells import ambiguous_in_use
from .opening_form import FORMAT, Heading, Opening, opening_of, packed, unpacked
from .private import cache_folder, read_private, write_private
from .view import View
from .where import Where

if TYPE_CHECKING:
    from .app import BalanceApp

__all__ = ["Heading", "Opening", "key_of", "remember", "remembered"]

KEPT = 40
"""Openings kept; the oldest go first."""
MOST_FILES = 500
"""Input files beyond which looking at each would take longer than it saves."""
LARGEST = 1_000_000
"""Bytes of an opening that is still read."""


def key_of(request: Request) -> str | None:
    """What names the opening of a request: alike only where arguments, files, standards, program and language are.
    None where there are too many files, or one that cannot be looked at."""
    try:
        looked_at = [_seen(path) for path in _inputs(request)]
        rules = [_seen(path) for path in _standards(request)]
    except (OSError, ValueError):
        return None
    if len(looked_at) > MOST_FILES:
        return None
    ways = [language_in_use(), ambiguous_in_use(), in_safe_mode()]
    told = [FORMAT, __version__, *ways, astuple(request), looked_at, rules]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _seen(path: str) -> tuple[str, int, int]:
    about = os.stat(path)  # noqa: PTH116 - a `Path` for each of 500 files takes time that is not there
    return os.path.realpath(path), about.st_size, about.st_mtime_ns


def _inputs(request: Request) -> Iterator[str]:
    """Every file that the request may read; of too many, enough to tell that they are."""
    count = 0
    for given in (*request.files, request.county_facts, request.judgements, request.mapping):
        for path in _files(given) if given else ():
            yield path
            count += 1
            if count > MOST_FILES:
                return


def _files(given: str) -> Iterator[str]:
    """As `data.files.expand` finds them, which needs polars, and more: any file of a folder counts."""
    if glob.has_magic(given) and not os.path.lexists(given):
        for name in sorted(glob.iglob(given, recursive=True)):  # noqa: PTH207 - as `expand`
            yield from _below(name)
    else:
        yield from _below(given)


def _below(name: str) -> Iterator[str]:
    if not stat.S_ISDIR(os.stat(name).st_mode):  # noqa: PTH116
        yield name
        return
    for root, folders, names in os.walk(name):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        yield from (f"{root}/{each}" for each in sorted(names) if not each.startswith("."))


def _standards(request: Request) -> Iterator[str]:
    """Every standard that may have a say, as they may build on each other."""
    yield from _tomls(profiles_dir(), "*.toml")
    yield from watched()
    if os.sep in request.profile or request.profile.endswith(".toml"):
        yield from _tomls(Path(request.profile).absolute().parent, "*.toml")


def _tomls(folder: Path, pattern: str) -> list[str]:
    return sorted(glob.glob(f"{glob.escape(str(folder))}/{pattern}", recursive=True))  # noqa: PTH207


def remembered(request: Request) -> Opening | None:
    """The opening of this very request; None where there is none, or none that can be trusted."""
    key = key_of(request)
    folder = cache_folder()
    content = read_private(folder / "openings" / f"{key}.json", LARGEST) if folder and key else None
    opening = unpacked(content) if content is not None else None
    return opening or (_shipped() if request == Request() else None)


def remember(request: Request, where: Where, view: View, heading: Heading) -> None:
    """Keep what the first screen shows: to be called where the data was read and is not rejected. Where it cannot be
    kept, nothing happens."""
    key, folder = key_of(request), cache_folder()
    if key is None or folder is None:
        return
    content = packed(opening_of(where, view, heading, shutil.get_terminal_size().columns))
    if len(content) <= LARGEST and write_private(folder / "openings" / f"{key}.json", content):
        _forget_old(folder / "openings")


def _forget_old(folder: Path) -> None:
    try:
        found = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in found[:-KEPT]:
            path.unlink(missing_ok=True)
    except OSError:
        return


# The demo's


def shipped_file() -> Path:
    """The demo's opening in the language in use. It lies beside the sample, whose package takes longer to import."""
    return Path(__file__).parents[1] / "sample" / f"opening.{language_in_use()}.json"


def _shipped() -> Opening | None:
    """The demo's opening, if it was made under the standard as it is now."""
    try:
        content = shipped_file().read_bytes()
        made_under = json.loads(content)["standard"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return unpacked(content) if made_under == _digest(Request().profile) else None


def _digest(profile: str) -> str:
    try:
        return hashlib.sha256((profiles_dir() / f"{profile}.toml").read_bytes()).hexdigest()
    except OSError:
        return ""


def made_for_shipping(opening: Opening) -> bytes:
    """The demo's opening as it is shipped: with the standard it was made under."""
    told = {"standard": _digest(Request().profile), **json.loads(packed(opening))}
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


COLUMNS = 80
"""Columns of the terminal that what is shipped is made for."""


def opening_of_demo() -> Opening:
    """What the demo shows first, as the app would remember it."""
    from types import SimpleNamespace

    from . import describing
    from .study import open_study
    from .views import build

    request = Request()
    study = open_study(request)
    place = describing.beginning(study, request)
    view = build(study, place)
    standing = SimpleNamespace(
        study=study, where=place, view=view, request=request, table=None, opening=None, session=None,
        size=SimpleNamespace(width=COLUMNS),
    )  # fmt: skip
    return opening_of(place, view, describing.heading(cast("BalanceApp", standing)))


def _write_shipped() -> None:
    from ..language import LANGUAGES, use_language

    for language in LANGUAGES:
        use_language(language)
        shipped_file().write_bytes(made_for_shipping(opening_of_demo()))
        print(shipped_file())


if __name__ == "__main__":
    _write_shipped()
