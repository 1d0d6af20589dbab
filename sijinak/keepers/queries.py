"""Questions about keepers."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true

from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.nik import masked


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
    """A name as it is searched: small letters, single blanks, no signs."""
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def named(name: str) -> ColumnElement[bool]:
    """Keepers whose name begins so, or a later word of it."""
    if not (key := name_key(name)):
        return true()
    return Keeper.name_key.startswith(key) | Keeper.name_key.contains(f" {key}")


def keeper_by_id(keeper_id: UUID, *, by: Actor) -> Keeper:
    require(by, Permission.KEEPER_READ)
    keeper = db.session.scalar(_seen_by(by).where(Keeper.id == keeper_id))
    if keeper is None:
        raise NotFound(keeper_id=str(keeper_id))
    return keeper


def keepers(*, by: Actor, name: str = "", village: str = "", place: Place = START) -> Page[Keeper]:
    """Newest first, those that are ``named`` so."""
    require(by, Permission.KEEPER_READ)
    query = _seen_by(by).where(named(name))
    if village:
        query = query.where(Keeper.village == village)
    return page_of(query, Keeper.id, place)


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


def keeper_facts(ids: Collection[UUID]) -> dict[UUID, KeeperFacts]:
    rows = db.session.scalars(select(Keeper).where(Keeper.id.in_(ids)))
    return {row.id: facts_of(row) for row in rows}


def facts_of(keeper: Keeper) -> KeeperFacts:
    number = keeper.nib if keeper.kind is KeeperKind.FIRM else masked(keeper.nik_tail)
    return KeeperFacts(
        keeper.id, keeper.kind, keeper.name, keeper.village, keeper.nib, number or ""
    )


def phone_masked(keeper: Keeper) -> str:
    """Enough to tell two numbers apart, too little to call."""
    phone = str(keeper.phone or "")
    return f"{'·' * (len(phone) - 3)}{phone[-3:]}"


def _seen_by(by: Actor) -> Select[Keeper]:
    return select(Keeper).where(within_reach(by, Permission.KEEPER_READ, Keeper.village, Keeper.id))
