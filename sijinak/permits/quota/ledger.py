"""The ledger of an account with what was left after each move, and the decrees of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.permits.models import Permit
from sijinak.permits.quota.models import QuotaAccount, QuotaClaim, QuotaDecree, QuotaEntry


@dataclass(frozen=True, slots=True)
class Move:
    """An entry, whose permit or decree it was, and what was left after it."""

    entry: QuotaEntry
    left_after: int
    decree: QuotaDecree | None = None
    permit_id: UUID | None = None
    permit_number: str | None = None
    firm: str = ""


def ledger(account: QuotaAccount, place: Place = START) -> Page[Move]:
    """Every move of the account, the newest first."""
    query = select(QuotaEntry).where(QuotaEntry.account_id == account.id)
    page = page_of(query, QuotaEntry.id, place, first=(QuotaEntry.no,))
    return Page(_moves(account.id, page.items), page.older, page.newer)


def decrees(year: int, *, by: Actor) -> list[QuotaDecree]:
    """In the order in which they were written down."""
    require(by, Permission.QUOTA_READ)
    inside = within_reach(by, Permission.QUOTA_READ, QuotaDecree.region)
    asked = select(QuotaDecree).where(QuotaDecree.year == year, inside)
    return list(db.session.scalars(asked.order_by(QuotaDecree.recorded_at)))


def file_of_decree(decree_id: UUID, *, by: Actor) -> UUID:
    """The paper itself, where somebody attached it. Raises NotFound."""
    require(by, Permission.QUOTA_READ)
    inside = within_reach(by, Permission.QUOTA_READ, QuotaDecree.region)
    asked = select(QuotaDecree.file_id).where(QuotaDecree.id == decree_id, inside)
    file_id = db.session.scalar(asked)
    if file_id is None:
        raise NotFound(id=decree_id)
    return file_id


def _moves(account_id: UUID, entries: Sequence[QuotaEntry]) -> list[Move]:
    if not entries:
        return []
    decrees_of, claims_of = _decrees_of(entries), _claims_of(entries)
    left, found = _left_before(account_id, entries[-1].no), []
    for entry in reversed(entries):
        left += entry.cap_change - entry.reserved_change - entry.used_change
        decree = decrees_of.get(entry.decree_id) if entry.decree_id else None
        permit = claims_of.get(entry.claim_id, ()) if entry.claim_id else ()
        found.append(Move(entry, left, decree, *permit))
    return found[::-1]


def _left_before(account_id: UUID, no: int) -> int:
    change = QuotaEntry.cap_change - QuotaEntry.reserved_change - QuotaEntry.used_change
    asked = select(func.coalesce(func.sum(change), 0)).where(
        QuotaEntry.account_id == account_id, QuotaEntry.no < no
    )
    return int(db.session.execute(asked).scalar_one())


def _decrees_of(entries: Sequence[QuotaEntry]) -> dict[UUID, QuotaDecree]:
    ids = {entry.decree_id for entry in entries if entry.decree_id}
    asked = select(QuotaDecree).where(QuotaDecree.id.in_(ids))
    return {decree.id: decree for decree in db.session.scalars(asked)}


def _claims_of(entries: Sequence[QuotaEntry]) -> dict[UUID, tuple[UUID, str | None, str]]:
    """The permit, its number and the firm of each claim."""
    ids = {entry.claim_id for entry in entries if entry.claim_id}
    rows = db.session.execute(
        select(QuotaClaim.id, Permit.id, Permit.number, Keeper.name)
        .join(Permit, Permit.id == QuotaClaim.permit_id)
        .join(Keeper, Keeper.id == QuotaClaim.keeper_id)
        .where(QuotaClaim.id.in_(ids))
    )
    return {claim_id: (permit_id, number, firm) for claim_id, permit_id, number, firm in rows}
