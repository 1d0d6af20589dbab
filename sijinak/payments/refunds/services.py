"""What people decide of money that goes back. How it is sent: see sending."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger import chart
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.services import Line
from sijinak.payments.adapters.base import Can
from sijinak.payments.adapters.registry import registry
from sijinak.payments.discrepancies.resolving import NeedsDecree
from sijinak.payments.models import Collection, Discrepancy
from sijinak.payments.queries import hold_money
from sijinak.payments.refunds.ending import pay_out, record_refund, take_step
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import refund_for_update, refundable, still_there


class TooMuchToRefund(Invalid):
    """Only what lies in suspense, and is not on its way back, can go back."""

    code = "too-much-to-refund"


class SecondPersonNeeded(Invalid):
    """Who asks for a refund does not approve it."""

    code = "refund-second-person"


class ByHandOnly(Invalid):
    """A refund is sent by its channel, or paid out by a person with a proof: not the other way."""

    code = "refund-other-way"


class NotEnoughCash(Conflict):
    """Who pays it out holds less than that."""

    code = "refund-no-cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefund:
    """``by_hand``: the office pays it in cash or by a transfer, though the channel could."""

    id: UUID = field(default_factory=uuid7)
    collection_id: UUID
    amount: Rupiah
    reason: str
    decree: str = ""
    by_hand: bool = False
    discrepancy_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRefund:
    """``action`` is approve or refuse."""

    id: UUID = field(default_factory=uuid7)
    refund_id: UUID
    action: str
    decree: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOutRefund:
    """``bank_account`` is the code of the account it was transferred from; empty for cash."""

    id: UUID = field(default_factory=uuid7)
    refund_id: UUID
    proof: str
    bank_account: str = ""


def request_refund(command: RequestRefund, *, by: Actor) -> Refund:
    money = db.session.get_one(Collection, command.collection_id)
    require(by, Permission.MONEY_RESOLVE, region=money.region)
    if not first_time(command, by=by):
        return db.session.get_one(Refund, command.id)
    refund = _asked_for(command, money, by.id, by.name)
    record_refund("refund.requested", refund, by=by)
    return refund


def decide_refund(command: DecideRefund, *, by: Actor) -> Refund:
    """Nothing goes back without a decree. Raises NeedsDecree.

    And SecondPersonNeeded; the database refuses the same, too.
    """
    refund = refund_for_update(command.refund_id)
    require(by, Permission.MONEY_RESOLVE, region=refund.region)
    if not first_time(command, by=by):
        return refund
    if by.id == refund.requested_by:
        raise SecondPersonNeeded
    refund.decree = command.decree.strip() or refund.decree
    if command.action == "approve":
        if not refund.decree.strip():
            raise NeedsDecree
        hold_money(refund.collection_id)
        if not still_there(refund):
            raise TooMuchToRefund(left=rupiah_text(0))
        _approve(refund, by=by)
    else:
        take_step(refund, command.action, by=by)
    return refund


def give_back(case: Discrepancy, amount: Rupiah, collection: Collection, *, by: Actor) -> Refund:
    """What two people just decided of a discrepancy: one proposed it, the other approves it now."""
    require(by, Permission.MONEY_RESOLVE, region=collection.region)
    if case.proposed_by is None or case.proposed_by == by.id:
        raise SecondPersonNeeded
    command = RequestRefund(
        collection_id=collection.id,
        amount=amount,
        reason=case.reason,
        decree=case.decree,
        discrepancy_id=case.id,
    )
    refund = _asked_for(command, collection, case.proposed_by, case.proposed_by_name)
    _approve(refund, by=by)
    return refund


def pay_out_refund(command: PayOutRefund, *, by: Actor) -> Refund:
    """Cash from the hands of who pays it out, or a transfer from an account of the office."""
    refund = refund_for_update(command.refund_id)
    require(by, Permission.TREASURY_KEEP, region=refund.region)
    if not first_time(command, by=by):
        return refund
    if not refund.paid_by_hand or not command.proof:
        raise ByHandOnly
    hold_money(refund.collection_id)
    if not still_there(refund):
        raise TooMuchToRefund(left=rupiah_text(0))
    account = chart.bank(command.bank_account) if command.bank_account else chart.CASH
    holder = None if command.bank_account else by.id
    if holder is not None and lock_holders([holder])[holder].held < refund.amount:
        raise NotEnoughCash
    pay_out(refund, Line(account, -refund.amount, holder), command.proof, by=by)
    return refund


def _asked_for(command: RequestRefund, money: Collection, person: UUID, name: str) -> Refund:
    hold_money(money.id)
    left = refundable(money)
    if not 0 < command.amount <= left:
        raise TooMuchToRefund(left=rupiah_text(left))
    refund = Refund(
        id=command.id,
        collection_id=money.id,
        discrepancy_id=command.discrepancy_id,
        refund_ref=f"SJ-R-{uuid7().hex}",
        adapter=money.adapter,
        region=money.region,
        amount=command.amount,
        state=RefundState.REQUESTED,
        reason=command.reason,
        decree=command.decree,
        paid_by_hand=command.by_hand or not _channel_can(money, command.amount),
        proof="",
        requested_by=person,
        requested_by_name=name,
        requested_at=now(),
        approved_by_name="",
        asked=0,
    )
    db.session.add(refund)
    db.session.flush()
    return refund


def _approve(refund: Refund, *, by: Actor) -> None:
    refund.approved_by, refund.approved_by_name = by.id, by.name
    refund.number = _number()
    take_step(refund, "approve", by=by)
    if not refund.paid_by_hand:
        refund.ask_again_at = now()


def _number() -> str:
    """Of the receipt that the payee signs (tanda terima pengembalian)."""
    year = today().year
    text = f"TTP/{year}/{next_number('TTP', year):06}"
    return f"{text}-{check_character(text)}"


def _channel_can(money: Collection, amount: Rupiah) -> bool:
    wanted = Can.REFUND if amount == money.amount else Can.PARTIAL_REFUND
    return wanted in registry.known(money.adapter).can
