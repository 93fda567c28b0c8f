"""The command line: one module a command group, loaded only when its command runs."""

from __future__ import annotations

import sys
from importlib import import_module

from ..errors import BalanceError, StandardInvalid, UsageError
from ..language import LANGUAGES, Language, Text, language_of_locale, use_language
from ..plugins.safe import use_safe_mode
from .arguments import parse
from .streams import discard, prepare

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns the exit code of DESIGN 8; never raises, never shows a traceback for a user's
    mistake: errors go to standard error as `CODE place: what; how to mend`."""
    # `login` starts anew by itself, and then takes over nothing else of its environment.
    if argv is None and sys.argv[1:2] != ["login"] and any("://" in argument for argument in sys.argv):
        import_module(".secrecy", __package__).hide()
    prepare()
    arguments = sys.argv[1:] if argv is None else argv
    use_language(_language(arguments))
    use_safe_mode("--safe-mode" in arguments)
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has gone: nothing more to say
        discard()
        return 0
    except OSError as error:
        discard()
        return _tell(_failed(error))


def _run(arguments: list[str]) -> int:
    try:
        options = parse(arguments)
        if options is None:
            return 0
        return int(import_module(f".{options.module}", __package__).run(options))
    except BalanceError as error:
        return _tell(error)


def _tell(error: BalanceError) -> int:
    for problem in error.problems if isinstance(error, StandardInvalid) else (error,):
        print(problem, file=sys.stderr)
    return error.exit_code


def _failed(error: OSError) -> UsageError:
    """What the system refused where no module had a better word for it: a full disk, a broken terminal."""
    where, why = error.filename or Text("输出", "the output"), error.strerror or str(error)
    what = Text("不能写入 {where}: {why}", "cannot write to {where}: {why}").fill(where=where, why=why)
    return UsageError("OUT", what)


def _language(arguments: list[str]) -> Language:
    """The language of `--lang`, which must be known before the help is written; else of the locale."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            chosen = value or next(iter(arguments[position + 1 :]), "")
            return next((language for language in LANGUAGES if language == chosen), language_of_locale())
    return language_of_locale()
