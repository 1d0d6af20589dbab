"""Permits whose animals left, links to them, and what is said of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sijinak.animals.models import Animal, AnimalState
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.permits.arrivals.commands import Outcome, SayArrival
from sijinak.permits.arrivals.models import ArrivalLink
from sijinak.permits.arrivals.queries import live_link
from sijinak.permits.arrivals.secrets import secret_for
from sijinak.permits.models import Arrival, Permit, PermitState
from tests.permits.factories import Office, deliver, make_draft, make_herd, walk


def departed(office: Office, heads: int = 3, **fields: Any) -> Permit:
    """On its way, and the worker has made the link."""
    draft = make_draft(office, make_herd(office.firm, heads), **fields)
    permit = walk(draft, office, PermitState.DEPARTED)
    deliver()
    db.session.refresh(permit)
    return permit


def departed_ago(office: Office, days: int) -> Permit:
    """Its animals left so many days ago."""
    permit = departed(office, 1)
    with transaction():
        assert permit.departed_at
        permit.departed_at -= timedelta(days=days)
    return permit


def link_of(permit: Permit) -> tuple[ArrivalLink, str]:
    link = live_link(permit.id)
    assert link
    return link, secret_for(link.id)


def saying(permit: Permit, *arrivals: Arrival, **fields: Any) -> SayArrival:
    """Of the animals in their order; those that are not named were received."""
    lines = [line for line in permit.animals if line.departed]
    said = [*arrivals, *[Arrival.RECEIVED] * (len(lines) - len(arrivals))]
    outcomes = tuple(
        Outcome(
            animal_id=line.animal_id,
            arrival=arrival,
            words="" if arrival is Arrival.RECEIVED else "Kapal oleng",
        )
        for line, arrival in zip(lines, said, strict=True)
    )
    defaults = {"permit_id": permit.id, "arrived_on": today(), "outcomes": outcomes}
    return SayArrival(**{**defaults, **fields})


def states(permit: Permit) -> list[AnimalState]:
    db.session.expire_all()
    return [db.session.get_one(Animal, line.animal_id).state for line in permit.animals]


def typed(permit: Permit, said: Mapping[int, tuple[str, str]]) -> dict[str, str]:
    """The form of the receiver, by position."""
    fields = {"arrived_on": today().isoformat()}
    for line in permit.animals:
        outcome, words = said.get(line.position, ("received", ""))
        fields |= {f"outcome-{line.position}": outcome, f"words-{line.position}": words}
    return fields
