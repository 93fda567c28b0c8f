"""The wall around plugins: every call of a hook goes through here.

A hook that raises, whatever it raises, hangs or returns rubbish makes its plugin `failed`, with the reason; none of its
hooks is called again, and what needs it is an error that says so. Never is another figure put in its place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from ..errors import InputRejected, Place, StandardInvalid, visible
from ..language import Text
from . import walls
from .limits import Interrupted, TooLong, limited, patience
from .loading import hooks_of
from .shelf import Plugin, mark_failed, provider_of, providers, serving
from .walls import Panel, Rubbish

T = TypeVar("T")

_HELD = Text("不让程序停止它, 程序只得结束", "it does not let itself be stopped, so the program ends")


class Frames(Mapping[str, pl.DataFrame]):
    """The frames of a result by name, each made when it is asked for; what a plugin gets is a copy."""

    def __init__(self, names: Sequence[str], frame: Callable[[str], pl.DataFrame]) -> None:
        self._names, self._frame = tuple(names), frame

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        return self._frame(name).clone()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def dispersion_statistic(reference: str, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` as the hook of this name takes them → `_county`, `stage`, `indicator`, `statistic`. `reference` is `NAME`
    or `PLUGIN:NAME`. Errors: `PLUGIN-NONE`, `PLUGIN-SEVERAL`, `PLUGIN-FAILED`."""
    plugin, name = provider_of("dispersion", reference)
    return _called(
        plugin, "dispersion_statistic",
        lambda hooks: hooks.dispersion_statistic(name=name, rows=rows.clone()),
        lambda returned: walls.statistics(returned, rows),
    )  # fmt: skip


def score_point(reference: str, point: Mapping[str, Any], rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `_county` → `_county`, `score`, from 0 to `point["max"]` where that is known. Errors as
    `dispersion_statistic`."""
    plugin, name = provider_of("scorer", reference)
    highest = point.get("max")
    return _called(
        plugin, "score_point",
        lambda hooks: hooks.score_point(scorer=name, point=dict(point), rows=rows.clone()),
        lambda returned: walls.scores(returned, rows, None if highest is None else float(highest)),
    )  # fmt: skip


def decide(reference: str, parts: pl.DataFrame) -> pl.DataFrame:
    """`_county`, `id`, `status` (a word) → `_county`, `status`, `grade`, `reason_zh`, `reason_en`. Errors as
    `dispersion_statistic`."""
    plugin, name = provider_of("decision", reference)
    return _called(
        plugin, "decide",
        lambda hooks: hooks.decide(rule=name, parts=parts.clone()),
        lambda returned: walls.decisions(returned, parts),
    )  # fmt: skip


def read_platform_file(path: Path) -> dict[str, pl.DataFrame]:
    """The tables of a file whose ending is one of `shelf.plugged_suffixes`, every column text. Errors: `InputRejected`
    with `PLUGIN-SEVERAL`, `PLUGIN-FAILED`, or `PLUGIN-REJECTED` where the reader itself says that the file is at fault."""
    some = providers(f"reader:{path.suffix.lower()}")
    place = Place(str(path))
    if len(some) != 1:
        names = ", ".join(plugin.id for plugin in some)
        what = Text(f"有几个插件读这种文件: {names}", f"several plugins read such files: {names}")
        mend = Text("请用 plugin disable 只留一个", "leave one, with plugin disable")
        raise InputRejected("PLUGIN-SEVERAL", what, mend, place)
    try:
        return _called(
            some[0], "read_platform_file", lambda hooks: hooks.read_platform_file(path=path), walls.tables
        )
    except InputRejected as error:
        told = visible(f"{some[0].id}: {error.args[1] if len(error.args) > 1 else ''}")
        raise InputRejected("PLUGIN-REJECTED", Text(told, told), None, place) from None
    except StandardInvalid as error:
        what = Text(f"文件没有读出: {error}", f"the file was not read: {error}")
        raise InputRejected("PLUGIN-FAILED", what, None, place) from error


def write_platform_file(reference: str, frames: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Have a result written to `path`. Errors as `dispersion_statistic`."""
    plugin, kind = provider_of("writer", reference)

    def check(returned: object) -> None:
        walls.written(returned)
        if not path.is_file():
            raise Rubbish("it says it has written but has not")

    _called(
        plugin, "write_platform_file",
        lambda hooks: hooks.write_platform_file(kind=kind, frames=frames, path=path), check,
    )  # fmt: skip


def check_data(
    standards: Sequence[str], sections: pl.DataFrame, counties: pl.DataFrame, fields: Sequence[str]
) -> tuple[list[tuple[str, pl.DataFrame]], list[StandardInvalid]]:
    """What the plugins that speak to these standards find, as (plugin, `walls.FOUND`), and why others found nothing:
    they failed, now or before."""
    found: list[tuple[str, pl.DataFrame]] = []
    failed: list[StandardInvalid] = []
    for plugin in serving("check", standards):
        try:
            frame = _called(
                plugin, "check_data",
                lambda hooks: hooks.check_data(sections=sections.clone(), counties=counties.clone()),
                lambda returned: walls.findings(returned, sections, counties, fields),
            )  # fmt: skip
            found.append((plugin.id, frame))
        except StandardInvalid as error:
            failed.append(error)
    return found, failed


def panel(plugin: Plugin, county: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> Panel:
    """The view of one county that a plugin of `shelf.serving("panel", ...)` describes. Errors: `PLUGIN-FAILED`."""
    return _called(
        plugin, "panel", lambda hooks: hooks.panel(county=dict(county), frames=frames), walls.described
    )


def command(name: str, arguments: Sequence[str]) -> int:
    """Run a plugin's command and return its exit code; what it prints is its answer. Errors as
    `dispersion_statistic`."""
    plugin, own = provider_of("command", name)
    return _called(
        plugin, "command", lambda hooks: hooks.command(name=own, arguments=list(arguments)), walls.code,
        quiet=False,
    )  # fmt: skip


def _called(
    plugin: Plugin,
    hook: str,
    call: Callable[[Any], object],
    check: Callable[[object], T],
    *,
    quiet: bool = True,
) -> T:
    """What the call returns, once it has passed the check. Errors: `PLUGIN-FAILED`, the plugin's from then on."""
    if isinstance(plugin.reason, StandardInvalid):
        raise plugin.reason
    try:
        return limited(
            lambda: _inside(plugin, lambda: check(call(hooks_of(plugin)))),
            quiet=quiet,
            last=lambda: print(_failed(plugin, hook, _HELD, None), file=sys.__stderr__, flush=True),
        )
    except Interrupted:
        raise KeyboardInterrupt from None
    except InputRejected:
        if hook == "read_platform_file":
            raise
        raise _failed(plugin, hook, "InputRejected", None) from None
    except TooLong:
        seconds = f"{patience():g}"
        reason = Text(f"{seconds} 秒内没有返回", f"it did not come back within {seconds} seconds")
        raise _failed(plugin, hook, reason, None) from None
    except _Broken as error:
        raise _failed(plugin, hook, error.reason, error.place) from None


class _Broken(Exception):
    """The plugin's code did what it may not; `place` is the line, where there is one."""

    def __init__(self, reason: str | Text, place: Place | None) -> None:
        super().__init__(reason)
        self.reason, self.place = reason, place


def _inside(plugin: Plugin, call: Callable[[], T]) -> T:
    """The call with whatever it raises told in words, while the time for it still runs: telling runs its code too."""
    try:
        return call()
    except (TooLong, Interrupted, InputRejected):
        raise
    except BaseException as error:  # noqa: BLE001 - the wall: SystemExit and KeyboardInterrupt of a plugin are its own
        raise _Broken(_reason(error), _place(plugin, error)) from None


def _failed(plugin: Plugin, hook: str, reason: str | Text, place: Place | None) -> StandardInvalid:
    what = Text("插件 {id} 的 {hook} 出错: {reason}", "the plugin {id} failed in {hook}: {reason}")
    error = StandardInvalid(
        "PLUGIN-FAILED",
        what.fill(id=plugin.id, hook=hook, reason=reason),
        Text(
            f"请告知插件作者; 停用: balance-tui plugin disable {plugin.id}",
            f"tell its author; to do without it: balance-tui plugin disable {plugin.id}",
        ),
        place or (Place(str(plugin.manifest.module)) if plugin.manifest else None),
    )
    mark_failed(plugin.id, error)
    return error


def _reason(error: BaseException) -> str | Text:
    if isinstance(error, Rubbish):
        return Text(f"返回的内容不能用: {error}", f"what it returned cannot be used: {error}")
    return f"{type(error).__name__}: {_words_of(error)}"


def _words_of(error: object) -> str:
    """What an object says of itself, on one line, not endless; also where it will not say."""
    try:
        return visible(str(error))[:300]
    except (TooLong, Interrupted):
        raise
    except BaseException as failing:  # noqa: BLE001 - `__str__` is the plugin's code too
        return type(failing).__name__


def _place(plugin: Plugin, error: BaseException) -> Place | None:
    """The last line of the plugin's own files that the error went through."""
    if isinstance(error, SyntaxError) and error.filename:
        return Place(error.filename, error.lineno)
    home, found = plugin.folder, None
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if home is not None and Path(file).is_relative_to(home):
            found = Place(file, trace.tb_lineno)
        trace = trace.tb_next
    return found
