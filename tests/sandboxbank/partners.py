"""A running bank, a merchant who signs as the published rules say, and a SiJINAK that listens."""

import base64
import binascii
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from sijinak.core.clock import now
from sijinak.sandboxbank.app import create_bank, server_of
from sijinak.sandboxbank.house import House
from sijinak.sandboxbank.model import WIB

PATIENCE = 60.0
POLL = 0.01
_numbers = count(int(time.time()))


@dataclass(frozen=True)
class Said:
    status: int
    body: Any
    text: str

    @property
    def code(self) -> str:
        return str(self.body["responseCode"])


class Running:
    """The bank on a port of its own, answering over sockets."""

    def __init__(self, folder: Path, sijinak: str) -> None:
        self.folder = folder
        self.house = House.opened(folder, sijinak)
        app, self.bank = create_bank(self.house)
        self.server = server_of(app, "127.0.0.1", 0)
        self.port = self.server.server_port
        self._thread = threading.Thread(target=self.server.serve_forever, args=(POLL,))
        self._thread.start()

    @property
    def books(self) -> Any:
        return self.bank.books

    def call(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Said:
        """Raises ConnectionError or HTTPException when the bank hangs up."""
        raw = body if isinstance(body, bytes) else b"" if body is None else as_json(body)
        sent = {"Content-Type": "application/json"} | dict(headers or {})
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, raw, sent)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        is_json = (answer.headers.get("Content-Type") or "").startswith("application/json")
        return Said(answer.status, json.loads(text) if is_json else None, text)

    def turn(self, **knobs: object) -> None:
        assert self.call("PUT", "/knobs", knobs).status == 200

    def phone(self, **wish: object) -> Said:
        return self.call("POST", "/phone/pay", wish)

    def stop(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
        self.bank.close()


@dataclass
class Merchant:
    """Signs with its own code: the bank is checked by somebody who did not write it."""

    at: Running
    token: str = ""
    stamp: Callable[[], datetime] = now
    changes: dict[str, str | None] = field(default_factory=dict)  # headers, at the last moment

    @property
    def names(self) -> Any:
        return self.at.house.names

    @property
    def key(self) -> Any:
        pem = (self.at.folder / "merchant.pem").read_bytes()
        return serialization.load_pem_private_key(pem, password=None)

    def sign_in(self) -> "Merchant":
        said = self.ask_token()
        assert said.code == "2007300", said
        self.token = said.body["accessToken"]
        return self

    def ask_token(self) -> Said:
        stamp = wib(self.stamp())
        text = f"{self.names.client_id}|{stamp}".encode()
        headers = {
            "X-TIMESTAMP": stamp,
            "X-CLIENT-KEY": self.names.client_id,
            "X-SIGNATURE": self._rsa(text),
        }
        body = {"grantType": "client_credentials"}
        return self.at.call("POST", "/v1.0/access-token/b2b", body, self._changed(headers))

    def ask(self, method: str, path: str, body: object = None, *, rsa: bool = False) -> Said:
        """``rsa``: the signature that needs no token."""
        raw = b"" if body is None else as_json(body)
        stamp = wib(self.stamp())
        digest = hashlib.sha256(raw).hexdigest()
        parts = [method, path, *([] if rsa else [self.token]), digest, stamp]
        text = ":".join(parts).encode()
        secret = self.names.client_secret.encode()
        mac = base64.b64encode(hmac.new(secret, text, hashlib.sha512).digest()).decode()
        headers = {
            "X-TIMESTAMP": stamp,
            "X-SIGNATURE": self._rsa(text) if rsa else mac,
            "X-PARTNER-ID": self.names.partner_id,
            "X-EXTERNAL-ID": str(next(_numbers)),
            "CHANNEL-ID": self.names.channel_id,
        }
        if not rsa:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.at.call(method, path, raw, self._changed(headers))

    def qr(self, ref: str, total: int = 75_000, /, **fields: object) -> Said:
        body = {
            "partnerReferenceNo": ref,
            "amount": rupiah(total),
            "merchantId": self.names.merchant_id,
            "validityPeriod": wib(now() + timedelta(minutes=15)),
            **fields,
        }
        return self.ask("POST", "/v1.0/qr/qr-mpm-generate", body)

    def query(self, ref: str) -> Said:
        body = self.about(ref) | {"serviceCode": "47"}
        return self.ask("POST", "/v1.0/qr/qr-mpm-query", body)

    def cancel(self, ref: str) -> Said:
        return self.ask("POST", "/v1.0/qr/qr-mpm-cancel", self.about(ref) | {"reason": "x"})

    def refund(self, ref: str, key: str, amount: int, **more: object) -> Said:
        wanted = {"partnerRefundNo": key, "refundAmount": rupiah(amount), "reason": "double"}
        return self.ask("POST", "/v1.0/qr/qr-mpm-refund", self.about(ref) | wanted | more)

    def about(self, ref: str) -> dict[str, object]:
        return {"originalPartnerReferenceNo": ref, "merchantId": self.names.merchant_id}

    def account(self, customer: str, ref: str) -> dict[str, object]:
        service = self.names.va_prefix.rjust(8)
        return {
            "partnerServiceId": service,
            "customerNo": customer,
            "virtualAccountNo": service + customer,
            "trxId": ref,
        }

    def va(self, customer: str, ref: str, amount: int = 75_000) -> Said:
        body = self.account(customer, ref) | {
            "virtualAccountName": "CV Samawa",
            "totalAmount": rupiah(amount),
            "virtualAccountTrxType": "C",
            "expiredDate": wib(now() + timedelta(minutes=15)),
        }
        return self.ask("POST", "/v1.0/transfer-va/create-va", body)

    def va_status(self, customer: str, ref: str) -> Said:
        return self.ask("POST", "/v1.0/transfer-va/status", self.account(customer, ref))

    def gateway(self, method: str, path: str, body: object = None, key: str = "") -> Said:
        user = key or self.names.server_key
        basic = base64.b64encode(f"{user}:".encode()).decode()
        return self.at.call(method, path, body, {"Authorization": f"Basic {basic}"})

    def wallet(self, method: str, path: str, body: object = None, token: str = "") -> Said:
        bearer = {"Authorization": f"Bearer {token or self.names.wallet_token}"}
        return self.at.call(method, f"/wallet/v1{path}", body, bearer)

    def _rsa(self, text: bytes) -> str:
        signed = self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signed).decode()

    def _changed(self, headers: dict[str, str]) -> dict[str, str]:
        found: dict[str, str | None] = {**headers, **self.changes}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Heard:
    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class Listener:
    """Stands for SiJINAK: keeps what it hears, and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: dict[str, Callable[[Heard], tuple[int, object]]] = {}
        listener = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                one = Heard(self.path, dict(self.headers), raw)
                listener.heard.append(one)
                status, body = listener.answer(one)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(as_json(body))

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,))
        self._thread.start()

    def answer(self, one: Heard) -> tuple[int, object]:
        for ending, make in self.answers.items():
            if one.path.endswith(ending):
                return make(one)
        return 200, {"responseCode": "2000000", "accessToken": "a token"}

    def wait(self, ending: str, times: int = 1) -> list[Heard]:
        """What came to an address, once it came so often."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = [one for one in self.heard if one.path.endswith(ending)]
            if len(found) >= times:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{ending}: {[one.path for one in self.heard]}")

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def as_json(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def rupiah(amount: int) -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": "IDR"}


def wib(moment: datetime) -> str:
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def is_by_bank(at: Running, one: Heard) -> bool:
    """Whether the bank's key signed a notice, without a token."""
    digest = hashlib.sha256(one.raw).hexdigest()
    text = f"POST:{one.path}:{digest}:{one.headers['X-TIMESTAMP']}".encode()
    key: Any = serialization.load_pem_public_key((at.folder / "bank.pub.pem").read_bytes())
    given = one.headers["X-SIGNATURE"]
    try:
        key.verify(
            base64.b64decode(given, validate=True), text, padding.PKCS1v15(), hashes.SHA256()
        )
    except (binascii.Error, InvalidSignature):
        return False
    return True


def is_by_secret(at: Running, one: Heard, token: str) -> bool:
    digest = hashlib.sha256(one.raw).hexdigest()
    text = f"POST:{one.path}:{token}:{digest}:{one.headers['X-TIMESTAMP']}".encode()
    secret = at.house.names.inbound_client_secret.encode()
    mac = base64.b64encode(hmac.new(secret, text, hashlib.sha512).digest()).decode()
    return one.headers["X-SIGNATURE"] == mac
