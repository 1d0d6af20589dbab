"""Questions about what is owed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import lazyload

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.retribution.checks import id_of_code
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.searching import searching
from sijinak.retribution.tariffs.models import Tariff

_FRESH = {"populate_existing": True}
# Asked for each payment, so it is put together once. Who pays a bill does not look at its lines.
_LOCKED = (
    select(Skrd)
    .where(Skrd.id.in_(bindparam("wanted", expanding=True)))
    .order_by(Skrd.id)
    .with_for_update()
    .options(lazyload(Skrd.lines))
)


def uses_example_tariff(skrd: Skrd) -> bool:
    asked = select(Tariff.id).where(
        Tariff.id.in_([line.tariff_id for line in skrd.lines]), Tariff.is_example
    )
    return db.session.scalar(asked.limit(1)) is not None


def skrds(
    *, by: Actor, state: SkrdState | None = None, text: str = "", place: Place = START
) -> Page[Skrd]:
    """``text`` is a part of a number, of the payer's name, or of the number of the permit."""
    require(by, Permission.SKRD_READ)
    query = _seen_by(by)
    if text.strip():
        query = query.where(searching.bills(text))
    if state is not None:
        query = query.where(Skrd.state == state)
    return page_of(query, Skrd.id, place)


def skrd_by_id(skrd_id: UUID, *, by: Actor) -> Skrd:
    require(by, Permission.SKRD_READ)
    skrd = db.session.scalar(_seen_by(by).where(Skrd.id == skrd_id))
    if skrd is None:
        raise NotFound(skrd_id=str(skrd_id))
    return skrd


def skrds_for_update(skrd_ids: Sequence[UUID]) -> list[Skrd]:
    """As they are now, locked until the transaction ends; unknown ones are left out.

    In the order of their ids: two who want the same ones never wait for each other in a ring.
    """
    wanted = {"wanted": list(skrd_ids)}
    return list(db.session.scalars(_LOCKED, wanted, execution_options=_FRESH))


def skrd_for_update(skrd_id: UUID) -> Skrd:
    found = skrds_for_update([skrd_id])
    if not found:
        raise NotFound(skrd_id=str(skrd_id))
    return found[0]


def skrd_of_permit(permit_id: UUID) -> Skrd | None:
    return db.session.scalar(select(Skrd).where(Skrd.permit_id == permit_id))


def strds_of(skrd_id: UUID) -> Sequence[Skrd]:
    """The letters about the interest on a bill, the first first."""
    asked = select(Skrd).where(Skrd.late_id == skrd_id)
    return db.session.scalars(asked.order_by(Skrd.issued_on, Skrd.no)).all()


def open_strds_of(skrd_id: UUID) -> list[Skrd]:
    """Locked. More than one only while an older one is being paid, or was reopened."""
    asked = select(Skrd.id).where(Skrd.late_id == skrd_id, Skrd.state == SkrdState.OPEN)
    return skrds_for_update(db.session.scalars(asked.order_by(Skrd.id)).all())


def skrd_by_public_code(code: str) -> Skrd | None:
    """For anybody who holds the paper. Show no name of a person."""
    skrd_id = id_of_code(code)
    return db.session.get(Skrd, skrd_id) if skrd_id else None


def skrd_by_number(number: str) -> Skrd | None:
    """For anybody who holds the paper, an SKRD or an STRD. Show no name of a person."""
    return db.session.scalar(select(Skrd).where(Skrd.number == number))


def count_open(*, by: Actor, permission: Permission) -> int:
    """How many bills are open where the permission is held."""
    within = within_reach(by, permission, Skrd.region, Skrd.keeper_id)
    asked = select(func.count(Skrd.id)).where(Skrd.state == SkrdState.OPEN, within)
    return db.session.scalar(asked) or 0


def _seen_by(by: Actor) -> Select[Skrd]:
    return select(Skrd).where(within_reach(by, Permission.SKRD_READ, Skrd.region, Skrd.keeper_id))
