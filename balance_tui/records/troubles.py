"""What a store cannot do, as a sentence with a way to mend it. In each case nothing was written."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ..errors import Place, Refused
from ..language import Text

if TYPE_CHECKING:
    import psycopg

_BUSY = (
    "REC-BUSY", Text("工作区正被另一程序占用", "another program keeps the workspace locked"),
    Text("请稍后再试; 一直如此时请管理员查看谁在使用", "try again; if it stays so, ask the administrator who uses it"),
)  # fmt: skip
_FULL = (
    "REC-FULL", Text("磁盘已满, 没有写入", "the disk is full; nothing was written"),
    Text("请腾出空间后再存", "free some space, then save again"),
)  # fmt: skip
_IO = (
    "REC-IO", Text("磁盘读写出错, 没有写入", "the disk failed; nothing was written"),
    Text("请管理员检查磁盘, 之后再存", "ask the administrator to check the disk, then save again"),
)  # fmt: skip
_READONLY = (
    "REC-READONLY", Text("工作区只可读, 没有写入", "the workspace is read-only; nothing was written"),
    Text("请检查文件与所在文件夹的写权限", "check the permission to write of the file and its folder"),
)  # fmt: skip
_DAMAGED = (
    "REC-DAMAGED", Text("工作区文件已损坏, 没有改动", "the workspace file is damaged; it was left as it is"),
    Text("请从备份恢复: workspace restore", "restore a backup: workspace restore"),
)  # fmt: skip
_OPEN = (
    "REC-OPEN", Text("工作区打不开", "the workspace cannot be opened"),
    Text("请检查路径与权限", "check path and permission"),
)  # fmt: skip
_OTHER = ("REC-STORE", Text("工作区出错", "the workspace failed"), None)

_BY_CODE: Mapping[int, tuple[str, Text, Text | None]] = {
    sqlite3.SQLITE_BUSY: _BUSY, sqlite3.SQLITE_LOCKED: _BUSY, sqlite3.SQLITE_FULL: _FULL, sqlite3.SQLITE_IOERR: _IO,
    sqlite3.SQLITE_READONLY: _READONLY, sqlite3.SQLITE_PERM: _READONLY, sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED, sqlite3.SQLITE_CANTOPEN: _OPEN,
}  # fmt: skip


def told_of(error: sqlite3.Error | UnicodeDecodeError | OSError, path: Path) -> Refused:
    """The sentence for what SQLite, or the way to its file, says; its own words are added where none of ours fits."""
    if isinstance(error, OSError):
        return Refused(*_OPEN, Place(str(path)))
    known = getattr(error, "sqlite_errorcode", None)
    # Text that is no UTF-8, also in what SQLite says of a damaged file, is found by the driver.
    code, what, mend = _DAMAGED if known is None else _BY_CODE.get(known & 0xFF, _OTHER)
    if mend is None:
        what = Text(f"{what.zh}: {error}", f"{what.en}: {error}")
    return Refused(code, what, mend, Place(str(path)))


def told_of_disk(error: OSError, path: Path) -> Refused:
    """The sentence for a file beside the log that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Refused(*_FULL, Place(str(path)))
    said = error.strerror or str(error)
    what = Text(f"写不进, 没有写入: {said}", f"it cannot be written; nothing was: {said}")
    return Refused(
        "REC-IO", what, Text("请检查文件夹与磁盘", "check the folder and the disk"), Place(str(path))
    )


_SERVER = (
    "REC-SERVER", Text("数据库服务器连不上或已断开", "the database server cannot be reached, or broke off"),
    Text("请检查地址与网络, 之后再试", "check address and network, then try again"),
)  # fmt: skip
_NO_DATABASE = (
    "REC-NONE", Text("服务器上没有这个数据库", "the server has no such database"),
    Text("请检查地址, 或请管理员 createdb", "check the address, or have it made by createdb"),
)  # fmt: skip
_LOGIN = (
    "REC-LOGIN", Text("数据库服务器不接受此用户或密码", "the database server does not accept this user or password"),
    Text("请检查用户名与密码 (~/.pgpass)", "check user and password (~/.pgpass)"),
)  # fmt: skip
_URL = (
    "REC-URL", Text("数据库地址写法不对", "the address of the database cannot be read"),
    Text("例: postgresql://用户@主机/数据库", "as in postgresql://user@host/database"),
)  # fmt: skip
_LAID_OUT = (
    "REC-OTHER", Text("工作区不是本版本程序的格式", "the workspace is not laid out as this version of the program does"),
    Text("请用写成它的版本打开", "open it with the version that wrote it"),
)  # fmt: skip
_BY_WORDS: Mapping[str, tuple[str, Text, Text | None]] = {
    r'database ".*" does not exist': _NO_DATABASE,
    r'password authentication failed|no password supplied|role ".*" does not exist|no pg_hba.conf entry': _LOGIN,
}
"""What a server says before anybody is logged in carries no code."""
_BY_STATE: Mapping[str, tuple[str, Text, Text | None]] = {
    "55P03": _BUSY, "53100": _FULL, "58030": _IO, "25006": _READONLY, "42501": _READONLY, "XX001": _DAMAGED,
    "XX002": _DAMAGED, "42P01": _LAID_OUT, "42703": _LAID_OUT, "3F000": _LAID_OUT,
    "57014": _BUSY, "40001": _BUSY, "40P01": _BUSY, "53300": _SERVER, "25P03": _SERVER,
}  # fmt: skip
_BY_CLASS: Mapping[str, tuple[str, Text, Text | None]] = {"08": _SERVER, "57": _SERVER}
"""A line that broke; a server that an operator, or the fall of another of its processes, is ending."""


def told_of_server(error: psycopg.Error, place: Place) -> Refused:
    """The sentence for what the PostgreSQL server, or the line to it, says."""
    state = error.sqlstate
    code, what, mend = _by_state(state) if state else _before_login(error)
    if mend is None:
        said = " ".join(str(error).split())
        what = Text(f"{what.zh}: {said}", f"{what.en}: {said}")
    return Refused(code, what, mend, place)


def unsure(place: Place) -> Refused:
    """The server went away while it was writing and stays away."""
    return Refused(
        "REC-SERVER", Text("写入时服务器断开, 不知是否已写入", "the server went away while writing; it may have been written"),
        Text("连上后先看现在的值, 再决定是否重存", "once it answers, look at the value there is before you save again"), place,
    )  # fmt: skip


def _by_state(state: str) -> tuple[str, Text, Text | None]:
    return _BY_STATE.get(state) or _BY_CLASS.get(state[:2], _OTHER)


def _before_login(error: psycopg.Error) -> tuple[str, Text, Text | None]:
    from psycopg import ProgrammingError

    if isinstance(error, ProgrammingError):
        return _URL
    said = str(error)
    return next((told for words, told in _BY_WORDS.items() if re.search(words, said)), _SERVER)


def without_password(url: str) -> str:
    """An address of a server as it may be shown, wherever in it a password stands.

    >>> without_password("postgresql://me:secret@host/db?password=secret&sslmode=require")
    'postgresql://me@host/db?password=...&sslmode=require'
    """
    scheme, _, rest = url.partition("://")
    account, at, host = rest.rpartition("@")
    shown = re.sub(r"(?i)(\w*password)=[^&]*", r"\1=...", host)
    return f"{scheme}://{account.partition(':')[0]}{at}{shown}"


def split_password(url: str) -> tuple[str, str | None]:
    """An address of a server without the password in it, and the password.

    >>> split_password("postgresql://me:se%2Fcret@host/db?sslmode=require")
    ('postgresql://me@host/db?sslmode=require', 'se/cret')
    """
    scheme, _, rest = url.partition("://")
    where, mark, query = rest.partition("?")
    account, at, host = where.rpartition("@")
    user, _, password = account.partition(":")
    options = [option.partition("=") for option in query.split("&") if option]
    given = [value for name, _, value in options if name == "password"]
    kept = "&".join("".join(option) for option in options if option[0] != "password")
    found = next(iter([*given, password]), "")
    return f"{scheme}://{user}{at}{host}{mark if kept else ''}{kept}", unquote(found) if found else None
