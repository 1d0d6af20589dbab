"""What becomes of a message on its way: each step is one transaction of the worker's."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.notices.models import NOTICE_FLOW, TO_SEND, Notice, NoticeState

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
MOST_ATTEMPTS = 8  # the last one comes about two hours after the first


def take_notice(notice_id: UUID, *, by: Actor) -> Notice | None:
    """None when it is not due, or somebody else has it. Who dies leaves a lease that runs out."""
    require(by, Permission.LOG_CHECKPOINT)
    asked = select(Notice).where(
        Notice.id == notice_id, Notice.state.in_(TO_SEND), Notice.try_again_at <= now()
    )
    notice = db.session.scalar(
        asked.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    )
    if notice is None:
        return None
    notice.state = NOTICE_FLOW.step(notice.state, "take").target
    notice.attempts += 1
    notice.try_again_at = now() + LEASE
    return notice


def note_outcome(notice_id: UUID, action: str, error: str = "", *, by: Actor) -> Notice:
    """``action``: send, keep, put-off, lose or fail; what was put off too often has failed."""
    require(by, Permission.LOG_CHECKPOINT)
    asked = select(Notice).where(Notice.id == notice_id).with_for_update()
    notice = db.session.scalars(asked.execution_options(populate_existing=True)).one()
    if action in {"put-off", "lose"} and notice.attempts >= MOST_ATTEMPTS:
        action = "fail"
    notice.state = NOTICE_FLOW.step(notice.state, action).target
    notice.last_error = error
    notice.try_again_at = now() + FIRST_RETRY * 2 ** (notice.attempts - 1)
    if notice.state in {NoticeState.SENT, NoticeState.KEPT, NoticeState.FAILED}:
        notice.ended_at = now()
    facts = {"who": notice.who, "reason": notice.reason, "error": error}
    name = action if action == "put-off" else notice.state
    events.record(f"notice.{name}", notice, by=by, region="", **facts)
    return notice
