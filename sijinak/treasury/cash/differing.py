"""A count that differed has a case: its pages say so and lead there."""

from sijinak.core.permissions import Actor, Permission, may
from sijinak.payments.discrepancies.queries import discrepancy_of
from sijinak.payments.models import Discrepancy, DiscrepancyKind
from sijinak.treasury.cash.models import CashClosing, HandOver

_KINDS = (DiscrepancyKind.CASH_SHORT, DiscrepancyKind.CASH_OVER)


def case_about(count: CashClosing | HandOver, *, by: Actor) -> Discrepancy | None:
    """None while it waits, when nothing differed, or for whoever does not read the cases."""
    if not may(by, Permission.TREASURY_READ, region=count.region):
        return None
    return next(filter(None, (discrepancy_of(kind, count.id) for kind in _KINDS)), None)
