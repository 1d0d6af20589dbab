"""A bank takes the money for a permit back: what is not out waits again, what is out is told."""

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.payments.billing import billing
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import history_of
from sijinak.permits.unpaid import unpaid_letters
from sijinak.retribution.models import SkrdState
from sijinak.retribution.queries import skrd_of_permit, strds_of
from sijinak.retribution.services import CancelSkrd, cancel_skrd
from tests.factories import make_user, signed_in
from tests.permits.factories import deliver, make_office, make_permit, pay, step, take
from tests.retribution.factories import later

pytestmark = pytest.mark.usefixtures("context")
S = PermitState


def take_money_back(permit: Permit) -> None:
    with transaction():
        money = db.session.scalars(select(Collection).order_by(Collection.id.desc())).first()
        assert money
        billing.bills.reopen(money, by=WORKER)
    deliver()
    db.session.refresh(permit)


def state_of(permit: Permit) -> PermitState:
    return permit.state


@pytest.mark.parametrize("state", [S.PAID, S.APPROVED])
def test_what_is_not_out_waits_for_money_again_and_is_decided_anew(state: PermitState):
    office = make_office()
    permit = make_permit(office, state)
    take_money_back(permit)
    assert state_of(permit) is S.BILLED
    assert (permit.cashed_by, permit.decided_by, permit.decided_at) == (None, None, None)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    assert skrd.state is SkrdState.OPEN
    for action in ("settle", "approve", "issue"):
        step(action, permit, office)
    assert permit.state is S.ISSUED


def test_money_that_comes_late_settles_the_permit_and_bills_the_interest():
    """Two listeners hear of one payment, and neither takes the other's command for its own."""
    office = make_office()
    permit = make_permit(office, S.BILLED)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    with later(days=65):
        pay(permit, office)
    db.session.refresh(permit)
    assert permit.state is S.PAID
    assert [one.state for one in strds_of(skrd.id)] == [SkrdState.OPEN]


def test_a_letter_that_is_out_is_told_to_who_may_revoke_it():
    office = make_office()
    permit = make_permit(office, S.ISSUED)
    with transaction():
        assert unpaid_letters(by=office.kabid) == []
    take_money_back(permit)
    assert permit.state is S.ISSUED
    assert history_of(permit.id)[-1].name == "permit.miss-money"
    with transaction():
        assert unpaid_letters(by=office.kabid) == [permit.id]
        assert unpaid_letters(by=office.desk) == []
    take("revoke", permit, office.kabid)
    with transaction():
        assert unpaid_letters(by=office.kabid) == []


def test_it_is_paid_again():
    office = make_office()
    permit = make_permit(office, S.ISSUED)
    take_money_back(permit)
    pay(permit, office)
    assert history_of(permit.id)[-1].name == "permit.find-money"
    with transaction():
        assert unpaid_letters(by=office.kabid) == []


@pytest.mark.parametrize("state", [S.DEPARTED, S.CLOSED, S.REVOKED])
def test_of_what_is_over_nothing_changes(state: PermitState):
    office = make_office()
    permit = make_permit(office, state)
    take_money_back(permit)
    assert permit.state is state
    pay(permit, office)
    with transaction():
        told = db.session.scalars(select(Event.name).where(Event.subject_id == permit.id)).all()
    assert "permit.reopen" not in told


def test_withdrawing_the_bill_of_a_letter_that_is_out_leaves_the_letter_to_the_office():
    office = make_office()
    permit = make_permit(office, S.ISSUED)
    take_money_back(permit)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    with transaction():
        cancel_skrd(CancelSkrd(skrd_id=skrd.id, reason="ternak mati"), by=office.desk)
    deliver()
    db.session.refresh(permit)
    assert permit.state is S.ISSUED
    with transaction():
        assert unpaid_letters(by=office.kabid) == [permit.id]


def test_the_page_of_the_permit_and_the_first_page_say_so(context: Flask):
    permit = make_permit(make_office(), S.ISSUED)
    client = signed_in(context, make_user(Role.KABID))
    address, skrd = f"/izin/{permit.id}", skrd_of_permit(permit.id)
    assert skrd
    before = client.get(address).text.count(skrd.number)
    assert address not in client.get("/").text
    take_money_back(permit)
    assert client.get(address).text.count(skrd.number) == before + 1
    assert address in client.get("/").text
