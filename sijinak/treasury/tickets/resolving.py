"""What two people decide about tickets that are gone."""

from uuid import UUID

from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.ledger.chart import revenue
from sijinak.ledger.services import Line
from sijinak.payments.models import Discrepancy
from sijinak.treasury.cash.resolving import pay_back, refuse_own, taker_of
from sijinak.treasury.tickets.models import TicketBlock, TicketUse
from sijinak.treasury.tickets.queries import seller_of


def check_paid_for(case: Discrepancy, *, by: Actor) -> None:
    """Raises NotATakerOfCash, OwnShortage."""
    refuse_own(by, _sides(case)[:1])
    taker_of(case)


def check_given_up(case: Discrepancy, *, by: Actor) -> None:
    """Raises OwnShortage."""
    refuse_own(by, _sides(case))


def pay_for(case: Discrepancy, *, by: Actor) -> None:
    """Whoever lost them pays their price, as if they were sold."""
    use = db.session.get_one(TicketUse, case.about_id)
    block = db.session.get_one(TicketBlock, use.block_id)
    pay_back(case, Line(revenue(block.law_code), case.amount), by=by)


def _sides(case: Discrepancy) -> list[UUID]:
    """Who had the tickets, then who says what became of them: the seller, or who looked."""
    use = db.session.get_one(TicketUse, case.about_id)
    return [seller_of(use), use.by_id]
