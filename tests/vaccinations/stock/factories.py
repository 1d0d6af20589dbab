"""Stores, lots and bags for tests, committed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.stock.books import doses_at
from sijinak.vaccinations.stock.commands import IssueDoses, KeepStore, ReceiveDoses
from sijinak.vaccinations.stock.keeping import keep_store
from sijinak.vaccinations.stock.models import DoseMove, Holding, Lot, Store
from sijinak.vaccinations.stock.moving import issue_doses, receive_doses
from sijinak.vaccinations.stock.queries import Place
from tests.factories import LUNYUK
from tests.vaccinations.factories import product


def make_store(name: str = "Kulkas 1", region: str = LUNYUK) -> Store:
    with transaction():
        return keep_store(KeepStore(name=name, region=region), by=OPERATOR)


def receive(store: Store, doses: int = 100, *, by: Any = OPERATOR, **fields: Any) -> DoseMove:
    defaults: dict[str, Any] = {
        "store_id": store.id, "product_id": product().id, "number": "LSD-01",
        "expires_on": today() + timedelta(days=200), "doses": doses, "paper": "SJ 1/2026",
        "received_on": today(),
    }  # fmt: skip
    with transaction():
        return receive_doses(ReceiveDoses(**{**defaults, **fields}), by=by)


def issue(store: Store, lot_id: UUID, officer_id: UUID, doses: int = 40) -> DoseMove:
    command = IssueDoses(store_id=store.id, lot_id=lot_id, officer_id=officer_id, doses=doses)
    with transaction():
        return issue_doses(command, by=OPERATOR)


def in_store(store: Store, lot_id: UUID) -> int:
    db.session.rollback()
    return doses_at(lot_id, Place(store_id=store.id))


def in_bag(officer_id: UUID, lot_id: UUID) -> int:
    db.session.rollback()
    return doses_at(lot_id, Place(officer_id=officer_id))


def expire(lot_id: UUID) -> None:
    """The lot's last day was yesterday."""
    with transaction():
        db.session.get_one(Lot, lot_id).expires_on = today() - timedelta(days=1)


def wrong_books() -> list[tuple[UUID, int, int]]:
    """Holdings that are not the sum of their moves: id, doses, sum."""
    db.session.rollback()
    moves = list(db.session.scalars(select(DoseMove)))
    return [
        (one.id, one.doses, total)
        for one in db.session.scalars(select(Holding).execution_options(populate_existing=True))
        if one.doses
        != (
            total := sum(m.doses for m in moves if m.to_holding_id == one.id)
            - sum(m.doses for m in moves if m.from_holding_id == one.id)
        )
    ]
