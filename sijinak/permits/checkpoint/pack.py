"""What a phone at a port takes along: the permits that may leave there, and those that left."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Sex
from sijinak.animals.queries import AnimalFacts
from sijinak.areas.queries import place_name, ports
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.permits.checkpoint.drawing import Table
from sijinak.permits.checkpoint.models import CheckOutcome, CheckpointCheck
from sijinak.permits.enclosures.needs import refuse_without_papers
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import animals_on
from sijinak.permits.rulebook import terms_for
from sijinak.permits.signing.models import StatusListRow
from sijinak.permits.slots.queries import refuse_without_slot
from sijinak.permits.stopping import refuse_stopped

VERSION = 1
S = PermitState
KEPT = timedelta(days=30)  # after the last day; a copy that is older has expired by its own word
OUT = (S.DEPARTED, S.ARRIVED, S.CLOSED)
STATES = (S.ISSUED, *OUT, S.REVOKED, S.EXPIRED)


def pack_of(port: str, table: Table, *, by: Actor) -> dict[str, Any]:
    """``port`` may be empty: then the ports alone, to choose from."""
    require(by, Permission.PERMIT_DEPART)
    permits = list(_permits(port, by)) if port else []
    uses = _uses([permit.id for permit in permits])
    return {
        "v": VERSION,
        "port": port,
        "ports": [[known.code, known.name] for known in ports()],
        "draw": [list(row) for row in table],
        "lists": list(db.session.scalars(select(StatusListRow.number).order_by("number"))),
        "permits": [_told(permit, uses.get(permit.id)) for permit in permits],
        "places": _places(permits),
    }


def _permits(port: str, by: Actor) -> Iterable[Permit]:
    reach = within_reach(by, Permission.PERMIT_DEPART, Permit.region)
    since = today() - KEPT
    asked = select(Permit).where(
        reach, Permit.port == port, Permit.state.in_(STATES), Permit.valid_until >= since
    )
    return db.session.scalars(asked.order_by(Permit.id))


def _uses(permit_ids: list[UUID]) -> dict[UUID, CheckpointCheck]:
    asked = select(CheckpointCheck).where(
        CheckpointCheck.permit_id.in_(permit_ids), CheckpointCheck.outcome == CheckOutcome.DEPARTED
    )
    return {check.permit_id: check for check in db.session.scalars(asked) if check.permit_id}


def _told(permit: Permit, use: CheckpointCheck | None) -> dict[str, Any]:
    going = [animal for line, animal in animals_on(permit) if line.passed]
    return {
        "id": str(permit.id),
        "number": permit.number,
        "state": S.DEPARTED if permit.state in OUT else permit.state,
        "tags": [animal.tag for animal in going],
        "plate": permit.vehicle_plate,
        "species": permit.species,
        "sexes": [_count(going, Sex.MALE), _count(going, Sex.FEMALE)],
        "until": permit.valid_until.isoformat() if permit.valid_until else "",
        "used": _use(permit, use),
        "lacks": list(_lacks(permit)) if permit.state is S.ISSUED else [],
    }


def _lacks(permit: Permit) -> Iterator[str]:
    """What the office would refuse a departure of today for, as far as it knows now."""
    checks: tuple[Callable[[], None], ...] = (
        lambda: refuse_without_papers(permit, terms_for(permit), today()),
        lambda: refuse_without_slot(permit, permit.port, today()),
        lambda: refuse_stopped(permit),
    )
    for check in checks:
        try:
            check()
        except SijinakError as error:
            yield error.code


def _count(going: list[AnimalFacts], sex: Sex) -> int:
    return sum(animal.sex is sex for animal in going)


def _use(permit: Permit, use: CheckpointCheck | None) -> dict[str, str] | None:
    """When and where: by a check, or as the permit itself says."""
    if use:
        return {"at": use.checked_at.isoformat(), "post": use.post, "port": use.port}
    if permit.departed_at is None:
        return None
    return {"at": permit.departed_at.isoformat(), "post": "", "port": permit.departed_port}


def _places(permits: list[Permit]) -> dict[str, str]:
    codes = {code for permit in permits for code in (permit.region, permit.destination)}
    return {code: place_name(code) for code in sorted(codes)}
