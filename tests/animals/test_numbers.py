"""Ear tags, RFID and old cards: linked, ended, found."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, EndReason, Identifier, IdentifierKind
from sijinak.animals.naming import EartagTaken, NotAnRfid
from sijinak.animals.numbers import (
    EndNumber,
    LinkNumber,
    TagByRetagging,
    WearsOneAlready,
    end_number,
    link_number,
)
from sijinak.animals.queries import live_tags
from sijinak.animals.record import animals_named
from sijinak.animals.services import NotPresent
from sijinak.core.codes import new_tag_code, spaced
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_animal, make_keeper
from tests.animals.states import die
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in

RFID = "360000000123456"


def link(
    animal: Animal, number: str, kind: IdentifierKind = IdentifierKind.EARTAG, **fields: UUID
) -> Identifier:
    with transaction():
        command = LinkNumber(animal_id=animal.id, kind=kind, number=number, **fields)
        return link_number(command, by=OPERATOR)


def end(number: Identifier, reason: EndReason = EndReason.LOST) -> Identifier:
    with transaction():
        command = EndNumber(animal_id=number.animal_id, identifier_id=number.id, reason=reason)
        return end_number(command, by=OPERATOR)


def test_an_animal_is_found_by_each_of_its_numbers_in_any_spelling(context: Flask):
    animal, tag = make_animal()
    other, _ = make_animal()
    for kind, number in (
        (IdentifierKind.EARTAG, "id 5204 0001"),
        (IdentifierKind.RFID, "360 000000123456"),
        (IdentifierKind.OLD_CARD, "B/12/1998"),
    ):
        link(animal, number, kind)
    for text in (tag, spaced(tag).lower(), "ID 5204  0001", RFID, "b/12/1998"):
        assert animals_named(text, by=OPERATOR) == [animal.id], text
    for text in ("", "ID 5204", "360000000123457", new_tag_code(), other.colour):
        assert animals_named(text, by=OPERATOR) == [], text


def test_a_number_that_ended_still_leads_to_its_animal(context: Flask):
    animal, _ = make_animal()
    ended = end(link(animal, "ID1"))
    assert (ended.ended_at is not None, ended.end_reason) == (True, EndReason.LOST)
    assert animals_named("ID1", by=OPERATOR) == [animal.id]


def test_numbers_out_of_reach_find_nothing(context: Flask):
    animal, _ = make_animal()
    link(animal, "ID1")
    assert animals_named("ID1", by=actor_for(Role.VET, LUNYUK)) == [animal.id]
    assert animals_named("ID1", by=actor_for(Role.VET, LUNYUK_ODE)) == []


def test_a_number_is_never_given_to_a_second_animal(context: Flask):
    animal, other = make_animal()[0], make_animal()[0]
    number = link(animal, "ID1")
    with pytest.raises(EartagTaken):
        link(other, "id1")
    end(number)
    with pytest.raises(EartagTaken):
        link(other, "ID1")
    assert link(animal, "ID1").ended_at is None, "it fell off and was found again"


def test_a_number_linked_by_mistake_goes_where_it_belongs(context: Flask):
    animal, other = make_animal()[0], make_animal()[0]
    end(link(animal, "ID1"), EndReason.MISTAKE)
    assert link(other, "ID1").animal_id == other.id
    assert animals_named("ID1", by=OPERATOR) == [other.id]


def test_an_animal_wears_one_ear_tag_but_may_have_many_old_cards(context: Flask):
    animal, _ = make_animal(eartag="ID1")
    with pytest.raises(WearsOneAlready):
        link(animal, "ID2")
    link(animal, "1", IdentifierKind.OLD_CARD)
    link(animal, "2", IdentifierKind.OLD_CARD)


def test_what_cannot_be_linked_or_ended_here_is_refused(context: Flask):
    animal, tag = make_animal()
    for number in ("123", "36000000012345X", "360274877906944"):
        with pytest.raises(NotAnRfid):
            link(animal, number, IdentifierKind.RFID)
    with pytest.raises(TagByRetagging):
        link(animal, new_tag_code(), IdentifierKind.TAG)
    with pytest.raises(TagByRetagging):
        end(live_tags([animal.id])[animal.id])
    die(animal)
    with pytest.raises(NotPresent):
        link(animal, "ID1")
    assert live_tags([animal.id])[animal.id].value == tag


def test_the_same_link_and_the_same_end_are_done_once(context: Flask):
    animal, _ = make_animal()
    command = LinkNumber(animal_id=animal.id, kind=IdentifierKind.EARTAG, number="ID1")
    for _ in range(2):
        with transaction():
            linked = link_number(command, by=OPERATOR)
    ending = EndNumber(animal_id=animal.id, identifier_id=linked.id, reason=EndReason.BROKEN)
    for _ in range(2):
        with transaction():
            end_number(ending, by=OPERATOR)
    named = select(Event.name).where(Event.subject_id == animal.id).order_by(Event.id)
    assert list(db.session.scalars(named))[1:] == ["animal.number-linked", "animal.number-ended"]


def test_only_who_registers_there_may_link_and_end(context: Flask):
    animal, _ = make_animal()
    number = link(animal, "ID1")
    for actor, error in (
        (actor_for(Role.VET, LUNYUK_ODE), NotFound),
        (actor_for(Role.AUDITOR), Forbidden),
        (actor_for(Role.TRADER, keeper_id=animal.keeper_id), Forbidden),
    ):
        with pytest.raises(error), transaction():
            link_number(
                LinkNumber(animal_id=animal.id, kind=IdentifierKind.OLD_CARD, number="1"), by=actor
            )
        with pytest.raises(error), transaction():
            end_number(
                EndNumber(animal_id=animal.id, identifier_id=number.id, reason=EndReason.LOST),
                by=actor,
            )


def test_of_two_who_link_one_number_at_once_one_wins(context: Flask):
    keeper = make_keeper()
    ids = [make_animal(keeper)[0].id for _ in range(2)]
    together = Barrier(2)

    def one(animal_id: UUID) -> str:
        with context.app_context():
            together.wait()
            command = LinkNumber(animal_id=animal_id, kind=IdentifierKind.EARTAG, number="ID1")
            try:
                with transaction():
                    link_number(command, by=OPERATOR)
            except (EartagTaken, Clash):
                return "refused"
            return "linked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ids)) == ["linked", "refused"]
    with transaction():  # sees what the other threads did
        assert len(animals_named("ID1", by=OPERATOR)) == 1


def test_of_two_who_link_a_mistaken_number_at_once_one_wins(context: Flask):
    keeper = make_keeper()
    wrong, *others = (make_animal(keeper)[0] for _ in range(3))
    end(link(wrong, "ID1"), EndReason.MISTAKE)
    ids = [other.id for other in others]
    together = Barrier(2)
    db.session.remove()

    def one(animal_id: UUID) -> str:
        with context.app_context():
            together.wait()
            command = LinkNumber(animal_id=animal_id, kind=IdentifierKind.EARTAG, number="ID1")
            try:
                with transaction():
                    link_number(command, by=OPERATOR)
            except (EartagTaken, Clash):
                return "refused"
            return "linked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ids)) == ["linked", "refused"]


def test_an_officer_links_an_unknown_number_and_ends_it(app: Flask):
    with app.app_context():
        animal, tag = make_animal()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    offered = vet.get("/ternak/?cari=ID-77").text
    assert "/ternak/nomor?nomor=ID-77" in offered
    assert "/ternak/baru?nomor=ID-77" in offered
    page = vet.get("/ternak/nomor?nomor=ID-77").text
    typed = {"id": id_on(page), "kind": "eartag", "number": "ID-77"}
    refused = form_post(vet, "/ternak/nomor", **typed, animal="nothing")
    assert (refused.status_code, 'value="ID-77"' in refused.text) == (422, True)
    assert 'id="error-animal"' in refused.text
    done = form_post(vet, "/ternak/nomor", **typed, animal=spaced(tag))
    assert done.location == f"/ternak/{animal.id}/"
    record = vet.get(done.location).text
    ending = record.split(f'href="/ternak/{animal.id}/nomor/')[1].split('"')[0]
    address = f"/ternak/{animal.id}/nomor/{ending}"
    assert form_post(vet, address, id=id_on(vet.get(address).text)).status_code == 422
    ended = form_post(vet, address, id=id_on(vet.get(address).text), reason="lost")
    assert ended.status_code == 302
    assert vet.get("/ternak/?cari=id-77").location == f"/t/{tag}"
    assert vet.get(address).status_code == 404, "it ended already"


def test_an_unknown_number_goes_into_the_form_once_the_owner_is_chosen(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    for number, field in ((new_tag_code(), "tag"), (RFID, "rfid"), ("ID-77", "eartag")):
        assert vet.get(f"/ternak/baru?nomor={number}").location == "/peternak/"
        page = vet.get(f"/ternak/baru?pemilik={keeper.id}").text
        assert f'name="{field}" type="text" value="{number}"' in page
