"""What phones and desks tell the stock: doses given and taken back, doses spoilt, temperatures."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sijinak.areas.queries import region_of_all
from sijinak.core import bulk
from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.stock.books import (
    add_to_holdings,
    check_doses,
    hold,
    take_out,
    write_move,
)
from sijinak.vaccinations.stock.commands import (
    NoteTemperature,
    NoteWaste,
    Short,
    UnknownLot,
    Use,
)
from sijinak.vaccinations.stock.models import ColdReading, DoseMove, Lot, MoveKind
from sijinak.vaccinations.stock.queries import (
    Place,
    limits_inside,
    store_to_change,
    who_is_told,
)

AT_ONCE = 500


def note_use(uses: Sequence[Use]) -> list[Short]:
    """Doses left the officers' bags. Never refused; the answer is whose books do not hold that.

    Inside a transaction whose acts are written already, or about to be.
    """
    found = _change_bags(uses, MoveKind.USED, sign=-1)
    return [Short(lot_id, officer_id, doses) for lot_id, officer_id, doses in found if doses < 0]


def take_back_use(uses: Sequence[Use], *, note: str = "") -> None:
    """What was recorded as given was not: the doses are in the bag again."""
    _change_bags(uses, MoveKind.COUNTED, sign=1, note=note)


def note_waste(command: NoteWaste, *, by: Actor) -> DoseMove:
    """From one's own bag never refused for what the books say; a finding tells of that.

    Raises NotThatManyDoses, UnknownLot, NotEnoughDoses (of a store).
    """
    place, region = _own_or_store(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(DoseMove, command.id)
    check_doses(command.doses)
    at = _moment(command.at)
    lot = db.session.get(Lot, command.lot_id)
    if lot is None:
        raise UnknownLot
    move = write_move(
        MoveKind.WASTED, by=by, id=command.id, lot_id=lot.id, doses=command.doses, region=region,
        from_holding_id=_lose(command, place, region, by=by), reason=command.reason,
        note=command.note, moved_on=local(at).date(),
    )  # fmt: skip
    events.record(
        "vaccine.wasted", lot, by=by, region=region, doses=command.doses, reason=command.reason,
        move=str(move.id),
    )  # fmt: skip
    return move


def note_temperature(command: NoteTemperature, *, by: Actor) -> ColdReading:
    """Outside the limits of what is inside, an event says who was told."""
    place, region = _own_or_store(command.store_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(ColdReading, command.id)
    return write_reading(command, place, region, by=by)


def write_reading(command: NoteTemperature, place: Place, region: str, *, by: Actor) -> ColdReading:
    """For callers that have asked who may."""
    reading = ColdReading(
        id=command.id, store_id=place.store_id, officer_id=place.officer_id,
        tenths=command.tenths, read_at=_moment(command.at), note=command.note, region=region,
        by_id=by.id, by_name=by.name, recorded_at=now(),
    )  # fmt: skip
    db.session.add(reading)
    limits = limits_inside(place)
    if limits.allow(command.tenths):
        events.record("cold.read", reading, by=by, region=region, tenths=command.tenths)
    else:
        events.record(
            "cold.out-of-range", reading, by=by, region=region, tenths=command.tenths,
            coldest=limits.coldest, warmest=limits.warmest, told=who_is_told(region),
        )  # fmt: skip
    return reading


def _change_bags(
    uses: Sequence[Use], kind: MoveKind, *, sign: int, note: str = ""
) -> list[tuple[UUID, UUID, int]]:
    """Each bag with the lot in it and what the books hold now."""
    db.session.flush()  # the acts are written before moves point to them
    sums: Counter[tuple[UUID, UUID]] = Counter()
    for use in uses:
        sums[use.lot_id, use.officer_id] += use.doses
    changes = [
        (lot_id, Place(officer_id=officer_id), sign * doses)
        for (lot_id, officer_id), doses in sorted(sums.items())
    ]
    rows = [
        row
        for start in range(0, len(changes), AT_ONCE)
        for row in add_to_holdings(changes[start : start + AT_ONCE])
    ]
    holdings = {(row.lot_id, row.officer_id): row.id for row in rows}
    if uses:
        _write_moves(uses, kind, holdings, note)
    return [(row.lot_id, row.officer_id, row.doses) for row in rows]


def _write_moves(
    uses: Sequence[Use], kind: MoveKind, holdings: dict[tuple[UUID, UUID], UUID], note: str
) -> None:
    where = [holdings[use.lot_id, use.officer_id] for use in uses]
    nowhere = [None] * len(uses)
    out = kind is MoveKind.USED
    every = {"kind": kind, "note": note, "paper": "", "recorded_at": now()}
    bulk.insert(
        DoseMove,
        {
            "id": [uuid7() for _ in uses],
            "lot_id": [use.lot_id for use in uses],
            "from_holding_id": where if out else nowhere,
            "to_holding_id": nowhere if out else where,
            "doses": [use.doses for use in uses],
            "act_id": [use.act_id for use in uses],
            "region": [use.region for use in uses],
            "moved_on": [use.used_on for use in uses],
            "by_id": [use.officer_id for use in uses],
            "by_name": [use.officer_name for use in uses],
            **{name: [value] * len(uses) for name, value in every.items()},
        },
    )


def _own_or_store(store_id: UUID | None, *, by: Actor) -> tuple[Place, str]:
    """Raises Forbidden, or NotFound for a store out of reach."""
    if store_id is not None:
        store = store_to_change(store_id, by=by)
        return Place(store_id=store.id), store.region
    require(by, Permission.VACCINATION_RECORD)
    reached = {reach.region for reach in by.reaches(Permission.VACCINATION_RECORD)}
    return Place(officer_id=by.id), region_of_all(reached)


def _moment(at: datetime | None) -> datetime:
    """A phone whose clock runs ahead is not refused."""
    return min(at or now(), now())


def _lose(command: NoteWaste, place: Place, region: str, *, by: Actor) -> UUID:
    """The holding that has fewer now."""
    if place.store_id is not None:
        return take_out(command.lot_id, place, command.doses)
    hold(command.lot_id, place)
    row = add_to_holdings([(command.lot_id, place, -command.doses)])[0]
    if row.doses < 0:
        short = Raised(
            kind=FindingKind.STOCK_SHORT, subject_id=command.id, officer_id=by.id,
            officer_name=by.name, region=region,
            facts={"lot": str(command.lot_id), "doses": row.doses},
        )  # fmt: skip
        raise_findings([short])
    holding_id: UUID = row.id
    return holding_id
