"""What the process writes to: encodings that lack a character, closed streams, readers that have gone."""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TextIO

_HANDLER = "balance_tui.nearest"

_NEAREST = {
    "✓": ("√",), "✗": ("×",), "–": ("—", "-"), "—": ("-",), "─": ("-",), "…": ("...",), "·": (".",),
    "㎡": ("m2",), "²": ("2",), "≥": (">=",), "≤": ("<=",), "×": ("x",), "→": ("->",), "≠": ("!=",),
}  # fmt: skip
"""Characters that a Chinese or plain terminal may lack, and what says the same, best first."""


class _Nowhere(io.StringIO):
    """A closed stream: takes everything, keeps nothing."""

    def write(self, text: str, /) -> int:
        return len(text)


def prepare() -> None:
    """Make standard output and standard error take any text: in an encoding without a character its nearest
    likeness is written, else its escape; a stream that is closed swallows what is written."""
    codecs.register_error(_HANDLER, _nearest)
    sys.stdout, sys.stderr = _sound(sys.stdout), _sound(sys.stderr)


def discard() -> None:
    """Let what is still buffered go nowhere, so that the interpreter has nothing to fail at as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def takes_all_text(stream: TextIO) -> bool:
    """Whether the stream's encoding has every character; a stream in memory has."""
    name = getattr(stream, "encoding", None)
    return name is None or codecs.lookup(name).name.startswith("utf")


def _sound(stream: TextIO | None) -> TextIO:
    if stream is None:
        return _Nowhere()
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=_HANDLER)
    return stream


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_likeness(character, error.encoding) for character in lacking), error.end


def _likeness(character: str, encoding: str) -> str:
    for candidate in _NEAREST.get(character, ()):
        try:
            candidate.encode(encoding)
        except UnicodeEncodeError:
            continue
        return candidate
    return character.encode("ascii", "backslashreplace").decode("ascii")
