"""Bans: which ways they close, what they touch before and after they are saved, and their end."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role, User
from sijinak.animals.models import Species
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.health.bans.checking import EndsBeforeItBegins, NoDirection, UnknownArea
from sijinak.health.bans.commands import EnterBan, LiftBan
from sijinak.health.bans.models import Ban, Direction
from sijinak.health.bans.queries import bans_on
from sijinak.health.bans.services import (
    BanIsOver,
    enter_ban,
    lift_ban,
)
from sijinak.health.diseases import Disease
from sijinak.permits.banned import touched_by
from sijinak.permits.models import PermitState
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_REA, REGENCY, actor_for, signed_in
from tests.permits.factories import BEKASI, LOMBOK_TIMUR, make_office, make_permit

ALAS = "52.04.05"
D = Direction


def banning(**fields: Any) -> EnterBan:
    defaults: dict[str, Any] = {
        "region": LUNYUK, "disease": Disease.PMK, "directions": (D.OUT,),
        "legal_basis": "SE Bupati 7/2026", "valid_from": today(),
    }  # fmt: skip
    return EnterBan(**{**defaults, **fields})


def enter(**fields: Any) -> Ban:
    kabid = actor_for(Role.KABID, REGENCY)
    with transaction():
        return enter_ban(banning(**fields), by=kabid)


def closes(origin: str, destination: str, day: date | None = None, **way: Any) -> bool:
    species = way.pop("species", Species.CATTLE)
    return bool(bans_on(origin, destination, species, day or today(), **way))


@pytest.mark.parametrize(
    ("direction", "origin", "destination", "via"),
    [
        (D.OUT, LUNYUK_REA, BEKASI, ()),
        (D.INTO, ALAS, LUNYUK_REA, ()),
        (D.WITHIN, LUNYUK_REA, LUNYUK, ()),
        (D.THROUGH, ALAS, BEKASI, (LUNYUK_REA,)),
    ],
)
def test_a_ban_closes_its_own_direction_only(
    context: Flask, direction: Direction, origin: str, destination: str, via: tuple[str, ...]
):
    ban = enter(directions=tuple(one for one in D if one is not direction))
    assert not closes(origin, destination, via=via)
    enter(directions=(direction,))
    assert closes(origin, destination, via=via)
    assert not closes(ALAS, BEKASI)
    assert ban.region == LUNYUK


def test_codes_that_only_begin_alike_are_other_areas(context: Flask):
    enter(region="52.04.02.2001")
    assert closes("52.04.02.2001", BEKASI)
    assert not closes("52.04.02.20011", BEKASI)
    assert not closes("52.04.02.2002", BEKASI)


def test_species_and_days_bound_it(context: Flask):
    enter(species=Species.CATTLE, valid_until=today() + timedelta(days=2))
    assert not closes(LUNYUK_REA, BEKASI, species=Species.GOAT)
    days = {n: closes(LUNYUK_REA, BEKASI, today() + timedelta(days=n)) for n in (-1, 0, 2, 3)}
    assert days == {-1: False, 0: True, 2: True, 3: False}


def test_a_lifted_ban_closes_nothing_more(context: Flask):
    ban, kabid = enter(), actor_for(Role.KABID, REGENCY)
    yesterday = today() - timedelta(days=1)
    with transaction():
        lift_ban(LiftBan(ban_id=ban.id, because="Bebas menurut laboratorium"), by=kabid)
    assert not closes(LUNYUK_REA, BEKASI)
    with clock.reading(now() - timedelta(days=1)):
        assert not closes(LUNYUK_REA, BEKASI, yesterday)  # it began today
    with pytest.raises(BanIsOver), transaction():
        lift_ban(LiftBan(ban_id=ban.id, because="x"), by=kabid)


def test_who_may_and_what_is_wrong(context: Flask):
    kabid = actor_for(Role.KABID, REGENCY)
    near, desk = actor_for(Role.KABID, LUNYUK), actor_for(Role.PERMIT_DESK, REGENCY)
    with pytest.raises(Forbidden), transaction():
        enter_ban(banning(), by=desk)
    with pytest.raises(Forbidden), transaction():
        enter_ban(banning(region=ALAS), by=near)
    with transaction():
        enter_ban(banning(region=LOMBOK_TIMUR, directions=(D.INTO,)), by=kabid)
    with pytest.raises(UnknownArea), transaction():
        enter_ban(banning(region="99.99"), by=kabid)
    with pytest.raises(NoDirection), transaction():
        enter_ban(banning(directions=()), by=kabid)
    with pytest.raises(EndsBeforeItBegins), transaction():
        enter_ban(banning(valid_until=today() - timedelta(days=1)), by=kabid)


def test_it_touches_what_is_open_and_what_is_issued(context: Flask):
    office = make_office()
    issued = make_permit(office, PermitState.ISSUED)
    submitted = make_permit(office, PermitState.SUBMITTED)
    make_permit(office, PermitState.DRAFT)
    make_permit(office, PermitState.CANCELLED)
    make_permit(office, PermitState.DEPARTED)
    found = touched_by(banning(), by=office.kabid)
    assert [permit.id for permit in found] == [issued.id, submitted.id]
    assert not touched_by(banning(species=Species.GOAT), by=office.kabid)
    assert not touched_by(banning(directions=(D.INTO,)), by=office.kabid)
    assert not touched_by(banning(), by=actor_for(Role.KABID, ALAS))
    later = banning(valid_from=today() + timedelta(days=200))
    assert issued.id not in {permit.id for permit in touched_by(later, by=office.kabid)}


def test_the_way_from_the_form_to_a_revoked_permit(app: Flask, context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ISSUED)
    kabid = signed_in(app, db.session.get_one(User, office.kabid.id))
    form = {
        "id": id_on(kabid.get("/larangan/baru").text), "region": LUNYUK, "directions": "out",
        "disease": "pmk", "legal_basis": "SE Bupati 7/2026", "valid_from": today().isoformat(),
    }  # fmt: skip
    wrong = form_post(kabid, "/larangan/baru", page="/larangan/baru", **{**form, "disease": ""})
    assert wrong.status_code == 422
    assert "SE Bupati 7/2026" in wrong.text
    preview = form_post(kabid, "/larangan/baru", page="/larangan/baru", **form)
    assert str(permit.number) in preview.text
    assert db.session.query(Ban).count() == 0
    saved = form_post(kabid, "/larangan/baru", page="/larangan/baru", sure="true", **form)
    page = saved.headers["Location"]
    assert f"/izin/{permit.id}" in kabid.get(page).text
    form_post(
        kabid, f"{page}/izin/{permit.id}", page=page, id=id_on(kabid.get(page).text),
    )  # fmt: skip
    db.session.refresh(permit)
    assert permit.state is PermitState.REVOKED
    assert "SE Bupati 7/2026" in permit.last_note
    assert "SE Bupati 7/2026" in app.test_client().get("/larangan/berlaku").text


def test_nobody_else_revokes_behind_a_ban(app: Flask, context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ISSUED)
    ban = enter(region=ALAS)  # this one does not touch it
    kabid = signed_in(app, db.session.get_one(User, office.kabid.id))
    page = f"/larangan/{ban.id}"
    form_post(kabid, f"{page}/izin/{permit.id}", page=page, id=id_on(kabid.get(page).text))
    db.session.refresh(permit)
    assert permit.state is PermitState.ISSUED
