"""Users, their roles and their keys; what an administrator does."""

from __future__ import annotations

from ..errors import Refused
from ..language import Text
from .event import CLOCK, Event, Json, target_of
from .keys import check_new, fingerprint
from .refusals import check_name, reasonless, unknown_user
from .roles import ROLES, Area, Grant, Role
from .seat import Seat
from .state import User
from .targets import grant_target


class Users(Seat):
    """See the module."""

    def first_admin(self) -> None:
        """Make the actor the first administrator of an empty workspace."""
        if self.state.head.sequence:
            raise Refused("REC-EXISTS", Text("工作区已有记录", "the workspace has records"), None)
        self._written([
            self._draft("", "user", target_of("user", self.actor), None, {"disabled": False}),
            self._draft("", "grant", grant_target(self.actor, "admin", Area()), None, True),
        ])  # fmt: skip

    def add_user(self, name: str, *, disabled: bool = False) -> Event:
        """Make a user known, or (with `disabled`) keep one out. Errors: REC-NAME, REC-ROLE, REC-LASTADMIN."""
        self.require("user", Area())
        known = self.state.users.get(name)
        if known is None:
            check_name(name)
        elif disabled:
            self._spare_last_admin(
                {grant for grant in self.state.grants if grant.user == name and grant.role == "admin"}
            )
        old: Json = {"disabled": known.disabled} if known else None
        target = target_of("user", name)
        return self._written([self._draft("", "user", target, old, {"disabled": disabled})])[0]

    def grant(self, name: str, role: Role, area: Area, *, revoke: bool = False) -> Event:
        """Give (or take) a role in an area. Errors: REC-USER, REC-ROLES, REC-ROLE, REC-GRANT, REC-LASTADMIN."""
        self.require("grant", area)
        self._known(name)
        if role not in ROLES:
            raise Refused("REC-ROLES", Text(f"没有角色“{role}”", f"there is no role '{role}'"),
                          Text(f"可用 {', '.join(ROLES)}", f"one of {', '.join(ROLES)}"))  # fmt: skip
        grant = Grant(name, role, area)
        if revoke and grant not in self.state.grants:
            what = Text(f"“{name}”没有这一授权", f"'{name}' has no such role there")
            raise Refused("REC-GRANT", what, Text("user list 列出全部授权", "user list shows every role"))
        if revoke:
            self._spare_last_admin({grant})
        draft = self._draft(
            "", "revoke" if revoke else "grant", grant_target(name, role, area), revoke, not revoke
        )
        return self._written([draft])[0]

    def add_key(self, name: str, key: str) -> Event:
        """Register a public key of a user. Errors: as `put_key`."""
        numbers = [int(label) for label in self._known(name).keys if label.isdecimal()]
        return self.put_key(name, str(max(numbers, default=0) + 1), key)

    def take_key(self, name: str, told: str) -> Event:
        """Take a public key away from a user: it, or its fingerprint. Errors: REC-USER, REC-ROLE, KEY-NONE."""
        self.require("key", Area())
        keys = self._known(name).keys
        label = next((each for each, key in keys.items() if told in (key, fingerprint(key))), None)
        if label is None:
            raise Refused(
                "KEY-NONE", Text(f"“{name}”没有这把密钥", f"'{name}' has no such key"),
                Text("user list 列出指纹", "user list shows the fingerprints"),
            )  # fmt: skip
        return self.put_key(name, label, None)

    def put_key(self, name: str, label: str, key: str | None) -> Event:
        """Register a public key of a user under a label, or take it away. Errors: REC-USER, REC-ROLE, KEY-TAKEN."""
        self.require("key", Area())
        known = self._known(name)
        if key is not None:
            check_new(key, self.state.users.values())
        draft = self._draft("", "key", target_of("key", name, label), known.keys.get(label), key)
        return self._written([draft])[0]

    def accept_clock(self, reason: str) -> Event:
        """Say that the clock is right, though it stands far behind the last event: its time was wrong. What is recorded
        from then on has the time of the clock. Errors: REC-ROLE, REC-REASON, REC-CLOCK where the clock is not behind."""
        self.require("clock", Area())
        if not reason.strip():
            raise reasonless()
        return self._written([self._draft("", CLOCK, target_of(CLOCK), None, True, reason=reason)])[0]

    def _known(self, name: str) -> User:
        """Errors: REC-USER."""
        known = self.state.users.get(name)
        if known is None:
            raise unknown_user(name)
        return known

    def _spare_last_admin(self, lost: set[Grant]) -> None:
        """Errors: REC-LASTADMIN where nobody would be left who may manage users everywhere."""
        left = self.state.grants - lost
        if not any(
            grant.role == "admin" and grant.area == Area() and not self.state.users[grant.user].disabled
            for grant in left
        ):
            raise Refused(
                "REC-LASTADMIN",
                Text("这是最后一位全区管理员", "this is the last administrator of everything"),
                Text("请先授予他人管理员角色", "make somebody else an administrator first"),
            )
