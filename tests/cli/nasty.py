"""Bad input as a table: what is done to a sound folder, how it is called, what must be told of it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Spoil = Callable[[Path], list[str]]
"""Changes a folder of sound tables and gives the arguments behind `evaluate`."""


@dataclass(frozen=True)
class Nasty:
    """One bad input. `told` are parts of one message: its code, its place, what it names."""

    name: str
    spoil: Spoil
    told: tuple[str, ...]
    code: int = 0


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def cell(file: str, column: str, value: str, row: int = 3) -> Spoil:
    """One cell of a table; the header is row 0."""

    def spoil(folder: Path) -> list[str]:
        rows = rows_of(folder / file)
        rows[row][rows[0].index(column)] = value
        write_rows(folder / file, rows)
        return [str(folder)]

    return spoil


def added(file: str, **values: str) -> Spoil:
    """A further row of the county and year, with these cells."""

    def spoil(folder: Path) -> list[str]:
        rows = rows_of(folder / file)
        base = dict(zip(rows[0], rows[1], strict=True))
        known = {name: base[name] for name in ("province", "city", "county", "year")}
        write_rows(folder / file, [*rows, [(known | values).get(name, "") for name in rows[0]]])
        return [str(folder)]

    return spoil


def header(old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> list[str]:
        rows = rows_of(folder / "schools.csv")
        rows[0][rows[0].index(old)] = new
        write_rows(folder / "schools.csv", rows)
        return [str(folder)]

    return spoil


def raw(file: str, change: Callable[[bytes], bytes]) -> Spoil:
    """The bytes of a file (none where it is new) changed."""

    def spoil(folder: Path) -> list[str]:
        path = folder / file
        path.write_bytes(change(path.read_bytes() if path.exists() else b""))
        return [str(folder)]

    return spoil


def options(*arguments: str) -> Spoil:
    """Sound data, other options; `{}` stands for the folder."""
    return lambda folder: [str(folder), *(argument.replace("{}", str(folder)) for argument in arguments)]


def mapping(text: str) -> Spoil:
    def spoil(folder: Path) -> list[str]:
        path = folder.parent / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        return [str(folder), "--mapping", str(path)]

    return spoil


def standard(text: str) -> Spoil:
    def spoil(folder: Path) -> list[str]:
        path = folder.parent / "standard.toml"
        path.write_text(text, encoding="utf-8")
        return [str(folder), "--profile", str(path)]

    return spoil


def repeated(folder: Path) -> list[str]:
    rows = rows_of(folder / "schools.csv")
    twin = list(rows[1])
    twin[rows[0].index("students")] = "999"
    write_rows(folder / "schools.csv", [*rows, twin])
    return [str(folder)]


def bomb(_: bytes) -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/big.xml", "w") as member,
    ):
        for _count in range(1100):
            member.write(bytes(1 << 20))
    return held.getvalue()


def loop(folder: Path) -> list[str]:
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "self.csv").symlink_to(folder / "self.csv")
    return [str(folder)]


FOURTH = "schools.csv:4"
"""Where the row stands that `cell` changes."""

NUMBERS = (
    ("12人", "NUM-UNIT"), ("abc", "NUM-TEXT"), ("-5", "NUM-NEGATIVE"), ("NaN", "NUM-FINITE"), ("inf", "NUM-FINITE"),
    ("1e300", "NUM-RANGE"), ("12万", "NUM-UNIT-OTHER"), ("#REF!", "NUM-CELL-ERROR"), ("=1+1", "NUM-TEXT"),
    ("\x1b[31m5", "NUM-TEXT"), ("5\u202e", "NUM-TEXT"), ("[red]5", "NUM-TEXT"), ("1.2.3", "NUM-TEXT"),
    ("12\u200b00", "NUM-TEXT"), ("½", "NUM-TEXT"), ("1\n2", "NUM-TEXT"), ("99999999999999999999", "NUM-RANGE"),
)  # fmt: skip

TABLE: tuple[Nasty, ...] = (
    *(Nasty(f"students {text!r}", cell("schools.csv", "students", text), (code, FOURTH)) for text, code in NUMBERS),
    Nasty("a type that is none", cell("schools.csv", "school_type", "天桥"), ("NUM-CODE", FOURTH, "天桥")),
    Nasty("a stage that is none", cell("schools.csv", "stage", "大学"), ("READ-STAGE-UNKNOWN", FOURTH), 3),
    Nasty("a year that is none", cell("schools.csv", "year", "abc"), ("NUM-TEXT", FOURTH)),
    Nasty("a parent that is none", cell("schools.csv", "campus_of", "nosuch"), ("JOIN-CAMPUS-PARENT", "nosuch")),
    Nasty("no name", cell("schools.csv", "school_id", ""), ("READ-NO-ID",)),
    Nasty("one school twice", repeated, ("C09", "schools.csv:2")),
    Nasty("empty", raw("schools.csv", lambda _: b""), ("READ-EMPTY", "schools.csv"), 3),
    Nasty("blank", raw("schools.csv", lambda _: b"\n \n\n"), ("READ-EMPTY", "schools.csv"), 3),
    Nasty("header only", raw("schools.csv", lambda b: b.partition(b"\n")[0]), ("READ-NO-ROWS", "schools.csv"), 3),
    Nasty("cut off in a row", raw("schools.csv", lambda b: b[:5000]), ("READ-SHORT", "schools.csv:"), 3),
    Nasty("a cell too many", raw("schools.csv", lambda b: b.rstrip(b"\n") + b",7\n"), ("READ-RAGGED", ":72"), 3),
    Nasty("NUL", raw("schools.csv", lambda b: b.replace(b"1407", b"1\x007")), ("READ-NUL", "schools.csv:2"), 3),
    Nasty("broken UTF-8", raw("schools.csv", lambda b: b[:4000] + b"\xff" + b[4000:]), ("READ-ENCODING", "schools.csv:"), 3),
    Nasty(
        "an open quote", raw("schools.csv", lambda b: b.replace("示例甲县尚德小学".encode(), '"尚德'.encode())),
        ("READ-CSV", FOURTH), 3,
    ),
    Nasty("no header", raw("schools.csv", lambda b: b.partition(b"\n")[2]), ("READ-HEADER", "schools.csv"), 3),
    Nasty("50,000 columns", raw("wide.csv", lambda _: b"," * 50_000), ("READ-EMPTY", "wide.csv"), 3),
    Nasty("50,000 headers", raw("wide.csv", lambda _: b"a," * 50_000), ("READ-TOO-MANY-COLUMNS", "wide.csv"), 3),
    Nasty("a column misspelt", header("students", "studnets"), ("MAP-PROPOSAL", "schools.csv", "studnets"), 3),
    Nasty("a column twice", header("grades", "students"), ("MAP-TWICE", "schools.csv"), 3),
    Nasty("an unknown column", header("owner", "\x1b[31m[red]"), ("\\x1b[31m[red]",)),
    Nasty("a workbook that is text", raw("x.xlsx", lambda _: b"hello"), ("READ-BROKEN", "x.xlsx"), 3),
    Nasty("a workbook cut off", raw("x.xlsx", lambda _: b"PK\x03\x04" + bytes(999)), ("READ-BROKEN", "x.xlsx"), 3),
    Nasty("a zip bomb", raw("x.xlsx", bomb), ("READ-TOO-LARGE", "x.xlsx"), 3),
    Nasty("an old workbook", raw("x.xls", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("READ-OLD-XLS", "x.xls"), 3),
    Nasty("parquet of noise", raw("x.parquet", lambda _: b"PAR1" + b"x" * 99), ("READ-BROKEN", "x.parquet"), 3),
    Nasty("a link to itself", loop, ("READ-ACCESS", "self.csv"), 3),
    Nasty("another table", raw("notes.csv", lambda _: b"a,b\n1,2\n"), ("READ-SHEET", "notes.csv")),
    Nasty("no such file", lambda folder: [str(folder / "nosuch.csv")], ("READ-NO-FILE", "nosuch.csv"), 3),
    Nasty("no file named", lambda _: [""], ("READ-NO-FILE",), 3),
    Nasty("an item of no standard", added("judgements.csv", item="G99", answer="yes"), ("JUDGE-ITEM", "G99", ":102")),
    Nasty("an item escaping", added("judgements.csv", item="\x1b[31m", answer="yes"), ("JUDGE-ITEM", "\\x1b[31m")),
    Nasty("an answer to nothing", added("judgements.csv", answer="yes"), ("JUDGE-NO-ITEM", "judgements.csv:102")),
    Nasty("an answer unheard of", cell("judgements.csv", "answer", "不好说", 1), ("不好说",)),
    Nasty(
        "a judgement elsewhere", added("judgements.csv", county="示例已县", item="G01", answer="yes"),
        ("JOIN-COUNTY", "示例已县", "judgements.csv:102"),
    ),
    Nasty(
        "a judgement of no school", added("judgements.csv", school_id="x", item="G01", answer="yes"),
        ("JOIN-SCHOOL", "judgements.csv:102"),
    ),
    Nasty("a county unknown", cell("county-facts.csv", "county", "示例已县", 1), ("JOIN-COUNTY", "county-facts.csv:2")),
    Nasty(
        "a county fact below nought", cell("county-facts.csv", "special_funds", "-1", 1),
        ("NUM-NEGATIVE", "county-facts.csv:2"),
    ),
    Nasty("county facts twice", added("county-facts.csv", special_funds="1"), ("JOIN-COUNTY-TWICE",)),
    Nasty("a room of no area", cell("rooms.csv", "area", "宽敞", 1), ("READ-DETAIL", "rooms.csv:2", "宽敞")),
    Nasty("a class of no school", cell("class_list.csv", "school_id", "x", 1), ("JOIN-SCHOOL", "class_list.csv:2")),
    Nasty("mapping: no TOML", mapping("x"), ("MAP-FILE", "mapping.toml"), 3),
    Nasty("mapping: too deep", mapping("a=" + "[" * 100_000), ("MAP-FILE", "mapping.toml"), 3),
    Nasty("mapping: no such field", mapping('[columns]\na="nosuch"'), ("MAP-FIELD", "mapping.toml", "nosuch"), 3),
    Nasty("mapping: no such column", mapping('[columns]\na="students"'), ("MAP-COLUMN", "mapping.toml"), 3),
    Nasty("mapping: no such unit", mapping('[units]\nstudents="斤"'), ("MAP-UNIT", "mapping.toml"), 3),
    Nasty("mapping: 计校数 absent", mapping("[absent]\ncounted_as_school=0"), ("MAP-FIELD", "mapping.toml"), 3),
    Nasty("mapping: 计校数 in units", mapping('[units]\ncounted_as_school="人"'), ("MAP-FIELD", "mapping.toml"), 3),
    Nasty("mapping: a name absent", mapping("[absent]\nschool_id=0"), ("MAP-VALUE", "mapping.toml"), 3),
    Nasty("mapping: a county fact absent", mapping("[absent]\nspecial_funds=0"), ("MAP-COUNTY", "mapping.toml"), 3),
    Nasty("mapping: infinite", mapping("[constant]\nstudents=inf"), ("MAP-VALUE", "mapping.toml"), 3),
    Nasty("mapping: a folder", options("--mapping", "{}"), ("READ-ACCESS",), 3),
    Nasty("standard: empty", standard(""), ("STD-MISSING", "standard.toml:1"), 4),
    Nasty("standard: escaping", standard('[standard]\nid="\\u001b[31m"'), ("STD-VALUE", "standard.toml:2"), 4),
    Nasty("standard: too deep", standard("a=" + "[" * 100_000), ("STD-TOML", "standard.toml"), 4),
    Nasty("standard: none", options("--profile", "nosuch"), ("STD-NONE", "nosuch"), 4),
    Nasty("standard: a folder", options("--profile", "{}"), ("STD-READ",), 4),
    Nasty("setting: no value", options("--set", "junk"), ("SET-FORM", "junk"), 2),
    Nasty("setting: unknown", options("--set", "\x1b[31m=1"), ("SET-NAME", "\\x1b[31m"), 2),
    Nasty("setting: no number", options("--set", "special_funds_limit=nan"), ("SET-VALUE", "nan"), 2),
    Nasty(
        "setting: twice", options("--set", "special_funds_limit=1", "--set", "special_funds_limit=2"),
        ("SET-TWICE", "special_funds_limit"), 2,
    ),
    Nasty("date: none", options("--as-of", "junk"), ("DATE", "junk"), 2),
    Nasty("date: blank", options("--as-of", ""), ("DATE",), 2),
    Nasty("county: none", options("--county", "\x1b[31m"), ("COUNTY", "\\x1b[31m"), 2),
    Nasty("county: none, as JSON", options("--county", "某县", "--json"), ("COUNTY", "某县"), 2),
    Nasty("year: huge", options("--year", "9" * 30), ("COUNTY",), 2),
    Nasty("out: a file", options("--out", "{}/schools.csv"), ("OUT", "schools.csv"), 2),
    Nasty("out: not to be written", options("--out", "/proc", "--format", "csv"), ("OUT",), 2),
    Nasty("csv without a folder", options("--format", "csv"), ("OUT-NONE",), 2),
    Nasty("facts from a folder", options("--county-facts", "{}"), ("READ-KIND",), 3),
    Nasty("rooms as judgements", options("--judgements", "{}/rooms.csv"), ("READ-NO-FACTS", "rooms.csv"), 3),
)  # fmt: skip
