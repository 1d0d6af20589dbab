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
from sijinak.demo.accounts import proof_now
from sijinak.demo.arrivals import say_what_arrived
from sijinak.demo.enclosed import check_documents, enclose, file_papers
from sijinak.demo.holdings import Firm
from sijinak.payments import jobs as payment_jobs
from sijinak.permits import jobs as permit_jobs
from sijinak.permits.appealing import appeal_permit
from sijinak.permits.billing import bill_permit
from sijinak.permits.commands import (
    AcceptPapers,
    AppealPermit,
    BillPermit,
    CancelPermit,
    CertifyPermit,
    ClosePermit,
    DecidePermit,
    DepartPermit,
    DraftApplication,
    Inspected,
    IssuePermit,
    Journey,
    RecordInspection,
    ReturnApplication,
    RevokePermit,
    SubmitApplication,
)
from sijinak.permits.deciding import certify_permit, decide_permit, issue_permit
from sijinak.permits.ending import revoke_permit
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import PermitState, RbtResult
from sijinak.permits.queries import passed, permit_by_id
from sijinak.permits.rulebook import Asked, report_for
from sijinak.permits.rules.models import Purpose
from sijinak.permits.services import (
    accept_papers,
    cancel_permit,
    draft_application,
    return_application,
    submit_application,
)
from sijinak.permits.travelling import close_permit, depart_permit
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.services import (
    ReceiveCash,
    StartPayment,
    receive_cash,
    start_payment,
)

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
_AHEAD = timedelta(days=5)
_EARLIER, _TRIES = timedelta(days=4), 30
_QUEUE = timedelta(seconds=40)  # nobody is served in the same minute as another
_ASK_AFTER = timedelta(seconds=10)


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
    """The firm's animals in lots: every state once, then more that went to the end.

    ``crew``: who applies, who inspects, who signs the health letter. ``first``: with which state
    this firm begins, so that a few small firms show them all.
    """
    trader, inspector, doctor = crew
    states = [*list(WAYS)[first:], *list(WAYS)[:first], S.ISSUED]
    lot = max(2, len(tags) // len(states))
    lots = [tuple(tags[n : n + lot]) for n in range(0, len(tags) - 1, lot)]
    for nth, names in enumerate(lots):
        state = states[nth] if nth < len(states) else S.ISSUED
        ago = (
            len(WAYS[state]) // 2 + 1 + (nth * 11 % _LONGEST_AGO if nth >= len(WAYS) else nth // 4)
        )
        ago = max(ago, PACE[WAYS[state][-1]].days + 1) + _OVERDUE.get(state, 0)
        yield _settled(Way(
            trader=trader, inspector=inspector, doctor=doctor, firm=firm, tags=names, state=state,
            begins=day - timedelta(days=ago), nth=nth,
        ))  # fmt: skip


def _settled(way: Way) -> Way:
    """So many days earlier that every check passes: after a dose nobody leaves for some weeks."""
    for _ in range(_TRIES):
        if all(_is_ready(way, step) for step in ("submit", "inspect")):
            return way
        way = replace(way, begins=way.begins - _EARLIER)
    return way


def _is_ready(way: Way, step: str) -> bool:
    with clock.reading(way.begins + PACE[step]):
        return report_for(_asked(way)).is_ready


def _asked(way: Way) -> Asked:
    journey = _journey(way, local(way.begins).date() + _AHEAD)
    return Asked(
        keeper_id=way.firm.id, species=journey.species, purpose=journey.purpose,
        origin=journey.region, destination=journey.destination, planned_on=journey.planned_on,
        tags=journey.tags, port=journey.port,
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
    planned = local(way.begins).date() + _AHEAD
    with transaction():
        draft_application(
            DraftApplication(
                id=way.permit_id, keeper_id=way.firm.id, journey=_journey(way, planned)
            ),
            by=way.trader,
        )
    enclose(way.permit_id, by=way.trader)


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
    check_documents(way.permit_id, by=office.people["loket"])
    with transaction():
        accept_papers(AcceptPapers(permit_id=way.permit_id), by=office.people["loket"])


def _inspect(way: Way, _: Office) -> None:
    _look(way, awaits_lab=False)


def _sample(way: Way, _: Office) -> None:
    _look(way, awaits_lab=True)


def _look(way: Way, *, awaits_lab: bool) -> None:
    """All pass but the last of a larger lot, which limps."""
    animals = list(animals_by_tags(way.tags).values())
    with transaction():
        needs_rbt = permit_by_id(way.permit_id, by=way.inspector).needs_rbt
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
        record_inspection(
            RecordInspection(permit_id=way.permit_id, animals=lines, awaits_lab=awaits_lab),
            by=way.inspector,
        )


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


def _certify(way: Way, _: Office) -> None:
    with transaction():
        certify_permit(CertifyPermit(permit_id=way.permit_id, proof=proof_now()), by=way.doctor)


def _approve(way: Way, office: Office) -> None:
    command = DecidePermit(permit_id=way.permit_id, approve=True, proof=proof_now())
    with transaction():
        decide_permit(command, by=office.people["kadis"])


def _reject(way: Way, office: Office) -> None:
    note = "Kuota pengeluaran untuk daerah tujuan sudah habis."
    command = DecidePermit(permit_id=way.permit_id, approve=False, note=note, proof=proof_now())
    with transaction():
        decide_permit(command, by=office.people["kadis"])


def _appeal(way: Way, _: Office) -> None:
    text = "Kuota sudah ditambah dengan keputusan gubernur yang baru."
    with transaction():
        appeal_permit(AppealPermit(permit_id=way.permit_id, text=text), by=way.trader)


def _revoke(way: Way, office: Office) -> None:
    note = "Rekomendasi pemasukan ternyata tidak sah."
    with transaction():
        revoke_permit(RevokePermit(permit_id=way.permit_id, note=note), by=office.people["kabid"])


def _expire(_: Way, __: Office) -> None:
    permit_jobs.expire()


def _depart(way: Way, office: Office) -> None:
    file_papers(way.permit_id, by=office.people["loket"])
    with transaction():
        permit = permit_by_id(way.permit_id, by=office.people["pos"])
        depart_permit(
            DepartPermit(
                permit_id=permit.id, happened_at=clock.now(), port=permit.port,
                heads=len(passed(permit)),
            ),
            by=office.people["pos"],
        )  # fmt: skip


def _arrive(way: Way, _: Office) -> None:
    say_what_arrived(way.permit_id)


def _close(way: Way, office: Office) -> None:
    with transaction():
        close_permit(ClosePermit(permit_id=way.permit_id), by=office.people["loket"])


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
    "sample": _sample,
    "pay": _pay,
    "certify": _certify,
    "approve": _approve,
    "reject": _reject,
    "appeal": _appeal,
    "issue": _issue,
    "revoke": _revoke,
    "expire": _expire,
    "depart": _depart,
    "arrive": _arrive,
    "close": _close,
}


def unfinished(found: Sequence[Way]) -> list[str]:
    """Applications that did not get where they should, for a clear end of the load."""
    return [
        f"{way.permit_id} is {permit.state}, not {way.state}"
        for way in found
        if (permit := permit_by_id(way.permit_id, by=way.trader)).state is not way.state
    ]
