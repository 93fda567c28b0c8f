"""Whatever is fed to the command line: a message with a code and a place, never a traceback, a colour or a loss."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from balance_tui.cli import main
from balance_tui.data import checks
from balance_tui.data.load import read_dataset
from balance_tui.sample import write

from .nasty import TABLE, Nasty, added, cell, header, raw, rows_of, write_rows

FILES = ("schools", "county-facts", "judgements", "rooms", "class_list")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One county and year of the sample in the contract's layout: 71 rows of schools."""
    whole, folder = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("sound")
    write(whole, "contract")
    for name in FILES:
        rows = rows_of(whole / f"{name}.csv")
        county, year = rows[0].index("county"), rows[0].index("year")
        kept = [row for row in rows[1:] if (row[county], row[year]) == ("示例甲县", "2024")]
        write_rows(folder / f"{name}.csv", [rows[0], *kept])
    return folder


@pytest.fixture
def folder(sound: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to spoil; what the program writes unasked lands beside it."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setenv("PYTHONPATH", str(root))
    return Path(shutil.copytree(sound, tmp_path / "data"))


def evaluated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["evaluate", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def codes(result: dict[str, Any]) -> list[str]:
    return [check["code"] for check in result["checks"]]


def balance(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "balance_tui", *arguments],
        capture_output=True, env={**os.environ, **environment}, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("nasty", TABLE, ids=[nasty.name for nasty in TABLE])
def test_bad_input_is_told_with_a_code_and_a_place(
    nasty: Nasty, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["evaluate", *nasty.spoil(folder)])
    out, err = capsys.readouterr()
    assert code == nasty.code, err
    assert "Traceback" not in err
    assert "\x1b" not in out + err
    lines = (err if code else out).splitlines()
    assert any(all(part in line for part in nasty.told) for line in lines), out + err


def test_sound_input_has_nothing_to_tell(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = evaluated([str(folder)], capsys)
    assert result["checks"] == []
    assert [county["verdict"] for county in result["counties"]] == ["relieved"]


@pytest.mark.parametrize(
    "text", ["", "—", "无", "abc", "-5", "NaN", "inf", "1e300", "12万", "0", "12人", "١٢٣"]
)
def test_a_figure_that_cannot_be_read_or_contradicts_others_leaves_the_verdict_unknown(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluated(cell("schools.csv", "students", text)(folder), capsys)
    assert [county["verdict"] for county in result["counties"]] == ["unknown"]


@pytest.mark.parametrize(
    "text", ["1,135", "１１３５", " 1135 ", "1，135", "+1135", "1.135e3", "1135.0", "01135"]
)
def test_a_figure_written_another_way_is_the_same_figure(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluated(cell("schools.csv", "students", text)(folder), capsys)
    assert result["checks"] == []
    assert [county["verdict"] for county in result["counties"]] == ["relieved"]


@pytest.mark.parametrize(
    "name", ["[red]x[/red]", "=1+1", "\x1b[31mx\x1b[0m", "a\nb", "\u202eabc", "😀", "长" * 5000, "\ue000"]
)
def test_a_name_is_shown_as_it_is_and_colours_nothing(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil = cell("schools.csv", "school", name)
    arguments = spoil(folder)
    cell("schools.csv", "teachers", "1")(folder)
    assert main(["evaluate", *arguments]) == 0
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "\u202e" not in out
    assert "a\nb" not in out
    result = evaluated(arguments, capsys)
    assert name in {row["school"] for row in result["schools"]}


def test_findings_that_name_no_county_are_shown_with_every_county(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = added("judgements.csv", county="示例已县", item="G01", answer="yes")(folder)
    assert main(["evaluate", *arguments, "--county", "示例甲县"]) == 0
    assert "JOIN-COUNTY" in capsys.readouterr().out


def test_a_flood_of_findings_of_one_kind_hides_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added("judgements.csv", item="G99", answer="yes")(folder)
    rows = rows_of(folder / "rooms.csv")
    write_rows(folder / "rooms.csv", [rows[0], *([*row[:-1], "x"] for row in rows[1:])])
    assert main(["evaluate", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.count("READ-DETAIL") == 3
    assert "JUDGE-ITEM" in out
    assert "--json" in out


def test_findings_are_shown_where_many_counties_are_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(folder / "schools.csv")
    county, number = rows[0].index("county"), rows[0].index("school_id")
    more = [list(row) for name in ("乙县", "丙县") for row in rows[1:]]
    for index, row in enumerate(more):
        row[county], row[number] = ("乙县", "丙县")[index // (len(rows) - 1)], f"9{index:09}"
    more[0][rows[0].index("students")] = "abc"
    write_rows(folder / "schools.csv", [*rows, *more])
    assert main(["evaluate", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "NUM-TEXT" in out
    assert f"schools.csv:{len(rows) + 1}" in out


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_only_the_county_asked_for_is_told_in_every_format(kind: str, folder: Path, tmp_path: Path) -> None:
    cell("schools.csv", "county", "另县")(folder)
    arguments = [
        "evaluate",
        str(folder),
        "--county",
        "另县",
        "--format",
        kind,
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(arguments) == 0
    if kind == "json":
        told = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))["schools"]
    else:
        told = pl.read_csv(tmp_path / "out" / "schools.csv").to_dicts()
    assert {row["county"] for row in told} == {"另县"}


def test_strict_asks_only_after_the_county_asked_for(folder: Path) -> None:
    # One school gone to another county leaves the first with a verdict and the other with none.
    cell("schools.csv", "county", "另县")(folder)
    moved = rows_of(folder / "schools.csv")[3][rows_of(folder / "schools.csv")[0].index("school_id")]
    for name in ("rooms.csv", "class_list.csv", "judgements.csv"):
        write_rows(folder / name, [row for row in rows_of(folder / name) if moved not in row])
    assert main(["evaluate", str(folder), "--strict", "--county", "示例甲县"]) == 0
    assert main(["evaluate", str(folder), "--strict", "--county", "另县"]) == 1


def test_a_judgement_for_another_standard_is_no_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluated(added("judgements.csv", item="A20", answer="yes")(folder), capsys)
    assert "JUDGE-ITEM" not in codes(result)


def test_every_school_whose_list_is_unreadable_is_named_however_many(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(folder / "rooms.csv")
    area, number = rows[0].index("area"), rows[0].index("school_id")
    write_rows(folder / "rooms.csv", [rows[0], *([*row[:area], "x", *row[area + 1 :]] for row in rows[1:])])
    result = evaluated([str(folder)], capsys)
    named = {check["school_id"] for check in result["checks"] if check["code"] == "READ-DETAIL"}
    assert named == {row[number] for row in rows[1:]}
    assert len(named) > 50


def test_rows_of_unknown_schools_beyond_those_named_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(folder / "class_list.csv")
    number = rows[0].index("school_id")
    write_rows(
        folder / "class_list.csv", [rows[0], *([*row[:number], "x", *row[number + 1 :]] for row in rows[1:])]
    )
    result = evaluated([str(folder)], capsys)
    assert codes(result).count("JOIN-SCHOOL") == 50
    more = next(check for check in result["checks"] if check["code"] == "JOIN-SCHOOL-MORE")
    assert str(len(rows) - 1 - 50) in more["message"]
    assert more["place"].endswith("class_list.csv:52")


def test_lines_may_end_as_on_the_old_macintosh(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = raw("schools.csv", lambda data: data.replace(b"\n", b"\r"))(folder)
    assert evaluated(arguments, capsys)["checks"] == []


def test_a_byte_order_mark_within_a_header_is_no_part_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = evaluated(header("students", "\ufeffstudents")(folder), capsys)
    assert [county["verdict"] for county in result["counties"]] == ["relieved"]


def test_a_note_below_the_schools_is_no_short_row(folder: Path) -> None:
    arguments = raw("schools.csv", lambda data: data + "注:本表,为虚构\n".encode())(folder)
    assert main(["evaluate", *arguments]) == 0


def test_a_short_row_of_judgements_is_told_and_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of(folder / "judgements.csv")
    last = ",".join(rows[-1][: rows[0].index("source")])
    arguments = raw("judgements.csv", lambda data: data.rstrip(b"\n") + f"\n{last}\n".encode())(folder)
    result = evaluated(arguments, capsys)
    told = next(check for check in result["checks"] if check["code"] == "READ-SHORT-ROW")
    assert told["place"].endswith("judgements.csv:102")


def test_a_file_given_twice_is_read_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluated([str(folder), str(folder / "schools.csv"), f"{folder}/*.csv"], capsys)["checks"] == []


def test_a_mark_that_a_file_name_holds_stays_an_escape(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = os.fsencode(folder) + b"/a\xff\x1b[31m\n.csv"
    os.rename(os.fsencode(folder / "schools.csv"), odd)  # noqa: PTH104 - no `Path` holds such a name
    cell_of_it = Path(os.fsdecode(odd))
    rows = rows_of(cell_of_it)
    rows[3][rows[0].index("students")] = "abc"
    write_rows(cell_of_it, rows)
    assert main(["evaluate", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\xff" in out
    assert main(["evaluate", str(folder), "--json"]) == 0


def test_a_merged_figure_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "wide")
    path, merged = tmp_path / "示例甲县2024年小学.xlsx", tmp_path / "示例甲县2024年小学合并.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(merged, "w") as target:
        for name in source.namelist():
            text = source.read(name).replace(b"</mergeCells>", b'<mergeCell ref="H12:H14"/></mergeCells>')
            target.writestr(name, text if name.startswith("xl/worksheets/") else source.read(name))
    result = evaluated([str(merged)], capsys)
    told = next(check for check in result["checks"] if check["code"] == "READ-MERGED")
    assert told["value"] == "H12:H14"
    assert told["place"].endswith(":小学")


def test_empty_and_hidden_sheets_and_headers_without_rows_are_harmless(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(folder / "schools.csv")
    (folder / "schools.csv").unlink()
    with xlsxwriter.Workbook(folder / "schools.xlsx") as book:
        for index, row in enumerate(rows):
            sheet = book.worksheets()[0] if book.worksheets() else book.add_worksheet("学校")
            sheet.write_row(index, 0, row)
        book.add_worksheet("空表")
        hidden = book.add_worksheet("隐藏")
        hidden.write_row(0, 0, rows[0])
        hidden.hide()
        book.add_chartsheet("图")
    result = evaluated([str(folder)], capsys)
    assert [county["verdict"] for county in result["counties"]] == ["relieved"]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("list", pl.concat_list("students")),
        ("struct", pl.struct("students", "teachers")),
        ("duration", pl.duration(days=1)),
        ("time", pl.time(12, 0, 0)),
        ("true", pl.lit(True)),
        ("nan", pl.lit(float("nan"))),
        ("infinite", pl.lit(float("inf"))),
        ("huge", pl.lit(2**63, pl.UInt64)),
        ("nothing", pl.lit(None)),
    ],
)
def test_parquet_columns_of_any_type_leave_the_verdict_unknown(
    name: str, column: pl.Expr, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schools = pl.read_csv(folder / "schools.csv", infer_schema=False)
    (folder / "schools.csv").unlink()
    schools.with_columns(column.alias("students")).write_parquet(folder / "schools.parquet")
    result = evaluated([str(folder)], capsys)
    assert [county["verdict"] for county in result["counties"]] == ["unknown"]
    told = str([check["place"] for check in result["checks"]])
    assert ("schools.parquet" in told) == (name != "nothing")


def test_text_that_parquet_calls_binary_is_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schools = pl.read_csv(folder / "schools.csv", infer_schema=False)
    (folder / "schools.csv").unlink()
    binary = schools.select(pl.all().cast(pl.Binary))
    binary.write_parquet(folder / "schools.parquet")
    assert evaluated([str(folder)], capsys)["checks"] == []


@pytest.mark.parametrize("name", ["_row", "_source", "_name", "c1", "_index", "_counted"])
def test_a_column_may_bear_any_name(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schools = pl.read_csv(folder / "schools.csv", infer_schema=False)
    (folder / "schools.csv").unlink()
    schools.with_columns(pl.lit("9").alias(name)).write_parquet(folder / "schools.parquet")
    result = evaluated([str(folder)], capsys)
    assert [county["verdict"] for county in result["counties"]] == ["relieved"]


def test_one_code_for_many_schools_costs_no_more_than_many_codes(tmp_path: Path, sound: Path) -> None:
    schools = pl.read_csv(sound / "schools.csv", infer_schema=False)
    many = pl.concat([schools] * 300).with_columns(pl.lit("1").alias("school_id"))
    many = many.with_columns(pl.format("校{}", pl.int_range(pl.len())).alias("school"))
    many.write_csv(tmp_path / "schools.csv")
    dataset = read_dataset([tmp_path / "schools.csv"])
    found = replace(dataset, findings=checks.run(dataset))
    # Twenty thousand findings that each mean every one of twenty thousand rows: joined, they end the process.
    trusted = checks.trusted(found)
    assert trusted.sections.height < 10
    assert trusted.sections["students"].null_count() == trusted.sections.height


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
@pytest.mark.parametrize("command", ["evaluate", "json", "help", "profile", "fault"])
def test_a_terminal_that_lacks_characters_gets_what_it_can_show(
    encoding: str, command: str, folder: Path
) -> None:
    arguments = {
        "evaluate": ["evaluate", str(folder)], "json": ["evaluate", str(folder), "--json"], "help": ["--help"],
        "profile": ["profile", "show", "national-2017"], "fault": ["evaluate", "没有"],
    }[command]  # fmt: skip
    done = balance(*arguments, PYTHONIOENCODING=encoding)
    assert done.returncode == (3 if command == "fault" else 0), done.stderr
    assert b"Traceback" not in done.stderr
    if command == "json":
        assert json.loads(done.stdout.decode(encoding))["counties"][0]["county"] == "示例甲县"
    if (command, encoding) == ("evaluate", "gbk"):
        assert "√ 达标" in done.stdout.decode("gbk")


@pytest.mark.parametrize("columns", ["1", "0", "-5", "abc", "99999999999", ""])
def test_a_width_that_makes_no_sense_loses_no_figure(
    columns: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Within the test only: pytest's own report of it would fill a line of that width, and all the memory.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", columns)
        assert main(["evaluate", str(folder)]) == 0
    assert "0.232" in capsys.readouterr().out


def test_a_reader_that_leaves_is_no_fault(folder: Path) -> None:
    command = f"{sys.executable} -W error -m balance_tui evaluate {folder} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == b"0"
    assert done.stderr == b""


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_no_fault(redirection: str, folder: Path) -> None:
    command = f"{sys.executable} -W error -m balance_tui evaluate {folder} {redirection}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_full_disk_is_told(form: str, folder: Path) -> None:
    command = f"{sys.executable} -W error -m balance_tui evaluate {folder} --format {form} >/dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(b"OUT: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("seconds", [1.0, 2.0])
def test_an_interruption_ends_with_130_and_no_word(seconds: float, folder: Path) -> None:
    rows = rows_of(folder / "schools.csv")
    write_rows(folder / "schools.csv", [rows[0], *(rows[1:] * 3000)])
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "balance_tui", "evaluate", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
