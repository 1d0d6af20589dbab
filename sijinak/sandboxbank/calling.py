"""How the bank calls SiJINAK: over the loopback, in ten seconds, signed as agreed."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from sijinak.core.clock import now
from sijinak.sandboxbank.books import new_number
from sijinak.sandboxbank.house import House
from sijinak.sandboxbank.model import in_wib
from sijinak.sandboxbank.signing import Signable, hmac_of, rsa_of

PATIENCE = 10.0  # seconds a bank waits for its partner
OLD = timedelta(hours=2)
FORBIDDEN_TOKEN = "01"  # noqa: S105 - the case of a response code


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One call, to be made as often as it takes."""

    path: str
    body: Mapping[str, Any]
    symmetric: bool = False
    external_id: str = ""  # empty: a new one each time
    fates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``status`` 0: no answer."""

    status: int
    body: dict[str, Any]

    @property
    def case(self) -> str:
        return str(self.body.get("responseCode", ""))[-2:]

    @property
    def is_good(self) -> bool:
        return self.status == 200  # noqa: PLR2004


class Caller:
    """Keeps the token that SiJINAK gave the bank."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._token = ""
        self._lock = threading.Lock()

    def snap(self, letter: Letter) -> Reply:
        """A refused token is renewed, once."""
        reply = self._signed(letter)
        if letter.symmetric and reply.case == FORBIDDEN_TOKEN:
            with self._lock:
                self._token = ""
            reply = self._signed(letter)
        return reply

    def plain(self, path: str, body: Mapping[str, Any]) -> Reply:
        """What carries its signature in the body."""
        return self._sent(path, _text(body), {})

    def _signed(self, letter: Letter) -> Reply:
        body = _text(letter.body)
        path = f"{self.house.door}/snap{letter.path}"
        stamp = in_wib(now() - OLD if "stale" in letter.fates else now())
        signable = Signable(method="POST", path=path, body=body, stamp=stamp)
        headers = {
            "X-TIMESTAMP": stamp,
            "X-PARTNER-ID": self.house.names.partner_id,
            "X-EXTERNAL-ID": letter.external_id or new_number(30),
            "CHANNEL-ID": self.house.names.channel_id,
        }
        if letter.symmetric:
            token = self._own_token()
            headers["Authorization"] = f"Bearer {token}"
            secret = self.house.names.inbound_client_secret
            headers["X-SIGNATURE"] = hmac_of(secret, signable.text(token))
        else:
            headers["X-SIGNATURE"] = rsa_of(self.house.own_key, signable.text())
        if "bad_signature" in letter.fates:
            headers["X-SIGNATURE"] = headers["X-SIGNATURE"][::-1]
        return self._sent(path, body, headers)

    def _own_token(self) -> str:
        with self._lock:
            if not self._token:
                self._token = self._asked_token()
            return self._token

    def _asked_token(self) -> str:
        client, stamp = self.house.names.inbound_client_id, in_wib(now())
        headers = {
            "X-CLIENT-KEY": client,
            "X-TIMESTAMP": stamp,
            "X-SIGNATURE": rsa_of(self.house.own_key, f"{client}|{stamp}".encode()),
        }
        path = f"{self.house.door}/snap/v1.0/access-token/b2b"
        reply = self._sent(path, _text({"grantType": "client_credentials"}), headers)
        return str(reply.body.get("accessToken", ""))

    def _sent(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(self.house.sijinak)
        line = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=PATIENCE)
        sent = {"Content-Type": "application/json", **headers}
        try:
            line.request("POST", path, body, sent)
            answer = line.getresponse()
            return Reply(status=answer.status, body=_read(answer.read()))
        except (OSError, HTTPException):
            return Reply(status=0, body={})
        finally:
            line.close()


class Later:
    """Work that waits: each in a thread of its own, none of which keeps the process alive."""

    def __init__(self) -> None:
        self._waiting: set[threading.Timer] = set()
        self._closed = False

    def after(self, pause: float, job: Callable[[], None]) -> None:
        timer = threading.Timer(pause, lambda: self._run(timer, job))
        timer.daemon = True
        self._waiting.add(timer)
        timer.start()

    def close(self) -> None:
        self._closed = True
        for timer in list(self._waiting):
            timer.cancel()
            timer.join(PATIENCE)

    def _run(self, timer: threading.Timer, job: Callable[[], None]) -> None:
        try:
            if not self._closed:
                job()
        finally:
            self._waiting.discard(timer)


def _text(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
