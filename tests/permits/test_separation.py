"""Inspector, certifier, biller, cashier and signer are five people, by the rows too (S28)."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.delegating import GiveDelegation, give_delegation
from sijinak.accounts.mandates import AdministratorSigns
from sijinak.accounts.models import Appointment, Manner, Role, User
from sijinak.accounts.queries import SignedIn, appointments_of, delegated_to
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import Permission
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.taking import SamePerson
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.services import BillerMayNotCash, ReceiveCash, receive_cash
from tests.factories import REGENCY, actor_for
from tests.permits.factories import Office, make_office, make_permit, take

pytestmark = pytest.mark.usefixtures("context")
PARTS = ("applied_by", "inspected_by", "certified_by", "billed_by", "cashed_by", "decided_by")


def appoint(who: SignedIn, role: Role) -> SignedIn:
    """One more office for the same person."""
    with transaction():
        db.session.add(
            Appointment(
                user_id=who.id, role=role, region=REGENCY, decree="SK 7", valid_from=today()
            )
        )
    return replace(who, mandates=(*who.mandates, (role, REGENCY)))


def delegate(giver: SignedIn, taker: SignedIn, permission: Permission) -> SignedIn:
    appointments = {a.role: a for a in appointments_of(giver.id)}
    command = GiveDelegation(
        appointment_id=appointments[Role.KADIS].id,
        taker_id=taker.id,
        manner=Manner.ON_BEHALF,
        permissions=(permission,),
        region=REGENCY,
        decree="ST 9",
        decree_on=today(),
        valid_from=today(),
        valid_until=today() + timedelta(days=2),
    )
    with transaction():
        give_delegation(command, by=giver)
    return replace(taker, delegated=delegated_to(taker.id))


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.mark.parametrize(("one", "other"), list(combinations(PARTS, 2)))
def test_the_database_refuses_one_person_in_two_parts(office: Office, one: str, other: str):
    permit = make_permit(office, PermitState.DRAFT)
    both = {"who": office.vet.id.bytes if db.engine.dialect.name == "sqlite" else office.vet.id}
    with pytest.raises(IntegrityError), db.engine.begin() as raw:
        raw.execute(text(f"UPDATE permits SET {one} = :who, {other} = :who"), both)
    assert db.session.get_one(Permit, permit.id).applied_by == office.trader.id


@pytest.mark.parametrize("part", ["trader", "vet", "doctor", "desk"])
def test_who_took_part_before_takes_no_money(
    office: Office, part: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(policy, "skkh_before_payment", True)
    permit = make_permit(office, PermitState.INSPECTED)
    take("certify", permit, office.doctor)
    take("bill", permit, office.desk)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    cash = ReceiveCash(skrd_id=skrd.id, amount=skrd.total)
    both = replace(getattr(office, part), mandates=((Role.TREASURER, REGENCY),))
    with pytest.raises(BillerMayNotCash), transaction():
        receive_cash(cash, by=both)
    with transaction():
        receive_cash(cash, by=office.treasurer)


def test_the_permit_knows_its_cashier(office: Office):
    assert make_permit(office, PermitState.PAID).cashed_by == office.treasurer.id


@pytest.mark.parametrize(
    ("action", "role", "state"),
    [
        ("certify", Role.VET, PermitState.PAID),
        ("approve", Role.KADIS, PermitState.PAID),
        ("reject", Role.KADIS, PermitState.PAID),
        ("extend", Role.KADIS, PermitState.ISSUED),
    ],
)
def test_the_cashier_signs_nothing(office: Office, action: str, role: Role, state: PermitState):
    permit = make_permit(office, state)
    with pytest.raises(SamePerson):
        take(action, permit, appoint(office.treasurer, role))


def test_a_delegate_who_took_part_does_not_sign(office: Office):
    permit = make_permit(office, PermitState.PAID)
    take("certify", permit, office.doctor)
    vet = delegate(office.kadis, office.vet, Permission.PERMIT_DECIDE)
    with pytest.raises(SamePerson):
        take("approve", permit, vet)


def test_who_took_part_lets_nobody_sign_in_their_name(office: Office):
    """The head inspected the animals: the signature of the delegate would be the head's own."""
    office.kadis = office.vet = appoint(office.kadis, Role.VET)
    permit = make_permit(office, PermitState.PAID)
    take("certify", permit, office.doctor)
    deputy = delegate(office.kadis, office.kabid, Permission.PERMIT_DECIDE)
    with pytest.raises(SamePerson):
        take("approve", permit, deputy)


def test_nobody_signs_for_the_firm_of_whoever_delegated(office: Office):
    permit = make_permit(office, PermitState.PAID)
    take("certify", permit, office.doctor)
    deputy = delegate(office.kadis, office.kabid, Permission.PERMIT_DECIDE)
    with transaction():
        db.session.get_one(User, office.kadis.id).keeper_id = office.firm.id
    with pytest.raises(SamePerson):
        take("approve", permit, deputy)


def test_who_heard_the_appeal_does_not_decide_anew(office: Office):
    permit = make_permit(office, PermitState.APPEALED)
    for action, who in (
        ("grant", office.kabid), ("submit", office.trader), ("accept", office.desk),
        ("inspect", office.vet), ("bill", office.desk), ("certify", office.doctor),
    ):  # fmt: skip
        take(action, permit, who)
    deputy = delegate(office.kadis, office.kabid, Permission.PERMIT_DECIDE)
    with pytest.raises(SamePerson):
        take("approve", permit, deputy)


def test_a_delegate_without_a_part_signs_and_says_for_whom(office: Office):
    permit = make_permit(office, PermitState.PAID)
    take("certify", permit, office.doctor)
    deputy = delegate(office.kadis, office.kabid, Permission.PERMIT_DECIDE)
    signed = take("approve", permit, deputy)
    assert (signed.decided_role, signed.decided_for, signed.decided_mandate) == (
        "a.n. Kepala Dinas", office.kadis.name, "ST 9",
    )  # fmt: skip


def test_an_administrator_signs_no_permit(office: Office):
    permit = make_permit(office, PermitState.PAID)
    take("certify", permit, office.doctor)
    admin = appoint(actor_for(Role.ADMINISTRATOR), Role.KADIS)
    with pytest.raises(AdministratorSigns):
        take("approve", permit, admin)
