"""The road of one application, from the trader's list to the letter."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sijinak.accounts.mandates import NoMandate
from sijinak.accounts.models import Appointment, Role
from sijinak.core.clock import today
from sijinak.core.codes import check_character
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.permits import services
from sijinak.permits.commands import (
    AcceptPapers,
    DraftApplication,
    RecordInspection,
    SaveApplication,
)
from sijinak.permits.inspecting import (
    InspectionIncomplete,
    MayNotPass,
    RbtNotRecorded,
    SampleMissing,
    record_inspection,
)
from sijinak.permits.models import Permit, PermitAnimal, PermitState, RbtResult
from sijinak.permits.queries import (
    count_permits,
    count_waiting,
    history_of,
    permit_by_id,
    permit_by_public_code,
    permits,
    permits_waiting,
    public_code,
)
from sijinak.permits.rulebook import report_on
from sijinak.permits.services import (
    AnimalTaken,
    NotReady,
    accept_papers,
    draft_application,
    save_application,
)
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.services import CancelSkrd, cancel_skrd
from tests.factories import LUNYUK_ODE, actor_for
from tests.permits.factories import (
    BEKASI,
    SAMARINDA,
    deliver,
    inspected,
    inspection,
    journey,
    look_at_documents,
    make_draft,
    make_herd,
    make_office,
    make_permit,
    pay,
    take,
    walk,
)

pytestmark = pytest.mark.usefixtures("context")


def open_animals(permit: Permit) -> int:
    asked = select(PermitAnimal).where(PermitAnimal.permit_id == permit.id, PermitAnimal.is_open)
    return len(db.session.scalars(asked).all())


def test_the_whole_road():
    office = make_office()
    permit = make_draft(office, make_herd(office.firm, 3))
    take("submit", permit, office.trader)
    take("accept", permit, office.desk)
    lame = permit.animals[1].animal_id
    with transaction():
        record_inspection(inspection(permit, lame), by=office.vet)
    take("bill", permit, office.desk)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    assert skrd.total == 2 * 79_500
    pay(permit, office)
    take("certify", permit, office.doctor)
    take("approve", permit, office.kadis)
    take("issue", permit, office.desk)
    text, _, check = str(permit.number).rpartition("-")
    assert text == f"524/000001/REK/{today().year}"
    assert check == check_character(text)
    assert permit.valid_until == today() + timedelta(days=14)
    assert permit.decided_mandate == "SK 1/2026"
    assert receipt_of(skrd.id)
    assert open_animals(permit) == 0
    assert [e.name.removeprefix("permit.") for e in history_of(permit.id)] == [
        "draft", "submit", "accept", "inspect", "bill", "settle", "certify", "approve", "issue",
    ]  # fmt: skip


def test_a_destination_that_asks_for_the_test_costs_more():
    permit = make_permit(make_office(), PermitState.BILLED, destination=SAMARINDA)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    assert skrd.total == 2 * 89_500


def test_an_animal_taken_off_stays_readable_and_is_free():
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    lame = permit.animals[0]
    with transaction():
        record_inspection(inspection(permit, lame.animal_id), by=office.vet)
    assert (lame.passed, lame.reason, lame.is_open) == (False, "Pincang", False)
    tags = [permit.tags[0]]
    assert make_permit(office, PermitState.SUBMITTED, tags=tags).state is PermitState.SUBMITTED


def test_what_came_back_is_changed_and_submitted_again():
    office = make_office()
    permit = make_permit(office, PermitState.RETURNED)
    assert permit.last_note == "KTP"
    kept, (new,) = permit.tags[0], make_herd(office.firm, 1)
    changed = SaveApplication(permit_id=permit.id, journey=journey([kept, new]))
    with transaction():
        save_application(changed, by=office.trader)
    take("submit", permit, office.trader)
    assert [line.position for line in permit.animals] == [1, 2]
    assert open_animals(permit) == 2 == len(permit.animals)


def test_a_submitted_application_cannot_be_changed():
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    command = SaveApplication(permit_id=permit.id, journey=journey(permit.tags))
    with pytest.raises(WrongState), transaction():
        save_application(command, by=office.trader)


def test_one_animal_stands_on_one_open_application():
    office = make_office()
    first = make_permit(office, PermitState.SUBMITTED)
    second = make_draft(office, first.tags)
    with pytest.raises(NotReady):
        take("submit", second, office.trader)
    take("cancel", first, office.trader)
    assert take("submit", second, office.trader).state is PermitState.SUBMITTED


def test_what_is_leaving_on_a_valid_permit_cannot_be_applied_for_again():
    office = make_office()
    issued = make_permit(office, PermitState.ISSUED)
    again = make_draft(office, issued.tags)
    with pytest.raises(NotReady):
        take("submit", again, office.trader)


def test_the_same_command_again_is_the_same_step():
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    command = AcceptPapers(permit_id=permit.id)
    with transaction():
        look_at_documents(permit)
    for _ in range(2):
        with transaction():
            accept_papers(command, by=office.desk)
    with pytest.raises(WrongState):
        take("accept", permit, office.desk)
    names = [event.name for event in history_of(permit.id)]
    assert names.count("permit.accept") == 1


def test_sending_a_draft_twice_makes_one():
    office = make_office()
    command = DraftApplication(keeper_id=office.firm.id, journey=journey(make_herd(office.firm)))
    for _ in range(2):
        with transaction():
            draft_application(command, by=office.trader)
    assert len(permits(by=office.trader).items) == 1


def test_an_underweight_animal_cannot_pass():
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    with pytest.raises(MayNotPass) as caught, transaction():
        record_inspection(inspection(permit, weight=299), by=office.vet)
    assert caught.value.facts["finding"].code == "UNDERWEIGHT"  # type: ignore[attr-defined]
    with transaction():
        record_inspection(inspection(permit, weight=300), by=office.vet)
    assert permit.state is PermitState.INSPECTED


def test_only_a_negative_brucellosis_test_lets_an_animal_pass_where_it_is_asked_for():
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED, destination=SAMARINDA)
    assert permit.needs_rbt
    first, second = (line.animal_id for line in permit.animals)

    def record(**fields: Any) -> Permit:
        lines = (
            inspected(permit, first, passed=True, weight_kg=320),
            inspected(permit, second, **{"passed": True, "weight_kg": 320, **fields}),
        )
        with transaction():
            return record_inspection(
                RecordInspection(permit_id=permit.id, animals=lines), by=office.vet
            )

    with pytest.raises(SampleMissing):  # neither a result nor a sample that waits for one
        record(rbt=None)
    with pytest.raises(RbtNotRecorded):
        record(rbt_number="")
    for result, code in (
        (RbtResult.POSITIVE, "RBT_POSITIVE"),
        (RbtResult.NOT_TESTED, "RBT_MISSING"),
    ):
        with pytest.raises(MayNotPass) as caught:
            record(rbt=result)
        assert caught.value.facts["finding"].code == code  # type: ignore[attr-defined]
    record(rbt=RbtResult.POSITIVE, passed=False, weight_kg=None)
    kept = [(line.passed, line.rbt_result, line.rbt_number) for line in permit.animals]
    assert kept == [
        (True, RbtResult.NEGATIVE, "RBT-1"), (False, RbtResult.POSITIVE, "RBT-1"),
    ]  # fmt: skip


def test_a_destination_that_asks_for_no_test_keeps_no_result():
    office = make_office()
    permit = make_permit(office, PermitState.INSPECTED)
    assert {(line.rbt_result, line.rbt_number) for line in permit.animals} == {(None, "")}


def test_the_database_lets_no_positive_animal_pass():
    permit = make_permit(make_office(), PermitState.INSPECTED, destination=SAMARINDA)
    with pytest.raises(Clash), transaction():
        permit.animals[0].rbt_result = RbtResult.POSITIVE


def test_a_planned_day_that_is_over_is_refused_at_submit():
    office = make_office()
    today_still = make_draft(office, planned_on=today())
    over = make_draft(office, planned_on=today() - timedelta(days=1))
    assert take("submit", today_still, office.trader).state is PermitState.SUBMITTED
    with pytest.raises(NotReady):
        take("submit", over, office.trader)
    assert "DAY_OVER" in {finding.code for finding in report_on(over).general}


def test_a_draft_is_the_applicants_own():
    office = make_office()
    draft, never_sent = make_draft(office), make_draft(office)
    take("cancel", never_sent, office.trader)
    assert count_permits(by=office.trader)[PermitState.DRAFT] == 1
    auditor = actor_for(Role.AUDITOR)
    for officer in (*office.people[1:], auditor):
        assert not permits(by=officer).items
        assert count_permits(by=officer) == {}
        for unseen in (draft, never_sent):
            with pytest.raises(NotFound):
                permit_by_id(unseen.id, by=officer)
    take("submit", draft, office.trader)
    assert permit_by_id(draft.id, by=auditor)


def test_an_inspection_speaks_of_every_animal_and_lets_one_pass():
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    whole = inspection(permit)
    part = type(whole)(permit_id=permit.id, animals=whole.animals[:1])
    with pytest.raises(InspectionIncomplete), transaction():
        record_inspection(part, by=office.vet)
    nobody = inspection(permit, *(line.animal_id for line in permit.animals))
    with pytest.raises(services.NobodyPassed), transaction():
        record_inspection(nobody, by=office.vet)
    assert permit_by_id(permit.id, by=office.vet).state is PermitState.ACCEPTED


def test_no_decision_without_a_mandate_of_the_day():
    office = make_office()
    permit = take("certify", make_permit(office, PermitState.PAID), office.doctor)
    with transaction():
        mandate = db.session.scalars(
            select(Appointment).where(Appointment.user_id == office.kadis.id)
        ).one()
        mandate.valid_until = today() - timedelta(days=1)
    with pytest.raises(
        NoMandate
    ):  # the actor is as old as the request: asked again in the database
        take("approve", permit, office.kadis)
    with transaction():
        mandate.valid_until, mandate.region = None, LUNYUK_ODE
    with pytest.raises(NoMandate):
        take("approve", permit, office.kadis)
    with transaction():
        mandate.region, mandate.valid_from = "52", date(2026, 1, 1)
    assert take("approve", permit, office.kadis).decided_mandate == mandate.decree


def test_a_cancelled_skrd_ends_the_application_and_frees_the_animals():
    office = make_office()
    permit = make_permit(office, PermitState.BILLED)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    with transaction():
        cancel_skrd(CancelSkrd(skrd_id=skrd.id, reason="Batal berangkat"), by=office.desk)
    deliver()
    assert permit_by_id(permit.id, by=office.desk).state is PermitState.CANCELLED
    assert open_animals(permit) == 0


def test_a_payment_told_twice_is_one_step():
    from sijinak.permits.jobs import note_paid

    office = make_office()
    permit = make_permit(office, PermitState.PAID)
    paid = db.session.scalars(select(Event).where(Event.name == "skrd.paid")).one()
    note_paid(paid)
    assert [e.name for e in history_of(permit.id)].count("permit.settle") == 1


def test_a_trader_sees_only_his_own():
    mine, theirs = make_office(), make_office()
    permit = make_permit(theirs, PermitState.SUBMITTED)
    assert not permits(by=mine.trader).items
    assert count_permits(by=mine.trader) == {}
    with pytest.raises(NotFound):
        permit_by_id(permit.id, by=mine.trader)
    with pytest.raises(NotFound):
        take("cancel", permit, mine.trader)


def test_nobody_applies_for_somebody_else():
    mine, theirs = make_office(), make_office()
    command = DraftApplication(keeper_id=theirs.firm.id, journey=journey(["X"]))
    with pytest.raises(Forbidden), transaction():
        draft_application(command, by=mine.trader)


def test_it_waits_for_whose_turn_it_is():
    office = make_office()
    turns = {
        PermitState.DRAFT: [office.trader],
        PermitState.SUBMITTED: [office.desk],
        PermitState.ACCEPTED: [office.vet, office.doctor],
        PermitState.INSPECTED: [office.desk],
        PermitState.BILLED: [office.trader],
        PermitState.PAID: [office.vet, office.doctor],  # the health letter
        PermitState.APPROVED: [office.desk],
    }
    permit = make_draft(office)
    for state, whose in turns.items():
        walk(permit, office, state)
        waiting = [p for p in office.people if permits_waiting(by=p)]
        assert waiting == whose, state
        assert count_waiting(by=whose[0]) == 1
        if state is PermitState.PAID:
            take("certify", permit, office.doctor)
            assert [p for p in office.people if permits_waiting(by=p)] == [office.kadis]
    walk(permit, office, PermitState.ISSUED)
    assert not any(permits_waiting(by=person) for person in office.people)


def test_only_an_issued_permit_is_public():
    office = make_office()
    approved = make_permit(office, PermitState.APPROVED)
    for code in (public_code(approved), "nonsense", ""):
        with pytest.raises(NotFound):
            permit_by_public_code(code)
    take("issue", approved, office.desk)
    found = permit_by_public_code(public_code(approved))
    assert (found.number, found.heads, found.destination) == (approved.number, 2, BEKASI)


def test_one_of_two_that_pass_the_checks_together_is_told_which_animals():
    """The index has the last word: between checks and rows the other application opens."""
    office = make_office()
    first = make_permit(office, PermitState.SUBMITTED)
    second = make_draft(office, first.tags)
    with transaction():
        _open(first, is_open=False)
        report = report_on(second)
        assert report.is_ready
        _open(first, is_open=True)
    with pytest.raises(AnimalTaken) as caught, transaction():
        services._put_on(second, report)  # noqa: SLF001 - between the check and the row
    assert caught.value.facts["tags"] == ", ".join(sorted(first.tags))


def _open(permit: Permit, *, is_open: bool) -> None:
    for line in permit.animals:
        line.is_open = is_open
    db.session.flush()
