"""What the page of one application shows, to whoever looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sijinak.areas.queries import full_name, place_name, ports
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, WORKER, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.labels import channel_name
from sijinak.permits.appealing import last_day, may_appeal
from sijinak.permits.checks import Report
from sijinak.permits.enclosures.external import NOT_YET
from sijinak.permits.enclosures.queries import asked_extension
from sijinak.permits.labels import ACTIONS, VERDICT_TONES, sentence, standing, what_next
from sijinak.permits.models import OVER, PERMIT_FLOW, DocumentKind, Permit, PermitState
from sijinak.permits.panels import (
    PAID_UP,
    arrival_line,
    awaits_certificate,
    document_lines,
    document_words,
    paper_lines,
    paper_words,
    promised,
    quota_line,
    whose_turn,
)
from sijinak.permits.pricing import herd_passed, herd_passing, price_today
from sijinak.permits.queries import animals_on, heads_on, history_of, permit_by_id
from sijinak.permits.rulebook import report_on, scope_of
from sijinak.permits.services import EDITABLE
from sijinak.permits.slots.queries import days_to_choose
from sijinak.permits.taking import is_barred
from sijinak.retribution.models import SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.tariffs.queries import NoTariff, PriceLine
from sijinak.web.access import actor
from sijinak.web.formats import day, moment
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank
from sijinak.web.labels import label

S = PermitState
# The way of an application that goes well, as its stepper shows it.
WAY = (
    (S.DRAFT, S.RETURNED),
    (S.SUBMITTED,),
    (S.ACCEPTED,),
    (S.INSPECTED, S.IN_LAB),
    (S.BILLED,),
    (S.PAID,),
    (S.APPROVED,),
    (S.ISSUED,),
    (S.DEPARTED,),
    (S.ARRIVED,),
)
# The steps that have a form on the page; the others are taken elsewhere.
HERE = {"submit", "accept", "inspect", "bill", "certify", "approve", "reject", "issue", "close"}
MACHINES = {WORKER.id, OPERATOR.id}
RECEIVER = "receiver"  # the name of whoever holds the link of an arrival
BEFORE_INSPECTION = (*EDITABLE, S.SUBMITTED, S.ACCEPTED)
LEFT = (S.DEPARTED, S.ARRIVED, S.CLOSED)


@dataclass(frozen=True, slots=True)
class Price:
    """What it will cost; no lines when no tariff is known."""

    lines: list[PriceLine]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def _shown(permit_id: UUID) -> Permit:
    permit = permit_by_id(permit_id, by=actor())
    shows(permit.keeper_id, permit.region, Where.PERMIT)
    return permit


def view_of(permit_id: UUID, forms: Mapping[str, Form[Any]] | None = None) -> dict[str, Any]:
    """All that permits/show.html needs; ``forms`` are those that were sent and refused."""
    permit = _shown(permit_id)
    report = report_on(permit) if permit.state in BEFORE_INSPECTION else None
    skrd = skrd_of_permit(permit.id)
    receipt = receipt_of(skrd.id) if skrd else None
    return {
        "permit": permit,
        "standing": standing(permit),
        "keeper": keeper_facts([permit.keeper_id])[permit.keeper_id],
        "scope": scope_of(permit.region, permit.destination),
        "port": {port.code: port.name for port in ports()}.get(permit.port, permit.port),
        "report": report,
        "price": _price(permit, report),
        "animals": animals_on(permit),
        "heads": heads_on(permit),
        "skrd": skrd,
        "receipt": receipt,
        "is_unpaid": permit.state is S.ISSUED and skrd and skrd.state is not SkrdState.PAID,
        **_rights(permit),
        "forms": _Forms(forms or {}),
        "failed": next(iter((forms or {}).values()), Form()),
        "steps": _steps(permit),
        "next": _next(permit),
        "whose_turn": whose_turn(permit),
        "promised": promised(permit),
        "quota": quota_line(permit),
        "is_paid_up": permit.state in PAID_UP,
        "documents": document_lines(permit, report),
        "papers": paper_lines(permit),
        "document_words": document_words,
        "paper_words": paper_words,
        "arrival": arrival_line(permit),
        "asked": asked_extension(permit.id) if permit.state is S.ISSUED else None,
        "history": [_told(event, permit, receipt) for event in reversed(history_of(permit.id))],
        "verdict_tones": VERDICT_TONES,
        "sentence": sentence,
        "place_name": place_name,
        "full_name": full_name,
    }


def _next(permit: Permit) -> str:
    """What happens next, in words that agree with whose turn it is."""
    if awaits_certificate(permit):
        return _("The veterinarian signs the health letter (SKKH).")
    if permit.state is S.REJECTED and may_appeal(permit):
        return _("Rejected. An appeal can be made until %(day)s.", day=day(last_day(permit)))
    return what_next(permit)


def _rights(permit: Permit) -> dict[str, Any]:
    """What the actor may do with it now, and see of it."""
    may_take = _actions(permit)
    applies = _may(permit, Permission.PERMIT_APPLY)
    is_issued = permit.state is S.ISSUED
    return {
        "may_see_skrd": _may(permit, Permission.SKRD_READ),
        "may_pay": permit.state is S.BILLED and _may(permit, Permission.PAYMENT_START),
        "editable": permit.state in EDITABLE and applies,
        "may_take": may_take,
        "may_cancel": "cancel" in may_take,
        "may_extend": is_issued and applies,
        "may_book": is_issued and applies and bool(days_to_choose(permit, most=1)),
        "may_appeal": "appeal" in may_take and may_appeal(permit),
        "may_hear": bool(may_take & {"uphold", "grant"}),
        "may_record": permit.state not in NOT_YET and _may(permit, Permission.PERMIT_CHECK),
        "may_see_arrival": permit.departed_at and permit.state in LEFT,
        "has_turn": bool(may_take & HERE),
        "barred": _barred(permit),
    }


class _Forms(dict[str, Form[Any]]):
    """A form for every step: the one that was refused, else a fresh one."""

    def __missing__(self, action: str) -> Form[Any]:
        self[action] = blank()
        return self[action]


def _may(permit: Permit, permission: Permission) -> bool:
    return may(actor(), permission, region=permit.region, keeper_id=permit.keeper_id)


def _actions(permit: Permit) -> set[str]:
    """The steps the actor may take now."""
    taken = {
        step.action
        for step in PERMIT_FLOW.steps_from(permit.state)
        if _may(permit, step.needs) and not is_barred(permit, step.action, by=actor())
    }
    return taken - _not_yet(permit)


def _not_yet(permit: Permit) -> set[str]:
    """Steps that another must come before: the health letter has its place in the order."""
    if awaits_certificate(permit):
        return {"bill", "approve"}
    return {"certify"}


def _barred(permit: Permit) -> bool:
    """The step is the actor's by role, and somebody else's by the four eyes."""
    return any(
        is_barred(permit, step.action, by=actor())
        for step in PERMIT_FLOW.steps_from(permit.state)
        if _may(permit, step.needs)
    )


def _told(event: Event, permit: Permit, receipt: Receipt | None) -> dict[str, str]:
    """One line of the history, for the timeline."""
    who = _who(event)
    note = event.facts.get("note", "")
    if kind := event.facts.get("document"):
        note = ": ".join(filter(None, (label(DocumentKind(kind)), note)))
    if event.name == "permit.appeal" and permit.appealed_at:
        note = note or (permit.appeal if event.happened_at >= permit.appealed_at else "")
    if event.name == "permit.settle" and receipt:
        note = _how_paid(receipt)
    return {
        "title": _(ACTIONS[event.name.removeprefix("permit.")]),
        "when": moment(event.happened_at),
        "datetime": event.happened_at.isoformat(),
        "text": f"{who}: {note}" if note else who,
    }


def _who(event: Event) -> str:
    if event.actor_id in MACHINES:
        return _("System")
    return _("The receiver") if event.actor_name == RECEIVER else event.actor_name


def _how_paid(receipt: Receipt) -> str:
    channel = channel_name(receipt.channel)
    if receipt.channel != CashAdapter.name:
        return channel
    return _("%(channel)s, received by %(name)s", channel=channel, name=receipt.issued_by_name)


def _price(permit: Permit, report: Report | None) -> Price | None:
    """Of what passes, by the tariffs of today; none for a journey that is not possible."""
    if report and report.is_possible:
        herd = herd_passing(report)
    elif permit.state is S.INSPECTED:
        herd = herd_passed(permit)
    else:
        return None
    if not any(herd.heads.values()):
        return None
    try:
        return Price(price_today(herd))
    except NoTariff:
        return Price([])


def _steps(permit: Permit) -> list[tuple[str, str]]:
    if permit.state in OVER or permit.state is S.APPEALED:
        return []
    at = next((place for place, here in enumerate(WAY) if permit.state in here), len(WAY))
    names = [label(S.RETURNED if permit.state is S.RETURNED else S.DRAFT)]
    names += [label(states[0]) for states in WAY[1:]] + [label(S.CLOSED)]
    marks = ["done" if place < at else "todo" for place in range(len(names))]
    marks[at] = "current"
    return list(zip(names, marks, strict=True))
