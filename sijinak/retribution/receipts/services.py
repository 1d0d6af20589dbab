"""Cash at the counter, and voids: asked for by one person, issued by another."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.discrepancies.queries import held_bills
from sijinak.payments.models import Collection
from sijinak.payments.queries import collection_called
from sijinak.payments.services import CASH, TakeCash, take_cash
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import skrds_for_update
from sijinak.retribution.receipts.issuing import Share, Voiding, issue_void, pay_bills
from sijinak.retribution.receipts.models import (
    VOID_FLOW,
    Receipt,
    ReceiptKind,
    VoidRequest,
    VoidState,
)
from sijinak.retribution.receipts.queries import (
    first_receipt_by,
    open_void_of,
    receipt_by_id,
    void_of,
    void_request_for_update,
)
from sijinak.retribution.receipts.settling import set_free
from sijinak.retribution.services import MoneyInQuestion, SkrdNotOpen


class WrongAmount(Invalid):
    """Neither less nor more than what the bills say."""

    code = "wrong-amount"


class BillerMayNotCash(Forbidden):
    """Four eyes: who sets the amount, inspects or signs never takes the money."""

    code = "biller-may-not-cash"


class OtherPayer(Invalid):
    """Bills of two people are not paid with one heap of money."""

    code = "other-payer"


class NotVoidable(Conflict):
    """A void, or a receipt that was voided or whose void is asked for."""

    code = "not-voidable"


class SamePerson(Forbidden):
    """Four eyes: who asked for the void, or issued the receipt, does not issue the void."""

    code = "void-by-same-person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCash:
    """``also`` are more bills of the same payer; ``amount`` is for all of them.

    ``despite_question``: the person knows that two others still decide about money for a bill.
    """

    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID
    amount: Rupiah
    also: tuple[UUID, ...] = ()
    despite_question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskVoid:
    id: UUID = field(default_factory=uuid7)
    receipt_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVoid:
    id: UUID = field(default_factory=uuid7)
    request_id: UUID
    action: str  # of VOID_FLOW
    note: str = ""


def receive_cash(command: ReceiveCash, *, by: Actor, series: str = "") -> Receipt:
    """Money, paid bills and receipts, together or not at all; the receipt of ``skrd_id``.

    The same command has the same receipt, also when that was voided since.
    """
    bills = skrds_for_update([command.skrd_id, *command.also])
    for skrd in bills:
        require(by, Permission.CASH_RECEIVE, region=skrd.region)
        refuse_biller(skrd, by=by)
    if not first_time(command, by=by):
        return first_receipt_by(collection_called(CASH, str(command.id)), command.skrd_id)
    _refuse_others(bills, command)
    moneys = [take_cash(_counted(skrd, command), by=by) for skrd in bills]
    receipts = [_settle(s, m, series, by=by) for s, m in zip(bills, moneys, strict=True)]
    return next(one for one in receipts if one.skrd_id == command.skrd_id)


def ask_void(command: AskVoid, *, by: Actor) -> VoidRequest:
    """Ask a second person to void a receipt."""
    receipt = receipt_by_id(command.receipt_id, by=by)
    require(by, Permission.RECEIPT_VOID, region=receipt.region)
    if not first_time(command, by=by):
        return db.session.get_one(VoidRequest, command.id)
    skrds_for_update([receipt.skrd_id])
    if receipt.kind is ReceiptKind.VOID or void_of(receipt.id) or open_void_of(receipt.id):
        raise NotVoidable(number=receipt.number)
    request = VoidRequest(
        id=command.id,
        receipt_id=receipt.id,
        state=VoidState.ASKED,
        reason=command.reason,
        asked_by=by.id,
        asked_by_name=by.name,
        asked_at=now(),
        note="",
        answered_by_name="",
    )
    db.session.add(request)
    _record("void.asked", request, receipt, by=by)
    return request


def answer_void(command: AnswerVoid, *, by: Actor) -> VoidRequest:
    """Issue the void, or refuse it: never who asked, never who issued the receipt."""
    request = void_request_for_update(command.request_id)
    receipt = receipt_by_id(request.receipt_id, by=by)
    require(by, Permission.RECEIPT_VOID, region=receipt.region)
    if not first_time(command, by=by):
        return request
    if by.id in {request.asked_by, receipt.issued_by}:
        raise SamePerson(number=receipt.number)
    skrds_for_update([receipt.skrd_id])
    step = VOID_FLOW.step(request.state, command.action)
    request.state, request.note = step.target, command.note
    request.answered_by, request.answered_by_name, request.answered_at = by.id, by.name, now()
    if step.target is VoidState.ISSUED:
        why = Voiding(
            reason=request.reason,
            asked_by=request.asked_by,
            asked_by_name=request.asked_by_name,
        )
        issue_void(receipt, why, by=by)
        set_free(receipt, by=by)
    _record(f"void.{step.target}", request, receipt, by=by)
    return request


def refuse_biller(skrd: Skrd, *, by: Actor) -> None:
    """Raises BillerMayNotCash."""
    if skrd.issued_by == by.id or str(by.id) in skrd.took_part:
        raise BillerMayNotCash(number=skrd.number)


def _refuse_others(bills: list[Skrd], command: ReceiveCash) -> None:
    closed = next((one for one in bills if one.state is not SkrdState.OPEN), None)
    if closed is not None:
        raise SkrdNotOpen(number=closed.number)
    if len({one.keeper_id for one in bills}) != 1:
        raise OtherPayer
    due = sum(one.total for one in bills)
    if command.amount != due:
        raise WrongAmount(due=rupiah_text(due), given=rupiah_text(command.amount))
    held = held_bills([one.id for one in bills])
    if held and not command.despite_question:
        numbers = ", ".join(one.number for one in bills if one.id in held)
        raise MoneyInQuestion(number=numbers)


def _counted(skrd: Skrd, command: ReceiveCash) -> TakeCash:
    """The money of the bill itself is called as the command, by which it is found again."""
    return TakeCash(
        id=command.id if skrd.id == command.skrd_id else uuid7(),
        bill_id=skrd.id,
        bill_number=skrd.number,
        region=skrd.region,
        amount=skrd.total,
    )


def _settle(skrd: Skrd, money: Collection, series: str, *, by: Actor) -> Receipt:
    return pay_bills([skrd], [Share(money, money.amount)], by=by, series=series)[0]


def _record(name: str, request: VoidRequest, receipt: Receipt, *, by: Actor) -> None:
    events.record(
        name, request, by=by, region=receipt.region, number=receipt.number, amount=receipt.amount
    )
