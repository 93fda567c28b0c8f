"""Who may do what, and where: a role is granted on a school, a county, a city, a province or all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..errors import Refused
from ..language import Text

Role = Literal["viewer", "reporter", "inspector", "author", "admin"]

ROLES: Mapping[Role, Text] = {
    "viewer": Text("查看者", "viewer"),
    "reporter": Text("填报员", "reporter"),
    "inspector": Text("督学", "inspector"),
    "author": Text("标准编制人", "author"),
    "admin": Text("管理员", "admin"),
}

_MAY: Mapping[str, tuple[Role, ...]] = {
    "read": ("viewer", "reporter", "inspector", "author", "admin"),
    "create": ("inspector", "admin"),
    "import": ("reporter", "inspector", "admin"),
    "export": ("reporter", "inspector", "author", "admin"),
    "fact": ("reporter", "inspector"),
    "judge self": ("reporter", "inspector"),
    "judge": ("inspector",),
    "acknowledge": ("reporter", "inspector"),
    "setting": ("inspector", "author", "admin"),
    "standard": ("author", "admin"),
    "submit": ("reporter", "inspector"),
    "return": ("inspector",),
    "approve": ("inspector",),
    "unlock": ("admin",),
    "user": ("admin",),
    "grant": ("admin",),
    "key": ("admin",),
    "backup": ("admin",),
    "clock": ("admin",),
}
"""The roles that may do each thing. What everybody does leaves an event, except `read`, `export` and `backup`."""

ACTS: Mapping[str, Text] = {
    "read": Text("查看", "look at"), "create": Text("新建评估", "create an assessment"),
    "import": Text("导入数据", "import data"), "export": Text("导出", "export"), "fact": Text("改数据", "correct figures"),
    "judge self": Text("自评", "self-evaluate"), "judge": Text("评判", "judge"),
    "acknowledge": Text("确认数据问题", "acknowledge findings"), "setting": Text("改设置", "change settings"),
    "standard": Text("换标准", "change the standard"), "submit": Text("提交", "submit"),
    "return": Text("退回", "return"), "approve": Text("通过", "approve"), "unlock": Text("解锁", "unlock"),
    "user": Text("管理用户", "manage users"), "grant": Text("授权", "grant roles"), "key": Text("管理密钥", "manage keys"),
    "backup": Text("备份与恢复", "back up and restore"), "clock": Text("认可时钟", "accept the clock"),
}  # fmt: skip


@dataclass(frozen=True)
class Area:
    """Where a role holds, from wide to narrow; None stands for all of them."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    school: str | None = None

    def covers(self, other: Area) -> bool:
        """Whether everything in `other` lies in this area."""
        pairs = zip(self._steps, other._steps, strict=True)
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    @property
    def breadth(self) -> int:
        """0 for one school, 1 a county, 2 a city, 3 a province, 4 all."""
        return next((step for step, name in enumerate(reversed(self._steps)) if name is not None), 4)

    @property
    def _steps(self) -> tuple[str | None, ...]:
        return (self.province, self.city, self.county, self.school)

    def __str__(self) -> str:
        return "/".join(name for name in self._steps if name is not None) or str(Text("全部", "all"))


@dataclass(frozen=True)
class Grant:
    """A role that a user has in an area."""

    user: str
    role: Role
    area: Area


BREADTH_OF_LEVEL: Mapping[str, int] = {
    "school": 0,
    "county": 1,
    "district": 1,
    "city": 2,
    "province": 3,
    "nation": 4,
}
"""How wide a grant must be to act at a level of review, by the id of the level; others ask for the next wider one."""


def may(grants: Iterable[Grant], act: str, area: Area, breadth: int = 0) -> bool:
    """Whether any of a user's grants allows an act in an area; `breadth` is how wide the grant has to be."""
    return any(
        grant.role in _MAY[act] and grant.area.covers(area) and grant.area.breadth >= breadth
        for grant in grants
    )


class NoRole(Refused):
    """A user may not do an act in an area."""

    def __init__(self, code: str, what: Text, mend: Text, user: str, act: str, area: Area) -> None:
        super().__init__(code, what, mend)
        self.user, self.act, self.area = user, act, area

    def told_of(self, where: str) -> Text:
        """The same for a line that has little room: `where` says in a name what the area is."""
        zh, en = f"“{self.user}”无权{ACTS[self.act].zh}", f"'{self.user}' may not {ACTS[self.act].en}"
        said = Text(f"{zh}: {where}", f"{en}: {where}")
        return Text(f"{said.zh}; {_takes(self.act).zh}", f"{said.en}; {_takes(self.act).en}")


def _takes(act: str) -> Text:
    roles = _MAY[act]
    return Text(
        f"需要角色: {'、'.join(ROLES[role].zh for role in roles)}; 请管理员授权",
        f"this takes the role {' or '.join(ROLES[role].en for role in roles)}; ask an administrator",
    )


def refuse(user: str, act: str, area: Area) -> NoRole:
    """The sentence for what a user may not do."""
    return NoRole(
        "REC-ROLE",
        Text(
            f"“{user}”在“{area}”无权{ACTS[act].zh}", f"'{user}' may not {ACTS[act].en} in '{area}'"
        ),
        _takes(act), user, act, area,
    )  # fmt: skip
