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
    """A running server: `folder` holds its keys, `workspace` is what the forced commands open."""

    folder: Path
    workspace: Path
    port: int

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

    def command(self, user: str, *words: str, options: Sequence[str] = (), pty: bool = False) -> list[str]:
        """The ssh client's command line for a user, without any configuration of the machine."""
        return [
            "ssh", "-F", "none", "-p", str(self.port), "-i", str(self.key_of(user)), "-o", "IdentitiesOnly=yes",
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


@contextmanager
def server() -> Iterator[Server]:
    """A server that runs within the block, and an empty workspace beside it."""
    if SSHD is None or shutil.which("ssh") is None:
        pytest.skip(REASON)
    if _locked():
        pytest.skip("this account's password is locked, so that sshd without PAM lets nobody in")
    with tempfile.TemporaryDirectory(prefix="ssh-") as name:
        folder = Path(name)
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True) if os.geteuid() == 0 else None
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host")], check=True
        )
        (folder / "authorized_keys").touch(mode=0o600)
        one = Server(folder, folder / "workspace", _free_port())
        (folder / "config").write_text(CONFIG.format(port=one.port, folder=folder))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(folder / "config")], stderr=log, stdout=log
            )
            try:
                _wait(one.port, process, folder / "log")
                one.balance("workspace", "new")
                yield one
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()


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
