"""The line between one client and the server: what goes over it is counted, and it can break or fall silent."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from types import TracebackType
from typing import Self

_PIECE = 2**16


class Line:
    """A port of its own that leads to the server's, for one connection; `up` and `down` are the bytes of TCP that went
    to and came from the server. Use as a context manager."""

    def __init__(self, server: int) -> None:
        self.up = self.down = 0
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._word, self._told = socket.socketpair()
        self._thread = threading.Thread(target=self._carry, daemon=True, name="line")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say(b"c")
        self._thread.join()
        for each in (self._listening, self._word, self._told):
            each.close()

    def reset(self) -> None:
        """The line breaks, and both sides learn of it (RST)."""
        self._say(b"r")

    def fall_silent(self) -> None:
        """Nothing is carried any more, and nobody is told: not either when the other end goes away."""
        self._say(b"s")

    def _say(self, word: bytes) -> None:
        with contextlib.suppress(OSError):
            self._word.send(word)

    def _carry(self) -> None:
        """Until one side ends, or it is told otherwise."""
        if self._told in select.select([self._listening, self._told], [], [])[0]:
            return
        near = self._listening.accept()[0]
        with near, socket.create_connection(("127.0.0.1", self._server)) as far:
            for each in (near, far):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                word = self._between(near, far)
                if word == b"s":
                    word = self._told.recv(1)
                if word == b"r":
                    for each in (near, far):
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _between(self, near: socket.socket, far: socket.socket) -> bytes:
        """Carry what comes; what was told that ended it, nothing where a side did."""
        while True:
            ready = select.select([near, far, self._told], [], [])[0]
            if self._told in ready:
                return self._told.recv(1)
            for each in ready:
                data = each.recv(_PIECE)
                if not data:
                    return b""
                if each is near:
                    self.up += len(data)
                    far.sendall(data)
                else:
                    self.down += len(data)
                    near.sendall(data)
