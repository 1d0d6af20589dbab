"""Questions about keepers."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.core.clock import clock
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import SIZE, START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Brand, Keeper, KeeperKind, Membership, Suspension
from sijinak.keepers.numbers import masked, phone_number


@dataclass(frozen=True, slots=True)
class KeeperFacts:
    """What other features may show of a keeper."""

    id: UUID
    kind: KeeperKind
    name: str
    village: str
    nib: str | None
    number_masked: str


def name_key(name: str) -> str:
    """A name as it is searched: small letters without accents, single blanks, no signs."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`]", "", plain)).strip()


def keeper_by_id(keeper_id: UUID, *, by: Actor) -> Keeper:
    require(by, Permission.KEEPER_READ)
    keeper = db.session.scalar(_seen_by(by).where(Keeper.id == keeper_id))
    if keeper is None:
        raise NotFound(keeper_id=str(keeper_id))
    return keeper


def keeper_to_change(keeper_id: UUID, *, by: Actor, permission: Permission) -> Keeper:
    """Held until the end, as it is now. Raises NotFound."""
    reached = within_reach(by, permission, Keeper.village, Keeper.id)
    kept = Keeper.erased_at.is_(None)
    held = select(Keeper).where(Keeper.id == keeper_id, reached, kept)
    held = held.with_for_update(key_share=True)
    keeper = db.session.scalar(held.execution_options(populate_existing=True))
    if keeper is None:
        raise NotFound(keeper_id=str(keeper_id))
    return keeper


def hold_keepers(ids: Collection[UUID]) -> list[Keeper]:
    """As they are now; until the end nobody withdraws them. Others may hold them, too."""
    held = select(Keeper).where(Keeper.id.in_(ids)).order_by(Keeper.id).with_for_update(read=True)
    return list(db.session.scalars(held.execution_options(populate_existing=True)))


def keepers(*, by: Actor, village: str = "", place: Place = START) -> Page[Keeper]:
    """Newest first."""
    require(by, Permission.KEEPER_READ)
    query = _seen_by(by).where(Keeper.withdrawn_at.is_(None))
    if village:
        query = query.where(Keeper.village == village)
    return page_of(query, Keeper.id, place)


def keepers_with_number(digits: str, *, by: Actor) -> list[Keeper]:
    """Whoever in reach has this NIK, NIB or telephone number; a family may share a telephone."""
    require(by, Permission.KEEPER_READ)
    asked = _seen_by(by).where(
        or_(
            Keeper.nik_lookup == keyring.lookup("nik", digits),
            Keeper.phone_lookup == keyring.lookup("phone", phone_number(digits)),
            Keeper.nib == digits,
        ),
        Keeper.withdrawn_at.is_(None),
    )
    return list(db.session.scalars(asked.order_by(Keeper.name_key).limit(SIZE)))


def keeper_by_nik(nik: str) -> Keeper | None:
    """Whoever registers may learn that a NIK is known: the search is for the whole number."""
    return db.session.scalar(select(Keeper).where(Keeper.nik_lookup == keyring.lookup("nik", nik)))


def keeper_in_reach(keeper: Keeper | None, *, by: Actor) -> Keeper | None:
    """The keeper, if the actor may see it."""
    if keeper is None:
        return None
    return db.session.scalar(_seen_by(by).where(Keeper.id == keeper.id))


def keeper_by_nib(nib: str) -> Keeper | None:
    return db.session.scalar(select(Keeper).where(Keeper.nib == nib))


def keeper_by_group_no(group_no: str) -> Keeper | None:
    return db.session.scalar(select(Keeper).where(Keeper.group_no == group_no))


def keeper_facts(ids: Collection[UUID]) -> dict[UUID, KeeperFacts]:
    rows = db.session.scalars(select(Keeper).where(Keeper.id.in_(ids)))
    return {row.id: facts_of(row) for row in rows}


def facts_of(keeper: Keeper) -> KeeperFacts:
    return KeeperFacts(
        keeper.id, keeper.kind, keeper.name, keeper.village, keeper.nib, number_masked(keeper)
    )


def number_masked(keeper: Keeper) -> str:
    """What may be shown of the number that names the keeper."""
    public = keeper.nib if keeper.kind is KeeperKind.FIRM else keeper.group_no
    return public or masked(keeper.nik_tail)


def brands_of(keeper_id: UUID) -> list[Brand]:
    """Also those that have ended, last. The caller has asked for the keeper."""
    asked = select(Brand).where(Brand.keeper_id == keeper_id)
    ordered = asked.order_by(Brand.ended_at.is_not(None), Brand.registered_at)
    return list(db.session.scalars(ordered))


def brand_by_id(brand_id: UUID, *, by: Actor) -> Brand:
    require(by, Permission.KEEPER_READ)
    seen = within_reach(by, Permission.KEEPER_READ, Keeper.village, Keeper.id)
    asked = select(Brand).join(Keeper, Keeper.id == Brand.keeper_id)
    brand = db.session.scalar(asked.where(Brand.id == brand_id, seen))
    if brand is None:
        raise NotFound(brand_id=str(brand_id))
    return brand


def suspension_of(keeper_id: UUID, on: date) -> Suspension | None:
    """The decree by which a firm may not trade on a day."""
    midnight = datetime.combine(on + timedelta(days=1), time.min, clock.zone)
    asked = select(Suspension).where(
        Suspension.keeper_id == keeper_id,
        Suspension.since <= on,
        or_(Suspension.until.is_(None), Suspension.until >= on),
        or_(Suspension.lifted_at.is_(None), Suspension.lifted_at >= midnight),
    )
    return db.session.scalar(asked.order_by(Suspension.since).limit(1))


def suspensions_of(keeper_id: UUID) -> list[Suspension]:
    """Newest first. The caller has asked for the keeper."""
    asked = select(Suspension).where(Suspension.keeper_id == keeper_id)
    return list(db.session.scalars(asked.order_by(Suspension.since.desc())))


def members_of(group_id: UUID) -> list[tuple[Membership, Keeper]]:
    """Who is in the group today, by name. The caller has asked for the group."""
    asked = _memberships(Membership.keeper_id).where(Membership.group_id == group_id)
    return [(row[0], row[1]) for row in db.session.execute(asked)]


def groups_of(keeper_id: UUID) -> list[tuple[Membership, Keeper]]:
    """The groups that a keeper is in today. The caller has asked for the keeper."""
    asked = _memberships(Membership.group_id).where(Membership.keeper_id == keeper_id)
    return [(row[0], row[1]) for row in db.session.execute(asked)]


def _memberships(side: InstrumentedAttribute[UUID]) -> Select[Membership, Keeper]:
    joined = select(Membership, Keeper).join(Keeper, Keeper.id == side)
    return joined.where(Membership.until.is_(None)).order_by(Keeper.name_key)


def phone_masked(keeper: Keeper) -> str:
    """Enough to tell two numbers apart, too little to call."""
    phone = str(keeper.phone or "")
    return f"{'·' * (len(phone) - 3)}{phone[-3:]}"


def _seen_by(by: Actor) -> Select[Keeper]:
    return select(Keeper).where(within_reach(by, Permission.KEEPER_READ, Keeper.village, Keeper.id))
