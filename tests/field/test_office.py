"""Records that wait are decided by a person; files from phones come in at the office."""

import json
from base64 import b64encode
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.ids import uuid7
from sijinak.field.models import FieldRecord, Review
from sijinak.field.reviewing import (
    AlreadyDecided,
    OwnReview,
    RefusalWithoutReason,
    RefuseRecord,
    StillHindered,
    TakeInRecord,
    refuse_record,
    take_in_record,
)
from sijinak.vaccinations.models import VaccinationAct
from tests.animals.factories import make_animal
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.field.doors import (
    doses,
    kept,
    open_reviews,
    phone_with_outbox,
    send,
    some_tags,
    vaccine,
    verdicts,
)
from tests.field.outbox import Outbox
from tests.field.phones import Handset, officer

PAGE = "/lapangan/kantor/periksa"
FILE = "/lapangan/kantor/berkas"
NOWHERE = "7K3M9QX45J"


def waiting(app: Flask, code: str = NOWHERE) -> tuple[UUID, Outbox]:
    phone, box = phone_with_outbox(app)
    box.vaccinate(code, vaccine(app))
    send(phone, box.batch())
    return open_reviews(app)[-1], box


def test_an_unknown_tag_is_taken_in_after_the_animal_was_registered(app: Flask):
    review, box = waiting(app)
    with app.app_context():
        head = actor_for(Role.UPT_HEAD, LUNYUK)
        command = TakeInRecord(review_id=review)
        with pytest.raises(StillHindered) as hindered, transaction():
            take_in_record(command, by=head)
        assert hindered.value.code == "unknown-tag"
        make_animal(tag=NOWHERE)
        for _ in range(2):
            with transaction():
                take_in_record(command, by=head)
        act = db.session.scalars(select(VaccinationAct)).one()
        assert act.vaccinator_id == box.author
        with pytest.raises(AlreadyDecided), transaction():
            take_in_record(TakeInRecord(review_id=review), by=head)
    assert doses(app) == ["counts"]
    assert open_reviews(app) == []


def test_the_office_names_the_animal_that_was_meant(app: Flask):
    review, _ = waiting(app)
    (tag,) = some_tags(app)
    with app.app_context():
        head = actor_for(Role.UPT_HEAD, LUNYUK)
        with transaction():
            take_in_record(TakeInRecord(review_id=review, code=tag), by=head)
    assert doses(app) == ["counts"]


def test_a_refused_record_stays_as_it_came(app: Flask):
    review, _ = waiting(app)
    with app.app_context():
        head = actor_for(Role.UPT_HEAD, LUNYUK)
        with pytest.raises(RefusalWithoutReason), transaction():
            refuse_record(RefuseRecord(review_id=review, reason=" "), by=head)
        command = RefuseRecord(review_id=review, reason="Bukan ternak kita")
        for _ in range(2):
            with transaction():
                refuse_record(command, by=head)
    assert (doses(app), open_reviews(app), len(kept(app))) == ([], [], 1)


def test_who_may_decide(app: Flask):
    review, _ = waiting(app)
    with app.app_context():
        command = TakeInRecord(review_id=review)
        for role, region, error in (
            (Role.VET, LUNYUK, Forbidden),
            (Role.UPT_HEAD, "52.04.05", NotFound),
            (Role.KABID, LUNYUK, StillHindered),
        ):
            who = actor_for(role, region)
            with pytest.raises(error), transaction():
                take_in_record(command, by=who)
    phone, own = phone_with_outbox(app, Role.UPT_HEAD)
    own.vaccinate(NOWHERE, vaccine(app))
    send(phone, own.batch())
    browser = phone.browser
    page = browser.get(f"{PAGE}/{open_reviews(app)[-1]}").text
    assert "/terima" not in page
    with app.app_context():
        author = db.session.scalars(
            select(Review).join(FieldRecord, FieldRecord.id == Review.record_id)
            .where(FieldRecord.author_id == own.author)
        ).one()  # fmt: skip
        with pytest.raises(OwnReview), transaction():
            refuse_record(RefuseRecord(review_id=author.id, reason="x"), by=Same(own.author))


class Same:
    """An officer by id, with every right."""

    name = "Sama"

    def __init__(self, user_id: UUID) -> None:
        self.id = user_id

    def reaches(self, permission: Any) -> Any:
        from sijinak.core.permissions import OPERATOR

        return OPERATOR.reaches(permission)


def test_a_head_decides_on_the_pages(app: Flask):
    review, _ = waiting(app)
    with app.app_context():
        head = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    assert f"{PAGE}/{review}" in head.get(PAGE).text
    address = f"{PAGE}/{review}"
    page = head.get(address).text
    assert "L-2611" in page
    assert NOWHERE in page
    answers = {"id": id_on(page), "review_id": str(review)}
    with app.app_context():
        refused = form_post(head, f"{address}/terima", page=address, **answers, code="SALAH-9")
        assert (refused.status_code, "SALAH-9" in refused.text) == (422, True)
        assert form_post(head, f"{address}/tolak", page=address, **answers).status_code == 422
        done = form_post(
            head, f"{address}/tolak", page=address, **answers, reason="Bukan ternak kita"
        )
    assert done.status_code == 302
    assert open_reviews(app) == []


def exported(phone: Handset, box: Outbox, **changes: Any) -> bytes:
    """The file as the app writes it."""
    at = "2026-11-22T09:00:00.000Z"
    hashes = [one["hash"] for one in box.records]
    text = "\n".join(["sijinak-export-v1", str(box.device), at, *hashes])
    r, s = decode_dss_signature(phone.key.sign(text.encode(), ECDSA(SHA256())))
    file = {
        "format": "sijinak-field-export",
        "v": 1,
        "device": str(box.device),
        "author": str(box.author),
        "exported_at": at,
        "records": box.records,
        "signature": b64encode(r.to_bytes(32) + s.to_bytes(32)).decode(),
    }
    return json.dumps({**file, **changes}).encode()


def bring(app: Flask, content: bytes) -> Any:
    from io import BytesIO

    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        upload = (BytesIO(content), "ekspor.json")
        return form_post(clerk, FILE, file=upload)


def test_a_signed_file_comes_in_as_a_batch_does(app: Flask):
    phone, box = phone_with_outbox(app)
    for tag in some_tags(app, 2):
        box.vaccinate(tag, vaccine(app))
    assert bring(app, exported(phone, box)).status_code == 200
    assert doses(app) == ["counts"] * 2
    assert {row.way for row in kept(app)} == {"file"}
    assert [one["verdict"] for one in send(phone, box.batch())["records"]] == ["duplicate"] * 2


@pytest.mark.parametrize("signature", [None, "", "AAAA", b64encode(bytes(64)).decode(), "other"])
def test_a_file_that_nobody_signed_waits(app: Flask, signature: str | None):
    phone, box = phone_with_outbox(app)
    (tag,) = some_tags(app)
    box.vaccinate(tag, vaccine(app))
    if signature == "other":
        content = exported(Handset(phone.browser), box)
    else:
        content = exported(phone, box, signature=signature)
    assert bring(app, content).status_code == 200
    assert (doses(app), len(open_reviews(app))) == ([], 1)


def test_a_file_of_a_phone_that_nobody_knows_waits(app: Flask):
    phone, box = phone_with_outbox(app)
    strange = Outbox(uuid7(), box.author)
    strange.vaccinate(NOWHERE, vaccine(app))
    for _ in range(2):
        assert bring(app, exported(phone, strange)).status_code == 200
    assert (len(kept(app)), len(open_reviews(app))) == (1, 1)


def test_a_phone_that_a_file_named_first_is_enrolled_after(app: Flask):
    user = officer(app)
    phone = Handset(signed_in(app, user))
    box = Outbox(phone.id, user.id)
    tags = some_tags(app, 2)
    box.vaccinate(tags[0], vaccine(app))
    assert bring(app, exported(phone, box)).status_code == 200
    assert phone.enrol().status_code == 201
    assert phone.enrol().status_code == 200
    box.vaccinate(tags[1], vaccine(app))
    said = send(phone, box.batch())
    assert (said["state"], said["gaps"]) == ("ok", [])
    assert verdicts(said) == ["unknown-device", "accepted"]
    stranger = Handset(signed_in(app, officer(app)), id=phone.id)
    assert stranger.enrol().status_code == 403


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"PK\x03\x04", b"\xff\xfe"])
def test_what_is_no_export_is_refused(app: Flask, content: bytes):
    assert bring(app, content).status_code == 422
    assert kept(app) == []
