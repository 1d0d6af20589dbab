"""Animals leave, arrive or stay until the letter runs out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import WORKER, Actor
from sijinak.permits import commands as c
from sijinak.permits import ending, travelling
from sijinak.permits.arrivals.commands import Outcome, SayArrival
from sijinak.permits.arrivals.queries import Receiver, live_link
from sijinak.permits.arrivals.services import say_arrival
from sijinak.permits.enclosures.models import ExternalPaper
from sijinak.permits.enclosures.needs import papers_missing
from sijinak.permits.models import Arrival, ExternalKind, Permit, PermitState
from sijinak.permits.rulebook import terms_for
from tests.properties.simulation.applying import permit_of
from tests.properties.simulation.playing import Run

S = PermitState
DESK = Role.PERMIT_DESK.value


def depart(run: Run, permit_id: UUID) -> None:
    """All that were written down or fewer, today or told of days later; sometimes at two posts."""
    permit = permit_of(permit_id)
    going = [line.animal_id for line in permit.animals if line.passed]
    _file_papers(run, permit)
    left = tuple(going[: run.dice.choice([0, 0, 0, 1])])
    when = now() - timedelta(days=run.dice.choice([0, 0, 0, 1, 3]))
    heads = max(len(going) - len(left) + run.dice.choice([0, 0, 0, 0, -1, 1]), 1)
    told: dict[str, Any] = {"happened_at": max(when, permit.issued_at or when), "port": permit.port}
    for _ in range(run.dice.choice([1, 1, 1, 2])):
        command = c.DepartPermit(permit_id=permit_id, heads=heads, left_behind=left, **told)
        run.do(travelling.depart_permit, command, run.who(Role.CHECKPOINT.value))


def _file_papers(run: Run, permit: Permit) -> None:
    missing = papers_missing(permit, terms_for(permit), today())
    if missing and permit.state is S.ISSUED:
        with transaction():
            db.session.add_all(
                ExternalPaper(
                    permit_id=permit.id, kind=kind, number="1", issued_on=today(),
                    file_id=run.world.pdf, days=30 if kind is ExternalKind.KH11 else None,
                    recorded_at=now(), recorded_by=permit.applied_by, recorded_by_name="Meja",
                )
                for kind in missing
            )  # fmt: skip


def arrive(run: Run, permit_id: UUID) -> None:
    """Told by the receiver or by the desk; said again, it counts anew."""
    permit, link = permit_of(permit_id), live_link(permit_id)
    outcomes = tuple(
        Outcome(animal_id=line.animal_id, arrival=_outcome(run), words="Kapal oleng")
        for line in permit.animals
        if line.departed
    )
    command = SayArrival(permit_id=permit_id, arrived_on=today(), outcomes=outcomes, note="Telepon")
    if link is not None and run.dice.random() < 1 / 2:
        receiver: Actor = Receiver(link.id, permit.keeper_id)
        run.do(_by_link(permit_id), command, receiver)
    else:
        run.do(say_arrival, command, run.who(DESK))


def _by_link(permit_id: UUID) -> Callable[..., object]:
    def say_by_link(command: SayArrival, *, by: Actor) -> object:
        return say_arrival(command, by=by, link=live_link(permit_id))

    return say_by_link


def _outcome(run: Run) -> Arrival:
    return run.dice.choice([Arrival.RECEIVED, Arrival.RECEIVED, Arrival.DEAD, Arrival.REJECTED])


def close(run: Run, permit_id: UUID) -> None:
    run.do(travelling.close_permit, c.ClosePermit(permit_id=permit_id), run.who(DESK))


def run_out(run: Run, permit_id: UUID) -> None:
    """Its days pass unused, and the worker ends all that ran out."""
    permit = permit_of(permit_id)
    if permit.state is S.ISSUED and permit.valid_until:
        run.later(days=max((permit.valid_until - today()).days, 0) + run.dice.choice([0, 2, 3]))
    elif permit.state is S.RETURNED:
        run.later(days=run.dice.choice([29, 31]))
    with run.on_its_clock():
        if run.dice.random() < 1 / 2:
            depart(run, permit_id)
        with transaction():
            found = list(ending.permits_run_out())
        for one in found:
            run.do(ending.expire_permit, c.ExpirePermit(permit_id=one), WORKER)


def let_run_out(run: Run) -> None:
    run_out(run, run.which(S.ISSUED, S.RETURNED))
