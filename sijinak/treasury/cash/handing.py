"""Cash from hand to hand: one says how much, the other counts."""

from dataclasses import dataclass

from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.money import Rupiah
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.chart import CASH, SURPLUS
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.cash.commands import (
    AcceptCash,
    EndOffer,
    NoAmount,
    NotATaker,
    NotYours,
    OfferCash,
    WhyMissing,
    check_notes,
)
from sijinak.treasury.cash.models import HANDOVER_FLOW, HandOver, HandOverState
from sijinak.treasury.cash.moving import carry_out, free_cash, promise, take_back
from sijinak.treasury.cash.parcels import HANDOVER
from sijinak.treasury.cash.queries import handover_for_update
from sijinak.treasury.people import home_of, people_with


def offer_cash(command: OfferCash, *, by: Actor) -> HandOver:
    """The money is promised to one person; it stays with the giver until that person counted.

    Raises NoAmount, NotesDiffer, NotATaker, NotThatMuch.
    """
    require(by, Permission.CASH_RECEIVE)
    region = home_of(by, Permission.CASH_RECEIVE)
    if not first_time(command, by=by):
        return db.session.get_one(HandOver, command.id)
    if command.amount <= 0:
        raise NoAmount
    check_notes(command.notes, command.amount)
    takers = dict(people_with(Permission.CASH_RECEIVE, region, but=by.id))
    if command.taker_id not in takers:
        raise NotATaker
    lock_holders({by.id})
    promise(command.id, by.id, command.taker_id, command.amount)
    handover = HandOver(
        id=command.id,
        giver_id=by.id,
        giver_name=by.name,
        taker_id=command.taker_id,
        taker_name=takers[command.taker_id],
        region=region,
        amount=command.amount,
        notes=dict(command.notes),
        state=HandOverState.OFFERED,
        offered_at=now(),
    )
    db.session.add(handover)
    _record("cash.offered", handover, by=by)
    return handover


def accept_cash(command: AcceptCash, *, by: Actor) -> HandOver:
    """What was counted moves; a difference waits for two people. Raises NotYours, WhyMissing."""
    handover = handover_for_update(command.handover_id)
    require(by, Permission.CASH_RECEIVE, region=handover.region)
    if handover.taker_id != by.id:
        raise NotYours
    if not first_time(command, by=by):
        return handover
    step = HANDOVER_FLOW.step(handover.state, "accept")
    check_notes({}, command.counted)
    if command.counted != handover.amount and not command.why:
        raise WhyMissing
    lock_holders({handover.giver_id, handover.taker_id})
    _number(handover)
    handover.counted, handover.why = command.counted, command.why
    handover.state, handover.ended_at = step.target, now()
    _move(handover, by=by)
    _record("cash.accepted", handover, by=by, counted=command.counted)
    return handover


def withdraw_offer(command: EndOffer, *, by: Actor) -> HandOver:
    """Raises NotYours, WhyMissing."""
    return _end(command, _Ending("withdraw", "cash.withdrawn"), by=by)


def refuse_cash(command: EndOffer, *, by: Actor) -> HandOver:
    """The taker takes nothing of it. Raises NotYours, WhyMissing."""
    return _end(command, _Ending("refuse", "cash.refused"), by=by)


@dataclass(frozen=True, slots=True)
class _Ending:
    action: str
    event: str


def _end(command: EndOffer, ending: _Ending, *, by: Actor) -> HandOver:
    handover = handover_for_update(command.handover_id)
    require(by, Permission.CASH_RECEIVE, region=handover.region)
    side = handover.giver_id if ending.action == "withdraw" else handover.taker_id
    if side != by.id:
        raise NotYours
    if not first_time(command, by=by):
        return handover
    step = HANDOVER_FLOW.step(handover.state, ending.action)
    if not command.why:
        raise WhyMissing
    lock_holders({handover.giver_id})
    take_back(handover.id)
    handover.state, handover.why, handover.ended_at = step.target, command.why, now()
    _record(ending.event, handover, by=by)
    return handover


def _move(handover: HandOver, *, by: Actor) -> None:
    """What the giver does not hold cannot come from them: it is money that nobody can explain."""
    counted = handover.counted or 0
    most = handover.amount + free_cash(handover.giver_id)
    moved = min(counted, most)
    if moved > handover.amount:
        more = moved - handover.amount
        promise(handover.id, handover.giver_id, handover.taker_id, more)
    carry_out(handover.id, moved)
    taker, giver = handover.taker_id, handover.giver_id
    _post(handover, HANDOVER, [Line(CASH, moved, taker), Line(CASH, -moved, giver)], by=by)
    extra = counted - moved
    _post(handover, "handover-surplus", [Line(CASH, extra, taker), Line(SURPLUS, -extra)], by=by)
    if counted != handover.amount:
        _differs(handover, counted - handover.amount, by=by)


def _post(handover: HandOver, kind: str, lines: list[Line], *, by: Actor) -> None:
    if not lines[0].amount:
        return
    entry = Entry(
        idem=f"{kind}:{handover.id}", kind=kind, on=today(), region=handover.region, lines=lines
    )
    post(entry, by=by)


def _differs(handover: HandOver, difference: int, *, by: Actor) -> None:
    kind = DiscrepancyKind.CASH_OVER if difference > 0 else DiscrepancyKind.CASH_SHORT
    db.session.flush()
    found = Found(
        kind=kind,
        about=handover,
        region=handover.region,
        amount=Rupiah(difference),
        facts={"number": handover.number or "", "why": handover.why},
    )
    open_discrepancy(found, by=by)


def _number(handover: HandOver) -> None:
    """Of the minutes of the hand-over (berita acara serah terima)."""
    year = today().year
    no = next_number("BAST", year)
    text = f"BAST/{year}/{no:06}"
    handover.year, handover.no = year, no
    handover.number = f"{text}-{check_character(text)}"


def _record(name: str, handover: HandOver, *, by: Actor, **facts: object) -> None:
    facts = {"amount": handover.amount, "number": handover.number, **facts}
    events.record(name, handover, by=by, region=handover.region, **facts)
