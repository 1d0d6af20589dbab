"""Lumbung against the suite that every adapter passes. Run it with pytest, or with run()."""

import hmac
import json
import logging
from collections.abc import Mapping
from datetime import datetime

from sijinak.core.clock import now
from sijinak.payments.adapters.base import HttpAnswer, Order, RawRequest, Tools
from sijinak.payments.conformance import AdapterConformance
from sijinak_lumbung.adapter import LumbungAdapter

KEY = "a secret of the office and of Lumbung"


class Double:
    """Stands for Lumbung. Against a real one: hand in sijinak.core.outbound.Outbound instead."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, object]] = {}

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> HttpAnswer:
        ref = url.rpartition("/")[2]
        if headers["Authorization"] != f"Bearer {KEY}":
            return self._said(401, {})
        if method == "PUT":
            self.orders.setdefault(
                ref, {"ref": ref, "code": ref[-8:], "state": "open", "money": []}
            )
        return self._said(200, self.orders[ref]) if ref in self.orders else self._said(404, {})

    def _said(self, status: int, fields: object) -> HttpAnswer:
        return HttpAnswer(status=status, headers={}, body=json.dumps(fields).encode())


class TestLumbung(AdapterConformance):
    double = Double()

    def adapter(self) -> LumbungAdapter:
        settings = {"url": "https://lumbung.example", "key": KEY}
        log = logging.getLogger("lumbung")
        return LumbungAdapter(Tools(http=self.double, now=now, settings=settings, log=log))

    def signed_notice(self, order: Order, at: datetime) -> RawRequest:
        money = [{"id": "L-1", "amount": order.amount, "at": at.isoformat()}]
        body = json.dumps({"ref": order.ref, "state": "paid", "money": money}).encode()
        text = f"POST{at.isoformat()}.".encode() + body
        sign = hmac.new(KEY.encode(), text, "sha256").hexdigest()
        head = {"Lumbung-At": at.isoformat(), "Lumbung-Sign": sign}
        return RawRequest(method="POST", path="/", headers=head, body=body)
