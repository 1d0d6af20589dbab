"""Money is promised, then it moves or stays. The caller holds the lock of the giver."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.ledger.models import Journal
from sijinak.treasury.cash.models import CashMove, MoveState
from sijinak.treasury.cash.parcels import Parcel, oldest, parcels_of


class NotThatMuch(Conflict):
    """Facts: ``free``, what is held and promised to nobody."""

    code = "cash-not-that-much"


def free_cash(person_id: UUID) -> int:
    return sum(parcel.free for parcel in parcels_of(person_id))


def promise(act_id: UUID, giver_id: UUID, taker_id: UUID | None, amount: int) -> None:
    """The oldest free money. Raises NotThatMuch."""
    parcels = parcels_of(giver_id)
    free = sum(parcel.free for parcel in parcels)
    if amount > free:
        raise NotThatMuch(free=rupiah_text(free))
    promise_parcels(act_id, giver_id, taker_id, oldest(parcels, amount))


def promise_parcels(
    act_id: UUID, giver_id: UUID, taker_id: UUID | None, taken: Iterable[tuple[Parcel, int]]
) -> None:
    promised = {move.source_id: move for move in moves_of(act_id)}
    for parcel, part in taken:
        if known := promised.get(parcel.source_id):
            known.amount = Rupiah(known.amount + part)
            continue
        move = CashMove(
            act_id=act_id,
            source_id=parcel.source_id,
            giver_id=giver_id,
            taker_id=taker_id,
            amount=Rupiah(part),
            state=MoveState.RESERVED,
        )
        db.session.add(move)
    db.session.flush()


def carry_out(act_id: UUID, amount: int) -> None:
    """So much of what was promised moves, the oldest first; the rest stays where it is."""
    for move in moves_of(act_id):
        part = min(move.amount, amount)
        amount -= part
        move.state = MoveState.MOVED if part else MoveState.DROPPED
        move.amount = Rupiah(part) if part else move.amount
    db.session.flush()


def take_back(act_id: UUID) -> None:
    """Nothing of what was promised moves."""
    carry_out(act_id, 0)


def moves_of(act_id: UUID) -> Sequence[CashMove]:
    asked = select(CashMove).join(Journal, Journal.id == CashMove.source_id)
    asked = asked.where(CashMove.act_id == act_id).order_by(Journal.effective_on, Journal.id)
    return db.session.scalars(asked.execution_options(populate_existing=True)).all()
