"""Work packs hold what the work needs: no more, of nowhere else, and as the rights are now."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, event, update

from sijinak.accounts.models import Appointment, Role
from sijinak.animals.models import Animal, AnimalState, IdentifierKind
from sijinak.animals.numbers import LinkNumber, link_number
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from sijinak.field.pack_rows import short_name
from sijinak.keepers.models import KeeperKind
from sijinak.permits.models import PermitState
from sijinak.vaccinations.campaigns.models import (
    Campaign,
    CampaignState,
    CampaignVillage,
    Outbreak,
)
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.stock.models import Holding, Lot
from tests.animals.duplicates.herds import merge
from tests.animals.factories import firm, make_animal, make_keeper, person
from tests.factories import LUNYUK_ODE, LUNYUK_REA, make_user
from tests.field.herds import big_herd
from tests.field.phones import Handset, handset, officer
from tests.permits.factories import make_office, make_permit
from tests.vaccinations.factories import days_ago, doses, history_of, product, vaccinate

ALAS_VILLAGE = "52.04.05.2001"
ANIMAL = (
    "code", "owner", "village", "species", "sex", "born", "pregnant", "numbers", "doses",
    "ships_on", "state",
)  # fmt: skip


def _pack(phone: Handset, *villages: str) -> dict[str, Any]:
    answer = phone.ask(f"/pack?villages={','.join(villages)}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    return dict(answer.json)


def _animals(pack: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row[0]: dict(zip(ANIMAL, row, strict=True)) for row in pack["animals"]}


def _campaign(*villages: str, state: CampaignState = CampaignState.OPEN) -> UUID:
    campaign = Campaign(
        name="Vaksinasi SE 2026",
        disease=Disease.SE,
        region="52.04",
        starts_on=today(),
        ends_on=today() + timedelta(days=30),
        state=state,
        created_at=now(),
    )
    with transaction():
        db.session.add(campaign)
        db.session.flush()
        for village in villages:
            row = CampaignVillage(campaign_id=campaign.id, village=village, target_heads=10)
            db.session.add(row)
    return campaign.id


def _link(animal: Animal, kind: IdentifierKind, value: str) -> None:
    with transaction():
        link_number(LinkNumber(animal_id=animal.id, kind=kind, number=value), by=OPERATOR)


def _fill_bag(officer_id: UUID, number: str, doses: int) -> str:
    """The product of the lot."""
    lot = Lot(product_id=product().id, number=number, expires_on=date(2027, 1, 31))
    with transaction():
        db.session.add(lot)
        db.session.flush()
        db.session.add(Holding(lot_id=lot.id, officer_id=officer_id, doses=doses))
    return str(lot.product_id)


def _outbreak(village: str) -> Outbreak:
    return Outbreak(
        village=village,
        disease=Disease.ANTHRAX,
        found_on=date(2021, 3, 1),
        source="Dinas",
        recorded_at=now(),
    )


@contextmanager
def _statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_an_animal_with_all_that_the_officer_needs(app: Flask):
    phone = handset(app)
    with app.app_context():
        keeper = make_keeper(person(name="Abdul Gani Rahman", hamlet="Sampar Bali"))
        animal, tag = make_animal(keeper, birth_date=date(2022, 5, 1))
        _link(animal, IdentifierKind.EARTAG, "ID 5204 778899")
        vaccinate(doses([animal.id], given_at=days_ago(25)))
        last = vaccinate(doses([animal.id], given_at=days_ago(3))).given_on
        due = history_of(animal.id)[0].next_due
    pack = _pack(phone, LUNYUK_REA)
    found = _animals(pack)[tag]
    assert pack["species"][found["species"]] == "cattle"
    assert (found["sex"], found["born"], found["state"]) == ("m", "2022-05-01", "present")
    assert found["numbers"] == ["ID 5204 778899"]
    assert found["doses"] == {"lsd": [last.isoformat(), due.isoformat()]}
    assert pack["owners"][found["owner"]][1:] == ["Abdul R.", 0, "Sampar Bali"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Abdul Gani Rahman", "Abdul R."),
        ("Salmah", "Salmah"),
        ("I Made Sukarta", "I Made S."),
        ("M. Yusuf Gani", "M. Yusuf G."),
        ("Ni Luh", "Ni Luh"),
    ],
)
def test_owners_are_told_apart_without_their_whole_name(name: str, short: str):
    assert short_name(KeeperKind.PERSON, name) == short
    assert short_name(KeeperKind.GROUP, name) == name


def test_the_bag_and_the_campaigns(app: Flask):
    """Without villages in the question: those of open campaigns, as far as the officer reaches."""
    user = officer(app)
    phone = handset(app, user)
    with app.app_context():
        campaign = str(_campaign(LUNYUK_REA, ALAS_VILLAGE))
        _campaign(LUNYUK_ODE, state=CampaignState.CLOSED)
        product_id = _fill_bag(user.id, "L-77", 50)
        _fill_bag(make_user(Role.VET).id, "L-78", 60)
        with transaction():
            db.session.add(_outbreak(LUNYUK_REA))
    pack = _pack(phone)
    assert pack["villages"] == [
        {"code": LUNYUK_REA, "name": "Lunyuk Rea, Lunyuk", "outbreaks": ["anthrax"]}
    ]
    assert pack["lots"] == [
        {"product": product_id, "number": "L-77", "expires_on": "2027-01-31", "doses": 50}
    ]
    assert [(one["id"], one["villages"]) for one in pack["campaigns"]] == [(campaign, [LUNYUK_REA])]
    label = next(one for one in pack["products"] if one["id"] == product_id)
    assert set(label) == {
        "id", "name", "disease", "doses", "route", "second", "interval", "withdrawal",
        "least_age", "pregnancy", "per_vial",
    }  # fmt: skip
    with app.app_context():
        taken = db.session.query(Event).filter_by(name="field.pack-taken").one()
        assert taken.facts == {"villages": [LUNYUK_REA], "animals": 0}
        assert (taken.subject_id, taken.actor_id) == (phone.id, user.id)


def test_a_pack_betrays_nobody(app: Flask):
    """Canaries: what a phone in the wrong hands must not tell."""
    phone = handset(app)
    with app.app_context():
        canary = make_keeper(
            person(name="Siti Kanari Wulandari", nik="5204026502900007", phone="081234567890",
                   hamlet="Dusun Kenari")
        )  # fmt: skip
        tag = make_animal(canary, special_marks="kanaritanda")[1]
        make_animal(make_keeper(firm(name="CV Lembu Jaya")))
        away = make_keeper(person(name="Budi Jauh", village=ALAS_VILLAGE, hamlet="Kanarirumah"))
        make_animal(away)
    text = json.dumps(_pack(phone, LUNYUK_REA), ensure_ascii=False)
    assert tag in text
    assert "Siti W." in text
    assert "CV Lembu Jaya" in text
    for secret in ("5204026502900007", "0007", "81234567890", "Wulandari", "Kanari", "kanari"):
        assert secret not in text, secret
    owners = {row[1]: row for row in _pack(phone, LUNYUK_REA)["owners"]}
    assert owners["Budi J."][2:] == [None, ""]


def test_villages_out_of_reach_are_left_out(app: Flask):
    user = officer(app)
    phone = handset(app, user)
    with app.app_context():
        near = make_animal(village=LUNYUK_ODE)[1]
        make_animal(make_keeper(person(village=ALAS_VILLAGE)), village=ALAS_VILLAGE)
    pack = _pack(phone, LUNYUK_ODE, ALAS_VILLAGE, "52.04.02.9999", "x' OR 1=1")
    assert [village["code"] for village in pack["villages"]] == [LUNYUK_ODE]
    assert set(_animals(pack)) == {near}
    with app.app_context(), transaction():  # transferred: from now on somewhere else
        moved = update(Appointment).where(Appointment.user_id == user.id)
        db.session.execute(moved.values(region="52.04.05"))
    pack = _pack(phone, LUNYUK_ODE)
    assert (pack["villages"], pack["animals"], pack["owners"]) == ([], [], [])
    status = phone.ask("/status").json
    assert status is not None
    assert status["villages"]
    assert all(code.startswith("52.04.05") for code, _ in status["villages"])


def test_what_travels_and_what_counts(app: Flask):
    phone = handset(app)
    with app.app_context():
        keeper = make_keeper()
        kept, tag = make_animal(keeper)
        gone, gone_tag = make_animal(keeper)
        vaccinate(doses([gone.id], given_at=days_ago(20)))
        merge(kept, gone)
        stolen, stolen_tag = make_animal(keeper)
        dead, _ = make_animal(keeper)
        with transaction():
            for animal, state in ((stolen, AnimalState.STOLEN), (dead, AnimalState.DEAD)):
                db.session.execute(update(Animal).where(Animal.id == animal.id).values(state=state))
    found = _animals(_pack(phone, LUNYUK_REA))
    assert {code: row["state"] for code, row in found.items()} == {
        tag: "present", stolen_tag: "stolen",
    }  # fmt: skip
    assert gone_tag in found[tag]["numbers"]
    assert "lsd" in found[tag]["doses"]


def test_an_animal_that_is_to_be_shipped_says_when(app: Flask):
    phone = handset(app, officer(app, region="52.04"))
    with app.app_context():
        permit = make_permit(make_office(), PermitState.SUBMITTED)
        planned, village, codes = permit.planned_on.isoformat(), permit.region, permit.tags
    found = _animals(_pack(phone, village))
    assert {found[code]["ships_on"] for code in codes} == {planned}


def test_too_many_animals(app: Flask, monkeypatch: pytest.MonkeyPatch):
    phone = handset(app)
    with app.app_context():
        keeper = make_keeper()
        for village in (LUNYUK_REA, LUNYUK_REA, LUNYUK_ODE):
            make_animal(keeper, village=village)
        _campaign(LUNYUK_REA, LUNYUK_ODE)
    small = app.extensions["sijinak.settings"].__class__(field_pack_animals=2)
    monkeypatch.setitem(app.extensions, "sijinak.settings", small)
    refused = phone.ask(f"/pack?villages={LUNYUK_REA},{LUNYUK_ODE}")
    assert (refused.status_code, refused.json["type"]) == (422, "pack-too-large")  # type: ignore[index]
    assert [village["code"] for village in _pack(phone)["villages"]] == [LUNYUK_REA]


def test_a_pack_that_is_the_same_is_not_sent_again(app: Flask):
    phone = handset(app)
    with app.app_context():
        make_animal()
    path = f"/pack?villages={LUNYUK_REA}"
    plain = phone.ask(path)
    packed = phone.ask(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    unpacked, known = json.loads(gzip.decompress(packed.data)), plain.json
    assert known is not None
    assert known.pop("made_at").endswith("Z")
    assert {**known, "made_at": unpacked["made_at"]} == unpacked
    again = {"If-None-Match": packed.headers["ETag"]}
    assert phone.ask(path, headers=again).status_code == 304
    with app.app_context():
        make_animal()
    assert phone.ask(path, headers=again).status_code == 200


def test_no_more_questions_for_more_animals(app: Flask):
    phone = handset(app)
    counts = []
    with app.app_context():
        keeper = make_keeper()
        for heads in (1, 6):
            for _ in range(heads):
                animal, _tag = make_animal(keeper)
                vaccinate(doses([animal.id]))
            with _statements() as seen:
                _pack(phone, LUNYUK_REA)
            counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.slow
def test_twenty_thousand_animals_fit_one_pack(app: Flask):
    phone = handset(app)
    with app.app_context():
        big_herd(20_000, (LUNYUK_REA, LUNYUK_ODE))
    path = f"/pack?villages={LUNYUK_REA},{LUNYUK_ODE}"
    answer = phone.ask(path, headers={"Accept-Encoding": "gzip"})
    assert len(json.loads(gzip.decompress(answer.data))["animals"]) == 20_000
