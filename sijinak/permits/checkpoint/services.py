"""A check at a post is recorded, whatever it says; the first that lets pass uses the permit up."""

from uuid import uuid5

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import SijinakError
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.checkpoint.commands import RecordCheck
from sijinak.permits.checkpoint.drawing import drawn
from sijinak.permits.checkpoint.models import CheckDecision, CheckOutcome, CheckpointCheck
from sijinak.permits.checkpoint.proving import proves
from sijinak.permits.checkpoint.queries import first_pass_of
from sijinak.permits.commands import DepartPermit
from sijinak.permits.models import Permit
from sijinak.permits.travelling import PermitUsed, depart_permit

NO_PERMIT = "no-permit"
NOT_PROVED = "paper-not-proved"


def record_check(command: RecordCheck, *, by: Actor) -> CheckpointCheck:
    """What happened at the port happened: it is kept, and what it came to stands beside it."""
    require(by, Permission.PERMIT_DEPART)
    if not first_time(command, by=by):
        return db.session.get_one(CheckpointCheck, command.id)
    permit = db.session.get(Permit, command.permit_id) if command.permit_id else None
    region = permit.region if permit else command.region
    proved = proves(command.paper, command.permit_id)
    outcome, why = _outcome(command, permit, proved=proved, by=by)
    check = CheckpointCheck(
        **_as_said(command),
        region=region,
        proved=proved,
        outcome=outcome,
        why=why,
        draw_holds=_draw_holds(command),
        officer_id=by.id,
        officer_name=by.name,
        received_at=now(),
    )
    check.note = command.note or None
    db.session.add(check)
    db.session.flush()
    _tell(check, by)
    return check


def _outcome(
    command: RecordCheck, permit: Permit | None, *, proved: bool, by: Actor
) -> tuple[CheckOutcome, str]:
    if command.decision is not CheckDecision.PASS:
        return CheckOutcome.STOPPED, ""
    if permit is None or not proved:
        return CheckOutcome.NOT_DEPARTED, NOT_PROVED if permit else NO_PERMIT
    try:
        with db.session.begin_nested():
            depart_permit(_departure(command, permit), by=by)
    except SijinakError as error:
        # The animals went all the same: whoever lets the same paper pass again is told so.
        again = isinstance(error, PermitUsed) or first_pass_of(permit.id) is not None
        return CheckOutcome.DOUBLE_USE if again else CheckOutcome.NOT_DEPARTED, error.code
    return CheckOutcome.DEPARTED, ""


def _departure(command: RecordCheck, permit: Permit) -> DepartPermit:
    return DepartPermit(
        id=uuid5(command.id, "departure"),
        permit_id=permit.id,
        happened_at=min(command.checked_at, now()),
        port=command.port,
        heads=command.males + command.females,
        note=command.post,
    )


def _as_said(command: RecordCheck) -> dict[str, object]:
    same = (
        "id", "permit_id", "number", "paper", "verdict", "decision", "plate", "males", "females",
        "others", "seed", "heads", "listed_at", "port", "post", "device_id", "checked_at",
    )  # fmt: skip
    latitude, longitude = command.position or (None, None)
    return {
        **{name: getattr(command, name) for name in same},
        "reasons": list(command.reasons),
        "positions": list(command.positions),
        "scanned": list(command.scanned),
        "latitude": latitude,
        "longitude": longitude,
    }


def _draw_holds(command: RecordCheck) -> bool:
    """Whether the positions are those of the seed: nobody chose which animals were looked at.

    Who let a truck pass has drawn.
    """
    if not command.positions:
        return command.decision is not CheckDecision.PASS
    again = drawn(command.seed, command.heads, len(command.positions))
    return again == list(command.positions)


def _tell(check: CheckpointCheck, by: Actor) -> None:
    facts = {"number": check.number, "post": check.post, "port": check.port}
    name = f"checkpoint.{check.decision}"
    events.record(name, check, by=by, region=check.region, why=check.why, **facts)
    if check.outcome is CheckOutcome.DOUBLE_USE:
        first = first_pass_of(check.permit_id)
        facts["first"] = str(first.id) if first else ""
        events.record("checkpoint.double-use", check, by=by, region=check.region, **facts)
