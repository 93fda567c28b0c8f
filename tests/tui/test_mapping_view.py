"""Correcting how headers are read: a draft shows what reading would do, and reading does what it shows."""

from __future__ import annotations

import csv
import tempfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.data.dataset import Dataset
from balance_tui.data.headers import key_of
from balance_tui.data.mapping import Mapping as HeaderMapping
from balance_tui.errors import BalanceError, InputRejected, UsageError
from balance_tui.language import Text, use_language
from balance_tui.reading import read_request
from balance_tui.request import Request
from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from balance_tui.tui.actions import REGISTRY
from balance_tui.tui.doing import mapping as doing
from balance_tui.tui.mapping_changes import DraftColumn
from balance_tui.tui.mapping_checks import header_unit
from balance_tui.tui.mapping_study import MappingDraft, propose_request
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.table.sheet import ListSheet, Sheet, SheetState
from balance_tui.tui.trail import Standing, Trail
from balance_tui.tui.view import LinesPane, TablePane, View
from balance_tui.tui.views import build
from balance_tui.tui.views.mapping import build_draft
from balance_tui.tui.views.mapping_picks import column_sheet, field_sheet
from balance_tui.tui.where import where

STANDARD = load_standard("national-2017")
Layout = Literal["contract", "wide"]

RENAMED: Mapping[Layout, Mapping[str, str]] = {
    "contract": {"backbone_teachers": "县级以上骨干教师总数", "multimedia_rooms": "网络多媒体教室总量"},
    "wide": {"室内体育用房": "室内体育用房面积合计", "网络多媒体教室": "网络多媒体教室总量"},
}
FIELDS: Mapping[str, str] = {
    "县级以上骨干教师总数": "backbone_teachers", "网络多媒体教室总量": "multimedia_rooms",
    "室内体育用房面积合计": "indoor_sports_area",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, to see what is written to it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def request_of(folder: Path, layout: Layout) -> Request:
    files = [str(path) for path in sorted(folder.glob("schools.csv" if layout == "contract" else "*.xlsx"))]
    return Request(files=tuple(files), county_facts=str(folder / "county-facts.csv"))


def renamed(path: Path, names: Mapping[str, str]) -> None:
    """Give columns of a table or workbook other headers."""
    if path.suffix == ".csv":
        head, _, rest = path.read_text(encoding="utf-8-sig").partition("\n")
        cells = [names.get(cell.strip(), cell.strip()) for cell in head.split(",")]
        path.write_text(",".join(cells) + "\n" + rest, encoding="utf-8")
        return
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            for old, new in names.items():
                content = content.replace(f">{old}<".encode(), f">{new}<".encode())
            book.writestr(name, content)


@pytest.fixture(scope="module", params=["contract", "wide"])
def sample(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Layout, Request, Dataset]:
    """A layout, the request of its files with other headers, and the data as it was before."""
    layout: Layout = request.param
    folder = tmp_path_factory.mktemp(layout)
    write(folder, layout)
    for path in [*folder.glob("*.xlsx")][4:]:
        path.unlink()
    wanted = request_of(folder, layout)
    before = read_request(wanted, STANDARD, write_proposals=False)
    for path in map(Path, wanted.files):
        renamed(path, RENAMED[layout])
    return layout, wanted, before


def values(dataset: Dataset) -> tuple[pl.DataFrame, pl.DataFrame]:
    return dataset.sections.drop("_source"), dataset.counties


def picked(draft: MappingDraft, picks: Mapping[str, str | None]) -> MappingDraft:
    for header, field in picks.items():
        column = draft.column(header)
        assert column is not None, header
        draft = draft.with_field(column, field)
    return draft


def table(folder: Path, rows: list[list[str]], name: str = "schools.csv") -> Request:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return Request(files=(str(path),))


def small(folder: Path, **columns: str) -> MappingDraft:
    """A draft of a table of one school; `columns` add to what makes it one."""
    known = {"学校名称": "甲校", "办学类型": "小学", "学段": "小学", "在校生数": "500", **columns}
    return propose_request(table(folder, [list(known), list(known.values())]), STANDARD)


def refused(draft: MappingDraft, header: str, field: str | None) -> BalanceError:
    column = draft.column(header)
    assert column is not None
    with pytest.raises(BalanceError) as caught:
        draft.with_field(column, field)
    assert caught.value.what.zh != caught.value.what.en
    return caught.value


def pane(view: View, name: str) -> TablePane:
    (found,) = (each for each in view.panes if each.id == name)
    assert isinstance(found, TablePane)
    return found


# The draft of files whose headers were changed


def test_reading_in_the_app_stops_without_writing_and_without_saying_so(
    sample: tuple[Layout, Request, Dataset], folder: Path
) -> None:
    _, wanted, _ = sample
    with pytest.raises(InputRejected) as caught:
        open_study(wanted)
    assert caught.value.code == "MAP-PROPOSAL"
    assert "balance-mapping" not in str(caught.value)
    assert list(folder.iterdir()) == []


def test_the_draft_asks_for_just_the_columns_that_stop_the_reading(
    sample: tuple[Layout, Request, Dataset],
) -> None:
    layout, wanted, _ = sample
    draft = propose_request(wanted, STANDARD)
    assert {column.header for column in draft.open} == set(RENAMED[layout].values())
    assert list(draft.columns[: len(draft.open)]) == list(draft.open)
    for column in draft.open:
        assert column.candidates[0].field == FIELDS[column.header]
        assert column.candidates[0].field in draft.missing
        assert draft.examples(column)
        assert len({spot.file for spot in column.spots}) == len(wanted.files)


def test_reading_with_the_right_picks_gives_the_data_of_the_files_as_they_were(
    sample: tuple[Layout, Request, Dataset],
) -> None:
    _, wanted, before = sample
    draft = propose_request(wanted, STANDARD)
    draft = picked(draft, {column.header: FIELDS[column.header] for column in draft.open})
    assert draft.open == ()
    after = read_request(wanted, STANDARD, mapping=draft.mapping(), write_proposals=False)
    for one, other in zip(values(before), values(after), strict=True):
        assert one.equals(other)


def test_columns_left_out_leave_their_facts_unknown(sample: tuple[Layout, Request, Dataset]) -> None:
    _, wanted, before = sample
    draft = propose_request(wanted, STANDARD)
    draft = picked(draft, dict.fromkeys(column.header for column in draft.open))
    after = read_request(wanted, STANDARD, mapping=draft.mapping())
    assert after.sections["multimedia_rooms"].null_count() == after.sections.height
    assert before.sections["multimedia_rooms"].null_count() < before.sections.height
    assert after.sections["students"].equals(before.sections["students"])


def test_the_saved_mapping_reads_the_same_as_the_draft(
    sample: tuple[Layout, Request, Dataset], tmp_path: Path
) -> None:
    _, wanted, before = sample
    draft = propose_request(wanted, STANDARD)
    draft = picked(draft, {column.header: FIELDS[column.header] for column in draft.open})
    draft.mapping().save(tmp_path / "own.toml")
    study = open_study(wanted.mapped_by(str(tmp_path / "own.toml")))
    assert study.mapping == draft.mapping()
    assert study.dataset.sections.drop("_source").equals(values(before)[0])


def test_a_mapping_in_hand_wins_over_the_one_the_request_names(
    sample: tuple[Layout, Request, Dataset], tmp_path: Path
) -> None:
    _, wanted, _ = sample
    empty = tmp_path / "empty.toml"
    HeaderMapping(ignore=list(FIELDS)).save(empty)
    draft = propose_request(wanted, STANDARD)
    draft = picked(draft, {column.header: FIELDS[column.header] for column in draft.open})
    study = open_study(wanted.mapped_by(str(empty)), None, draft.mapping())
    assert study.dataset.sections["multimedia_rooms"].null_count() < study.dataset.sections.height


def test_the_sample_itself_can_be_corrected() -> None:
    draft = propose_request(Request(), STANDARD)
    column = draft.column("books")
    assert column is not None
    dataset = read_request(Request(), STANDARD, mapping=draft.with_field(column, None).mapping())
    assert dataset.sections["books"].null_count() == dataset.sections.height


# Picks that must not pass


def test_a_column_is_not_read_as_a_fact_that_another_gives(folder: Path) -> None:
    error = refused(small(folder, 核对人数="512"), "核对人数", "students")
    assert error.code == "MAP-TWICE"
    assert "在校生数" in error.what.zh
    assert "核对人数" in error.what.zh


def test_it_is_once_the_other_is_left_out(folder: Path) -> None:
    draft = picked(small(folder, 核对人数="512"), {"在校生数": None, "核对人数": "students"})
    dataset = read_request(draft.request, STANDARD, mapping=draft.mapping())
    assert dataset.sections["students"].to_list() == [512.0]


def test_two_columns_are_not_picked_for_one_fact(folder: Path) -> None:
    draft = picked(small(folder, 甲数="5", 乙数="6"), {"甲数": "books"})
    assert refused(draft, "乙数", "books").code == "MAP-TWICE"


def test_words_are_not_read_as_a_number(folder: Path) -> None:
    error = refused(small(folder, 校长="王小明"), "校长", "books")
    assert error.code == "MAP-CONTENT"
    assert "王小明" in error.what.zh


def test_figures_are_not_read_as_a_code_and_the_codes_are_told(folder: Path) -> None:
    error = refused(small(folder, 班额="45"), "班额", "location")
    assert error.code == "MAP-CONTENT"
    assert error.mend is not None
    assert "镇区" in error.mend.zh
    assert "town" in error.mend.en


def test_a_column_of_blanks_may_be_read_as_anything(folder: Path) -> None:
    draft = picked(small(folder, 备用="—"), {"备用": "books"})
    assert draft.open == ()


def test_escape_sequences_of_a_file_are_shown_as_text_in_the_refusal(folder: Path) -> None:
    assert "\x1b" not in str(refused(small(folder, 校长="\x1b[31m王"), "校长", "books"))


def test_a_fact_nobody_knows_is_refused(folder: Path) -> None:
    assert refused(small(folder, 甲数="5"), "甲数", "no_such_fact").code == "MAP-FIELD"


# Units


def test_yuan_are_read_as_ten_thousands_of_them(folder: Path) -> None:
    draft = picked(small(folder, **{"仪器设备总值(元)": "1234567"}), {"仪器设备总值(元)": "equipment_value"})
    assert draft.mapping().units == {"equipment_value": "元"}
    dataset = read_request(draft.request, STANDARD, mapping=draft.mapping())
    assert dataset.sections["equipment_value"].to_list() == [123.4567]


def test_a_unit_that_cannot_be_converted_is_refused(folder: Path) -> None:
    draft = small(folder, **{"运动场(亩)": "12"})
    assert refused(draft, "运动场(亩)", "sports_ground_area").code == "MAP-UNIT-OTHER"
    assert refused(draft, "运动场(亩)", "books").code == "MAP-UNIT-OTHER"


def test_a_fact_is_not_read_in_two_units(tmp_path: Path) -> None:
    head = ["学校名称", "办学类型", "学段", "在校生数"]
    one = table(tmp_path, [[*head, "设备(元)"], ["甲校", "小学", "小学", "5", "10000"]], "a.csv")
    two = table(tmp_path, [[*head, "教学仪器设备资产值"], ["乙校", "小学", "小学", "5", "1"]], "b.csv")
    draft = propose_request(Request(files=one.files + two.files), STANDARD)
    assert refused(draft, "设备(元)", "equipment_value").code == "MAP-UNITS-DIFFER"


@pytest.mark.parametrize("unit", ["人", "个", "名", "间"])
def test_names_of_what_is_counted_are_no_units_to_stumble_over(folder: Path, unit: str) -> None:
    header = f"网络教室({unit})"
    draft = picked(small(folder, **{header: "14"}), {header: "multimedia_rooms"})
    assert draft.mapping().units == {}


def test_a_unit_is_found_in_any_part_of_a_header() -> None:
    headers = ("设备(万元)", "面积（平方米）/其中/运动场", "面积(m2)", "班级(初中)", "人数")
    assert [header_unit(each) for each in headers] == ["万元", "㎡", "㎡", None, None]


# Headers that stand in several tables


def two_tables(tmp_path: Path) -> Request:
    """The one header is no fact in either table, the other a fact in both."""
    head = ["学校名称", "办学类型", "学段", "在校生数", "图书总量"]
    one = table(tmp_path, [head, ["甲校", "小学", "小学", "5", "100"]], "a.csv")
    two = table(tmp_path, [head, ["乙校", "初级中学", "初中", "7", "200"]], "b.csv")
    return Request(files=one.files + two.files)


def test_one_pick_settles_a_header_in_every_table(tmp_path: Path) -> None:
    draft = propose_request(two_tables(tmp_path), STANDARD)
    column = draft.column("图书总量")
    assert column is not None
    assert len(column.spots) == 2
    draft = draft.with_field(column, "books")
    dataset = read_request(draft.request, STANDARD, mapping=draft.mapping())
    assert sorted(dataset.sections["books"].to_list()) == [100.0, 200.0]


def test_a_header_read_otherwise_in_another_stage_is_corrected_in_its_own_only(tmp_path: Path) -> None:
    head = ["学校名称", "办学类型", "在校生数", "数量"]
    one = table(tmp_path, [head, ["甲校", "小学", "5", "100"]], "小学.csv")
    two = table(tmp_path, [head, ["乙校", "初级中学", "7", "200"]], "初中.csv")
    base = HeaderMapping(columns_of={"primary": {"数量": "books"}})
    draft = propose_request(Request(files=one.files + two.files), STANDARD, base)
    (column,) = (each for each in draft.columns if each.header == "数量" and each.field is None)
    after = draft.with_field(column, "computers")
    assert after.mapping().columns_of == {"primary": {"数量": "books"}, "junior": {"数量": "computers"}}
    dataset = read_request(after.request, STANDARD, mapping=after.mapping())
    rows = {row["stage"]: (row["books"], row["computers"]) for row in dataset.sections.to_dicts()}
    assert rows == {"primary": (100.0, None), "junior": (None, 200.0)}


def test_two_columns_of_one_header_cannot_be_told_apart_and_that_is_said(folder: Path) -> None:
    rows = [["学校名称", "办学类型", "学段", "在校生数", "在校生数"], ["甲校", "小学", "小学", "5", "6"]]
    draft = propose_request(table(folder, rows), STANDARD)
    (column,) = draft.open
    assert column.how == "twice"
    with pytest.raises(UsageError) as caught:
        draft.with_field(column, None)
    assert caught.value.code == "MAP-SAME-HEADER"


def test_two_headers_of_one_meaning_are_settled_by_leaving_one_out(folder: Path) -> None:
    rows = [["学校名称", "办学类型", "学段", "在校生数", "在校生数/合计"], ["甲校", "小学", "小学", "5", "6"]]
    wanted = table(folder, rows)
    with pytest.raises(InputRejected, match="MAP-TWICE"):
        read_request(wanted, STANDARD)
    draft = propose_request(wanted, STANDARD)
    assert [(column.header, column.how) for column in draft.open] == [("在校生数/合计", "twice")]
    after = picked(draft, {"在校生数/合计": None})
    assert after.open == ()
    assert read_request(wanted, STANDARD, mapping=after.mapping()).sections["students"].to_list() == [5.0]


def test_a_file_without_a_known_school_column_can_be_told_which_it_is(folder: Path) -> None:
    rows = [["单位", "办学类型", "学段", "在校生数"], ["甲校", "小学", "小学", "5"]]
    draft = propose_request(table(folder, rows), STANDARD)
    assert not draft.has_schools
    after = picked(draft, {"单位": "school"})
    assert after.has_schools
    dataset = read_request(draft.request, STANDARD, mapping=after.mapping())
    assert dataset.sections["school"].to_list() == ["甲校"]


def test_a_correction_is_taken_back(folder: Path) -> None:
    draft = small(folder, 甲数="5")
    after = picked(draft, {"甲数": "books"})
    column = after.column("甲数")
    assert column is not None
    assert (column.how, after.is_changed(column)) == ("chosen", True)
    assert after.restored(column).mapping() == draft.mapping()


HEADERS = (
    "甲数",
    "乙数",
    "图书总量",
    "网络多媒体教室总量",
    "县级以上骨干教师总数",
    "在校生数",
    "books",
    "计算机台数",
    "班级数",
)
PICKS = (
    None,
    "multimedia_rooms",
    "backbone_teachers",
    "books",
    "computers",
    "classes",
    "students",
    "teachers",
    "school",
    "equipment_value",
)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(HEADERS), st.sampled_from(PICKS)), max_size=8))
def test_reading_reads_every_column_as_the_draft_shows_it(picks: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        draft = small(Path(name), **dict.fromkeys(HEADERS, "5"))
        for header, field in picks:
            column = draft.column(header)
            assert column is not None
            try:
                draft = draft.with_field(column, field)
            except BalanceError:
                continue
            again = draft.column(header)
            assert again is not None
            assert again.field == field
        shown = {key_of(column.header): column.field for column in draft.columns}
        if draft.open:
            with pytest.raises(InputRejected, match="MAP-PROPOSAL"):
                read_request(draft.request, STANDARD, mapping=draft.mapping(), write_proposals=False)
            return
        dataset = read_request(draft.request, STANDARD, mapping=draft.mapping(), write_proposals=False)
        assert {key_of(str(e["header"])): e["field"] for e in dataset.mapping if e["header"]} == shown


# The views


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(Request())


def texts(sheet: Sheet) -> list[dict[str, str]]:
    names = [column.key for column in sheet.columns]
    return [
        dict(zip(names, (cell.text for cell in sheet.cells(row)), strict=True)) for row in range(sheet.height)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reference", ["national-2017", "national-2012", "pioneer-2021"])
def test_how_every_column_was_read_is_shown(study: Study, reference: str, language: Any) -> None:
    use_language(language)
    other = study.under(load_standard(reference)).in_new_language()
    view = build(other, where("mapping"))
    rows = texts(pane(view, "mapping").sheet)
    headers = {str(entry["header"]) for entry in other.dataset.mapping if entry["header"]}
    assert {row["header"] for row in rows} == headers
    assert {row["code"] for row in rows} == {str(entry["field"] or "") for entry in other.dataset.mapping}
    assert {row["how"] for row in rows} == {{"zh": "代码", "en": "code"}[language]}
    note = view.panes[0]
    assert isinstance(note, LinesPane)
    assert note.draw(40)


def test_what_the_files_do_not_say_is_shown_with_its_value(folder: Path) -> None:
    rows = [["学校名称", "办学类型", "学段", "在校生数", "教师乙"], ["甲校", "小学", "小学", "5", "2"]]
    wanted = table(folder, rows)
    mapping = HeaderMapping(constant={"county": "清河县", "year": 2024}, absent={"teachers_doctor": 0})
    study = open_study(wanted, None, mapping)
    view = build(study, where("mapping"))
    told = {row["code"]: row for row in texts(pane(view, "mapping").sheet)}
    assert (told["county"]["how"], told["county"]["examples"]) == ("常量", "清河县")
    assert told["teachers_doctor"]["how"].startswith("声明为无")
    assert told["teachers_doctor"]["examples"] == "0"
    assert told[""]["header"] == "教师乙"
    assert texts(pane(view, "mapping").sheet)[0]["header"] == "教师乙"
    missing = {row["code"] for row in texts(pane(view, "missing").sheet)}
    assert "books" in missing or "backbone_teachers" in missing
    assert not missing & {"county", "students", "teachers_doctor"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_draft_shows_the_open_columns_first_and_jumps_between_them(folder: Path, language: Any) -> None:
    use_language(language)
    draft = small(folder, 校长="王", 网络多媒体教室总量="5", 县级以上骨干教师总数="6")
    assert len(draft.open) == 2
    sheet = pane(build_draft(draft), "draft").sheet
    rows = texts(sheet)
    assert {row["header"] for row in rows[:2]} == {"网络多媒体教室总量", "县级以上骨干教师总数"}
    assert {row["how"] for row in rows[:2]} == {{"zh": "未定", "en": "open"}[language]}
    assert sheet.next_status(0, 1) == 1
    assert sheet.next_status(1, 1) == 0


def test_markup_and_escapes_in_a_header_show_as_text(folder: Path) -> None:
    draft = small(folder, **{"[red]图书\x1b[31m册数": "5"})
    told = [row["header"] for row in texts(pane(build_draft(draft), "draft").sheet)]
    assert "[red]图书\\x1b[31m册数" in told


def test_the_likely_facts_are_offered_first_then_leaving_out_then_all_others(folder: Path) -> None:
    draft = small(folder, 网络多媒体教室总量="5")
    (column,) = draft.open
    sheet = field_sheet(draft, column)
    records = [dict(record) for record in sheet.records]
    assert records[0]["field"] == "multimedia_rooms"
    assert [record["field"] for record in records if record["_key"] == "leave-out"] == [None]
    assert [record.get("field") for record in records].index(None) == len(column.candidates)
    offered = {record["field"] for record in records if record["field"]}
    assert offered == {*STANDARD.dictionary, "counted_as_school"}
    assert "restore" not in {record["_key"] for record in records}
    assert sheet.filtered("wldmt").height >= 1
    after = draft.with_field(column, "multimedia_rooms")
    changed = after.column(column.header)
    assert changed is not None
    assert "restore" in {record["_key"] for record in field_sheet(after, changed).records}


# What a person does


class Played:
    """What the app is to these actions."""

    def __init__(self, draft: MappingDraft | None = None, study: Study | None = None) -> None:
        self.draft, self.study, self.session, self.typing = draft, study, None, False
        self.where, self.county, self.trail = where("mapping"), None, Trail()
        self.views: list[View] = []
        self.said: list[Text] = []
        self.errors: list[BalanceError] = []
        self.reopened: list[tuple[Request, HeaderMapping]] = []
        self.gone: list[object] = []
        self.picking: tuple[Text, ListSheet, Callable[[Mapping[str, Any]], object]] | None = None
        self.answering: Callable[[str], object] | None = None
        self.initial = ""
        self.put, self.say, self.tell_error = self.views.append, self.said.append, self.errors.append

    def go(self, place: object, *, keep: bool = True) -> None:
        self.gone.append((place, keep))

    def call_later(self, then: Callable[..., object], *arguments: object) -> None:
        then(*arguments)

    def pick(self, title: Text, sheet: ListSheet, then: Callable[[Mapping[str, Any]], object]) -> None:
        self.picking = title, sheet, then

    def ask(self, _prompt: Text, initial: str, then: Callable[[str], object]) -> None:
        self.initial, self.answering = initial, then

    def reopen(self, request: Request, mapping: HeaderMapping) -> None:
        self.reopened.append((request, mapping))

    def enter(self, name: str, row: int) -> None:
        """Enter a row of the pane last shown."""
        found = pane(self.views[-1], name)
        record = found.sheet.record(row)
        assert record is not None
        go = found.leads(record, found.sheet.columns[0].key)
        assert callable(go)
        go(self)  # type: ignore[arg-type]

    def choose(self, key: str) -> None:
        """Pick the record of this key."""
        assert self.picking is not None
        _, sheet, then = self.picking
        then(next(record for record in sheet.records if record["_key"] == key))

    def do(self, name: str) -> None:
        """Do an action, where it can be done."""
        found = REGISTRY[name]
        app: Any = self
        assert found.when is None or found.when(app), name
        found.act(app)


def test_open_columns_are_settled_one_after_the_other_and_then_read(folder: Path) -> None:
    app = Played(small(folder, 网络多媒体教室总量="5", 县级以上骨干教师总数="6"))
    doing.show_draft(app)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="MAP-OPEN"):
        app.do("mapping-apply")
    app.enter("draft", 0)
    app.choose("multimedia_rooms")
    assert "网络多媒体教室总量" in app.said[-1].zh
    assert "还有 1 列未定" in app.said[-1].zh
    app.enter("draft", 0)
    app.choose("leave-out")
    app.do("mapping-apply")
    ((request, mapping),) = app.reopened
    assert mapping == HeaderMapping(
        columns={"网络多媒体教室总量": "multimedia_rooms"}, ignore=["县级以上骨干教师总数"]
    )
    assert read_request(request, STANDARD, mapping=mapping).sections["multimedia_rooms"].to_list() == [5.0]


def test_a_wrong_pick_is_said_and_changes_nothing(folder: Path) -> None:
    draft = small(folder, 网络多媒体教室总量="没有数")
    app = Played(draft)
    doing.show_draft(app)  # type: ignore[arg-type]
    app.enter("draft", 0)
    app.choose("multimedia_rooms")
    assert [error.code for error in app.errors] == ["MAP-CONTENT"]
    assert app.draft is draft


def test_the_cursor_goes_on_to_the_next_open_column(folder: Path) -> None:
    draft = small(folder, 网络多媒体教室总量="5", 县级以上骨干教师总数="6")
    app = Played(draft)
    doing.show_draft(app)  # type: ignore[arg-type]
    first, second = draft.open
    app.trail.note(app.where, {"draft": Standing(SheetState(), (first.id,), 0, "header")}, "draft")
    app.enter("draft", 0)
    app.choose("multimedia_rooms")
    assert app.trail.standings[app.where]["draft"].key == (second.id,)


def test_a_missing_fact_is_found_a_column(folder: Path) -> None:
    app = Played(small(folder, 校长="王", 甲数="5"))
    doing.show_draft(app)  # type: ignore[arg-type]
    missing = pane(app.views[-1], "missing").sheet
    row = missing.row_of(("backbone_teachers",))
    assert row is not None
    app.enter("missing", row)
    app.choose(key_of("甲数"))
    assert app.draft is not None
    assert app.draft.mapping().columns == {"甲数": "backbone_teachers"}
    assert "backbone_teachers" not in app.draft.missing


def test_columns_likely_to_be_the_fact_come_first(folder: Path) -> None:
    draft = small(folder, 校长="王", 网络多媒体教室总量="5")
    assert column_sheet(draft, "multimedia_rooms").records[0]["column"] == key_of("网络多媒体教室总量")


def test_the_rest_is_left_out_at_once(folder: Path) -> None:
    app = Played(small(folder, 网络多媒体教室总量="5", 县级以上骨干教师总数="6"))
    app.do("mapping-leave-rest")
    assert app.draft is not None
    assert app.draft.open == ()
    assert set(app.draft.mapping().ignore) == {"网络多媒体教室总量", "县级以上骨干教师总数"}
    assert not REGISTRY["mapping-leave-rest"].when(app)  # type: ignore[misc, arg-type]


def test_the_mapping_is_saved_under_a_name_and_never_over_a_file(folder: Path) -> None:
    (folder / "balance-mapping.toml").write_text("# mine", encoding="utf-8")
    app = Played(picked(small(folder, 甲数="5"), {"甲数": "books"}))
    app.do("mapping-save")
    assert app.initial == "balance-mapping-2.toml"
    assert app.answering is not None
    app.answering("balance-mapping.toml")
    assert [error.code for error in app.errors] == ["MAP-EXISTS"]
    assert (folder / "balance-mapping.toml").read_text(encoding="utf-8") == "# mine"
    app.answering(" 甲县.toml ")
    assert "甲县.toml" in app.said[-1].zh
    assert app.draft is not None
    assert HeaderMapping.load(folder / "甲县.toml") == app.draft.mapping()


@pytest.mark.parametrize("name", ["no-such-folder/own.toml", "nul\0.toml"])
def test_a_name_that_cannot_be_written_is_said(folder: Path, name: str) -> None:
    app = Played(small(folder))
    doing.write(app, name)  # type: ignore[arg-type]
    assert [error.code for error in app.errors] == ["MAP-NOT-WRITTEN"]


def test_no_name_saves_nothing(folder: Path) -> None:
    app = Played(small(folder))
    before = set(folder.iterdir())
    doing.write(app, "  ")  # type: ignore[arg-type]
    assert set(folder.iterdir()) == before
    assert (app.said, app.errors) == ([], [])


def wait_for_proposal() -> None:
    for thread in threading.enumerate():
        if thread.name == "propose":
            thread.join()


def test_data_that_was_read_is_corrected_from_its_own_mapping(folder: Path) -> None:
    rows = [["学校名称", "办学类型", "学段", "在校生数", "甲数"], ["甲校", "小学", "小学", "5", "2"]]
    study = open_study(table(folder, rows), None, HeaderMapping(constant={"county": "清河县"}))
    app = Played(study=study)
    app.views.append(build(study, where("mapping")))
    app.enter("mapping", 0)
    wait_for_proposal()
    assert app.picking is not None
    app.choose("books")
    assert app.draft is not None
    wanted = HeaderMapping(constant={"county": "清河县"}, columns={"甲数": "books"})
    assert app.draft.mapping() == wanted
    app.do("mapping-apply")
    assert app.reopened == [(study.request, wanted)]
    assert app.where.view == "overview"


def test_files_that_are_gone_since_are_said(folder: Path) -> None:
    rows = [["学校名称", "办学类型", "学段", "在校生数"], ["甲校", "小学", "小学", "5"]]
    study = open_study(table(folder, rows))
    (folder / "schools.csv").unlink()
    app = Played(study=study)
    doing.begin(app, header="在校生数")  # type: ignore[arg-type]
    wait_for_proposal()
    assert app.draft is None
    assert len(app.errors) == 1


def test_corrections_are_dropped(folder: Path, study: Study) -> None:
    draft = picked(small(folder, 甲数="5"), {"甲数": "books"})
    alone, beside = Played(draft), Played(draft, study)
    alone.do("mapping-discard")
    assert alone.draft is not None
    assert alone.draft.changes == ()
    beside.do("mapping-discard")
    assert beside.draft is None
    assert beside.gone


def test_columns_are_compared_as_headers_are() -> None:
    assert DraftColumn("x", "在校生数 / 合计", None, "ignored", ()).key == "在校生数/计"
