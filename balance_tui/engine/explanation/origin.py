"""Where every fact of a figure stands: file, sheet and cell; what is missing, and what a check struck out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from ...data.dataset import Source
from ...data.dictionary import CODES
from ...errors import Place
from ...language import Text
from ..figures import NOTHING, plain
from .derivation import LIST, SCHOOL_COLUMN, SPACE, STAGE_COLUMN, YES_NO, Column, Step, joined, same
from .scene import Scene, school_name, stage_text

DERIVED_FROM: Mapping[str, str] = {
    "compulsory_students": "students",
    "school_students": "students",
    "compulsory_classes": "classes",
    "school_largest_class": "largest_class",
    "is_campus": "campus_of",
}
"""Derived facts and the reported one they are made of, over the compulsory stages of the school."""

_LISTS = {
    "classes": "class_list",
    "largest_class": "class_list",
    "oversized_classes": "class_list",
    "music_rooms": "rooms",
    "smallest_music_room": "rooms",
    "art_rooms": "rooms",
    "smallest_art_room": "rooms",
}
_LIST_NAMES = {"class_list": Text("班级名单", "the class list"), "rooms": Text("教室名单", "the room list")}

Wanted = tuple[str, str | None]
"""A fact and the stage it is read of."""


def reported(
    scene: Scene, row: Mapping[str, Any], names: Iterable[str], *, split: bool = False
) -> list[Wanted]:
    """The reported facts behind `names` of a section, each once; `split` adds the students of every stage."""
    stage = row["stage"]
    wanted: list[Wanted] = []
    for name in names:
        if name in DERIVED_FROM:
            stages = ("primary", "junior", *(("senior",) if name == "school_students" else ()))
            wanted += [(DERIVED_FROM[name], each) for each in stages]
        elif name in scene.context.standard.dictionary:
            wanted.append((name, stage))
    if split:
        wanted += [("students", each) for each in ("primary", "junior", "senior")]
        rule = scene.model.split
        attached = [each.field for each in (rule.attached if rule else ())]
        wanted += [(name, stage) for name in attached if row.get(name) is not None]
    return list(dict.fromkeys(wanted))


def origin_step(scene: Scene, row: Mapping[str, Any], wanted: list[Wanted]) -> Step | None:
    """Every cell the facts of one school come from; `row` holds the facts as they were used."""
    rows = [cell for each in wanted for cell in _cells(scene, row, *each)]
    if not rows:
        return None
    told = joined([_told(cell) for cell in rows])
    columns = (
        Column("label", Text("数据项", "fact")),
        SCHOOL_COLUMN,
        STAGE_COLUMN,
        Column("shown", Text("填报", "reported")),
        Column("place", Text("出处", "place")),
        Column("note", Text("说明", "note")),
    )
    return Step("origin", Text("数据来源", "data"), told, {}, columns, tuple(rows))


def value_text(name: str, value: object) -> Text:
    """A fact as it is shown: a number as written, a code as its label, nothing as a dash."""
    if value is None:
        return same(NOTHING)
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, int | float | Fraction):
        return same(plain(value))
    return CODES.get(name, {}).get(str(value)) or same(value)


def _told(cell: Mapping[str, Any]) -> Text:
    value = cell["shown"]
    label, note, place = cell["label"], cell["note"] or Text("", ""), cell["place"] or ""
    stage = stage_text(cell["stage"]) if cell["stage"] else Text("", "")
    return Text(
        *(
            " ".join(
                part
                for part in (label[i], stage[i], value[i], place, f"({note[i]})" if note[i] else "")
                if part
            )
            for i in (0, 1)
        )
    )


def _cells(scene: Scene, row: Mapping[str, Any], name: str, stage: str | None) -> Iterator[dict[str, Any]]:
    sites = _sites(scene, row["school_id"], name, stage)
    for site in sites:
        place = cell_place(scene, site, name)
        used = row.get(name) if stage in (None, row.get("stage")) and len(sites) == 1 else None
        yield {
            "fact": name,
            "label": scene.label(name),
            "school_id": site["school_id"],
            "school": site["school"],
            "stage": site["stage"] if _level(scene, name) == "section" else None,
            "value": site[name],
            "shown": value_text(name, site[name]),
            "place": str(place) if place else None,
            **_place_data(place, site),
            "note": _note(scene, site, name, used),
        }


def _level(scene: Scene, name: str) -> str:
    return scene.context.standard.dictionary[name].level


def _sites(scene: Scene, school_id: str, name: str, stage: str | None) -> list[dict[str, Any]]:
    """Reported rows of a school and of the campuses merged into it that hold the fact: of the stage, or for
    a fact of the whole school one row a site."""
    frame = scene.mine(scene.result.dataset.sections)
    if name not in frame.columns:
        return []
    belongs = pl.col("school_id") == school_id
    if _merges(scene):
        belongs = belongs | (pl.col("campus_of") == school_id).fill_null(False)
    rows = frame.filter(belongs)
    of_stage = rows.filter(pl.col("stage") == stage) if stage else rows
    if _level(scene, name) == "section":
        return of_stage.to_dicts()
    first = pl.concat([of_stage, rows]).unique("school_id", keep="first", maintain_order=True)
    return first.to_dicts()


def _merges(scene: Scene) -> bool:
    split = scene.model.split
    return bool(split and scene.context.setting(split.campus_setting) == "merge")


def cell_place(scene: Scene, site: Mapping[str, Any], name: str) -> Place | None:
    """The cell a fact was read from: sheet and cell of a workbook, line and header of another table."""
    source = _source(scene, site)
    if source is None or name not in source.columns:
        return None
    column, line = source.columns[name], site["_row"]
    if source.sheet is not None:
        return Place(short(source.file), None, source.sheet, f"{column}{line or ''}")
    return Place(short(source.file), line, None, column)


def _source(scene: Scene, site: Mapping[str, Any]) -> Source | None:
    index, sources = site.get("_source"), scene.result.dataset.sources
    return sources[index] if index is not None and index < len(sources) else None


def short(file: str) -> str:
    """A file as a person names it: an absolute path by its last part."""
    path = Path(file)
    return path.name if path.is_absolute() else file


def _place_data(place: Place | None, site: Mapping[str, Any]) -> dict[str, Any]:
    if place is None:
        return {"file": None, "sheet": None, "cell": None, "line": None}
    return {"file": place.file, "sheet": place.sheet, "cell": place.cell, "line": site["_row"]}


def _note(scene: Scene, site: Mapping[str, Any], name: str, used: object) -> Text | None:
    notes = [_list_note(scene, site, name)]
    if site["campus_of"] is not None:
        notes.append(Text(f"校区 {school_name(site)}", f"campus {school_name(site)}"))
    notes.append(_stated(scene, site, name) if site[name] is not None else Text("未填报", "not reported"))
    codes = sorted({str(finding["code"]) for finding in findings_of(scene, site, name)})
    if codes:
        shown = ", ".join(codes)
        notes.append(Text(f"检查 {shown} 使其未知", f"unknown by check {shown}"))
    elif used is not None and used != site[name] and notes[0] is None:
        new = value_text(name, used)
        notes.append(Text(f"已更正为 {new.zh}", f"corrected to {new.en}"))
    told = [note for note in notes if note]
    return joined(told) if told else None


def _stated(scene: Scene, site: Mapping[str, Any], name: str) -> Text | None:
    """A value that no column holds: the mapping stated it."""
    source = _source(scene, site)
    if source is None or name in source.columns:
        return None
    words = {
        "constant": Text("映射中写定", "stated in the mapping"),
        "absent": Text("映射声明无此列, 记 0", "the mapping declares the column absent: 0"),
    }
    entries = (
        e for e in scene.result.dataset.mapping if e.get("field") == name and e.get("file") == source.file
    )
    return next((words[str(e["how"])] for e in entries if e.get("how") in words), None)


def _list_note(scene: Scene, site: Mapping[str, Any], name: str) -> Text | None:
    kind = _LISTS.get(name)
    if kind is None:
        return None
    rows = scene.mine(getattr(scene.result.dataset, kind)).filter(pl.col("school_id") == site["school_id"])
    rows = (
        rows.filter(pl.col("stage") == site["stage"])
        if kind == "class_list"
        else rows.filter(pl.col("kind") == ("music" if "music" in name else "art"))
    )
    if not rows.height:
        return None
    title = _LIST_NAMES[kind]
    return Text(f"以{title.zh} {rows.height} 行为准", f"settled by {rows.height} rows of {title.en}")


def findings_of(scene: Scene, site: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The errors that struck out a fact of one reported row; of any stage for a row of the whole school."""
    rows = scene.mine(scene.result.facts.checks).filter(
        pl.col("severity") == "error",
        pl.col("fields").list.contains(name).fill_null(False),
        (pl.col("school_id") == site["school_id"]) | pl.col("school_id").is_null(),
    )
    if site["stage"] is not None:
        rows = rows.filter((pl.col("stage") == site["stage"]) | pl.col("stage").is_null())
    return rows.to_dicts()


def finding_step(scene: Scene, row: Mapping[str, Any], wanted: list[Wanted]) -> Step | None:
    """The checks that made a fact of the figure unknown."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for name, stage in wanted:
        for site in _sites(scene, row["school_id"], name, stage):
            for finding in findings_of(scene, site, name):
                found[(finding["code"], finding["message_en"], finding["place"])] = finding
    return _findings(list(found.values()))


def county_finding_step(scene: Scene, names: Iterable[str]) -> Step | None:
    """The checks that made a county fact unknown."""
    wanted = list(names)
    rows = scene.mine(scene.result.facts.checks).filter(
        pl.col("severity") == "error",
        pl.col("school_id").is_null(),
        pl.col("fields").list.eval(pl.element().is_in(wanted)).list.any().fill_null(False),
    )
    return _findings(rows.to_dicts())


def _findings(found: list[dict[str, Any]]) -> Step | None:
    if not found:
        return None
    rows = tuple(
        {
            "code": each["code"],
            "message": Text(each["message_zh"], each["message_en"]),
            "place": each["place"],
        }
        for each in found
    )
    columns = (
        Column("code", Text("检查", "check")),
        Column("message", Text("问题", "finding")),
        Column("place", Text("出处", "place")),
    )
    told = joined(
        [Text(f"{row['code']} {row['message'].zh}", f"{row['code']} {row['message'].en}") for row in rows]
    )
    return Step(
        "finding", Text("使数据未知的检查", "checks that made facts unknown"), told, {}, columns, rows
    )


def missing_step(scene: Scene, row: Mapping[str, Any], names: Iterable[str]) -> Step | None:
    """The facts of a figure that are not known."""
    missing = [name for name in dict.fromkeys(names) if row.get(name) is None]
    if not missing:
        return None
    told = joined([scene.label(name) for name in missing], LIST)
    return Step("missing", Text("缺少的数据", "missing facts"), told, {"facts": missing})


def county_origin_step(scene: Scene, names: Iterable[str]) -> Step | None:
    """County facts with their values, and the tables that have a column for them."""
    fields = scene.context.standard.dictionary
    rows = tuple(
        {
            "fact": name,
            "label": scene.label(name),
            "value": scene.county_facts.get(name),
            "shown": value_text(name, scene.county_facts.get(name)),
            **_tables(scene, name),
        }
        for name in names
        if name in fields
    )
    if not rows:
        return None
    columns = (
        Column("label", Text("数据项", "fact")),
        Column("shown", Text("数值", "value")),
        Column("place", Text("出处", "place")),
    )
    told = joined([joined([row["label"], row["shown"], same(row["place"] or "")], SPACE) for row in rows])
    return Step("origin", Text("县级数据", "county facts"), told, {}, columns, rows)


def _tables(scene: Scene, name: str) -> dict[str, Any]:
    """The one column a county fact was read from, as the mapping lists it."""
    found = [
        entry for entry in scene.result.dataset.mapping if entry.get("field") == name and entry.get("header")
    ]
    if len(found) != 1:
        return {"place": None, "file": None, "sheet": None, "column": None}
    file, sheet = short(str(found[0]["file"])), found[0].get("sheet")
    place = Place(file, None, str(sheet) if sheet else None, str(found[0]["header"]))
    return {"place": str(place), "file": file, "sheet": sheet, "column": place.cell}
