"""Brands: what is burnt into the skin is registered for its owner, with a picture."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.files.models import StoredFile
from sijinak.keepers.branding import BrandEnded, EndBrand, RegisterBrand, end_brand, register_brand
from sijinak.keepers.models import Brand, BrandPlace, Keeper
from sijinak.keepers.queries import brands_of
from tests.animals.factories import make_keeper
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in
from tests.files.pictures import photo


def brand(keeper: Keeper, letters: str = "AK") -> RegisterBrand:
    return RegisterBrand(keeper_id=keeper.id, letters=letters, place=BrandPlace.LEFT_THIGH)


def test_a_brand_is_ended_and_not_deleted(context: Flask):
    keeper, clerk = make_keeper(), actor_for(Role.CLERK, LUNYUK)
    command = brand(keeper)
    for _ in range(2):
        with transaction():
            register_brand(command, by=clerk)
    with transaction():
        register_brand(brand(keeper, "Bintang"), by=clerk)
        end_brand(EndBrand(brand_id=command.id, reason="Diganti"), by=clerk)
    assert [(b.letters, b.ended_at is None) for b in brands_of(keeper.id)] == [
        ("Bintang", True), ("AK", False),
    ]  # fmt: skip
    with pytest.raises(BrandEnded), transaction():
        end_brand(EndBrand(brand_id=command.id, reason="Diganti"), by=clerk)
    names = db.session.scalars(select(Event.name).where(Event.name.startswith("keeper.brand")))
    assert sorted(names) == [
        "keeper.brand-ended",
        "keeper.brand-registered",
        "keeper.brand-registered",
    ]


def test_brands_belong_to_the_office_of_their_owner(context: Flask):
    keeper = make_keeper()
    clerk = actor_for(Role.CLERK, LUNYUK)
    with transaction():
        kept = register_brand(brand(keeper), by=clerk)
    elsewhere, reader = actor_for(Role.CLERK, LUNYUK_ODE), actor_for(Role.KABID)
    for by, error in ((elsewhere, NotFound), (reader, Forbidden)):
        with pytest.raises(error), transaction():
            register_brand(brand(keeper), by=by)
        with pytest.raises(error), transaction():
            end_brand(EndBrand(brand_id=kept.id, reason="Diganti"), by=by)


def test_a_picture_is_shown_to_whom_the_owner_is(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        clerk, elsewhere = (
            signed_in(app, make_user(Role.CLERK, region)) for region in (LUNYUK, LUNYUK_ODE)
        )
    url = f"/peternak/{keeper.id}/cap"
    typed = {
        "id": id_on(clerk.get(url).text),
        "letters": "AK",
        "place": "left-thigh",
        "is_drawing": "1",
    }
    for _ in range(2):  # a double click brings the same picture again
        sent = form_post(clerk, url, **typed, picture=(BytesIO(photo()), "cap.jpg"))
        assert sent.location == f"/peternak/{keeper.id}"
    with app.app_context():
        (kept,) = brands_of(keeper.id)
        assert kept.is_drawing
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1
    picture = f"/peternak/cap/{kept.id}.jpg"
    assert picture in clerk.get(f"/peternak/{keeper.id}").text
    for size in ("", "?kecil=1"):
        answer = clerk.get(picture + size)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert elsewhere.get(picture + size).status_code == 404
    assert app.test_client().get(picture).status_code == 302
    ending = f"/peternak/cap/{kept.id}/akhiri"
    assert form_post(clerk, ending, id=id_on(clerk.get(ending).text), reason="").status_code == 422
    done = form_post(clerk, ending, id=id_on(clerk.get(ending).text), reason="Diganti")
    assert done.location == url
    assert picture not in clerk.get(f"/peternak/{keeper.id}").text
    assert picture in clerk.get(url).text, "the history keeps it"


def test_a_file_that_is_no_picture_is_refused_and_nothing_typed_is_lost(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    url = f"/peternak/{keeper.id}/cap"
    typed = {"id": id_on(clerk.get(url).text), "letters": "AK", "place": "neck"}
    answer = form_post(clerk, url, **typed, picture=(BytesIO(b"%PDF-1.7"), "cap.jpg"))
    assert answer.status_code == 422
    assert 'value="AK"' in answer.text
    assert 'id="error-picture"' in answer.text
    assert form_post(clerk, url, **{**typed, "place": "tail"}).status_code == 422
    assert form_post(clerk, url, **typed, ended_at="2026-01-01").status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Brand)) == 0
    assert form_post(clerk, url, **typed).status_code == 302, "a picture may come later"
    with app.app_context():
        (kept,) = brands_of(keeper.id)
    assert clerk.get(f"/peternak/cap/{kept.id}.jpg").status_code == 404
