"""Sixty-four people at once take the steps that move a quota, around New Year."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from threading import Barrier, BoundedSemaphore, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import and_, func, or_, select

from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.permits import commands as c
from sijinak.permits.deciding import issue_permit
from sijinak.permits.ending import expire_permit, revoke_permit
from sijinak.permits.models import Permit, PermitAnimal, PermitState
from sijinak.permits.quota.models import HOLDING, ClaimState, QuotaAccount, QuotaClaim
from sijinak.permits.services import cancel_permit, submit_application
from sijinak.permits.travelling import depart_permit
from tests.conditions import wait_until
from tests.databases import SERVER
from tests.permits.factories import Office, make_office
from tests.permits.quota.books import assert_books_agree, grant
from tests.permits.standing import applications

S = PermitState
PEOPLE, HEADS = 64, 2
LONG = 300.0  # seconds, on a machine that has much else to do
# Of each year in a round: 8 that are approved hold 16 heads, 8 that are drafted want 16 more.
CAP, EACH = 18, 4
# Fewer than the pool has connections; on SQLite whoever waits for a turn holds none.
AT_ONCE = 12 if SERVER else PEOPLE
OLD_YEAR, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)
JUST_BEFORE = datetime(2026, 12, 31, 15, 59, 50, tzinfo=UTC)  # WITA is eight hours ahead
JUST_AFTER = datetime(2026, 12, 31, 16, 0, 10, tzinfo=UTC)
# What whoever is too late is told.
TOO_LATE = {"wrong-state", "permit-not-ready", "permit-used", "permit-revoked", "permit-expired"}

Deed = Callable[[UUID, Office], object]


def _submit(permit_id: UUID, office: Office) -> None:
    submit_application(c.SubmitApplication(permit_id=permit_id), by=office.trader)


def _cancel(permit_id: UUID, office: Office) -> None:
    cancel_permit(c.CancelPermit(permit_id=permit_id, note="Batal"), by=office.trader)


def _issue(permit_id: UUID, office: Office) -> None:
    issue_permit(c.IssuePermit(permit_id=permit_id, valid_days=14), by=office.desk)


def _revoke(permit_id: UUID, office: Office) -> None:
    revoke_permit(c.RevokePermit(permit_id=permit_id, note="Palsu"), by=office.kabid)


def _expire(permit_id: UUID, _: Office) -> None:
    expire_permit(c.ExpirePermit(permit_id=permit_id), by=WORKER)


def _depart(permit_id: UUID, office: Office) -> None:
    command = c.DepartPermit(permit_id=permit_id, happened_at=now(), port="badas", heads=HEADS)
    depart_permit(command, by=office.post)


# Where an application stands, what two people do with it, and what becomes of it.
FATES: Sequence[tuple[PermitState, Sequence[Deed], set[PermitState]]] = (
    (S.APPROVED, (_issue, _depart), {S.DEPARTED}),
    (S.APPROVED, (_issue, _revoke, _expire), {S.REVOKED}),
    (S.DRAFT, (_submit, _cancel), {S.CANCELLED}),
    (S.DRAFT, (_submit,), {S.SUBMITTED, S.DRAFT}),  # whoever comes after New Year is too late
)

_ON_THE_WAY = or_(
    Permit.state.in_((S.APPROVED, S.ISSUED, S.DEPARTED)),
    and_(Permit.state == S.SUBMITTED, QuotaClaim.state == ClaimState.RESERVED),
)
_HEADS_ON_THE_WAY = (
    select(func.count(PermitAnimal.id))
    .join(Permit, Permit.id == PermitAnimal.permit_id)
    .join(QuotaClaim, QuotaClaim.permit_id == Permit.id)
    .where(QuotaClaim.account_id == QuotaAccount.id, _ON_THE_WAY)
    .scalar_subquery()
)
_CLAIMED = (
    select(func.coalesce(func.sum(QuotaClaim.heads), 0))
    .where(QuotaClaim.account_id == QuotaAccount.id, QuotaClaim.state.in_(HOLDING))
    .scalar_subquery()
)
LOOK = select(
    QuotaAccount.cap,
    QuotaAccount.held,
    _HEADS_ON_THE_WAY.label("live"),
    _CLAIMED.label("claimed"),
).order_by(QuotaAccount.year)


@pytest.mark.parametrize(
    "rounds", [1, pytest.param(2, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_what_is_used_is_what_live_permits_hold_at_every_moment(app: Flask, rounds: int):
    with app.app_context(), clock.reading(JUST_BEFORE):
        grant(CAP * rounds, year=2026)
        grant(CAP * rounds, year=2027)
        office = make_office()
        work = _work(office, rounds)
        said, held = _all_at_once(app, office, work)
        assert_books_agree()
        for _, deeds, ends in FATES:
            ids = [permit_id for permit_id, its in work if its is deeds]
            states = set(db.session.scalars(select(Permit.state).where(Permit.id.in_(ids))))
            assert states <= ends
        assert _many("quota.waiting") > 0
        waiting = select(QuotaAccount.year).join(QuotaClaim)
        waiting = waiting.where(QuotaClaim.state == ClaimState.WAITING)
        assert set(db.session.scalars(waiting)) <= {2026}  # in 2027 there is enough for who is left
    assert len(held) > 2  # the quota moved while it was looked at
    assert set(said) - {"done"} <= TOO_LATE
    assert said["wrong-state"] >= EACH * rounds


def _work(office: Office, rounds: int) -> list[tuple[UUID, Sequence[Deed]]]:
    """Each application, and what is done with it."""
    stood = [
        [
            permit.id
            for year in (OLD_YEAR, NEW_YEAR)
            for permit in applications(office, state, EACH * rounds, heads=HEADS, planned_on=year)
        ]
        for state, _, _ in FATES
    ]
    deeds = [deeds for _, deeds, _ in FATES]
    return [
        (permit_id, its)
        for row in zip(*stood, strict=True)
        for permit_id, its in zip(row, deeds, strict=True)
    ]


def _all_at_once(
    app: Flask, office: Office, work: Sequence[tuple[UUID, Sequence[Deed]]]
) -> tuple[Counter[str], set[tuple[int, ...]]]:
    """What people were told, and how the accounts stood meanwhile. The year ends half way."""
    start, counters = Barrier(PEOPLE), BoundedSemaphore(AT_ONCE)
    said, looks = list[str](), set[tuple[int, ...]]()

    def person(number: int) -> None:
        start.wait()
        for permit_id, deeds in work[number // 2 :: PEOPLE // 2]:  # two at each
            for deed in deeds:
                with counters, app.app_context():
                    said.append(_told(deed, permit_id, office))

    def look() -> None:
        looks.add(_look())
        time.sleep(0.01)

    threads = [Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    wait_until(
        lambda: len(said) > len(work) * 3 / 2, "half of it was done", longest=LONG, pause=look
    )
    with clock.reading(JUST_AFTER):
        wait_until(
            lambda: not any(t.is_alive() for t in threads), "all was done", longest=LONG, pause=look
        )
    look()
    return Counter(said), looks


def _told(deed: Deed, permit_id: UUID, office: Office) -> str:
    try:
        with transaction():
            deed(permit_id, office)
    except Conflict as error:
        return error.code
    except Exception as error:  # noqa: BLE001 - a fault is told, too
        return repr(error)
    return "done"


def _many(name: str) -> int:
    asked = select(func.count()).select_from(Event).where(Event.name == name)
    return db.session.execute(asked).scalar_one()


def _look() -> tuple[int, ...]:
    """Never too much, and it adds up: seen from outside, in one moment."""
    with db.engine.connect() as connection:
        accounts = connection.execute(LOOK).all()
    for account in accounts:
        assert 0 <= account.live == account.claimed == account.held <= account.cap
    return tuple(account.held for account in accounts)
