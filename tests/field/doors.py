"""What tests of the door do again and again."""

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db
from sijinak.field.door import bring
from sijinak.field.models import Device, FieldRecord, Review, Way
from sijinak.field.phones import phone_by_id
from sijinak.field.wire import Sent
from sijinak.vaccinations.findings.models import Finding
from sijinak.vaccinations.models import Vaccination
from tests.animals.factories import make_animal
from tests.factories import LUNYUK
from tests.field.outbox import Outbox
from tests.field.phones import Handset, handset, make_device, officer
from tests.vaccinations.factories import product


def phone_with_outbox(
    app: Flask, role: Role = Role.VET, region: str = LUNYUK
) -> tuple[Handset, Outbox]:
    user = officer(app, role, region)
    phone = handset(app, user)
    return phone, Outbox(phone.id, user.id)


def some_tags(app: Flask, count: int = 1, **fields: Any) -> list[str]:
    with app.app_context():
        return [make_animal(**fields)[1] for _ in range(count)]


def vaccine(app: Flask, code: str = "lumpyvac") -> UUID:
    with app.app_context():
        return product(code).id


def send(phone: Handset, batch: dict[str, Any]) -> dict[str, Any]:
    answer = phone.ask("/sync", method="POST", json=batch)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json  # type: ignore[assignment]
    return said


def verdicts(said: dict[str, Any]) -> list[str]:
    """The verdict, or why a person decides."""
    return [one["review"] or one["verdict"] for one in said["records"]]


def doses(app: Flask) -> list[str]:
    """The standings of all doses in the order of their ids."""
    with app.app_context():
        return [
            str(row) for row in db.session.scalars(
                select(Vaccination.standing).order_by(Vaccination.id)
            )
        ]  # fmt: skip


def findings(app: Flask) -> dict[str, set[str]]:
    """The kinds that were raised about each subject."""
    found: dict[str, set[str]] = {}
    with app.app_context():
        for one in db.session.scalars(select(Finding)):
            found.setdefault(str(one.subject_id), set()).add(str(one.kind))
    return found


def kept(app: Flask) -> list[FieldRecord]:
    with app.app_context():
        return list(db.session.scalars(select(FieldRecord).order_by(FieldRecord.seq)))


def open_reviews(app: Flask) -> list[UUID]:
    with app.app_context():
        asked = select(Review.id).where(Review.decided_at.is_(None))
        return list(db.session.scalars(asked.order_by(Review.id)))


def reasons(app: Flask) -> list[str]:
    """Why records wait."""
    with app.app_context():
        asked = select(Review.reason).where(Review.decided_at.is_(None))
        return list(db.session.scalars(asked.order_by(Review.id)))


def device_row(app: Flask, phone: Handset) -> Device:
    with app.app_context():
        return db.session.get_one(Device, phone.id)


def make_review() -> Review:
    """A record of a vet of Lunyuk Rea that waits, committed. Inside the app's context."""
    device = make_device()
    box = Outbox(device.id, device.user_id)
    sent = box.vaccinate("7K3M9QX45J", product().id, note="Catatan rahasia")
    phone = phone_by_id(device.id)
    assert phone
    record = Sent(UUID(sent["id"]), sent["seq"], sent["prev"], sent["hash"], sent["body"])
    bring([record], phone, way=Way.SYNC)
    return db.session.scalars(select(Review).where(Review.record_id == record.id)).one()
