"""A telephone line as in the mountains: slow, and cut now and then."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from random import Random
from threading import Event, Thread

SIP = 512  # bytes at once


class SlowLine:
    """Carries HTTP from a port of its own to another, each way at so many bytes a second."""

    def __init__(self, to: int, *, speed: float, cut: float) -> None:
        self._to, self._speed, self._cut = to, speed, cut
        self._dice = Random(27)  # noqa: S311 - the same lines every time
        self._over = Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.lines = self.cuts = 0

    @contextmanager
    def open(self) -> Iterator["SlowLine"]:
        answering = Thread(target=self._answer, daemon=True)
        answering.start()
        try:
            yield self
        finally:
            self._over.set()
            self._door.close()

    def _answer(self) -> None:
        while not self._over.is_set():
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            self.lines += 1
            Thread(target=self._carry, args=(near, self._length()), daemon=True).start()

    def _length(self) -> float:
        """After how many bytes either way this line is cut."""
        if self._dice.random() >= self._cut:
            return float("inf")
        self.cuts += 1
        return self._dice.uniform(0, 25_000)

    def _carry(self, near: socket.socket, length: float) -> None:
        """One question and its answer. The server's proxy reads a question whole first."""
        with closing(near), suppress(OSError):
            asked = self._whole(near, length)
            with closing(socket.create_connection(("127.0.0.1", self._to))) as far:
                far.sendall(asked)
                carried = 0
                while (sip := far.recv(SIP)) and carried < length:
                    self._take_time(sip)
                    near.sendall(sip)
                    carried += len(sip)

    def _whole(self, near: socket.socket, length: float) -> bytes:
        asked = b""
        while not _is_whole(asked):
            sip = near.recv(SIP)
            self._take_time(sip)
            asked += sip
            if not sip or len(asked) >= length:
                raise ConnectionError
        return asked

    def _take_time(self, sip: bytes) -> None:
        time.sleep(len(sip) / self._speed)


def _is_whole(asked: bytes) -> bool:
    head, end, body = asked.partition(b"\r\n\r\n")
    said = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return bool(end) and len(body) >= int(said[1] if said else 0)
