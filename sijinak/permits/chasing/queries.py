"""Questions about permits whose animals left and did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from sijinak.core.clock import clock, local, today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.keepers.models import Keeper
from sijinak.permits.chasing.models import BlockAppeal, OpenLimit, Reminder
from sijinak.permits.models import Permit, PermitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Why a keeper may not apply: these permits are open for longer than ``days``."""

    keeper_id: UUID
    numbers: tuple[str, ...]  # the oldest first
    since: date  # when the animals of the oldest left
    days: int
    most: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPermit:
    """One that is chased. ``days``: since its animals left."""

    permit: Permit
    days: int
    is_late: bool
    reminders: Sequence[Reminder]


def limit_on(day: date) -> OpenLimit | None:
    """What counts on a day; None while the office has set nothing, and then nobody is blocked."""
    asked = select(OpenLimit).where(OpenLimit.valid_from <= day)
    return db.session.scalar(asked.order_by(OpenLimit.valid_from.desc()).limit(1))


def limit_of_day(day: date) -> OpenLimit | None:
    """The one that begins exactly then."""
    return db.session.scalar(select(OpenLimit).where(OpenLimit.valid_from == day))


def limits() -> list[OpenLimit]:
    """All there ever were, the newest first."""
    return list(db.session.scalars(select(OpenLimit).order_by(OpenLimit.valid_from.desc())))


def open_too_long(keeper_id: UUID) -> Blocked | None:
    """Whether too many of the keeper's permits are open for too long, and no time was given."""
    limit = limit_on(today())
    if limit is None:
        return None
    late = _departed_before(limit.late_after_days).where(Permit.keeper_id == keeper_id)
    found = list(db.session.scalars(late.order_by(Permit.departed_at)))
    if len(found) <= limit.most_late or time_given(keeper_id):
        return None
    return Blocked(
        keeper_id=keeper_id,
        numbers=tuple(permit.number or "" for permit in found),
        since=left_on(found[0]),
        days=limit.late_after_days,
        most=limit.most_late,
        basis=limit.legal_basis,
    )


def time_given(keeper_id: UUID) -> BlockAppeal | None:
    """The appeal that gives time until a day that has not passed."""
    asked = select(BlockAppeal).where(
        BlockAppeal.keeper_id == keeper_id, BlockAppeal.until >= today()
    )
    return db.session.scalar(asked.order_by(BlockAppeal.until.desc()).limit(1))


def permits_to_chase(*, by: Actor, most: int = 200) -> list[OpenPermit]:
    """Departed, not arrived, and due for a reminder: the oldest first."""
    limit = limit_on(today())
    if limit is None:
        return []
    asked = _in_reach(_departed_before(limit.remind_after_days), by)
    found = list(db.session.scalars(asked.order_by(Permit.departed_at).limit(most)))
    told = _reminders_of([permit.id for permit in found])
    return [_chased(permit, limit, told.get(permit.id, [])) for permit in found]


def count_to_chase(*, by: Actor) -> int:
    limit = limit_on(today())
    if limit is None:
        return 0
    asked = _in_reach(_departed_before(limit.remind_after_days), by)
    return db.session.scalar(select(func.count()).select_from(asked.subquery())) or 0


def reminders_of(permit_id: UUID) -> list[Reminder]:
    """The caller has asked for the permit."""
    return _reminders_of([permit_id]).get(permit_id, [])


def appeals(*, by: Actor, most: int = 100) -> list[tuple[BlockAppeal, Keeper]]:
    """Those that wait first; of the applicant's own firm, or those the actor may hear."""
    asked = _appeals_seen(by).order_by(BlockAppeal.heard_at.is_not(None), BlockAppeal.id.desc())
    return [(row[0], row[1]) for row in db.session.execute(asked.limit(most))]


def appeal_by_id(appeal_id: UUID, *, by: Actor, hold: bool = False) -> tuple[BlockAppeal, Keeper]:
    """Raises NotFound."""
    asked = _appeals_seen(by).where(BlockAppeal.id == appeal_id)
    if hold:
        asked = asked.with_for_update(of=BlockAppeal).execution_options(populate_existing=True)
    row = db.session.execute(asked).one_or_none()
    if row is None:
        raise NotFound(appeal_id=str(appeal_id))
    return row[0], row[1]


def waiting_appeal(keeper_id: UUID) -> BlockAppeal | None:
    """The caller asks about a keeper of their own."""
    return db.session.scalar(
        select(BlockAppeal).where(
            BlockAppeal.keeper_id == keeper_id, BlockAppeal.heard_at.is_(None)
        )
    )


def count_appeals_to_hear(*, by: Actor) -> int:
    reach = within_reach(by, Permission.PERMIT_HEAR, Keeper.village)
    asked = (
        select(func.count(BlockAppeal.id))
        .join(Keeper, Keeper.id == BlockAppeal.keeper_id)
        .where(BlockAppeal.heard_at.is_(None), reach)
    )
    return db.session.scalar(asked) or 0


def left_on(permit: Permit) -> date:
    """The day on which its animals left, in the office's zone."""
    if permit.departed_at is None:
        raise ValueError(f"{permit.id} did not depart")
    return local(permit.departed_at).date()


def _departed_before(days: int) -> Select[Permit]:
    """On the way for more than so many days."""
    until = datetime.combine(today() - timedelta(days=days), time.min, clock.zone)
    return select(Permit).where(Permit.state == PermitState.DEPARTED, Permit.departed_at < until)


def _in_reach(asked: Select[Permit], by: Actor) -> Select[Permit]:
    """The desk's, the hearer's, and the applicant's own."""
    reaches = (Permission.PERMIT_ARRIVE, Permission.PERMIT_HEAR, Permission.PERMIT_APPLY)
    seen = (within_reach(by, needed, Permit.region, Permit.keeper_id) for needed in reaches)
    return asked.where(or_(*seen))


def _chased(permit: Permit, limit: OpenLimit, told: Sequence[Reminder]) -> OpenPermit:
    days = (today() - left_on(permit)).days
    return OpenPermit(
        permit=permit, days=days, is_late=days > limit.late_after_days, reminders=told
    )


def _reminders_of(permit_ids: Sequence[UUID]) -> dict[UUID, list[Reminder]]:
    asked = select(Reminder).where(Reminder.permit_id.in_(permit_ids)).order_by(Reminder.id)
    found: dict[UUID, list[Reminder]] = {}
    for reminder in db.session.scalars(asked):
        found.setdefault(reminder.permit_id, []).append(reminder)
    return found


def _appeals_seen(by: Actor) -> Select[BlockAppeal, Keeper]:
    own = [reach.keeper_id for reach in by.reaches(Permission.PERMIT_APPLY) if reach.keeper_id]
    heard = within_reach(by, Permission.PERMIT_HEAR, Keeper.village)
    desk = within_reach(by, Permission.PERMIT_ARRIVE, Keeper.village)
    return (
        select(BlockAppeal, Keeper)
        .join(Keeper, Keeper.id == BlockAppeal.keeper_id)
        .where(or_(BlockAppeal.keeper_id.in_(own), heard, desk))
    )
