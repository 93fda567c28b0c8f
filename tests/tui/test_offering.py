"""Whatever was being typed when the line dropped is offered again, of every kind, and what others did since is asked
about."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from balance_tui.records.beside import FolderBeside
from balance_tui.records.desk import Desk
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.event import target_of
from balance_tui.records.sitting import system_user
from balance_tui.records.state import FactKey, FindingKey, ItemKey
from balance_tui.records.targets import AS_OF, REVIEW, fact_target, finding_target, item_target
from balance_tui.tui.assessing.accepting import accept, give_setting
from balance_tui.tui.assessing.loader import FileLoader
from balance_tui.tui.assessing.offering import offer
from balance_tui.tui.assessing.proposing import READY, WAIT
from balance_tui.tui.assessing.session import Session

from . import assessed
from .assessed import COUNTY, NAME
from .screens import Driven
from .snapshots import screen_text
from .test_assessed_acts import sat_down, until_shown
from .test_storing import tried

AWAY = "elsewhere.example 10.0.0.1 4711 ab"
CELL = FactKey(*COUNTY, "0001000001", "primary", "backbone_teachers")
BELOW = CELL._replace(school_id="0001000002")
G01 = ItemKey(*COUNTY, None, None, "G01", "verified")
FINDING = FindingKey(*COUNTY, "0001000001", "primary", "C04", "backbone_teachers")
LIMIT = target_of("setting", "special_funds_limit")
OFFERED = "上次断线前未保存的"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offering")
    return assessed.made(folder / "workspace", folder / "home").folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "workspace"
    shutil.copytree(template, copy)
    return copy


def leave_behind(folder: Path, *typed: Typed) -> None:
    """What a sitting on another host had typed when it ended."""
    Drafts(FolderBeside(folder), system_user(), NAME, AWAY).put(typed)


def kept(folder: Path) -> list[str]:
    """The targets that are kept by now, whoever keeps them."""
    beside = FolderBeside(folder)
    left = Drafts(beside, system_user(), NAME, "nobody").left(lambda _: True)
    return [each.target for each in left.drafts]


def line(screen: Driven) -> str:
    """What stands in the line that is typed."""
    return screen.app.asked.prompt.value if screen.app.asked else ""


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        (Typed(fact_target(CELL), 0, {"text": "18"}), "更正 示例甲县石桥小学"),
        (Typed(finding_target(FINDING), 0, {"text": "18"}), "确认理由"),
        (Typed(LIMIT, 0, {"text": "18"}), "标准限额"),
        (Typed(AS_OF, 0, {"text": "18"}), "评估日期"),
        (Typed(REVIEW, 0, {"text": "18", "step": "submit"}), "回车提交"),
    ],
    ids=["fact", "finding", "setting", "as-of", "review"],
)
def test_a_line_is_typed_on_where_it_was_left_until_it_is_given_up(
    folder: Path, typed: Typed, question: str
) -> None:
    leave_behind(folder, typed)

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.until(lambda: line(screen) == "18")
            shown = screen_text(screen.app)
            assert OFFERED in shown
            assert question in shown or question == "标准限额"
            await screen.press("9")
            screen.app.at_desk.drafts.wait(60)
            assert kept(folder) == [typed.target]
            await screen.press("escape")
            screen.app.at_desk.drafts.wait(60)
            assert kept(folder) == []

    asyncio.run(run())


def test_what_was_recorded_as_the_line_dropped_is_not_offered(folder: Path) -> None:
    target = fact_target(CELL)
    sat_in(folder).correct(NAME, [(CELL, "18")])
    leave_behind(folder, Typed(target, 0, {"text": "18"}), Typed(fact_target(BELOW), 0, {"text": "7"}))

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.until(lambda: line(screen) == "7")
            screen.app.at_desk.drafts.wait(60)
            assert kept(folder) == [fact_target(BELOW)]

    asyncio.run(run())


def test_nothing_opens_under_the_keys_of_who_is_typing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_behind(folder, Typed(fact_target(CELL), 0, {"text": "18"}))

    async def run() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Session, "is_pressing", True)
            async with sat_down(folder, NAME) as screen:
                session = screen.app.at_desk
                await screen.until(
                    lambda: bool(session.drafts.waiting.get(NAME)) and session.recorded is not None
                )
                patch.undo()
                patch.setattr("balance_tui.tui.assessing.session.PAUSE", 10_000.0)
                for key in "6lllll":
                    await screen.press(key)
                    offer(screen.app, session)
                    assert not screen.app.typing
                patch.undo()
                await screen.until(lambda: line(screen) == "18")

    asyncio.run(run())


def test_a_judgement_is_filled_in_on_with_its_reason(folder: Path) -> None:
    leave_behind(folder, Typed(item_target(G01), 0, {"answer": "no", "remark": "规划未批", "reason": "复核"}))

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await until_shown(screen, "规划未批")
            await tried(screen)
            assert "复核" in screen_text(screen.app)
            await screen.press("s")

    asyncio.run(run())
    recorded = sat_in(folder).assessment(NAME)
    assert recorded.judgements[G01].items() >= {"answer": "no", "remark": "规划未批"}.items()
    assert recorded.events[-1].reason == "复核"
    assert kept(folder) == []


def sat_in(folder: Path) -> Desk:
    return assessed.Workspace(folder, folder).desk()


def test_a_block_is_shown_as_a_whole_with_what_cannot_be_read(folder: Path) -> None:
    cells = ((CELL, "18"), (BELOW, "二"))
    leave_behind(folder, *(Typed(fact_target(key), 0, {"text": text, "reason": "表"}) for key, text in cells))

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await until_shown(screen, "1 格读不出")
            shown = screen_text(screen.app)
            assert "“二”不是数" in shown
            assert "表" in shown
            screen.app.at_desk.drafts.wait(60)
            assert sorted(kept(folder)) == sorted(fact_target(key) for key, _ in cells)
            await screen.press("escape")
            screen.app.at_desk.drafts.wait(60)
            assert kept(folder) == []

    asyncio.run(run())


def test_one_thing_is_offered_after_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balance_tui.tui.assessing.following.EVERY", 0.05)
    leave_behind(folder, Typed(AS_OF, 0, {"text": "2025-09-01"}), Typed(LIMIT, 0, {"text": "18"}))

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.until(lambda: line(screen) == "2025-09-01")
            screen.app.at_desk.drafts.wait(60)
            assert sorted(kept(folder)) == sorted([LIMIT, AS_OF])
            await screen.press("enter")
            await tried(screen)
            await screen.press("enter")
            await screen.until(lambda: line(screen) == "18")
            await screen.press("escape")
            screen.app.at_desk.drafts.wait(60)

    asyncio.run(run())
    assert sat_in(folder).assessment(NAME).as_of == "2025-09-01"
    assert kept(folder) == []


@pytest.mark.parametrize(
    "target",
    [fact_target(CELL._replace(school_id="gone")), fact_target(CELL._replace(field="gone")), "[]", "nonsense",
     target_of("setting", "gone"), target_of("fact", 1)],
)  # fmt: skip
def test_what_is_about_nothing_any_more_is_in_nobodys_way(folder: Path, target: str) -> None:
    leave_behind(folder, Typed(target, 0, {"text": "18"}), Typed(AS_OF, 0, {"text": "2025-09-01"}))

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.until(lambda: line(screen) == "2025-09-01")

    asyncio.run(run())


def test_what_another_did_since_it_was_typed_is_asked_about(folder: Path) -> None:
    leave_behind(folder, Typed(fact_target(CELL), 0, {"text": "18"}))
    other = sat_in(folder)
    other.correct(NAME, [(CELL, "24")], reported={CELL: "25"})
    other.log.close()

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.until(lambda: line(screen) == "18")
            await screen.press("enter")
            await tried(screen)
            shown: Sequence[str] = screen_text(screen.app).split("\n")
            (entered,) = (each for each in shown if "改为此值" in each)
            assert "24" in entered
            assert system_user() in entered
            await screen.press("enter")
            assert screen.app.where.view == "conflict"

    asyncio.run(run())
    assert sat_in(folder).assessment(NAME).facts == {CELL: "24"}


def test_a_setting_that_another_has_given_meanwhile_is_asked_about(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            give_setting(screen.app, "special_funds_limit")
            await screen.type("18")
            await screen.press("enter")
            await tried(screen)
            other = sat_in(folder)
            other.set(NAME, "special_funds_limit", "7", "按通知")
            other.log.close()
            await screen.press("enter")
            assert screen.app.where.view == "conflict"
            shown = screen_text(screen.app)
            assert "按通知" in shown
            await screen.press("up", "enter")
            await screen.until(lambda: screen.app.at_desk.one.settings == {"special_funds_limit": "18"})

    asyncio.run(run())


def test_a_reason_that_another_has_given_for_a_finding_meanwhile_is_told_first(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            accept(screen.app, FINDING)
            await screen.type("已核实")
            other = sat_in(folder)
            other.acknowledge(NAME, FINDING, "登记有误")
            other.log.close()
            await screen.press("enter")
            assert "登记有误" in screen_text(screen.app)
            assert line(screen) == "已核实"
            await screen.press("enter")
            assert screen.app.at_desk.one.acknowledged == {FINDING: "已核实"}

    asyncio.run(run())


def test_who_confirms_before_the_effects_are_there_is_told_when_they_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[tuple[object, ...]] = []
    real = FileLoader.try_out

    def later(loader: FileLoader, *arguments: object) -> None:
        waiting.append((loader, *arguments))

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            monkeypatch.setattr(FileLoader, "try_out", later)
            await screen.press("6")
            await screen.stand("backbone_teachers", 0)
            await screen.press("i", "ctrl+u")
            await screen.type("3")
            await screen.press("enter")
            await screen.press("enter")
            assert str(WAIT) in screen_text(screen.app)
            real(*waiting.pop())  # type: ignore[arg-type]
            await until_shown(screen, str(READY))
            assert str(WAIT) not in screen_text(screen.app)
            assert not screen.app.at_desk.one.facts
            await screen.press("enter")
            assert screen.app.at_desk.one.facts == {CELL: "3"}

    asyncio.run(run())
