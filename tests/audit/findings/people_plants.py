"""Irregularities of people: mandates, pairs, hours, late entries, open cases."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sijinak.accounts.models import Appointment, Delegation, Manner, Role
from sijinak.core.events import Event
from sijinak.ledger.models import Journal
from sijinak.payments.models import Discrepancy, DiscrepancyState
from sijinak.payments.refunds.models import Refund
from sijinak.retribution.claims.models import WriteOff
from sijinak.retribution.tariffs.models import Tariff
from sijinak.treasury.cash.models import CashClosing, ClosingState
from sijinak.treasury.matching.models import Proposal, ProposalKind, ProposalState
from tests.audit.findings.field_plants import permit
from tests.audit.findings.money_plants import money
from tests.audit.findings.planting import Planter


def no_mandate(plant: Planter, n: int) -> UUID:
    steps = ("decided", "certified", "inspected", "accepted")
    who: dict[str, Any] = {f"{steps[n % 4]}_by": plant.id(), f"{steps[n % 4]}_at": plant.ago(12)}
    return permit(plant, **who)


def no_decree(plant: Planter, n: int) -> UUID:
    person = plant.id()
    if n % 2:  # a decree that ended the day before
        _appointment(plant, person, Role.COLLECTOR, valid_until=plant.on(21))
    money(plant, seen_by=person)
    return person


def _appointment(plant: Planter, person: UUID, role: Role, **said: Any) -> UUID:
    known = {"valid_from": plant.on(700), "decree": "SK 1"}
    return plant.row(Appointment, user_id=person, role=role, **{**known, **said})


def left(plant: Planter, n: int) -> UUID:
    person = plant.id()
    over: dict[str, Any] = {"valid_until": plant.on(60)} if n % 2 else {"ended_at": plant.ago(60)}
    _appointment(plant, person, Role.VET, **over)
    plant.row(Event, name="permit.inspect", actor_id=person, happened_at=plant.ago(10), facts={})
    return person


def delegation(plant: Planter, n: int) -> UUID:
    return plant.row(
        Delegation, manner=Manner.PLH, permissions=["permit:decide"], valid_from=plant.on(40 + n),
        valid_until=plant.on(-40), end_reason="",
    )  # fmt: skip


def appointment(plant: Planter, n: int) -> UUID:
    return _appointment(
        plant, plant.id(), (Role.VET, Role.CLERK, Role.KADIS, Role.CHECKPOINT)[n % 4]
    )


def late_cash(plant: Planter, n: int) -> UUID:
    came = plant.ago(30)
    return money(plant, happened_at=came, seen_at=came + timedelta(days=5 + n))


def late_journal(plant: Planter, n: int) -> UUID:
    return plant.row(
        Journal, idem=f"late:{plant.number()}", kind="late", size=2, zero=0,
        effective_on=plant.on(100), recorded_at=plant.ago(50 - n),
    )  # fmt: skip


def late_tariff(plant: Planter, n: int) -> UUID:
    return plant.row(
        Tariff, valid_from=plant.on(200 + n), valid_until=plant.on(190), approved_by=plant.id(),
        approved_at=plant.ago(100), refused_why="", past_why="Perda",
    )  # fmt: skip


def pair(plant: Planter, n: int) -> UUID:
    """Once for each kind: a hundred times the same two."""
    first, second = plant.id(), plant.id()
    for _ in range(100):
        if n == 0:
            plant.row(
                Proposal, kind=ProposalKind.MATCH, state=ProposalState.APPROVED, fee=0,
                proposed_by=first, decided_by=second,
            )  # fmt: skip
        else:
            plant.row(Refund, requested_by=first, approved_by=second)
    return first


def write_offs(plant: Planter, n: int) -> UUID:
    first, second = plant.id(), plant.id()
    for _ in range(3 + n):
        plant.row(
            WriteOff, proposed_by=first, approved_by=second, ended_at=plant.ago(30),
            refused_why="",
        )  # fmt: skip
    return first


def odd_hours(plant: Planter, n: int) -> UUID:
    """At 22, at 4, on a Saturday, on a Sunday: the planter's day is a Thursday."""
    days, hour = ((8, 22), (9, 4), (12, 10), (11, 10))[n % 4]
    person, at = plant.id(), plant.ago(days, hour)
    money(plant, seen_by=person, happened_at=at, seen_at=at)
    return person


def overdue(plant: Planter, n: int) -> UUID:
    return plant.row(
        Discrepancy, opened_at=plant.ago(20 + n), state=DiscrepancyState.OPEN, facts={}, plan={},
        amount=-5000,
    )  # fmt: skip


def short(plant: Planter, n: int) -> UUID:
    person = plant.id()
    for day in range(3):
        plant.row(
            CashClosing, holder_id=person, day=plant.on(20 + day), opening=0, came=5000, went=0,
            expected=5000, counted=4000 - n, difference=-1000 - n, why="kurang", flows={},
            notes={}, floats=0, state=ClosingState.COUNTED,
        )  # fmt: skip
    return person


PLANTS = {
    "no-mandate": no_mandate, "cashier-no-decree": no_decree, "left-acted": left,
    "delegation-unused": delegation, "appointment-unused": appointment, "late-cash": late_cash,
    "late-journal": late_journal, "late-tariff": late_tariff, "write-off-pair": write_offs,
    "odd-hours": odd_hours, "case-overdue": overdue, "cash-short": short,
}  # fmt: skip
FEW = {"same-pair": (pair, 2)}
