"""Questions about receipts, their voids, and which money paid which bill."""

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.clock import clock
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.payments.models import AttemptBill, Collection, Discrepancy
from sijinak.retribution.checks import id_of_code
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import (
    Allocation,
    Receipt,
    ReceiptKind,
    VoidRequest,
    VoidState,
)
from sijinak.retribution.searching import searching

_Void = aliased(Receipt)


def is_live() -> ColumnElement[bool]:
    """Receipts that count: no void, and not voided."""
    voided = select(_Void.id).where(_Void.voids_id == Receipt.id).exists()
    return (Receipt.kind == ReceiptKind.RECEIPT) & ~voided


def receipt_of(skrd_id: UUID) -> Receipt | None:
    """The receipt by which a bill is paid; None when there is none, or it was voided."""
    return db.session.scalar(select(Receipt).where(Receipt.skrd_id == skrd_id, is_live()))


def receipts_of(skrd_id: UUID) -> Sequence[Receipt]:
    """All of a bill with their voids, the first first. The caller has asked for the bill."""
    asked = select(Receipt).where(Receipt.skrd_id == skrd_id)
    return db.session.scalars(asked.order_by(Receipt.issued_at, Receipt.id)).all()


def void_of(receipt_id: UUID) -> Receipt | None:
    return db.session.scalar(select(Receipt).where(Receipt.voids_id == receipt_id))


def receipt_voided_by(void: Receipt) -> Receipt:
    return db.session.get_one(Receipt, void.voids_id)


def next_round(skrd_id: UUID) -> int:
    asked = select(func.max(Receipt.round)).where(Receipt.skrd_id == skrd_id)
    return (db.session.scalar(asked) or 0) + 1


def receipt_by_id(receipt_id: UUID, *, by: Actor) -> Receipt:
    require(by, Permission.SKRD_READ)
    receipt = db.session.scalar(select(Receipt).where(Receipt.id == receipt_id, _seen(by)))
    if receipt is None:
        raise NotFound(receipt_id=str(receipt_id))
    return receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``text`` as for bills, or of the receipt's own number; ``channel`` of its money."""

    text: str = ""
    day: date | None = None
    channel: str = ""


def receipts(wanted: Wanted, *, by: Actor, place: Place = START) -> Page[Receipt]:
    """And their voids, the newest first."""
    require(by, Permission.SKRD_READ)
    query = select(Receipt).where(_seen(by))
    if part := " ".join(wanted.text.lower().split()):
        number = func.lower(Receipt.number).contains(part, autoescape=True)
        theirs = select(Skrd.id).where(searching.bills(part))
        query = query.where(number | Receipt.skrd_id.in_(theirs))
    if wanted.day is not None:
        query = query.where(*_issued_on(wanted.day))
    if wanted.channel:
        paid = select(Allocation.receipt_id).join(
            Collection, Collection.id == Allocation.collection_id
        )
        paid = paid.where(Collection.adapter == wanted.channel)
        query = query.where(Receipt.id.in_(paid) | Receipt.voids_id.in_(paid))
    return page_of(query, Receipt.id, place)


def money_by_id(collection_id: UUID, *, by: Actor) -> Collection:
    """Any money that came, for whoever looks at the treasury."""
    require(by, Permission.TREASURY_READ)
    within = within_reach(by, Permission.TREASURY_READ, Collection.region)
    asked = select(Collection).where(Collection.id == collection_id, within)
    money = db.session.scalar(asked)
    if money is None:
        raise NotFound(collection_id=str(collection_id))
    return money


def receipts_of_day(day: date, *, by: Actor) -> Sequence[Receipt]:
    """What was received and what was voided on a day of the office, the first first."""
    require(by, Permission.SKRD_READ)
    asked = select(Receipt).where(_seen(by), *_issued_on(day))
    return db.session.scalars(asked.order_by(Receipt.issued_at, Receipt.id)).all()


def voided_among(receipts: Sequence[Receipt]) -> frozenset[UUID]:
    """Which of them were voided since."""
    asked = select(Receipt.voids_id).where(Receipt.voids_id.in_([one.id for one in receipts]))
    return frozenset(found for found in db.session.scalars(asked) if found is not None)


def receipt_by_public_code(code: str) -> Receipt | None:
    """For anybody who holds the paper. Show no name of a person."""
    receipt_id = id_of_code(code)
    return db.session.get(Receipt, receipt_id) if receipt_id else None


def receipt_by_number(number: str) -> Receipt | None:
    """By the number as it was typed, for anybody who holds the paper."""
    return db.session.scalar(select(Receipt).where(Receipt.number == spelt_number(number)))


def spelt_number(typed: str) -> str:
    """In the one spelling that we print."""
    return "".join(typed.split()).upper()


def moneys_of(receipt: Receipt) -> list[tuple[Allocation, Collection]]:
    """The money that paid it: of a void, what paid the receipt that it voids."""
    asked = select(Allocation, Collection).join(
        Collection, Collection.id == Allocation.collection_id
    )
    asked = asked.where(Allocation.receipt_id == (receipt.voids_id or receipt.id))
    rows = db.session.execute(asked.order_by(Collection.seen_at, Allocation.id))
    return [(allocation, money) for allocation, money in rows]


def paid_together(receipt: Receipt) -> Sequence[Receipt]:
    """Other receipts that the same money paid: several bills at once."""
    mine = select(Allocation.collection_id).where(Allocation.receipt_id == receipt.id)
    others = select(Allocation.receipt_id).where(Allocation.collection_id.in_(mine))
    asked = select(Receipt).where(Receipt.id.in_(others), Receipt.id != receipt.id, is_live())
    return db.session.scalars(asked.order_by(Receipt.no)).all()


def bills_of_money(money: Collection) -> list[UUID]:
    """What the money was to pay: of cash its bill, else the bills of its attempt."""
    if money.bill_id is not None:
        return [money.bill_id]
    if money.attempt_id is None:
        return []
    asked = select(AttemptBill.bill_id).where(AttemptBill.attempt_id == money.attempt_id)
    return list(db.session.scalars(asked.order_by(AttemptBill.position)))


def live_receipts_by(collection_id: UUID) -> Sequence[Receipt]:
    paid = select(Allocation.receipt_id).where(Allocation.collection_id == collection_id)
    asked = select(Receipt).where(Receipt.id.in_(paid), is_live())
    return db.session.scalars(asked.order_by(Receipt.id)).all()


def first_receipt_by(money: Collection, skrd_id: UUID) -> Receipt:
    """Which it paid when it came: it may have been voided since."""
    paid = select(Allocation.receipt_id).where(Allocation.collection_id == money.id)
    asked = select(Receipt).where(Receipt.id.in_(paid), Receipt.skrd_id == skrd_id)
    return db.session.scalars(asked.order_by(Receipt.round).limit(1)).one()


def waits_for_bank(bill_ids: Many[UUID]) -> bool:
    """Whether money came for one of the bills that neither paid it nor needs a person."""
    by_attempt = select(AttemptBill.attempt_id).where(AttemptBill.bill_id.in_(bill_ids))
    theirs = or_(Collection.bill_id.in_(bill_ids), Collection.attempt_id.in_(by_attempt))
    asked = select(Collection.id).where(theirs, _waits()).limit(1)
    return db.session.scalar(asked) is not None


def waiting_among(collection_ids: Sequence[UUID]) -> Sequence[Collection]:
    """Which of the moneys neither paid a bill nor need a person, the first first."""
    asked = select(Collection).where(Collection.id.in_(collection_ids), _waits())
    return db.session.scalars(asked.order_by(Collection.seen_at, Collection.id)).all()


def _waits() -> ColumnElement[bool]:
    used = select(Allocation.id).where(Allocation.collection_id == Collection.id).exists()
    looked_at = select(Discrepancy.id).where(Discrepancy.collection_id == Collection.id).exists()
    return ~used & ~looked_at


def open_void_of(receipt_id: UUID) -> VoidRequest | None:
    asked = select(VoidRequest).where(
        VoidRequest.receipt_id == receipt_id, VoidRequest.state == VoidState.ASKED
    )
    return db.session.scalar(asked)


def open_voids(*, by: Actor) -> Sequence[tuple[VoidRequest, Receipt]]:
    """Voids that wait for a second person, the oldest first."""
    asked = select(VoidRequest, Receipt).join(Receipt, Receipt.id == VoidRequest.receipt_id)
    within = within_reach(by, Permission.RECEIPT_VOID, Receipt.region)
    asked = asked.where(VoidRequest.state == VoidState.ASKED, within)
    rows = db.session.execute(asked.order_by(VoidRequest.asked_at, VoidRequest.id))
    return [(request, receipt) for request, receipt in rows]


def void_request_for_update(request_id: UUID) -> VoidRequest:
    asked = select(VoidRequest).where(VoidRequest.id == request_id).with_for_update()
    found = db.session.scalar(asked, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound(request_id=str(request_id))
    return found


def skrd_of(receipt: Receipt) -> Skrd:
    return db.session.get_one(Skrd, receipt.skrd_id)


def _issued_on(day: date) -> list[ColumnElement[bool]]:
    begins = datetime.combine(day, time.min, clock.zone)
    return [Receipt.issued_at >= begins, Receipt.issued_at < begins + timedelta(days=1)]


def _seen(by: Actor) -> ColumnElement[bool]:
    return within_reach(by, Permission.SKRD_READ, Receipt.region, Receipt.keeper_id)
