"""How an attempt to pay stands: its bills, the money that came, and what people must decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.discrepancies.queries import ABOUT_MONEY, STANDING
from sijinak.payments.models import LIVE, Attempt, AttemptState, Collection, Discrepancy
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import is_live


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``bills`` are those that the reader may see."""

    attempt: Attempt
    bills: Sequence[Skrd]
    receipts: dict[UUID, Receipt]
    money: Sequence[Collection]
    cases: Sequence[Discrepancy]
    refunds: Sequence[Refund]

    @property
    def waits(self) -> bool:
        return self.attempt.state in LIVE

    @property
    def is_paid(self) -> bool:
        """Every bill of it has its receipt, by this attempt or another."""
        return bool(self.bills) and all(one.id in self.receipts for one in self.bills)

    @property
    def is_done(self) -> bool:
        """Its money came: asking again tells nothing new to the payer."""
        return self.attempt.state is AttemptState.SUCCEEDED

    @property
    def can_begin_again(self) -> bool:
        return not self.bills or any(one.state is SkrdState.OPEN for one in self.bills)

    @property
    def is_held(self) -> bool:
        """Two people have still to decide about its money: nobody pays again until then."""
        return any(one.kind in ABOUT_MONEY and one.state in STANDING for one in self.cases)

    @property
    def waits_for_bank(self) -> bool:
        """Its money came, and pays when it is on the bank's statement."""
        came = self.attempt.state is AttemptState.SUCCEEDED
        is_open = any(one.state is SkrdState.OPEN for one in self.bills)
        return came and is_open and not self.cases

    @property
    def is_late(self) -> bool:
        return any(one.happened_at > self.attempt.expires_at for one in self.money)

    @property
    def money_to_explain(self) -> Sequence[Collection]:
        """All of it, when anything was other than one payment for its bills."""
        return self.money if self.cases or self.refunds else ()

    def money_of(self, case: Discrepancy) -> Collection | None:
        return next((one for one in self.money if one.id == case.collection_id), None)

    def given_back(self, case: Discrepancy) -> bool:
        """All of the money, to the last rupiah."""
        money = self.money_of(case)
        back = sum(
            one.amount
            for one in self.refunds
            if one.collection_id == case.collection_id and one.state is RefundState.DONE
        )
        return money is not None and back == money.amount


def standing_of(attempt: Attempt, *, by: Actor) -> Standing:
    bill_ids = [one.bill_id for one in attempt.bills]
    money = _money(attempt)
    ids = [one.id for one in money]
    return Standing(
        attempt=attempt,
        bills=_bills(bill_ids, by=by),
        receipts=_receipts(bill_ids),
        money=money,
        cases=_cases([attempt.id, *ids], ids),
        refunds=db.session.scalars(
            select(Refund).where(Refund.collection_id.in_(ids)).order_by(Refund.requested_at)
        ).all(),
    )


def has_money(attempt_id: UUID) -> bool:
    asked = select(Collection.id).where(Collection.attempt_id == attempt_id).limit(1)
    return db.session.scalar(asked) is not None


def _bills(bill_ids: Sequence[UUID], *, by: Actor) -> list[Skrd]:
    """In the order of the attempt."""
    seen = within_reach(by, Permission.SKRD_READ, Skrd.region, Skrd.keeper_id)
    found = db.session.scalars(select(Skrd).where(Skrd.id.in_(bill_ids), seen).order_by(Skrd.id))
    return sorted(found, key=lambda skrd: bill_ids.index(skrd.id))


def _receipts(bill_ids: Sequence[UUID]) -> dict[UUID, Receipt]:
    asked = select(Receipt).where(Receipt.skrd_id.in_(bill_ids), is_live())
    return {one.skrd_id: one for one in db.session.scalars(asked.order_by(Receipt.id))}


def _money(attempt: Attempt) -> Sequence[Collection]:
    asked = select(Collection).where(Collection.attempt_id == attempt.id)
    return db.session.scalars(asked.order_by(Collection.seen_at, Collection.id)).all()


def _cases(about: Sequence[UUID], money: Sequence[UUID]) -> Sequence[Discrepancy]:
    asked = select(Discrepancy).where(
        or_(Discrepancy.about_id.in_(about), Discrepancy.collection_id.in_(money))
    )
    return db.session.scalars(asked.order_by(Discrepancy.opened_at, Discrepancy.id)).all()
