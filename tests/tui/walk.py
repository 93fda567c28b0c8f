"""A random walk through the app in a real terminal: `python -m tests.tui.walk --seconds 3600 [--seed N] [ARGUMENTS]`.

Keys, texts, pastes and sizes are drawn from a seed; after each handful of them the app must be there, answering, with
something on its screen and no traceback, and must not grow. At the end it must leave the terminal as it was.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Protocol

from balance_tui.tui.actions import REGISTRY
from balance_tui.tui.doing import load_all

from . import measured
from .terminal import Terminal, TerminalError, command

MEGABYTE = 1 << 20
LEAK = 0.5
"""Megabytes a thousand keys from which growth that goes on is a leak."""
MOST_GROWTH, LEAST_GROWTH = 20 * MEGABYTE, 2 * MEGABYTE
"""Growth that is too much however slow, and growth too small to tell from what the app keeps of its views: what a walk
of ten minutes held rose by a megabyte up to the 6,000th key, and by nothing up to the 18,000th. A leak of `LEAK` is
larger than this after 7,000 keys, four minutes; one of a megabyte a thousand keys after two."""
MOST_RESIDENT = 4 * MOST_GROWTH
"""What an allocator may keep of what was let go of and worked out again: 28 MB were seen where what was held stood."""
FEWEST_SAMPLES = 30
"""Samples of memory below which nothing is said about growth."""
SMALLEST = (60, 20)
"""The size from which the app shows more than a sentence."""

_COMMON = (
    "up", "down", "left", "right", "j", "k", "h", "l", "pageup", "pagedown", "home", "end", "enter", "escape", "tab",
    "shift+tab", "e", "slash", "n", "s", "f", "colon", "question_mark", "space",
)  # fmt: skip
_ODD = (
    *(f"f{number}" for number in range(1, 13)), "insert", "delete", "backspace", "alt+x", "shift+up", "shift+down",
    "ctrl+left", "ctrl+right", "ctrl+a", "ctrl+e", "ctrl+l", "ctrl+r", "ctrl+w", "ctrl+k", "ctrl+u",
)  # fmt: skip
_TEXTS = (
    "永宁小学", "yn", "小学 L2<1", "L2", "？", "：", "𠮷野", "cafe\u0301", "[b]粗[/b]", "｜“”", "\u200b\ufeff",
    "3102", ">=", "'\"\\",
)  # fmt: skip
_PASTES = (*_TEXTS, "一行\n又一行\r\n", "\x1b[31m红\x1b[0m", "永" * 400)
_RAW = (
    b"\x1b[1;5P", b"\x1b[200;1;1~", b"\x1b[<0;10;5M", b"\x1b[<0;10;5m", b"\x1b[I", b"\x1b[O", b"\xff\xfe", b"\x1b[?62;22c",
    b"\x1bOM", b"\x1b[M !!", b"\x1b]52;c;aGk=\x07",
)  # fmt: skip
_SIZES = ((20, 5), (40, 12), (59, 20), (60, 19), (60, 20), (80, 24), (100, 30), (120, 40), (200, 60))


class Step(Protocol):
    """One thing that happens to the app."""

    @property
    def keys(self) -> int: ...

    def take(self, terminal: Terminal) -> None: ...


@dataclass(frozen=True)
class Press:
    """A key."""

    key: str
    keys: int = 1

    def take(self, terminal: Terminal) -> None:
        terminal.press(self.key)


@dataclass(frozen=True)
class Send:
    """Bytes: a text of an input method, a paste in its brackets, what a terminal sends of itself."""

    data: bytes
    keys: int = 1

    def take(self, terminal: Terminal) -> None:
        terminal.send(self.data)


@dataclass(frozen=True)
class Resize:
    """Another size; a column more where the terminal has it already."""

    columns: int
    rows: int
    keys: int = 0

    def take(self, terminal: Terminal) -> None:
        terminal.mark()
        same = (terminal.screen.columns, terminal.screen.lines) == (self.columns, self.rows)
        terminal.resize(self.columns + same, self.rows)


def app_keys() -> tuple[str, ...]:
    """Every key of every action, but those that quit."""
    load_all()
    return tuple(sorted({key for each in REGISTRY.values() if each.id != "quit" for key in each.keys}))


FIRST = ("p", "escape", "c", "escape")
"""What is seen before a walk of the app: the standards, each evaluated behind the screen and kept, and two compared."""


def steps(draw: random.Random, keys: Sequence[str]) -> list[Step]:
    """A handful of what a person, or a bad line, may send."""
    if draw.random() < 0.08:
        columns, rows = (
            draw.choice(_SIZES) if draw.random() < 0.6 else (draw.randint(20, 200), draw.randint(5, 60))
        )
        return [Resize(columns, rows)]
    kind = draw.choices(("keys", "common", "same", "text", "paste", "odd", "raw"), (40, 25, 10, 10, 5, 6, 4))[
        0
    ]
    if kind == "same":
        return [Press(draw.choice(_COMMON))] * draw.randint(5, 25)
    if kind in ("keys", "common", "odd"):
        chosen = {"keys": keys, "common": _COMMON, "odd": _ODD}[kind]
        return [Press(draw.choice(chosen)) for _ in range(draw.randint(1, 12))]
    if kind == "raw":
        return [Send(draw.choice(_RAW))]
    if kind == "paste":
        return [Send(b"\x1b[200~" + draw.choice(_PASTES).encode() + b"\x1b[201~", 2)]
    printable = "".join(chr(draw.randint(33, 126)) for _ in range(draw.randint(1, 6)))
    text = draw.choice((*_TEXTS, printable.replace("q", "")))
    return [Send(text.encode(), len(text)), Press(draw.choice(("enter", "escape", "backspace", "down")))]


Steps = Callable[[random.Random, Sequence[str]], list[Step]]


@dataclass(frozen=True)
class Sample:
    """How many keys there have been, and the bytes then."""

    keys: int
    size: int


@dataclass
class Life:
    """The memory of an app from its start to its end: what it held (see `measured`), and what was resident, which is
    more by what allocators keep and by the code that has been used."""

    held: list[Sample] = field(default_factory=list)
    resident: list[Sample] = field(default_factory=list)

    @property
    def leaks(self) -> bool:
        """Whether what is held grows steadily, or what is resident grows too much to be an allocator's doing."""
        return growth(self.held).leaks or growth(self.resident).size > MOST_RESIDENT

    def __str__(self) -> str:
        return f"memory held {growth(self.held)}; resident {growth(self.resident)}"


@dataclass
class Walked:
    """What a walk saw. A life begins with each start of the app: it may end itself where a key asks it to."""

    seed: int
    bursts: int = 0
    keys: int = 0
    lives: list[Life] = field(default_factory=list)

    @property
    def longest(self) -> Life:
        """The life that tells most."""
        return max(self.lives, key=lambda life: len(life.held))

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.bursts} bursts, {self.keys} keys, {len(self.lives)} starts; {self.longest}"


@dataclass(frozen=True)
class Growth:
    """Bytes by which what was held at most rose after the first third; `steady` leaves the largest step
    and the smallest away, and so do the `keys` that it is over."""

    size: float
    steady: float
    keys: int

    @property
    def slope(self) -> float:
        """Megabytes of steady growth a thousand keys."""
        return self.steady / MEGABYTE * 1000 / max(self.keys, 1)

    @property
    def leaks(self) -> bool:
        return self.size > MOST_GROWTH or (self.steady > LEAST_GROWTH and self.slope > LEAK)

    def __str__(self) -> str:
        return f"{self.size / MEGABYTE:+.1f} MB after warming up, {self.slope:+.2f} MB per 1,000 keys"


def growth(samples: Sequence[Sample]) -> Growth:
    """What was held at most up to each of fifteen stretches, over the last ten of them: the second highest of each, as
    the highest may be one while data is read anew. What is let go of then is worked out again by and by, so that below
    is nothing to begin from. One step may be a view seen for the first time; a leak goes on."""
    if len(samples) < FEWEST_SAMPLES:
        return Growth(0, 0, 0)
    size = len(samples) / 15
    stretches = [samples[round(n * size) : round((n + 1) * size)] for n in range(15)]
    marks = [sorted(stretch, key=lambda sample: sample.size)[-2:][0] for stretch in stretches if stretch]
    highest = accumulate((mark.size for mark in marks), max)
    later = [Sample(stretch[0].keys, size) for stretch, size in zip(stretches, highest, strict=True)][5:]
    steps = [Sample(b.keys - a.keys, b.size - a.size) for a, b in pairwise(later)]
    inner = sorted(steps, key=lambda step: step.size)[1:-1]
    return Growth(
        later[-1].size - later[0].size, sum(step.size for step in inner), sum(step.keys for step in inner)
    )


class Walk:
    """One walk of a program of Python; `keys` are those it knows, `first` those pressed before the walk, after each of
    which it is left until its memory stands: what it learns then is kept, and would look like a leak later. It ends
    after `bursts` handfuls of `steps`, or `seconds`; its memory is asked for after every so many handfuls."""

    def __init__(
        self, argv: Sequence[str], keys: Sequence[str], *, seed: int, bursts: int | None = None,
        seconds: float | None = None, quit_keys: Iterable[str] = ("escape", "escape", "escape", "ctrl+c"),
        answers_within: float = 30.0, steps: Steps = steps, measured_every: int = 10, first: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.first = tuple(first)
        self.argv, self.keys, self.bursts, self.quit_keys = list(argv), tuple(keys), bursts, tuple(quit_keys)
        self.answers_within, self.steps = answers_within, steps
        self.measured_every = measured_every
        self.draw = random.Random(seed)
        self.until = None if seconds is None else time.monotonic() + seconds
        self.walked = Walked(seed)
        self.recent: list[Step] = []

    def run(self) -> Walked:
        """Raises AssertionError with the seed, the last steps and the screen where something is wrong."""
        with tempfile.TemporaryDirectory() as folder:
            while not self._done():
                self._life(Path(folder))
        if self.walked.longest.leaks:
            raise AssertionError(f"memory grows: {self.walked}")
        return self.walked

    def _done(self) -> bool:
        late = self.until is not None and time.monotonic() > self.until
        return late or (self.bursts is not None and self.walked.bursts >= self.bursts)

    def _life(self, folder: Path) -> None:
        self.walked.lives.append(Life())
        self.told = folder / "held"
        argv = [self.argv[0], measured.__file__, str(self.told), *self.argv[1:]]
        environment = {"ESCDELAY": "20", **measured.ENVIRONMENT}
        with Terminal(argv, home=folder, cwd=folder, environment=environment) as terminal:
            try:
                self._began(terminal)
                while not self._done() and terminal.alive:
                    self._burst(terminal)
                self._end(terminal)
            except (TerminalError, AssertionError) as error:
                last = " ".join(map(_told, self.recent[-40:]))
                told = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("crash-*.txt"))
                raise AssertionError(f"{error}\nafter {self.walked}\nlast: {last}\n{told}") from error

    def _began(self, terminal: Terminal) -> None:
        """Keys typed before the app has the terminal are the line's, not its own."""
        terminal.wait_until(lambda text: terminal.screen.on_alternate_screen and bool(text.strip()))
        terminal.wait_quiet(0.5)
        for key in self.first:
            terminal.press(key)
            self._stands(terminal)

    def _stands(self, terminal: Terminal) -> None:
        """Until memory is the same three times in a row, or patience ends."""
        late = time.monotonic() + self.answers_within
        sizes: list[int] = []
        while time.monotonic() < late and not (
            len(sizes) > 2 and max(sizes[-3:]) - min(sizes[-3:]) < MEGABYTE
        ):
            terminal.wait_quiet(0.5, self.answers_within)
            sizes.append(self._held(terminal))

    def _burst(self, terminal: Terminal) -> None:
        for step in self.steps(self.draw, self.keys):
            self.recent = [*self.recent[-60:], step]
            step.take(terminal)
            self.walked.keys += step.keys
            if isinstance(step, Resize):
                # Nothing else is sure to be answered; one that hangs draws nothing for a new size.
                terminal.wait_bytes(self.answers_within)
        self.walked.bursts += 1
        terminal.wait_quiet(0.05, self.answers_within)
        if terminal.alive:
            self._look(terminal)

    def _look(self, terminal: Terminal) -> None:
        assert "Traceback" not in terminal.text, "a traceback on the screen"
        if terminal.screen.columns >= SMALLEST[0] and terminal.screen.lines >= SMALLEST[1]:
            # A size just given may not be drawn yet; the last key may have ended it.
            terminal.wait_until(lambda text: bool(text.strip()) or not terminal.alive, self.answers_within)
        if self.walked.bursts % self.measured_every == 0:
            self._measure(terminal)
        terminal.mark()

    def _measure(self, terminal: Terminal) -> None:
        held = self._held(terminal)
        if terminal.alive:
            life, keys = self.walked.lives[-1], self.walked.keys
            life.held.append(Sample(keys, held))
            life.resident.append(Sample(keys, terminal.memory().now))

    def _held(self, terminal: Terminal) -> int:
        """The bytes that the app says are in use; 0 where it has ended."""
        self.told.unlink(missing_ok=True)
        if terminal.alive:
            terminal.kill(signal.SIGUSR1)
            terminal.wait_until(lambda _: self.told.exists() or not terminal.alive, self.answers_within)
        return int(self.told.read_text(encoding="ascii")) if self.told.exists() else 0

    def _end(self, terminal: Terminal) -> None:
        """The app ends, here or of itself, with status 0 and the terminal as it was."""
        if terminal.alive:
            terminal.press(*self.quit_keys)
        status = terminal.wait_exit(self.answers_within)
        assert status == 0, f"ended with {status}"
        assert terminal.left_behind() == [], f"left behind: {', '.join(terminal.left_behind())}"
        assert "Traceback" not in terminal.text, "a traceback after the end"


def _told(step: Step) -> str:
    if isinstance(step, Press):
        return step.key
    return repr(step.data) if isinstance(step, Send) else repr(step)


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk for so many seconds; 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.tui.walk", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("arguments", nargs="*", default=["demo"], help="of balance-tui")
    options = parser.parse_intermixed_args(arguments)
    print(f"seed {options.seed}, {options.seconds:g} s", flush=True)
    try:
        walk = Walk(
            command(*options.arguments), app_keys(), seed=options.seed, seconds=options.seconds, first=FIRST
        )
        print(walk.run())
    except AssertionError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
