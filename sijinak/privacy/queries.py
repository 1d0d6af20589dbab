"""Questions about what people asked, and about what was done with their data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from sijinak.accounts.models import Appointment, Role, User
from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.looking import VIEWED
from sijinak.keepers.models import Keeper
from sijinak.privacy.models import Erasure, ErasureState, PrivacyRequest, RequestState

P = Permission
LOOKS = (VIEWED, "keeper.revealed", "privacy.copy-made")


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was on that day."""

    role: Role
    region: str


def own_data(*, by: Actor) -> Keeper:
    """The row of the person who asks. Raises NotFound when the account is nobody's."""
    require(by, P.PRIVACY_OWN)
    mine = within_reach(by, P.PRIVACY_OWN, Keeper.village, Keeper.id)
    keeper = db.session.scalar(select(Keeper).where(mine).order_by(Keeper.id).limit(1))
    if keeper is None:
        raise NotFound
    return keeper


def require_say(keeper: Keeper, *, by: Actor) -> None:
    """Who may bring this person's wish: the person, the counter, the protection officer."""
    if may(by, P.PRIVACY_OWN, keeper_id=keeper.id):
        return
    counter = may(by, P.KEEPER_REVEAL, region=keeper.village)
    require(by, P.KEEPER_REVEAL if counter else P.PRIVACY_KEEP, region=keeper.village)


def keeper_of_wish(keeper_id: UUID, *, by: Actor) -> Keeper:
    """Raises NotFound, also when it is somebody else's."""
    seen = or_(
        *(
            within_reach(by, permission, Keeper.village, Keeper.id)
            for permission in (P.PRIVACY_OWN, P.PRIVACY_KEEP, P.KEEPER_REVEAL)
        )
    )
    keeper = db.session.scalar(select(Keeper).where(Keeper.id == keeper_id, seen))
    if keeper is None:
        raise NotFound(keeper_id=str(keeper_id))
    return keeper


def requests(
    *, by: Actor, state: RequestState | None = None, place: Place = START
) -> Page[PrivacyRequest]:
    """What was asked of the officer, newest first."""
    asked = select(PrivacyRequest).where(_kept_by(by))
    if state is not None:
        asked = asked.where(PrivacyRequest.state == state)
    return page_of(asked, PrivacyRequest.id, place)


def requests_of(keeper_id: UUID, *, by: Actor) -> list[PrivacyRequest]:
    """Newest first."""
    keeper_of_wish(keeper_id, by=by)
    asked = select(PrivacyRequest).where(PrivacyRequest.keeper_id == keeper_id)
    return list(db.session.scalars(asked.order_by(PrivacyRequest.id.desc())))


def request_by_id(request_id: UUID, *, by: Actor) -> PrivacyRequest:
    asked = select(PrivacyRequest).where(PrivacyRequest.id == request_id)
    found = db.session.scalar(asked.where(_kept_by(by)))
    if found is None:
        raise NotFound(request_id=str(request_id))
    return found


def request_to_step(request_id: UUID, *, by: Actor) -> PrivacyRequest:
    """Held until the end, as it is now."""
    request_by_id(request_id, by=by)
    held = select(PrivacyRequest).where(PrivacyRequest.id == request_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def open_and_late(*, by: Actor) -> tuple[int, int]:
    late = func.count().filter(PrivacyRequest.due_at < now())
    asked = select(func.count(), late).where(
        _kept_by(by), PrivacyRequest.state == RequestState.OPEN
    )
    row = db.session.execute(asked).one()
    return row[0], row[1]


def erasure_of(request_id: UUID) -> Erasure | None:
    """The newest. The caller has asked for the request."""
    asked = select(Erasure).where(Erasure.request_id == request_id)
    return db.session.scalar(asked.order_by(Erasure.id.desc()).limit(1))


def erasures_waiting(*, by: Actor) -> int:
    """How many this person may confirm; what was refused waits for nobody."""
    require(by, P.PRIVACY_CONFIRM)
    asked = select(func.count()).select_from(Erasure)
    asked = asked.join(PrivacyRequest, PrivacyRequest.id == Erasure.request_id).where(
        Erasure.state == ErasureState.PROPOSED,
        Erasure.proposed_by != by.id,
        PrivacyRequest.state == RequestState.OPEN,
        within_reach(by, P.PRIVACY_CONFIRM, PrivacyRequest.region),
    )
    return db.session.scalar(asked) or 0


def events_about(keeper_id: UUID, *, looks: bool, place: Place = START) -> Page[Event]:
    """Who looked, or who changed it. The caller has asked for the keeper."""
    seen = Event.name.in_(LOOKS)
    asked = select(Event).where(Event.subject_id == keeper_id, seen if looks else ~seen)
    return page_of(asked, Event.id, place, first=(Event.happened_at,))


def offices_of(events: Collection[Event]) -> dict[UUID, list[Office]]:
    """What each actor was when it happened, by event."""
    actors = {event.actor_id for event in events}
    asked = select(Appointment).where(Appointment.user_id.in_(actors)).order_by(Appointment.id)
    held = list(db.session.scalars(asked))
    return {
        event.id: [
            Office(one.role, one.region)
            for one in held
            if one.user_id == event.actor_id and _held_at(one, event.happened_at)
        ]
        for event in events
    }


def account_of(keeper_id: UUID) -> User | None:
    asked = select(User).where(User.keeper_id == keeper_id).order_by(User.id)
    return db.session.scalar(asked.limit(1))


def keepers_of(requests: Collection[PrivacyRequest]) -> dict[UUID, Keeper]:
    asked = select(Keeper).where(Keeper.id.in_({one.keeper_id for one in requests}))
    return {one.id: one for one in db.session.scalars(asked)}


def _held_at(one: Appointment, moment: datetime) -> bool:
    day = local(moment).date()
    ended = one.ended_at is not None and one.ended_at <= moment
    return one.valid_from <= day and (one.valid_until or day) >= day and not ended


def _kept_by(by: Actor) -> ColumnElement[bool]:
    return or_(
        within_reach(by, P.PRIVACY_KEEP, PrivacyRequest.region),
        within_reach(by, P.PRIVACY_CONFIRM, PrivacyRequest.region),
    )
