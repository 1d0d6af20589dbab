"""All that one keeper had to do with the office, and all that one officer did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.accounts.delegation_queries import DelegationLine, delegations_about
from sijinak.accounts.models import Appointment, User
from sijinak.accounts.queries import appointments_of
from sijinak.audit.desk.reached import keeper_reached, officer_reached
from sijinak.audit.desk.wanted import stands
from sijinak.audit.findings.models import AuditFinding, FindingPerson
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.model import Model
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.ledger.models import CashHolder
from sijinak.payments.models import Collection, Discrepancy
from sijinak.payments.refunds.models import Refund
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind, VoidRequest
from sijinak.treasury.cash.models import CashClosing, HandOver, HandOverState
from sijinak.treasury.deposits.models import Deposit

P = Permission.AUDIT_READ
MOST = 10  # of a kind; the lists show the rest
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKeeper:
    keeper: Keeper
    permits: Sequence[Permit]
    bills: Sequence[Skrd]
    receipts: Sequence[Receipt]
    voids: Sequence[Receipt]
    refunds: Sequence[Refund]
    cash: int  # paid in cash by receipts that stand
    cashless: int


@dataclass(frozen=True, slots=True)
class Issued:
    channel: str
    kind: ReceiptKind
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfOfficer:
    user: User
    appointments: Sequence[Appointment]
    delegations: Sequence[DelegationLine]
    issued: Sequence[Issued]
    voids: Sequence[VoidRequest]  # asked for or answered
    cases: Sequence[Discrepancy]  # proposed or approved
    closings: Sequence[CashClosing]  # in which the count differed
    handovers: Sequence[HandOver]
    deposits: Sequence[Deposit]
    findings: Sequence[AuditFinding]
    held: int


def dealings_of_keeper(keeper_id: UUID, *, by: Actor) -> OfKeeper:
    """Raises NotFound."""
    require(by, P)
    keeper = keeper_reached(keeper_id, by=by)
    if keeper is None:
        raise NotFound(keeper_id=str(keeper_id))
    theirs = Receipt.keeper_id == keeper_id
    return OfKeeper(
        keeper=keeper,
        permits=_few(select(Permit).where(Permit.keeper_id == keeper_id), Permit.id),
        bills=_few(select(Skrd).where(Skrd.keeper_id == keeper_id), Skrd.id),
        receipts=_few(select(Receipt).where(theirs, stands()), Receipt.id),
        voids=_few(select(Receipt).where(theirs, Receipt.kind == ReceiptKind.VOID), Receipt.id),
        refunds=_few(select(Refund).where(_money_of(keeper_id)), Refund.id),
        cash=_paid(theirs & (Receipt.channel == "cash")),
        cashless=_paid(theirs & (Receipt.channel != "cash")),
    )


def dealings_of_officer(user_id: UUID, *, by: Actor) -> OfOfficer:
    """Whose appointment lies in the auditor's region. Raises NotFound."""
    require(by, P)
    user = officer_reached(user_id, by=by)
    if user is None:
        raise NotFound(user_id=str(user_id))
    holder = db.session.get(CashHolder, user_id)
    voids = _either(VoidRequest.asked_by, VoidRequest.answered_by, user_id)
    cases = _either(Discrepancy.proposed_by, Discrepancy.approved_by, user_id)
    return OfOfficer(
        user=user,
        appointments=appointments_of(user_id),
        delegations=delegations_about(user_id),
        issued=_issued(user_id, by),
        voids=_few(select(VoidRequest).where(voids), VoidRequest.id),
        cases=_few(select(Discrepancy).where(cases), Discrepancy.id),
        closings=_few(_odd_counts(user_id), CashClosing.id),
        handovers=_few(_handovers(user_id), HandOver.id),
        deposits=_few(select(Deposit).where(Deposit.holder_id == user_id), Deposit.id),
        findings=_few(_findings(user_id), AuditFinding.id),
        held=holder.held if holder else 0,
    )


def _odd_counts(user_id: UUID) -> Select[CashClosing]:
    mine = CashClosing.holder_id == user_id
    return select(CashClosing).where(mine, CashClosing.difference != 0)


def _handovers(user_id: UUID) -> Select[HandOver]:
    mine = _either(HandOver.giver_id, HandOver.taker_id, user_id)
    return select(HandOver).where(mine, HandOver.state == HandOverState.ACCEPTED)


def _findings(user_id: UUID) -> Select[AuditFinding]:
    about = select(FindingPerson.finding_id).where(FindingPerson.person_id == user_id)
    return select(AuditFinding).where(AuditFinding.id.in_(about))


def _few(asked: Select[Row], key: InstrumentedAttribute[UUID]) -> Sequence[Row]:
    """The newest."""
    return db.session.scalars(asked.order_by(key.desc()).limit(MOST)).all()


def _either(
    one: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
    other: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
    user_id: UUID,
) -> ColumnElement[bool]:
    return or_(one == user_id, other == user_id)


def _issued(user_id: UUID, by: Actor) -> list[Issued]:
    asked = (
        select(Receipt.channel, Receipt.kind, func.count(), func.sum(Receipt.amount))
        .where(Receipt.issued_by == user_id, within_reach(by, P, Receipt.region))
        .group_by(Receipt.channel, Receipt.kind)
        .order_by(Receipt.channel, Receipt.kind)
    )
    return [Issued(row[0], row[1], int(row[2]), int(row[3])) for row in db.session.execute(asked)]


def _paid(which: ColumnElement[bool]) -> int:
    asked = select(func.sum(Receipt.amount)).where(which, stands())
    return int(db.session.scalar(asked) or 0)


def _money_of(keeper_id: UUID) -> ColumnElement[bool]:
    """Money that ever paid a bill of theirs, or was meant to."""
    paid = (
        select(Allocation.collection_id)
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .where(Receipt.keeper_id == keeper_id)
    )
    bills = select(Skrd.id).where(Skrd.keeper_id == keeper_id)
    meant = select(Collection.id).where(Collection.bill_id.in_(bills))
    return Refund.collection_id.in_(paid) | Refund.collection_id.in_(meant)
