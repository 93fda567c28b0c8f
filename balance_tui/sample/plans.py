"""The four made-up counties: which schools they have and what sets each county and year apart."""

from __future__ import annotations

from dataclasses import replace

from .changes import BLUE, GREEN, RED, WHITE
from .model import Blueprint, CountyPlan
from .notice import YEARS

PRIMARY = Blueprint("primary_school", "", "town", {"primary": (450, 880)})
URBAN_PRIMARY = replace(PRIMARY, location="urban", students={"primary": (880, 1500)})
RURAL_PRIMARY = replace(PRIMARY, location="rural", students={"primary": (120, 380)})
POINT = Blueprint("teaching_point", "", "rural", {"primary": (56, 92)})
TINY_POINT = replace(POINT, students={"primary": (12, 44)})
JUNIOR = Blueprint("junior_school", "", "town", {"junior": (450, 880)})
URBAN_JUNIOR = replace(JUNIOR, location="urban", students={"junior": (900, 1500)})
RURAL_JUNIOR = replace(JUNIOR, location="rural", students={"junior": (180, 380)})
NINE_YEAR = Blueprint("nine_year", "", "town", {"primary": (320, 640), "junior": (200, 420)})
RURAL_NINE = replace(NINE_YEAR, location="rural", students={"primary": (140, 280), "junior": (110, 200)})
URBAN_NINE = replace(NINE_YEAR, location="urban")
PRIVATE_NINE = replace(URBAN_NINE, owner=10)
COMPLETE = Blueprint(
    "complete_secondary", "", "urban", {"junior": (500, 900), "senior": (900, 1400)}, owner=5
)
TWELVE = Blueprint(
    "twelve_year", "", "urban", {"primary": (500, 800), "junior": (350, 500), "senior": (300, 450)}, owner=10
)
SPECIAL = Blueprint("special", "", "urban", {"primary": (60, 90), "junior": (25, 40)})
VOCATIONAL = Blueprint("vocational", "", "urban", {"senior": (900, 1500)})


def campus(parent: Blueprint, stem: str, stage: str, students: int) -> Blueprint:
    """A campus with one stage, not counted as a school."""
    kind = "primary_school" if stage == "primary" else "junior_school"
    return Blueprint(kind, stem, parent.location, {stage: students}, parent=parent, steady=True)


def _rural_groups(urban: int, town: int, rural: int) -> tuple[tuple[int, Blueprint], ...]:
    return (
        (urban, URBAN_PRIMARY), (town, PRIMARY), (rural, RURAL_PRIMARY), (3, TINY_POINT), (2, POINT),
        (3, URBAN_JUNIOR), (6, JUNIOR), (3, RURAL_JUNIOR), (4, NINE_YEAR), (2, RURAL_NINE), (1, PRIVATE_NINE),
        (2, COMPLETE), (1, TWELVE), (1, SPECIAL), (1, VOCATIONAL),
    )  # fmt: skip


_JIA_PARENT = replace(URBAN_PRIMARY, stem="文昌", students={"primary": 1120}, steady=True)
_JIA = CountyPlan(
    "示例甲县", 1,
    _rural_groups(5, 8, 10),
    (
        replace(POINT, stem="清溪", students={"primary": 62}, steady=True),
        replace(RURAL_PRIMARY, stem="云岭", students={"primary": 84}, steady=True),
        replace(RURAL_JUNIOR, stem="高坪", students={"junior": 87}, steady=True),
        replace(PRIMARY, stem="古渡", students={"primary": 610}, built=1998, steady=True),
        replace(JUNIOR, stem="安澜", students={"junior": 560}, built=2003, steady=True),
        _JIA_PARENT,
        campus(_JIA_PARENT, "东", "primary", 210),
    ),
    **GREEN, classes=True,
)  # fmt: skip

_YI_PARENT = replace(URBAN_PRIMARY, stem="锦华", students={"primary": 1230}, steady=True)
_YI_JUNIOR = replace(URBAN_JUNIOR, stem="锦江", students={"junior": 1080}, steady=True)
_YI = CountyPlan(
    "示例乙区", 2,
    (
        (22, URBAN_PRIMARY), (4, PRIMARY), (11, URBAN_JUNIOR), (2, JUNIOR), (4, URBAN_NINE),
        (2, PRIVATE_NINE), (3, COMPLETE), (2, TWELVE), (1, SPECIAL), (1, VOCATIONAL),
    ),
    (
        replace(URBAN_PRIMARY, stem="𠮷祥路", students={"primary": 980}, dense=True, steady=True),
        replace(URBAN_NINE, stem="钟楼", students={"primary": 520, "junior": 300}, dense=True, steady=True),
        replace(URBAN_PRIMARY, stem="人民路", students={"primary": 2250}, built=2004, steady=True),
        replace(
            URBAN_NINE, stem="新港", students={"primary": 1760, "junior": 1000}, built=2015,
            migrant_share=0.54, steady=True,
        ),
        replace(URBAN_JUNIOR, stem="育英", students={"junior": 1200}, built=1995, steady=True),
        _YI_PARENT,
        campus(_YI_PARENT, "北", "primary", 330),
        _YI_JUNIOR,
        campus(_YI_JUNIOR, "西", "junior", 260),
    ),
    **BLUE, degree_sum=True,
)  # fmt: skip

_BING_PARENT = replace(NINE_YEAR, stem="额尔敦", students={"primary": 560, "junior": 420}, steady=True)
_BING = CountyPlan(
    "示例丙旗", 3,
    _rural_groups(4, 8, 10),
    (
        replace(RURAL_PRIMARY, stem="红柳", students={"primary": 264}, steady=True),
        replace(RURAL_PRIMARY, stem="沙窝", students={"primary": 318}, steady=True),
        replace(RURAL_PRIMARY, stem="白音", students={"primary": 96}, steady=True),
        replace(JUNIOR, stem="胡杨", students={"junior": 720}, steady=True),
        replace(URBAN_JUNIOR, stem="草原", students={"junior": 2100}, built=2014, steady=True),
        replace(URBAN_PRIMARY, stem="旗直", students={"primary": 1900}, steady=True),
        _BING_PARENT,
        campus(_BING_PARENT, "南", "primary", 150),
        replace(VOCATIONAL, stem="牧业", students={"junior": 60, "senior": 640}, steady=True),
    ),
    **RED,
)  # fmt: skip

_DING = CountyPlan(
    "示例丁市", 4,
    _rural_groups(6, 8, 9),
    (
        replace(PRIMARY, stem="临江", students={"primary": 540}, steady=True),
        replace(JUNIOR, stem="望海", students={"junior": 640}, steady=True),
        replace(PRIMARY, stem="渔港", students={"primary": 700}, steady=True),
        replace(RURAL_PRIMARY, stem="盐田", students={"primary": 230}, steady=True),
        replace(RURAL_NINE, stem="滩头", students={"primary": 240, "junior": 150}, steady=True),
        replace(POINT, stem="沙洲", students={"primary": 51}, steady=True),
        replace(RURAL_PRIMARY, stem="苇荡", students={"primary": 101}, steady=True),
        replace(RURAL_PRIMARY, stem="旧渡", students={"primary": 140}, years=YEARS[:1]),
        replace(PRIMARY, stem="新城", students={"primary": 520}, built=2025, years=YEARS[1:]),
    ),
    **WHITE, rooms=False,
)  # fmt: skip

PLANS = (_JIA, _YI, _BING, _DING)
