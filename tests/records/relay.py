"""A line to a PostgreSQL server that breaks when it is told to: between a commit and its acknowledgement, for one."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .postgres import fresh_database

_NAME = ".s.PGSQL.5432"
Break = Literal["before", "after", "at once"]
"""When the line breaks at the next commit: before the server hears of it, after that and only for the client, or for both
at once."""


@dataclass
class Relay:
    """Carries what client and server say to each other. `breaks` is how the next commit ends; `is_open` whether new lines
    are taken."""

    folder: str
    server: str
    breaks: Break | None = None
    is_open: bool = True
    _lines: list[socket.socket] = field(default_factory=list)

    def url(self, name: str) -> str:
        """A new database, through this line."""
        return fresh_database(self.server, name).replace(self.server, self.folder)

    def serve(self, listening: socket.socket) -> None:
        """Take lines until the socket is closed."""
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            if not self.is_open:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(Path(self.server) / _NAME))
            self._lines += [client, server]
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()
            threading.Thread(target=self._carry_back, args=(server, client), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := client.recv(2**16):
                if self.breaks and b"COMMIT" in said:
                    self._broken(client, server, said)
                    return
                server.sendall(said)
        _ended(client, server)

    def _broken(self, client: socket.socket, server: socket.socket, said: bytes) -> None:
        how, self.breaks = self.breaks, None
        if how == "after":
            client.shutdown(socket.SHUT_RDWR)
        if how != "before":
            server.sendall(said)
        if how != "after":
            _ended(client, server)

    def _carry_back(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := server.recv(2**16):
                client.sendall(said)
        _ended(client, server)


def _ended(*lines: socket.socket) -> None:
    for line in lines:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()


@contextlib.contextmanager
def relay(server: str) -> Iterator[Relay]:
    """A line to the server on the socket in the folder `server`, for the block."""
    with tempfile.TemporaryDirectory(prefix="relay-") as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(Path(folder) / _NAME))
        listening.listen()
        carrying = Relay(folder, server)
        taking = threading.Thread(target=carrying.serve, args=(listening,), daemon=True)
        taking.start()
        try:
            yield carrying
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            taking.join()
