"""The books: a holding changes only together with a move, and no store goes below zero."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.vaccinations.stock.commands import (
    MOST_DOSES,
    NotEnoughDoses,
    NotThatManyDoses,
)
from sijinak.vaccinations.stock.models import DoseMove, Holding, MoveKind
from sijinak.vaccinations.stock.queries import Place


def add_to_holdings(changes: Sequence[tuple[UUID, Place, int]]) -> list[Any]:
    """Add doses, or with a negative number take some; for a bag it may end below zero.

    Each lot and place once. The rows have id, lot_id, officer_id and doses.
    """
    rows = [
        {"id": uuid7(), "lot_id": lot_id, "store_id": place.store_id,
         "officer_id": place.officer_id, "doses": doses}
        for lot_id, place, doses in sorted(changes, key=lambda change: (change[0], str(change[1])))
    ]  # fmt: skip
    in_bag = changes[0][1].officer_id is not None
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    asked = insert(Holding)
    upsert = asked.on_conflict_do_update(
        index_elements=["lot_id", "officer_id" if in_bag else "store_id"],
        set_={"doses": Holding.doses + asked.excluded.doses},
    )
    return list(
        db.session.connection().execute(
            upsert.returning(Holding.id, Holding.lot_id, Holding.officer_id, Holding.doses), rows
        )
    )


def put_in(lot_id: UUID, place: Place, doses: int) -> UUID:
    """The holding that has them now."""
    holding_id: UUID = add_to_holdings([(lot_id, place, doses)])[0].id
    return holding_id


def take_out(lot_id: UUID, place: Place, doses: int) -> UUID:
    """The holding they came from. Raises NotEnoughDoses: two at once never take the same dose."""
    taken = db.session.scalar(
        update(Holding)
        .where(place.holds(lot_id), Holding.doses >= doses)
        .values(doses=Holding.doses - doses)
        .returning(Holding.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise NotEnoughDoses(there=max(0, doses_at(lot_id, place)))
    return taken


def doses_at(lot_id: UUID, place: Place) -> int:
    return db.session.scalar(select(Holding.doses).where(place.holds(lot_id))) or 0


def hold(lot_id: UUID, *places: Place) -> None:
    """In one order, so that two who move doses to and fro do not wait in a ring."""
    asked = select(Holding.id).where(or_(*(place.holds(lot_id) for place in places)))
    db.session.execute(asked.order_by(Holding.id).with_for_update()).all()


def check_doses(doses: int) -> None:
    """Raises NotThatManyDoses."""
    if not 0 < doses <= MOST_DOSES:
        raise NotThatManyDoses(most=MOST_DOSES)


def write_move(kind: MoveKind, *, by: Actor, **columns: Any) -> DoseMove:
    """``columns`` has lot_id, doses, region and one or both holdings."""
    columns.setdefault("moved_on", today())
    move = DoseMove(kind=kind, by_id=by.id, by_name=by.name, recorded_at=now(), **columns)
    db.session.add(move)
    db.session.flush()
    return move
