"""Dated delegations: who may give what to whom, and what they give on which day."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.delegating import (
    EndDelegation,
    GiveDelegation,
    LongerThanAppointment,
    NotYours,
    OfficeHeld,
    OutsideAppointment,
    ProfessionNeeded,
    SamePersonTwice,
    TakerUnfit,
    end_delegation,
    give_delegation,
)
from sijinak.accounts.mandates import AdministratorSigns, NoMandate, mandate_of
from sijinak.accounts.models import Appointment, Delegation, Manner, Role, User
from sijinak.accounts.queries import SignedIn, delegated_to
from sijinak.accounts.services import NotYourOwn, end_appointment
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound, SijinakError
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, Actor, Permission, may
from tests.factories import LUNYUK, LUNYUK_REA, REGENCY, actor_for

DECIDE = Permission.PERMIT_DECIDE
LAST = timedelta(days=6)


@pytest.fixture(autouse=True)
def _in_app(context: Flask) -> Flask:
    return context


def held_by(who: Actor | User) -> Appointment:
    return db.session.scalars(select(Appointment).where(Appointment.user_id == who.id)).one()


def offer(giver: Actor | User, taker: Actor | User, **fields: Any) -> GiveDelegation:
    usual: dict[str, Any] = {
        "appointment_id": held_by(giver).id,
        "taker_id": taker.id,
        "manner": Manner.PLH,
        "permissions": (DECIDE,),
        "region": REGENCY,
        "decree": "ST 800/12/2026",
        "decree_on": today(),
        "valid_from": today(),
        "valid_until": today() + LAST,
    }
    return GiveDelegation(**{**usual, **fields})


def give(giver: Any, taker: Any, by: Any = None, **fields: Any) -> Delegation:
    with transaction():
        return give_delegation(offer(giver, taker, **fields), by=by or giver)


def may_decide(who: SignedIn, region: str = LUNYUK_REA) -> bool:
    """As the person's next request finds it."""
    return may(replace(who, delegated=delegated_to(who.id)), DECIDE, region=region)


@pytest.fixture
def kadis() -> SignedIn:
    return actor_for(Role.KADIS)


@pytest.fixture
def kabid() -> SignedIn:
    return actor_for(Role.KABID)


def test_the_delegate_signs_in_the_holders_place(kadis: SignedIn, kabid: SignedIn):
    assert not may_decide(kabid)
    with pytest.raises(NoMandate):
        mandate_of(kabid.id, DECIDE, LUNYUK_REA, today())
    given = give(kadis, kabid)
    mandate = mandate_of(kabid.id, DECIDE, LUNYUK_REA, today())
    assert (mandate.role_title, mandate.on_behalf_of, mandate.decree) == (
        "Plh. Kepala Dinas", kadis.name, "ST 800/12/2026",
    )  # fmt: skip
    assert mandate.people == {kadis.id, kabid.id}
    assert may_decide(kabid)
    event = db.session.scalars(select(Event).where(Event.name == "delegation.given")).one()
    assert (event.subject_id, event.actor_id) == (given.id, kadis.id)
    assert kabid.name not in str(event.facts)
    assert mandate_of(kadis.id, DECIDE, LUNYUK_REA, today()).on_behalf_of == ""


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (6, True), (7, False)])
def test_it_holds_on_its_days_alone(kadis: SignedIn, kabid: SignedIn, days: int, holds: object):
    give(kadis, kabid, valid_from=today(), valid_until=today() + LAST)
    with clock.reading(now() + timedelta(days=days)):
        assert may_decide(kabid) is holds
        if not holds:
            with pytest.raises(NoMandate):
                mandate_of(kabid.id, DECIDE, LUNYUK_REA, today())


def test_it_holds_in_its_region_and_for_what_was_given(kadis: SignedIn, kabid: SignedIn):
    give(kadis, kabid, region=LUNYUK)
    assert may_decide(kabid)
    assert not may_decide(kabid, "52.04.05.2001")
    with pytest.raises(NoMandate):
        mandate_of(kabid.id, DECIDE, "52.04.05.2001", today())
    with pytest.raises(NoMandate):
        mandate_of(kabid.id, Permission.SHEET_SIGN, LUNYUK_REA, today())


def test_it_ends_at_once_with_a_reason(kadis: SignedIn, kabid: SignedIn):
    given = give(kadis, kabid)
    ending = EndDelegation(delegation_id=given.id, reason="Sudah kembali")
    for stranger, error in ((kabid, Forbidden), (actor_for(Role.ADMINISTRATOR, LUNYUK), Forbidden)):
        with pytest.raises(error), transaction():
            end_delegation(ending, by=stranger)
    for _ in range(2):
        with transaction():
            end_delegation(ending, by=kadis)
    assert not may_decide(kabid)
    told = list(db.session.scalars(select(Event).where(Event.name == "delegation.ended")))
    assert [event.facts["reason"] for event in told] == ["Sudah kembali"]


def test_it_falls_with_the_appointment_it_hangs_on(kadis: SignedIn, kabid: SignedIn):
    give(kadis, kabid)
    with transaction():
        end_appointment(held_by(kadis).id, by=OPERATOR)
    assert not may_decide(kabid)
    with pytest.raises(NoMandate):
        mandate_of(kabid.id, DECIDE, LUNYUK_REA, today())


def test_a_plt_stands_in_for_an_office_without_a_holder(kadis: SignedIn, kabid: SignedIn):
    with pytest.raises(OfficeHeld):
        give(kadis, kabid, manner=Manner.PLT, by=OPERATOR)
    with transaction():
        end_appointment(held_by(kadis).id, by=OPERATOR)
    with pytest.raises(OfficeHeld):  # who left names no one after them
        give(kadis, kabid, manner=Manner.PLT)
    with pytest.raises(LongerThanAppointment):
        give(kadis, kabid, by=OPERATOR)
    give(kadis, kabid, manner=Manner.PLT, by=OPERATOR)
    assert mandate_of(kabid.id, DECIDE, LUNYUK_REA, today()).role_title == "Plt. Kepala Dinas"
    assert may_decide(kabid)


def test_a_delegation_is_not_handed_on(kadis: SignedIn, kabid: SignedIn):
    """The delegate's own appointment does not give it, and the giver's is not theirs."""
    give(kadis, kabid)
    third = actor_for(Role.VET)
    with pytest.raises(NotYours):
        give(kabid, third)
    with pytest.raises(Forbidden):
        give(kadis, third, by=kabid)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"permissions": ()}, NotYours),
        ({"permissions": (DECIDE, Permission.SHEET_SIGN)}, NotYours),
        ({"permissions": (Permission.ANIMAL_READ,)}, NotYours),  # held, but nothing to sign
        ({"region": "52"}, OutsideAppointment),
        ({"region": "52.05"}, OutsideAppointment),
        ({"valid_from": today() - timedelta(days=4000)}, LongerThanAppointment),
    ],
)
def test_only_what_the_appointment_gives(
    kadis: SignedIn, kabid: SignedIn, fields: dict[str, Any], error: type[SijinakError]
):
    with pytest.raises(error):
        give(kadis, kabid, **fields)


def test_not_beyond_the_last_day_of_the_appointment(kadis: SignedIn, kabid: SignedIn):
    with transaction():
        held_by(kadis).valid_until = today() + timedelta(days=5)
    with pytest.raises(LongerThanAppointment):
        give(kadis, kabid)
    give(kadis, kabid, valid_until=today() + timedelta(days=5))


@pytest.mark.parametrize("role", [Role.TRADER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_some_stand_in_for_nobody(kadis: SignedIn, role: Role):
    with pytest.raises(TakerUnfit):
        give(kadis, actor_for(role))


def test_nobody_gives_to_themselves(kadis: SignedIn, kabid: SignedIn):
    with pytest.raises(SamePersonTwice):
        give(kadis, kadis)
    admin = actor_for(Role.ADMINISTRATOR)
    with pytest.raises(NotYourOwn):
        give(kadis, admin, by=admin)
    closed = actor_for(Role.KABID, is_active=False)
    with pytest.raises(TakerUnfit):
        give(kadis, closed)
    given = give(kadis, kabid)
    with pytest.raises(IntegrityError), db.engine.begin() as raw:  # nor the database
        raw.execute(text("UPDATE delegations SET taker_id = giver_id"))
    assert given.taker_id == kabid.id


def test_a_letter_of_health_stays_with_veterinarians(kabid: SignedIn):
    vet, other = actor_for(Role.VET), actor_for(Role.VET, LUNYUK)
    certify = (Permission.PERMIT_CERTIFY,)
    with pytest.raises(ProfessionNeeded):
        give(vet, kabid, permissions=certify)
    give(vet, other, permissions=certify)
    mandate = mandate_of(other.id, Permission.PERMIT_CERTIFY, "52.04.05.2001", today())
    assert mandate.on_behalf_of == vet.name


def test_who_becomes_an_administrator_signs_no_more(kadis: SignedIn, kabid: SignedIn):
    give(kadis, kabid)
    with transaction():
        db.session.add(
            Appointment(
                user_id=kabid.id, role=Role.ADMINISTRATOR, region=REGENCY, decree="SK 9",
                valid_from=today(),
            )
        )  # fmt: skip
    with pytest.raises(AdministratorSigns):
        mandate_of(kabid.id, DECIDE, LUNYUK_REA, today())


def test_an_administrator_gives_within_reach(kadis: SignedIn, kabid: SignedIn):
    with pytest.raises(Forbidden):
        give(kadis, kabid, by=actor_for(Role.ADMINISTRATOR, LUNYUK))
    with pytest.raises(NotFound):
        unknown = offer(kadis, kabid, appointment_id=kadis.id)
        with transaction():
            give_delegation(unknown, by=kadis)
    assert give(kadis, kabid, by=actor_for(Role.ADMINISTRATOR)).giver_id == kadis.id
