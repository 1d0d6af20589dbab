"""A mail server on loopback that misbehaves as it is told."""

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any


@dataclass
class MailServer:
    """``answers``: what is said to a command instead of yes; "hang up" closes the line."""

    answers: dict[str, str] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None  # from the first word
    starttls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _HangUp(Exception):
    """The line is closed without a word."""


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10
    server: Any

    def handle(self) -> None:
        house: MailServer = self.server.house
        with suppress(_HangUp, OSError):
            if house.tls:
                self._wrap(house.tls)
            self._say(house.answers.get("hello", "220 mail.example"))
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                house.heard.append(line)
                self._answer(house, line.split(":")[0].split(" ")[0].upper())

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _answer(self, house: MailServer, word: str) -> None:
        if word == "EHLO" and house.starttls:
            self._say("250-mail.example\r\n250 STARTTLS")
        elif word == "STARTTLS" and house.starttls:
            self._say("220 go on")
            self._wrap(house.starttls)
            house.heard.append("(safe)")
        elif word == "DATA" and "DATA" not in house.answers:
            self._take(house)
        else:
            self._say(house.answers.get(word, "250 mail.example"))

    def _take(self, house: MailServer) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        house.letters.append("".join(lines))
        self._say(house.answers.get("letter", "250 taken"))

    def _wrap(self, context: ssl.SSLContext) -> None:
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def _say(self, text: str) -> None:
        if text == "hang up":
            raise _HangUp
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, **answers: str
) -> Iterator[MailServer]:
    house = MailServer(answers=answers, tls=tls, starttls=starttls)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.house = house  # type: ignore[attr-defined]
        house.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield house
        finally:
            server.shutdown()
            thread.join()
