"""Doses and findings for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct
from tests.factories import LUNYUK_REA
from tests.vaccinations.factories import doses, vaccinate


def raised(officer: Actor, kind: FindingKind = FindingKind.TOO_FAST, **fields: Any) -> Finding:
    """Committed."""
    usual: dict[str, Any] = {"subject_id": uuid7(), "region": LUNYUK_REA}
    who = {"officer_id": officer.id, "officer_name": officer.name}
    one = Raised(kind=kind, **{**usual, **who, **fields})
    with transaction():
        raise_findings([one])
    asked = select(Finding).where(Finding.kind == kind, Finding.subject_id == one.subject_id)
    return db.session.scalars(asked).one()


def given_twice(animal: Animal, first: Actor, second: Actor) -> tuple[list[UUID], Finding]:
    """The ids of two doses of one day, and what was raised about the second."""
    for officer, minutes in ((first, 9), (second, 3)):
        vaccinate(doses([animal.id], given_at=now() - timedelta(minutes=minutes)), by=officer)
    asked = select(Vaccination).order_by(Vaccination.given_at)
    one, other = db.session.scalars(asked.where(Vaccination.animal_id == animal.id)).all()
    found = select(Finding).where(
        Finding.kind == FindingKind.DOUBLE, Finding.subject_id == other.id
    )
    finding = db.session.scalar(found)
    if finding is None:
        finding = raised(
            second,
            FindingKind.DOUBLE,
            subject_id=other.id,
            animal_id=animal.id,
            act_id=other.act_id,
        )
    return [one.id, other.id], finding


def standings(dose_ids: list[UUID]) -> list[Standing]:
    db.session.rollback()
    return [
        db.session.get_one(Vaccination, one, populate_existing=True).standing for one in dose_ids
    ]


def act_of(dose_id: UUID) -> VaccinationAct:
    dose = db.session.get_one(Vaccination, dose_id)
    return db.session.get_one(VaccinationAct, dose.act_id)
