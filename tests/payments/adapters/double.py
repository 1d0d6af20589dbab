"""A bank and a gateway of a hundred lines, written from the descriptions and not from our code."""

import base64
import binascii
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sijinak.payments.adapters.base import HttpAnswer
from tests.payments.adapters.kit import NMID, key

Answered = tuple[int, dict[str, Any]]
TOKEN = "the-bank-s-token"


def qr_of(amount: int, nmid: str = NMID) -> str:
    """A dynamic QRIS code, put together from its parts."""
    national = f"0014ID.CO.QRIS.WWW02{len(nmid):02}{nmid}0303URE"
    value = str(amount)
    text = (
        f"00020101021251{len(national):02}{national}52049399530336054{len(value):02}{value}"
        "5802ID5909DISNAKKES6007SUMBAWA6304"
    )
    return text + f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


class Double:
    """Every knob is an attribute; every request is kept."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.ids: set[str] = set()
        self.seen: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.says: Callable[[str], Answered | None] = lambda _: None
        self.qr: Callable[[int], str] = qr_of
        self.repeats_qr = True

    def pay(self, ref: str, rrn: str = "", **facts: Any) -> None:
        order = self.orders[ref]
        money = {
            "rrn": rrn or f"RRN-{ref[-8:]}-{len(order['payments'])}",
            "amount": {"value": f"{order['amount']}.00", "currency": "IDR"},
            "paidTime": "2026-11-22T21:00:00+07:00",
            "payerName": "Siti Aminah",
            "issuerName": "Bank X",
            "status": "00",
            **facts,
        }
        order["payments"].append(money)
        order["state"] = "00"

    def handle(self, method: str, path: str, head: Mapping[str, str], body: bytes) -> Answered:
        self.seen.append((method, path, head, body))
        if (said := self.says(path)) is not None:
            return said
        if path.startswith("/openapi"):
            return self._snap(method, path, head, body)
        return self._midtrans(path, head, json.loads(body or b"{}"))

    def _snap(self, method: str, path: str, head: Mapping[str, str], body: bytes) -> Answered:
        stamp, signature = head["X-TIMESTAMP"], head["X-SIGNATURE"]
        if path.endswith("/access-token/b2b"):
            return self._token(head, stamp, signature)
        assert b": " not in body, "what is sent is what was hashed"
        digest = hashlib.sha256(body).hexdigest()
        text = f"{method}:{path}:{TOKEN}:{digest}:{stamp}".encode()
        wanted = base64.b64encode(
            hmac.new(b"our-secret-at-the-bank", text, hashlib.sha512).digest()
        )
        service = SERVICES[path.partition("?")[0].rpartition("/")[2]]
        if head["Authorization"] != f"Bearer {TOKEN}" or wanted.decode() != signature:
            return 401, {"responseCode": f"401{service}00"}
        if head["X-EXTERNAL-ID"] in self.ids or not head["X-EXTERNAL-ID"].isdigit():
            return 409, {"responseCode": f"409{service}00"}
        self.ids.add(head["X-EXTERNAL-ID"])
        status, case, fields = self._served(service, json.loads(body or b"{}"))
        return status, {"responseCode": f"{status}{service}{case}", **fields}

    def _token(self, head: Mapping[str, str], stamp: str, signature: str) -> Answered:
        text = f"{head['X-CLIENT-KEY']}|{stamp}".encode()
        try:
            public = key("us").public_key()
            public.verify(base64.b64decode(signature), text, PKCS1v15(), SHA256())
        except InvalidSignature:
            return 401, {"responseCode": "4017300"}
        return 200, {"responseCode": "2007300", "accessToken": TOKEN, "expiresIn": "900"}

    def _served(  # noqa: PLR0911 - a table of services
        self, service: str, asked: dict[str, Any]
    ) -> tuple[int, str, dict[str, Any]]:
        if service == "90":
            return 200, "00", {"lines": LINES}
        own = asked.get("partnerReferenceNo") or asked.get("trxId", "")
        ref = own or asked["originalPartnerReferenceNo"]
        order = self.orders.get(ref)
        if service in {"47", "27"}:
            return self._made(service, ref, asked)
        if order is None or order["service"] != ("47" if not own else "27"):
            return 404, "01", {}
        if service in {"51", "26"}:
            return 200, "00", self._state(service, ref, order)
        if service == "78":
            return self._back(order, asked)
        if order["payments"]:
            return 404, "14", {}
        order["state"] = "05" if service == "77" else "02"
        return 200, "00", {}

    def _made(
        self, service: str, ref: str, asked: dict[str, Any]
    ) -> tuple[int, str, dict[str, Any]]:
        number = asked.get("virtualAccountNo")
        taken = [o["number"] for o in self.orders.values() if number]
        if ref in self.orders or number in taken:
            return 409, "01", {}
        amount = int((asked.get("amount") or asked["totalAmount"])["value"].removesuffix(".00"))
        self.orders[ref] = {
            "service": service, "amount": amount, "state": "01", "payments": [], "number": number,
        }  # fmt: skip
        return 200, "00", {"qrContent": self.qr(amount)}

    def _state(self, service: str, ref: str, order: dict[str, Any]) -> dict[str, Any]:
        more = {"additionalInfo": {"payments": order["payments"]}}
        if service == "51":
            qr = {"qrContent": self.qr(order["amount"])} if self.repeats_qr else {}
            state = {"latestTransactionStatus": order["state"]}
            return {"originalPartnerReferenceNo": ref, **state, **qr, **more}
        account = {
            "trxId": ref,
            "paymentFlagStatus": order["state"],
            "totalAmount": {"value": f"{order['amount']}.00", "currency": "IDR"},
        }
        return {"virtualAccountData": account, **more}

    def _back(
        self, order: dict[str, Any], asked: dict[str, Any]
    ) -> tuple[int, str, dict[str, Any]]:
        rrn = asked["additionalInfo"]["rrn"]
        money = next((one for one in order["payments"] if one["rrn"] == rrn), None)
        if money is None:
            return 404, "01", {}
        refunds = money.setdefault("refunds", [])
        number = asked["partnerRefundNo"]
        if number in [one["partnerRefundNo"] for one in refunds]:
            return 409, "01", {}
        refunds.append(
            {
                "partnerRefundNo": number,
                "refundAmount": asked["refundAmount"],
                "refundTime": "2026-11-22T22:00:00+07:00",
            }
        )
        return 200, "00", {}

    def _midtrans(  # noqa: PLR0911 - a table of services
        self, path: str, head: Mapping[str, str], asked: dict[str, Any]
    ) -> Answered:
        if head["Authorization"] != "Basic " + base64.b64encode(b"SB-Mid-server-key:").decode():
            return 401, {"status_code": "401"}
        if path == "/v2/charge":
            return self._charged(asked)
        _, _, ref, action = path.split("/")
        order = self.orders.get(ref)
        if order is None:
            return 404, {"status_code": "404"}
        if action == "status":
            return 200, order
        if action == "refund":
            order["transaction_status"] = "partial_refund"
            refunds = order.setdefault("refunds", [])
            if asked["refund_key"] not in [one["refund_key"] for one in refunds]:
                one = {"refund_key": asked["refund_key"], "refund_amount": f"{asked['amount']}.00"}
                refunds.append(one)
            return 200, {**order, "status_code": "200"}
        if order["transaction_status"] != "pending":
            return 412, {"status_code": "412"}
        status, code = ("cancel", "200") if action == "cancel" else ("expire", "407")
        order |= {"transaction_status": status, "status_code": code}
        return 200, order

    def _charged(self, asked: dict[str, Any]) -> Answered:
        ref, amount = asked["transaction_details"].values()
        assert type(amount) is int
        if ref in self.orders:
            return 406, {"status_code": "406"}
        qris = asked["payment_type"] == "qris"
        how: dict[str, Any] = {"qr_string": self.qr(amount)}
        if not qris:
            how = {"va_numbers": [{"bank": "bni", "va_number": "9881234567"}]}
        self.orders[ref] = {
            "status_code": "201",
            "order_id": ref,
            "transaction_id": f"T-{ref}",
            "gross_amount": f"{amount}.00",
            "currency": "IDR",
            "payment_type": asked["payment_type"],
            "transaction_time": "2026-11-22 21:00:00",
            "transaction_status": "pending",
            **how,
        }
        return 200, self.orders[ref]


SERVICES = {
    "qr-mpm-generate": "47", "qr-mpm-query": "51", "qr-mpm-cancel": "77", "qr-mpm-refund": "78",
    "create-va": "27", "status": "26", "delete-va": "31", "settlements": "90",
}  # fmt: skip
LINES = [
    {
        "rrn": "000000000001",
        "gross": {"value": "75000.00", "currency": "IDR"},
        "fee": {"value": "0.00", "currency": "IDR"},
        "settledOn": "2026-11-23",
        "batch": "SBX20261122Q",
    }
]


class Direct:
    """The double without a network between."""

    def __init__(self, double: Double) -> None:
        self._double = double

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> HttpAnswer:
        path = "/" + url.split("/", 3)[3]
        status, fields = self._double.handle(method, path, headers, body)
        return HttpAnswer(status=status, headers={}, body=json.dumps(fields).encode())


@contextmanager
def listening(double: Double) -> Iterator[str]:
    """The double behind a real socket: its address."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, fields = double.handle(self.command, self.path, self.headers, body)  # type: ignore[arg-type]
            text = json.dumps(fields).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
