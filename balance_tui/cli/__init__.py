"""The command line: one module a command group, loaded only when its command runs."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from ..errors import BalanceError, StandardInvalid
from ..language import LANGUAGES, Language, language_of_locale, use_language
from .arguments import parse

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns the exit code of DESIGN 8; never raises, never shows a traceback for a user's
    mistake: errors go to standard error as `CODE place: what; how to mend`."""
    arguments = sys.argv[1:] if argv is None else argv
    use_language(_language(arguments))
    try:
        options = parse(arguments)
        if options is None:
            return 0
        code = import_module(f".{options.module}", __package__).run(options)
        sys.stdout.flush()
        return int(code)
    except BalanceError as error:
        for problem in error.problems if isinstance(error, StandardInvalid) else (error,):
            print(problem, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has gone: nothing more to say, and nothing for the interpreter to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _language(arguments: list[str]) -> Language:
    """The language of `--lang`, which must be known before the help is written; else of the locale."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            chosen = value or next(iter(arguments[position + 1 :]), "")
            return next((language for language in LANGUAGES if language == chosen), language_of_locale())
    return language_of_locale()
