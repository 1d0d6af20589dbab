"""What the office sees of an inspection: photos, weights, samples; and adds to it."""

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from sijinak.accounts.models import Role, User
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.files.pictures import Picture
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.models import InspectionView
from sijinak.permits.photos.queries import photos_of_permit, pictures_elsewhere
from sijinak.permits.photos.services import AddInspectionPhoto, add_inspection_photo
from tests.browsing import form_post, id_on
from tests.factories import REGENCY, make_user, signed_in
from tests.permits.factories import SAMARINDA, make_office, make_permit, take


def test_a_picture_that_stands_at_two_animals_is_called_so(app: Flask, context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.INSPECTED)
    page = f"/izin/{permit.id}/pemeriksaan"
    vet = signed_in(app, db.session.get_one(User, office.vet.id))
    plain = vet.get(page).text.count("tone-danger")
    for colour, line in (("red", 0), ("green", 0), ("green", 1)):
        add_photo(permit, office.vet, colour, permit.animals[line].animal_id)
        assert bool(pictures_elsewhere(permit.id)) is (line == 1)
    assert vet.get(page).text.count("tone-danger") == plain + 2
    other = make_permit(office, PermitState.INSPECTED)
    add_photo(other, office.vet, "red", other.animals[0].animal_id)
    assert pictures_elsewhere(other.id)


def test_no_photo_is_added_once_the_health_letter_is_signed(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.PAID)
    add_photo(permit, office.vet, "red", None)
    take("certify", permit, office.doctor)
    with pytest.raises(WrongState):
        add_photo(permit, office.vet, "green", None)


def test_who_was_never_given_days_has_none_to_lengthen(app: Flask):
    with app.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.PAID)
        both = [db.session.get_one(User, who.id) for who in (office.trader, office.kadis)]
        browsers = [signed_in(app, user) for user in both]
        path = f"/izin/{permit.id}/perpanjangan"
    for browser, url in zip(browsers, (path, f"{path}/jawaban"), strict=True):
        assert form_post(browser, url, page="/akun").status_code == 404


def add_photo(permit: Permit, by: SignedIn, colour: str, animal_id: UUID | None) -> None:
    into = BytesIO()
    Image.new("RGB", (9, 9), colour).save(into, "JPEG")
    picture = Picture(into.getvalue(), into.getvalue(), 9, 9)
    command = AddInspectionPhoto(
        permit_id=permit.id, animal_id=animal_id, view=InspectionView.SIDE, picture=picture
    )
    with transaction():
        add_inspection_photo(command, by=by)


def test_the_desk_form_takes_a_sample_and_the_page_shows_it_and_a_photo(app: Flask):
    with app.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.ACCEPTED, destination=SAMARINDA)
        vet, permit_id = signed_in(app, make_user(Role.VET, REGENCY)), permit.id
    url = f"/izin/{permit_id}/periksa"
    fields = {"id": id_on(vet.get(url).text), "vehicle_plate": "ea 9 q"}
    for n in (1, 2):
        fields |= {f"result-{n}": "pass", f"weight_kg-{n}": "320", f"weight_method-{n}": "tape"}
    refused = form_post(vet, url, **fields)
    assert refused.status_code == 422
    assert 'value="ea 9 q"' in refused.text
    fields |= {f"sample_brucellosis-{n}": f"B-{n}" for n in (1, 2)}
    assert form_post(vet, url, **fields).status_code == 302
    with app.app_context():
        kept = db.session.get_one(Permit, permit_id)
        assert (kept.state, kept.vehicle_plate) == (PermitState.IN_LAB, "EA 9 Q")

    url = f"/izin/{permit_id}/pemeriksaan"
    assert "B-1" in vet.get(url).text
    into = BytesIO()
    Image.new("RGB", (9, 9)).save(into, "JPEG")
    picture = (BytesIO(into.getvalue()), "a.jpg")
    sent = form_post(vet, f"{url}/foto", id=str(uuid7()), view="vehicle", picture=picture)
    assert sent.status_code == 302
    with app.app_context():
        (shown,) = photos_of_permit(permit_id)[None]
    assert vet.get(f"/izin/pemeriksaan/foto/{shown.id}").data.startswith(b"\xff\xd8")
