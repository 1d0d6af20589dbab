"""A bank that is slow, deaf and forgetful, payers who pay anything, and processes that die.

The bank knows the truth. Whatever happens in whatever order, the books must agree with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from flask.testing import FlaskClient
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.exc import DBAPIError

from sijinak.core.clock import clock, now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER, Machine
from sijinak.payments import jobs, reducing
from sijinak.payments.adapters.base import Kind, Observation
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.discrepancies.resolving import (
    AnswerResolution,
    ProposeResolution,
    answer_resolution,
    propose_resolution,
)
from sijinak.payments.models import LIVE, Resolution
from sijinak.payments.progress import note_answer
from sijinak.payments.queries import due_attempts
from sijinak.payments.refunds import jobs as refund_jobs
from sijinak.payments.refunds.queries import due_refunds
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.retribution.services import (
    CancelSkrd,
    StartPayment,
    cancel_skrd,
    issue_skrd,
    start_payment,
)
from tests.payments.books import Books
from tests.payments.desk import cases, deliver, dying
from tests.payments.fakebank import Died, FakeBank, Signed
from tests.retribution.factories import add_tariff, issue, make_keeper, work

DESK, TREASURER, CHIEF = (Machine(uuid7(), name) for name in ("desk", "treasurer", "chief"))
WHICH = st.integers(0, 30)
STARTS = st.sampled_from(
    (
        "ok", "ok", "ok", "lost-before", "lost-after", "lost-after", "crash-before",
        "crash-after", "reject", "untrue",
    )
)  # fmt: skip
FATES = st.tuples(st.sampled_from([10_000, 25_000]), STARTS, st.sampled_from(["qris", "va"]))
GIVEN = st.sampled_from([0, 0, 0, -1, 1])
REFUNDS = st.sampled_from(["ok", "lost-after", "lost-before", "crash-after", "reject"])
PAUSES = st.sampled_from([1, 6, 40, 130, 1000, 4000, 90_000])
FULL_SWEEP = (3600, 3600, 90_000, 90_000)


class Violation(BaseException):
    """The books and the bank do not agree. No Exception: to see it twice needs a new world."""


@contextmanager
def proving() -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        raise Violation(error) from error


class Payments(RuleBasedStateMachine):
    """All runs share one office and one bank: what an earlier one broke, a later one sees."""

    bank: ClassVar[FakeBank]
    door: ClassVar[FlaskClient]
    moment: ClassVar[datetime]

    def __init__(self) -> None:
        super().__init__()
        self.bills: list[UUID] = []
        self.refs: list[str] = []
        self.attempts: list[UUID] = []
        self.told: list[Signed] = []
        self.answers: list[tuple[UUID, tuple[Observation, ...]]] = []

    @initialize(fates=st.lists(FATES, min_size=2, max_size=3))
    def open_the_office(self, fates: list[tuple[int, str, str]]) -> None:
        Payments.moment += timedelta(days=1)
        self.bank.is_down = False
        for place, (amount, ends, way) in enumerate(fates):
            self.at(lambda due=amount: self._owe(due))  # type: ignore[misc]
            self._start(place, ends, way)

    @rule(which=WHICH, ends=STARTS)
    def start(self, which: int, ends: str) -> None:
        self._start(which, ends, "qris")

    @rule(which=WHICH, more=GIVEN, tell=st.integers(0, 2))
    def pay(self, which: int, more: int, tell: int) -> None:
        """Exactly, too little, too much, once more, after the end: banks let people."""
        orders = self.bank.truth.orders
        if not (known := [ref for ref in self.refs if ref in orders]):
            return

        def move() -> None:
            ref = known[which % len(known)]
            paid = self.bank.pay(ref, orders[ref].amount + more)
            self.told += [self.bank.told(paid)] * tell

        self.at(move)

    @rule(which=WHICH, times=st.integers(1, 3), dies=st.sampled_from([False, False, True]))
    def deliver(self, which: int, times: int, *, dies: bool) -> None:
        """Any message at any time: the same again, the older after the newer."""
        if not self.told:
            return
        message = self.told[which % len(self.told)]
        for _ in range(times):
            self.at(lambda: self._hear(message, dies=dies))

    @rule(which=WHICH, amount=st.sampled_from([10_000, 25_000]))
    def forge(self, which: int, amount: int) -> None:
        """Somebody who knows our refs, and not the bank's secret."""
        if not self.refs:
            return
        said = {
            "ref": self.refs[which % len(self.refs)], "kind": "paid", "currency": "IDR",
            "money_id": f"FORGED-{uuid7()}", "amount": amount, "at": self.moment.isoformat(),
        }  # fmt: skip
        message = self.bank.signed(said, at=self.moment)
        message.headers["X-Signature"] = "0" * 64
        self.at(lambda: self._hear(message, dies=False))

    @rule(which=WHICH)
    def ask_slowly(self, which: int) -> None:
        """An answer that is on its way while other things happen."""
        if not self.refs or self.bank.is_down:
            return
        place = which % len(self.refs)
        with clock.reading(self.moment):
            seen = self.bank.query(self.refs[place], Rupiah(1))
        self.answers.append((self.attempts[place], seen))

    @rule(which=WHICH)
    def hear_a_slow_answer(self, which: int) -> None:
        if not self.answers:
            return
        attempt_id, seen = self.answers.pop(which % len(self.answers))

        def note() -> None:
            with transaction():
                note_answer(attempt_id, seen, by=WORKER)

        self.at(note)

    @rule(amount=st.sampled_from([10_000, 25_000]))
    def money_overtakes_an_answer(self, amount: int) -> None:
        """Asked while it waited; answered after it was paid and we were told."""
        if self.bank.is_down:
            return
        self.at(lambda: self._owe(amount))
        self._start(len(self.bills) - 1, "ok", "qris")
        self.ask_slowly(len(self.refs) - 1)
        self.pay(-1, 0, 1)
        self.deliver(len(self.told) - 1, 1, dies=False)
        self.hear_a_slow_answer(len(self.answers) - 1)

    @rule(seconds=PAUSES)
    def time_passes(self, seconds: int) -> None:
        self.at(self.bank.expire, seconds=seconds)
        self.at(self._sweep)

    @rule()
    def listeners_work(self) -> None:
        self.at(work)

    @rule(down=st.booleans())
    def the_line_breaks(self, *, down: bool) -> None:
        self.bank.is_down = down

    @rule(which=WHICH)
    def call_back(self, which: int) -> None:
        if self.attempts:
            self.at(lambda: jobs.stop(self.attempts[which % len(self.attempts)]))

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        command = CancelSkrd(skrd_id=self.bills[which % len(self.bills)], reason="Salah hitung")
        self.at(lambda: self._do(cancel_skrd, command, OPERATOR))

    @rule(which=WHICH)
    def take_cash(self, which: int) -> None:
        bill = self.bills[which % len(self.bills)]
        command = ReceiveCash(skrd_id=bill, amount=Books.due(bill))
        for _ in range(2):
            self.at(lambda: self._do(receive_cash, command, TREASURER))

    @rule(which=WHICH, tells=st.booleans())
    def take_back(self, which: int, *, tells: bool) -> None:
        self._take_back(which, 0, tells=tells)

    @rule(which=WHICH)
    def take_back_a_part(self, which: int) -> None:
        self._take_back(which, 4_000, tells=True)

    @rule(which=WHICH)
    def say_again_what_was_taken_back(self, which: int) -> None:
        """The same amount of the same money, at another moment: it goes back once."""
        mine = [paid for paid in self.bank.truth.money.values() if paid.ref in self.refs]
        if gone := [paid for paid in mine if paid.is_taken_back]:
            with clock.reading(self.moment):
                again = {"at": self.moment.isoformat()}
                self.told.append(self.bank.told(gone[which % len(gone)], Kind.REVERSED, **again))
            self.deliver(len(self.told) - 1, 1, dies=False)

    @rule(which=WHICH, other=WHICH)
    def name_another_order(self, which: int, other: int) -> None:
        """A bank confuses two orders: what is known stays as it is, and people find out."""
        before = len(self.told)
        self.pay(which, 0, 1)
        if len(self.told) == before:
            return
        self.deliver(before, 1, dies=False)
        paid, strange = [*self.bank.truth.money.values()][-1], self.refs[other % len(self.refs)]
        for kind in (Kind.PAID, Kind.REVERSED) if strange != paid.ref else ():
            with clock.reading(self.moment):
                self.told.append(self.bank.told(paid, kind, ref=strange))
            self.deliver(len(self.told) - 1, 1, dies=False)

    def _take_back(self, which: int, part: int, *, tells: bool) -> None:
        mine = [paid for paid in self.bank.truth.money.values() if paid.ref in self.refs]
        mine = [paid for paid in mine if not paid.is_taken_back and not paid.refunds]
        if mine:
            paid = self.bank.take_back(mine[which % len(mine)].money_id, part)
            if tells:
                with clock.reading(self.moment):
                    self.told.append(self.bank.told(paid, Kind.REVERSED))

    @rule(which=WHICH, ends=REFUNDS)
    def give_back(self, which: int, ends: str) -> None:
        """Two people end what does not match."""
        with clock.reading(self.moment):
            found = cases("short", "over", "double", "after-cancel", "voided", "part-left")
        if not found:
            return
        case = found[which % len(found)]
        self.bank.next_refund = ends
        asked = ProposeResolution(
            case_id=case.id, resolution=Resolution.REFUND, reason="x", decree="SK 1", plan=Plan()
        )
        self.at(lambda: self._do(propose_resolution, asked, TREASURER))
        answer = AnswerResolution(case_id=case.id, action="approve")
        self.at(lambda: self._do(answer_resolution, answer, CHIEF))
        self.at(work)

    @invariant()
    def the_books_agree_with_the_bank(self) -> None:
        books = Books(self.bank.truth)
        with proving():
            books.check_the_ledger()
            books.check_the_money()
            books.check_the_receipts()
            books.check_the_cases()
            books.check_the_attempts(self.bank.payable())
            books.check_the_refunds()

    def teardown(self) -> None:
        """After a full sweep nothing is left that the books have not seen."""
        if not self.bills:
            return
        self.bank.is_down = False
        for seconds in FULL_SWEEP:
            self.at(self.bank.expire, seconds=seconds)
            for _ in range(3):
                self.at(self._sweep)
                self.at(work)
        books = Books(self.bank.truth)
        with proving():
            books.check_the_money()
            books.check_nothing_is_missing()
            assert not [a for a in books.attempts if a.state in LIVE and a.id in self.attempts]

    def at(self, step: Callable[[], Any], *, seconds: float = 0.01) -> None:
        """On the machine's clock. What the house refuses is no fault; who dies, dies.

        What the database refuses is one: nobody else is at work.
        """
        Payments.moment += timedelta(seconds=seconds)
        with clock.reading(self.moment):
            try:
                step()
            except (Clash, DBAPIError) as error:
                raise Violation(error) from error
            except (SijinakError, Died):
                db.session.remove()

    def _start(self, which: int, ends: str, way: str) -> None:
        bill_id = self.bills[which % len(self.bills)]

        def begin() -> None:
            command = StartPayment(skrd_id=bill_id, adapter="bank", way=way)
            with transaction():
                attempt = start_payment(command, by=OPERATOR)
            self.refs.append(attempt.ref)
            self.attempts.append(attempt.id)

        self.bank.next_start = ends
        self.at(begin)
        self.at(work)

    def _sweep(self) -> None:
        """As the worker does, who is started again when he dies."""
        for _ in range(3):
            try:
                for attempt_id in due_attempts():
                    jobs.ask(attempt_id)
                for _ in due_refunds():
                    refund_jobs.sweep()
            except Died:
                db.session.remove()

    def _hear(self, message: Signed, *, dies: bool) -> None:
        if not dies:
            with proving():
                assert deliver(self.door, message).status_code in {200, 401}
            return
        with dying(reducing, "book_money", Died()):
            deliver(self.door, message)

    def _owe(self, amount: int) -> None:
        command = issue(make_keeper(), species=add_tariff(amount))
        with transaction():
            self.bills.append(issue_skrd(command, by=DESK).id)

    @staticmethod
    def _do(service: Callable[..., Any], command: object, by: Machine) -> None:
        with transaction():
            service(command, by=by)


def opened(bank: FakeBank, door: FlaskClient) -> type[Payments]:
    """A machine for one office."""

    class Office(Payments):
        pass

    Payments.bank, Payments.door, Payments.moment = bank, door, now()
    return Office
