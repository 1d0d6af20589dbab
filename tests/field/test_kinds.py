"""Each kind of record at the door: right, wrong, out of reach, twice; undone and taken in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, Identifier
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.field.models import FieldRecord, Review
from sijinak.field.reviewing import StillHindered, TakeInRecord, take_in_record
from sijinak.keepers.models import Keeper
from sijinak.vaccinations.findings.models import Finding
from sijinak.vaccinations.models import VaccinationAct
from sijinak.vaccinations.stock.models import ColdReading, DoseMove, Lot
from sijinak.vaccinations.visits.models import HeadCount, Reaction, VisitResult
from tests.animals.factories import make_animal
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.field.doors import open_reviews, phone_with_outbox, reasons, send, verdicts
from tests.field.saying import (
    NEW_TAG,
    Said,
    heads,
    link,
    owner,
    reaction,
    registration,
    result,
    waste,
)
from tests.vaccinations.factories import product

ELSEWHERE = "52.04.05.2001"
NOWHERE = "7K3M9QX45J"
BYTES = bytes | memoryview


class World:
    """An animal, one of another kecamatan, their owners, and a lot in the books."""

    def __init__(self) -> None:
        self.product = product().id
        animal, self.tag = make_animal()
        _, self.far_tag = make_animal(village=ELSEWHERE)
        self.keeper = animal.keeper_id
        with transaction():
            lot = Lot(product_id=self.product, number="L-1", expires_on=today() + timedelta(days=9))
            db.session.add(lot)


Saying = Callable[[World], Said]
KINDS: dict[str, tuple[Any, Saying]] = {
    "heads": (HeadCount, lambda w: heads(w.product)),
    "result": (VisitResult, lambda w: result(w.tag)),
    "reaction": (Reaction, lambda w: reaction(w.tag)),
    "link": (Identifier, lambda w: link(w.tag)),
    "registration": (Animal, lambda w: registration(keeper=str(w.keeper))),
    "waste": (DoseMove, lambda w: waste(w.product)),
    "temperature": (ColdReading, lambda _: {"tenths": 43}),
}
# What cannot be read is rejected; everything else waits for a person, who reads why.
WRONG: list[tuple[str, Saying, str]] = [
    ("heads", lambda w: heads(w.product, heads=0), "rejected"),
    ("heads", lambda w: heads(w.product, lot=" "), "rejected"),
    ("heads", lambda _: heads(uuid7()), "unknown-product"),
    ("heads", lambda w: heads(w.product, village=ELSEWHERE), "out-of-reach"),
    ("heads", lambda w: heads(w.product, keeper=str(uuid7())), "out-of-reach"),
    ("result", lambda w: result(w.tag, outcome="asleep"), "rejected"),
    ("result", lambda w: result(w.tag, reason=""), "refusal-reason-missing"),
    ("result", lambda _: result(None), "species-missing"),
    ("result", lambda _: result(NOWHERE), "unknown-tag"),
    ("result", lambda w: result(w.far_tag), "out-of-reach"),
    ("result", lambda w: result(w.tag, next_visit="2020-01-01"), "next-visit-too-early"),
    ("reaction", lambda w: reaction(w.tag, severity="odd"), "rejected"),
    ("reaction", lambda w: reaction(w.tag, signs=" "), "rejected"),
    ("reaction", lambda _: reaction(NOWHERE), "unknown-tag"),
    ("reaction", lambda w: reaction(w.far_tag), "out-of-reach"),
    ("link", lambda w: link(w.tag, **{"as": "barcode"}), "rejected"),
    ("link", lambda w: link(w.tag, **{"as": "tag"}), "needs-retag"),
    ("link", lambda w: link(w.tag, **{"as": "rfid"}), "not-an-rfid"),
    ("link", lambda _: link(NOWHERE), "unknown-tag"),
    ("link", lambda w: link(w.far_tag), "out-of-reach"),
    ("registration", lambda _: registration(species="dragon"), "rejected"),
    ("registration", lambda _: registration(owner={"name": "Abdul"}), "rejected"),
    ("registration", lambda _: registration(), "owner-missing"),
    ("registration", lambda _: registration(owner=owner(nik="")), "nik-missing"),
    ("registration", lambda _: registration(owner=owner(nik="5204")), "not-a-nik-length"),
    ("registration", lambda w: registration(keeper=str(w.keeper), code=w.tag), "tag-taken"),
    ("registration", lambda w: registration(keeper=str(w.keeper), code="X"), "not-a-tag-code"),
    (
        "registration",
        lambda w: registration(keeper=str(w.keeper), village=ELSEWHERE),
        "out-of-reach",
    ),
    (
        "registration",
        lambda w: registration(keeper=str(w.keeper), sex="male", is_pregnant=True),
        "male-is-pregnant",
    ),
    ("waste", lambda w: waste(w.product, doses=0), "rejected"),
    ("waste", lambda w: waste(w.product, reason="spilt"), "rejected"),
    ("waste", lambda w: waste(w.product, lot="L-9"), "unknown-lot"),
    ("temperature", lambda _: {"tenths": 4.3}, "rejected"),
    ("temperature", lambda _: {"tenths": 20_000}, "rejected"),
]


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_is_recorded_once(app: Flask, kind: str):
    phone, box = phone_with_outbox(app)
    table, saying = KINDS[kind]
    with app.app_context():
        box.add(kind, saying(World()))
        before = count(table)
    assert verdicts(send(phone, box.batch())) == ["accepted"]
    assert verdicts(send(phone, box.batch())) == ["duplicate"]
    with app.app_context():
        assert count(table) == before + 1


@pytest.mark.parametrize(("kind", "saying", "verdict"), WRONG)
def test_what_is_wrong_is_told_and_stops_no_neighbour(
    app: Flask, kind: str, saying: Saying, verdict: str
):
    phone, box = phone_with_outbox(app)
    table, right = KINDS[kind]
    with app.app_context():
        world = World()
        box.add(kind, saying(world))
        box.add(kind, right(world))
        before = count(table)
        head = signed_in(app, make_user(Role.KABID))
    assert verdicts(send(phone, box.batch())) == [verdict, "accepted"]
    assert verdicts(send(phone, box.batch(box.records[:1]))) == (
        ["rejected"] if verdict == "rejected" else [verdict]
    )
    with app.app_context():
        assert count(table) == before + 1
    for review in open_reviews(app):
        page = head.get(f"/lapangan/kantor/periksa/{review}")
        assert (page.status_code, verdict in page.text) == (200, False)


def test_a_number_that_an_animal_wears_already_is_told_with_that_number(app: Flask):
    phone, box = phone_with_outbox(app)
    with app.app_context():
        world = World()
        head = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    box.add("link", link(world.tag))
    box.add("link", link(world.tag, text="ID5200000002"))
    assert verdicts(send(phone, box.batch())) == ["accepted", "wears-one-already"]
    page = head.get(f"/lapangan/kantor/periksa/{open_reviews(app)[0]}").text
    assert "ID5200000001" in page


@pytest.mark.parametrize("spelling", ["5204021503800091", "5204 0215 0380 0091"])
def test_a_new_owner_is_registered_once_for_all_their_animals(app: Flask, spelling: str):
    phone, box = phone_with_outbox(app)
    for code, nik in ((NEW_TAG, "5204021503800091"), ("", spelling)):
        box.add("registration", registration(code=code, owner=owner(nik=nik)))
    assert verdicts(send(phone, box.batch())) == ["accepted"] * 2
    with app.app_context():
        (keeper,) = db.session.scalars(select(Keeper))
        assert {one.keeper_id for one in db.session.scalars(select(Animal))} == {keeper.id}
        assert (keeper.name, keeper.nik) == ("Abdul Gani", "5204021503800091")


def test_the_office_completes_a_registration_without_a_nik(app: Flask):
    phone, box = phone_with_outbox(app)
    box.add("registration", registration(owner=owner(nik="")))
    box.vaccinate(NEW_TAG, product_of(app))
    assert verdicts(send(phone, box.batch())) == ["nik-missing", "unknown-tag"]
    registered, dose = open_reviews(app)
    with app.app_context():
        head = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        address = f"/lapangan/kantor/periksa/{registered}"
        page = head.get(address).text
        assert "Abdul Gani" in page
        answers = {"id": id_on(page), "review_id": str(registered)}
        wrong = form_post(head, f"{address}/terima", page=address, **answers, nik="520402")
        assert (wrong.status_code, 'id="error-nik"' in wrong.text) == (422, True)
        done = form_post(head, f"{address}/terima", page=address, **answers, nik="5204021503800091")
        assert done.status_code == 302
        other = actor_for(Role.UPT_HEAD, LUNYUK)
        with transaction():
            take_in_record(TakeInRecord(review_id=dose), by=other)
        assert (count(Animal), count(VaccinationAct)) == (1, 1)
        assert "5204021503800091" not in str(list(db.session.scalars(select(Review.note))))
    assert reasons(app) == []


def product_of(app: Flask) -> UUID:
    with app.app_context():
        return product().id


def test_what_was_out_of_reach_is_taken_in_by_the_office_there(app: Flask):
    phone, box = phone_with_outbox(app)
    with app.app_context():
        box.add("heads", heads(product().id, village=ELSEWHERE))
    send(phone, box.batch())
    (review,) = open_reviews(app)
    with app.app_context():
        head = actor_for(Role.UPT_HEAD, "52.04.05")
        with transaction():
            take_in_record(TakeInRecord(review_id=review), by=head)
        assert db.session.scalars(select(HeadCount.by_id)).one() == box.author


def test_the_office_hears_again_what_still_hinders(app: Flask):
    phone, box = phone_with_outbox(app)
    with app.app_context():
        box.add("waste", waste(product().id))
    send(phone, box.batch())
    (review,) = open_reviews(app)
    with app.app_context():
        head = actor_for(Role.UPT_HEAD, LUNYUK)
        with pytest.raises(StillHindered) as hindered, transaction():
            take_in_record(TakeInRecord(review_id=review), by=head)
        assert hindered.value.code == "unknown-lot"


@pytest.mark.parametrize(("lot", "days", "kinds"), [
    ("L-9", 9, {"lot-unknown"}),
    ("l - 1", 9, {"stock-short"}),
    ("L-1", -9, {"lot-expired", "stock-short"}),
])  # fmt: skip
def test_counted_heads_use_doses_and_are_remarked_like_doses(
    app: Flask, lot: str, days: int, kinds: set[str]
):
    phone, box = phone_with_outbox(app)
    with app.app_context():
        world = World()
        with transaction():
            db.session.scalars(select(Lot)).one().expires_on = today() + timedelta(days=days)
    first, second = (box.add("heads", heads(world.product, lot=lot)) for _ in range(2))
    assert verdicts(send(phone, box.batch())) == ["accepted"] * 2
    with app.app_context():
        found = list(db.session.scalars(select(Finding)))
        act = db.session.scalars(select(VaccinationAct)).one()
        moved = sum(db.session.scalars(select(DoseMove.doses)))
    assert {one.kind for one in found} == kinds
    assert {one.act_id for one in found} == {act.id}
    about = {str(one.subject_id) for one in found if one.kind != "stock-short"}
    assert about <= {str(act.id)}
    assert moved == (0 if lot == "L-9" else 14)
    assert first != second


def test_no_books_no_remarks(app: Flask):
    phone, box = phone_with_outbox(app)
    with app.app_context():
        box.add("heads", heads(product().id))
    send(phone, box.batch())
    with app.app_context():
        assert count(Finding) == 0


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_what_may_name_a_person_is_kept_sealed(app: Flask, verdict: str):
    phone, box = phone_with_outbox(app)
    person = owner(name="Rahmat Hidayat", nik="5204021503800001", hamlet="Dusun Brang")
    species = "cattle" if verdict == "accepted" else "dragon"
    box.add("registration", registration(owner=person, species=species))
    assert verdicts(send(phone, box.batch())) == [verdict]
    with app.app_context():
        rows = db.session.execute(text("SELECT * FROM field_records")).all()
        kept = [
            bytes(c).decode(errors="replace") if isinstance(c, BYTES) else str(c) for c in rows[0]
        ]
        assert not [word for word in ("Rahmat", person["nik"], "Brang") if word in "".join(kept)]
        assert person["nik"] in db.session.scalars(select(FieldRecord)).one().body
