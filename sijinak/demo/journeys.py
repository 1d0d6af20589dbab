"""Applications at every station of their way, walked through the services by those who may."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Species
from sijinak.animals.queries import animals_by_tags
from sijinak.core.clock import clock, local
from sijinak.core.db import transaction
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.demo.holdings import Firm
from sijinak.payments import jobs as payment_jobs
from sijinak.permits.commands import (
    AcceptPapers,
    BillPermit,
    CancelPermit,
    Decide,
    DraftApplication,
    Inspected,
    IssuePermit,
    Journey,
    RecordInspection,
    ReturnApplication,
    SubmitApplication,
)
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import PermitState, Purpose, RbtResult
from sijinak.permits.queries import permit_by_id
from sijinak.permits.services import (
    accept_papers,
    bill_permit,
    cancel_permit,
    decide,
    draft_application,
    issue_permit,
    return_application,
    submit_application,
)
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.services import (
    ReceiveCash,
    StartPayment,
    receive_cash,
    start_payment,
)

S = PermitState
# Jakarta's market first; Batam and Samarinda ask for a brucellosis test.
DESTINATIONS = ("32.16", "21.71", "36.71", "63.71", "64.72", "32.16")
_SUBMITTED = ("draft", "submit")
_INSPECTED = (*_SUBMITTED, "accept", "inspect")
_PAID = (*_INSPECTED, "bill", "pay")
# The way to each state, in the order of how long ago it began: the first is the newest.
WAYS: Mapping[PermitState, Sequence[str]] = {
    S.DRAFT: ("draft",),
    S.SUBMITTED: _SUBMITTED,
    S.RETURNED: (*_SUBMITTED, "send_back"),
    S.ACCEPTED: (*_SUBMITTED, "accept"),
    S.INSPECTED: _INSPECTED,
    S.BILLED: (*_INSPECTED, "bill"),
    S.PAID: _PAID,
    S.APPROVED: (*_PAID, "approve"),
    S.ISSUED: (*_PAID, "approve", "issue"),
    S.REJECTED: (*_INSPECTED, "reject"),
    S.CANCELLED: (*_SUBMITTED, "cancel"),
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
    "pay": timedelta(days=2, hours=9, minutes=30),
    "approve": timedelta(days=2, hours=14),
    "issue": timedelta(days=3, hours=8, minutes=15),
}
_LONGEST_AGO = 150
_QUEUE = timedelta(seconds=40)  # nobody is served in the same minute as another
_ASK_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One application: who applies, for which animals, and how far it gets."""

    trader: SignedIn
    vet: SignedIn
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
    trader: SignedIn, vet: SignedIn, firm: Firm, tags: Sequence[str], day: datetime
) -> Iterator[Way]:
    """The firm's animals in lots: every state once, then more that went to the end."""
    states = [*WAYS, S.ISSUED]
    lot = max(2, len(tags) // len(states))
    lots = [tuple(tags[n : n + lot]) for n in range(0, len(tags) - 1, lot)]
    for nth, names in enumerate(lots):
        state = states[nth] if nth < len(states) else S.ISSUED
        ago = (
            len(WAYS[state]) // 2 + 1 + (nth * 11 % _LONGEST_AGO if nth >= len(WAYS) else nth // 4)
        )
        yield Way(
            trader=trader, vet=vet, firm=firm, tags=names, state=state,
            begins=day - timedelta(days=ago), nth=nth,
        )  # fmt: skip


def walk(found: Sequence[Way], office: Office) -> None:
    """Every step of every application in the order of time, so that numbers rise with days."""
    agenda = [
        (way.begins + PACE[step] + n * _QUEUE, n, step)
        for n, way in enumerate(found)
        for step in WAYS[way.state]
    ]
    for moment, n, step in sorted(agenda):
        with clock.reading(moment):
            STEPS[step](found[n], office)
            deliver_all()


def deliver_all() -> None:
    while events.deliver_next():
        pass


def _draft(way: Way, _: Office) -> None:
    planned = local(way.begins).date() + timedelta(days=5)
    with transaction():
        draft_application(
            DraftApplication(
                id=way.permit_id, keeper_id=way.firm.id, journey=_journey(way, planned)
            ),
            by=way.trader,
        )


def _journey(way: Way, planned: date) -> Journey:
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


def _submit(way: Way, _: Office) -> None:
    with transaction():
        submit_application(SubmitApplication(permit_id=way.permit_id), by=way.trader)


def _send_back(way: Way, office: Office) -> None:
    note = "Surat rekomendasi pemasukan dari daerah tujuan belum dilampirkan."
    with transaction():
        return_application(
            ReturnApplication(permit_id=way.permit_id, note=note), by=office.people["loket"]
        )


def _cancel(way: Way, _: Office) -> None:
    note = "Pembeli membatalkan pesanan."
    with transaction():
        cancel_permit(CancelPermit(permit_id=way.permit_id, note=note), by=way.trader)


def _accept(way: Way, office: Office) -> None:
    with transaction():
        accept_papers(AcceptPapers(permit_id=way.permit_id), by=office.people["loket"])


def _inspect(way: Way, _: Office) -> None:
    """All pass but the last of a larger lot, which limps."""
    animals = list(animals_by_tags(way.tags).values())
    with transaction():
        needs_rbt = permit_by_id(way.permit_id, by=way.vet).needs_rbt
    lame = max(animal.id for animal in animals) if len(animals) > 2 else None  # noqa: PLR2004
    chance = Random(way.permit_id.int)  # noqa: S311
    lines = tuple(
        Inspected(
            animal_id=animal.id,
            passed=False,
            rbt=RbtResult.NOT_TESTED if needs_rbt else None,
            reason="Pincang, belum layak berangkat",
        )
        if animal.id == lame
        else _fit(animal.id, chance, needs_rbt=needs_rbt)
        for animal in sorted(animals, key=lambda animal: animal.id)
    )
    with transaction():
        record_inspection(RecordInspection(permit_id=way.permit_id, animals=lines), by=way.vet)


def _fit(animal_id: UUID, chance: Random, *, needs_rbt: bool) -> Inspected:
    fit = Inspected(animal_id=animal_id, passed=True, weight_kg=chance.randrange(305, 390))
    number = f"RBT-{chance.randrange(1000, 10_000)}"
    return replace(fit, rbt=RbtResult.NEGATIVE, rbt_number=number) if needs_rbt else fit


def _bill(way: Way, office: Office) -> None:
    with transaction():
        bill_permit(BillPermit(permit_id=way.permit_id), by=office.people["loket"])


def _pay(way: Way, office: Office) -> None:
    """Every second one at the counter, the others by the sandbox, which pays after a moment."""
    with transaction():
        skrd = skrd_of_permit(way.permit_id)
    if skrd is None:
        raise LookupError(way.permit_id)
    if way.nth % 2:
        with transaction():
            receive_cash(
                ReceiveCash(skrd_id=skrd.id, amount=skrd.total),
                by=office.people["bendahara"],
                series=office.series,
            )
        return
    with transaction():
        start_payment(StartPayment(skrd_id=skrd.id, adapter="sandbox"), by=way.trader)
    deliver_all()
    with clock.reading(clock.now() + _ASK_AFTER):
        payment_jobs.sweep()
        deliver_all()


def _approve(way: Way, office: Office) -> None:
    with transaction():
        decide(Decide(permit_id=way.permit_id, approve=True), by=office.people["kadis"])


def _reject(way: Way, office: Office) -> None:
    note = "Kuota pengeluaran untuk daerah tujuan sudah habis."
    with transaction():
        decide(Decide(permit_id=way.permit_id, approve=False, note=note), by=office.people["kadis"])


def _issue(way: Way, office: Office) -> None:
    with transaction():
        issue_permit(
            IssuePermit(permit_id=way.permit_id, valid_days=office.valid_days),
            by=office.people["loket"],
        )


STEPS: Mapping[str, Callable[[Way, Office], None]] = {
    "draft": _draft,
    "submit": _submit,
    "send_back": _send_back,
    "cancel": _cancel,
    "accept": _accept,
    "inspect": _inspect,
    "bill": _bill,
    "pay": _pay,
    "approve": _approve,
    "reject": _reject,
    "issue": _issue,
}


def unfinished(found: Sequence[Way]) -> list[str]:
    """Applications that did not get where they should, for a clear end of the load."""
    return [
        f"{way.permit_id} is {permit.state}, not {way.state}"
        for way in found
        if (permit := permit_by_id(way.permit_id, by=way.trader)).state is not way.state
    ]
