"""A bank that knows the truth: what was ordered, what was paid, and what it said of that."""

import hashlib
import hmac
import json
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sijinak.core.clock import local, now
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    IDR,
    Answer,
    Can,
    Due,
    Instructions,
    Kind,
    NotAuthentic,
    Notice,
    Observation,
    Order,
    Outcome,
    RawRequest,
    Rejected,
    SettlementLine,
    Trust,
    Unknown,
    Untrue,
)

SECRET = b"between the bank and us"
WINDOW = timedelta(minutes=5)
DOOR = "/api/v1/payments/bank/notify"
STATUS = {Outcome.NOT_AUTHENTIC: 401, Outcome.SAID_OTHERWISE: 409, Outcome.FAILED: 500}


class Died(BaseException):
    """The process ends here."""


@dataclass
class Ordered:
    ref: str
    amount: int
    expires_at: datetime
    state: Kind = Kind.PENDING


@dataclass
class Paid:
    money_id: str
    ref: str
    amount: int
    currency: str
    at: datetime
    taken_back: int = 0
    refunds: dict[str, int] = field(default_factory=dict)

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back > 0

    @property
    def left(self) -> int:
        return self.amount - self.taken_back - sum(self.refunds.values())


@dataclass
class Truth:
    orders: dict[str, Ordered] = field(default_factory=dict)
    money: dict[str, Paid] = field(default_factory=dict)


@dataclass(frozen=True)
class Signed:
    """A message as it travels."""

    headers: dict[str, str]
    body: bytes
    path: str = DOOR


class FakeBank:
    """``next_start`` and ``next_refund`` say how the next call ends: ok, reject, lost-before,
    lost-after, crash-before, crash-after, untrue. ``is_down``: every call is lost.
    """

    name = "bank"
    api_version = API_VERSION
    can = (
        Can.QUERY | Can.CANCEL | Can.REFUND | Can.PARTIAL_REFUND
        | Can.NOTIFIES | Can.SETTLEMENTS | Can.BANK_CALLS_US
    )  # fmt: skip
    ways = ("qris", "va")

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.truth = Truth()
        self.next_start = self.next_refund = "ok"
        self.is_down = False
        self.calls: list[str] = []
        self._serial = 0

    # What the payer and the clock do.

    def pay(
        self, ref: str, amount: int | None = None, *, currency: str = IDR, money_id: str = ""
    ) -> Paid:
        """Money moves, whatever the order says of it: banks are slow to close."""
        with self._truth() as truth:
            order = truth.orders.get(ref)
            if amount is None:
                assert order is not None
                amount = order.amount
            name = money_id or f"T{len(truth.money) + 1}"
            paid = truth.money[name] = Paid(name, ref, amount, currency, now())
            if order is not None and order.state is Kind.PENDING:
                order.state = Kind.PAID
        return paid

    def expire(self) -> None:
        with self._truth() as truth:
            for order in truth.orders.values():
                if order.state is Kind.PENDING and now() >= order.expires_at:
                    order.state = Kind.EXPIRED

    def take_back(self, money_id: str, amount: int | None = None) -> Paid:
        with self._truth() as truth:
            paid = truth.money[money_id]
            paid.taken_back = amount or paid.amount
            return paid

    def payable(self) -> set[str]:
        with self._truth() as truth:
            return {o.ref for o in truth.orders.values() if o.state is Kind.PENDING}

    # What it says by itself.

    def told(self, paid: Paid, kind: Kind = Kind.PAID, **other: str) -> Signed:
        said = {
            "ref": paid.ref, "kind": kind.value, "money_id": paid.money_id,
            "amount": paid.taken_back if kind is Kind.REVERSED else paid.amount,
            "currency": paid.currency, "at": paid.at.isoformat(),
        } | other  # fmt: skip
        return self.signed(said)

    def said_of(self, ref: str, kind: Kind) -> Signed:
        said = {"ref": ref, "kind": kind.value, "money_id": "", "amount": 1, "currency": IDR}
        return self.signed({**said, "at": now().isoformat()})

    def asks_for(self, pay_code: str, message_id: str = "") -> Signed:
        return self.signed({"asks_for": pay_code}, message_id=message_id)

    def signed(
        self,
        said: Mapping[str, object],
        *,
        at: datetime | None = None,
        message_id: str | None = None,
        path: str = DOOR,
    ) -> Signed:
        self._serial += 1
        body = json.dumps(said).encode()
        stamp = (at or now()).isoformat()
        headers = {
            "X-Timestamp": stamp,
            "X-Message": f"{id(self)}-{self._serial}" if message_id is None else message_id,
            "X-Signature": signature("POST", path, stamp, body),
        }
        return Signed(headers, body, path)

    # The port.

    def most(self, way: str) -> Rupiah | None:
        return Rupiah(10_000_000) if way == "qris" else None

    def start(self, order: Order) -> Instructions:
        ends = self._ends("start")
        with self._truth() as truth:
            if ends in {"reject", "lost-before", "crash-before"}:
                _fall(ends)
            known = truth.orders.setdefault(
                order.ref, Ordered(order.ref, order.amount, order.expires_at)
            )
        _fall(ends)
        code = self._code(known.ref) if order.way == "va" else ""
        return Instructions(code=order.way, qr="" if code else f"QR-{known.ref}", pay_code=code)

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        self._ends("query")
        with self._truth() as truth:
            return tuple(_seen(truth, ref))

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        self._ends("cancel")
        with self._truth() as truth:
            order = truth.orders.get(ref)
            if order is None:
                raise Rejected("no such order")
            if order.state is Kind.PENDING:
                order.state = Kind.CANCELLED
            return tuple(_seen(truth, ref))

    def refund(
        self,
        ref: str,  # noqa: ARG002
        money_id: str,
        amount: Rupiah,
        refund_ref: str,
    ) -> tuple[Observation, ...]:
        ends = self._ends("refund")
        with self._truth() as truth:
            paid = truth.money[money_id]
            if ends in {"reject", "lost-before", "crash-before"}:
                _fall(ends)
            if refund_ref not in paid.refunds and paid.left < amount:
                raise Rejected("more than is left")
            paid.refunds.setdefault(refund_ref, amount)
        _fall(ends)
        return (_refunded(paid, refund_ref),)

    def settlements(self, day: date) -> Iterable[SettlementLine]:
        self._ends("settlements")
        with self._truth() as truth:
            settled = [p for p in truth.money.values() if local(p.at).date() < day]
        batch = f"B{day:%Y%m%d}"
        return [SettlementLine(
            money_id=p.money_id, gross=Rupiah(p.amount), fee=Rupiah(0), settled_on=day, batch=batch
        ) for p in settled]  # fmt: skip

    def read_notice(self, request: RawRequest) -> Notice:
        heads = {name.title(): text for name, text in request.headers.items()}
        stamp = heads.get("X-Timestamp", "")
        right = signature(request.method, request.path, stamp, request.body)
        if not is_right(right, heads.get("X-Signature", "")):
            raise NotAuthentic("the signature is wrong")
        said = json.loads(request.body)
        message_id = heads.get("X-Message", "")
        if "asks_for" in said:
            return Notice(asks_for=said["asks_for"], message_id=message_id)
        if "token" in said:
            return Notice(wants_token=True, message_id=message_id)
        fresh = abs(now() - datetime.fromisoformat(stamp)) <= WINDOW
        seen = Observation(
            ref=said["ref"], kind=Kind(said["kind"]), money_id=said["money_id"],
            amount=Rupiah(said["amount"]), currency=said["currency"],
            happened_at=datetime.fromisoformat(said["at"]), pay_code=said.get("pay_code", ""),
            trust=Trust.SIGNED_PUSH if fresh else Trust.HINT,
        )  # fmt: skip
        return Notice(seen=(seen,), message_id=message_id)

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:  # noqa: ARG002
        said = {"outcome": outcome.value, "amount": due.amount if due else 0}
        return Answer(
            status=STATUS.get(outcome, 200),
            body=json.dumps(said).encode(),
            headers={"Content-Type": "application/json"},
        )

    def _ends(self, call: str) -> str:
        self.calls.append(call)
        if self.is_down:
            raise Unknown("the line is dead")
        name = f"next_{call}"
        ends: str = getattr(self, name, "ok")
        if hasattr(self, name):
            setattr(self, name, "ok")
        return ends

    def _code(self, ref: str) -> str:
        return f"88100{int(ref[-8:], 16):011}"

    def _truth(self) -> "_Open":
        return _Open(self, self._path)


class _Open:
    """The truth, which outlives our process when it lies in a file."""

    def __init__(self, bank: FakeBank, path: Path | None) -> None:
        self._bank, self._path = bank, path

    def __enter__(self) -> Truth:
        if self._path is not None and self._path.exists():
            self._bank.truth = pickle.loads(self._path.read_bytes())  # noqa: S301 - our own
        return self._bank.truth

    def __exit__(self, *_: object) -> None:
        if self._path is not None:
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(pickle.dumps(self._bank.truth))
            fresh.replace(self._path)


def signature(method: str, path: str, stamp: str, body: bytes) -> str:
    text = f"{method}:{path}:{stamp}:{hashlib.sha256(body).hexdigest()}"
    return hmac.new(SECRET, text.encode(), "sha256").hexdigest()


def is_right(signature: str, given: str) -> bool:
    return hmac.compare_digest(signature.encode(), given.encode())


def _fall(ends: str) -> None:
    if ends == "reject":
        raise Rejected("no")
    if ends.startswith("lost"):
        raise Unknown("no answer")
    if ends.startswith("crash"):
        raise Died
    if ends == "untrue":
        raise Untrue("another merchant")


def _seen(truth: Truth, ref: str) -> Iterable[Observation]:
    """All that the bank knows of a ref."""
    order = truth.orders.get(ref)
    money = [paid for paid in truth.money.values() if paid.ref == ref]
    if order is None and not money:
        yield _word(ref, Kind.NOT_FOUND)
    for paid in money:
        yield _about(paid, Kind.PAID)
        if paid.is_taken_back:
            yield _about(paid, Kind.REVERSED)
        yield from (_refunded(paid, refund_ref) for refund_ref in paid.refunds)
    if order is not None and not money:
        yield _word(ref, order.state)


def _about(paid: Paid, kind: Kind) -> Observation:
    return Observation(
        ref=paid.ref, kind=kind, money_id=paid.money_id,
        amount=Rupiah(paid.taken_back if kind is Kind.REVERSED else paid.amount),
        currency=paid.currency, happened_at=paid.at, trust=Trust.AUTHENTICATED_QUERY,
    )  # fmt: skip


def _refunded(paid: Paid, refund_ref: str) -> Observation:
    return Observation(
        ref=paid.ref, kind=Kind.REFUNDED, money_id=paid.money_id,
        amount=Rupiah(paid.refunds[refund_ref]), currency=paid.currency, happened_at=paid.at,
        trust=Trust.AUTHENTICATED_QUERY, refund_ref=refund_ref,
    )  # fmt: skip


def _word(ref: str, kind: Kind) -> Observation:
    return Observation(
        ref=ref, kind=kind, money_id="", amount=Rupiah(0), happened_at=now(),
        trust=Trust.AUTHENTICATED_QUERY,
    )  # fmt: skip
