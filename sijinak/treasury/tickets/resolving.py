"""What two people decide about tickets that are gone."""

from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.ledger.chart import revenue
from sijinak.ledger.services import Line
from sijinak.payments.models import Discrepancy
from sijinak.treasury.cash.resolving import pay_back, taker_of
from sijinak.treasury.tickets.models import TicketBlock, TicketUse


def check_paid_for(case: Discrepancy, *, by: Actor) -> None:  # noqa: ARG001 - as every check
    """Raises NotATakerOfCash."""
    taker_of(case)


def pay_for(case: Discrepancy, *, by: Actor) -> None:
    """Whoever lost them pays their price, as if they were sold."""
    use = db.session.get_one(TicketUse, case.about_id)
    block = db.session.get_one(TicketBlock, use.block_id)
    pay_back(case, Line(revenue(block.law_code), case.amount), by=by)
