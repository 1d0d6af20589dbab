"""Every check there is: one table."""

from collections.abc import Mapping

from sijinak.audit.findings.checks import (
    bills,
    dates,
    deposits,
    doses,
    journeys,
    mandates,
    numbers,
    office,
    payers,
    posts,
    tickets,
    voids,
)
from sijinak.audit.findings.hits import Check

_PARTS = (
    deposits, numbers, tickets, bills, journeys, voids, payers, posts, doses, mandates, dates,
    office,
)  # fmt: skip
CHECKS: Mapping[str, Check] = {check.code: check for part in _PARTS for check in part.CHECKS}
