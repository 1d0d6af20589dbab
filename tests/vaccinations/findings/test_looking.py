"""After doses arrive from a phone, the officer's whole day is looked at."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.vaccinations.findings.jobs import look_at_doses
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.models import ReadBy, Vaccination, VaccinationAct
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_REA, actor_for
from tests.vaccinations.factories import doses, vaccinate

HOME, FAR = (-8.95, 117.21), (-8.49, 117.42)


def from_phones(act: VaccinationAct, position: tuple[float, float], typed: int = 0) -> None:
    """As if scanned one by one, a minute each."""
    ids = db.session.scalars(select(Vaccination.id).where(Vaccination.act_id == act.id)).all()
    with transaction():
        for n, one in enumerate(ids):
            db.session.execute(
                update(Vaccination).where(Vaccination.id == one).values(
                    latitude=position[0], longitude=position[1], accuracy_m=10.0,
                    given_at=act.given_at - timedelta(minutes=n),
                    read_by=ReadBy.TYPED if n < typed else ReadBy.SCAN,
                )
            )  # fmt: skip


def look(act: VaccinationAct) -> list[tuple[FindingKind, dict[str, object]]]:
    event = db.session.scalars(select(Event).where(Event.subject_id == act.id)).first()
    assert event
    for _ in range(2):  # a handler bears being called twice
        look_at_doses(event)
    found = db.session.scalars(select(Finding).order_by(Finding.kind)).all()
    return [(one.kind, one.facts) for one in found]


def test_a_round_typed_in_town(context: Flask):
    keeper, vet = make_keeper(), actor_for(Role.VET, LUNYUK)
    known = vaccinate(doses([make_animal(keeper)[0].id for _ in range(6)]), by=vet)
    from_phones(known, HOME)
    assert look(known) == []  # alone they are no measure of themselves
    other = actor_for(Role.VET, LUNYUK)
    herd = [make_animal(keeper)[0].id for _ in range(10)]
    ghost = vaccinate(doses(herd, given_at=now() - timedelta(hours=3)), by=other)
    from_phones(ghost, FAR, typed=8)
    assert look(ghost) == [
        (FindingKind.ELSEWHERE, {"km": 56, "village": LUNYUK_REA}),
        (FindingKind.ONLY_TYPED, {"typed": 8, "of": 10}),
    ]
    (finding, _) = db.session.scalars(select(Finding)).all()
    assert (finding.officer_id, finding.act_id) == (other.id, ghost.id)


def test_what_was_recorded_at_a_desk_has_no_minutes(context: Flask):
    keeper = make_keeper()
    act = vaccinate(doses([make_animal(keeper)[0].id for _ in range(40)]))
    assert look(act) == []
