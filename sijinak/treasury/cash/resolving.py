"""What two people decide about cash that was missing, and what it does to the books."""

from collections.abc import Collection
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
from sijinak.treasury.cash.models import CashClosing, HandOver

CLOSINGS = CashClosing.__tablename__
MADE_GOOD = "made-good"


class NotATakerOfCash(Conflict):
    """Who proposes it says: I have counted the money. So it is another who may hold cash."""

    code = "made-good-by-no-taker"


class OwnShortage(Conflict):
    """Who is short, or stood by when it was counted, has no part in giving it up."""

    code = "shortage-own"


class StillOnTheBooks(Conflict):
    """What was short at a hand-over is still the giver's: it is settled when they close."""

    code = "short-is-still-held"


def check_made_good(case: Discrepancy, *, by: Actor) -> None:
    """Raises NotATakerOfCash, OwnShortage."""
    refuse_own(by, _sides(case)[:1])
    if case.about_type == CLOSINGS:
        taker_of(case)


def make_good(case: Discrepancy, *, by: Actor) -> None:
    """The person paid what was missing, to whoever proposed it. Of a hand-over nothing moves."""
    if case.about_type == CLOSINGS:
        pay_back(case, Line(SHORTAGE, case.amount, _holder(case)), by=by)


def check_write_off(case: Discrepancy, *, by: Actor) -> None:
    """Raises StillOnTheBooks, OwnShortage."""
    refuse_own(by, _sides(case))
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


def refuse_own(by: Actor, people: Collection[UUID | None]) -> None:
    """Raises OwnShortage."""
    if by.id in people:
        raise OwnShortage


def _sides(case: Discrepancy) -> list[UUID | None]:
    """Who is short, then who counted or signed as the second person."""
    if case.about_type == CLOSINGS:
        closing = db.session.get_one(CashClosing, case.about_id)
        return [closing.holder_id, closing.signed_by]
    handover = db.session.get_one(HandOver, case.about_id)
    return [handover.giver_id, handover.taker_id]


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
