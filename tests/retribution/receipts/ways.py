"""Bills paid together, and voids by two people, step by step."""

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger.chart import CASH, RECEIVABLE, SUSPENSE
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Discrepancy
from sijinak.payments.services import BillToPay, StartAttempt, record_observations, start_attempt
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt, VoidRequest
from sijinak.retribution.receipts.services import (
    AnswerVoid,
    AskVoid,
    answer_void,
    ask_void,
    receive_cash,
)
from tests.factories import actor_for
from tests.retribution.factories import cash_for, do, make_keeper, make_skrd

WHY = "Salah menghitung ekor"


def paid_in_cash(skrd: Skrd, by: SignedIn | None = None) -> Receipt:
    return do(receive_cash, cash_for(skrd), by=by or actor_for(Role.TREASURER))


def ask(receipt: Receipt, by: SignedIn) -> VoidRequest:
    return do(ask_void, AskVoid(receipt_id=receipt.id, reason=WHY), by=by)


def answer(request: VoidRequest, by: SignedIn, action: str = "issue") -> VoidRequest:
    return do(answer_void, AnswerVoid(request_id=request.id, action=action), by=by)


def void(receipt: Receipt) -> VoidRequest:
    """By two people who did not issue it."""
    return answer(ask(receipt, actor_for(Role.TREASURER)), actor_for(Role.KABID))


def open_cases() -> list[Discrepancy]:
    with transaction():
        return list(db.session.scalars(select(Discrepancy).order_by(Discrepancy.id)))


def owed(skrd: Skrd) -> Rupiah:
    with transaction():
        return Rupiah(balance(RECEIVABLE, skrd.id))


def held_by(person: SignedIn) -> int:
    with transaction():
        return balance(CASH, person.id)


def in_suspense() -> int:
    with transaction():
        return -balance(SUSPENSE)


def bills(count: int = 3) -> list[Skrd]:
    keeper = make_keeper()
    return [make_skrd(10_000 * n, keeper=keeper) for n in range(1, count + 1)]


def pay_together(skrds: list[Skrd], amount: int, money_id: str = "M") -> None:
    """One attempt for all, and money for it."""
    command = StartAttempt(
        bills=[BillToPay(bill_id=s.id, number=s.number, amount=s.total) for s in skrds],
        region=skrds[0].region,
        payer_id=skrds[0].keeper_id,
        adapter="sandbox",
    )
    attempt = do(start_attempt, command, by=OPERATOR)
    seen = Observation(
        ref=attempt.ref, kind=Kind.PAID, money_id=money_id, amount=Rupiah(amount),
        happened_at=now(), trust=Trust.SIGNED_PUSH,
    )  # fmt: skip
    with transaction():
        record_observations("sandbox", [seen], by=WORKER)
