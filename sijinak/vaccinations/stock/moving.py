"""What the office does with doses: they come, go to and fro, are counted and destroyed."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.stock.books import check_doses, hold, put_in, take_out, write_move
from sijinak.vaccinations.stock.commands import (
    IssueDoses,
    LotCameExpired,
    LotExpiresOtherwise,
    LotHasExpired,
    NotAVaccinator,
    NoteTemperature,
    OlderLotFirst,
    ReceiveDoses,
    ReturnDoses,
    SameStore,
    StockDayAhead,
    TransferDoses,
    UnknownLot,
    UnknownProductInStock,
    UnknownStore,
)
from sijinak.vaccinations.stock.models import DoseMove, Holding, Lot, MoveKind, Store
from sijinak.vaccinations.stock.queries import (
    Place,
    lot_number,
    store_to_change,
    vaccinators_of,
)
from sijinak.vaccinations.stock.services import write_reading


def receive_doses(command: ReceiveDoses, *, by: Actor) -> DoseMove:
    """Raises NotThatManyDoses, StockDayAhead, LotCameExpired, LotExpiresOtherwise."""
    store = _open_store(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(DoseMove, command.id)
    check_doses(command.doses)
    check_day(command.received_on)
    lot = _lot_that_came(command)
    holding = put_in(lot.id, Place(store_id=store.id), command.doses)
    move = write_move(
        MoveKind.RECEIVED, by=by, id=command.id, lot_id=lot.id, doses=command.doses,
        to_holding_id=holding, region=store.region, paper=command.paper, note=command.note,
        moved_on=command.received_on,
    )  # fmt: skip
    _tell("vaccine.received", move, lot, by=by, store=store)
    if command.tenths is not None:
        reading = NoteTemperature(id=uuid7(), tenths=command.tenths, note=command.paper)
        write_reading(reading, Place(store_id=store.id), store.region, by=by)
    return move


def transfer_doses(command: TransferDoses, *, by: Actor) -> DoseMove:
    """From a store of one's own to any other. Raises SameStore, UnknownStore, NotEnoughDoses."""
    store = store_to_change(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(DoseMove, command.id)
    there = db.session.get(Store, command.to_store_id)
    if there is None or not there.is_active:
        raise UnknownStore
    if there.id == store.id:
        raise SameStore
    _refuse_expired(_lot(command.lot_id))
    places = Place(store_id=store.id), Place(store_id=there.id)
    return _carry(MoveKind.TRANSFERRED, command, places, store=store, by=by)


def issue_doses(command: IssueDoses, *, by: Actor) -> DoseMove:
    """First what expires first, or a note says why not. Raises the errors of ``commands``."""
    store = store_to_change(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(DoseMove, command.id)
    if command.officer_id not in vaccinators_of(store.region):
        raise NotAVaccinator
    lot = _lot(command.lot_id)
    _refuse_expired(lot)
    _ask_why_not_older(lot, store.id, command.note)
    places = Place(store_id=store.id), Place(officer_id=command.officer_id)
    return _carry(MoveKind.ISSUED, command, places, store=store, by=by)


def return_doses(command: ReturnDoses, *, by: Actor) -> DoseMove:
    """From a bag into a store; expired lots, too. Raises NotEnoughDoses, UnknownStore."""
    store = _open_store(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(DoseMove, command.id)
    _lot(command.lot_id)
    places = Place(officer_id=command.officer_id), Place(store_id=store.id)
    return _carry(MoveKind.RETURNED, command, places, store=store, by=by)


def first_to_expire(product_id: UUID, store_id: UUID) -> Lot | None:
    """The lot that is proposed: it may still be given, and lies in the store."""
    asked = (
        select(Lot)
        .join(Holding, Holding.lot_id == Lot.id)
        .where(Lot.product_id == product_id, Holding.store_id == store_id)
        .where(Holding.doses > 0, Lot.expires_on >= today())
        .order_by(Lot.expires_on, Lot.number)
    )
    return db.session.scalar(asked.limit(1))


def check_day(day: date) -> None:
    """Raises StockDayAhead."""
    if day > today():
        raise StockDayAhead


def _carry(
    kind: MoveKind,
    command: TransferDoses | IssueDoses | ReturnDoses,
    way: tuple[Place, Place],
    *,
    store: Store,
    by: Actor,
) -> DoseMove:
    source, target = way
    check_doses(command.doses)
    hold(command.lot_id, source, target)
    move = write_move(
        kind, by=by, id=command.id, lot_id=command.lot_id, doses=command.doses,
        from_holding_id=take_out(command.lot_id, source, command.doses),
        to_holding_id=put_in(command.lot_id, target, command.doses),
        region=store.region, note=command.note,
    )  # fmt: skip
    officer = source.officer_id or target.officer_id
    facts = {"officer": str(officer)} if officer else {"to": str(target.store_id)}
    _tell(f"vaccine.{kind}", move, _lot(command.lot_id), by=by, store=store, **facts)
    return move


def _lot_that_came(command: ReceiveDoses) -> Lot:
    """The lot in the books, or a new one: two that arrive at once are one lot."""
    if command.expires_on < today():
        raise LotCameExpired(day=f"{command.expires_on:%d-%m-%Y}")
    if db.session.get(Product, command.product_id) is None:
        raise UnknownProductInStock
    number = lot_number(command.number)
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid7(), "product_id": command.product_id, "number": number,
           "expires_on": command.expires_on}  # fmt: skip
    db.session.execute(insert(Lot).values(row).on_conflict_do_nothing())
    asked = select(Lot).where(Lot.product_id == command.product_id, Lot.number == number)
    lot = db.session.scalars(asked).one()
    if lot.expires_on != command.expires_on:
        raise LotExpiresOtherwise(day=f"{lot.expires_on:%d-%m-%Y}")
    return lot


def _lot(lot_id: UUID) -> Lot:
    lot = db.session.get(Lot, lot_id)
    if lot is None:
        raise UnknownLot
    return lot


def _open_store(store_id: UUID, *, by: Actor) -> Store:
    store = store_to_change(store_id, by=by)
    if not store.is_active:
        raise UnknownStore
    return store


def _refuse_expired(lot: Lot) -> None:
    if lot.expires_on < today():
        raise LotHasExpired(lot=lot.number, day=f"{lot.expires_on:%d-%m-%Y}")


def _ask_why_not_older(lot: Lot, store_id: UUID, note: str) -> None:
    older = first_to_expire(lot.product_id, store_id)
    if older is not None and older.expires_on < lot.expires_on and not note.strip():
        raise OlderLotFirst(lot=older.number, day=f"{older.expires_on:%d-%m-%Y}")


def _tell(name: str, move: DoseMove, lot: Lot, *, by: Actor, store: Store, **facts: str) -> None:
    events.record(
        name, lot, by=by, region=store.region, doses=move.doses, move=str(move.id),
        store=str(store.id), **facts,
    )  # fmt: skip
