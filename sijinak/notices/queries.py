"""Who is written to, and what went."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from sijinak.core.clock import now
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require
from sijinak.notices.models import TO_SEND, Notice, NoticeAddress, Purpose
from sijinak.notices.policy import post

KEEPS = Permission.LOG_CHECKPOINT


def addresses(*, by: Actor) -> Sequence[NoticeAddress]:
    """All that ever were, those that still hold first."""
    require(by, KEEPS, region=post.regency)
    asked = select(NoticeAddress).order_by(
        NoticeAddress.until.is_not(None), NoticeAddress.who, NoticeAddress.id
    )
    return db.session.scalars(asked).all()


def address_by_id(address_id: UUID, *, by: Actor) -> NoticeAddress:
    require(by, KEEPS, region=post.regency)
    found = db.session.get(NoticeAddress, address_id)
    if found is None:
        raise NotFound(address_id=str(address_id))
    return found


def address_to_step(address_id: UUID, *, by: Actor) -> NoticeAddress:
    """Held until the end, as it is now. Raises NotFound."""
    address_by_id(address_id, by=by)
    held = select(NoticeAddress).where(NoticeAddress.id == address_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def addresses_for(purpose: Purpose, on: date) -> Sequence[NoticeAddress]:
    """Who is written to about this on that day."""
    holds = or_(NoticeAddress.until.is_(None), NoticeAddress.until >= on)
    asked = select(NoticeAddress).where(
        NoticeAddress.purpose == purpose, NoticeAddress.since <= on, holds
    )
    return db.session.scalars(asked.order_by(NoticeAddress.who, NoticeAddress.id)).all()


def notices(place: Place = START, *, by: Actor) -> Page[Notice]:
    require(by, KEEPS, region=post.regency)
    return page_of(select(Notice), Notice.id, place)


def notice_by_id(notice_id: UUID, *, by: Actor) -> Notice:
    require(by, KEEPS, region=post.regency)
    found = db.session.get(Notice, notice_id)
    if found is None:
        raise NotFound(notice_id=str(notice_id))
    return found


def is_queued(reason: str, email: str) -> bool:
    """Whether this address was written to for this reason."""
    asked = select(Notice.id).where(
        Notice.reason == reason, Notice.email_lookup == email_lookup(email)
    )
    return db.session.scalar(asked) is not None


def due_notices(most: int) -> Sequence[UUID]:
    asked = select(Notice.id).where(and_(Notice.state.in_(TO_SEND), Notice.try_again_at <= now()))
    return db.session.scalars(asked.order_by(Notice.try_again_at, Notice.id).limit(most)).all()


def email_lookup(email: str) -> bytes:
    return keyring.lookup("email", email.lower())
