"""What people read of mutations, and of forms that two people fill in at once."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.holding import AnimalHeld
from sijinak.animals.models import Animal, EndReason
from sijinak.animals.mutations import queries
from sijinak.animals.mutations.commands import UndoMutation
from sijinak.animals.mutations.correcting import last_change
from sijinak.animals.mutations.guard import LOOK_UPS
from sijinak.animals.mutations.models import MutationState, Side
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.mutations.services import (
    CorrectAnimal,
    RetagAnimal,
    correct_animal,
    retag_animal,
    undo_mutation,
)
from sijinak.animals.mutations.writing import (
    ChangedMeanwhile,
    HappenedInTheFuture,
    HappenedTooLongAgo,
)
from sijinak.animals.queries import live_tags
from sijinak.core.clock import today
from sijinak.core.codes import spaced
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.looking import VIEWED
from sijinak.permits.models import PermitState
from tests.animals.factories import firm, make_animal, make_keeper
from tests.animals.mutations.deeds import (
    K,
    Village,
    acknowledged,
    answered,
    make_cow,
    make_village,
    now_known,
    proposed,
    recorded,
    sold,
)
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_REA, make_user, signed_in
from tests.permits.factories import make_office, make_permit


@pytest.fixture
def vet(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(Role.VET, LUNYUK))


def corrected(animal_id: UUID, seen: str = "", **values: Any) -> None:
    command = CorrectAnimal(animal_id=animal_id, values=values, reason="salah tulis", seen=seen)
    with transaction():
        correct_animal(command, by=OPERATOR)


def on(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def flat(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_two_tabs_with_a_correction_do_not_undo_each_other(app: Flask, vet: FlaskClient):
    with app.app_context():
        cow = make_cow(colour="hitam", ears="utuh").id
    url = f"/mutasi/ternak/{cow}/koreksi"
    page = vet.get(url).text
    told = {"id": id_on(page), "seen": on(page, "seen"), "species": "cattle", "sex": "female"}
    shown = {name: on(page, name) for name in ("breed", "birth_date", "hamlet", "ears")}
    with app.app_context():
        corrected(cow, colour="merah")
    late = {**told, **shown, "reason": "salah telinga", "colour": "hitam", "ears": "sobek"}
    wrong = form_post(vet, url, **late)
    assert wrong.status_code == 422
    kept = {name: on(wrong.text, name) for name in ("seen", "colour", "ears")}
    assert (kept["colour"], kept["ears"]) == ("merah", "sobek")
    assert "salah telinga" in wrong.text
    done = form_post(vet, url, **{**late, **kept})
    assert done.status_code == 302
    assert "utuh → sobek" in flat(vet.get(done.headers["Location"]).text)
    with app.app_context():
        animal = db.session.get_one(Animal, cow)
        assert (animal.colour, animal.ears) == ("merah", "sobek")


def test_two_tabs_with_a_new_tag_make_one(app: Flask, vet: FlaskClient):
    with app.app_context():
        animal, old = make_animal()
    url = f"/mutasi/ternak/{animal.id}/ganti-tag"
    page = vet.get(url).text
    told = {"id": id_on(page), "why": "lost", "shown": on(page, "shown")}
    assert told["shown"] == old
    with app.app_context(), transaction():
        retag_animal(RetagAnimal(animal_id=animal.id, why=EndReason.LOST), by=OPERATOR)
    wrong = form_post(vet, url, **told)
    assert wrong.status_code == 422
    with app.app_context():
        now_worn = live_tags([animal.id])[animal.id].value
        assert on(wrong.text, "shown") == now_worn
        assert len(mutations_of([animal.id])) == 1
    done = form_post(vet, url, **{**told, "shown": now_worn})
    assert f"/label/?pemilik={animal.keeper_id}" in vet.get(done.headers["Location"]).text


@pytest.mark.usefixtures("context")
def test_a_correction_that_saw_an_older_animal_is_refused():
    cow = make_cow(colour="hitam")
    seen = last_change(cow.id)
    corrected(cow.id, seen, colour="merah")
    with pytest.raises(ChangedMeanwhile):
        corrected(cow.id, seen, colour="putih")
    corrected(cow.id, last_change(cow.id), colour="putih")


@pytest.mark.usefixtures("context")
def test_what_a_permit_says_of_an_animal_is_not_corrected_under_it():
    permit = make_permit(make_office(), PermitState.SUBMITTED)
    animal_id = permit.animals[0].animal_id
    with pytest.raises(AnimalHeld):
        corrected(animal_id, birth_date=(today() - timedelta(days=900)).isoformat())
    corrected(animal_id, colour="putih")


@pytest.mark.usefixtures("context")
def test_a_transfer_happened_within_a_year():
    there = make_village()
    animal, _ = make_animal(there.seller, birth_date=None)
    for days, error in ((367, HappenedTooLongAgo), (-1, HappenedInTheFuture)):
        with pytest.raises(error):
            proposed(there, animal, happened_on=today() - timedelta(days=days))
    assert proposed(there, animal, happened_on=today() - timedelta(days=366))


def test_who_proposes_learns_no_name_from_a_number(app: Flask):
    with app.app_context():
        there = make_village()
        animal, _ = make_animal(there.seller)
        buyer = make_keeper(firm(name="Siti Aminah", nib="9876543210987"))
        mutation = proposed(there, animal, to_keeper_id=buyer.id).id
        by = {
            "seller": signed_in(app, make_user(Role.TRADER, keeper_id=there.seller.id)),
            "buyer": signed_in(app, make_user(Role.TRADER, keeper_id=buyer.id)),
            "vet": signed_in(app, make_user(Role.VET, LUNYUK)),
        }

    def named() -> dict[str, list[bool]]:
        urls = (f"/mutasi/{mutation}", "/mutasi/")
        return {
            who: ["Siti Aminah" in one.get(url).text for url in urls] for who, one in by.items()
        }

    assert named() == {"seller": [False] * 2, "buyer": [True] * 2, "vet": [True] * 2}
    assert "S… A…" in by["seller"].get(f"/mutasi/{mutation}").text
    with app.app_context():
        answered(mutations_of([animal.id])[0], Side.RECEIVER, there.vet)
    assert named()["seller"] == [True] * 2


def test_who_opens_a_transfer_saw_both_sides(app: Flask):
    with app.app_context():
        there = make_village()
        buyer = make_keeper(firm(name="Siti Aminah", nib="9876543210987"))
        mutation = proposed(there, make_animal(there.seller)[0], to_keeper_id=buyer.id)
        vet = make_user(Role.VET, LUNYUK)
    assert signed_in(app, vet).get(f"/mutasi/{mutation.id}").status_code == 200
    with app.app_context():
        asked = select(Event.subject_id).where(Event.name == VIEWED, Event.actor_id == vet.id)
        assert set(db.session.scalars(asked)) == {there.seller.id, buyer.id}


def test_an_account_looks_up_so_many_receivers_an_hour(app: Flask, vet: FlaskClient):
    with app.app_context():
        there = make_village()
        animal = make_animal(there.seller)[0].id
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=there.seller.id))
    url = f"/mutasi/baru/{there.seller.id}"
    told = {
        "id": id_on(owner.get("/mutasi/baru").text), "kind": "sale", "animals": str(animal),
        "happened_on": today().isoformat(),
    }  # fmt: skip
    for _ in range(LOOK_UPS.amount):
        assert form_post(owner, url, **told, receiver="5204999999999999").status_code == 422
    known = form_post(owner, url, **told, receiver=there.buyer.nib)
    assert (known.status_code, 'href="#field-receiver"' in known.text) == (422, True)
    told["id"] = id_on(vet.get(f"/mutasi/baru?pemilik={there.seller.id}").text)
    assert form_post(vet, url, **told, receiver=there.buyer.nib).status_code == 302


def test_what_dropped_out_is_called_refused_and_the_price_was_for_all(app: Flask, vet: FlaskClient):
    with app.app_context():
        there = make_village()
        kept, gone = make_animal(there.seller)[0], make_animal(there.seller)[0]
        mutation = proposed(there, kept, gone, price=18_000_000)
        answered(mutation, Side.GIVER, there.owner, gone.id)
        answered(mutation, Side.RECEIVER, there.trader)
        acknowledged(mutation, there.head)
        url, ids = f"/mutasi/{mutation.id}", (kept.id, gone.id)
    words = [flat(vet.get(f"/mutasi/ternak/{one}").text) for one in ids]
    assert ["Ditolak" in word for word in words] == [False, True]
    for page in (vet.get(url).text, vet.get(f"{url}/surat").text):
        assert "Rp 18.000.000" in flat(page)
        assert "2 " in flat(page).partition("18.000.000")[2][:30]
        assert re.search(r"18\.000\.000[^;]{0,40}2[^;]{0,40}; 1 ", flat(page))
    assert "1 ekor" in flat(vet.get(url).text)


def test_a_birth_names_mother_and_calf_and_counts_one(app: Flask, vet: FlaskClient):
    with app.app_context():
        cow = make_cow()
        tag = spaced(live_tags([cow.id])[cow.id].value)
    url = f"/mutasi/ternak/{cow.id}/kelahiran"
    page = vet.get(url).text
    told = {"sex": "male", "verification": "declared", "happened_on": today().isoformat()}
    done = form_post(vet, url, id=id_on(page), calf_id=on(page, "calf_id"), **told)
    shown = vet.get(done.headers["Location"]).text
    assert "1 ekor" in flat(shown)
    roles = re.findall(r"(Mother|Calf|Induk|Anak)\W+: ", shown) or re.findall(
        r"<span>(\w+): ", shown
    )
    assert len(set(roles)) == 2
    assert tag in flat(shown)
    assert f"/label/?pemilik={cow.keeper_id}" in shown


def test_the_check_page_says_what_is_no_longer_so(app: Flask):
    with app.app_context():
        there = make_village()
        animals = [make_animal(there.seller)[0] for _ in range(3)]
        sale = sold(there, *animals)
        back = Village(
            seller=there.buyer, buyer=there.seller, owner=there.trader, trader=there.owner,
            vet=there.vet, clerk=there.clerk, head=there.head,
        )  # fmt: skip
        url = f"/m/cek/{sale.id}"
    anybody = app.test_client()

    def tones() -> tuple[int, int]:
        page = anybody.get(url).text
        return page.count("tone-success"), page.count("tone-warning")

    assert tones() == (4, 0)
    with app.app_context():
        again = sold(back, animals[0])
        recorded(K.THEFT, animals[1], by=there.vet)
        assert now_known(animals[0]).keeper_id == there.seller.id
    assert tones() == (1, 3)
    with app.app_context():
        with transaction():
            undo_mutation(UndoMutation(mutation_id=again.id, reason="salah"), by=OPERATOR)
        assert mutations_of([animals[0].id])[-1].state is MutationState.UNDONE
    assert tones() == (2, 2)


def test_the_states_in_the_filter_have_a_word_each(app: Flask):
    with app.app_context():
        head = signed_in(app, make_user(Role.VILLAGE_HEAD, LUNYUK_REA))
    page = head.get("/mutasi/").text
    names = re.findall(r"<option[^>]*>([^<]+)<", page[page.index('name="keadaan"') :])
    assert len(names) == len(set(names)) == len(MutationState) + 1


@pytest.mark.usefixtures("context")
def test_the_list_is_by_the_hour_of_recording_and_pages_both_ways(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queries, "SIZE", 2)
    early = uuid7()  # of a form that lay open for long
    made = [recorded(K.THEFT, make_animal()[0], by=OPERATOR).id for _ in range(4)]
    made.append(recorded(K.THEFT, make_animal()[0], by=OPERATOR, id=early).id)
    newest = made[::-1]
    first = queries.mutations(by=OPERATOR)
    assert ([m.id for m in first.items], first.newer) == (newest[:2], None)
    assert first.older
    second = queries.mutations(by=OPERATOR, place=first.older)
    assert second.older
    last = queries.mutations(by=OPERATOR, place=second.older)
    assert ([m.id for m in last.items], last.older) == (newest[4:], None)
    assert last.newer
    back = queries.mutations(by=OPERATOR, place=last.newer)
    pages = [[newest.index(m.id) for m in page.items] for page in (second, back)]
    assert pages == [[2, 3], [2, 3]]
