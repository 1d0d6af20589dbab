"""Bans are entered with their decree and may be lifted early; what they said is never altered."""

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.health.bans.checking import check_ban
from sijinak.health.bans.commands import EnterBan, LiftBan
from sijinak.health.bans.models import Ban
from sijinak.health.bans.queries import ban_by_id

REGENCY = 5  # letters of a regency in a region's code


class BanIsOver(Conflict):
    """It was lifted, or its last day has passed."""

    code = "ban-is-over"


def enter_ban(command: EnterBan, *, by: Actor) -> Ban:
    """Raises UnknownArea, NoDirection, EndsBeforeItBegins."""
    require(by, Permission.BAN_MANAGE)
    _require_area(command.region, by)
    if not first_time(command, by=by):
        return db.session.get_one(Ban, command.id)
    check_ban(command)
    ban = Ban(
        id=command.id,
        region=command.region,
        species=command.species,
        disease=command.disease,
        directions=[direction.value for direction in dict.fromkeys(command.directions)],
        legal_basis=command.legal_basis,
        note=command.note,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        entered_at=now(),
        entered_by=by.id,
        entered_by_name=by.name,
    )
    db.session.add(ban)
    events.record(
        "ban.entered", ban, by=by, region=ban.region, disease=ban.disease,
        basis=ban.legal_basis, valid_from=ban.valid_from.isoformat(),
    )  # fmt: skip
    return ban


def lift_ban(command: LiftBan, *, by: Actor) -> Ban:
    """Early, from today on. Raises BanIsOver."""
    ban = ban_by_id(command.ban_id, by=by, hold=True)
    _require_area(ban.region, by)
    if not first_time(command, by=by):
        return ban
    day = today()
    if ban.lifted_on is not None or (ban.valid_until is not None and ban.valid_until < day):
        raise BanIsOver
    ban.lifted_on, ban.lifted_at = day, now()
    ban.lifted_by, ban.lifted_by_name, ban.lifted_because = by.id, by.name, command.because
    events.record("ban.lifted", ban, by=by, region=ban.region, note=command.because)
    return ban


def _require_area(region: str, by: Actor) -> None:
    """An area at home must be the actor's own; one elsewhere is nobody's here."""
    reaches = by.reaches(Permission.BAN_MANAGE)
    if not any(
        reach.covers(region, None) or region[:REGENCY] != reach.region[:REGENCY]
        for reach in reaches
    ):
        raise Forbidden(permission=str(Permission.BAN_MANAGE))
