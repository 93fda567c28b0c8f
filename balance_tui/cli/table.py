"""A result to be read in a terminal: the verdict first, then what decides it, then the figures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import polars as pl
from rich.console import Console
from rich.table import Table

from ..data.dictionary import KEY_FIELDS, STAGES
from ..engine.figures import figure
from ..engine.result import Result
from ..engine.status import LABELS, MARKS
from ..language import Text
from ..standard.base import Labelled
from .frames import Rows
from .terminal import console, plain_text

SHOWN = 15
"""Rows of a list before the rest is counted instead."""

OF_A_KIND = 3
"""Findings of one code before the rest is counted, where there are more than can be shown."""

LISTED = 500
"""Counties of the list before the rest is counted."""

DETAILED = 2
"""Counties shown whole; more are listed, and one is asked for by `--county`."""

_STYLES = {"pass": "green", "fail": "red", "unknown": "yellow", "relieved": "cyan", "floor": "cyan"}


def show(result: Result, stream: TextIO, told: Rows) -> None:
    """Write the result for a person: the counties and years that `told` leaves."""
    out = console(stream)
    checks = told(result.checks)
    if result.is_rejected:
        _findings(out, checks)
        return
    chosen = told(result.counties)
    _heading(out, result)
    _mapping(out, result)
    if chosen.height > 1:
        _list(out, result, chosen)
    if chosen.height <= DETAILED:
        for row in chosen.to_dicts():
            _county(out, result, row)
    else:
        out.print(plain_text(str(Text(
            "用 --county 县名 (及 --year 年份) 看一个县的详情", "see one county whole with --county NAME (and --year)"
        )), "dim"))  # fmt: skip
    # Findings of a county stand with it; here those that no county shown has a place for.
    _findings(out, checks if chosen.height > DETAILED else _homeless(checks, chosen))


def _homeless(checks: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    return checks.join(chosen, on=list(KEY_FIELDS), how="anti", nulls_equal=True, maintain_order="left")


def _heading(out: Console, result: Result) -> None:
    standard = result.context.standard
    header = standard.model.standard
    given = [setting for setting in standard.model.setting if _is_given(result, setting)]
    out.print(plain_text(f"{Text('标准', 'standard')} {standard.id} {header.version}  {header.text}", "bold"))
    hidden = f"{Text('哈希', 'hash')} {standard.hash[:12]}"
    as_of = result.as_of or Text("各年年末", "the end of each year")
    out.print(
        plain_text(
            f"{hidden}  {Text('按', 'as of')} {as_of}  {Text('数据', 'data')} {result.dataset.digest[:12]}",
            "dim",
        )
    )
    for setting in given:
        out.print(
            plain_text(f"{Text('设置', 'setting')} {setting.id} = {result.context.told(setting.id)}", "dim")
        )


def _mapping(out: Console, result: Result) -> None:
    """How many columns were read as which kind, and by name every one that was not read, made up or declared."""
    labels = result.dataset.dictionary
    by_header = [entry for entry in result.dataset.mapping if entry["how"] in _READ]
    told = [f"{Text('列', 'columns')} {len(by_header)} {Text('已对应', 'read')}"]
    for how, heading in _DECLARED.items():
        entries = [entry for entry in result.dataset.mapping if entry["how"] == how]
        names = dict.fromkeys(
            str(labels.label(str(entry["field"]))) if entry["field"] else str(entry["header"])
            for entry in entries
        )
        if names:
            more = " …" if len(names) > SHOWN else ""
            told.append(f"{heading}: {', '.join(list(names)[:SHOWN])}{more}")
    for line in told:
        out.print(plain_text(line, "dim"))


_READ = ("code", "label", "preset", "mapping")
_DECLARED = {
    "absent": Text("声明为无(按 0 计)", "declared absent (counted as 0)"),
    "constant": Text("按对应文件给定", "given by the mapping"),
    "name": Text("取自文件名", "taken from the file's name"),
    "ignored": Text("未用的列", "columns not used"),
}


def _is_given(result: Result, setting: Any) -> bool:
    default = setting.default
    value = result.context.settings[setting.id]
    return bool(value != default)


def _list(out: Console, result: Result, chosen: pl.DataFrame) -> None:
    parts = result.context.standard.model.part
    table = _table(
        Text("县", "county"), Text("年份", "year"), Text("结论", "verdict"), *(part.text for part in parts)
    )
    for column in table.columns[1:3]:
        column.no_wrap = True
    telling = [
        name for name in ("province", "city", "county") if name == "county" or chosen[name].n_unique() > 1
    ]
    for row in chosen.head(LISTED).to_dicts():
        statuses = {part["id"]: part["status"] for part in row["parts"] or ()}
        table.add_row(
            plain_text(place_of(row, telling)), plain_text(_cell(row["year"])), _word(row["verdict"]),
            *(_mark(statuses.get(part.id)) for part in parts),
        )  # fmt: skip
    out.print()
    out.print(table)
    _rest(out, chosen.height, LISTED)


def _county(out: Console, result: Result, row: dict[str, Any]) -> None:
    key = {name: row[name] for name in KEY_FIELDS}
    out.print()
    verdict = str(row["verdict"])
    line = plain_text(f"{place_of(row)} {_cell(row['year'])}   {Text('结论', 'verdict')}: ", "bold")
    line.append(f"{LABELS[verdict]} {MARKS[verdict]}", style=f"bold {_STYLES.get(verdict, '')}")
    out.print(line)
    out.rule(style="dim")
    model = result.context.standard.model
    verdicts = _of(result.verdicts, key).sort("main", descending=True, maintain_order=True).to_dicts()
    if len(verdicts) > 1:
        _decided(out, Text("各结论", "verdicts"), model.verdict, verdicts)
        out.print()
    _decided(out, Text("部分", "part"), model.part, row["parts"] or ())
    _dispersion(out, result, _of(result.dispersion, key))
    _requirements(out, result, _of(result.requirements, key))
    _schools(out, result, key)
    _reliefs(out, _of(result.reliefs, key))
    _excluded(out, _of(result.excluded, key))
    _findings(out, _of(result.checks, key))


def _of(frame: pl.DataFrame, key: dict[str, Any]) -> pl.DataFrame:
    return frame.filter(
        pl.all_horizontal(pl.col(name).eq_missing(pl.lit(value)) for name, value in key.items())
    )


def _decided(out: Console, what: Text, named: Iterable[Labelled], rows: Iterable[dict[str, Any]]) -> None:
    """Verdicts or parts with what decides each."""
    labels = {each.id: each.text for each in named}
    table = _table(what, Text("结论", "status"), Text("由什么决定", "what decides it"))
    for row in rows:
        label, why = plain_text(str(labels[row["id"]])), plain_text(row["reason"] or "")
        table.add_row(label, _word(str(row["status"])), why)
    out.print(table)


def _dispersion(out: Console, result: Result, rows: pl.DataFrame) -> None:
    if not rows.height:
        return
    rule = result.context.standard.model.dispersion
    decimals = rule.decimals if rule else 3
    names = list(dict.fromkeys(rows["indicator"].to_list()))
    table = _table(
        Text("差异系数", "dispersion"), *(Text(n, n) for n in names), Text("限值", "limit"), right=True
    )
    for stage in dict.fromkeys(rows["stage"].to_list()):
        mine = {row["indicator"]: row for row in rows.filter(pl.col("stage") == stage).to_dicts()}
        sections = next(iter(mine.values()))["sections"]
        limits = {row["limit"] for row in mine.values() if row["limit"] is not None}
        cells = [_figure(mine[name]["cv"], decimals, mine[name]) for name in names]
        label = f"{STAGES.get(stage, stage)} {sections}"
        table.add_row(
            plain_text(label), *cells, plain_text(" ".join(f"{limit:g}" for limit in sorted(limits)))
        )
    out.print()
    out.print(table)
    flips = rows.filter("flips_when_rounded")
    if flips.height:
        listed = ", ".join(f"{row['stage']} {row['indicator']}" for row in flips.to_dicts())
        out.print(plain_text(str(Text(
            f"取整会改变结论: {listed}", f"rounding to the printed decimals would change: {listed}"
        )), "yellow"))  # fmt: skip


def _figure(value: float | None, decimals: int, row: dict[str, Any]) -> Any:
    status = str(row["status"])
    return plain_text(
        f"{figure(value, decimals)}{MARKS[status] if status != 'not_applicable' else ' '}",
        _STYLES.get(status, ""),
    )


def _requirements(out: Console, result: Result, rows: pl.DataFrame) -> None:
    labels = _labels(result)
    table = _table(
        Text("项", "item"), Text("要求", "requirement"), Text("结论", "status"), Text("数值", "value"), Text("限值", "limit"),
        Text("说明", "why"),
    )  # fmt: skip
    for row in rows.to_dicts():
        if row["status"] in ("pass", "not_applicable"):
            continue
        table.add_row(
            plain_text(row["id"]), plain_text(str(labels[row["id"]])), _word(row["status"]),
            plain_text(_number(row["value"])), plain_text(_number(row["limit"])), plain_text(row["reason"] or ""),
        )  # fmt: skip
    if table.row_count:
        out.print()
        out.print(table)


def _labels(result: Result) -> dict[str, Text]:
    """Items, and the tests of those that have several."""
    items = result.context.standard.model.items
    every = [test for item in items for test in item.test if test.id]
    tests = {test.id: Text(f"  {test.text.zh}", f"  {test.text.en}") for test in every}
    return tests | {item.id: item.text for item in items}


def _schools(out: Console, result: Result, key: dict[str, Any]) -> None:
    rule = result.context.standard.model.school_rule
    if rule is None:
        return
    rows = _of(result.schools, key)
    bad = rows.filter(pl.col("status").cast(pl.String).is_in(["fail", "unknown"]))
    if not bad.height:
        return
    values = _of(result.indicators, key)
    names = [indicator.id for indicator in result.context.standard.model.indicator]
    figures = (Text(name, name) for name in names)
    table = _table(
        Text("未达标学校", "schools not met"), Text("学段", "stage"), *figures, Text("综合", "all"), right=True
    )  # fmt: skip
    decimals = {indicator.id: indicator.decimals for indicator in result.context.standard.model.indicator}
    wanted = values.join(bad.select("school_id", "stage").head(SHOWN), on=["school_id", "stage"], how="semi")
    cells = {(row["school_id"], row["stage"], row["indicator"]): row for row in wanted.to_dicts()}
    for row in bad.head(SHOWN).to_dicts():
        own = [cells[row["school_id"], row["stage"], name] for name in names]
        table.add_row(
            plain_text(row["school"] or row["school_id"] or ""),
            plain_text(str(STAGES.get(row["stage"], row["stage"]))),
            *(_figure(cell["value"], decimals[cell["indicator"]], cell) for cell in own),
            plain_text(
                f"{MARKS[str(row['status'])]} {len(row['met'])}/{rule.count(len(names))}",
                _STYLES[str(row["status"])],
            ),
        )
    out.print()
    out.print(table)
    _rest(out, bad.height)


def _reliefs(out: Console, rows: pl.DataFrame) -> None:
    if not rows.height:
        return
    table = _table(
        Text("过渡条款", "relief"), Text("用于", "for"), Text("学校", "school"), Text("学段", "stage"),
        Text("最早整改期限", "cure by (earliest)"),
    )  # fmt: skip
    for row in rows.head(SHOWN).to_dicts():
        stage = STAGES.get(row["stage"] or "", Text("", ""))
        table.add_row(*map(plain_text, (
            row["relief"], row["target"], row["school"] or row["school_id"] or "", str(stage), str(row["cure_by"])
        )))  # fmt: skip
    out.print()
    out.print(table)
    _rest(out, rows.height)


def _excluded(out: Console, rows: pl.DataFrame) -> None:
    if not rows.height:
        return
    counted = rows.group_by("reason", maintain_order=True).len().to_dicts()
    listed = "; ".join(f"{row['reason']} {row['len']}" for row in counted)
    out.print()
    out.print(plain_text(f"{Text('未计入资源配置评估', 'not counted in the resource indicators')}: {listed}"))


def _findings(out: Console, rows: pl.DataFrame) -> None:
    if not rows.height:
        return
    table = _table(Text("数据问题", "data finding"), Text("级别", "severity"), Text("说明", "what"))
    order = {"reject": 0, "error": 1, "warning": 2}
    severity = {
        "reject": Text("拒收", "reject"),
        "error": Text("错误", "error"),
        "warning": Text("提醒", "warning"),
    }
    ordered = rows.sort(pl.col("severity").replace_strict(order, default=3), maintain_order=True)
    if rows.height > SHOWN:
        # A flood of one kind must not hide the others.
        ordered = ordered.filter(pl.int_range(pl.len()).over("code") < OF_A_KIND)
    shown = ordered.head(SHOWN)
    for row in shown.to_dicts():
        style = "red" if row["severity"] != "warning" else "yellow"
        told = plain_text(_told(row["message"], row["place"] or row["school"]))
        table.add_row(plain_text(row["code"]), plain_text(str(severity[row["severity"]]), style), told)
    out.print()
    out.print(table)
    _rest(out, rows.height, shown.height)


def _told(message: str, place: str | None) -> str:
    """The message, and where in which file; the folder is known to whoever named it."""
    return f"{message} ({place.rpartition(os.sep)[2]})" if place else message


def _rest(out: Console, count: int, shown: int = SHOWN) -> None:
    if count > shown:
        more = count - shown
        told = Text(f"… 还有 {more} 条, --json 给出全部", f"… and {more} more; --json gives all")
        out.print(plain_text(str(told), "dim"))


def _table(*headings: Text, right: bool = False) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for position, heading in enumerate(headings):
        table.add_column(
            plain_text(str(heading)), justify="right" if right and position else "left", overflow="fold"
        )
    return table


def _mark(status: object) -> Any:
    word = str(status) if status is not None else "not_applicable"
    return plain_text(MARKS[word], _STYLES.get(word, ""))


def _word(status: object) -> Any:
    word = str(status) if status is not None else "not_applicable"
    return plain_text(f"{MARKS[word]} {LABELS[word]}", _STYLES.get(word, ""))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def place_of(row: dict[str, Any], names: Sequence[str] = ("province", "city", "county")) -> str:
    """Province, city and county as they are given, or those of them in `names`."""
    parts = [row[name] for name in names if row[name]]
    return " ".join(parts) or str(Text("(未给县名)", "(county not named)"))
