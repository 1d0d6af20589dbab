"""Sixty-four people at once on one quota, around New Year: never too much, and it adds up."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from threading import Barrier, BoundedSemaphore, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.core.clock import clock, now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Conflict
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.quota.claiming import (
    claim_quota,
    consume_quota,
    release_quota,
    shrink_quota,
)
from sijinak.permits.quota.commands import AdjustQuota
from sijinak.permits.quota.models import ClaimState, QuotaAccount, QuotaClaim, QuotaEntry
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.quota.services import adjust_quota
from tests.animals.factories import firm, make_keeper
from tests.databases import SERVER
from tests.permits.quota.books import assert_books_agree, bare_permit, grant, paper

P = PermitState
PEOPLE, PERMITS = 64, 48  # so that two people stand at some applications
CAP, NEXT_CAP = 60, 25
# Fewer than the pool has connections; on SQLite whoever waits for a turn holds none.
AT_ONCE = 12 if SERVER else PEOPLE
OLD_YEAR, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)
JUST_BEFORE = datetime(2026, 12, 31, 15, 59, 50, tzinfo=UTC)  # WITA is eight hours ahead
JUST_AFTER = datetime(2026, 12, 31, 16, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "deeds", [4, pytest.param(12, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_a_crowd_around_new_year_never_gets_more_than_there_is(app: Flask, deeds: int):
    with app.app_context(), clock.reading(JUST_BEFORE):
        keeper = make_keeper(firm(name="CV Ramai"))
        accounts = [grant(CAP, year=2026).id, grant(NEXT_CAP, year=2027).id]
        permits = [bare_permit(keeper, planned_on=OLD_YEAR).id for _ in range(PERMITS)]
        _all_at_once(app, permits, accounts, deeds)
    with app.app_context():
        assert_books_agree()
        assert sum(_never_too_much(account_id) for account_id in accounts) > PEOPLE
        states = set(db.session.scalars(select(QuotaClaim.state)))
        assert {ClaimState.CONSUMED, ClaimState.WAITING} <= states
        _nobody_waits_for_what_is_free()


def _all_at_once(app: Flask, permits: list[UUID], accounts: list[UUID], deeds: int) -> None:
    start, failures = Barrier(PEOPLE + 1), list[BaseException]()
    counters = BoundedSemaphore(AT_ONCE)

    def person(seed: int) -> None:
        chance = Random(seed)  # noqa: S311 - repeatable on purpose
        start.wait()
        try:
            for nth in range(deeds):
                with counters, app.app_context():
                    permit_id = permits[(seed + nth * 7) % PERMITS]
                    _try(chance.choice(DEEDS), permit_id, chance, accounts)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [Thread(target=person, args=(seed,)) for seed in range(PEOPLE)]
    for thread in threads:
        thread.start()
    start.wait()
    with clock.reading(JUST_AFTER):  # the year ends while they are at it
        for thread in threads:
            thread.join()
    assert not failures


def _try(deed: Callable[..., None], permit_id: UUID, chance: Random, accounts: list[UUID]) -> None:
    """What comes too late or is too much is refused, never a fault."""
    try:
        with transaction():
            permit = permit_for_update(permit_id, by=OPERATOR)
            deed(permit, chance, accounts)
    except Clash:
        raise  # the database caught what nobody had looked at
    except Conflict:
        pass


def _submit(permit: Permit, chance: Random, _: list[UUID]) -> None:
    if permit.state in (P.SUBMITTED, P.RETURNED):
        permit.planned_on = chance.choice([OLD_YEAR, OLD_YEAR, NEW_YEAR])
        permit.state = P.SUBMITTED
        claim_quota(permit, chance.randint(1, 6), by=OPERATOR)


def _inspect(permit: Permit, chance: Random, _: list[UUID]) -> None:
    if permit.state is P.SUBMITTED:
        shrink_quota(permit, chance.randint(1, 4), by=OPERATOR)


def _depart(permit: Permit, chance: Random, _: list[UUID]) -> None:
    claim = claim_of(permit.id)
    if permit.state is P.SUBMITTED and claim:
        consume_quota(permit, chance.randint(1, max(claim.heads, 1)), by=OPERATOR)
        permit.state, permit.departed_at, permit.number = P.DEPARTED, now(), str(permit.id)


def _cancel(permit: Permit, _: Random, __: list[UUID]) -> None:
    if permit.state is P.SUBMITTED:
        release_quota(permit, by=OPERATOR)
        permit.state = P.RETURNED


def _decree(_: Permit, chance: Random, accounts: list[UUID]) -> None:
    command = AdjustQuota(
        account_id=chance.choice(accounts), heads=chance.choice([-9, -3, 2, 4]), paper=paper()
    )
    adjust_quota(command, by=OPERATOR)


DEEDS = (_submit, _submit, _submit, _inspect, _depart, _cancel, _decree)


def _never_too_much(account_id: UUID) -> int:
    """Every prefix of the ledger holds: at no moment was more held than there was."""
    cap = held = used = 0
    entries = db.session.scalars(
        select(QuotaEntry).where(QuotaEntry.account_id == account_id).order_by(QuotaEntry.no)
    ).all()
    for no, entry in enumerate(entries, start=1):
        cap += entry.cap_change
        held += entry.reserved_change + entry.used_change
        used += entry.used_change
        assert entry.no == no
        assert 0 <= used <= held <= cap
    return len(entries)


def _nobody_waits_for_what_is_free() -> None:
    for account in db.session.scalars(select(QuotaAccount).where(QuotaAccount.year == 2027)):
        asked = select(QuotaClaim).where(
            QuotaClaim.account_id == account.id, QuotaClaim.state == ClaimState.WAITING
        )
        first = db.session.scalars(asked.order_by(QuotaClaim.ticket)).first()
        assert first is None or first.heads > account.left
