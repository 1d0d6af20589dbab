"""The whole record: what is known, on whose word, and what happened."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.hanging import ThingsHangOnIt, hanging
from sijinak.animals.models import (
    Animal,
    Observation,
    ObservationKind,
    Origin,
    Sex,
    Species,
    Use,
    Verification,
    WeighingMethod,
)
from sijinak.animals.queries import observations_of
from sijinak.animals.record import evidence_of
from sijinak.animals.services import SeeAnimal, see_animal
from sijinak.animals.timeline import PAGE, Moment, page_before
from sijinak.animals.weighing import WeighAnimal, weigh_animal
from sijinak.core.clock import now
from sijinak.core.codes import spaced
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.permits.models import PermitState
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for, make_user, signed_in
from tests.permits.factories import make_office, make_permit
from tests.vaccinations.factories import doses, vaccinate


def in_english(app: Flask, role: Role, region: str = LUNYUK, **columns: object) -> FlaskClient:
    with app.app_context():
        client = signed_in(app, make_user(role, region, **columns))
    client.set_cookie("bahasa", "en")
    return client


def correct(animal: Animal, by: Actor = OPERATOR, **values: object) -> Observation:
    seen = Circumstances(
        kind=ObservationKind.CORRECTED,
        basis=Verification.DECLARED,
        village=LUNYUK_REA,
        reason="salah tulis",
    )
    with transaction():
        return change_animal(db.session.get_one(Animal, animal.id), values, seen, by=by)


def test_each_fact_has_the_word_of_who_set_it_last(context: Flask):
    animal, _ = make_animal(hamlet="Brang Rea", teeth=1)
    vet = actor_for(Role.VET, LUNYUK)
    with transaction():
        seen = SeeAnimal(animal_id=animal.id, seen_before=animal.seen_at, colour="hitam", teeth=2)
        see_animal(seen, by=vet)
    correct(animal, breed="Sapi Sumbawa")
    said = evidence_of(observations_of([animal.id]))
    assert {name: said[name].kind for name in ("hamlet", "teeth", "colour", "horns", "breed")} == {
        "hamlet": ObservationKind.REGISTERED,
        "teeth": ObservationKind.SEEN,
        "colour": ObservationKind.SEEN,  # confirmed, though it did not change
        "horns": ObservationKind.SEEN,
        "breed": ObservationKind.CORRECTED,
    }
    assert said["teeth"].by_name == vet.name


def test_the_record_says_by_whom_and_how_a_fact_is_known(app: Flask):
    with app.app_context():
        animal, tag = make_animal(verification=Verification.DECLARED)
        correct(animal, colour="merah bata")
    page = in_english(app, Role.VET).get(f"/ternak/{animal.id}/").text
    assert spaced(tag) in page
    words = page.split('<h3 class="word">')[1:]
    (word,) = (word for word in words if "<dd>merah bata" in word)
    assert word.partition("<")[0].startswith("Declared only, ")
    assert word.partition("<")[0].endswith(", sijinak command line, Lunyuk Rea, Lunyuk")
    assert "<dt>Breed</dt>" not in word, "nobody said it anew"


def test_an_animal_that_was_never_observed_stands_on_its_registration(app: Flask):
    with app.app_context():
        plain = Animal(
            keeper_id=make_keeper().id, village=LUNYUK_REA, species=Species.CATTLE,
            sex=Sex.FEMALE, colour="putih", verification=Verification.DECLARED,
            registered_at=now(),
        )  # fmt: skip
        with transaction():
            db.session.add(plain)
    page = in_english(app, Role.VET).get(f"/ternak/{plain.id}/").text
    assert ", at registration</h3>" in page
    assert "<dd>putih</dd>" in page


def test_out_of_reach_there_is_no_record_and_no_timeline(app: Flask):
    with app.app_context():
        animal, _ = make_animal()
    away, owner = (
        in_english(app, Role.VET, LUNYUK_ODE),
        in_english(app, Role.TRADER, keeper_id=animal.keeper_id),
    )
    for address in ("", "riwayat", "foto"):
        assert away.get(f"/ternak/{animal.id}/{address}").status_code == 404
        assert owner.get(f"/ternak/{animal.id}/{address}").status_code == 200
    assert "/timbang" not in owner.get(f"/ternak/{animal.id}/").text


def test_the_timeline_tells_it_all_newest_first(app: Flask):
    with app.app_context():
        animal, tag = make_animal(eartag="ID77")
        vaccinate(doses([animal.id]))
        correct(animal, colour="merah bata")
        with transaction():
            weighed = WeighAnimal(animal_id=animal.id, kg=240, method=WeighingMethod.SCALE)
            weigh_animal(weighed, by=OPERATOR)
    page = in_english(app, Role.VET).get(f"/ternak/{animal.id}/riwayat").text
    told = ["Weighed: 240 kg", "Corrected", "Lumpyvac", "National ear tag ID77 given", "Registered"]
    places = [page.index(one, page.index('class="timeline"')) for one in told]
    assert places[:2] == sorted(places[:2])
    assert "Colour: hitam → merah bata" in page
    assert "Reason: salah tulis" in page
    assert f"QR tag {spaced(tag)} given" in page
    assert 'href="/vaksinasi/' in page


def test_a_former_owner_is_named_to_officers_only(app: Flask):
    with app.app_context():
        old, new = make_keeper(person(name="Pemilik Lama")), make_keeper(person(name="Orang Baru"))
        animal, _ = make_animal(old)
        correct(animal, keeper_id=new.id)
    address = f"/ternak/{animal.id}/riwayat"
    assert "Keeper: Pemilik Lama → Orang Baru" in in_english(app, Role.VET).get(address).text
    shown = in_english(app, Role.TRADER, keeper_id=new.id).get(address).text
    assert "Keeper: not in your working area → Orang Baru" in shown
    assert "Pemilik Lama" not in shown


def test_a_permit_stands_in_the_timeline_and_keeps_the_registration(app: Flask):
    with app.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.ISSUED)
        animal_id = permit.animals[0].animal_id
        since = db.session.get_one(Animal, animal_id).registered_at
        with pytest.raises(ThingsHangOnIt) as held:
            hanging.refuse([animal_id], since, cause_id=None)
        assert {"permit", "vaccination"} <= set(held.value.facts["kinds"])  # type: ignore[call-overload]
    page = in_english(app, Role.VET, "52.04").get(f"/ternak/{animal_id}/riwayat").text
    assert f"Permit {permit.number} issued" in page


def test_what_was_vaccinated_before_does_not_hang_on_it(context: Flask):
    animal, _ = make_animal()
    vaccinate(doses([animal.id]))
    hanging.refuse([animal.id], now() + timedelta(seconds=1), cause_id=None)
    with pytest.raises(ThingsHangOnIt) as held:
        hanging.refuse([animal.id], now() - timedelta(hours=1), cause_id=None)
    assert "vaccination" in held.value.facts["kinds"]  # type: ignore[operator]


def test_a_long_timeline_is_turned_page_by_page_and_loses_nothing():
    start = now()
    moments = [
        Moment(at=start - timedelta(minutes=n // 3), kind="seen", title=str(n)) for n in range(130)
    ]
    shown, before, pages = list[Moment](), None, 0
    while True:
        page, before = page_before(moments, before)
        shown, pages = shown + page, pages + 1
        if before is None:
            break
        assert len(page) < PAGE + 3
    assert (shown, pages) == (moments, 3)


def test_a_wrong_place_in_the_timeline_is_its_start(app: Flask):
    with app.app_context():
        animal, _ = make_animal()
    client = in_english(app, Role.VET)
    for wrong in ("x", "2026-01-01", "2026-01-01T00:00:00"):
        page = client.get(f"/ternak/{animal.id}/riwayat?sebelum={wrong}")
        assert "Registered" in page.text.split('class="timeline"')[1]


def test_the_form_takes_parents_by_code_and_keeps_what_was_typed(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        dam, dam_tag = make_animal(keeper, sex=Sex.FEMALE, birth_date=date(2020, 1, 1))
        _, sire_tag = make_animal(keeper, eartag="ID77")
        raiser = make_keeper(person(name="Siti Aminah"))
    client = in_english(app, Role.CLERK)
    url = f"/ternak/baru?pemilik={keeper.id}"
    typed = {
        "id": id_on(client.get(url).text), "keeper_id": str(keeper.id), "village": LUNYUK_REA,
        "species": "cattle", "sex": "male", "verification": "seen", "colour": "hitam",
        "birth_date": "2024-02-01", "origin": "born-here", "use": "breeding",
        "dam": spaced(dam_tag), "sire": "id77", "raiser": "Siti Aminah", "rfid": "360000000123456",
        "old_card": "B/12", "latitude": "-8.5", "longitude": "117.4",
    }  # fmt: skip
    for name, wrong in (
        ("dam", sire_tag), ("sire", "nothing"), ("rfid", "123"), ("raiser", "Nobody Known"),
        ("latitude", "91"),
    ):  # fmt: skip
        refused = form_post(client, "/ternak/baru", **{**typed, name: wrong})
        assert (refused.status_code, wrong in refused.text) == (422, True), name
        if name != "latitude":
            assert f'id="error-{name}"' in refused.text
            assert '<details class="fold" open>' in refused.text
    done = form_post(client, "/ternak/baru", **typed)
    assert done.status_code == 302
    with app.app_context():
        animal = db.session.get_one(Animal, UUID(typed["id"]))
        assert (animal.dam_id, animal.raiser_id) == (dam.id, raiser.id)
        assert (animal.origin, animal.use) == (Origin.BORN_HERE, Use.BREEDING)
        (observation,) = observations_of([animal.id])
        assert (observation.latitude, observation.longitude) == (-8.5, 117.4)
    page = client.get(f"/ternak/{typed['id']}/").text
    for shown in (spaced(dam_tag), "Siti Aminah", "Born here", "Breeding", "360000000123456"):
        assert shown in page


def test_of_several_raisers_with_one_name_one_is_chosen(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Pemilik"))
        first, _ = (make_keeper(person(name="Siti Aminah")) for _ in range(2))
    client = in_english(app, Role.CLERK)
    page = client.get(f"/ternak/baru?pemilik={keeper.id}").text
    typed = {
        "id": id_on(page), "keeper_id": str(keeper.id), "village": LUNYUK_REA, "species": "cattle",
        "sex": "male", "verification": "seen", "colour": "hitam", "raiser": "Siti Aminah",
    }  # fmt: skip
    refused = form_post(client, "/ternak/baru", **typed)
    assert refused.status_code == 422
    assert f'<option value="{first.id}">Siti Aminah' in refused.text
    assert (
        form_post(client, "/ternak/baru", **{**typed, "raiser": str(first.id)}).status_code == 302
    )
    with app.app_context():
        assert db.session.get_one(Animal, UUID(typed["id"])).raiser_id == first.id


def test_a_sighting_takes_the_teeth_and_the_place(app: Flask):
    with app.app_context():
        animal, _ = make_animal(teeth=1)
    client = in_english(app, Role.VET)
    url = f"/ternak/{animal.id}/terlihat"
    page = client.get(url).text
    assert 'name="teeth" type="text" value="1"' in page
    assert "js/position.js" in page
    typed = {
        "id": id_on(page), "animal_id": str(animal.id), "colour": "hitam", "teeth": "2",
        "seen_before": animal.seen_at.isoformat() if animal.seen_at else "",
        "latitude": "-8.5", "longitude": "117.4",
    }  # fmt: skip
    assert form_post(client, url, **typed).status_code == 302
    with app.app_context():
        seen = observations_of([animal.id])[-1]
        assert (seen.after["teeth"], seen.latitude) == (2, -8.5)
