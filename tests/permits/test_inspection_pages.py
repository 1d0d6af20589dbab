"""What the office sees of an inspection: photos, weights, samples; and adds to it."""

from io import BytesIO

from flask import Flask
from PIL import Image

from sijinak.accounts.models import Role
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.queries import photos_of_permit
from tests.browsing import form_post, id_on
from tests.factories import REGENCY, make_user, signed_in
from tests.permits.factories import SAMARINDA, make_office, make_permit


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
