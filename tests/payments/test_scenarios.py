"""The 29 traces of a charge, through the real door, the real jobs and the real books."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Rejected
from sijinak.payments.billing import billing
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.models import Attempt, Fact, Resolution
from sijinak.payments.progress import note_accepted, note_answer, submit
from sijinak.payments.refunds import jobs as refund_jobs
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.services import RequestRefund, TooMuchToRefund, request_refund
from sijinak.retribution.receipts.models import Receipt, ReceiptKind
from sijinak.retribution.services import CancelSkrd, cancel_skrd
from tests.factories import actor_for
from tests.payments.desk import (
    cases,
    deliver,
    dying,
    in_clearing,
    in_suspense,
    money_called,
    resolve,
    state_of,
)
from tests.payments.fakebank import Died, FakeBank
from tests.retribution.factories import (
    begin_payment,
    do,
    fresh_attempt,
    make_skrd,
    work,
)

TRACES = json.loads((Path(__file__).parent / "vectors" / "charge-scenarios.json").read_text())
KINDS = {
    "paid_after_cancel": {"after-cancel"},
    "double_payment": {"double"},
    "amount_mismatch": {"short", "over"},
    "currency_mismatch": {"currency"},
    "conflicting_observation": {"conflicting"},
    "unmatched": {"unknown-bill"},
    "reversed": {"reversed"},
}
ENDS = {"succeeded": {"succeeded"}, "failed": {"rejected", "failed"}, "pending": {"pending"}}
# Certain money of an unknown order lies in suspense too: else a bank would hold what our books
# never saw. The trace says so of money in another currency only.
BOOKED = {"unknown-order": {"suspense": 75_000, "clearing": 75_000}}
BEYOND = {"bank-settles-net-of-mdr", "cash-collector-day"}  # to their ends in tests/treasury


class Trace:
    def __init__(self, bank: FakeBank, door: FlaskClient, amount: int) -> None:
        self.bank, self.door = bank, door
        self.skrd = make_skrd(amount)
        self.attempts: list[Attempt] = []
        self.moment = now()
        self.refused = ""
        self.status = 0

    def play(self, step: dict[str, Any]) -> None:
        with clock.reading(self.moment):
            getattr(self, step["op"])(**{k: v for k, v in step.items() if k != "op"})
            work()

    def wait(self, **pause: float) -> None:
        self.moment += timedelta(**pause)

    @property
    def last(self) -> Attempt:
        return fresh_attempt(self.attempts[-1])

    # The steps, by their names in the traces.

    def start(self, fault: str = "", gateway_code: str = "") -> None:
        self.attempts.append(begin_payment(self.skrd, "bank"))
        if fault == "response_slow":
            with transaction():
                submit(self.attempts[-1].id, by=WORKER)
            order = jobs._order(self.last)  # noqa: SLF001
            self.answer = self.bank.start(order)
            return
        ends = {"timeout_after": "lost-after", "timeout_before": "lost-before"}
        self.bank.next_start = ends.get(fault, "crash-after" if fault else "ok")
        if gateway_code:
            self.bank.next_start = "lost-after"
        if fault == "crash":
            with pytest.raises(Died):
                work()
            db.session.remove()
        work()

    def create_response(self) -> None:
        with transaction():
            note_accepted(self.attempts[-1].id, self.answer, by=WORKER)

    def restart(self) -> None:
        db.session.remove()

    def notify(self, kind: str, **other: Any) -> None:
        ref = self._ref(other.get("attempt", len(self.attempts)))
        if kind == "expired":
            self.bank.truth.orders[ref].state = Kind.EXPIRED
            deliver(self.door, self.bank.said_of(ref, Kind.EXPIRED))
            jobs.sweep()
            return
        if kind == "reversed":
            paid = self.bank.take_back(other["txn"])
        else:
            paid = self.bank.truth.money.get(other["txn"]) or self.bank.pay(
                ref, other["amount"], currency=other.get("currency", "IDR"), money_id=other["txn"]
            )
        message = self.bank.told(paid, Kind(kind), amount=other["amount"])
        if "skew_s" in other:
            at = self.moment - timedelta(seconds=other["skew_s"])
            message = self.bank.signed(json.loads(message.body), at=at)
        if other.get("crash"):
            with dying(billing, "bills", Died()), pytest.raises((Died, TypeError, AttributeError)):
                deliver(self.door, message)
            return
        changed = {"X-Signature": "0" * 64} if other.get("signature") else {}
        self.status = deliver(self.door, message, **changed).status_code

    def query_taken(self) -> None:
        pass

    def apply_query(self, kind: str) -> None:
        assert kind == "pending"
        seen = self.bank.query(self.last.ref, Rupiah(1))
        old = [one for one in seen if one.kind is not Kind.PAID]
        with transaction():
            note_answer(self.attempts[-1].id, old, by=WORKER)

    def clock(self, minutes: int) -> None:
        self.wait(minutes=minutes)

    def expire_job(self, gateway: str) -> None:
        """The bank goes on saying that it waits, and calls nothing back."""
        assert gateway == "pending"
        with dying(self.bank, "cancel", Rejected()):
            jobs.sweep()
        assert self.last.state == "expired"

    def expire_attempt(self) -> None:
        self.wait(minutes=16)
        with clock.reading(self.moment):
            self.bank.expire()
            jobs.sweep()
        assert self.last.state == "expired"

    def cancel_charge(self) -> None:
        jobs.stop(self.last.id)
        do(cancel_skrd, CancelSkrd(skrd_id=self.skrd.id, reason="Salah"), by=OPERATOR)

    def sweep(self, gateway: str, times: int = 1, after_s: int = 40) -> None:
        for _ in range(times):
            self.wait(seconds=after_s)
            with clock.reading(self.moment):
                jobs.sweep()
        known = self.bank.truth.orders.get(self.last.ref)
        assert (known.state if known else Kind.NOT_FOUND).value == gateway.replace("_", "-")

    def allocate(self, txns: list[str], by: str) -> None:
        assert by == "two_people"
        first, *others = [case for txn in txns for case in _cases_of(txn)]
        plan = Plan(bill_ids=(self.skrd.id,), case_ids=tuple(case.id for case in others))
        resolve(first, Resolution.ALLOCATE, plan)

    def refund(self, txn: str, amount: int, result: str = "") -> None:
        if not result:
            asked = RequestRefund(
                collection_id=money_called(txn).id, amount=Rupiah(amount), reason="x"
            )
            with pytest.raises(TooMuchToRefund):
                do(request_refund, asked, by=actor_for(Role.TREASURER))
            self.refused = "amount"
            return
        self.bank.next_refund = {"ok": "ok", "timeout": "lost-after"}[result]
        resolve(_cases_of(txn)[0], Resolution.REFUND, Plan())

    def sweep_refund(self, gateway: str) -> None:
        assert gateway == "done"
        self.wait(minutes=2)
        with clock.reading(self.moment):
            refund_jobs.sweep()

    def _ref(self, which: int | str) -> str:
        return self.attempts[which - 1].ref if isinstance(which, int) else "nobody"


def _cases_of(txn: str) -> list[Any]:
    money = money_called(txn)
    return [case for case in cases() if case.collection_id == money.id]


@pytest.fixture(autouse=True)
def _context(context: Flask) -> Iterator[None]:
    yield
    with transaction():
        pass


def test_there_are_29():
    assert len(TRACES["vectors"]) == 29


@pytest.mark.parametrize(
    "trace",
    [one for one in TRACES["vectors"] if one["id"] not in BEYOND],
    ids=lambda one: one["id"],
)
def test_a_trace_ends_as_it_must(trace: dict[str, Any], bank: FakeBank, door: FlaskClient):
    played = Trace(bank, door, trace["input"]["charge_amount"])
    for step in trace["input"]["steps"]:
        played.play(step)
    wanted = {**trace["expected"], **BOOKED.get(trace["id"], {})}
    assert state_of(played.skrd.id) == wanted["charge"]
    assert (len(_receipts()), in_suspense(), in_clearing()) == (
        wanted["receipts"],
        wanted["suspense"],
        wanted["clearing"],
    )
    found = [case.kind.value for case in cases()]
    assert len(found) == len(wanted["exceptions"])
    for kind, name in zip(found, wanted["exceptions"], strict=True):
        assert kind in KINDS[name]
    _compare_the_rest(played, wanted)


def _compare_the_rest(played: Trace, wanted: dict[str, Any]) -> None:
    if "attempt" in wanted:
        assert played.last.state.value in ENDS[wanted["attempt"]]
    if wanted.get("event") == "late_payment":
        assert _events("payment.succeed-late") == 1
    if "ack" in wanted:
        assert played.status == wanted["ack"]
    if wanted.get("action") == "query":
        asked_at = played.last.ask_again_at
        assert asked_at is not None
        assert asked_at <= played.moment
        assert [fact.trust.value for fact in _facts()] == ["hint"]
    if "refunds" in wanted:
        assert [refund.state for refund in _refunds()] == [RefundState.DONE] * wanted["refunds"]
        assert sum(len(paid.refunds) for paid in played.bank.truth.money.values()) == 1
    assert played.refused == wanted.get("refused", "")
    if wanted.get("receipt_state") == "void":
        assert len(_receipts(ReceiptKind.VOID)) == 1


def test_a_forged_message_leaves_a_line_in_the_trail_and_nothing_else(
    bank: FakeBank, door: FlaskClient
):
    trace = next(one for one in TRACES["vectors"] if one["id"] == "forged")
    played = Trace(bank, door, trace["input"]["charge_amount"])
    for step in trace["input"]["steps"]:
        played.play(step)
    assert played.status == 401
    assert _events("payment.message-forged") == 1
    assert _facts() == []


def _receipts(kind: ReceiptKind = ReceiptKind.RECEIPT) -> list[Receipt]:
    with transaction():
        return list(db.session.scalars(select(Receipt).where(Receipt.kind == kind)))


def _facts() -> list[Fact]:
    with transaction():
        return list(db.session.scalars(select(Fact)))


def _refunds() -> list[Refund]:
    with transaction():
        return list(db.session.scalars(select(Refund)))


def _events(name: str) -> int:
    with transaction():
        return len(db.session.scalars(select(Event).where(Event.name == name)).all())
