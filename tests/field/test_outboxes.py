"""S26: a thousand outboxes with lies in them. All are found, and nothing is dropped."""

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from sijinak.accounts.models import Appointment, Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.field.door import bring
from sijinak.field.models import Device, FieldRecord, Review, Way
from sijinak.field.phones import phone_by_id
from sijinak.field.wire import Sent
from sijinak.vaccinations.findings.models import Finding
from tests.factories import LUNYUK, make_user
from tests.field.doors import some_tags, vaccine
from tests.field.outbox import Outbox, Record, changed

RECORDS, TAGS = 4, 40
REVIEWED = {"revoked", "moved", "flipped"}

Lie = Callable[[Outbox, Random], list[Record]]


def _honest(box: Outbox, _: Random) -> list[Record]:
    return box.records


def _edited(box: Outbox, random: Random) -> list[Record]:
    """Another lot, and a hash that fits it: the next record does not follow it any more."""
    place = random.randrange(RECORDS - 1)
    said = json.loads(box.records[place]["body"])["data"]
    lie = changed(box.records[place], data={**said, "lot": "PALSU"})
    return [*box.records[:place], lie, *box.records[place + 1 :]]


def _flipped(box: Outbox, random: Random) -> list[Record]:
    """Another body under the old hash."""
    place = random.randrange(RECORDS)
    lie = {**box.records[place], "body": box.records[place]["body"].replace("L-2611", "L-1")}
    return [*box.records[:place], lie, *box.records[place + 1 :]]


def _reordered(box: Outbox, random: Random) -> list[Record]:
    """Two records change places, with numbers and hashes made anew for them alone."""
    place = random.randrange(RECORDS - 1)
    records = list(box.records)
    one, two = records[place], records[place + 1]
    records[place] = changed({**two, "seq": one["seq"], "prev": one["prev"]}, seq=one["seq"])
    records[place + 1] = changed({**one, "seq": two["seq"], "prev": two["prev"]}, seq=two["seq"])
    return records


def _gapped(box: Outbox, random: Random) -> list[Record]:
    gone = random.randrange(RECORDS - 1)
    return [one for place, one in enumerate(box.records) if place != gone]


def _jumped(box: Outbox, random: Random) -> list[Record]:
    """The clock goes back within the outbox, and all hashes are made anew."""
    return _remade(box, random.randrange(1, RECORDS), -timedelta(minutes=random.randrange(5, 900)))


def _ahead(box: Outbox, random: Random) -> list[Record]:
    return _remade(box, random.randrange(RECORDS), timedelta(minutes=random.randrange(15, 900)))


def _back_dated(box: Outbox, random: Random) -> list[Record]:
    return _remade(box, random.randrange(RECORDS), -timedelta(days=random.randrange(32, 400)))


def _remade(box: Outbox, place: int, by: timedelta) -> list[Record]:
    again = Outbox(box.device, box.author)
    for number, record in enumerate(box.records):
        data = json.loads(record["body"])["data"]
        at = now() - timedelta(minutes=2)
        again.add("vaccination", data, at=at + by if number == place else at)
    return again.records


LIES: dict[str, Lie] = {
    "honest": _honest, "edited": _edited, "flipped": _flipped, "reordered": _reordered,
    "gapped": _gapped, "jumped": _jumped, "ahead": _ahead, "back-dated": _back_dated,
    "revoked": _honest, "moved": _honest,
}  # fmt: skip


def _sent(record: Record) -> Sent:
    return Sent(UUID(record["id"]), record["seq"], record["prev"], record["hash"], record["body"])


def _phones(kinds: list[str]) -> list[UUID]:
    """Enrolled by officers of Lunyuk; some lose their phone or their place."""
    here, elsewhere = _officers()
    rows = [
        Device(
            user_id=elsewhere if kind == "moved" else here, name="", platform="",
            token_digest=uuid7().bytes, public_key=b"", recovery="", enrolled_at=now(),
            expires_at=now() + timedelta(days=1), seen_at=now(),
            revoked_at=now() if kind == "revoked" else None,
        )
        for kind in kinds
    ]  # fmt: skip
    with transaction():
        db.session.add_all(rows)
    return [row.id for row in rows]


def _officers() -> tuple[UUID, UUID]:
    here, elsewhere = make_user(Role.VET, LUNYUK), make_user(Role.VET, LUNYUK)
    with transaction():
        moved = update(Appointment).where(Appointment.user_id == elsewhere.id)
        db.session.execute(moved.values(region="52.04.05"))
    return here.id, elsewhere.id


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_lie_is_found_and_every_record_is_kept(app: Flask, count: int):
    random = Random(26)  # noqa: S311 - no secret
    tags, lumpyvac = some_tags(app, TAGS), vaccine(app)
    kinds = [list(LIES)[number % len(LIES)] for number in range(count)]
    sent: dict[UUID, set[str]] = {}
    with app.app_context():
        devices = _phones(kinds)
        for device, kind in zip(devices, kinds, strict=True):
            phone = phone_by_id(device)
            assert phone
            box = Outbox(device, phone.officer.id)
            for tag in random.sample(tags, RECORDS):
                box.vaccinate(tag, lumpyvac)
            records = LIES[kind](box, random)
            sent[device] = {one["body"] for one in records}
            random.shuffle(records)
            bring([_sent(one) for one in records], phone, way=Way.SYNC, sent_at=now())
        _nothing_is_dropped(sent)
        _all_is_found(devices, kinds)


def _nothing_is_dropped(sent: dict[UUID, set[str]]) -> None:
    kept: dict[UUID, set[str]] = {}
    for record in db.session.scalars(select(FieldRecord)):
        kept.setdefault(record.device_id, set()).add(record.body)
    assert kept == sent


def _all_is_found(devices: list[UUID], kinds: list[str]) -> None:
    strange = select(FieldRecord.device_id).join(Finding, Finding.subject_id == FieldRecord.id)
    strange = strange.where(Finding.kind.in_(["chain", "clock", "late"]))
    waiting = select(FieldRecord.device_id).join(Review, Review.record_id == FieldRecord.id)
    found = set(db.session.scalars(strange))
    waits = set(db.session.scalars(waiting))
    gaps = {row.id for row in db.session.scalars(select(Device)) if row.gaps}
    for device, kind in zip(devices, kinds, strict=True):
        flagged = {
            "found": device in found, "waits": device in waits, "gaps": device in gaps,
        }  # fmt: skip
        assert any(flagged.values()) == (kind != "honest"), (kind, flagged)
        assert flagged["waits"] == (kind in REVIEWED), (kind, flagged)
