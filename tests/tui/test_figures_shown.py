"""What stands on the screens is what `evaluate` says: a verdict shown otherwise than judged is the gravest fault.

Nothing here asks the views: the screens of a real terminal, wide and high enough that nothing is cut, are read as a
person reads them and held against the JSON of the command line, for every county and year of the sample under every
national standard.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from tests.tui.terminal import (
    Terminal,
    TerminalError,
    balance,
    clean_environment,
    command,
    without_plugins,
)

STANDARDS = ("national-2017", "national-2012", "pioneer-2021")
COLUMNS, ROWS = 250, 110
PATIENCE = 20.0
"""Seconds in which the screen must come to show what it should."""
MARKS = {
    "pass": "✓",
    "fail": "✗",
    "unknown": "?",
    "not_applicable": "–",
    "relieved": "~",
    "floor": "~",
    None: "",
}
LABELS = {
    "pass": "达标", "fail": "不达标", "unknown": "未知", "not_applicable": "不适用", "relieved": "过渡达标",
}  # fmt: skip
STAGES = {"primary": "小学", "junior": "初中", None: "全校"}
SEVERITIES = {"reject": "拒绝", "error": "错误", "warning": "提醒"}
TREE = {"▾", "▸"}

Row = tuple[str, ...]
Json = Mapping[str, Any]


def figure(value: float | None, decimals: int) -> str:
    """As the contract of numbers says: rounded half up from the digits a Float64 is sure of."""
    if value is None:
        return "—"
    return str(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def number(value: float | None) -> str:
    return "" if value is None else f"{Decimal(f'{value:.15g}'):f}"


def judged(status: str) -> Row:
    return MARKS[status], LABELS[status]


@dataclass(frozen=True)
class Answer:
    """What the command line says of the sample under one standard."""

    standard: str
    said: Json

    @cached_property
    def model(self) -> Any:
        return load_standard(self.standard).model

    @property
    def counties(self) -> list[tuple[str, int]]:
        return [(each["county"], each["year"]) for each in self.said["counties"]]

    def rows(self, name: str, county: tuple[str, int]) -> list[Json]:
        return [row for row in self.said[name] if (row["county"], row["year"]) == county]

    def county(self, county: tuple[str, int]) -> Json:
        return self.rows("counties", county)[0]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The arguments that open the workbooks of the sample."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, "wide")
    given = [str(folder), "--county-facts", str(folder / "county-facts.csv")]
    return [*given, "--judgements", str(folder / "judgements.csv")]


@pytest.fixture(scope="module", params=STANDARDS)
def opened(
    request: pytest.FixtureRequest, sample: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Answer, Terminal]]:
    """What is said under a standard, and the app on the same files, showing the list of counties."""
    arguments = [*sample, "--profile", request.param]
    home = without_plugins(tmp_path_factory.mktemp("home"))
    done = subprocess.run(
        command("evaluate", *arguments, "--format", "json"), capture_output=True, check=True,
        env=clean_environment(home),
    )  # fmt: skip
    with balance(*arguments, columns=COLUMNS, rows=ROWS, home=home) as terminal:
        terminal.wait_for("1/8 县·年")
        yield Answer(request.param, json.loads(done.stdout)), terminal
        assert list(home.rglob("crash-*")) == []
        terminal.press("q")
        assert terminal.wait_exit() == 0


# Reading a screen


def heading(county: tuple[str, int]) -> str:
    return f"{county[0]} {county[1]}"


def tokens(line: str) -> Row:
    """The words of a row behind the mark of the cursor, without the marks of the tree."""
    return tuple(word for word in line[1:].split() if word not in TREE)


def rows_below(text: str, title: str) -> list[Row]:
    """The rows of the list whose heading line begins with these words, to the first empty line; the rest of the heading
    (a second line of limits and units) has no first column."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.startswith(f" {title}")), len(lines))
    found: list[Row] = []
    for line in lines[start + 1 :]:
        if not line.strip():
            break
        if found or not line.startswith("   "):
            found.append(tokens(line))
    return found


def matches(shown: Sequence[Row], expected: Sequence[Row]) -> bool:
    """Whether every row begins with what is expected of it."""
    return [row[: len(want)] for row, want in zip(shown, expected, strict=False)] == list(expected) and len(
        shown
    ) == len(expected)


def assert_rows(
    terminal: Terminal, place: str, title: str, expected: Iterable[Row], *, sort: bool = False,
    read: Callable[[str], list[Row]] | None = None,
) -> None:  # fmt: skip
    """Where `place` heads the screen, the list under `title` comes to show these rows, in this order unless sorted."""
    wanted = [tuple(each) for each in expected]
    wanted = sorted(wanted) if sort else wanted

    def found(text: str) -> list[Row]:
        rows = read(text) if read else rows_below(text, title)
        # An empty list says so where its rows would stand, as it does in the heading.
        rows = [row for row in rows if wanted or " ".join(row) not in text.split("\n")[1]]
        return sorted(rows) if sort else rows

    def right(text: str) -> bool:
        return text.startswith(place) and matches(found(text), wanted)

    try:
        terminal.wait_until(right, PATIENCE)
    except TerminalError:
        assert terminal.text.startswith(place)
        rows = found(terminal.text)
        shown = [row[: len(want)] for row, want in zip(rows, wanted, strict=False)]
        assert [pair for pair in zip(shown, wanted, strict=False) if pair[0] != pair[1]] == [], place
        assert len(rows) == len(wanted), place
        raise


# The screens


def test_the_list_of_counties_shows_verdicts_parts_and_the_highest_coefficients(
    opened: tuple[Answer, Terminal],
) -> None:
    answer, terminal = opened
    terminal.press("0", "g")
    assert_rows(
        terminal, "sample", "县 ", [of_county_list(answer, each) for each in answer.counties], sort=True
    )
    counts = dict.fromkeys(LABELS, 0)
    for county in answer.said["counties"]:
        counts[county["verdict"]] += 1
    first = terminal.text.split("\n")[0]
    for word, count in counts.items():
        assert (f"{MARKS[word]} {count}" in first) == bool(count)


def of_county_list(answer: Answer, county: tuple[str, int]) -> Row:
    row = answer.county(county)
    coefficients, schools = [], answer.rows("schools", county)
    limits = answer.model.dispersion.limit if answer.model.dispersion else {}
    for stage in limits:
        rows = [
            r for r in answer.rows("dispersion", county) if r["stage"] == stage and r["limit"] is not None
        ]
        highest = max((r["cv"] for r in rows if r["cv"] is not None), default=None)
        coefficients.append(
            figure(highest, answer.model.dispersion.decimals) + MARKS[worst(r["status"] for r in rows)]
        )
    counted = []
    if answer.model.school_rule:
        counted = [str(sum(s["status"] == word for s in schools)) for word in ("fail", "unknown")]
    parts = [MARKS[part["status"]] for part in row["parts"]]
    return county[0], str(county[1]), *judged(row["verdict"]), *parts, *coefficients, *counted


def worst(statuses: Iterable[str]) -> str:
    order = ("not_applicable", "pass", "relieved", "unknown", "fail")
    return max(statuses, key=order.index)


def for_every_county(
    opened: tuple[Answer, Terminal], key: str
) -> Iterator[tuple[Answer, Terminal, tuple[str, int]]]:
    """The screen of a key, shown of one county and year after the other."""
    answer, terminal = opened
    terminal.press("1", key)
    # The app's own order of counties, from wherever it stands.
    seen: set[str] = set()
    names = {heading(each): each for each in answer.counties}
    terminal.wait_until(lambda text: text.split("  ")[0] in names, PATIENCE)
    while len(seen) < len(names):
        terminal.wait_until(lambda text: text.split("  ")[0] in names.keys() - seen, PATIENCE)
        name = terminal.text.split("  ")[0]
        seen.add(name)
        county = names[name]
        verdict = answer.county(county)["verdict"]
        first = terminal.text.split("\n")[0].split()
        assert tuple(first[-2:]) == judged(verdict)[::-1], name
        assert answer.standard in first
        yield answer, terminal, county
        if len(seen) < len(names):
            terminal.press("full_stop")


def test_the_overview_shows_every_part_and_coefficient(opened: tuple[Answer, Terminal]) -> None:
    for answer, terminal, county in for_every_county(opened, "1"):
        parts = {part.id: part.text.zh for part in answer.model.part}
        expected = [(parts[part["id"]], *judged(part["status"])) for part in answer.county(county)["parts"]]
        assert_rows(terminal, heading(county), "部分", expected)
        for part, row in zip(answer.county(county)["parts"], rows_below(terminal.text, "部分"), strict=True):
            named = items_named(" ".join(row[3:]))
            assert named == (items_named(part["reason"]) or deciding_figures(answer, county, part["id"]))
        if rows := list(of_dispersion(answer, county, first=answer.model.dispersion and "composite")):
            assert_rows(terminal, heading(county), "差异系数", rows)


def deciding_figures(answer: Answer, county: tuple[str, int], part: str) -> set[str]:
    """The coefficients that decide the part they belong to."""
    rule = answer.model.dispersion
    if rule is None or rule.part != part or rule.judged == "composite":
        return set()
    rows = answer.rows("dispersion", county)
    return {row["indicator"] for row in rows if row["status"] in ("fail", "unknown")}


def items_named(reason: str) -> set[str]:
    return set(re.findall(r"[A-Z]+[0-9]+[a-z]?(?:\.gap)?", reason))


def of_dispersion(answer: Answer, county: tuple[str, int], first: str | None) -> Iterator[Row]:
    """A row a stage: its sections and its coefficients, `first` foremost."""
    rows = answer.rows("dispersion", county)
    for stage in dict.fromkeys(row["stage"] for row in rows):
        own = [row for row in rows if row["stage"] == stage]
        own.sort(key=lambda row: row["indicator"] != first)
        figures = [coefficient(row, answer.model.dispersion.decimals) for row in own]
        yield STAGES[stage], str(own[0]["sections"]), *figures


def coefficient(row: Json, decimals: int) -> str:
    mark = "" if row["status"] == "not_applicable" else MARKS[row["status"]]
    return figure(row["cv"], decimals) + mark


def test_the_dispersion_shows_every_coefficient(opened: tuple[Answer, Terminal]) -> None:
    for answer, terminal, county in for_every_county(opened, "3"):
        if answer.model.dispersion:
            expected = [(row[0], *row[2:]) for row in of_dispersion(answer, county, first=None)]
            assert_rows(terminal, heading(county), "学段", expected)


def test_every_school_shows_its_figures_marks_and_distance(opened: tuple[Answer, Terminal]) -> None:
    for answer, terminal, county in for_every_county(opened, "2"):
        schools = answer.rows("schools", county)
        figures = {(r["school_id"], r["stage"], r["indicator"]): r for r in answer.rows("indicators", county)}
        # Where a relief was used, what it gave is shown: that is the figure that was judged.
        eased = {
            (r["school_id"], r["stage"], r["target"]): r["value"] for r in answer.rows("reliefs", county)
        }
        figures |= {
            key: {**figures[key], "value": value}
            for key, value in eased.items() if key in figures and figures[key]["relief"]
        }  # fmt: skip
        expected = [of_school(answer, each, figures) for each in schools]
        assert_rows(terminal, heading(county), "学校", expected, sort=True)


def of_school(answer: Answer, school: Json, figures: Mapping[tuple[str, str, str], Json]) -> Row:
    indicators = answer.model.indicator
    own = [figures[school["school_id"], school["stage"], each.id] for each in indicators]
    cells = [
        figure(row["value"], each.decimals)
        + MARKS[None if row["status"] == "not_applicable" else row["status"]]
        for each, row in zip(indicators, own, strict=True)
    ]
    name = (*school["school"].split(), STAGES[school["stage"]])
    rule = answer.model.school_rule
    if rule is None:
        return *name, *cells
    met = f"{len(school['met'])}/{len(indicators)}{MARKS[school['status']]}"
    unmet = [
        f"{row['indicator']}{MARKS[row['status']]}"
        for row in own
        if row["status"] in ("fail", "floor", "unknown")
    ]
    return *name, met, figure(distance(school, own, rule.at_least), 1), *unmet, *cells


def distance(school: Json, own: Sequence[Json], at_least: int) -> float | None:
    """The cheapest of all choices of indicators to bring to their standard, the others to their floor."""
    if school["status"] in ("pass", "relieved"):
        return 0.0
    if any(row["value"] is None for row in own) or school["status"] == "unknown":
        return None
    met = [row["indicator"] in school["met"] for row in own]
    prices = []
    for chosen in combinations(range(len(own)), at_least):
        aims = [row["standard"] if at in chosen else row["floor"] for at, row in enumerate(own)]
        costs = [
            0.0 if met[at] else max(aim - row["value"], 0.0) / row["standard"]
            for at, (aim, row) in enumerate(zip(aims, own, strict=True))
        ]
        prices.append(sum(costs))
    return min(prices) * 100


_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
_BOUND = re.compile(rf"[≥≤<>] ({_FIGURE.pattern})")


def test_every_item_shows_its_status_value_and_limit(opened: tuple[Answer, Terminal]) -> None:
    for answer, terminal, county in for_every_county(opened, "4"):
        rows = {row["id"]: row for row in answer.rows("requirements", county)}
        parts = {part.id: part.text.zh for part in answer.model.part}
        scores = {row["id"]: row["status"] for row in answer.rows("scores", county)}
        expected = {name: judged(row["status"]) for name, row in rows.items()}
        expected |= {parts[each["id"]]: judged(each["status"]) for each in answer.county(county)["parts"]}
        expected |= {name: judged(status) for name, status in scores.items()}

        def wrong(text: str, want: dict[str, Row] = expected, said: dict[str, Json] = rows) -> list[object]:
            shown = items(text)
            found = {each.name: each.status for each in shown}
            differing = [
                (name, found.get(name), status) for name, status in want.items() if found.get(name) != status
            ]
            return [
                *differing, *(found.keys() - want.keys()),
                *((each, said[each.name]) for each in shown if each.name in said and not agree(each, said[each.name])),
            ]  # fmt: skip

        place = heading(county)

        def right(text: str, place: str = place, faults: Callable[[str], list[object]] = wrong) -> bool:
            return text.startswith(place) and not faults(text)

        with contextlib.suppress(TerminalError):
            terminal.wait_until(right, PATIENCE)
        assert wrong(terminal.text) == [], county


@dataclass(frozen=True)
class Item:
    name: str
    status: Row
    value: str
    limit: str


_STATUS = re.compile(rf" ([✓✗?~–]) ({'|'.join(LABELS.values())})(?= |$)")
_LIMIT = re.compile("≥|≤|<|>|须答|均是|没有合格线")


def items(text: str) -> list[Item]:
    """The items on the screen: the id, the status, and what stands behind it, before and after the limit's sign."""
    lines = text.split("\n")
    at = next((index for index, line in enumerate(lines) if line.startswith(" 编号")), len(lines))
    found = [(tokens(line), _STATUS.search(line), line) for line in lines[at + 1 :]]
    return [
        item_of(words[0], status, line[status.end() :]) for words, status, line in found if words and status
    ]


def item_of(name: str, status: re.Match[str], behind: str) -> Item:
    limit = _LIMIT.search(behind)
    if limit is None:
        return Item(name, (status[1], status[2]), behind.strip(), "")
    asked = re.split(r"\s{2,}", behind[limit.start() :])[0]
    return Item(name, (status[1], status[2]), behind[: limit.start()].strip(), asked)


def agree(shown: Item, row: Json) -> bool:
    """The value is rounded only, the limit whole; what has none shows none."""
    value, limit = _FIGURE.match(shown.value), _BOUND.match(shown.limit)
    if (value is None) != (row["value"] is None) or (limit is None) != (row["limit"] is None):
        return False
    if value and value[0] != figure(row["value"], len(value[0].partition(".")[2])):
        return False
    return limit is None or float(limit[1]) == row["limit"]


def test_as_many_findings_are_listed_as_were_found(opened: tuple[Answer, Terminal]) -> None:
    answer, terminal = opened
    terminal.press("0", "5")
    checks = answer.said["checks"]
    assert_findings(terminal, "sample", checks)
    for _, _, county in for_every_county(opened, "5"):
        own = [each for each in checks if (each["county"], each["year"]) in (county, (None, None))]
        assert_findings(terminal, heading(county), own)


def assert_findings(terminal: Terminal, place: str, checks: Sequence[Json]) -> None:
    counts = {
        word: sum(each["severity"] == severity for each in checks) for severity, word in SEVERITIES.items()
    }
    told = "".join(f"  {word} {count}" for word, count in counts.items() if count)
    title = f"数据问题{told}"

    def right(text: str) -> bool:
        second = text.split("\n")[1] if "\n" in text else ""
        many = f"/{len(checks)} 条" if checks else "检查没有发现问题"
        return text.startswith(place) and second.startswith(title) and second.endswith(many)

    terminal.wait_until(right, PATIENCE)
    words = [(word,) for word, count in counts.items() for _ in range(count)]
    assert_rows(terminal, place, "级别", words, read=severities)


def severities(text: str) -> list[Row]:
    return [(row[0].rstrip("!?✗"),) for row in rows_below(text, "级别")]


def test_every_use_of_a_relief_is_listed_with_its_day(opened: tuple[Answer, Terminal]) -> None:
    for answer, terminal, county in for_every_county(opened, "7"):
        expected = [
            (*row["school"].split(), STAGES[row["stage"]], row["cure_by"], row["relief"], row["target"])
            for row in answer.rows("reliefs", county)
        ]
        assert_rows(terminal, heading(county), "学校", expected, sort=True)


def test_everything_left_out_is_listed_with_its_reason(opened: tuple[Answer, Terminal]) -> None:
    for answer, terminal, county in for_every_county(opened, "8"):
        expected = [
            (*row["school"].split(), STAGES[row["stage"]], *row["reason"].split())
            for row in answer.rows("excluded", county)
        ]
        assert_rows(terminal, heading(county), "学校", expected, sort=True)


def test_switching_in_place_shows_what_the_other_standard_says(sample: list[str], tmp_path: Path) -> None:
    """Also after switching to and fro, and at one county's overview."""
    answers, home = {}, without_plugins(tmp_path)
    for standard in STANDARDS:
        done = subprocess.run(
            command("evaluate", *sample, "--profile", standard, "--format", "json"), capture_output=True,
            check=True, env=clean_environment(home),
        )  # fmt: skip
        answers[standard] = Answer(standard, json.loads(done.stdout))
    with balance(*sample, columns=COLUMNS, rows=ROWS, home=home) as terminal:
        terminal.wait_for("1/8 县·年")
        for standard in (*STANDARDS[1:], STANDARDS[0], STANDARDS[2]):
            terminal.press("p")
            terminal.wait_for("部标准")
            terminal.press("slash")
            terminal.wait_for("\n查找")
            terminal.type(standard)
            terminal.press("enter")
            terminal.wait_until(lambda text, name=standard: re.search(f"▸[* ]*{name}", text) is not None)  # type: ignore[misc]
            terminal.press("enter")
            terminal.wait_until(lambda text, name=standard: f"标准 {name} " in text)  # type: ignore[misc]
            answer = answers[standard]
            assert_rows(
                terminal,
                "sample",
                "县 ",
                [of_county_list(answer, each) for each in answer.counties],
                sort=True,
            )
