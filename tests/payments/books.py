"""What our books say, and whether it agrees with what the bank knows."""

from collections import Counter, defaultdict
from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.ledger import chart
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.discrepancies.queries import ABOUT_MONEY, STANDING
from sijinak.payments.models import (
    LIVE,
    Attempt,
    AttemptBill,
    AttemptState,
    Collection,
    Discrepancy,
)
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import UNDERWAY
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from tests.payments.fakebank import FakeBank, Truth

NOT_BACK = {RefundState.REFUSED, RefundState.FAILED}
SENT = {RefundState.SUBMITTED, RefundState.UNKNOWN}
NOT_PAYABLE = {AttemptState.REJECTED, AttemptState.FAILED}


class Books:
    """Read once, in one transaction."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        fresh = {"populate_existing": True}
        with transaction():
            self.attempts = list(db.session.scalars(select(Attempt), execution_options=fresh))
            self.bills = list(db.session.scalars(select(Skrd), execution_options=fresh))
            self.money = list(db.session.scalars(select(Collection)))
            self.receipts = list(db.session.scalars(select(Receipt)))
            self.paid = list(db.session.scalars(select(Allocation)))
            self.refunds = list(db.session.scalars(select(Refund), execution_options=fresh))
            standing = Discrepancy.state.in_(STANDING) & Discrepancy.kind.in_(ABOUT_MONEY)
            found = select(Discrepancy).where(standing)
            self.cases = list(db.session.scalars(found, execution_options=fresh))
            self.live = Counter(
                db.session.scalars(select(AttemptBill.bill_id).where(AttemptBill.is_live))
            )
            back = select(Journal.idem, Posting.amount).join(Journal.postings)
            back = back.where(Journal.kind == "reversed", Posting.account == chart.SUSPENSE)
            rows = db.session.execute(back).all()
            self.taken_back = {UUID(idem.partition(":")[2]): amount for idem, amount in rows}
            self.sums = db.session.execute(
                select(Posting.journal_id, func.sum(Posting.amount), func.count()).group_by(
                    Posting.journal_id
                )
            ).all()
            asked = select(Posting.about, func.sum(Posting.amount)).group_by(Posting.about)
            lying = db.session.execute(asked.where(Posting.account == chart.SUSPENSE))
            self.suspense = {row[0]: -int(row[1]) for row in lying if row[0] is not None}
            came = select(func.coalesce(func.sum(Posting.amount), 0))
            clearing = came.where(Posting.account == chart.clearing(FakeBank.name))
            self.clearing = int(db.session.scalar(clearing) or 0)
        self.voided = {r.voids_id for r in self.receipts if r.kind is ReceiptKind.VOID}

    @staticmethod
    def due(bill_id: UUID) -> Rupiah:
        with transaction():
            return db.session.get_one(Skrd, bill_id).total

    @property
    def of_bank(self) -> list[Collection]:
        return [money for money in self.money if money.adapter == FakeBank.name]

    @property
    def live_receipts(self) -> list[Receipt]:
        """Those that count: not void, and not voided."""
        kinds = [r for r in self.receipts if r.kind is ReceiptKind.RECEIPT]
        return [r for r in kinds if r.id not in self.voided]

    def check_the_ledger(self) -> None:
        for _, total, lines in self.sums:
            assert total == 0, "a journal adds up to nothing"
            assert lines >= 2

    def check_the_money(self) -> None:
        """Clearing is what the bank has of what we took in, and suspense what has no bill."""
        given = self._refunded()
        for money in self.of_bank:
            true = self.truth.money.get(money.money_id)
            assert true is not None, "money that no bank has"
            assert (money.amount, money.ref) == (true.amount, true.ref), "it is what came"
            assert self.taken_back.get(money.id, 0) in {0, true.taken_back}
        assert len({m.money_id for m in self.of_bank}) == len(self.of_bank), "each money once"
        gone = sum(self.taken_back.get(m.id, 0) for m in self.of_bank)
        given_out = sum(given[m.id] for m in self.of_bank)
        assert self.clearing == sum(m.amount for m in self.of_bank) - gone - given_out
        counted = {r.id for r in self.live_receipts}
        allocated: Counter[UUID] = Counter()
        for one in self.paid:
            allocated[one.collection_id] += one.amount if one.receipt_id in counted else 0
        for money in self.money:
            back = self.taken_back.get(money.id, 0)
            left = money.amount - allocated[money.id] - given[money.id] - back
            assert self.suspense.get(money.id, 0) == left, "allocated, in suspense, or gone back"

    def check_the_receipts(self) -> None:
        series = defaultdict(list)
        for receipt in self.receipts:
            series[receipt.series, receipt.year].append(receipt.no)
        for numbers in series.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1)), "no gap"
        counted = Counter(receipt.skrd_id for receipt in self.live_receipts)
        assert all(times == 1 for times in counted.values()), "one live receipt for each bill"
        owed = {bill.id: bill for bill in self.bills}
        assert counted.keys() == {b.id for b in self.bills if b.state is SkrdState.PAID}
        for receipt in self.live_receipts:
            of_it = sum(one.amount for one in self.paid if one.receipt_id == receipt.id)
            assert receipt.amount == of_it == owed[receipt.skrd_id].total, "a receipt is its money"

    def check_the_cases(self) -> None:
        """What lies in suspense is in one case, or on its way back: nothing lies there unseen.

        What the bank was told to give back it may have given back before we hear of it.
        """
        sent = {r.collection_id for r in self.refunds if r.state in SENT}
        held: Counter[UUID | None] = Counter()
        for case in self.cases:
            held[case.collection_id] += case.amount
        for refund in self.refunds:
            held[refund.collection_id] += refund.amount if refund.state in UNDERWAY else 0
        for money in (one for one in self.money if one.id not in sent):
            assert max(self.suspense.get(money.id, 0), 0) == held[money.id]

    def check_the_attempts(self, payable: set[str]) -> None:
        assert all(times == 1 for times in self.live.values()), "one live attempt for each bill"
        came = {money.attempt_id for money in self.money if money.id not in self.taken_back}
        for one in self.attempts:
            assert {bill.is_live for bill in one.bills} == {one.state in LIVE}
            if one.state in NOT_PAYABLE:
                assert one.ref not in payable, f"{one.state}, and somebody can pay it"
            if one.id in came:
                assert one.state is AttemptState.SUCCEEDED, "its money came"

    def check_the_refunds(self) -> None:
        of_money: Counter[UUID] = Counter()
        for refund in self.refunds:
            of_money[refund.collection_id] += 0 if refund.state in NOT_BACK else refund.amount
        ours = {refund.refund_ref: refund for refund in self.refunds}
        by_id = {money.id: money for money in self.money}
        for money_id, amount in of_money.items():
            assert amount <= by_id[money_id].amount, "no more goes back than came"
        sent = {
            ref: (paid, n) for paid in self.truth.money.values() for ref, n in paid.refunds.items()
        }
        for ref, (paid, amount) in sent.items():
            assert ours[ref].amount == amount
            assert ours[ref].state not in NOT_BACK, "the bank sent what we call failed"
            assert sum(paid.refunds.values()) <= paid.amount
        for refund in self.refunds:
            assert refund.state is not RefundState.DONE or refund.refund_ref in sent

    def check_nothing_is_missing(self) -> None:
        """What the bank has for us is allocated or lies in suspense, to the rupiah."""
        known = {money.money_id for money in self.of_bank}
        assert known == self.truth.money.keys(), "the bank has money that the books never saw"
        has = sum(paid.left for paid in self.truth.money.values())
        assert self.clearing == has

    def _refunded(self) -> Counter[UUID]:
        given: Counter[UUID] = Counter()
        for refund in self.refunds:
            if refund.state is RefundState.DONE:
                given[refund.collection_id] += refund.amount
        return given
