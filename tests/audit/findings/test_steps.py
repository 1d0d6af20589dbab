"""Machines open, the office answers, and an auditor alone closes: each state, step and person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.audit.findings.hits import Hit
from sijinak.audit.findings.jobs import FAILED, look_at_all, look_with
from sijinak.audit.findings.looking import plan_look
from sijinak.audit.findings.models import (
    FINDING_FLOW,
    AuditFinding,
    AuditLook,
    FindingNote,
    FindingState,
    NoteKind,
    Outcome,
    Severity,
)
from sijinak.audit.findings.queries import findings, notes_of, standing_of_checks
from sijinak.audit.findings.services import (
    KINDS,
    AdvanceFinding,
    AnsweredByYou,
    AnswerMissing,
    AskForLook,
    FindingWordsMissing,
    LookUnderway,
    OutcomeMissing,
    OwnFinding,
    advance_finding,
    ask_for_look,
)
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.paging import START
from sijinak.core.permissions import WORKER
from tests.audit.findings.factories import advance, check_of, make_finding, noted
from tests.factories import LUNYUK, actor_for

S = FindingState
ALAS = "52.04.05"
# How a finding gets into each state.
WAYS: dict[S, list[tuple[str, Role]]] = {
    S.OPEN: [],
    S.ANSWERED: [("answer", Role.KADIS)],
    S.CLOSED: [("close", Role.AUDITOR)],
}
DOES = {"answer": Role.KADIS, "note": Role.KADIS}


def finding_in(state: S) -> AuditFinding:
    finding = make_finding()
    for action, role in WAYS[state]:
        finding = advance(finding, action, actor_for(role))
    return finding


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", [a for a in KINDS if a != "note"])
@pytest.mark.parametrize("role", Role)
def test_each_step_is_taken_by_whom_the_table_names_and_by_nobody_else(
    context: Flask, state: S, action: str, role: Role
):
    finding, by = finding_in(state), actor_for(role)
    steps = {(s.source, s.action): s for s in FINDING_FLOW}
    step = steps.get((state, action))
    reads = role in {Role.AUDITOR, Role.KADIS, Role.KABID, Role.TREASURER}
    if not reads:
        with pytest.raises((Forbidden, NotFound)):
            advance(finding, action, by)
    elif step is None:
        with pytest.raises(WrongState):
            advance(finding, action, by)
    elif by.reaches(step.needs):
        assert advance(finding, action, by).state is step.target
    else:
        with pytest.raises(Forbidden):
            advance(finding, action, by)


@pytest.mark.parametrize("action", ["answer", "close", "note"])
def test_nobody_answers_or_closes_what_is_about_themselves(context: Flask, action: str):
    by = actor_for(Role.AUDITOR if action == "close" else Role.TREASURER)
    finding = make_finding(people=[by.id])
    with pytest.raises(OwnFinding):
        advance(finding, action, by)


def test_who_ever_answered_does_not_close(context: Flask):
    treasurer = actor_for(Role.TREASURER)
    finding = advance(make_finding(), "answer", treasurer)
    advance(finding, "send-back", actor_for(Role.AUDITOR))
    advance(finding, "answer", actor_for(Role.KADIS))
    both = SignedIn(
        treasurer.id, "Dua peran", "dua", uuid7(), "", now(), False, now(), None,
        ((Role.AUDITOR, "52.04"),),
    )  # fmt: skip
    with pytest.raises(AnsweredByYou):
        advance(finding, "close", both)


def test_a_closing_has_an_outcome_and_words_and_opening_again_takes_it_away(context: Flask):
    finding, by = make_finding(), actor_for(Role.AUDITOR)
    for missing, error in (
        ({"words": "Ada", "outcome": None}, OutcomeMissing),
        ({"words": " ", "outcome": Outcome.PROVEN}, FindingWordsMissing),
    ):
        bare = AdvanceFinding(finding_id=finding.id, action="close", words="")
        with pytest.raises(error), transaction():
            advance_finding(replace(bare, **missing), by=by)
    closed = advance(finding, "close", by, Outcome.FALSE_ALARM)
    assert (closed.outcome, closed.closed_by) == (Outcome.FALSE_ALARM, by.id)
    again = advance(closed, "reopen", by)
    assert (again.outcome, again.closed_at, again.closed_by) == (None, None, None)
    kinds = [note.kind for note in notes_of(again)]
    assert kinds == [NoteKind.CLOSED, NoteKind.REOPENED]


@pytest.mark.parametrize(
    ("severity", "steps", "reason"),
    [
        (Severity.HIGH, [], "Kantor bubar."),
        (Severity.MIDDLE, [], ""),
        (Severity.HIGH, ["answer"], ""),
        (Severity.HIGH, ["answer", "send-back"], "Kantor bubar."),
        (Severity.HIGH, ["answer", "close", "reopen"], "Kantor bubar."),
    ],
)
def test_what_is_serious_is_closed_with_an_answer_or_a_reason_that_stays(
    context: Flask, severity: Severity, steps: list[str], reason: str
):
    auditor, finding = actor_for(Role.AUDITOR), make_finding(severity=severity)
    for action in steps:
        advance(finding, action, actor_for(Role.KADIS) if action == "answer" else auditor)
    is_due = steps[-1:] != ["answer"]
    if reason:
        with pytest.raises(AnswerMissing):
            advance(finding, "close", auditor, because=" ")
    closed = advance(finding, "close", auditor, because=reason)
    assert closed.unanswered is is_due
    assert notes_of(closed)[-1].because == reason
    told = db.session.scalars(
        select(Event).where(Event.name == "audit.finding-closed").order_by(Event.id.desc())
    ).first()
    assert told
    assert told.facts.get("unanswered", False) is is_due
    assert standing_of_checks(by=auditor)["by-hand"].unanswered == int(is_due)
    assert not advance(closed, "reopen", auditor).unanswered


def test_what_waits_and_is_serious_stands_first_and_pages_follow_that_order(context: Flask):
    by = actor_for(Role.AUDITOR)
    over = make_finding(severity=Severity.HIGH, auditor=by)
    made = [make_finding(severity=one, auditor=by) for one in [*Severity] * 19]
    closed = advance(over, "close", by)
    wanted = [
        one.id
        for severity in (Severity.HIGH, Severity.MIDDLE, Severity.LOW)
        for one in reversed(made)
        if one.severity is severity
    ] + [closed.id]
    seen, place = [], START
    while True:
        page = findings(by=by, place=place)
        seen += [one.id for one in page.items]
        if page.older is None:
            break
        place = page.older
    assert seen == wanted
    assert page.newer
    back = [one.id for one in findings(by=by, place=page.newer).items]
    assert back == wanted[25:50]


@pytest.mark.parametrize("action", KINDS)
def test_the_same_step_sent_twice_is_taken_once(context: Flask, action: str):
    before = {"send-back": S.ANSWERED, "reopen": S.CLOSED}.get(action, S.OPEN)
    finding, by = finding_in(before), actor_for(DOES.get(action, Role.AUDITOR))
    command = AdvanceFinding(
        finding_id=finding.id, action=action, words="Lihat map merah.",
        outcome=Outcome.EXPLAINED if action == "close" else None, because="Kantor bubar.",
    )  # fmt: skip
    for _ in range(2):
        with transaction():
            advance_finding(command, by=by)
    assert [note.kind for note in notes_of(finding)].count(KINDS[action]) == 1
    assert len(notes_of(finding)) == len(WAYS[before]) + 1


def test_what_is_elsewhere_is_not_there(context: Flask):
    finding = make_finding(region=LUNYUK)
    with pytest.raises(NotFound):
        advance(finding, "close", actor_for(Role.AUDITOR, ALAS))


def test_a_look_raises_once_tells_what_is_gone_and_closes_nothing(context: Flask):
    hit = Hit(subject="permits", subject_id=uuid7(), facts={"number": "1"})
    assert (noted(hit), noted(hit)) == (1, 0)
    with clock.reading(now() + timedelta(days=1)):
        assert look_with(check_of()) == (0, 0)
        finding = db.session.scalars(select(AuditFinding)).one()
        assert finding.gone_at is not None
        assert finding.state is S.OPEN
        assert look_with(check_of(hit)) == (1, 0)
    with clock.reading(now() + timedelta(days=2)):
        look_with(check_of(hit))
    db.session.expire_all()
    finding = db.session.scalars(select(AuditFinding)).one()
    assert finding.gone_at is None
    assert [n.kind for n in notes_of(finding)] == [NoteKind.GONE, NoteKind.SEEN_AGAIN]


def test_a_check_that_fails_is_told_of_and_the_others_go_on(context: Flask):
    def broken() -> Iterator[Hit]:
        db.session.execute(text("SELECT nothing FROM nowhere"))
        yield from ()

    hit = Hit(subject="permits", subject_id=uuid7())
    good = check_of(hit)
    with transaction():
        look_id = plan_look(WORKER).id
    bad = replace(good, code="broken", look=broken)
    assert look_at_all(look_id, [bad, good]) == {"broken": [FAILED, 0], good.code: [1, 1]}
    assert look_at_all(look_id, [good]) == {}  # it is over


def test_what_was_closed_stays_closed_when_it_is_seen_again(context: Flask):
    hit = Hit(subject="permits", subject_id=uuid7())
    noted(hit)
    finding = db.session.scalars(select(AuditFinding)).one()
    advance(finding, "close", actor_for(Role.AUDITOR), Outcome.FALSE_ALARM)
    with clock.reading(now() + timedelta(days=1)):
        assert look_with(check_of(hit)) == (1, 0)
    db.session.expire_all()
    assert db.session.scalars(select(AuditFinding.state)).one() is S.CLOSED


def test_only_an_auditor_asks_for_a_look_and_one_at_a_time(context: Flask):
    with pytest.raises(Forbidden), transaction():
        ask_for_look(AskForLook(), by=actor_for(Role.KADIS))
    with transaction():
        ask_for_look(AskForLook(), by=actor_for(Role.AUDITOR))
    with pytest.raises(LookUnderway), transaction():
        ask_for_look(AskForLook(), by=actor_for(Role.AUDITOR))
    assert db.session.scalars(select(AuditLook.ended_at)).one() is None
    assert db.session.scalar(select(Event.name).where(Event.name == "audit.look-asked"))


TRICKS = (
    "UPDATE audit_findings SET amount = amount + 1",
    "UPDATE audit_findings SET facts = '{\"a\": 1}'",
    "UPDATE audit_findings SET code = 'x'",
    "UPDATE audit_findings SET state = 'answered'",
    "UPDATE audit_findings SET closed_by = subject_id",
    "UPDATE audit_findings SET unanswered = NOT unanswered",
    "UPDATE audit_finding_notes SET because = ''",
    "DELETE FROM audit_findings",
    "DELETE FROM audit_finding_people",
    "UPDATE audit_finding_notes SET words = 'x'",
    "DELETE FROM audit_finding_notes",
)


@pytest.mark.parametrize("trick", TRICKS)
def test_the_database_lets_nobody_rewrite_a_finding(context: Flask, trick: str):
    by = actor_for(Role.AUDITOR)
    advance(make_finding(people=[uuid7()]), "close", by)
    with db.engine.connect() as connection, pytest.raises(SQLAlchemyError, match="audit_finding"):
        connection.exec_driver_sql(trick)
        connection.commit()
    db.session.expire_all()
    assert db.session.scalars(select(FindingNote.words)).one() == "Sudah diperiksa."
    assert db.session.scalars(select(AuditFinding.closed_by)).one() == by.id
