"""An inspection that comes from a phone: whole, with gaps, corrected; and its photos."""

from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.field.models import FieldPhoto, InspectionNote
from sijinak.files.reading import picture_bytes
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.models import InspectionPhoto
from sijinak.permits.queries import animals_on
from tests.factories import LUNYUK_REA
from tests.field.doors import phone_with_outbox, send, verdicts
from tests.field.phones import Handset
from tests.permits.factories import SAMARINDA, make_office, make_permit


def jpeg(colour: str = "red") -> bytes:
    into = BytesIO()
    picture = Image.new("RGB", (64, 48), colour)
    exif = Image.Exif()
    exif[0x010F] = "Secret maker"
    picture.save(into, "JPEG", exif=exif)
    return into.getvalue()


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


class Round:
    """An accepted application of two animals, and a vet's phone that inspects it."""

    def __init__(self, app: Flask, **journey: Any) -> None:
        self.app = app
        with app.app_context():
            permit = make_permit(make_office(), PermitState.ACCEPTED, **journey)
            self.permit = permit.id
            self.tags = [animal.tag for _, animal in animals_on(permit)]
        self.phone, self.box = phone_with_outbox(app)

    def seen(self, tag: str, **more: Any) -> tuple[UUID, dict[str, Any]]:
        said = {
            "permit": str(self.permit), "code": tag, "village": LUNYUK_REA, "result": "passed",
            "weight": 320, "method": "tape", "reason": "", "photos": [], "samples": [], **more,
        }  # fmt: skip
        return self.add("inspected", said)

    def vehicle(self, *photos: bytes) -> tuple[UUID, dict[str, Any]]:
        named = [{"view": "vehicle", "sha256": name_of(photo)} for photo in photos]
        return self.add("vehicle", {
            "permit": str(self.permit), "village": LUNYUK_REA, "plate": "EA 77 Z", "photos": named,
        })  # fmt: skip

    def done(self, records: list[UUID], vehicle: UUID | None) -> tuple[UUID, dict[str, Any]]:
        return self.add("inspection-done", {
            "permit": str(self.permit), "village": LUNYUK_REA,
            "records": [str(one) for one in records],
            "vehicle": str(vehicle) if vehicle else None, "note": "",
        })  # fmt: skip

    def add(self, kind: str, said: dict[str, Any]) -> tuple[UUID, dict[str, Any]]:
        sent = self.box.add(kind, said)
        return UUID(sent["id"]), sent

    def bring(self, *records: tuple[UUID, dict[str, Any]]) -> list[str]:
        return verdicts(send(self.phone, self.box.batch([sent for _, sent in records])))

    def now(self) -> Permit:
        return db.session.get_one(Permit, self.permit, populate_existing=True)


@pytest.fixture
def round_(app: Flask) -> Round:
    return Round(app)


def put(phone: Handset, content: bytes, name: str = "", sent: bytes | None = None) -> int:
    body = {"jpeg": b64encode(content if sent is None else sent).decode()}
    answer = phone.ask(f"/photos/{name or name_of(content)}", method="PUT", json=body)
    return answer.status_code


def test_the_whole_inspection_is_one_step(round_: Round):
    first, second = round_.seen(round_.tags[0]), round_.seen(round_.tags[1])
    vehicle = round_.vehicle()
    done = round_.done([first[0], second[0]], vehicle[0])
    assert round_.bring(first, second, vehicle, done) == ["accepted"] * 4
    assert round_.bring(first, second, vehicle, done) == ["duplicate"] * 4
    with round_.app.app_context():
        permit = round_.now()
        assert (permit.state, permit.vehicle_plate) == (PermitState.INSPECTED, "EA 77 Z")
        assert {(a.passed, a.weight_kg, a.weight_method) for a in permit.animals} == {
            (True, 320, "tape")
        }


def test_the_last_word_about_an_animal_counts_and_an_absent_one_needs_its_reason(round_: Round):
    first = round_.seen(round_.tags[0], weight=100)
    again = round_.seen(round_.tags[0], weight=400)
    absent = round_.seen(
        round_.tags[1], result="absent", weight=None, method=None, reason="Tidak dibawa"
    )
    done = round_.done([again[0], absent[0]], None)
    assert round_.bring(first, again, absent, done) == ["accepted"] * 4
    with round_.app.app_context():
        lines = {animal.tag: line for line, animal in animals_on(round_.now())}
        assert lines[round_.tags[0]].weight_kg == 400
        missing = lines[round_.tags[1]]
        assert (missing.passed, missing.was_absent, missing.reason) == (False, True, "Tidak dibawa")


@pytest.mark.parametrize(
    ("fields", "why"),
    [({}, "inspection-incomplete"), ({"weight": None}, "not-weighed"),
     ({"weight": 120}, "may-not-pass"), ({"result": "refused"}, "reason-missing")],
)  # fmt: skip
def test_what_does_not_fit_waits_for_a_person(round_: Round, fields: dict[str, Any], why: str):
    first = round_.seen(round_.tags[0])
    second = round_.seen(round_.tags[1], **fields)
    named = [first[0], second[0]] if fields else [first[0]]
    assert round_.bring(first, second, round_.done(named, None))[-1] == why
    with round_.app.app_context():
        assert round_.now().state is PermitState.ACCEPTED


def test_records_that_are_not_here_keep_it_open(round_: Round):
    first = round_.seen(round_.tags[0])
    assert round_.bring(first, round_.done([first[0], uuid7()], None)) == [
        "accepted", "inspection-has-gaps",
    ]  # fmt: skip


def test_a_strange_animal_and_a_closed_application_are_told(round_: Round):
    assert round_.bring(round_.seen("7K3M9QX45J")) == ["not-on-the-list"]
    both = [round_.seen(tag) for tag in round_.tags]
    round_.bring(*both, round_.done([one[0] for one in both], None))
    assert round_.bring(round_.seen(round_.tags[0])) == ["inspection-closed"]


def test_samples_lead_to_the_laboratory(app: Flask):
    visit = Round(app, destination=SAMARINDA)
    sample = {"disease": "brucellosis", "method": "rbt"}
    both = [
        visit.seen(tag, samples=[{**sample, "number": f"B-{n}"}])
        for n, tag in enumerate(visit.tags)
    ]
    assert visit.bring(*both, visit.done([one[0] for one in both], None))[-1] == "accepted"
    with app.app_context():
        assert visit.now().state is PermitState.IN_LAB


def _taken_along(phone: Handset) -> list[dict[str, Any]]:
    permits: list[dict[str, Any]] = phone.ask("/inspections").get_json()["permits"]
    return permits


def test_the_phone_takes_along_what_it_may_inspect_and_no_person(app: Flask):
    visit = Round(app, destination=SAMARINDA)
    (entry,) = _taken_along(visit.phone)
    assert [one["code"] for one in entry["animals"]] == visit.tags
    assert entry["animals"][0]["tests"] == [["brucellosis", "rbt"]]
    assert entry["least"] == 300
    with app.app_context():
        far, _ = phone_with_outbox(app, region="52.05")
    assert _taken_along(far) == []


def test_a_photo_comes_before_or_after_its_inspection_and_once(round_: Round):
    side, car = jpeg(), jpeg("blue")
    assert [put(round_.phone, side), put(round_.phone, side)] == [201, 200]
    photos = [{"view": "side", "sha256": name_of(side)}]
    both = [round_.seen(tag, photos=photos) for tag in round_.tags]
    vehicle = round_.vehicle(car)
    round_.bring(*both, vehicle, round_.done([one[0] for one in both], vehicle[0]))
    with round_.app.app_context():
        waiting = select(func.count()).where(InspectionPhoto.file_id.is_(None))
        assert db.session.scalar(waiting) == 1
    assert put(round_.phone, car) == 201
    with round_.app.app_context():
        named = db.session.scalars(select(InspectionPhoto)).all()
        assert len(named) == 3
        assert all(photo.file_id for photo in named)
        assert db.session.scalar(select(func.count()).select_from(FieldPhoto)) == 2
        kept = db.session.scalars(select(FieldPhoto)).first()
        assert kept
        assert b"Secret maker" not in picture_bytes(kept.file_id, small=False)


def test_a_photo_that_was_cut_off_is_no_photo_and_comes_again(round_: Round):
    content = jpeg()
    assert put(round_.phone, content, sent=content[:200]) == 422
    assert put(round_.phone, b"no picture") == 422
    assert put(round_.phone, content, name="zz") == 404
    assert put(round_.phone, content) == 201


def test_a_phone_fills_only_its_own_places(app: Flask, round_: Round):
    other, _ = phone_with_outbox(app)
    content = jpeg()
    photos = [{"view": "side", "sha256": name_of(content)}]
    both = [round_.seen(tag, photos=photos) for tag in round_.tags]
    round_.bring(*both, round_.done([one[0] for one in both], None))
    assert put(other, content) == 201
    with app.app_context():
        assert not any(p.file_id for p in db.session.scalars(select(InspectionPhoto)))
        assert db.session.scalar(select(func.count()).select_from(InspectionNote)) == 2
