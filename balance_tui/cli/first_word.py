"""What the first word of a command line is: a command, data to open, or a command of a plugin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import UsageError, readable, visible
from ..language import Text


def with_command(arguments: Sequence[str], commands: Sequence[str]) -> Sequence[str]:
    """The arguments with `open` before them where their first word is no command but names data, with `plugin run` where
    it is a command of a plugin. Errors: `COMMAND` where it is neither."""
    word = first_word(arguments)
    if word is None or word in commands:
        return arguments
    # A glob that matches nothing is told like any other data that is not there.
    if _is_there(word) or "*" in word or "?" in word:
        return ["open", *arguments]
    if _is_of_plugin(word):
        return ["plugin", "run", *arguments]
    raise _no_such(word, commands)


def _is_of_plugin(word: str) -> bool:
    from ..plugins.shelf import providers

    return bool(providers(f"command:{word}"))


def first_word(arguments: Sequence[str]) -> str | None:
    """The first argument that is neither an option nor the value of one."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return next(rest, None)
        if argument in VALUED:
            next(rest, None)
        elif not argument.startswith("-") or argument == "-":
            return argument
    return None


VALUED = (
    "--lang", "--profile", "--county-facts", "--judgements", "--mapping", "--set", "--as-of", "--county", "--year",
    "--view", "--theme", "--ambiguous", "--workspace", "--as",
)  # fmt: skip
"""Options of `open` that take a value; a test holds them to its parser."""


def _is_there(word: str) -> bool:
    from glob import glob

    try:
        return Path(word).exists() or bool(glob(word))  # noqa: PTH207 - `Path.glob` takes no absolute pattern
    except (OSError, ValueError):
        return False


def _no_such(word: str, commands: Sequence[str]) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), commands, 1, 0.5)
    named = visible(readable(word))
    return UsageError(
        "COMMAND",
        Text(f"没有命令“{named}”, 也没有这个文件", f"there is neither a command nor a file '{named}'"),
        Text(f"最接近的命令是 {near[0]}", f"the nearest command is {near[0]}")
        if near
        else Text("balance-tui --help 列出命令", "balance-tui --help lists the commands"),
    )
