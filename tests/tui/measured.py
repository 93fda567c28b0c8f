"""Runs a program of Python that tells what memory it holds: `python measured.py FILE (-m MODULE | SCRIPT) [ARGUMENTS]`.

At SIGUSR1 it writes the bytes that it holds into FILE. Resident memory says less: an allocator keeps what was freed, by
megabytes that come and go with what has just been read. Caches of a bounded size are emptied before: full or not, they
are no leak, and some fill up over ten thousand keys.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import gc
import re
import runpy
import signal
import sys
from pathlib import Path
from typing import Any

ENVIRONMENT = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0",
}
"""What the program is to be started with: Python takes its memory from the C library, which counts it, and both that and
the allocator in polars give back at once what is freed."""


class _Allocated(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    )  # fmt: skip


def held() -> int:
    """The bytes that are in use now: by Python and the libraries in C, and by the frames of polars that are alive."""
    for cache in _alive(functools._lru_cache_wrapper):
        if cache.cache_parameters()["maxsize"] is not None:
            cache.cache_clear()
    re.purge()
    gc.collect()
    return _allocated() + _in_frames()


def _alive(kind: type) -> list[Any]:
    """Every object of a kind. `gc.get_objects` would be simpler, but whoever has a tuple in hand that another thread is
    just making breaks it."""
    return [each for each in gc.get_referrers(kind) if type(each) is kind]


_mallinfo = ctypes.CDLL(None).mallinfo2
_mallinfo.restype = _Allocated


def _allocated() -> int:
    found = _mallinfo()
    return int(found.uordblks + found.hblkhd)


def _in_frames() -> int:
    polars: Any = sys.modules.get("polars")
    kinds = [getattr(polars, name, None) for name in ("DataFrame", "Series")]
    return sum(_size(each) for kind in kinds if kind is not None for each in _alive(kind))


def _size(frame: Any) -> int:
    """The bytes of a frame; none of one that the signal found half made."""
    try:
        return int(frame.estimated_size())
    except AttributeError:
        return 0


def answer_in(file: Path) -> None:
    """Tell at SIGUSR1; the file is there once all is written."""

    def tell(*_: object) -> None:
        unfinished = file.with_suffix(".new")
        unfinished.write_text(str(held()), encoding="ascii")
        unfinished.replace(file)

    signal.signal(signal.SIGUSR1, tell)
    # Python takes its handlers away before it ends: a question that comes then would end it instead.
    atexit.register(signal.pthread_sigmask, signal.SIG_BLOCK, {signal.SIGUSR1})


def main(file: str, *program: str) -> None:
    answer_in(Path(file))
    is_module = program[0] == "-m"
    sys.argv = list(program[1:] if is_module else program)
    # As it would be were the program started by itself.
    sys.path.pop(0)
    if is_module:
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
