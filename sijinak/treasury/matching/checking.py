"""What a file would do once it is confirmed, and what happens when it was decided about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.permissions import WORKER, Actor, Permission, require
from sijinak.payments.discrepancies.queries import STANDING
from sijinak.payments.discrepancies.services import settle_discrepancy
from sijinak.payments.models import AttemptBill, Discrepancy, DiscrepancyKind
from sijinak.payments.wallet.queries import top_up_paid_by
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.policy import When, policy
from sijinak.retribution.receipts.settling import settle_waiting
from sijinak.treasury.matching.gathering import line_of, world_for
from sijinak.treasury.matching.holding import Why, held_back
from sijinak.treasury.matching.making import end_match
from sijinak.treasury.matching.models import PartKind
from sijinak.treasury.matching.odd import Odd, odd_lines
from sijinak.treasury.matching.queries import lines_to_judge, matches_of
from sijinak.treasury.matching.rules import Pair, judge
from sijinak.treasury.statements.models import BankFile, BankLine, BankStatement

_ABOUT_LINES = (DiscrepancyKind.BANK_LINE, DiscrepancyKind.CONFLICTING)


@dataclass(frozen=True, slots=True)
class Coming:
    """A line that would make receipts, and the bills that it would pay."""

    line: BankLine
    bills: Sequence[Skrd]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What confirming would do, and which lines people must look at."""

    lines: int
    coming: Sequence[Coming]
    odd: Sequence[Odd]

    @property
    def total(self) -> int:
        return sum(one.line.amount for one in self.coming)


def outlook_of(file: BankFile) -> Outlook:
    """The same rules as when lines are matched, with all lines that wait. The caller has asked."""
    mine = {line.id for line in _lines_in(file.id)}
    lines = {line.id: line for line in lines_to_judge()}
    known = [line_of(line) for line in lines.values()]
    pairs = judge(known, world_for(known)).pairs
    held = held_back(pairs)
    coming = [
        Coming(lines[pair.line.id], _bills_of(pair))
        for pair in pairs
        if pair.line.id in mine and held.get(pair.line.id) is Why.WAITS
    ]
    rest = [one for one in known if one.id in mine - {one.line.id for one in coming}]
    return Outlook(lines=len(mine), coming=coming, odd=odd_lines(rest, held))


def settle_confirmed(file_id: UUID, *, by: Actor) -> None:
    """Where receipts wait for the statement: of what it shows, now that it is confirmed."""
    require(by, Permission.PAYMENT_SETTLE)
    if policy.when is not When.STATEMENT:
        return
    matches = matches_of([line.id for line in _lines_in(file_id)])
    parts = [part for match in matches.values() for part in match.parts]
    money = dict.fromkeys(one.thing_id for one in parts if one.kind is PartKind.COLLECTION)
    settle_waiting([one for one in money if top_up_paid_by(one) is None], by=by)


def release_rejected(file_id: UUID, *, by: Actor) -> None:
    """Its lines let go what they were matched with, and nobody is asked about them any more."""
    require(by, Permission.PAYMENT_SETTLE)
    file = db.session.get_one(BankFile, file_id)
    ids = [line.id for line in _lines_in(file_id)]
    for match in {match.id: match for match in matches_of(ids).values()}.values():
        end_match(
            match,
            reason=file.answer,
            asked_by=file.decided_by or file.taken_by,
            asked_by_name=file.decided_by_name,
            by=by,
        )
    for line_id in ids:
        for kind in _ABOUT_LINES:
            settle_discrepancy(kind, line_id, by=WORKER)
    _settle_deposits({str(one) for one in ids})


def _settle_deposits(line_ids: set[str]) -> None:
    """Cases of deposits that one of these lines said otherwise than."""
    kind = DiscrepancyKind.DEPOSIT_DIFFERS
    asked = select(Discrepancy).where(Discrepancy.kind == kind, Discrepancy.state.in_(STANDING))
    for case in db.session.scalars(asked.order_by(Discrepancy.id)).all():
        if case.facts.get("line") in line_ids:
            settle_discrepancy(kind, case.about_id, by=WORKER)


def _bills_of(pair: Pair) -> Sequence[Skrd]:
    ids = [pair.bill] if pair.bill else select(AttemptBill.bill_id).where(
        AttemptBill.attempt_id == pair.order
    )  # fmt: skip
    return db.session.scalars(select(Skrd).where(Skrd.id.in_(ids)).order_by(Skrd.number)).all()


def _lines_in(file_id: UUID) -> Sequence[BankLine]:
    asked = select(BankLine).join(BankStatement, BankStatement.id == BankLine.statement_id)
    asked = asked.where(BankStatement.file_id == file_id)
    return db.session.scalars(asked.order_by(BankStatement.place, BankLine.position)).all()
