"""Doses that arrived are looked at: what they tell of each other becomes findings."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import select

from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.tags.watching import KECAMATAN, Limits
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.findings.signals import (
    MOST_ACCURACY_M,
    Bounds,
    Dose,
    Middle,
    Signal,
    middle_of,
    signals_of,
)
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct
from sijinak.web.settings import settings

MOST_KNOWN = 500  # positions of a kecamatan: the newest say where people work now
A_DAY = timedelta(days=1)


def look_at_doses(event: Event) -> None:
    """All of the officer's doses of that day again: each batch may complete the picture."""
    with transaction():
        act = db.session.get_one(VaccinationAct, event.subject_id)
        acts, doses = _of_the_day(act)
        middles = _middles({dose.village for dose in doses}, act)
        found = signals_of(doses, middles, _bounds())
        raise_findings([_raised(signal, acts[signal.act_id]) for signal in found])


def _of_the_day(
    act: VaccinationAct,
) -> tuple[dict[object, VaccinationAct], list[Dose]]:
    """With the day before and after: work at midnight is no gap."""
    asked = (
        select(Vaccination, VaccinationAct)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .where(
            VaccinationAct.vaccinator_id == act.vaccinator_id,
            VaccinationAct.given_on.between(act.given_on - A_DAY, act.given_on + A_DAY),
            Vaccination.read_by.is_not(None),
            Vaccination.standing != Standing.WITHDRAWN,
        )
    )
    rows = db.session.execute(asked).all()
    return {one.id: one for _dose, one in rows}, [_dose(dose) for dose, _act in rows]


def _dose(row: Vaccination) -> Dose:
    assert row.read_by is not None  # noqa: S101 - the question asked for phones only
    return Dose(
        act_id=row.act_id,
        seen_at=row.given_at,
        village=row.village,
        read_by=row.read_by,
        latitude=row.latitude,
        longitude=row.longitude,
        accuracy_m=row.accuracy_m,
    )


def _middles(villages: Collection[str], act: VaccinationAct) -> dict[str, Middle]:
    """From what others gave there, or this officer on other days."""
    found: dict[str, Middle | None] = {}
    for kecamatan in {village[:KECAMATAN] for village in villages}:
        by_village: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for village, latitude, longitude in _positions(kecamatan, act):
            by_village[village].append((latitude, longitude))
            by_village[kecamatan].append((latitude, longitude))
        found.update({place: middle_of(place, known) for place, known in by_village.items()})
    return {place: middle for place, middle in found.items() if middle is not None}


def _positions(kecamatan: str, act: VaccinationAct) -> Iterable[tuple[str, float, float]]:
    days = VaccinationAct.given_on.between(act.given_on - A_DAY, act.given_on + A_DAY)
    asked = (
        select(Vaccination.village, Vaccination.latitude, Vaccination.longitude)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .where(
            Vaccination.village.between(kecamatan, kecamatan + "/"),
            Vaccination.latitude.is_not(None),
            Vaccination.longitude.is_not(None),
            Vaccination.accuracy_m <= MOST_ACCURACY_M,
            ~((VaccinationAct.vaccinator_id == act.vaccinator_id) & days),
        )
        .order_by(Vaccination.given_on.desc())
        .limit(MOST_KNOWN)
    )
    return [(row[0], row[1] or 0.0, row[2] or 0.0) for row in db.session.execute(asked)]


def _bounds() -> Bounds:
    known = settings()
    return Bounds(
        fastest=known.vaccination_fastest,
        far_km=known.vaccination_far_km,
        typed_percent=known.vaccination_typed_percent,
        lorry=Limits(kmh=known.tag_speed_kmh, hours=known.tag_hours_apart),
    )


def _raised(signal: Signal, act: VaccinationAct) -> Raised:
    return Raised(
        kind=FindingKind(signal.kind),
        subject_id=act.id,
        act_id=act.id,
        officer_id=act.vaccinator_id,
        officer_name=act.vaccinator_name,
        region=act.region,
        facts=signal.facts,
    )
