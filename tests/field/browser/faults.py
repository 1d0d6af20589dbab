"""What goes wrong on the way to the server, chosen by the test for each request."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from socket import SHUT_RDWR
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Fault = Callable[[WSGIApplication, WSGIEnvironment, StartResponse], Iterable[bytes]]


@dataclass
class Rule:
    path: str
    fault: Fault
    times: int


@dataclass(frozen=True)
class Asked:
    method: str
    path: str


class FaultSwitch:
    """Stands before the app. A rule is used up after so many requests."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self.asked: list[Asked] = []

    def on(self, path: str, fault: Fault, times: int = 1) -> None:
        """For addresses that begin so."""
        with self._lock:
            self._rules.append(Rule(path, fault, times))

    def always(self, path: str, fault: Fault) -> None:
        self.on(path, fault, times=1_000_000)

    def heal(self) -> None:
        with self._lock:
            self._rules.clear()

    def count(self, path: str) -> int:
        """How many requests came for it."""
        return sum(one.path == path for one in list(self.asked))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fault = self._fault_for(environ)
        if fault is None:
            return self._inner(environ, start_response)
        return fault(self._inner, environ, start_response)

    def _fault_for(self, environ: WSGIEnvironment) -> Fault | None:
        path = environ["PATH_INFO"]
        with self._lock:
            self.asked.append(Asked(environ["REQUEST_METHOD"], path))
            for rule in self._rules:
                if rule.times and path.startswith(rule.path):
                    rule.times -= 1
                    return rule.fault
        return None


def says(status: HTTPStatus, body: str, kind: str = "text/html") -> Fault:
    """Somebody else answers, and the app hears nothing of it."""

    def fault(_: WSGIApplication, __: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start(f"{status.value} {status.phrase}", [("Content-Type", f"{kind}; charset=utf-8")])
        return [body.encode()]

    return fault


def moved(target: str) -> Fault:
    """As a captive portal sends you to its own page."""

    def fault(_: WSGIApplication, __: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("302 Found", [("Location", target), ("Content-Type", "text/html")])
        return [b""]

    return fault


def cut_before(_: WSGIApplication, environ: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
    """The line is dead before the server hears anything."""
    return _hang_up(environ)


def cut_after(
    inner: WSGIApplication, environ: WSGIEnvironment, __: StartResponse
) -> Iterable[bytes]:
    """The server did what was asked, and its answer is lost."""
    answered(inner, environ)
    return _hang_up(environ)


def waits_for(gate: threading.Event) -> Fault:
    """A line so slow that the answer comes when the test opens the gate."""

    def fault(
        inner: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        gate.wait(60)
        return inner(environ, start)

    return fault


def instead(change: Callable[[str], str]) -> Fault:
    """The app's own answer, changed on the way: what a new release would have said."""

    def fault(
        inner: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        plain = {**environ, "HTTP_ACCEPT_ENCODING": "identity", "HTTP_IF_NONE_MATCH": ""}
        status, headers, body = answered(inner, plain)
        start(
            status, [line for line in headers if line[0].lower() not in {"content-length", "etag"}]
        )
        return [change(body.decode()).encode()]

    return fault


def answered(
    inner: WSGIApplication, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], bytes]:
    """All of what the app says."""
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        said.extend((status, headers))

    answer = inner(environ, start)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return said[0], said[1], body


def _hang_up(environ: WSGIEnvironment) -> Iterable[bytes]:
    environ["werkzeug.socket"].shutdown(SHUT_RDWR)
    raise ConnectionAbortedError
