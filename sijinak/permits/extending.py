"""More days for a permit that is still valid: asked for by its applicant, granted by who signs."""

from datetime import date, timedelta

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.commands import AskExtension, ExtendPermit, RefuseExtension
from sijinak.permits.enclosures.models import PermitExtension
from sijinak.permits.enclosures.queries import asked_extension, extensions_of
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.queries import permit_for_update
from sijinak.permits.rulebook import terms_for
from sijinak.permits.services import ReasonMissing
from sijinak.permits.taking import PermitExpired, SamePerson, begin, end, is_barred, sign


class NotAsked(Conflict):
    """Nobody asked for more days."""

    code = "extension-not-asked"


class AskedAlready(Conflict):
    code = "extension-asked-already"


class NoMoreExtensions(Conflict):
    """Facts: ``most``, how often one permit is extended."""

    code = "no-more-extensions"


class ExtensionTooLong(Invalid):
    """Facts: ``after``, ``latest``: between these two days."""

    code = "extension-too-long"


def ask_extension(command: AskExtension, *, by: Actor) -> PermitExtension:
    """Raises WrongState, PermitExpired, AskedAlready, NoMoreExtensions, ExtensionTooLong."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return db.session.get_one(PermitExtension, command.id)
    if permit.state is not PermitState.ISSUED:
        raise WrongState(state=permit.state, action="ask-extension")
    if asked_extension(permit.id):
        raise AskedAlready
    _refuse_unfit(permit, command.wanted_until)
    request = PermitExtension(
        id=command.id,
        permit_id=permit.id,
        wanted_until=command.wanted_until,
        reason=command.reason,
        asked_at=now(),
        asked_by=by.id,
    )
    db.session.add(request)
    facts = {"until": command.wanted_until.isoformat(), "note": command.reason}
    events.record("permit.ask-extension", permit, by=by, region=permit.region, **facts)
    return request


def extend_permit(command: ExtendPermit, *, by: Actor) -> Permit:
    """The papers get a new version, which takes the place of the old.

    Raises NotAsked, PermitExpired, NoMoreExtensions, ExtensionTooLong, and what ``sign`` raises.
    """
    permit, step = begin(command, "extend", by=by)
    if step is None:
        return permit
    request = asked_extension(permit.id)
    if request is None:
        raise NotAsked
    _refuse_unfit(permit, command.valid_until)
    mandate = sign(command, permit, "extend", command.proof, by=by)
    permit.valid_until, permit.version = command.valid_until, permit.version + 1
    request.granted_until, request.mandate = command.valid_until, mandate.decree
    _answer(request, command.note, by=by)
    until = command.valid_until.isoformat()
    return end(permit, step, by=by, note=command.note, valid_until=until, mandate=mandate.decree)


def refuse_extension(command: RefuseExtension, *, by: Actor) -> PermitExtension:
    """Raises NotAsked, ReasonMissing, SamePerson."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_DECIDE, region=permit.region)
    request = asked_extension(permit.id)
    if not first_time(command, by=by):
        return extensions_of(permit.id)[-1]
    if is_barred(permit, "extend", by=by):
        raise SamePerson
    if request is None:
        raise NotAsked
    if not command.note:
        raise ReasonMissing
    _answer(request, command.note, by=by)
    events.record("permit.refuse-extension", permit, by=by, region=permit.region, note=command.note)
    return request


def latest_end(permit: Permit) -> date:
    """The last day that an extension may reach: by the rule's validity, else by the setting."""
    rule = terms_for(permit).rule
    days = (rule.validity_days if rule else None) or policy.extension_days
    assert permit.valid_until  # noqa: S101 - what is issued has one
    return permit.valid_until + timedelta(days=min(days, policy.extension_days))


def _refuse_unfit(permit: Permit, until: date) -> None:
    if permit.valid_until is None or permit.valid_until < today():
        raise PermitExpired(until=permit.valid_until)
    granted = sum(e.granted_until is not None for e in extensions_of(permit.id))
    if granted >= policy.most_extensions:
        raise NoMoreExtensions(most=policy.most_extensions)
    if not permit.valid_until < until <= latest_end(permit):
        raise ExtensionTooLong(after=permit.valid_until, latest=latest_end(permit))


def _answer(request: PermitExtension, note: str, *, by: Actor) -> None:
    request.note, request.answered_at = note, now()
    request.answered_by, request.answered_by_name = by.id, by.name
