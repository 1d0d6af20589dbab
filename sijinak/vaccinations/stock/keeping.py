"""What the office does with stores themselves, with counts, and with doses that end."""

from sqlalchemy import func, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.vaccinations.stock.books import (
    check_doses,
    doses_at,
    hold,
    put_in,
    take_out,
    write_move,
)
from sijinak.vaccinations.stock.commands import (
    MOST_DOSES,
    CorrectLotDay,
    CountDoses,
    CountedMeanwhile,
    DestroyDoses,
    KeepStore,
    LotDayChangedMeanwhile,
    LotDayIsThat,
    LotDayReasonMissing,
    MinutesNumberTaken,
    NoReasonToDestroy,
    NothingToCount,
    NothingToDestroy,
    NotThatManyDoses,
    StockNoteMissing,
    StoreNameTaken,
    StoreNotEmpty,
    UnknownLot,
)
from sijinak.vaccinations.stock.models import (
    WHY_DESTROYED,
    DoseMove,
    Holding,
    Lot,
    Minutes,
    MoveKind,
    Store,
    WasteReason,
)
from sijinak.vaccinations.stock.moving import check_day
from sijinak.vaccinations.stock.queries import Place, lot_to_correct, store_to_change, vaccinators


def keep_store(command: KeepStore, *, by: Actor) -> Store:
    """A new store, or what changes of one. Raises StoreNameTaken, StoreNotEmpty."""
    if command.store_id is None:
        require(by, Permission.VACCINE_STOCK, region=command.region)
        store = Store(id=command.id, region=command.region, name="", is_active=True)
    else:
        store = store_to_change(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Store, command.store_id or command.id)
    _check_store(command, store)
    before = {"is_active": store.is_active, "renamed": bool(store.name != command.name)}
    store.name, store.is_active = command.name, command.is_active
    db.session.add(store)
    name = "vaccine.store-changed" if command.store_id else "vaccine.store-opened"
    events.record(
        name, store, by=by, region=store.region, was_active=before["is_active"],
        is_active=store.is_active, renamed=before["renamed"],
    )  # fmt: skip
    return store


def count_doses(command: CountDoses, *, by: Actor) -> DoseMove:
    """The difference goes into the books.

    Raises StockNoteMissing, CountedMeanwhile, NothingToCount, NotThatManyDoses, UnknownLot.
    """
    place, region = _place_to_count(command, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(DoseMove, command.id)
    difference = _difference(command, place)
    lot = db.session.get(Lot, command.lot_id)
    if lot is None:
        raise UnknownLot
    if difference > 0:
        ends = {"to_holding_id": put_in(lot.id, place, difference)}
    else:
        ends = {"from_holding_id": take_out(lot.id, place, -difference)}
    move = write_move(
        MoveKind.COUNTED, by=by, id=command.id, lot_id=lot.id, doses=abs(difference),
        region=region, note=command.note, **ends,
    )  # fmt: skip
    events.record(
        "vaccine.counted", lot, by=by, region=region, difference=difference,
        found=command.found, move=str(move.id), officer=str(command.officer_id or ""),
    )  # fmt: skip
    return move


def correct_lot_day(command: CorrectLotDay, *, by: Actor) -> Lot:
    """Findings that the mistyped day led to stay open: a person settles them.

    Raises LotDayReasonMissing, LotDayChangedMeanwhile, LotDayIsThat.
    """
    lot = lot_to_correct(command.lot_id, by=by)
    if not first_time(command, by=by):
        return lot
    db.session.refresh(lot, with_for_update=True)
    if not command.reason.strip():
        raise LotDayReasonMissing
    if lot.expires_on != command.was:
        raise LotDayChangedMeanwhile(day=f"{lot.expires_on:%d-%m-%Y}")
    if lot.expires_on == command.expires_on:
        raise LotDayIsThat
    lot.expires_on = command.expires_on
    region = min(reach.region for reach in by.reaches(Permission.VACCINE_STOCK))
    events.record(
        "vaccine.lot-day-corrected", lot, by=by, region=region, was=command.was.isoformat(),
        expires_on=command.expires_on.isoformat(), reason=command.reason.strip(),
    )  # fmt: skip
    return lot


def destroy_doses(command: DestroyDoses, *, by: Actor) -> Minutes:
    """With minutes.

    Raises NothingToDestroy, NoReasonToDestroy, MinutesNumberTaken, NotEnoughDoses, UnknownLot.
    """
    store = store_to_change(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Minutes, command.id)
    _check_destruction(command)
    minutes = Minutes(
        id=command.id, number=command.number, store_id=store.id,
        destroyed_on=command.destroyed_on, place=command.place, method=command.method,
        witnesses=command.witnesses, by_id=by.id, by_name=by.name, recorded_at=now(),
    )  # fmt: skip
    db.session.add(minutes)
    db.session.flush()
    for lot_id, doses in sorted(command.lots):
        check_doses(doses)
        write_move(
            MoveKind.DESTROYED, by=by, id=uuid7(), lot_id=lot_id, doses=doses,
            from_holding_id=take_out(lot_id, Place(store_id=store.id), doses),
            region=store.region, paper=command.number, minutes_id=minutes.id,
            reason=command.reason, note=command.note.strip(),
            moved_on=command.destroyed_on,
        )  # fmt: skip
    events.record(
        "vaccine.destroyed", minutes, by=by, region=store.region, lots=len(command.lots),
        doses=sum(doses for _, doses in command.lots), reason=command.reason,
    )  # fmt: skip
    return minutes


def _check_store(command: KeepStore, store: Store) -> None:
    same = select(Store.id).where(
        Store.region == store.region, func.lower(Store.name) == command.name.lower(),
        Store.id != store.id,
    )  # fmt: skip
    if db.session.scalar(same.limit(1)):
        raise StoreNameTaken
    if not command.is_active:
        asked = select(func.sum(Holding.doses)).where(Holding.store_id == store.id)
        if inside := db.session.scalar(asked):
            raise StoreNotEmpty(doses=int(inside))


def _place_to_count(command: CountDoses, *, by: Actor) -> tuple[Place, str]:
    """Raises Forbidden, or NotFound out of reach."""
    require(by, Permission.VACCINE_STOCK)
    if command.store_id is not None:
        store = store_to_change(command.store_id, by=by)
        return Place(store_id=store.id), store.region
    if command.officer_id is None or command.officer_id not in vaccinators(by=by):
        raise NotFound(officer=str(command.officer_id))
    region = min(reach.region for reach in by.reaches(Permission.VACCINE_STOCK))
    return Place(officer_id=command.officer_id), region


def _difference(command: CountDoses, place: Place) -> int:
    """Between what was found and the books, which must be those that the counter saw."""
    if not command.note.strip():
        raise StockNoteMissing
    if not 0 <= command.found <= MOST_DOSES:
        raise NotThatManyDoses(most=MOST_DOSES)
    hold(command.lot_id, place)
    there = doses_at(command.lot_id, place)
    if there != command.expected:
        raise CountedMeanwhile(there=there)
    if there == command.found:
        raise NothingToCount
    return command.found - there


def _check_destruction(command: DestroyDoses) -> None:
    check_day(command.destroyed_on)
    lots = [lot_id for lot_id, _ in command.lots]
    if not lots or len(set(lots)) < len(lots):
        raise NothingToDestroy
    nameless = command.reason is WasteReason.OTHER and not command.note.strip()
    if command.reason not in WHY_DESTROYED or nameless:
        raise NoReasonToDestroy
    if db.session.scalar(select(Minutes.id).where(Minutes.number == command.number).limit(1)):
        raise MinutesNumberTaken
