"""The dry run: the same checks as for an application, its price, and its place in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.beside import Asked
from sijinak.permits.checks import Report
from sijinak.permits.pricing import herd_passing, price_today
from sijinak.permits.quota.queries import QuotaLook, quota_look
from sijinak.permits.rulebook import report_for
from sijinak.retribution.tariffs.queries import NoTariff, PriceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What would happen today. No price: no tariff is known; no look: no quota is needed."""

    report: Report
    price: Sequence[PriceLine] | None
    quota: QuotaLook | None

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.price or ())

    @property
    def heads(self) -> int:
        return len(self.report.passing)

    @property
    def place(self) -> int:
        """In the queue, if it were submitted now; 0: the quota would be reserved at once."""
        if self.quota is None or (self.quota.is_known and self.quota.free >= self.heads):
            return 0
        return self.quota.ahead + 1


def try_list(asked: Asked, *, by: Actor | None) -> Tried:
    """For an applicant with ownership; an officer names no keeper, and anybody no more at all."""
    if by is not None:
        require(by, Permission.PERMIT_READ, keeper_id=asked.keeper_id)
    report = report_for(asked)
    needs_quota = report.terms.rule is not None and report.terms.rule.needs_quota
    return Tried(
        report=report,
        price=_price(report),
        quota=_look(asked, report) if needs_quota else None,
    )


def _price(report: Report) -> Sequence[PriceLine] | None:
    if not report.passing or not report.is_possible:
        return ()
    try:
        return price_today(herd_passing(report))
    except NoTariff:
        return None


def _look(asked: Asked, report: Report) -> QuotaLook:
    scope = report.terms.scope
    return quota_look(asked.species, asked.purpose, scope, asked.origin, asked.planned_on)
