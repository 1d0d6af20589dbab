"""The checks hear of permits that are open for too long, and say it with the way out."""

from collections.abc import Iterable

from sijinak.permits.beside import Asked
from sijinak.permits.chasing.queries import open_too_long
from sijinak.permits.findings import Finding, Report, refuses


def tell_blocked(asked: Asked, report: Report) -> Iterable[Finding]:  # noqa: ARG001 - as they ask
    """Only new applications wait: what was submitted before goes its way."""
    if asked.keeper_id is None or not asked.is_new:
        return ()
    blocked = open_too_long(asked.keeper_id)
    if blocked is None:
        return ()
    numbers = ", ".join(blocked.numbers)
    return (
        refuses(
            "KEEPER_BLOCKED",
            count=len(blocked.numbers),
            numbers=numbers,
            since=blocked.since,
            days=blocked.days,
            most=blocked.most,
            basis=blocked.basis,
        ),
    )
