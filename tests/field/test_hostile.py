"""What is sent to do harm: no 500, no stopped queue, and nobody decides about their own."""

import json
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from sijinak.accounts.models import Role, User
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.field.importing import bring_file
from sijinak.field.models import Review
from sijinak.field.reviewing import OwnReview, TakeInRecord, count_open, take_in_record
from tests.factories import LUNYUK, LUNYUK_REA, actor_for, signed_in
from tests.field.doors import (
    doses,
    findings,
    open_reviews,
    phone_with_outbox,
    send,
    some_tags,
    vaccine,
    verdicts,
)
from tests.field.outbox import Outbox, changed, sealed
from tests.field.phones import officer

UNKNOWN = {"text": "x", "why": "not-known", "village": LUNYUK_REA}
NESTED = "[" * 50_000 + "]" * 50_000


def _written(box: Outbox, **fields: Any) -> str:
    at = fields.pop("at", None)
    text = str(box.add("unknown", UNKNOWN)["body"])
    return json.dumps({**json.loads(text), "at": at}) if at else text


@pytest.mark.parametrize(
    "change",
    [
        ("at", "0001-01-01T00:00:00+08:00"),
        ("at", "0001-01-01T00:00:00Z"),
        ("at", "9999-12-31T23:59:59-08:00"),
        ('"x"', NESTED),
        ('"unknown"', f'"mystery", "zz": {NESTED}'),
        ('"why"', '"a\\u0000b"'),
    ],
    ids=lambda change: change[1][:12],
)
def test_no_record_stops_the_queue(app: Flask, change: tuple[str, str]):
    app.testing = False  # a 500 is a 500
    phone, box = phone_with_outbox(app)
    old, new = change
    text = _written(box, at=new) if old == "at" else _written(box).replace(old, new, 1)
    first = box.records[0]
    bad = sealed(first["id"], 1, first["prev"], text)
    said = phone.ask("/sync", method="POST", json=box.batch([bad]))
    assert (said.status_code, said.json["records"][0]["verdict"]) == (200, "rejected")  # type: ignore[index]
    box.last = bad["hash"]
    for _ in range(2):
        box.add("unknown", UNKNOWN)
    assert verdicts(send(phone, box.batch(box.records[1:]))) == ["unknown-text"] * 2


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_an_impossible_moment_of_sending_is_refused(app: Flask, sent_at: str):
    app.testing = False
    phone, box = phone_with_outbox(app)
    _written(box)
    said = phone.ask("/sync", method="POST", json=box.batch(sent_at=sent_at))
    assert said.status_code == 422


def test_a_record_that_cannot_be_read_has_a_page(app: Flask):
    app.testing = False
    phone, box = phone_with_outbox(app)
    first = {**box.add("unknown", UNKNOWN), "body": _written(box).replace('"x"', NESTED)}
    assert verdicts(send(phone, box.batch([first]))) == ["altered"]
    kabid = signed_in(app, officer(app, Role.KABID, "52.04"))
    (review,) = open_reviews(app)
    assert kabid.get(f"/lapangan/kantor/periksa/{review}").status_code == 200


def test_a_village_that_is_none_counts_nowhere(app: Flask):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    box.vaccinate(tag, lumpyvac, village=f"{LUNYUK}.9999")
    box.add("unknown", {**UNKNOWN, "village": "99.99.99.9999"})
    heads = box.dose("", lumpyvac, village=f"{LUNYUK}.9999", keeper=None, species="cattle", heads=9)
    box.add("heads", {name: said for name, said in heads.items() if name not in {"code", "read"}})
    said = send(phone, box.batch())
    assert verdicts(said) == ["out-of-reach", "unknown-text", "out-of-reach"]
    assert doses(app) == []
    with app.app_context():
        assert set(db.session.scalars(select(Review.region))) == {LUNYUK}


def test_a_dose_that_names_another_kecamatan_is_told(app: Flask):
    phone, box = phone_with_outbox(app, region="52.04")
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    dose = box.vaccinate(tag, lumpyvac, village="52.04.05.2001")
    assert verdicts(send(phone, box.batch())) == ["accepted"]
    assert findings(app)[dose["id"]] == {"elsewhere"}


def test_more_heads_than_hands_can_do_are_told(app: Flask):
    phone, box = phone_with_outbox(app)
    said = box.dose("", vaccine(app), keeper=None, species="cattle")
    usual = {name: value for name, value in said.items() if name not in {"code", "read"}}
    few, many = (box.add("heads", {**usual, "heads": count}) for count in (500, 1))
    assert verdicts(send(phone, box.batch())) == ["accepted"] * 2
    assert findings(app) == {many["id"]: {"too-fast"}}
    assert few["id"] not in findings(app)


def test_nobody_decides_about_what_their_own_phone_sent_in_another_name(app: Flask):
    head = officer(app, Role.UPT_HEAD)
    phone, box = phone_with_outbox(app, Role.UPT_HEAD)
    with app.app_context():
        with transaction():
            db.session.execute(update(User).where(User.id == box.author).values(name="Kepala UPT"))
        victim = actor_for(Role.VET, LUNYUK)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    forged = changed(box.vaccinate(tag, lumpyvac), author=str(victim.id))
    assert verdicts(send(phone, box.batch([forged]))) == ["other-author"]
    (review,) = open_reviews(app)
    with app.app_context():
        maker, other = _actor(box.author), _actor(head.id)
        with pytest.raises(OwnReview), transaction():
            take_in_record(TakeInRecord(review_id=review), by=maker)
        with transaction():
            take_in_record(TakeInRecord(review_id=review), by=other)
    assert doses(app) == ["counts"]


def test_nobody_decides_about_a_file_that_they_brought(app: Flask):
    victims, box = phone_with_outbox(app)
    head, other = officer(app, Role.UPT_HEAD), officer(app, Role.UPT_HEAD)
    tags, lumpyvac = some_tags(app, 2), vaccine(app)
    stranger = Outbox(uuid7(), box.author)
    for place, tag in zip((box, stranger), tags, strict=True):
        place.vaccinate(tag, lumpyvac)
    with app.app_context():
        for device, records in ((victims.id, box.records), (stranger.device, stranger.records)):
            bring_file(_file(device, box.author, records), by=_actor(head.id))
    for review in open_reviews(app):
        with app.app_context():
            bringer, second = _actor(head.id), _actor(other.id)
            with pytest.raises(OwnReview), transaction():
                take_in_record(TakeInRecord(review_id=review), by=bringer)
            with transaction():
                take_in_record(TakeInRecord(review_id=review), by=second)
    page = signed_in(app, head).get(f"/lapangan/kantor/periksa/{review}")
    assert page.status_code == 200
    assert doses(app) == ["counts"] * 2


def test_what_comes_from_a_closed_account_is_seen_by_its_office(app: Flask):
    phone, box = phone_with_outbox(app)
    box.add("temperature", {"tenths": 45})
    with app.app_context(), transaction():
        db.session.execute(update(User).where(User.id == box.author).values(is_active=False))
    assert verdicts(send(phone, box.batch())) == ["account-closed"]
    with app.app_context():
        assert count_open(by=actor_for(Role.KABID, "52.04")) == 1


def _file(device: UUID, author: UUID, records: list[dict[str, Any]]) -> bytes:
    made = {"format": "sijinak-field-export", "v": 1, "exported_at": now().isoformat()}
    who = {"device": str(device), "author": str(author)}
    return json.dumps({**made, **who, "records": records}).encode()


def _actor(user_id: UUID) -> Any:
    """Somebody who exists, with the rights of a head of an UPT in Lunyuk."""
    made = actor_for(Role.UPT_HEAD, LUNYUK)
    return type("Somebody", (), {"id": user_id, "name": "Kepala", "reaches": made.reaches})()
