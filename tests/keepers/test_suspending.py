"""A firm that is suspended ships nothing until the decree has ended or is lifted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.keepers.models import Suspension
from sijinak.keepers.queries import suspension_of
from sijinak.keepers.suspending import (
    EndsBeforeItBegins,
    LiftedAlready,
    LiftSuspension,
    NotAFirm,
    SuspendedAlready,
    SuspendFirm,
    lift_suspension,
    suspend_firm,
)
from sijinak.permits.models import PermitState
from sijinak.permits.services import NotReady
from sijinak.permits.taking import FirmSuspended
from tests.animals.factories import firm, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.permits.factories import make_draft, make_office, step, take, walk

FIRST, LAST = date(2026, 3, 10), date(2026, 3, 20)
DAY = timedelta(days=1)


def decree(keeper_id: UUID, **fields: Any) -> SuspendFirm:
    defaults: dict[str, Any] = {
        "since": today(), "decree": "SK 5/2026", "reason": "Mengirim betina produktif",
    }  # fmt: skip
    return SuspendFirm(keeper_id=keeper_id, **{**defaults, **fields})


def suspend(keeper_id: UUID, **fields: Any) -> Suspension:
    kadis = actor_for(Role.KADIS)
    with transaction():
        return suspend_firm(decree(keeper_id, **fields), by=kadis)


def lift(suspension: Suspension) -> None:
    command = LiftSuspension(suspension_id=suspension.id, reason="Denda sudah dibayar")
    kadis = actor_for(Role.KADIS)
    with transaction():
        lift_suspension(command, by=kadis)


def test_a_suspension_counts_from_its_first_to_its_last_day(context: Flask):
    company = make_keeper(firm())
    suspend(company.id, since=FIRST, until=LAST)
    days = {FIRST - DAY: False, FIRST: True, LAST: True, LAST + DAY: False}
    assert {day: suspension_of(company.id, day) is not None for day in days} == days
    assert suspension_of(make_keeper(firm()).id, FIRST) is None


def test_a_lifted_one_counts_no_more_from_that_day_and_did_before(context: Flask):
    company = make_keeper(firm())
    found = suspend(company.id, since=FIRST)
    with clock.reading(datetime(2026, 3, 14, 17, tzinfo=UTC)):  # one in the morning of the 15th
        lift(found)
    days = {FIRST: True, date(2026, 3, 14): True, date(2026, 3, 15): False, date(2027, 1, 1): False}
    assert {day: suspension_of(company.id, day) is not None for day in days} == days
    with pytest.raises(LiftedAlready):
        lift(found)
    suspend(company.id, since=date(2026, 4, 1))  # the way is free for another


def test_two_decrees_do_not_share_a_day(context: Flask):
    company = make_keeper(firm())
    suspend(company.id, since=FIRST, until=LAST)
    for since, until in ((LAST, None), (FIRST - DAY, FIRST), (FIRST - DAY, None)):
        with pytest.raises(SuspendedAlready) as caught:
            suspend(company.id, since=since, until=until, decree="SK 6/2026")
        assert caught.value.facts == {"decree": "SK 5/2026"}
    suspend(company.id, since=LAST + DAY)
    suspend(company.id, since=FIRST - DAY, until=FIRST - DAY)
    with pytest.raises(EndsBeforeItBegins):
        suspend(make_keeper(firm()).id, since=LAST, until=FIRST)


def test_only_a_firm_is_suspended_by_the_head_of_the_place(context: Flask):
    company = make_keeper(firm())
    with pytest.raises(NotAFirm):
        suspend(make_keeper(person()).id)
    for by in map(actor_for, (Role.CLERK, Role.UPT_HEAD, Role.PERMIT_DESK)):
        with pytest.raises(Forbidden), transaction():
            suspend_firm(decree(company.id), by=by)
    elsewhere = actor_for(Role.KABID, "52.04.05")
    with pytest.raises(NotFound), transaction():
        suspend_firm(decree(company.id), by=elsewhere)
    command = LiftSuspension(suspension_id=suspend(company.id).id, reason="Saya ingin")
    with pytest.raises(NotFound), transaction():
        lift_suspension(command, by=elsewhere)


def test_the_same_decree_twice_is_one_and_leaves_a_line(context: Flask):
    company, kadis = make_keeper(firm()), actor_for(Role.KADIS)
    command = decree(company.id)
    for _ in range(2):
        with transaction():
            suspend_firm(command, by=kadis)
    asked = select(Event.facts).where(Event.name == "keeper.suspended")
    facts = {"decree": "SK 5/2026", "reason": "Mengirim betina produktif"}
    assert db.session.scalars(asked).all() == [facts]


def test_of_two_decrees_at_once_one_counts(app: Flask):
    with app.app_context():
        company, kadis = make_keeper(firm()).id, actor_for(Role.KADIS)
    start = Barrier(2, timeout=120)

    def write(number: str) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    suspend_firm(decree(company, decree=number), by=kadis)
            except Conflict as error:
                return error.code
            return "suspended"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(write, ("SK 1", "SK 2")))
    assert answers == ["suspended", "suspended-already"]


def test_a_suspended_firm_submits_nothing_and_waits_on_the_way(context: Flask):
    office = make_office()
    draft, waiting = make_draft(office), walk(make_draft(office), office, PermitState.PAID)
    found = suspend(office.firm.id)
    with pytest.raises(NotReady):
        take("submit", draft, office.trader)
    with pytest.raises(FirmSuspended):
        take("approve", waiting, office.kadis)
    lift(found)
    take("submit", draft, office.trader)
    step("approve", waiting, office)
    assert waiting.state is PermitState.APPROVED
    suspend(office.firm.id, decree="SK 9/2026")
    with pytest.raises(FirmSuspended):
        take("issue", waiting, office.desk)
    take("cancel", draft, office.trader)
    assert draft.state is PermitState.CANCELLED


def test_money_that_comes_counts_though_the_firm_is_suspended(context: Flask):
    office = make_office()
    billed = walk(make_draft(office), office, PermitState.BILLED)
    suspend(office.firm.id)
    step("settle", billed, office)
    assert billed.state is PermitState.PAID


def test_the_head_suspends_on_the_page_and_everybody_sees_it(app: Flask):
    with app.app_context():
        company, farmer = make_keeper(firm()), make_keeper()
        kadis = signed_in(app, make_user(Role.KADIS))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    url, shown = f"/peternak/{company.id}/pembekuan", f"/peternak/{company.id}"
    typed = {"decree": "SK 7/2026", "since": today().isoformat(), "reason": "Pelanggaran"}
    wrong = form_post(kadis, url, **typed, id=id_on(kadis.get(url).text), until="32")
    assert wrong.status_code == 422
    assert 'value="SK 7/2026"' in wrong.text
    answers = [form_post(kadis, url, **typed, id=id_on(kadis.get(url).text)) for _ in range(2)]
    assert (answers[0].location, answers[1].status_code) == (shown, 422)
    assert form_post(clerk, url, **typed).status_code == 403
    assert "SK 7/2026" in clerk.get(shown).text
    assert kadis.get(f"/peternak/{farmer.id}/pembekuan").status_code == 404


def test_the_head_lifts_on_the_page_with_a_reason(app: Flask):
    with app.app_context():
        company, farmer = make_keeper(firm()), make_keeper()
        found = suspend(company.id)
        kadis = signed_in(app, make_user(Role.KADIS))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    url = f"/peternak/{company.id}/pembekuan"
    lifting = f"{url}/{found.id}/cabut"
    assert lifting in kadis.get(url).text
    assert lifting not in clerk.get(url).text
    assert clerk.get(lifting).status_code == 403
    one = id_on(kadis.get(lifting).text)
    assert form_post(kadis, lifting, id=one, reason="").status_code == 422
    for _ in range(2):
        done = form_post(kadis, lifting, id=one, reason="Denda dibayar")
        assert done.location == f"/peternak/{company.id}"
    assert "SK 5/2026" not in clerk.get(f"/peternak/{company.id}").text
    assert kadis.get(f"/peternak/{farmer.id}/pembekuan/{found.id}/cabut").status_code == 404
