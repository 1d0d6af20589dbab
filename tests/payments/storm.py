"""R3: a bank that tells of many payments, each five times, in any order, over many lines at once.

Among them forged ones, wrong amounts, and second payments of one bill.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import local as per_thread
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import func, insert, select

from sijinak.core.clock import ZONES, now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.model import Model
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.models import Attempt, AttemptBill, AttemptState, Collection, Message
from sijinak.retribution.models import Skrd, SkrdLine, SkrdState
from sijinak.retribution.receipts.models import Receipt
from sijinak.sandboxbank.signing import Signable, rsa_of
from tests.retribution.factories import begin_payment, make_skrd

AMOUNT, TIMES, LINES = 79_500, 5, 48
WRONG_EVERY, TWICE_EVERY, FORGED_EVERY = 50, 50, 20
LINE_LASTS = 20  # messages
DOOR = "/api/v1/payments/snap/v1.0/qr/qr-mpm-notify"
PATIENCE = 120
START = "from sijinak.serving import answer; import sys; answer('127.0.0.1', int(sys.argv[1]), 2)"

Sent = tuple[dict[str, str], bytes, int]  # headers, body, and the status that is right


@dataclass(frozen=True)
class Bank:
    """The bank's key, and what the office sets for it."""

    key: RSAPrivateKey
    variables: Mapping[str, str]


def make_bank() -> Bank:
    theirs, ours = (generate_private_key(65_537, 2048) for _ in range(2))
    pem = ours.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = theirs.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    told = {
        "URL": "https://bank.example", "CLIENT_ID": "sijinak", "CLIENT_SECRET": "secret",
        "PRIVATE_KEY": pem, "BANK_PUBLIC_KEY": public.decode(), "MERCHANT_ID": "SBX000001",
        "NMID": "ID1020304050607", "WAYS": "qris",
    }  # fmt: skip
    variables = {f"SIJINAK_SNAP_{name}": text for name, text in told.items()}
    return Bank(theirs, {**variables, "SIJINAK_PAYMENT_ADAPTERS": "cash,sandbox,snap"})


def owe(count: int) -> list[str]:
    """Copies of one bill, each with an attempt that waits for its money; the attempts' refs."""
    skrd = make_skrd(AMOUNT)
    attempt = begin_payment(skrd, "sandbox")
    ids, tries = [uuid7() for _ in range(count)], [uuid7() for _ in range(count)]
    refs = [f"SJ-{one.hex}" for one in tries]
    numbers = [f"SKRD/STORM/{n:06}" for n in range(count)]
    with transaction():
        _copy(skrd, Skrd, {
            "id": ids, "number": numbers, "no": range(1001, 1001 + count),
            "permit_id": [uuid7() for _ in ids],
        })  # fmt: skip
        for line in skrd.lines:
            _copy(line, SkrdLine, {"id": [uuid7() for _ in ids], "skrd_id": ids})
        _copy(attempt, Attempt, {
            "id": tries, "ref": refs, "title": numbers, "adapter": ["snap"] * count,
            "way": ["qris"] * count, "state": [AttemptState.PENDING] * count,
        })  # fmt: skip
        _copy(attempt.bills[0], AttemptBill, {
            "id": [uuid7() for _ in ids], "attempt_id": tries, "bill_id": ids,
            "bill_number": numbers,
        })  # fmt: skip
    return refs


def _copy(one: Model, model: type[Model], own: Mapping[str, Sequence[object]]) -> None:
    same = {column.name: getattr(one, column.name) for column in model.__table__.c}
    rows = [dict(zip(own, row, strict=True)) for row in zip(*own.values(), strict=True)]
    db.session.execute(insert(model), [same | row for row in rows])


@dataclass(frozen=True)
class Storm:
    """What is sent, and what must be in the books after it."""

    deliveries: Sequence[Sent]
    paid: int
    loose: int  # rupiah without a bill


def brewed(bank: Bank, refs: Sequence[str], seed: int = 1) -> Storm:
    chance, told, loose, paid = Random(seed), [], 0, 0  # noqa: S311 - no secret
    for place, ref in enumerate(refs):
        is_wrong = place % WRONG_EVERY == 0
        amount = AMOUNT - 1 if is_wrong else AMOUNT
        told += [_notice(bank, ref, f"A{place:011}", amount)] * TIMES
        paid, loose = paid + (not is_wrong), loose + (amount if is_wrong else 0)
        if place % TWICE_EVERY == 1:
            told += [_notice(bank, ref, f"B{place:011}", AMOUNT)] * TIMES
            loose += AMOUNT
        if place % FORGED_EVERY == 2:
            headers, body, _ = _notice(bank, ref, f"C{place:011}", AMOUNT)
            forged = {**headers, "X-SIGNATURE": headers["X-SIGNATURE"][::-1]}
            told.append((forged, body, HTTPStatus.UNAUTHORIZED))
    chance.shuffle(told)
    return Storm(told, paid, loose)


def _notice(bank: Bank, ref: str, rrn: str, amount: int) -> Sent:
    stamp = now().astimezone(ZONES["WIB"]).isoformat(timespec="seconds")
    body = json.dumps({
        "originalReferenceNo": rrn, "originalPartnerReferenceNo": ref,
        "latestTransactionStatus": "00", "transactionStatusDesc": "Success",
        "amount": {"value": f"{amount}.00", "currency": "IDR"}, "bankCode": "999",
        "additionalInfo": {
            "rrn": rrn, "paidTime": stamp, "payerName": "SITI", "issuerName": "BNTB",
            "merchantId": "SBX000001", "nmid": "ID1020304050607",
        },
    }, separators=(",", ":")).encode()  # fmt: skip
    text = Signable(method="POST", path=DOOR, body=body, stamp=stamp).text()
    headers = {
        "Content-Type": "application/json", "X-TIMESTAMP": stamp, "X-PARTNER-ID": "sijinak",
        "X-EXTERNAL-ID": str(UUID(int=int(rrn[1:]) + ord(rrn[0]) * 10**12).int),
        "CHANNEL-ID": "95221", "X-SIGNATURE": rsa_of(bank.key, text),
    }  # fmt: skip
    return headers, body, HTTPStatus.OK


@contextmanager
def serving(variables: Mapping[str, str]) -> Iterator[int]:
    """A server process of its own, as `sijinak serve` runs it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", START, str(port)], env={**os.environ, **variables}
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
                line.request("GET", "/readyz")
                if line.getresponse().status == HTTPStatus.OK:
                    return
        except (OSError, HTTPException):
            time.sleep(0.2)
    raise TimeoutError("the server does not start")


def send(port: int, deliveries: Sequence[Sent]) -> float:
    """Over many lines at once, each kept open for a while; the seconds it took.

    A process that was ready sooner than the other must not keep all lines for ever.
    """
    kept, opened = per_thread(), list[HTTPConnection]()

    def deliver(one: Sent) -> None:
        kept.sent = getattr(kept, "sent", -1) + 1
        if kept.sent % LINE_LASTS == 0:
            kept.line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            opened.append(kept.line)
        headers, body, status = one
        kept.line.request("POST", DOOR, body, headers)
        answer = kept.line.getresponse()
        said = answer.read()
        assert answer.status == status, (answer.status, said)

    began = time.perf_counter()
    with ThreadPoolExecutor(LINES) as lines:
        for _ in lines.map(deliver, deliveries):
            pass
    took = time.perf_counter() - began
    for line in opened:
        line.close()
    return took


def compare(storm: Storm) -> None:
    """Exactly one receipt for each paid bill, numbers without gap, and equal sums."""
    with transaction():
        numbers = db.session.execute(select(Receipt.no, Receipt.skrd_id, Receipt.amount)).all()
        paid = db.session.scalar(select(func.count()).where(Skrd.state == SkrdState.PAID))
        sums = db.session.execute(select(func.count(), func.sum(Collection.amount))).one()
        messages = db.session.scalar(select(func.count()).select_from(Message))
        suspense, clearing = -balance(chart.SUSPENSE), balance(chart.clearing("snap"))
    assert len(numbers) == len({row.skrd_id for row in numbers}) == paid == storm.paid
    assert sorted(row.no for row in numbers) == list(range(1, storm.paid + 1))
    assert sum(row.amount for row in numbers) == storm.paid * AMOUNT
    assert suspense == storm.loose
    assert clearing == sums[1] == storm.paid * AMOUNT + storm.loose
    told = {body for _, body, status in storm.deliveries if status == HTTPStatus.OK}
    assert messages == sums[0] == len(told)
