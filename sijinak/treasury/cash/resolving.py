"""What two people decide about cash that was missing, and what it does to the books."""

from uuid import UUID

from sijinak.accounts.queries import holders_of
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Actor, Permission
from sijinak.ledger.chart import CASH, SHORTAGE, WRITTEN_OFF
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.models import Discrepancy
from sijinak.treasury.cash.models import CashClosing

CLOSINGS = CashClosing.__tablename__
MADE_GOOD = "made-good"


class NotATakerOfCash(Conflict):
    """Who proposes it says: I have counted the money. So it is another who may hold cash."""

    code = "made-good-by-no-taker"


class StillOnTheBooks(Conflict):
    """What was short at a hand-over is still the giver's: it is settled when they close."""

    code = "short-is-still-held"


def check_made_good(case: Discrepancy, *, by: Actor) -> None:  # noqa: ARG001 - as every check
    """Raises NotATakerOfCash."""
    if case.about_type == CLOSINGS and taker_of(case) == _holder(case):
        raise NotATakerOfCash


def make_good(case: Discrepancy, *, by: Actor) -> None:
    """The person paid what was missing, to whoever proposed it. Of a hand-over nothing moves."""
    if case.about_type == CLOSINGS:
        pay_back(case, Line(SHORTAGE, case.amount, _holder(case)), by=by)


def check_write_off(case: Discrepancy, *, by: Actor) -> None:  # noqa: ARG001 - as every check
    """Raises StillOnTheBooks."""
    if case.about_type != CLOSINGS:
        raise StillOnTheBooks


def write_off(case: Discrepancy, *, by: Actor) -> None:
    """By decree the person owes it no more."""
    lines = [Line(WRITTEN_OFF, -case.amount), Line(SHORTAGE, case.amount, _holder(case))]
    _post(case, "written-off", lines, by=by)


def pay_back(case: Discrepancy, against: Line, *, by: Actor) -> None:
    """Money in the hands of who proposed it, against an account."""
    taker = taker_of(case)
    lock_holders({taker})
    _post(case, MADE_GOOD, [Line(CASH, -case.amount, taker), against], by=by)


def taker_of(case: Discrepancy) -> UUID:
    """Raises NotATakerOfCash."""
    takers = {user_id for user_id, _name, _region in holders_of(Permission.CASH_RECEIVE)}
    if case.proposed_by is None or case.proposed_by not in takers:
        raise NotATakerOfCash
    return case.proposed_by


def _holder(case: Discrepancy) -> UUID:
    return db.session.get_one(CashClosing, case.about_id).holder_id


def _post(case: Discrepancy, kind: str, lines: list[Line], *, by: Actor) -> None:
    entry = Entry(
        idem=f"{kind}:{case.id}",
        kind=kind,
        on=today(),
        region=case.region,
        lines=lines,
        reason=case.reason,
    )
    post(entry, by=by)
