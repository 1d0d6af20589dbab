"""Whether holds, matches, deposits and promised cash say the same, whoever wrote them."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.ledger.models import CashHolder
from sijinak.treasury.cash.models import CashMove, MoveState
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.models import Match, MatchHold, MatchKind, MatchPart


def treasury_faults() -> Iterator[str]:
    """One sentence for each that differs."""
    yield from _holds()
    yield from _deposits()
    yield from _promises()


def _holds() -> Iterator[str]:
    """Each part of a match that stands is held by it, and nothing else is held."""
    same = (MatchHold.id == MatchPart.thing_id) & (MatchHold.match_id == MatchPart.match_id)
    missing = (
        select(MatchPart.match_id, MatchPart.thing_id)
        .join(Match, Match.id == MatchPart.match_id)
        .outerjoin(MatchHold, same)
        .where(_stands(Match), MatchHold.id.is_(None))
        .order_by(MatchPart.match_id, MatchPart.position)
    )
    for match_id, thing_id in db.session.execute(missing):
        yield f"match {match_id} does not hold {thing_id}"
    stray = (
        select(MatchHold.id, MatchHold.match_id)
        .join(Match, Match.id == MatchHold.match_id)
        .outerjoin(MatchPart, same)
        .where(or_(~_stands(Match), MatchPart.id.is_(None)))
        .order_by(MatchHold.id)
    )
    for thing_id, match_id in db.session.execute(stray):
        yield f"{thing_id} is held by match {match_id}, of which it is no part"


def _stands(match: type[Match]) -> ColumnElement[bool]:
    undoing = aliased(Match)
    undone = select(undoing.id).where(undoing.undoes_id == match.id).exists()
    return (match.kind == MatchKind.MATCH) & ~undone


def _deposits() -> Iterator[str]:
    """Each is on the bank's statement as its match says."""
    matched = Deposit.state == DepositState.MATCHED
    asked = select(Deposit.number).outerjoin(MatchHold, MatchHold.id == Deposit.id)
    wrong = matched.is_distinct_from(MatchHold.id.is_not(None))
    other = MatchHold.match_id != Deposit.match_id
    for number in db.session.scalars(asked.where(or_(wrong, other)).order_by(Deposit.number)):
        yield f"{number} is not matched as it says"


def _promises() -> Iterator[str]:
    """Nobody has promised more than they hold."""
    promised = func.sum(CashMove.amount)
    asked = (
        select(CashMove.giver_id, promised, func.coalesce(CashHolder.held, 0))
        .outerjoin(CashHolder, CashHolder.id == CashMove.giver_id)
        .where(CashMove.state == MoveState.RESERVED)
        .group_by(CashMove.giver_id, CashHolder.held)
        .having(promised > func.coalesce(CashHolder.held, 0))
        .order_by(CashMove.giver_id)
    )
    for person, amount, held in db.session.execute(asked):
        yield f"{person} promised {rupiah_text(int(amount))} and holds {rupiah_text(int(held))}"
