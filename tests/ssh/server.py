"""A real OpenSSH server on the loopback, with forced commands from `user keys`, as an administrator would set it up."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
REASON = "OpenSSH's server (Debian's openssh-server) is not installed"
ROOT = Path(__file__).resolve().parents[2]

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PermitUserEnvironment no
AcceptEnv LANG LC_* TERM PYTHON* XDG_* HOME USER LOGNAME BALANCE_* TEXTUAL* EDITOR PAGER SHELL
Subsystem sftp internal-sftp
LogLevel VERBOSE
"""
"""Far more than Debian's own `AcceptEnv LANG LC_*`: what the client sends must still change nothing. What would act on
the account's shell before the program starts (BASH_ENV, LD_PRELOAD) is for the administrator to keep out, as Debian does
and docs/ssh.md says."""


@dataclass
class Server:
    """A running server: `folder` holds its keys, `workspace` is what the forced commands open, `pid` is its process."""

    folder: Path
    workspace: Path
    port: int
    pid: int = 0

    def key_of(self, user: str) -> Path:
        """The private key of a user, made at the first call."""
        path = self.folder / f"key-{user}"
        if not path.exists():
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", str(path)], check=True
            )
        return path

    def balance(self, *arguments: str, check: bool = True) -> str:
        """Run the program as the account that owns the workspace, which is its administrator."""
        done = subprocess.run(
            [*program(), *arguments, "--workspace", str(self.workspace)], cwd=ROOT, text=True, capture_output=True,
            check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def let_in(self, user: str, role: str, area: str = "") -> None:
        """A user with a key and a role; their line goes into authorized_keys."""
        self.balance("user", "add", user, "--key", f"{self.key_of(user)}.pub")
        self.balance("user", "grant", user, role, *(["--area", area] if area else []))
        self.write_keys()

    def write_keys(self) -> None:
        """Put what `user keys` prints where the server reads it."""
        (self.folder / "authorized_keys").write_text(self.balance("user", "keys"), encoding="utf-8")

    def let_run(self, name: str) -> None:
        """A key that runs whatever it is told, as no key of a person may: for another program through this server."""
        key = Path(f"{self.key_of(name)}.pub").read_text(encoding="ascii")
        with (self.folder / "authorized_keys").open("a", encoding="utf-8") as file:
            file.write(f"restrict,pty {key}")

    def command(
        self, user: str, *words: str, options: Sequence[str] = (), pty: bool = False, port: int | None = None
    ) -> list[str]:
        """The ssh client's command line for a user, without any configuration of the machine; `port` is that of a line
        to the server where it is not the server's own."""
        return [
            "ssh", "-F", "none", "-p", str(port or self.port), "-i", str(self.key_of(user)), "-o", "IdentitiesOnly=yes",
            "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={self.folder}/known",
            "-o", "LogLevel=ERROR", *options, "-tt" if pty else "-T", f"{getpass.getuser()}@127.0.0.1", *words,
        ]  # fmt: skip

    def run(
        self,
        user: str,
        *words: str,
        options: Sequence[str] = (),
        given: bytes = b"",
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """One command of a client without a terminal."""
        return subprocess.run(
            self.command(user, *words, options=options), input=given, capture_output=True, timeout=60, check=False,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip


def program() -> list[str]:
    """How the tests run the program: the interpreter's own script where it is installed, else the module."""
    script = Path(sys.executable).with_name("balance-tui")
    return [str(script)] if script.exists() else [sys.executable, "-m", "balance_tui"]


def missing() -> str | None:
    """Why no server can run here; None where one can."""
    if SSHD is None or shutil.which("ssh") is None:
        return REASON
    return "this account's password is locked, so that sshd without PAM lets nobody in" if _locked() else None


@contextmanager
def server(settings: str = "") -> Iterator[Server]:
    """A server that runs within the block, and an empty workspace beside it; `settings` are more lines of sshd_config."""
    why_not = missing()
    if why_not is not None or SSHD is None:
        pytest.skip(why_not or REASON)
    with tempfile.TemporaryDirectory(prefix="ssh-") as name:
        folder = Path(name)
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True) if os.geteuid() == 0 else None
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host")], check=True
        )
        (folder / "authorized_keys").touch(mode=0o600)
        one = Server(folder, folder / "workspace", _free_port())
        config = CONFIG.format(port=one.port, folder=folder) + settings
        (folder / "config").write_text(config + _FORGIVING if _is_known(_FORGIVING) else config)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(folder / "config")], stderr=log, stdout=log
            )
            one.pid = process.pid
            try:
                _wait(one.port, process, folder / "log")
                one.balance("workspace", "new")
                yield one
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()


_FORGIVING = "\nPerSourcePenalties no\n"
"""Servers from OpenSSH 9.8 on keep an address out whose lines break off often, and here all come from one."""


def _is_known(setting: str) -> bool:
    """Whether this version of the server has a setting."""
    command = [str(SSHD), "-G", "-f", os.devnull, "-o", setting.strip().replace(" ", "=")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _locked() -> bool:
    """Whether sshd would refuse this account for its password, which only root can tell."""
    try:
        lines = Path("/etc/shadow").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    name = pwd.getpwuid(os.geteuid()).pw_name
    return any(line.split(":")[0] == name and line.split(":")[1].startswith("!") for line in lines)


def _free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        with closing(socket.socket()) as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def ssh() -> Iterator[Server]:
    with server() as one:
        yield one
