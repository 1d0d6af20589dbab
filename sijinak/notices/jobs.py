"""Where messages leave the house: the network between two short transactions."""

from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.notices.mailing import Carrier, Letter, NoAnswer, NotSent, Refused
from sijinak.notices.models import Notice
from sijinak.notices.policy import post
from sijinak.notices.progress import note_outcome, take_notice
from sijinak.notices.queries import due_notices

AT_ONCE = 50


def send(event: Event) -> None:
    """What was queued just now."""
    send_notice(event.subject_id)


def sweep() -> None:
    """What could not leave before, or was left behind by a worker that died."""
    for notice_id in due_notices(AT_ONCE):
        send_notice(notice_id)


def send_notice(notice_id: UUID) -> None:
    carrier = post.carrier
    if carrier is None:
        raise RuntimeError("nobody carries messages")
    with transaction():
        notice = take_notice(notice_id, by=WORKER)
    if notice is None:
        return
    action, error = _carried(carrier, notice)
    with transaction():
        note_outcome(notice.id, action, error, by=WORKER)


def _carried(carrier: Carrier, notice: Notice) -> tuple[str, str]:
    """The step to take, and why it was not the good one."""
    letter = Letter(
        name=str(notice.id),
        to=notice.email,
        who=notice.who,
        subject=notice.subject,
        body=notice.body,
        attachments=notice.attachments,
        at=notice.queued_at,
    )
    try:
        carrier.carry(letter)
    except Refused as error:
        return "fail", str(error)
    except NotSent as error:
        return "put-off", str(error)
    except NoAnswer as error:
        return "lose", str(error)
    return "keep" if carrier.keeps else "send", ""
