"""Plugins that mean ill or are merely broken: the program starts, names the plugin and the reason, and goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from balance_tui.errors import StandardInvalid
from balance_tui.plugins import hosting, limits, shelf
from balance_tui.plugins.registry import overview
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call
from tests.plugins.making import EXAMPLE, Shelf, manifest

GINI = (EXAMPLE / "example-gini.toml").read_text(encoding="utf-8")
HOOK = "@hookimpl\ndef dispersion_statistic(rows):\n    "
SOUND = 'return rows.group_by("_county", "stage", "indicator").agg(pl.lit(0.1).alias("statistic"))'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_sections(tmp_path / "sections.csv", [passing_county()])


@pytest.fixture
def hostile(shelves: Shelf) -> Callable[[str], Path]:
    """A plugin `bad` with a standard `judged-badly` that needs this code."""

    def make(code: str) -> Path:
        standard = GINI.replace("example-gini", "judged-badly").replace('"gini"', '"bad"')
        return shelves.hook("bad", code, "dispersion:bad", standards={"judged-badly.toml": standard})

    return make


def of(identity: str) -> tuple[str, str]:
    row = next(row for row in overview() if row.id == identity)
    return row.state, row.reason


RAISES = {
    "an error on import": ("raise ValueError('on import')", "ValueError: on import"),
    "SystemExit on import": ("raise SystemExit(0)", "SystemExit"),
    "KeyboardInterrupt on import": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "no Python": ("def (:", "SyntaxError"),
    "an import that is not there": ("import no_such_module_at_all", "ModuleNotFoundError"),
    "no hook at all": ("x = 1", "dispersion_statistic"),
    "a hook without a mark": ("def dispersion_statistic(rows): return rows", "dispersion_statistic"),
    "a hook nobody knows": (f"@hookimpl\ndef disperse(): ...\n{HOOK}{SOUND}", "disperse"),
    "a hook the manifest is silent of": (f"@hookimpl\ndef command(): return 0\n{HOOK}{SOUND}", "command"),
    "a parameter nobody gives": ("@hookimpl\ndef dispersion_statistic(lines): ...", "lines"),
    "an error": (HOOK + "raise ValueError('in the hook')", "ValueError: in the hook"),
    "an error of several lines": (HOOK + "raise ValueError('a\\nb\\x1b[31m')", "a\\nb\\x1b[31m"),
    "SystemExit": (HOOK + "raise SystemExit(0)", "SystemExit"),
    "sys.exit": ("import sys\n" + HOOK + "sys.exit('bye')", "SystemExit: bye"),
    "KeyboardInterrupt": (HOOK + "raise KeyboardInterrupt", "KeyboardInterrupt"),
    "GeneratorExit": (HOOK + "raise GeneratorExit", "GeneratorExit"),
    "a recursion without end": (HOOK + "return dispersion_statistic(rows)", "RecursionError"),
    "an assertion": (HOOK + "assert False", "AssertionError"),
    "an error that will not be told": (
        "class Mute(Exception):\n    def __str__(self): raise SystemExit\n" + HOOK + "raise Mute", "SystemExit",
    ),
    "a refusal that is for readers": (
        "from balance_tui.errors import InputRejected\nfrom balance_tui.language import Text\n"
        + HOOK + "raise InputRejected('X', Text('x', 'x'))", "InputRejected",
    ),
    "an error of the program's own": (
        "from balance_tui.errors import UsageError\nfrom balance_tui.language import Text\n"
        + HOOK + "raise UsageError('X', Text('x', 'x'))", "UsageError",
    ),
}  # fmt: skip
ROWS = 'rows.group_by("_county", "stage", "indicator").agg'
RUBBISH = {
    "nothing": ("return None", "NoneType"),
    "a number": ("return 0.1", "float"),
    "a dict": ("return {'_county': [0]}", "dict"),
    "a lazy frame": (SOUND.replace("rows.", "rows.lazy().", 1), "LazyFrame"),
    "other columns": (f"return {ROWS}(pl.lit(0.1).alias('value'))", "columns"),
    "a column more": (f"return {ROWS}(pl.lit(0.1).alias('statistic'), pl.lit(1).alias('x'))", "columns"),
    "text for a number": (f"return {ROWS}(pl.lit('0.1').alias('statistic'))", "statistic is String"),
    "truth for a number": (f"return {ROWS}(pl.lit(True).alias('statistic'))", "statistic is Boolean"),
    "NaN": (f"return {ROWS}(pl.lit(float('nan')).alias('statistic'))", "NaN"),
    "infinity": (f"return {ROWS}(pl.lit(float('-inf')).alias('statistic'))", "infinity"),
    "a county too few": (SOUND + ".head(1)", "missing"),
    "no rows": (SOUND + ".head(0)", "missing"),
    "rows twice": (f"x = {ROWS}(pl.lit(0.1).alias('statistic'))\n    return pl.concat([x, x])", "two rows"),
    "another county": (SOUND + ".with_columns(pl.col('_county') + 7)", "not asked for"),
    "a county without a number": (
        SOUND + ".with_columns(pl.when(pl.col('stage') == 'primary').then('_county').alias('_county'))", "not asked for",
    ),
    "a county below zero": (SOUND + ".with_columns(pl.lit(-1).alias('_county'))", "conversion"),
}  # fmt: skip


@pytest.mark.parametrize("name", RAISES)
def test_what_a_plugin_raises_is_told_and_the_program_goes_on(
    name: str, hostile: Callable[[str], Path], data: Path
) -> None:
    code, reason = RAISES[name]
    home = hostile(code)
    told = call("evaluate", data, "--profile", "judged-badly", "--lang", "en")
    assert told.code == 4
    assert told.errors.startswith(f"PLUGIN-FAILED {home / 'hooks.py'}")
    assert "the plugin bad failed in dispersion_statistic" in told.errors
    assert reason in told.errors
    assert len(told.errors.splitlines()) == 1
    assert of("bad")[0] == "failed"
    assert reason in of("bad")[1]
    assert call("evaluate", data).code == 0


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_is_never_judged_upon(name: str, hostile: Callable[[str], Path], data: Path) -> None:
    code, reason = RUBBISH[name]
    hostile(HOOK + code)
    told = call("evaluate", data, "--profile", "judged-badly", "--format", "json", "--lang", "en")
    assert (told.code, told.output) == (4, "")
    assert reason in told.errors
    assert of("bad")[0] == "failed"


def test_the_line_of_the_plugin_at_fault_is_named(hostile: Callable[[str], Path], data: Path) -> None:
    home = hostile(HOOK + "x = 1\n    raise ValueError(x)")
    told = call("evaluate", data, "--profile", "judged-badly")
    line = (home / "hooks.py").read_text(encoding="utf-8").splitlines().index("    raise ValueError(x)") + 1
    assert told.errors.startswith(f"PLUGIN-FAILED {home / 'hooks.py'}:{line}: ")


def test_null_is_unknown_and_no_fault(hostile: Callable[[str], Path], data: Path) -> None:
    hostile(HOOK + SOUND.replace("pl.lit(0.1)", "pl.lit(None, pl.Float64)"))
    told = call("evaluate", data, "--profile", "judged-badly", "--format", "json")
    assert {row["status"] for row in told.json["dispersion"]} == {"unknown"}
    assert of("bad")[0] == "ready"


@pytest.mark.parametrize(
    ("figure", "status"), [("0.3", "pass"), ("0.3 + 1e-12", "pass"), ("0.3 + 1e-8", "fail")]
)
def test_a_figure_on_its_limit_is_on_its_limit(
    figure: str, status: str, hostile: Callable[[str], Path], data: Path
) -> None:
    hostile(HOOK + SOUND.replace("0.1", figure))
    told = call("evaluate", data, "--profile", "judged-badly", "--format", "json")
    rows = [row for row in told.json["dispersion"] if row["stage"] == "primary"]
    assert {row["status"] for row in rows} == {status}


def test_what_is_printed_does_not_get_into_the_answer(hostile: Callable[[str], Path], data: Path) -> None:
    hostile(HOOK + "print('noise')\n    " + SOUND)
    told = call("evaluate", data, "--profile", "judged-badly", "--format", "json")
    assert told.json["dispersion"]
    assert "noise" in told.errors


def test_what_a_plugin_does_to_the_rows_it_gets_changes_nothing(
    hostile: Callable[[str], Path], data: Path
) -> None:
    spoil = 'rows.drop_in_place("weight"); rows.insert_column(0, pl.Series("x", [1]).new_from_index(0, rows.height))'
    hostile(HOOK + f"answer = {SOUND.removeprefix('return ')}\n    {spoil}\n    return answer")
    assert call("evaluate", data, "--profile", "judged-badly").code == 0


def test_none_of_its_hooks_is_called_again(shelves: Shelf, data: Path) -> None:
    code = 'COUNT = []\n@hookimpl\ndef command(name):\n    COUNT.append(1)\n    raise ValueError(f"call {len(COUNT)}")'
    text = (
        'id = "bad"\nversion = "1"\napi = ">=1"\ntitle = "x"\nmodule = "hooks.py"\n[commands]\nburst = "x"\n'
    )
    code = "from balance_tui.plugins.hooks import hookimpl\n" + code
    shelves.put("bad", {"balance-plugin.toml": text, "hooks.py": code})
    for _ in range(2):
        told = call("burst")
        assert told.code == 4
        assert "call 1" in told.errors
    assert call("evaluate", data).code == 0


def test_mended_it_may_be_used_again(hostile: Callable[[str], Path], data: Path) -> None:
    home = hostile(HOOK + "return 1")
    assert call("evaluate", data, "--profile", "judged-badly").code == 4
    file = home / "hooks.py"
    file.write_text(file.read_text(encoding="utf-8").replace("return 1", SOUND), encoding="utf-8")
    shelf.rescan()
    assert call("evaluate", data, "--profile", "judged-badly").code == 0


# Hooks that hang


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.SECONDS, "0.3")


LOOPS = {
    "sleeps": "import time; time.sleep(600)",
    "counts": "while True: pass",
    "swallows what it is told": "\n    ".join(
        (
            "import time",
            "for _ in range(2):",
            "    try: time.sleep(600)",
            "    except BaseException: pass",
            SOUND,
        )
    ),
}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", ["sleeps", "counts"])
def test_on_the_command_line_an_alarm_ends_a_hook_that_hangs(
    name: str, hostile: Callable[[str], Path], data: Path
) -> None:
    before = signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGINT)
    hostile(HOOK + LOOPS[name])
    told = call("evaluate", data, "--profile", "judged-badly", "--lang", "en")
    assert told.code == 4
    assert "within 0.3 seconds" in told.errors
    assert of("bad")[0] == "failed"
    assert (signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGINT)) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.mark.parametrize("sent", ["the alarm", "ctrl+c"])
def test_a_hook_that_swallows_whatever_ends_it_ends_with_the_program_which_says_so(
    sent: str, hostile: Callable[[str], Path], data: Path
) -> None:
    keys = "import os, signal\n" + HOOK if sent == "ctrl+c" else HOOK
    loop = ("while True:", "    try:")
    hit = ("        os.kill(os.getpid(), signal.SIGINT)",) if sent == "ctrl+c" else ()
    rest = ("        import time; time.sleep(0.01)", "    except BaseException: pass")
    hostile(keys + "\n    ".join((*loop, *hit, *rest)))
    seconds = "60" if sent == "ctrl+c" else "0.2"
    done = subprocess.run(
        [sys.executable, "-m", "balance_tui", "--lang", "en", "evaluate", data, "--profile", "judged-badly"],
        env={**os.environ, limits.SECONDS: seconds}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == (130 if sent == "ctrl+c" else 4)
    assert "the plugin bad failed in dispersion_statistic: it does not let itself be stopped" in done.stderr
    assert "plugin disable bad" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("hasty")
def test_a_module_that_hangs_while_it_is_imported_is_ended(
    hostile: Callable[[str], Path], data: Path
) -> None:
    hostile("import time\ntime.sleep(600)")
    assert call("evaluate", data, "--profile", "judged-badly").code == 4
    assert of("bad")[0] == "failed"


@pytest.mark.usefixtures("hasty")
def test_an_alarm_that_is_swallowed_comes_again(hostile: Callable[[str], Path], data: Path) -> None:
    hostile(HOOK + LOOPS["swallows what it is told"])
    assert call("evaluate", data, "--profile", "judged-badly").code in (0, 4)
    assert call("evaluate", data).code == 0


def in_a_thread(work: Callable[[], object]) -> BaseException | None:
    """What a thread of the app raises."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever it is
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None


ASKED = pl.DataFrame(
    {"_county": [0], "stage": ["primary"], "indicator": ["L1"], "value": [1.0], "weight": [1.0]},
    schema_overrides={"_county": pl.UInt32},
)


@pytest.mark.usefixtures("hasty")
def test_in_the_app_a_hook_that_hangs_is_left_behind_in_a_thread_that_lets_the_program_end(
    hostile: Callable[[str], Path],
) -> None:
    home = hostile(
        "import time\nfrom pathlib import Path\n"
        + HOOK
        + "\n    ".join(
            (
                "end = Path(__file__).with_name('end')",
                "while not end.exists():",
                "    time.sleep(0.01)",
                SOUND,
            )
        )
    )
    error = in_a_thread(lambda: hosting.dispersion_statistic("bad", ASKED))
    assert isinstance(error, StandardInvalid)
    assert error.code == "PLUGIN-FAILED"
    assert of("bad")[0] == "failed"
    (left,) = (thread for thread in threading.enumerate() if thread.name == "plugin")
    assert left.daemon
    (home / "end").write_text("", encoding="utf-8")
    left.join(30)


@pytest.mark.usefixtures("hasty")
def test_a_module_that_hangs_in_the_app_keeps_no_other_plugin_from_being_loaded(
    hostile: Callable[[str], Path], shelves: Shelf
) -> None:
    home = hostile(
        "import time\nfrom pathlib import Path\nend = Path(__file__).with_name('end')\n"
        "while not end.exists():\n    time.sleep(0.01)\n" + HOOK + SOUND
    )
    assert in_a_thread(lambda: hosting.dispersion_statistic("bad", ASKED)) is not None
    shelves.hook("good", HOOK + SOUND, "dispersion:good")
    assert in_a_thread(lambda: hosting.dispersion_statistic("good", ASKED)) is None
    assert of("good")[0] == "ready"
    (left,) = (thread for thread in threading.enumerate() if thread.name == "plugin")
    (home / "end").write_text("", encoding="utf-8")
    left.join(30)


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "ValueError"])
def test_in_the_app_what_a_hook_raises_ends_no_thread_but_its_own(
    kind: str, hostile: Callable[[str], Path]
) -> None:
    hostile(HOOK + f"raise {kind}")
    error = in_a_thread(lambda: hosting.dispersion_statistic("bad", ASKED))
    assert isinstance(error, StandardInvalid)
    assert kind in str(error)


def test_ctrl_c_during_a_hook_is_the_persons_and_no_fault_of_the_plugin(
    hostile: Callable[[str], Path], data: Path
) -> None:
    hostile(
        "import os, signal, time\n" + HOOK + f"os.kill({os.getpid()}, signal.SIGINT)\n    time.sleep(600)"
    )
    assert call("evaluate", data, "--profile", "judged-badly").code == 130
    assert of("bad")[0] == "ready"


@pytest.mark.parametrize("given", ["", "nan", "-1", "0", "x", "inf", "1e99"])
def test_a_time_that_is_none_is_the_usual_one(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(limits.SECONDS, raising=False)
    usual = limits.patience()
    monkeypatch.setenv(limits.SECONDS, given)
    assert limits.patience() == usual > 0


# The other hooks


READER = """
@hookimpl
def read_platform_file(path):
    {0}
"""
TABLES = {
    "an error": "raise ValueError('x')",
    "nothing": "return None",
    "no tables": "return {}",
    "numbers": "return {'a': pl.DataFrame({'x': [1]})}",
    "a list": "return {'a': [1]}",
    "no name": "return {1: pl.DataFrame({'x': ['1']})}",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_reader_that_fails_is_a_rejected_file(name: str, shelves: Shelf, tmp_path: Path) -> None:
    shelves.hook("bad", READER.format(TABLES[name]), "reader:.bad")
    file = tmp_path / "x.bad"
    file.write_text("x", encoding="utf-8")
    told = call("evaluate", file)
    assert told.code == 3
    assert "PLUGIN-FAILED" in told.errors
    assert of("bad")[0] == "failed"


def test_two_readers_of_one_kind_of_file_are_an_error_and_neither_is_chosen(
    shelves: Shelf, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        shelves.hook(name, READER.format("return {'a': pl.DataFrame({'x': ['1']})}"), "reader:.bad")
    file = tmp_path / "x.bad"
    file.write_text("x", encoding="utf-8")
    told = call("evaluate", file)
    assert told.code == 3
    assert "PLUGIN-SEVERAL" in told.errors
    assert "one, two" in told.errors


CHECK = """
@hookimpl
def check_data(sections, counties):
    {0}
"""
KEYED = 'sections.select("province", "city", "county", "year", "school_id", "stage").head(1).with_columns'
FIND = f"return {KEYED}(code=pl.lit('X'), severity=pl.lit('warning'), message_zh=pl.lit('甲'), message_en=pl.lit('a'))"
FINDINGS = {
    "an error": "raise ValueError('x')",
    "nothing": "return None",
    "no message": FIND.replace("message_zh=pl.lit('甲'), ", ""),
    "a message that is null": FIND.replace("pl.lit('甲')", "pl.lit(None, pl.String)"),
    "another severity": FIND.replace("'warning'", "'grave'"),
    "an odd code": FIND.replace("'X'", "'x y'"),
    "an error of no field": FIND.replace("'warning'", "'error'"),
    "a field nobody knows": FIND[:-1] + ", field=pl.lit('nonsense'))",
    "another county": FIND[:-1] + ", county=pl.lit('乙县'))",
    "a column more": FIND[:-1] + ", more=pl.lit(1))",
}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_data_check_that_fails_is_itself_a_finding_and_the_rest_goes_on(
    name: str, shelves: Shelf, data: Path
) -> None:
    shelves.hook("bad", CHECK.format(FINDINGS[name]), "check")
    shelves.hook("good", CHECK.format(FIND), "check")
    told = call("evaluate", data, "--format", "json")
    assert told.code == 0
    codes = {row["code"]: row["severity"] for row in told.json["checks"]}
    assert codes["PLUGIN-FAILED"] == "warning"
    assert codes["good:X"] == "warning"
    assert told.json["counties"][0]["verdict"] is not None
    assert (of("bad")[0], of("good")[0]) == ("failed", "ready")


def test_a_finding_cannot_move_the_cursor(shelves: Shelf, data: Path) -> None:
    shelves.hook(
        "good", CHECK.format(FIND.replace("'甲'", "'甲\\x1b[31m'").replace("'a'", "'a\\n'")), "check"
    )
    for language in ("zh", "en"):
        (row,) = call("evaluate", data, "--format", "json", "--lang", language).json["checks"]
        assert row["message"].isprintable()


def test_a_plugin_may_reject_data(shelves: Shelf, data: Path) -> None:
    shelves.hook("strict", CHECK.format(FIND.replace("'warning'", "'reject'")), "check")
    told = call("evaluate", data)
    assert told.code == 3
    assert "strict:X" in told.errors


WRITER = """
@hookimpl
def write_platform_file(path):
    {0}
"""


@pytest.mark.parametrize(
    "code",
    [
        "return True",
        "return None",
        "path.write_text('half'); raise ValueError",
        "path.write_text('x'); return 1",
    ],
)
def test_a_writer_that_fails_leaves_what_was_there(
    code: str, shelves: Shelf, data: Path, tmp_path: Path
) -> None:
    shelves.hook("bad", WRITER.format(code), "writer:bad")
    out = tmp_path / "out.txt"
    out.write_text("before", encoding="utf-8")
    assert call("plugin", "write", "bad", data, "--out", out).code == 4
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.txt", "sections.csv"]
    assert of("bad")[0] == "failed"


PANEL = """
@hookimpl
def panel(county, frames):
    {0}
"""
VIEW = "return {'title': 'x', 'columns': ['a', 'b'], 'rows': [['1', '2']]}"


@pytest.mark.parametrize(
    "code",
    [
        "return None", "raise ValueError", "frames['no such frame']", VIEW.replace("'title': 'x', ", ""),
        VIEW.replace("'1', ", ""), VIEW.replace("'1'", "1"), VIEW.replace("['a', 'b']", "[]"),
        VIEW.replace("[['1', '2']]", "'12'"), VIEW.replace("'x'", "('x', 'y', 'z')"),
        VIEW.replace("[['1', '2']]", "[['1', '2']] * 1_000_000"),
    ],
)  # fmt: skip
def test_a_view_that_fails_is_told(code: str, shelves: Shelf, data: Path) -> None:
    shelves.hook("bad", PANEL.format(code), "panel")
    told = call("plugin", "panel", "bad", data)
    assert told.code == 4
    assert "PLUGIN-FAILED" in told.errors


def test_a_view_cannot_move_the_cursor(shelves: Shelf, data: Path) -> None:
    shelves.hook("good", PANEL.format(VIEW.replace("'1'", "'\\x1b[31m'")), "panel")
    told = call("plugin", "panel", "good", data)
    assert told.code == 0
    assert all(line.isprintable() for line in told.output.splitlines())


@pytest.mark.parametrize("returned", ["None", "True", "-1", "256", "'0'"])
def test_a_command_that_returns_no_exit_code_failed(returned: str, shelves: Shelf) -> None:
    text = (
        'id = "bad"\nversion = "1"\napi = ">=1"\ntitle = "x"\nmodule = "hooks.py"\n[commands]\nburst = "x"\n'
    )
    code = f"from balance_tui.plugins.hooks import hookimpl\n@hookimpl\ndef command(name):\n    return {returned}\n"
    shelves.put("bad", {"balance-plugin.toml": text, "hooks.py": code})
    assert call("burst").code == 4


SCORES = {
    "an error": "raise ValueError", "nothing": "return None", "too many": "agg(pl.lit(11.0).alias('score'))",
    "below zero": "agg(pl.lit(-1).alias('score'))", "NaN": "agg(pl.lit(float('nan')).alias('score'))",
    "text": "agg(pl.lit('5').alias('score'))",
}  # fmt: skip


@pytest.mark.parametrize("name", SCORES)
def test_points_that_cannot_be_are_refused(name: str, shelves: Shelf) -> None:
    code = SCORES[name] if SCORES[name].startswith("r") else f'return rows.group_by("_county").{SCORES[name]}'
    shelves.hook("bad", f"@hookimpl\ndef score_point(rows):\n    {code}\n", "scorer:bad")
    rows = pl.DataFrame(
        {"_county": [0, 1], "status": ["pass", "fail"]}, schema_overrides={"_county": pl.UInt32}
    )
    with pytest.raises(StandardInvalid, match="PLUGIN-FAILED"):
        hosting.score_point("bad:bad", {"id": "X", "max": 10, "options": {}}, rows)


WORDS = "status=pl.lit('pass'), grade=pl.lit(None, pl.String), reason_zh=pl.lit('甲'), reason_en=pl.lit('a')"
DECISIONS = {
    "an error": "raise ValueError", "nothing": "return None",
    "another word": WORDS.replace("'pass'", "'excellent'"), "floor": WORDS.replace("'pass'", "'floor'"),
    "null": WORDS.replace("pl.lit('pass')", "pl.lit(None, pl.String)"),
    "a reason in one language": WORDS.replace("pl.lit('a')", "pl.lit(None, pl.String)"),
}  # fmt: skip


@pytest.mark.parametrize("name", DECISIONS)
def test_verdicts_that_cannot_be_are_refused(name: str, shelves: Shelf) -> None:
    given = DECISIONS[name]
    code = (
        given if given.startswith("r") else f'return parts.select("_county").unique().with_columns({given})'
    )
    shelves.hook("bad", f"@hookimpl\ndef decide(parts):\n    {code}\n", "decision:bad")
    parts = pl.DataFrame(
        {"_county": [0, 0], "id": ["a", "b"], "status": ["pass", "fail"]},
        schema_overrides={"_county": pl.UInt32},
    )
    with pytest.raises(StandardInvalid, match="PLUGIN-FAILED"):
        hosting.decide("bad", parts)


def test_a_standard_whose_statistic_nobody_provides_is_invalid_with_its_line(
    hostile: Callable[[str], Path], data: Path
) -> None:
    home = hostile(HOOK + SOUND)
    call("plugin", "disable", "bad")
    told = call("evaluate", data, "--profile", home / "judged-badly.toml", "--lang", "en")
    assert told.code == 4
    line = GINI.splitlines().index('statistic = "gini"') + 1
    assert told.errors.startswith(f"PLUGIN-NONE {home / 'judged-badly.toml'}:{line}: ")
    assert "the plugin bad would, but is disabled" in told.errors


def test_a_statistic_that_two_provide_must_name_its_plugin(
    hostile: Callable[[str], Path], shelves: Shelf, data: Path
) -> None:
    home = hostile(HOOK + SOUND)
    shelves.hook("other", HOOK + SOUND, "dispersion:bad")
    told = call("evaluate", data, "--profile", "judged-badly")
    assert told.code == 4
    assert "PLUGIN-SEVERAL" in told.errors
    standard = home / "judged-badly.toml"
    standard.write_text(
        standard.read_text(encoding="utf-8").replace('"bad"', '"other:bad"'), encoding="utf-8"
    )
    assert call("evaluate", data, "--profile", "judged-badly").code == 0


@pytest.mark.parametrize("text", ["x = [", "", "[standard]\nid = 1", "\x00"])
def test_a_standard_of_a_plugin_that_is_broken_leaves_the_others_alone(
    text: str, shelves: Shelf, data: Path
) -> None:
    manifest_ = manifest("bad", standards=("broken.toml",))
    shelves.put("bad", {"balance-plugin.toml": manifest_, "broken.toml": text})
    listed = call("profile", "list")
    assert listed.code == 0
    assert "national-2017" in listed.output
    assert "broken" in listed.errors
    assert call("evaluate", data).code == 0
    assert call("evaluate", data, "--profile", "broken").code == 4
