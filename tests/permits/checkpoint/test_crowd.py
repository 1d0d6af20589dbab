"""Many posts at once with copies of the same papers: each permit is used once."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from sijinak.core.db import db, transaction
from sijinak.permits.checkpoint.commands import RecordCheck
from sijinak.permits.checkpoint.models import CheckOutcome
from sijinak.permits.checkpoint.services import record_check
from sijinak.permits.models import Permit, PermitState
from tests.databases import SERVER
from tests.permits.checkpoint.papers import make_keys
from tests.permits.checkpoint.saying import check
from tests.permits.factories import Office, make_office
from tests.permits.standing import applications, signed

# Fewer than the pool has connections; on SQLite whoever waits for a turn holds none.
AT_ONCE = 12 if SERVER else 20


def use_all(
    app: Flask, office: Office, made: Sequence[tuple[Permit, str]], uses: int
) -> Counter[str]:
    """Each paper at ``uses`` posts, one after the other: those at work stand at the same one."""
    starts = Barrier(AT_ONCE)

    def use(command: RecordCheck) -> str:
        with app.app_context(), transaction():
            return record_check(command, by=office.post).outcome.value

    commands = [check(permit, text) for permit, text in made for _ in range(uses)]
    with ThreadPoolExecutor(AT_ONCE, initializer=starts.wait) as pool:
        return Counter(pool.map(use, commands))


@pytest.mark.parametrize(
    ("permits", "uses"), [(6, 20), pytest.param(100, 20, marks=pytest.mark.slow)]
)
def test_each_permit_is_used_once_and_every_other_use_is_found(app: Flask, permits: int, uses: int):
    with app.app_context():
        make_keys()
        office = make_office()
        issued = applications(office, PermitState.ISSUED, permits)
        made = list(zip(issued, signed(issued), strict=True))
        found = use_all(app, office, made, uses)
        assert found == {
            CheckOutcome.DEPARTED.value: permits,
            CheckOutcome.DOUBLE_USE.value: permits * (uses - 1),
        }
        db.session.rollback()
        states = {db.session.get_one(Permit, permit.id).state for permit, _ in made}
        assert states == {PermitState.DEPARTED}
