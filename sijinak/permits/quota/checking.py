"""Whether the books agree: account, entries, claims and permits, all of them.

What is found here no way through the program can make; somebody was in the database.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import case, func, select

from sijinak.core.db import db
from sijinak.permits.models import OVER, Permit, PermitState
from sijinak.permits.quota.models import HOLDING, ClaimState, QuotaAccount, QuotaClaim, QuotaEntry

GONE = (PermitState.DEPARTED, PermitState.ARRIVED, PermitState.CLOSED)


def quota_faults() -> Iterator[str]:
    """One line for each disagreement; none when all is well."""
    entries, claims = _by_entries(), _by_claims()
    for account in db.session.scalars(select(QuotaAccount).order_by(QuotaAccount.id)):
        says = (account.cap, account.held, account.used, account.last_no)
        if says != entries.get(account.id, (0, 0, 0, 0)):
            yield f"{_named(account)}: {says} is not its entries {entries.get(account.id)}"
        if (account.held, account.used) != claims.get(account.id, (0, 0)):
            yield f"{_named(account)}: {says} is not its claims {claims.get(account.id)}"
    yield from _permits()


def accounts_in_books() -> int:
    return db.session.scalar(select(func.count()).select_from(QuotaAccount)) or 0


def _named(account: QuotaAccount) -> str:
    line = (account.year, account.origin, account.species, account.purpose, account.scope)
    return " ".join(map(str, line))


def _by_entries() -> dict[UUID, tuple[int, ...]]:
    """Cap, held, used and the number of entries of each account."""
    e = QuotaEntry
    held = func.sum(e.reserved_change + e.used_change)
    asked = select(
        e.account_id, func.sum(e.cap_change), held, func.sum(e.used_change), func.count()
    )
    rows = db.session.execute(asked.group_by(e.account_id))
    return {row[0]: tuple(map(int, row[1:])) for row in rows}


def _by_claims() -> dict[UUID, tuple[int, ...]]:
    """Held and used."""
    c = QuotaClaim
    held = func.sum(case((c.state.in_(HOLDING), c.heads), else_=0))
    used = func.sum(case((c.state == ClaimState.CONSUMED, c.heads), else_=0))
    rows = db.session.execute(select(c.account_id, held, used).group_by(c.account_id))
    return {row[0]: tuple(map(int, row[1:])) for row in rows}


def _permits() -> Iterator[str]:
    """A permit that is over holds nothing, and one whose animals left holds what it used."""
    asked = select(QuotaClaim.permit_id, QuotaClaim.state, Permit.state).join(
        Permit, Permit.id == QuotaClaim.permit_id
    )
    for permit_id, claim, state in db.session.execute(asked.where(QuotaClaim.state.in_(HOLDING))):
        is_over = state in OVER and state not in GONE
        if is_over or (claim is ClaimState.CONSUMED) != (state in GONE):
            yield f"permit {permit_id} is {state}, and its quota {claim}"
