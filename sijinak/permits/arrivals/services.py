"""The receiver says what arrived; said again before the closing, it counts anew."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sijinak.core.clock import clock, local, now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.keepers.proving import digest_of_secret
from sijinak.permits.arrivals.commands import MakeArrivalLink, SayArrival
from sijinak.permits.arrivals.correcting import correct_outcomes
from sijinak.permits.arrivals.models import ArrivalLine, ArrivalLink, ArrivalStatement, SaidBy
from sijinak.permits.arrivals.queries import aboard, live_link, statements_of
from sijinak.permits.arrivals.secrets import code_for, digest_of_code, secret_for
from sijinak.permits.commands import ArrivePermit
from sijinak.permits.models import Arrival, Permit, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.travelling import NotAboard, arrive_permit

MOST_EXTRAS = 50


class ArrivalIncomplete(Invalid):
    """Facts: ``missing``, how many animals nothing is said of."""

    code = "arrival-incomplete"


class OutcomeUnexplained(Invalid):
    """An animal was rejected or is dead, and nobody says why. Facts: ``count``."""

    code = "outcome-unexplained"


class ArrivedBeforeLeaving(Invalid):
    code = "arrived-before-leaving"


class ArrivesInTheFuture(Invalid):
    code = "arrives-in-the-future"


class SaidByOffice(Conflict):
    """An officer wrote it down: whoever holds the link does not alter that."""

    code = "said-by-office"


class WhyCorrected(Invalid):
    """An officer who alters what was said says why."""

    code = "why-corrected"


def make_arrival_link(command: MakeArrivalLink, *, by: Actor) -> ArrivalLink:
    """Of a permit on its way; a new one ends the one before. Raises WrongState."""
    permit = permit_for_update(command.permit_id, by=by)
    if not may(by, Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id):
        require(by, Permission.PERMIT_ARRIVE, region=permit.region, keeper_id=permit.keeper_id)
    before = live_link(permit.id)
    if not first_time(command, by=by):
        return before or db.session.get_one(ArrivalLink, command.id)
    if permit.state not in (PermitState.DEPARTED, PermitState.ARRIVED):
        raise WrongState(state=permit.state, action="link")
    if before is not None:
        before.ended_at = now()
        db.session.flush()
    link = ArrivalLink(
        id=command.id,
        permit_id=permit.id,
        digest=digest_of_secret(secret_for(command.id)),
        code_digest=digest_of_code(command.id, code_for(command.id)),
        made_at=now(),
        made_by=by.id,
        expires_at=now() + timedelta(days=command.days),
        tries=0,
    )
    db.session.add(link)
    events.record("arrival.link-made", link, by=by, region=permit.region, permit=str(permit.id))
    return link


def say_arrival(
    command: SayArrival, *, by: Actor, link: ArrivalLink | None = None
) -> ArrivalStatement:
    """By whoever holds the link, or by an officer who heard it from the receiver.

    Raises WrongState once the permit is closed, and what the errors above say.
    """
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_ARRIVE, region=permit.region, keeper_id=permit.keeper_id)
    before = next(iter(statements_of(permit.id)), None)
    if not first_time(command, by=by):
        return db.session.get(ArrivalStatement, command.id) or _there(before)
    when = _moment(command, permit)
    _check(command, permit)
    if before is not None and _says(before) == _said(command):
        return before
    if permit.state is PermitState.DEPARTED:
        arrive_permit(_as_step(command, when), by=by)
    else:
        _may_correct(command, permit, before, link)
        correct_outcomes(permit, {o.animal_id: o.arrival for o in command.outcomes}, when, by=by)
    return _write(command, permit, before, link, when, by=by)


def _moment(command: SayArrival, permit: Permit) -> datetime:
    """Noon of the day, but never before the animals left nor after now."""
    left = permit.departed_at or now()
    if command.arrived_on < local(left).date():
        raise ArrivedBeforeLeaving
    if command.arrived_on > local(now()).date():
        raise ArrivesInTheFuture
    noon = datetime.combine(command.arrived_on, time(12), clock.zone)
    return min(max(noon, left), now())


def _check(command: SayArrival, permit: Permit) -> None:
    said = {outcome.animal_id for outcome in command.outcomes}
    there = {line.animal_id for line in aboard(permit)}
    if strange := len(command.outcomes) - len(said & there):
        raise NotAboard(count=strange)
    missing = there - said
    if missing:
        raise ArrivalIncomplete(missing=len(missing))
    if bare := sum(o.arrival is not Arrival.RECEIVED and not o.words for o in command.outcomes):
        raise OutcomeUnexplained(count=bare)


def _may_correct(
    command: SayArrival, permit: Permit, before: ArrivalStatement | None, link: ArrivalLink | None
) -> None:
    if permit.state is not PermitState.ARRIVED:
        raise WrongState(state=permit.state, action="arrive")
    if link is not None and (before is None or before.said_by is SaidBy.OFFICER):
        raise SaidByOffice
    if link is None and not command.note:
        raise WhyCorrected


def _as_step(command: SayArrival, when: datetime) -> ArrivePermit:
    def those(arrival: Arrival) -> tuple[UUID, ...]:
        return tuple(o.animal_id for o in command.outcomes if o.arrival is arrival)

    return ArrivePermit(
        permit_id=command.permit_id,
        happened_at=when,
        received=those(Arrival.RECEIVED),
        dead=those(Arrival.DEAD),
        rejected=those(Arrival.REJECTED),
        note=command.note,
    )


def _write(  # noqa: PLR0913 - one row, and where each of its parts comes from
    command: SayArrival,
    permit: Permit,
    before: ArrivalStatement | None,
    link: ArrivalLink | None,
    when: datetime,
    *,
    by: Actor,
) -> ArrivalStatement:
    statement = ArrivalStatement(
        id=command.id,
        permit_id=permit.id,
        supersedes_id=before.id if before else None,
        link_id=link.id if link else None,
        said_by=SaidBy.LINK if link else SaidBy.OFFICER,
        arrived_at=when,
        said_at=now(),
        by_id=by.id,
        by_name=command.name if link else by.name,
        note=command.note,
        extras=list(command.extras[:MOST_EXTRAS]),
    )
    db.session.add(statement)
    db.session.flush()
    db.session.add_all(
        ArrivalLine(
            statement_id=statement.id, animal_id=o.animal_id, outcome=o.arrival, words=o.words
        )
        for o in command.outcomes
    )
    name = "arrival.corrected" if before else "arrival.said"
    counts = {kind.value: 0 for kind in Arrival}
    for outcome in command.outcomes:
        counts[outcome.arrival.value] += 1
    events.record(
        name, statement, by=by, region=permit.region, permit=str(permit.id),
        way=statement.said_by, extras=len(statement.extras), **counts,
    )  # fmt: skip
    return statement


def _said(command: SayArrival) -> object:
    outcomes = {o.animal_id: (o.arrival, o.words) for o in command.outcomes}
    return command.arrived_on, outcomes, list(command.extras), command.note


def _says(before: ArrivalStatement) -> object:
    outcomes = {line.animal_id: (line.outcome, line.words) for line in before.lines}
    return local(before.arrived_at).date(), outcomes, list(before.extras), before.note


def _there(before: ArrivalStatement | None) -> ArrivalStatement:
    """What stood when the same was sent for the first time."""
    if before is None:
        raise WrongState(state="", action="arrive")
    return before
