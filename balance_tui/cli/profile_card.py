"""The scorecard of a standard and its verdicts as `profile show` lists them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..language import Text
from ..standard.model import Standard
from ..standard.scorecard import Group, Point, Scorecard

Line = tuple[str, str, str, str]
"""id, what it says, clause with mark, the table it stands in."""


def card_lines(model: Standard) -> Iterator[Line]:
    """Card, headings with the points under them, verdicts; nothing where the standard has none."""
    if model.scorecard:
        yield _card(model.scorecard)
        for group in (group for group in model.group if not group.parent):
            yield from _group(model, group, 0)
    for verdict in model.verdict:
        main = f" ({Text('主结论', 'the main one')})" if verdict.main else ""
        said = f"{Text('结论', 'verdict')}: {verdict.text}{main}  {verdict.rule}({', '.join(verdict.parts)})"
        yield verdict.id, said, _marked(verdict.clause, verdict.mark), "verdict"


def _card(card: Scorecard) -> Line:
    total = _number(card.total, card.total_setting)
    mark = _number(card.pass_mark, card.pass_mark_setting)
    whole = "" if card.complete else f"  {Text('收录不完整', 'not wholly recorded')}"
    said = f"{Text('评分体系', 'scorecard')}: {Text('总分', 'total')} {total}, {Text('达标分', 'pass mark')} {mark}{whole}"
    return "", said, _marked(card.clause, card.mark), "scorecard"


def _number(number: Decimal | None, setting: str) -> str:
    if number is not None:
        return f"{number}"
    return f"{Text('由设置', 'by the setting')} {setting}" if setting else str(Text("未收录", "not recorded"))


def _group(model: Standard, group: Group, level: int) -> Iterator[Line]:
    lost = "" if group.recorded else f"  {Text('未收录', 'not recorded')}"
    said = f"{'  ' * level}{group.text}{_points(group.max)}{lost}"
    yield group.id, said, _marked(group.clause, group.mark), "group"
    for point in (point for point in model.point if point.group == group.id):
        yield point.id, _point(point, level + 1), _marked(point.clause, point.mark), "point"
    for child in (child for child in model.group if child.parent == group.id):
        yield from _group(model, child, level + 1)


def _point(point: Point, level: int) -> str:
    scorer = f"{point.scorer} {point.scorer_setting}".strip()
    highest = _points(point.max) or f"  {Text('分值未收录', 'score not recorded')}"
    wanted = str(Text(point.wanted, point.wanted_en or point.wanted))
    return f"{'  ' * level}{point.text}{highest}  [{scorer}]" + (f"\n{'':<11}{wanted}" if wanted else "")


def _points(highest: Decimal | None) -> str:
    return "" if highest is None else f"  {highest} {Text('分', 'points')}"


def _marked(clause: str, mark: str) -> str:
    return f"{clause} [{mark}]" if mark else clause
