"""A match with its journal, and its end. The caller has asked whether it may."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.permissions import WORKER, Actor
from sijinak.ledger import chart
from sijinak.ledger.queries import journal_called
from sijinak.ledger.services import Entry, post, reverse
from sijinak.ledger.services import Line as BookLine
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_discrepancy
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.payments.wallet.queries import top_up_paid_by
from sijinak.retribution.receipts.policy import When, policy
from sijinak.retribution.receipts.settling import settle_waiting
from sijinak.treasury.deposits.banked import Banked, note_banked, note_unbanked
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.holding import are_confirmed, refuse_rejected
from sijinak.treasury.matching.models import (
    Match,
    MatchHold,
    MatchKind,
    MatchPart,
    Method,
    PartKind,
)
from sijinak.treasury.matching.world import Outflow
from sijinak.treasury.statements.models import BankLine

Thing = Collection | Deposit | Outflow
Things = Sequence[BankLine | Thing]
_KINDS: dict[type, PartKind] = {
    BankLine: PartKind.LINE,
    Collection: PartKind.COLLECTION,
    Deposit: PartKind.DEPOSIT,
    Outflow: PartKind.OUTFLOW,
}
# What is settled by itself when a thing is matched.
_ENDS = {
    PartKind.LINE: (DiscrepancyKind.BANK_LINE, DiscrepancyKind.CONFLICTING),
    PartKind.COLLECTION: (DiscrepancyKind.MISSING_IN_BANK,),
    PartKind.DEPOSIT: (DiscrepancyKind.MISSING_IN_BANK, DiscrepancyKind.DEPOSIT_DIFFERS),
    PartKind.OUTFLOW: (),
}


class Unequal(Invalid):
    """Lines and money do not add up to the same. Facts: ``lines``, ``money``."""

    code = "match-unequal"


class AlreadyMatched(Conflict):
    code = "already-matched"


class NotDeposited(Conflict):
    """An STS that was not taken to the bank yet, or was withdrawn."""

    code = "sts-not-deposited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """``asked_by`` is the first of two people; the program alone needs none."""

    lines: Sequence[BankLine]
    things: Sequence[Thing]
    method: Method
    fee: Rupiah | int = 0
    reason: str = ""
    asked_by: UUID | None = None
    asked_by_name: str = ""


def make_match(making: Making, *, by: Actor) -> Match:
    """Raises Unequal, AlreadyMatched, NotDeposited."""
    things: Things = [*making.lines, *making.things]
    check_making(making)
    first = making.lines[0]
    match = Match(
        kind=MatchKind.MATCH,
        method=making.method,
        region=first.region,
        fee=Rupiah(making.fee),
        matched_on=max(line.booked_on for line in making.lines),
        reason=making.reason,
        made_at=now(),
        made_by=by.id,
        made_by_name=by.name,
        asked_by=making.asked_by,
        asked_by_name=making.asked_by_name,
    )
    db.session.add(match)
    db.session.flush()
    _hold(match, things)
    _book(match, making, by=by)
    _end_discrepancies(match, making)
    _tell_others(match, making, by=by)
    _record("bank.matched", match, by=by)
    return match


def end_match(match: Match, *, reason: str, asked_by: UUID, asked_by_name: str, by: Actor) -> Match:
    """Its lines and money are free again, and its journal is reversed."""
    ended = Match(
        kind=MatchKind.UNMATCH,
        method=match.method,
        undoes_id=match.id,
        region=match.region,
        fee=match.fee,
        matched_on=today(),
        reason=reason,
        made_at=now(),
        made_by=by.id,
        made_by_name=by.name,
        asked_by=asked_by,
        asked_by_name=asked_by_name,
    )
    db.session.add(ended)
    db.session.execute(delete(MatchHold).where(MatchHold.match_id == match.id))
    db.session.flush()
    if journal_called(_idem(match)) is not None:  # lines that cancel each other out have none
        reverse(_idem(match), reason=reason, by=by)
    for part in match.parts:
        if part.kind is PartKind.DEPOSIT:
            note_unbanked(part.thing_id, by=by)
    settle_discrepancy(DiscrepancyKind.FEE, match.id, by=WORKER)
    _record("bank.unmatched", ended, by=by, undoes=str(match.id))
    return ended


def check_making(making: Making) -> None:
    """Raises Unequal, AlreadyMatched, NotDeposited, FileRejected."""
    refuse_rejected(making.lines)
    things: Things = [*making.lines, *making.things]
    lines = sum(line.amount for line in making.lines)
    money = sum(thing.amount for thing in making.things) - making.fee
    if lines != money or making.fee < 0 or len({thing.id for thing in things}) != len(things):
        raise Unequal(lines=rupiah_text(lines), money=rupiah_text(money))
    held = select(MatchHold.id).where(MatchHold.id.in_([thing.id for thing in things]))
    if db.session.scalar(held.limit(1)) is not None:
        raise AlreadyMatched
    for thing in making.things:
        if isinstance(thing, Deposit) and thing.state is not DepositState.DEPOSITED:
            raise NotDeposited(number=thing.number)


def _hold(match: Match, things: Things) -> None:
    """Who matches one of them at the same moment meets the key: Clash."""
    for position, thing in enumerate(things, start=1):
        db.session.add(
            MatchPart(
                match_id=match.id,
                position=position,
                kind=_KINDS[type(thing)],
                thing_id=thing.id,
                amount=thing.amount,
            )
        )
        db.session.add(MatchHold(id=thing.id, match_id=match.id))
    db.session.flush()
    db.session.refresh(match, ["parts"])


def _book(match: Match, making: Making, *, by: Actor) -> None:
    """Bank up, and down what the money was kept in until now; a fee is shown, never netted."""
    lines = [BookLine(chart.bank(line.account), line.amount) for line in making.lines]
    lines += [_kept_in(thing) for thing in making.things]
    lines.append(BookLine(chart.FEE, making.fee))
    entry = Entry(
        idem=_idem(match),
        kind="bank",
        on=match.matched_on,
        region=match.region,
        lines=_summed(lines),
        reason=match.reason,
    )
    if entry.lines:  # a line and the one that takes it back move nothing together
        post(entry, by=by)


def _kept_in(thing: Thing) -> BookLine:
    if isinstance(thing, Outflow):
        return BookLine(thing.account, -thing.amount)
    if isinstance(thing, Deposit):
        return BookLine(chart.TRANSIT, -thing.amount, thing.id)
    return BookLine(chart.clearing(thing.adapter), -thing.amount)


def _summed(lines: Sequence[BookLine]) -> list[BookLine]:
    """One line for each account and thing."""
    sums: dict[tuple[str, UUID | None], int] = {}
    for line in lines:
        key = (line.account, line.about)
        sums[key] = sums.get(key, 0) + line.amount
    return [BookLine(account, amount, about) for (account, about), amount in sums.items() if amount]


def _end_discrepancies(match: Match, making: Making) -> None:
    """The queue follows what was matched, whoever matched it."""
    for part in match.parts:
        for kind in _ENDS[part.kind]:
            settle_discrepancy(kind, part.thing_id, by=WORKER)
    if making.fee:
        found = Found(
            kind=DiscrepancyKind.FEE,
            about=match,
            region=match.region,
            amount=-int(making.fee),
            facts={"method": match.method},
        )
        open_discrepancy(found, by=WORKER)


def _tell_others(match: Match, making: Making, *, by: Actor) -> None:
    banked = Banked(match_id=match.id, line_id=making.lines[0].id, on=match.matched_on)
    for thing in making.things:
        if isinstance(thing, Deposit):
            note_banked(thing.id, banked, by=by)
    if policy.when is When.STATEMENT and are_confirmed(making.lines):
        money = [one.id for one in making.things if isinstance(one, Collection)]
        settle_waiting([one for one in money if top_up_paid_by(one) is None], by=by)


def _idem(match: Match) -> str:
    return f"bank:{match.id}"


def _record(name: str, match: Match, *, by: Actor, **facts: object) -> None:
    events.record(name, match, by=by, region=match.region, method=match.method, **facts)
