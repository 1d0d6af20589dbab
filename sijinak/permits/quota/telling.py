"""The checks hear how much of the quota is left, and which place in the queue is the next."""

from collections.abc import Iterable

from sijinak.permits.beside import Asked
from sijinak.permits.findings import Finding, Report, asks, passes
from sijinak.permits.quota.queries import quota_look


def tell_quota(asked: Asked, report: Report) -> Iterable[Finding]:
    """Only for what has no place yet, and where the rule says that it needs one."""
    rule, heads = report.terms.rule, len(report.passing)
    if rule is None or not rule.needs_quota or not asked.is_new or not heads:
        return ()
    look = quota_look(
        asked.species, asked.purpose, report.terms.scope, asked.origin, asked.planned_on
    )
    if not look.is_known:
        return (asks("QUOTA_UNKNOWN"),)
    if look.free >= heads:
        return (passes("QUOTA_LEFT", left=look.left),)
    return (asks("QUOTA_WAITING", left=look.free, place=look.ahead + 1),)
