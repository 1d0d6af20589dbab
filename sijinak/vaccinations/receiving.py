"""Doses that phones bring: many at once, in few statements, and none is ever refused.

A dose that cannot be given to an animal in the register is answered with the reason: a person
decides about it. Everything else is recorded, and what is remarkable becomes a finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sijinak.areas.queries import places
from sijinak.core import bulk
from sijinak.core.clock import local, now
from sijinak.core.events import About, events
from sijinak.core.ids import dated
from sijinak.core.permissions import Actor, Permission, may
from sijinak.vaccinations.looking import (
    Labels,
    Patient,
    Patients,
    days_given,
    known_campaigns,
    labels,
    patients,
)
from sijinak.vaccinations.models import Disease, ReadBy, Standing, VaccinationAct
from sijinak.vaccinations.remarks import Given, Lots, Officer, lots_of, note_doses
from sijinak.vaccinations.stock.queries import lot_number
from sijinak.vaccinations.writing import write_doses

UNKNOWN_TAG = "unknown-tag"
UNKNOWN_PRODUCT = "unknown-product"
OUT_OF_REACH = "out-of-reach"


@dataclass(frozen=True, slots=True)
class Dose:
    """A phone's word that an animal got a dose. ``given_at`` is a moment that can be."""

    id: UUID
    round_id: UUID
    code: str
    product_id: UUID
    lot: str
    campaign_id: UUID | None
    village: str
    given_at: datetime
    read_by: ReadBy
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A dose with the animal that got it."""

    dose: Dose
    animal: Patient
    day: date
    act_id: UUID


def receive_doses(doses: Sequence[Dose], *, device_id: UUID, by: Actor) -> dict[UUID, str]:
    """Write them down; the answer says for each id why a person must decide, or nothing.

    Sent twice, written once. Inside a transaction; ``by`` is the vaccinator.
    """
    found = patients(dose.code for dose in doses)
    known = labels({dose.product_id for dose in doses})
    reasons = {dose.id: _hindrance(dose, found, known, by) for dose in doses}
    ready = [dose for dose in doses if not reasons[dose.id]]
    if ready:
        _record(_placed(ready, found, device_id), known, by)
    return reasons


def act_id_of(device_id: UUID, dose: Any, day: date) -> UUID:
    """All records of one round, vaccine, village and day are of one act, in whatever order.

    It sorts by its day among the acts of the desk: lists go by id.
    """
    lot = lot_number(dose.lot)
    parts = (dose.round_id, dose.product_id, lot, dose.village, dose.campaign_id, day)
    return dated(day, uuid5(device_id, "|".join(map(str, parts))))


def _hindrance(dose: Dose, found: Patients, known: Labels, by: Actor) -> str:
    animal = found.get(dose.code)
    if animal is None:
        return UNKNOWN_TAG
    if dose.product_id not in known:
        return UNKNOWN_PRODUCT
    both = {animal.village, dose.village}
    reached = all(may(by, Permission.VACCINATION_RECORD, region=place) for place in both)
    return "" if reached and dose.village in places() else OUT_OF_REACH


def _placed(doses: Iterable[Dose], found: Patients, device_id: UUID) -> list[_Placed]:
    """In the order of animals, so that two phones at the same animals never wait in a ring."""
    acts: dict[tuple[Any, ...], UUID] = {}
    placed = []
    for dose in doses:
        day = local(dose.given_at).date()
        key = (dose.round_id, dose.product_id, dose.lot, dose.village, dose.campaign_id, day)
        if key not in acts:
            acts[key] = act_id_of(device_id, dose, day)
        placed.append(_Placed(dose, found[dose.code], day, acts[key]))
    return sorted(placed, key=lambda one: one.animal.id)


def _record(placed: Sequence[_Placed], known: Labels, by: Actor) -> None:
    officer = Officer(by.id, by.name)
    lots = lots_of([(one.dose.product_id, one.dose.lot) for one in placed])
    _write_acts(placed, lots, officer)
    written = _write_doses(placed, known)
    given = [
        Given(one.dose.id, one.act_id, one.animal, known[one.dose.product_id], one.dose.lot,
              one.dose.village, one.day, written[one.dose.id])
        for one in placed
        if one.dose.id in written
    ]  # fmt: skip
    note_doses(given, lots, officer)
    _tell(given, by)


def _write_acts(placed: Sequence[_Placed], lots: Lots, officer: Officer) -> None:
    firsts = {one.act_id: one for one in sorted(placed, key=_given_at, reverse=True)}
    named_campaigns = {one.dose.campaign_id for one in placed if one.dose.campaign_id}
    campaigns = known_campaigns(named_campaigns)
    rows = sorted(firsts.items())
    doses = [one.dose for _, one in rows]
    named = [lots.get((dose.product_id, dose.lot)) for dose in doses]
    bulk.insert_new(
        VaccinationAct,
        {
            "id": [act_id for act_id, _ in rows],
            "product_id": [dose.product_id for dose in doses],
            "lot": [dose.lot for dose in doses],
            "lot_id": [lot and lot.id for lot in named],
            "campaign_id": [d.campaign_id if d.campaign_id in campaigns else None for d in doses],
            "given_at": [dose.given_at for dose in doses],
            "given_on": [one.day for _, one in rows],
            "region": [dose.village for dose in doses],
            "vaccinator_id": [officer.id] * len(rows),
            "vaccinator_name": [officer.name] * len(rows),
            "note": [dose.note for dose in doses],
            "recorded_at": [now()] * len(rows),
        },
    )


def _write_doses(placed: Sequence[_Placed], known: Labels) -> dict[UUID, bool]:
    """Which ones are new, and whether they are doubles."""
    animals = {one.animal.id for one in placed}
    days = days_given(animals, {known[one.dose.product_id].disease for one in placed})
    return write_doses([_row(one, known, days) for one in placed])


def _row(
    one: _Placed, known: Labels, days: Mapping[tuple[UUID, Disease], set[date]]
) -> dict[str, Any]:
    dose, label = one.dose, known[one.dose.product_id]
    given = days.get((one.animal.id, label.disease), set())
    is_first = all(day >= one.day for day in given)
    return {
        "id": dose.id,
        "act_id": one.act_id,
        "animal_id": one.animal.id,
        "disease": label.disease,
        "village": dose.village,
        "given_at": dose.given_at,
        "given_on": one.day,
        "next_due": label.next_due(one.day, is_first=is_first),
        "standing": Standing.DOUBLE if one.day in given else Standing.COUNTS,
        "read_by": dose.read_by,
        "latitude": dose.latitude,
        "longitude": dose.longitude,
        "accuracy_m": dose.accuracy_m,
    }


def _tell(given: Sequence[Given], by: Actor) -> None:
    acts: dict[UUID, list[Given]] = {}
    for one in given:
        acts.setdefault(one.act_id, []).append(one)
    told = [
        About(
            VaccinationAct.__tablename__,
            act_id,
            some[0].region,
            {"animals": len(some), "doubles": sum(one.is_double for one in some)},
        )
        for act_id, some in acts.items()
    ]
    events.record_all("vaccination.received", told, by=by)


def _given_at(one: _Placed) -> datetime:
    return one.dose.given_at
