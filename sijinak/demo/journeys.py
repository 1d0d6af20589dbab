"""Applications at every station of their way, walked through the services by those who may."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import itemgetter
from random import Random
from uuid import UUID

from sijinak.animals.queries import animals_by_tags
from sijinak.core.clock import clock, local
from sijinak.core.db import transaction
from sijinak.core.events import events
from sijinak.demo.accounts import proof_now
from sijinak.demo.arrivals import say_what_arrived
from sijinak.demo.enclosed import check_documents, enclose, file_papers
from sijinak.demo.till import Deed
from sijinak.demo.ways import AHEAD, PACE, WAYS, Office, Way, journey_of
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
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
    RecordInspection,
    ReturnApplication,
    RevokePermit,
    SampleNamed,
    SubmitApplication,
)
from sijinak.permits.deciding import certify_permit, decide_permit, issue_permit
from sijinak.permits.ending import revoke_permit
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import RbtResult
from sijinak.permits.queries import passed, permit_by_id
from sijinak.permits.services import (
    accept_papers,
    cancel_permit,
    draft_application,
    return_application,
    submit_application,
)
from sijinak.permits.travelling import close_permit, depart_permit
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.retribution.services import StartPayment, start_payment

_QUEUE = timedelta(seconds=40)  # nobody is served in the same minute as another
_ASK_AFTER = timedelta(seconds=10)
_COUNTERS = 4  # cash goes to the treasurer and the collector by turns


def walk(found: Sequence[Way], office: Office, others: Iterable[Deed] = ()) -> None:
    """Every step of every application in the order of time, so that numbers rise with days.

    ``others``: what else happens in those days.
    """
    agenda: list[Deed] = [
        (way.begins + PACE[step] + n * _QUEUE, partial(STEPS[step], way, office))
        for n, way in enumerate(found)
        for step in WAYS[way.state]
    ]
    for moment, deed in sorted([*others, *agenda], key=itemgetter(0)):
        with clock.reading(moment):
            deed()
            deliver_all()


def deliver_all() -> None:
    while events.deliver_next():
        pass


def _draft(way: Way, _: Office) -> None:
    planned = local(way.begins).date() + AHEAD
    with transaction():
        draft_application(
            DraftApplication(
                id=way.permit_id, keeper_id=way.firm.id, journey=journey_of(way, planned)
            ),
            by=way.trader,
        )
    enclose(way.permit_id, by=way.trader)


def _submit(way: Way, _: Office) -> None:
    with transaction():
        submit_application(SubmitApplication(permit_id=way.permit_id), by=way.trader)


def _send_back(way: Way, office: Office) -> None:
    note = "Foto rekomendasi pemasukan tidak terbaca. Unggah yang jelas, lalu ajukan lagi."
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
    if awaits_lab:
        lines = tuple(_sampled(line, way.permit_id) for line in lines)
    with transaction():
        record_inspection(
            RecordInspection(permit_id=way.permit_id, animals=lines, awaits_lab=awaits_lab),
            by=way.inspector,
        )


def _sampled(line: Inspected, permit_id: UUID) -> Inspected:
    """One pool of blood for the whole lot; the laboratory finds it among those that wait."""
    tube = SampleNamed(
        number=f"CONTOH-{permit_id.hex[-6:].upper()}",
        disease=Disease.BRUCELLOSIS,
        method=Method.RBT,
    )
    return replace(line, rbt=None, rbt_number="", samples=(tube,)) if line.passed else line


def _fit(animal_id: UUID, chance: Random, *, needs_rbt: bool) -> Inspected:
    fit = Inspected(animal_id=animal_id, passed=True, weight_kg=chance.randrange(305, 390))
    number = f"RBT-{chance.randrange(1000, 10_000)}"
    return replace(fit, rbt=RbtResult.NEGATIVE, rbt_number=number) if needs_rbt else fit


def _bill(way: Way, office: Office) -> None:
    with transaction():
        bill_permit(BillPermit(permit_id=way.permit_id), by=office.people["loket"])


def _pay(way: Way, office: Office) -> None:
    """Every second one at a counter, the others by the sandbox, which pays after a moment."""
    with transaction():
        skrd = skrd_of_permit(way.permit_id)
    if skrd is None:
        raise LookupError(way.permit_id)
    if way.nth % 2:
        counter = "bendahara" if way.nth % _COUNTERS == 1 else "juru-pungut"
        command = ReceiveCash(skrd_id=skrd.id, amount=skrd.total)
        with transaction():
            receive_cash(command, by=office.people[counter], series=office.series)
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
