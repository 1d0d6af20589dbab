"""An applicant who was rejected is heard once more, by somebody who did not decide."""

from datetime import date, timedelta

from sijinak.core.clock import local, now, today
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Actor
from sijinak.permits.commands import AppealPermit, HearAppeal
from sijinak.permits.models import Permit
from sijinak.permits.policy import policy
from sijinak.permits.services import ReasonMissing
from sijinak.permits.taking import begin, end


class AppealTooLate(Conflict):
    """Facts: ``days``, in which an appeal could be made."""

    code = "appeal-too-late"


class HeardAlready(Conflict):
    """One appeal was heard; the way after that is the court's."""

    code = "heard-already"


def appeal_permit(command: AppealPermit, *, by: Actor) -> Permit:
    """Raises AppealTooLate, HeardAlready, ReasonMissing."""
    permit, step = begin(command, "appeal", by=by)
    if step is None:
        return permit
    if _was_heard(permit):
        raise HeardAlready
    if today() > last_day(permit):
        raise AppealTooLate(days=policy.appeal_days)
    if not command.text:
        raise ReasonMissing
    permit.appeal, permit.appealed_at = command.text, now()
    permit.heard_by = permit.heard_at = None
    end(permit, step, by=by)  # the trail never forgets: what the applicant says stands here alone
    permit.last_note = command.text
    return permit


def hear_appeal(command: HearAppeal, *, by: Actor) -> Permit:
    """Granted, it goes back to its applicant and keeps its place in the queue.

    Raises SamePerson, ReasonMissing.
    """
    permit, step = begin(command, "grant" if command.grant else "uphold", by=by)
    if step is None:
        return permit
    if not command.note:
        raise ReasonMissing
    permit.heard_by, permit.heard_by_name = by.id, by.name
    end(permit, step, by=by, note=command.note)
    permit.heard_at = permit.state_at  # by that it is known that this rejection was heard
    return permit


def may_appeal(permit: Permit) -> bool:
    """Whether there is still time, and none was heard."""
    return not _was_heard(permit) and today() <= last_day(permit)


def last_day(permit: Permit) -> date:
    """Until the office's midnight an appeal is in time."""
    return local(permit.state_at).date() + timedelta(days=policy.appeal_days)


def _was_heard(permit: Permit) -> bool:
    return permit.heard_at is not None and permit.heard_at >= permit.state_at
