"""Open permits are chased; too many block new ones, and whoever is blocked may ask for time."""

from datetime import date

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.queries import hold_keepers
from sijinak.permits.chasing.commands import AnswerAppeal, AskForTime, Remind, SetLimit
from sijinak.permits.chasing.models import BlockAppeal, OpenLimit, Reminder
from sijinak.permits.chasing.queries import (
    appeal_by_id,
    limit_of_day,
    open_too_long,
    waiting_appeal,
)
from sijinak.permits.models import PermitState
from sijinak.permits.queries import permit_by_id


class NotBlocked(Conflict):
    code = "not-blocked"


class AppealWaits(Conflict):
    """One is enough."""

    code = "appeal-waits"


class AppealHeard(Conflict):
    code = "appeal-heard"


class OwnAppeal(Forbidden):
    """Whoever asked does not answer."""

    code = "own-appeal"


class DayHasPassed(Invalid):
    code = "day-has-passed"


class LimitThere(Conflict):
    """Another begins that day."""

    code = "limit-there"


class LateBeforeReminder(Invalid):
    code = "late-before-reminder"


def remind(command: Remind, *, by: Actor) -> Reminder:
    """Of a permit whose animals are on their way. Raises WrongState."""
    permit = permit_by_id(command.permit_id, by=by)
    require(by, Permission.PERMIT_ARRIVE, region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return db.session.get_one(Reminder, command.id)
    if permit.state is not PermitState.DEPARTED:
        raise WrongState(state=permit.state, action="remind")
    reminder = Reminder(
        id=command.id,
        permit_id=permit.id,
        way=command.way,
        words=command.words,
        reminded_at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(reminder)
    events.record(
        "arrival.reminded", reminder, by=by, region=permit.region, permit=str(permit.id),
        way=command.way,
    )  # fmt: skip
    return reminder


def ask_for_time(command: AskForTime, *, by: Actor) -> BlockAppeal:
    """Raises NotBlocked, AppealWaits."""
    (keeper,) = hold_keepers([command.keeper_id]) or (None,)
    if keeper is None:
        raise Forbidden(permission=str(Permission.PERMIT_APPLY))
    require(by, Permission.PERMIT_APPLY, region=keeper.village, keeper_id=keeper.id)
    if not first_time(command, by=by):
        return db.session.get_one(BlockAppeal, command.id)
    if open_too_long(keeper.id) is None:
        raise NotBlocked
    if waiting_appeal(keeper.id):
        raise AppealWaits
    appeal = BlockAppeal(
        id=command.id,
        keeper_id=keeper.id,
        words=command.words,
        asked_at=now(),
        asked_by=by.id,
        asked_by_name=by.name,
    )
    db.session.add(appeal)
    events.record("keeper.asked-for-time", appeal, by=by, region=keeper.village)
    return appeal


def answer_appeal(command: AnswerAppeal, *, by: Actor) -> BlockAppeal:
    """Raises OwnAppeal, AppealHeard, DayHasPassed."""
    appeal, keeper = appeal_by_id(command.appeal_id, by=by, hold=True)
    require(by, Permission.PERMIT_HEAR, region=keeper.village, keeper_id=keeper.id)
    if not first_time(command, by=by):
        return appeal
    if appeal.asked_by == by.id:
        raise OwnAppeal
    if appeal.heard_at is not None:
        raise AppealHeard
    _refuse_past(command.until)
    appeal.heard_at, appeal.heard_by, appeal.heard_by_name = now(), by.id, by.name
    appeal.until, appeal.answer = command.until, command.answer
    until = command.until.isoformat() if command.until else ""
    events.record("keeper.time-answered", appeal, by=by, region=keeper.village, until=until)
    return appeal


def set_limit(command: SetLimit, *, by: Actor) -> OpenLimit:
    """Raises DayHasPassed, LimitThere, LateBeforeReminder."""
    require(by, Permission.RULE_MANAGE)
    if not first_time(command, by=by):
        return db.session.get_one(OpenLimit, command.id)
    _refuse_past(command.valid_from)
    if command.late_after_days < command.remind_after_days:
        raise LateBeforeReminder
    if limit_of_day(command.valid_from):
        raise LimitThere
    limit = OpenLimit(
        id=command.id,
        valid_from=command.valid_from,
        remind_after_days=command.remind_after_days,
        late_after_days=command.late_after_days,
        most_late=command.most_late,
        legal_basis=command.legal_basis,
        source="",
    )
    db.session.add(limit)
    events.record(
        "permit-limit.set", limit, by=by, region="", valid_from=command.valid_from.isoformat(),
        days=command.late_after_days, most=command.most_late,
    )  # fmt: skip
    return limit


def _refuse_past(day: date | None) -> None:
    if day is not None and day < today():
        raise DayHasPassed
