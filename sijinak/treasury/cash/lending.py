"""Change that the office lends an officer (uang kembalian), given and given back by two people."""

from datetime import datetime

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.chart import FLOAT, FLOAT_FUND
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.services import Entry, Line, post, reverse
from sijinak.treasury.cash.commands import LendFloat, NoAmount, NotATaker, NotYours, StepFloat
from sijinak.treasury.cash.models import FLOAT_FLOW, ChangeFloat, FloatState
from sijinak.treasury.cash.queries import float_for_update
from sijinak.treasury.people import home_of, people_with

BACK = "the change was given back"


def lend_float(command: LendFloat, *, by: Actor) -> ChangeFloat:
    """Raises NoAmount, NotATaker."""
    require(by, Permission.TREASURY_KEEP)
    region = home_of(by, Permission.TREASURY_KEEP)
    if not first_time(command, by=by):
        return db.session.get_one(ChangeFloat, command.id)
    if command.amount <= 0:
        raise NoAmount
    takers = dict(people_with(Permission.CASH_RECEIVE, region, but=by.id))
    if command.holder_id not in takers:
        raise NotATaker
    lent = ChangeFloat(
        id=command.id,
        holder_id=command.holder_id,
        holder_name=takers[command.holder_id],
        giver_id=by.id,
        giver_name=by.name,
        region=region,
        amount=command.amount,
        origin=command.origin,
        state=FloatState.OFFERED,
        offered_at=now(),
    )
    db.session.add(lent)
    _record("float.offered", lent, by=by)
    return lent


def step_float(command: StepFloat, *, by: Actor) -> ChangeFloat:
    """One step of FLOAT_FLOW, by the side whose turn it is. Raises WrongState, NotYours."""
    lent = float_for_update(command.float_id)
    known = [step for step in FLOAT_FLOW if step.action == command.action]
    if not known:
        raise WrongState(state=lent.state, action=command.action)
    require(by, known[0].needs, region=lent.region)
    if (lent.holder_id == by.id) is not (known[0].needs is Permission.CASH_RECEIVE):
        raise NotYours
    if not first_time(command, by=by):
        return lent
    lent.state = FLOAT_FLOW.step(lent.state, command.action).target
    _carry_out(lent, command.action, now(), by=by)
    _record(f"float.{_DONE[command.action]}", lent, by=by)
    return lent


_DONE = {
    "accept": "accepted",
    "withdraw": "withdrawn",
    "give-back": "offered-back",
    "keep": "kept",
    "take-back": "taken-back",
}


def _carry_out(lent: ChangeFloat, action: str, at: datetime, *, by: Actor) -> None:
    if action == "accept":
        lent.accepted_at = at
        lock_holders({lent.holder_id})
        lines = [Line(FLOAT, lent.amount, lent.holder_id), Line(FLOAT_FUND, -lent.amount)]
        entry = Entry(
            idem=f"float:{lent.id}", kind="float", on=today(), region=lent.region, lines=lines
        )
        post(entry, by=by)
    elif action == "withdraw":
        lent.ended_at = at
    elif action == "take-back":
        lent.taken_back_by, lent.taken_back_by_name, lent.ended_at = by.id, by.name, at
        lock_holders({lent.holder_id})
        reverse(f"float:{lent.id}", reason=BACK, by=by)


def _record(name: str, lent: ChangeFloat, *, by: Actor) -> None:
    events.record(name, lent, by=by, region=lent.region, amount=lent.amount)
