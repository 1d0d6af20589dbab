"""The way from what receipts say to what the bank says, in steps that add up to the rupiah."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.ledger.chart import (
    BANK,
    CASH,
    CLEARING,
    FEE,
    RECEIVABLE,
    REVENUE,
    SUSPENSE,
    TRANSIT,
    clearing,
)
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.models import Collection
from sijinak.treasury.desk.banked import Banked
from sijinak.treasury.matching.outflows import REFUND, TAKEN_BACK

PLAY = SandboxAdapter.name
PAID, TICKETS, MATCHED = "paid", "tickets", "bank"  # kinds of journals
_Wrong = aliased(Journal)


@dataclass(slots=True)
class Moves:
    """What a month did to the accounts, each as its name says: above zero is more of it."""

    bank: int = 0
    way: int = 0  # cash in hands, money on its way to the bank or at a channel
    waiting: int = 0  # money without a receipt (titipan)
    back: int = 0  # given back, out of the bank or anything else
    back_out_of_bank: int = 0
    fees: int = 0
    play: int = 0  # paid with money of the sandbox, which is none
    other: int = 0
    other_in_bank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """``received`` is what receipts and tickets say; ``before`` lay on the way already."""

    received: int
    before: int
    moves: Moves
    banked: Banked

    @property
    def steps(self) -> list[tuple[str, int]]:
        """From what was received to what came into the bank."""
        moves = self.moves
        return [
            ("received", self.received),
            ("before", self.before),
            ("after", -self.before - moves.way),
            ("waiting", moves.waiting),
            ("back", -moves.back),
            ("fees", -moves.fees),
            ("other", moves.other),
        ]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Of what came into the bank."""
        moves, banked = self.moves, self.banked
        return [
            ("banked", sum(banked.by_code.values())),
            ("voided", banked.voided),
            ("loose", banked.loose),
            ("back", -banked.back - moves.back_out_of_bank),
            ("fees", -moves.fees),
            ("other", moves.other_in_bank),
        ]

    @property
    def gaps(self) -> tuple[int, int]:
        """What the steps and the parts leave unexplained: nothing, when all is right."""
        steps, parts = (sum(amount for _, amount in many) for many in (self.steps, self.parts))
        return self.moves.bank - steps, self.moves.bank - parts


def bridge_of(first: date, last: date, received: int, banked: Banked) -> Bridge:
    """The caller has asked who may know."""
    before = select(func.coalesce(func.sum(Posting.amount), 0)).where(
        _on_the_way(), Posting.effective_on < first
    )
    return Bridge(
        received=received,
        before=int(db.session.execute(before).scalar_one()),
        moves=moves_between(first, last),
        banked=banked,
    )


def moves_between(first: date, last: date) -> Moves:
    found = Moves()
    for (account, kind, is_play), amount in _sums(first, last).items():
        _add(found, account, kind, amount, is_play=is_play)
    return found


def is_play_money() -> ColumnElement[bool]:
    """Postings of the sandbox, in suspense or at the channel."""
    about = select(Collection.id).where(Collection.adapter == PLAY)
    in_suspense = and_(Posting.account == SUSPENSE, Posting.about.in_(about))
    return or_(Posting.account == clearing(PLAY), in_suspense)


def _add(found: Moves, account: str, kind: str, amount: int, *, is_play: bool) -> None:
    is_back = kind in {REFUND, TAKEN_BACK}
    if is_back and not is_play and account != SUSPENSE:
        found.back -= amount
    if account.startswith(BANK):
        found.bank += amount
        found.back_out_of_bank -= amount if is_back else 0
        found.other_in_bank += 0 if is_back or kind == MATCHED else amount
    elif is_play:
        found.play += amount if kind == PAID and account == SUSPENSE else 0
    elif account in {CASH, TRANSIT} or account.startswith(CLEARING):
        found.way += amount
    elif account == SUSPENSE:
        found.waiting -= 0 if is_back else amount
    elif account == FEE:
        found.fees += amount
    elif not (kind in {PAID, TICKETS} and account.startswith((RECEIVABLE, REVENUE))):
        found.other -= amount


def _on_the_way() -> ColumnElement[bool]:
    at_channel = and_(Posting.account.startswith(CLEARING), Posting.account != clearing(PLAY))
    return or_(Posting.account.in_((CASH, TRANSIT)), at_channel)


def _sums(first: date, last: date) -> dict[tuple[str, str, bool], int]:
    """By account, kind of entry (a reversal is of the kind that it reverses), and play money."""
    kind = func.coalesce(_Wrong.kind, Journal.kind)
    is_play = case((is_play_money(), 1), else_=0)
    each = (
        select(Posting.account, kind.label("kind"), is_play.label("play"), Posting.amount)
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(_Wrong, _Wrong.id == Journal.reverses_id)
        .where(Posting.effective_on.between(first, last))
        .subquery()
        .c
    )
    groups = (each.account, each.kind, each.play)
    asked = select(*groups, func.sum(each.amount)).group_by(*groups).order_by(*groups)
    return {
        (account, name, bool(play)): int(amount)
        for account, name, play, amount in db.session.execute(asked)
    }
