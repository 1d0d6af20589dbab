"""The sync door: every record has a verdict, none is lost, none counts twice."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from sijinak.accounts.models import Appointment
from sijinak.animals.models import Animal, Identifier
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.field import carrying, inbox
from sijinak.field.jobs import note_where_codes_were_read
from sijinak.field.models import Device
from sijinak.tags.models import Sighting
from sijinak.vaccinations.models import Vaccination, VaccinationAct
from sijinak.vaccinations.receiving import receive_doses
from tests.animals.states import die
from tests.factories import LUNYUK_REA
from tests.field.doors import (
    device_row,
    doses,
    findings,
    kept,
    open_reviews,
    phone_with_outbox,
    send,
    some_tags,
    vaccine,
    verdicts,
)
from tests.field.outbox import changed, sealed


def test_doses_are_recorded_once_however_often_they_are_sent(app: Flask):
    phone, box = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 3), vaccine(app)
    for tag in tags:
        box.vaccinate(tag, lumpyvac)
    assert verdicts(send(phone, box.batch())) == ["accepted"] * 3
    assert verdicts(send(phone, box.batch())) == ["duplicate"] * 3
    assert doses(app) == ["counts"] * 3
    with app.app_context():
        assert len(db.session.scalars(select(VaccinationAct)).all()) == 1
        names = list(db.session.scalars(select(Event.name)))
    assert names.count("vaccination.received") == names.count("field.received") == 1


def test_the_dose_has_the_phones_hour_place_and_officer(app: Flask):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    yesterday = now() - timedelta(days=1)
    record = box.vaccinate(tag.lower(), lumpyvac, at=yesterday, read="typed", note="Kandang")
    send(phone, box.batch())
    with app.app_context():
        dose = db.session.scalars(select(Vaccination)).one()
        act = db.session.get_one(VaccinationAct, dose.act_id)
    assert str(dose.id) == record["id"]
    assert abs(dose.given_at - yesterday) < timedelta(seconds=1)
    assert (dose.latitude, dose.read_by, dose.village) == (-8.96, "typed", LUNYUK_REA)
    assert (act.vaccinator_id, act.lot, act.note) == (box.author, "L-2611", "Kandang")


def test_a_second_dose_on_one_day_is_kept_as_a_double_and_told(app: Flask):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    box.vaccinate(tag, lumpyvac)
    second = box.vaccinate(tag, lumpyvac)
    assert verdicts(send(phone, box.batch())) == ["accepted"] * 2
    assert doses(app) == ["counts", "double"]
    assert findings(app)[second["id"]] == {"double"}


def test_the_same_number_with_other_content_is_kept_beside_the_first(app: Flask):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    first = box.vaccinate(tag, lumpyvac)
    send(phone, box.batch())
    other = changed(first, data=box.dose(tag, lumpyvac, lot="OTHER"))
    for _ in range(2):
        said = send(phone, box.batch([other]))
        assert verdicts(said) == ["conflict"]
        assert said["records"][0]["receipt"]
    rows = kept(app)
    assert sorted(row.verdict for row in rows) == ["accepted", "conflict"]
    assert [str(row.claims_id) for row in rows if row.claims_id] == [first["id"]]
    assert doses(app) == ["counts"]


def test_an_altered_record_waits_and_the_true_one_is_not_lost(app: Flask):
    """The hash that a damaged record claims must not count as the true one's."""
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    true = box.vaccinate(tag, lumpyvac)
    damaged = {**true, "body": true["body"].replace("L-2611", "L-2612")}
    assert verdicts(send(phone, box.batch([damaged]))) == ["altered"]
    assert verdicts(send(phone, box.batch([true]))) == ["conflict"]
    assert {row.body for row in kept(app)} == {true["body"], damaged["body"]}
    assert doses(app) == []


@pytest.mark.parametrize(
    "body",
    ["", "null", "{}", "[1]", '{"id": 1}', "\0", '"' + "x" * 50, "{" * 5000],
)
def test_what_cannot_be_read_is_rejected_and_kept_and_harms_no_neighbour(app: Flask, body: str):
    phone, box = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 2), vaccine(app)
    first, last = box.vaccinate(tags[0], lumpyvac), box.vaccinate(tags[1], lumpyvac)
    broken = sealed(str(uuid7()), 3, last["hash"], body)
    said = send(phone, box.batch([first, broken, last]))
    assert verdicts(said) == ["accepted", "rejected", "accepted"]
    assert verdicts(send(phone, box.batch([broken]))) == ["rejected"]
    assert len(kept(app)) == 3


def test_what_stands_in_the_way_of_one_record_is_told_of_that_one(app: Flask):
    phone, box = phone_with_outbox(app)
    (tag,), (theirs,) = some_tags(app), some_tags(app, village="52.04.05.2001")
    lumpyvac = vaccine(app)
    box.vaccinate("7K3M9QX45J", lumpyvac)
    box.vaccinate(theirs, lumpyvac)
    box.vaccinate(tag, uuid7())
    box.vaccinate(tag, lumpyvac, village="52.04.05.2001")
    box.add("vaccination", box.dose(tag, lumpyvac), author=str(uuid7()))
    box.add("vaccination", box.dose(tag, lumpyvac), device=str(uuid7()))
    box.add("vaccination", box.dose(tag, lumpyvac), v=2)
    box.add("hologram", {})
    box.vaccinate(tag, lumpyvac)
    assert verdicts(send(phone, box.batch())) == [
        "unknown-tag", "out-of-reach", "unknown-product", "out-of-reach", "other-author",
        "other-device", "unknown-version", "unknown-version", "accepted",
    ]  # fmt: skip
    assert len(open_reviews(app)) == 8
    assert doses(app) == ["counts"]


def test_a_dose_for_an_animal_that_is_gone_is_recorded_and_told(app: Flask):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    with app.app_context():
        asked = select(Animal).join(Identifier, Identifier.animal_id == Animal.id)
        die(db.session.scalars(asked.where(Identifier.value == tag)).one())
    record = box.vaccinate(tag, lumpyvac)
    assert verdicts(send(phone, box.batch())) == ["accepted"]
    assert findings(app)[record["id"]] == {"not-present"}


def test_a_fault_of_one_dose_is_not_its_neighbours(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """The fast way fails as a whole; then each is written by itself."""
    phone, box = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 3), vaccine(app)
    for tag in tags:
        box.vaccinate(tag, lumpyvac)
    received = receive_doses

    def fails_at_the_second(some: Any, **more: Any) -> Any:
        if any(dose.code == tags[1] for dose in some):
            raise ZeroDivisionError
        return received(some, **more)

    monkeypatch.setattr(carrying, "receive_doses", fails_at_the_second)
    assert verdicts(send(phone, box.batch())) == ["accepted", "fault", "accepted"]
    assert doses(app) == ["counts"] * 2


def test_nothing_is_half_written_when_the_database_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    from sqlalchemy.exc import OperationalError

    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    box.vaccinate(tag, lumpyvac)

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "note_visit", full)
        assert phone.ask("/sync", method="POST", json=box.batch()).status_code == 503
    assert (doses(app), kept(app), device_row(app, phone).highest_seq) == ([], [], 0)
    assert verdicts(send(phone, box.batch())) == ["accepted"]


def test_gaps_are_told_and_filled_and_a_second_use_of_a_number_is_found(app: Flask):
    phone, box = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 6), vaccine(app)
    records = [box.vaccinate(tag, lumpyvac) for tag in tags]
    assert send(phone, box.batch([records[1], records[4]]))["gaps"] == [[1, 1], [3, 4]]
    assert send(phone, box.batch([records[2]]))["gaps"] == [[1, 1], [4, 4]]
    assert send(phone, box.batch([records[0], records[3], records[5]]))["gaps"] == []
    assert findings(app) == {}
    again = sealed(str(uuid7()), 3, records[1]["hash"], records[2]["body"])
    send(phone, box.batch([again]))
    assert findings(app)[again["id"]] == {"chain"}


@pytest.mark.parametrize(
    ("at", "sent", "kind"),
    [
        (timedelta(hours=1), timedelta(), "clock"),
        (timedelta(days=-31), timedelta(), "late"),
        (timedelta(minutes=-1), timedelta(hours=-3), "clock"),
    ],
)
def test_an_hour_that_cannot_be_is_found_and_the_dose_recorded(
    app: Flask, at: timedelta, sent: timedelta, kind: str
):
    phone, box = phone_with_outbox(app)
    (tag,), lumpyvac = some_tags(app), vaccine(app)
    record = box.vaccinate(tag, lumpyvac, at=now() + at)
    batch = box.batch(sent_at=(now() + sent).isoformat())
    assert verdicts(send(phone, batch)) == ["accepted"]
    assert findings(app)[record["id"]] == {kind}
    with app.app_context():
        given_at = db.session.scalars(select(Vaccination.given_at)).one()
    assert now() - timedelta(minutes=2) < given_at <= now()


def test_revoked_closed_and_moved_officers_lose_nothing(app: Flask):
    lumpyvac = vaccine(app)
    told = []
    for model, owner, values in (
        (Device, Device.user_id, {"revoked_at": now()}),
        (Appointment, Appointment.user_id, {"ended_at": now()}),
        (Appointment, Appointment.user_id, {"region": "52.04.05"}),
    ):
        (tag,) = some_tags(app)
        phone, box = phone_with_outbox(app)
        box.vaccinate(tag, lumpyvac)
        with app.app_context(), transaction():
            db.session.execute(update(model).where(owner == box.author).values(values))
        said = send(phone, box.batch())
        told.append((said["state"], *verdicts(said)))
    assert told == [
        ("revoked", "device-revoked"), ("closed", "account-closed"), ("ok", "out-of-reach"),
    ]  # fmt: skip
    assert len(open_reviews(app)) == len(kept(app)) == 3


def test_who_is_unknown_or_brings_no_batch_stays_outside(app: Flask):
    phone, box = phone_with_outbox(app)
    other, _ = phone_with_outbox(app)
    assert other.ask("/sync", method="POST", json=box.batch()).status_code == 403
    broken = {"method": "POST", "content_type": "application/json"}
    assert phone.ask("/sync", data=b"{", **broken).status_code == 422
    assert phone.ask("/sync", method="POST", json=box.batch(records=[{}])).status_code == 422
    too_many = [box.vaccinate("x", uuid7()) for _ in range(51)]
    assert phone.ask("/sync", method="POST", json=box.batch(too_many)).status_code == 422
    assert phone.ask("/sync", data=b" " * 300_000, **broken).status_code == 413
    with app.app_context(), transaction():
        db.session.execute(update(Device).values(expires_at=now()))
    assert phone.ask("/sync", method="POST", json=box.batch([])).status_code == 401
    phone.token = "x"
    assert phone.ask("/sync", method="POST", json=box.batch([])).status_code == 401
    assert kept(app) == []


def test_two_batches_at_once_have_one_verdict_a_record(app: Flask):
    """The same batch on two lines, and another phone at the same animals."""
    phone, box = phone_with_outbox(app)
    rival, theirs = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 5), vaccine(app)
    for tag in tags:
        box.vaccinate(tag, lumpyvac)
    for tag in reversed(tags):
        theirs.vaccinate(tag, lumpyvac)
    said: list[list[str]] = []

    def bring(who: Any, batch: Any) -> None:
        said.append(verdicts(send(who, batch)))

    batches = ((phone, box.batch()), (phone, box.batch()), (rival, theirs.batch()))
    threads = [Thread(target=bring, args=one) for one in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [["accepted"] * 5, ["accepted"] * 5, ["duplicate"] * 5]
    assert sorted(doses(app)) == ["counts"] * 5 + ["double"] * 5
    assert device_row(app, phone).highest_seq == 5


def test_scanned_codes_tell_where_the_animals_were(app: Flask):
    phone, box = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 2), vaccine(app)
    box.vaccinate(tags[0], lumpyvac)
    box.vaccinate(tags[1], lumpyvac, read="typed")
    send(phone, box.batch())
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.name == "field.received")).one()
        for _ in range(2):
            note_where_codes_were_read(event)
        seen = db.session.scalars(select(Sighting).where(Sighting.by_id == box.author)).all()
    assert [(one.code, one.latitude) for one in seen] == [(tags[0], -8.96)]


def test_what_the_office_asked_for_again_is_answered_until_it_comes(app: Flask):
    from sijinak.core.permissions import OPERATOR
    from sijinak.field.resending import AskAgain, ask_again

    phone, box = phone_with_outbox(app)
    tags, lumpyvac = some_tags(app, 3), vaccine(app)
    for tag in tags:
        box.vaccinate(tag, lumpyvac)
    send(phone, box.batch(box.records[:1]))
    with app.app_context(), transaction():
        ask_again(AskAgain(id=uuid7(), device_id=phone.id), by=OPERATOR)
    assert send(phone, box.batch([]))["resend_from"] == 2
    send(phone, box.batch(box.records[1:]))
    assert send(phone, box.batch([]))["resend_from"] is None
