"""A declared animal becomes a seen one, once for each visit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, Verification
from sijinak.animals.services import AlreadySeen, SeeAnimal, SeenWithoutMarks, see_animal
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_animal
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in


def declared() -> tuple[Animal, str]:
    return make_animal(verification=Verification.DECLARED, colour="")


def events_of(animal_id: object) -> list[Event]:
    asked = select(Event).where(Event.name == "animal.seen", Event.subject_id == animal_id)
    return list(db.session.scalars(asked.order_by(Event.id)))


def test_a_declared_animal_is_seen_once_and_confirmed_later(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = declared()
    first = SeeAnimal(animal_id=animal.id, colour="merah bata")
    for _ in range(2):
        with transaction():
            seen = see_animal(first, by=vet)
    assert (seen.verification, seen.seen_by, seen.colour) == (
        Verification.SEEN, vet.id, "merah bata",
    )  # fmt: skip
    moment = seen.seen_at
    assert moment
    with transaction():
        again = see_animal(
            SeeAnimal(animal_id=animal.id, seen_before=moment, colour="hitam"), by=vet
        )
    assert again.seen_at
    assert again.seen_at > moment
    assert [e.facts for e in events_of(animal.id)] == [{"before": "declared"}, {"before": "seen"}]


def test_who_sees_an_animal_takes_a_mark_and_is_of_the_area(context: Flask):
    animal, _ = declared()
    vet, elsewhere = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK_ODE)
    checkpoint = actor_for(Role.CHECKPOINT, LUNYUK)
    command = SeeAnimal(animal_id=animal.id, horns="pendek")
    with pytest.raises(SeenWithoutMarks), transaction():
        see_animal(SeeAnimal(animal_id=animal.id), by=vet)
    with pytest.raises(NotFound), transaction():
        see_animal(command, by=elsewhere)
    with pytest.raises(Forbidden), transaction():
        see_animal(command, by=checkpoint)
    assert not events_of(animal.id)
    with transaction():
        see_animal(command, by=vet)


def test_of_two_at_once_one_sees_that_the_other_has_seen(app: Flask):
    with app.app_context():
        animal_id = declared()[0].id
    start = Barrier(2, timeout=120)

    def see(colour: str) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    see_animal(SeeAnimal(animal_id=animal_id, colour=colour), by=OPERATOR)
            except AlreadySeen:
                return "already seen"
            return colour

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(see, ("hitam", "putih")))
    with app.app_context():
        colour = db.session.get_one(Animal, animal_id).colour
        assert answers == {colour, "already seen"}
        assert len(events_of(animal_id)) == 1


def test_the_record_leads_to_the_form_and_back(app: Flask):
    with app.app_context():
        animal, tag = declared()
        url = f"/ternak/{animal.id}/terlihat"
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.VET, LUNYUK_ODE))
        reader = signed_in(app, make_user(Role.KABID))
    assert url in vet.get(f"/t/{tag}").text
    assert url not in reader.get(f"/t/{tag}").text
    assert (elsewhere.get(url).status_code, reader.get(url).status_code) == (404, 403)
    page = vet.get(url).text
    told = {"id": id_on(page), "animal_id": str(animal.id), "seen_before": "", "ears": "takik"}
    assert form_post(vet, url, **{**told, "ears": ""}).status_code == 422
    for _ in range(2):
        assert form_post(vet, url, **told).headers["Location"] == f"/t/{tag}"
    late = form_post(vet, url, **{**told, "id": id_on(vet.get(url).text), "ears": "utuh"})
    assert late.status_code == 409
    assert 'value="utuh"' in late.text
    seen_before = late.text.split('name="seen_before" value="')[1].split('"')[0]
    told.update(id=id_on(late.text), seen_before=seen_before, ears="utuh")
    assert form_post(vet, url, **told).status_code == 302
    with app.app_context():
        assert db.session.get_one(Animal, animal.id).ears == "utuh"
