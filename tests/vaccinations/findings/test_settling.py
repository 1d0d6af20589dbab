"""Findings are raised once and settled by somebody else, with a reason."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound, SijinakError
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.vaccinations.doubles import settle
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.vaccinations.findings.queries import Wanted, count_open_findings, findings
from sijinak.vaccinations.findings.services import (
    FindingSettled,
    NoSuchDose,
    NotThisOutcome,
    OwnFinding,
    Raised,
    SettleFinding,
    WordsMissing,
    raise_findings,
)
from sijinak.vaccinations.models import Standing
from tests.animals.factories import make_animal
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for, make_user, signed_in
from tests.vaccinations.findings.factories import given_twice, raised, standings

ALAS = "52.04.05"
K, S = FindingKind, Standing


def said(finding: Finding, outcome: Outcome = Outcome.EXPLAINED, **fields: object) -> SettleFinding:
    usual = {"finding_id": finding.id, "outcome": outcome, "words": "Empat pembantu ikut."}
    return SettleFinding(**{**usual, **fields})  # type: ignore[arg-type]


def do(command: SettleFinding, by: Actor) -> Finding:
    with transaction():
        return settle(command, by=by)


def test_the_same_is_raised_once(context: Flask):
    vet, subject = actor_for(Role.VET, LUNYUK), uuid7()
    one = Raised(kind=K.TOO_FAST, subject_id=subject, officer_id=vet.id, officer_name=vet.name,
                 region=LUNYUK_REA)  # fmt: skip
    many = [replace(one, subject_id=uuid7()) for _ in range(1200)]
    with transaction():
        assert raise_findings([one, *many, replace(one, kind=K.ELSEWHERE)]) == 1202
        assert raise_findings([one, *many]) == 0
        assert raise_findings([]) == 0
    assert db.session.scalar(select(func.count(Finding.id))) == 1202


def test_a_finding_is_settled_once_with_a_line_in_the_trail(context: Flask):
    head, finding = actor_for(Role.UPT_HEAD, LUNYUK), raised(actor_for(Role.VET, LUNYUK))
    command = said(finding, words=" Empat pembantu ikut. ")
    for _ in range(2):
        done = do(command, head)
    assert (done.decision, done.words, done.settled_by_id) == (
        Outcome.EXPLAINED, "Empat pembantu ikut.", head.id
    )  # fmt: skip
    (event,) = db.session.scalars(select(Event).where(Event.name == "finding.settled"))
    assert (event.subject_id, event.region) == (finding.id, LUNYUK_REA)
    assert "pembantu" not in str(event.facts)
    with pytest.raises(FindingSettled):
        do(said(finding), actor_for(Role.KABID))


@pytest.mark.parametrize(
    ("role", "region", "error"),
    [(Role.VET, LUNYUK, Forbidden), (Role.AUDITOR, REGENCY, Forbidden),
     (Role.UPT_HEAD, ALAS, NotFound)],
)  # fmt: skip
def test_who_may_not_settle(context: Flask, role: Role, region: str, error: type[SijinakError]):
    finding = raised(actor_for(Role.VET, LUNYUK))
    with pytest.raises(error):
        do(said(finding), actor_for(role, region))


def test_nobody_settles_what_is_about_their_own_records(context: Flask):
    head, other = actor_for(Role.UPT_HEAD, LUNYUK), actor_for(Role.VET, LUNYUK)
    with pytest.raises(OwnFinding):
        do(said(raised(head)), head)
    _, double = given_twice(make_animal()[0], head, other)  # the head gave the first
    with pytest.raises(OwnFinding):
        do(said(double), head)


def test_what_does_not_fit_is_refused(context: Flask):
    head, vet = actor_for(Role.UPT_HEAD, LUNYUK), actor_for(Role.VET, LUNYUK)
    finding = raised(vet)
    dose_ids, double = given_twice(make_animal()[0], vet, actor_for(Role.VET, LUNYUK))
    for command, error in (
        (said(finding, words="  "), WordsMissing),
        (said(finding, Outcome.TAKEN_BACK, dose_id=dose_ids[0]), NoSuchDose),
        (said(finding, Outcome.OTHER_COUNTS, dose_id=dose_ids[0]), NotThisOutcome),
        (said(double, Outcome.OTHER_COUNTS), NotThisOutcome),
        (said(double, dose_id=dose_ids[0]), NotThisOutcome),
        (said(double, Outcome.OTHER_COUNTS, dose_id=uuid7()), NoSuchDose),
    ):
        with pytest.raises(error):
            do(command, head)
    assert standings(dose_ids) == [S.COUNTS, S.DOUBLE]


def test_of_two_doses_the_other_counts(context: Flask):
    head = actor_for(Role.UPT_HEAD, LUNYUK)
    dose_ids, double = given_twice(
        make_animal()[0], actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
    )
    command = said(double, Outcome.OTHER_COUNTS, dose_id=dose_ids[1])
    for _ in range(2):
        do(command, head)
    assert standings(dose_ids) == [S.DOUBLE, S.COUNTS]


@pytest.mark.parametrize(
    ("taken", "left"), [(0, [S.WITHDRAWN, S.COUNTS]), (1, [S.COUNTS, S.WITHDRAWN])]
)
def test_one_of_two_doses_is_taken_back(context: Flask, taken: int, left: list[Standing]):
    head = actor_for(Role.UPT_HEAD, LUNYUK)
    dose_ids, double = given_twice(
        make_animal()[0], actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
    )
    command = said(double, Outcome.TAKEN_BACK, dose_id=dose_ids[taken])
    for _ in range(2):
        do(command, head)
    assert standings(dose_ids) == left
    with pytest.raises(FindingSettled):  # in another tab, before a dose is chosen
        do(said(double, Outcome.TAKEN_BACK), head)


def test_the_list_is_narrowed(context: Flask):
    one, other = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
    raised(one), raised(other, K.ELSEWHERE), raised(other, region=ALAS)
    done = raised(one, K.LATE, region=LUNYUK_ODE)
    head, kabid = actor_for(Role.UPT_HEAD, LUNYUK), actor_for(Role.KABID)
    do(said(done), head)
    assert [count_open_findings(by=by) for by in (head, kabid)] == [2, 3]

    def listed(**wanted: object) -> list[FindingKind]:
        page = findings(by=kabid, wanted=Wanted(**wanted))  # type: ignore[arg-type]
        return [one.kind for one in page.items]

    assert listed() == [K.TOO_FAST, K.ELSEWHERE, K.TOO_FAST]
    assert listed(kind=K.ELSEWHERE) == [K.ELSEWHERE]
    assert listed(officer_id=one.id) == [K.TOO_FAST]
    assert listed(region=LUNYUK) == [K.ELSEWHERE, K.TOO_FAST]
    assert listed(is_open=False) == [K.LATE]


def test_the_head_swaps_doses_in_the_browser(app: Flask):
    with app.app_context():
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        first, second = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
        dose_ids, double = given_twice(make_animal()[0], first, second)
        url = f"/vaksinasi/temuan/{double.id}"
    client.set_cookie("bahasa", "en")
    assert "Two doses on one day" in client.get("/vaksinasi/temuan/").text
    shown = client.get(url).text
    assert first.name in shown
    sent = {"id": id_on(shown), "finding_id": str(double.id), "outcome": "other-counts"}
    refused = form_post(client, url, page=url, **sent, words="Sudah ditanya")
    assert refused.status_code == 422
    assert "Sudah ditanya" in refused.text
    sent["dose_id"] = str(dose_ids[1])
    settled = form_post(client, url, page=url, **sent, words="Sudah ditanya")
    assert settled.status_code == 302
    with app.app_context():
        assert standings(dose_ids) == [S.DOUBLE, S.COUNTS]
    assert "Sudah ditanya" in client.get(url).text
    assert client.get(f"/vaksinasi/temuan/petugas/{second.id}").status_code == 200
