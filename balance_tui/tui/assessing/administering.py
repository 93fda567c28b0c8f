"""People of a workspace: making them known with their keys, granting and taking roles, keeping somebody out, and the
lines that let them in over SSH."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from ...errors import Refused, UsageError, visible
from ...language import Text
from ...paths import file_at
from ...records.exporting import put_new
from ...records.keys import authorized_lines, check_new, fingerprint, key_in, read_key
from ...records.refusals import check_name
from ...records.roles import ROLES, Area, Grant, Role
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane, View
from .errands import show_made
from .exporting import sent_out
from .filling import pick
from .following import saved
from .keeping import free_name, outbox, place_of, today
from .storing import ask_to_store, store

if TYPE_CHECKING:
    from ...records.desk import Desk
    from ...records.event import Event
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session

_AREA = Text(
    "范围 省/市/县/学校标识码 (空为全部):", "area province/city/county/school id (empty: everywhere):"
)
_KEY = Text("登录公钥 (粘贴一行, 可空):", "public key (paste a line; may be empty):")
_KEY_OR_FILE = Text("登录公钥或其文件 (可空):", "public key, or its file (may be empty):")
_LINES = Text("登录行 authorized_keys", "authorized_keys")
_NO_LINES = Text("还没有登录密钥: 在人员屏上 L 加", "no keys yet: L on the screen of people adds one")
_HOLDS = Text(
    "放到 sshd 为服务账号读取登录行的文件中 (按 docs/ssh.md 为 /etc/ssh/balance.keys)",
    "it belongs into the file where sshd reads the service account's keys: /etc/ssh/balance.keys in docs/ssh.md",
)
_COLUMNS = (
    Column("user", Text("用户", "user"), least=8, most=20),
    Column(
        "line", Text("authorized_keys 的一行", "line of authorized_keys"), least=24, most=4000, stretch=True
    ),
)


def area_given(text: str) -> Area:
    """`province/city/county/school id`, each of which may be left out from the right. Errors: AREA."""
    parts = [part.strip() for part in text.split("/")] if text.strip() else []
    if len(parts) > 4 or not all(parts) or visible(text) != text:
        what = Text(
            f"“{visible(text)}”不是 省/市/县/学校", f"'{visible(text)}' is not province/city/county/school"
        )
        raise UsageError("AREA", what, Text("例: 示例省/示例市/示例县", "as in Province/City/County"))
    return Area(*parts)


def recorded(app: BalanceApp, events: Sequence[Event]) -> None:
    """Something is on disk, or there was nothing to record: say so."""
    if events:
        saved(app, app.at_desk, events)
    else:
        app.say(Text("没有变化", "nothing changed"))


# A user, and keys


def add_user(app: BalanceApp) -> None:
    """Ask for a name and a key, and make the user known. Errors: REC-ROLE, REC-NAME, REC-EXISTS."""
    desk = app.at_desk.desk
    desk.require("user", Area())

    def given(text: str) -> None:
        name = check_name(text.strip())
        if name in desk.state.users:
            what = Text(f"用户“{name}”已存在", f"the user '{name}' exists")
            raise Refused("REC-EXISTS", what, Text("L 加登录密钥, i 授权", "L adds a key, i grants a role"))
        ask_key(app, name)

    app.ask(Text("新用户:", "new user:"), "", given)


def ask_key(app: BalanceApp, name: str) -> None:
    """Ask for a public key of a user, who is made known where nobody knows them. Errors: REC-ROLE, those of a key."""
    session = app.at_desk
    session.desk.require("key", Area())

    def checked(text: str) -> Callable[[], Sequence[Event]]:
        return partial(_added, session.desk, name, _key_given(session, text.strip()))

    ask_to_store(app, _KEY if session.restricted else _KEY_OR_FILE, "", checked, partial(recorded, app))


def change_keys(app: BalanceApp, name: str) -> None:
    """Let a key of a user be added, or one of theirs be picked and, once it is confirmed, taken away. Errors: REC-ROLE,
    those of a key."""
    desk = app.at_desk.desk
    desk.require("key", Area())
    keys = list(desk.state.users[name].keys.values())
    if not keys:
        ask_key(app, name)
        return
    choices: list[tuple[str | None, str]] = [
        (None, str(Text("加一把密钥", "add a key"))),
        *((key, f"{Text('收回', 'take away')} {fingerprint(key)} {key.split()[0]}") for key in keys),
    ]

    def picked(record: Record) -> None:
        key = record["value"]
        if key is None:
            ask_key(app, name)
            return
        question = Text(f"收回 {name} 的这把密钥? 是/y:", f"take this key from {name}? y:")
        _confirm(app, question, lambda: (desk.take_key(name, str(key)),))

    pick(app, Text(f"{name} 的登录密钥", f"keys of {name}"), choices, picked)


def _key_given(session: Session, text: str) -> str | None:
    """The key that was pasted, or stands in the file that was named; None for nothing. Errors: KEY, KEY-FILE,
    KEY-TAKEN."""
    if not text:
        return None
    path = None if session.restricted or len(text.split()) != 1 else file_at(text)
    key = key_in(text) if path is None else read_key(path)
    check_new(key, session.desk.state.users.values())
    return key


def _added(desk: Desk, name: str, key: str | None) -> Sequence[Event]:
    events = [] if name in desk.state.users else [desk.add_user(name)]
    if key is not None:
        events.append(desk.add_key(name, key))
    return events


# Roles


def grant(app: BalanceApp, user: str) -> None:
    """Ask for a role and where it holds. Errors: REC-ROLE."""
    app.at_desk.desk.require_any("grant")
    choices = [(role, str(label)) for role, label in ROLES.items()]
    pick(app, Text(f"授予 {user}", f"grant {user}"), choices, partial(_where, app, user))


def _where(app: BalanceApp, user: str, record: Record) -> None:
    desk, role = app.at_desk.desk, cast("Role", record["value"])

    def checked(text: str) -> Callable[[], Sequence[Event]]:
        area = area_given(text)
        return lambda: (desk.grant(user, role, area),)

    ask_to_store(app, _AREA, "", checked, partial(recorded, app))


def take(app: BalanceApp, user: str, held: Grant | None) -> None:
    """Take the role of a row, or keep out (let in again) somebody who has none, once it is confirmed. Errors: REC-ROLE,
    REC-LASTADMIN."""
    if held is None:
        disable(app, user)
        return
    desk, role = app.at_desk.desk, ROLES[held.role]
    desk.require("grant", held.area)
    question = Text(f"收回 {user} 的 {role.zh}? 是/y:", f"take {role.en} from {user}? y:")
    _confirm(app, question, lambda: (desk.grant(held.user, held.role, held.area, revoke=True),))


def disable(app: BalanceApp, user: str) -> None:
    """Keep somebody out, roles and all, or let them in again, once it is confirmed. Errors: REC-ROLE, REC-LASTADMIN."""
    desk = app.at_desk.desk
    desk.require("user", Area())
    out = not desk.state.users[user].disabled
    question = Text(f"停用 {user}? 是/y:", f"keep {user} out? y:")
    if not out:
        question = Text(f"重新启用 {user}? 是/y:", f"let {user} in again? y:")
    _confirm(app, question, lambda: (desk.add_user(user, disabled=out),))


def _confirm(app: BalanceApp, question: Text, work: Callable[[], Sequence[Event]]) -> None:
    def answered(text: str) -> None:
        if text.strip().lower() in ("y", "是"):
            store(app, work, partial(recorded, app))
        else:
            app.say(Text("没有变化", "nothing changed"))

    app.ask(question, "", answered)


# Logging in


def show_lines(app: BalanceApp) -> None:
    """The lines of `authorized_keys` for everybody who is let in. Errors: REC-ROLE, KEY-NAME."""
    lines = _lines(app.at_desk)
    rows = tuple((Cell(shown(visible(user)), "", "bold"), Cell(shown(visible(line)))) for user, line in lines)
    records = tuple({"_key": number} for number in range(len(rows)))
    pane = TablePane(
        "keys", _LINES, ListSheet(_COLUMNS, rows, records), cursor=(0, "line"), counted=Text("行", "lines")
    )
    app.put_aside(View(_LINES, (pane,), _NO_LINES), narrow=False, kind="keys")


def _lines(session: Session) -> list[tuple[str, str]]:
    session.desk.require("key", Area())
    return list(authorized_lines(session.desk.state.users.values(), place_of(session)))


def write_lines(app: BalanceApp) -> None:
    """Write the lines into the outbox, and say how they are fetched. Errors: REC-ROLE, KEY-NAME, those of writing."""
    session = app.at_desk
    text = "".join(f"{line}\n" for _, line in _lines(session))
    folder = outbox(session)
    name = free_name(folder, f"authorized_keys-{today()}", ".txt")
    made = sent_out(session, _LINES, put_new(folder / name, text.encode()), _HOLDS)
    session.errands.made.append(made)
    show_made(app, made)
    app.say(made.told)
