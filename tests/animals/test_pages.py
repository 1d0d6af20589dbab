"""Finding an animal, and registering one after another."""

from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.animals.models import Sex, Species, Verification
from sijinak.core.codes import spaced
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, make_user, signed_in


def clerk(app: Flask, region: str = LUNYUK) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(Role.CLERK, region))


def found(page: str) -> str:
    """The table, without the filters above it."""
    return page.partition("<tbody")[2]


def test_a_code_or_an_ear_tag_leads_to_the_record(app: Flask):
    with app.app_context():
        _, tag = make_animal(eartag="ID52040220260001")
    client, elsewhere = clerk(app), clerk(app, LUNYUK_ODE)
    for text in (tag, spaced(tag).lower(), "ID52040220260001"):
        assert client.get(f"/ternak/?cari={text}").headers.get("Location") == f"/t/{tag}"
        hidden = elsewhere.get(f"/ternak/?cari={text}")
        assert hidden.status_code == 200
        assert spaced(tag) not in found(hidden.text)


def test_an_owners_name_and_filters_narrow_the_list(app: Flask):
    with app.app_context():
        siti, abdul = make_keeper(person(name="Siti Aminah")), make_keeper()
        _, cow = make_animal(siti, sex=Sex.FEMALE)
        _, horse = make_animal(siti, species=Species.HORSE, verification=Verification.DECLARED)
        _, bull = make_animal(abdul)
    client = clerk(app)
    wanted = {
        "": {cow, horse, bull},
        "cari=aminah": {cow, horse},
        "cari=aminah&jenis=horse": {horse},
        "dasar=seen": {cow, bull},
        "dasar=declared": {horse},
        "jenis=nonsense&dasar=nonsense": {cow, horse, bull},
        "cari=nobody": set(),
    }
    for query, tags in wanted.items():
        page = found(client.get(f"/ternak/?{query}").text)
        assert {tag for tag in (cow, horse, bull) if spaced(tag) in page} == tags, query


def test_filters_stay_while_pages_are_turned(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        for _ in range(26):
            make_animal(keeper)
    page = clerk(app).get("/ternak/?cari=abdul&dasar=seen").text
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert "cari=abdul" in older
    assert "dasar=seen" in older


def test_the_tiles_lead_to_what_they_count(app: Flask):
    page = clerk(app).get("/").text
    for evidence in Verification:
        assert f'href="/ternak/?dasar={evidence}"' in page


def test_the_owner_comes_first(app: Flask):
    client = clerk(app)
    assert 'href="/ternak/baru"' in client.get("/ternak/").text
    page = client.get("/ternak/baru", follow_redirects=True)
    assert page.request.path == "/peternak/"
    assert "flashes" in page.text


def test_a_refused_animal_keeps_what_was_typed_and_leads_to_the_next(app: Flask):
    with app.app_context():
        keeper = make_keeper()
    client, url = clerk(app), f"/ternak/baru?pemilik={keeper.id}"
    typed = {
        "id": id_on(client.get(url).text), "keeper_id": str(keeper.id), "village": LUNYUK_REA,
        "species": "cattle", "sex": "male", "verification": "seen", "hamlet": "Brang Rea",
    }  # fmt: skip
    for wrong, field in (
        ({}, "colour"),
        ({"colour": "hitam", "calvings": "1"}, "calvings"),
        ({"colour": "hitam", "is_pregnant": "true"}, "is_pregnant"),
    ):
        refused = form_post(client, "/ternak/baru", **{**typed, **wrong})
        assert refused.status_code == 422
        assert f'id="error-{field}"' in refused.text
        assert 'value="Brang Rea"' in refused.text
    done = form_post(client, "/ternak/baru", **typed, colour="hitam")
    record = client.get(done.headers["Location"]).text
    assert f'href="{url}"' in record
    assert f'href="/label?pemilik={keeper.id}"' in record
