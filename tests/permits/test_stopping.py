"""What comes up after the inspection keeps the letter back, whatever page is still open."""

from datetime import timedelta

import pytest

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.health.bans.commands import LiftBan
from sijinak.health.bans.services import lift_ban
from sijinak.health.diseases import Disease
from sijinak.health.lab.commands import RecordResults, ResultLine, SampleTaken, TakeSamples
from sijinak.health.lab.models import Finding, Method
from sijinak.health.lab.services import record_results, take_samples
from sijinak.permits.findings import Finding as Answer
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.rules.models import DestinationRule
from sijinak.permits.stopping import DestinationClosed, MayNotLeave
from tests.factories import REGENCY, actor_for
from tests.permits.factories import BEKASI, Office, make_office, make_permit, step, take
from tests.permits.test_bans import enter

pytestmark = pytest.mark.usefixtures("context")
S = PermitState


def why(refused: MayNotLeave) -> str:
    finding = refused.facts["finding"]
    assert isinstance(finding, Answer)
    return finding.code


def find_positive(permit: Permit, office: Office) -> None:
    """Of an animal that passed, in a sample that was taken for another reason."""
    one = SampleTaken(
        number=f"B-{permit.id}"[:40], disease=Disease.BRUCELLOSIS, method=Method.RBT,
        animal_ids=(permit.animals[0].animal_id,),
    )  # fmt: skip
    with transaction():
        (sample,) = take_samples(TakeSamples(samples=(one,), village=permit.region), by=office.vet)
    line = ResultLine(sample_id=sample.id, finding=Finding.POSITIVE)
    said = RecordResults(lines=(line,), tested_on=today(), lab="BBVet", report_number="LHU-1")
    lab = actor_for(Role.LABORATORY, REGENCY)
    with transaction():
        record_results(said, by=lab)


@pytest.mark.parametrize(
    ("state", "action"),
    [(S.INSPECTED, "bill"), (S.PAID, "certify"), (S.APPROVED, "issue"), (S.ISSUED, "extend")],
)
def test_a_ban_keeps_back_what_is_under_way_and_lifted_lets_it_go_on(
    state: PermitState, action: str
):
    office = make_office()
    permit = make_permit(office, state)
    ban = enter(valid_until=today() + timedelta(days=2))  # over before the planned day
    by = {"bill": office.desk, "certify": office.doctor, "issue": office.desk,
          "extend": office.kadis}[action]  # fmt: skip
    with pytest.raises(MayNotLeave) as refused:
        take(action, permit, by)
    assert why(refused.value) == "MOVEMENT_BANNED"
    with transaction():
        lift_ban(LiftBan(ban_id=ban.id, because="Sembuh"), by=office.kabid)
    take(action, db.session.get_one(Permit, permit.id), by)


def test_a_positive_result_after_the_bill_stops_the_signature():
    office = make_office()
    permit = make_permit(office, S.PAID)
    take("certify", permit, office.doctor)
    find_positive(permit, office)
    with pytest.raises(MayNotLeave) as refused:
        take("approve", permit, office.kadis)
    assert why(refused.value) == "TEST_POSITIVE"
    take("reject", db.session.get_one(Permit, permit.id), office.kadis)  # the way out


def test_a_stolen_animal_stops_the_letter_and_a_dead_one_does_not():
    office = make_office()
    permit = make_permit(office, S.APPROVED)
    animal = db.session.get_one(Animal, permit.animals[0].animal_id)
    with transaction():
        animal.state = AnimalState.STOLEN
    with pytest.raises(MayNotLeave):
        step("issue", permit, office)
    with transaction():
        db.session.get_one(Animal, animal.id).state = AnimalState.DEAD
    step("issue", db.session.get_one(Permit, permit.id), office)


@pytest.mark.parametrize(("state", "action"), [(S.SUBMITTED, "accept"), (S.PAID, "certify")])
def test_a_destination_that_closed_meanwhile_is_closed_for_all(state: PermitState, action: str):
    office = make_office()
    permit = make_permit(office, state)
    with transaction():
        db.session.add(
            DestinationRule(
                region=BEKASI, is_closed=True, reason="PMK", legal_basis="SE", source="SE",
                valid_from=today(),
            )
        )  # fmt: skip
    with pytest.raises(DestinationClosed):
        take(action, permit, office.desk if action == "accept" else office.doctor)
