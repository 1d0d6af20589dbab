"""For what the cash came: the receipt or the tickets, and the kode rekening of each part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.retribution.models import SkrdLine
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.treasury.cash.parcels import Parcel
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState, LineKind
from sijinak.treasury.tickets.models import TicketBlock, TicketSale

NO_CODE = ""  # titipan, or found over: no kode rekening yet


@dataclass(frozen=True, slots=True)
class Part:
    """Money of one receipt or sale, of one kode rekening."""

    kind: LineKind
    reference: str
    component: str
    law_code: str
    amount: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a parcel, as it stands on the STS."""

    source_id: UUID
    received_on: date
    part: Part


def pieces_of(parcel: Parcel, amount: int) -> list[Piece]:
    """What the next ``amount`` of a parcel is for; what was deposited of it before comes off."""
    before = _deposited(parcel.source_id)
    cut = _cut(parts_of(parcel.idem), before, before + amount)
    pieces = [Piece(parcel.source_id, parcel.received_on, part) for part in cut]
    rest = amount - sum(piece.part.amount for piece in pieces)
    if rest:
        other = Part(LineKind.OTHER, "", "", NO_CODE, rest)
        pieces.append(Piece(parcel.source_id, parcel.received_on, other))
    return pieces


def parts_of(idem: str) -> list[Part]:
    """By the name of the journal with which the money came."""
    kind, _, text = idem.partition(":")
    if kind == "money":
        return list(_of_receipts(UUID(text)))
    return list(_of_tickets(UUID(text))) if kind == "tickets" else []


def _of_receipts(collection_id: UUID) -> Iterator[Part]:
    """Receipts that stand: the money of a voided one belongs to nobody yet."""
    void = aliased(Receipt)
    asked = (
        select(Receipt.number, SkrdLine.component, SkrdLine.law_code, SkrdLine.amount)
        .join(Allocation, Allocation.receipt_id == Receipt.id)
        .join(SkrdLine, SkrdLine.skrd_id == Receipt.skrd_id)
        .where(
            Allocation.collection_id == collection_id,
            Receipt.kind == ReceiptKind.RECEIPT,
            ~exists().where(void.voids_id == Receipt.id),
        )
        .order_by(Receipt.no, SkrdLine.position)
    )
    for row in db.session.execute(asked):
        yield Part(LineKind.RECEIPT, row[0], row[1], row[2], row[3])


def _of_tickets(sale_id: UUID) -> Iterator[Part]:
    asked = (
        select(TicketSale, TicketBlock)
        .join(TicketBlock, TicketBlock.id == TicketSale.block_id)
        .where(TicketSale.id == sale_id)
    )
    for sale, block in db.session.execute(asked):
        serials = f"{block.series} {sale.first}–{sale.last}"
        yield Part(LineKind.TICKETS, serials, block.component, block.law_code, sale.amount)


def _cut(parts: Sequence[Part], start: int, end: int) -> Iterator[Part]:
    """What lies between two amounts, when the parts are laid one after the other."""
    begins = 0
    for part in parts:
        ends = begins + part.amount
        inside = min(ends, end) - max(begins, start)
        if inside > 0:
            yield Part(part.kind, part.reference, part.component, part.law_code, inside)
        begins = ends


def _deposited(source_id: UUID) -> int:
    asked = (
        select(func.coalesce(func.sum(DepositLine.amount), 0))
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .where(DepositLine.source_id == source_id, Deposit.state != DepositState.WITHDRAWN)
    )
    return int(db.session.scalar(asked) or 0)
