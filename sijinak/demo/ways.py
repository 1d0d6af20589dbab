"""The ways of applications: how far each gets, and when each of its steps is taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Species
from sijinak.core.clock import clock, local
from sijinak.core.ids import uuid7
from sijinak.demo.holdings import Firm
from sijinak.permits.commands import (
    Journey,
)
from sijinak.permits.models import PermitState
from sijinak.permits.rulebook import Asked, report_for
from sijinak.permits.rules.models import Purpose

S = PermitState
# Jakarta's market first; Samarinda asks for a brucellosis test, which a vet can do there and then.
DESTINATIONS = ("32.16", "64.72", "36.71", "63.71", "64.72", "32.16")
_SUBMITTED = ("draft", "submit")
_INSPECTED = (*_SUBMITTED, "accept", "inspect")
_PAID = (*_INSPECTED, "bill", "pay")
_APPROVED = (*_PAID, "certify", "approve")
_ISSUED = (*_APPROVED, "issue")
_DEPARTED = (*_ISSUED, "depart")
# The way to each state, in the order of how long ago it began: the first is the newest.
WAYS: Mapping[PermitState, Sequence[str]] = {
    S.DRAFT: ("draft",),
    S.SUBMITTED: _SUBMITTED,
    S.RETURNED: (*_SUBMITTED, "send_back"),
    S.ACCEPTED: (*_SUBMITTED, "accept"),
    S.INSPECTED: _INSPECTED,
    S.BILLED: (*_INSPECTED, "bill"),
    S.PAID: _PAID,
    S.APPROVED: _APPROVED,
    S.ISSUED: _ISSUED,
    S.DEPARTED: _DEPARTED,
    S.REJECTED: (*_INSPECTED, "reject"),
    S.APPEALED: (*_INSPECTED, "reject", "appeal"),
    S.IN_LAB: (*_SUBMITTED, "accept", "sample"),
    S.CLOSED: (*_DEPARTED, "arrive", "close"),
    S.CANCELLED: (*_SUBMITTED, "cancel"),
    S.ARRIVED: (*_DEPARTED, "arrive"),
    S.REVOKED: (*_ISSUED, "revoke"),
    S.EXPIRED: (*_ISSUED, "expire"),
}
# When in the course of an application each step is taken.
PACE = {
    "draft": timedelta(hours=8, minutes=10),
    "submit": timedelta(hours=8, minutes=40),
    "send_back": timedelta(hours=11),
    "cancel": timedelta(hours=15),
    "accept": timedelta(hours=10, minutes=20),
    "inspect": timedelta(days=1, hours=7, minutes=45),
    "reject": timedelta(days=1, hours=14),
    "bill": timedelta(days=1, hours=11),
    "sample": timedelta(days=1, hours=7, minutes=50),
    "appeal": timedelta(days=1, hours=16),
    "pay": timedelta(days=2, hours=9, minutes=30),
    "certify": timedelta(days=2, hours=11),
    "approve": timedelta(days=2, hours=14),
    "issue": timedelta(days=3, hours=8, minutes=15),
    "revoke": timedelta(days=3, hours=13),
    "depart": timedelta(days=5, hours=6),
    "arrive": timedelta(days=7, hours=16),
    "close": timedelta(days=8, hours=9),
    "expire": timedelta(days=21, hours=1),  # after its days and the days of grace
}
_LONGEST_AGO = 90
NEXT_FIRM = 11  # the state that the second firm begins with
_OVERDUE = {S.DEPARTED: 9}  # so long nobody has said what arrived, and the desk is told
_DEBTS = timedelta(days=45), timedelta(days=125)  # before: such bills are late, of two ages
AHEAD = timedelta(days=5)
_EARLIER, _TRIES = timedelta(days=4), 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One application: who applies, for which animals, and how far it gets."""

    trader: SignedIn
    inspector: SignedIn
    doctor: SignedIn
    firm: Firm
    tags: tuple[str, ...]
    state: PermitState
    begins: datetime
    nth: int
    permit_id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True, slots=True)
class Office:
    """The officers who take part, and the office's settings."""

    people: Mapping[str, SignedIn]
    valid_days: int
    series: str


def ways(
    crew: tuple[SignedIn, SignedIn, SignedIn], firm: Firm, tags: Sequence[str], day: datetime,
    first: int = 0,
) -> Iterator[Way]:  # fmt: skip
    """The firm's animals in lots: every state once, more bills, others that went to the end.

    ``crew``: who applies, who inspects, who signs the health letter. ``first``: with which state
    this firm begins, so that a few small firms show them all.
    """
    trader, inspector, doctor = crew
    states = [*list(WAYS)[first:], *list(WAYS)[:first]]
    lot = max(1, len(tags) // (len(states) + 1))
    states += [S.BILLED for _ in _DEBTS]
    lots = [tuple(tags[n : n + lot]) for n in range(0, len(tags) - lot + 1, lot)]
    for nth, names in enumerate(lots):
        state = states[nth] if nth < len(states) else S.CLOSED
        ago = (
            len(WAYS[state]) // 2 + 1 + (nth * 11 % _LONGEST_AGO if nth >= len(WAYS) else nth // 4)
        )
        ago = max(ago, PACE[WAYS[state][-1]].days + 1) + _OVERDUE.get(state, 0)
        yield _settled(Way(
            trader=trader, inspector=inspector, doctor=doctor, firm=firm, tags=names, state=state,
            begins=day - timedelta(days=ago), nth=nth,
        ))  # fmt: skip


def with_debts(found: Sequence[Way]) -> list[Way]:
    """Of the bills that nobody has paid the first is new, and the others are late."""
    debts = cycle(_DEBTS)
    is_first, made = True, []
    for way in found:
        if way.state is S.BILLED and not is_first:
            made.append(_settled(replace(way, begins=way.begins - next(debts))))
        else:
            made.append(way)
        is_first = is_first and way.state is not S.BILLED
    return made


def _settled(way: Way) -> Way:
    """So many days earlier that every check passes: after a dose nobody leaves for some weeks."""
    earlier = way
    for _ in range(_TRIES):
        if all(_is_ready(earlier, step) for step in ("submit", "inspect")):
            return earlier
        earlier = replace(earlier, begins=earlier.begins - _EARLIER)
    return way


def _is_ready(way: Way, step: str) -> bool:
    with clock.reading(way.begins + PACE[step]):
        return report_for(_asked(way)).is_ready


def _asked(way: Way) -> Asked:
    journey = journey_of(way, local(way.begins).date() + AHEAD)
    return Asked(
        keeper_id=way.firm.id, species=journey.species, purpose=journey.purpose,
        origin=journey.region, destination=journey.destination, planned_on=journey.planned_on,
        tags=journey.tags, port=journey.port,
    )  # fmt: skip


def journey_of(way: Way, planned: date) -> Journey:
    chance = Random(way.permit_id.int)  # noqa: S311 - repeatable on purpose
    return Journey(
        species=Species.CATTLE,
        purpose=Purpose.SLAUGHTER,
        destination=DESTINATIONS[way.nth % len(DESTINATIONS)],
        destination_note="Rumah potong hewan",
        port="badas" if chance.random() < 0.7 else "poto-tano",  # noqa: PLR2004
        planned_on=planned,
        vehicle_plate=f"EA {chance.randrange(8000, 9000)} {chance.choice('ABCDEF')}",
        region=way.firm.village,
        tags=way.tags,
    )
