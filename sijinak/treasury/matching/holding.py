"""What must not become money yet: its file waits for a second person, or the bank took it back."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.treasury.matching.gathering import line_of
from sijinak.treasury.matching.queries import is_free
from sijinak.treasury.matching.rules import Pair
from sijinak.treasury.matching.world import Line
from sijinak.treasury.policy import policy
from sijinak.treasury.statements.models import BankFile, BankLine, BankStatement, FileState
from sijinak.treasury.statements.queries import hold_waiting, stands, states_of


class FileRejected(Conflict):
    code = "file-rejected"


class FileNotConfirmed(Conflict):
    code = "file-not-confirmed"


class Why(StrEnum):
    """Why a line that names what it pays makes no money by itself."""

    WAITS = "waits"
    TAKEN_BACK = "taken-back"


def held_back(pairs: Sequence[Pair]) -> dict[UUID, Why]:
    """Lines that alone would make money, and may not."""
    lines = [pair.line for pair in pairs if pair.makes_money]
    states = states_of([line.id for line in lines])
    held = {one.id: Why.WAITS for one in lines if states[one.id] is not FileState.CONFIRMED}
    return held | {one.id: Why.TAKEN_BACK for one in lines if taken_back_by(one)}


def taken_back_by(line: Line) -> list[BankLine]:
    """Lines by which the bank took it back: as much, the other way, days apart, and named alike."""
    apart = timedelta(days=policy.reversal_days)
    asked = select(BankLine).where(
        stands(),
        is_free(BankLine.id),
        BankLine.account == line.account,
        BankLine.amount == -line.amount,
        BankLine.booked_on.between(line.on - apart, line.on + apart),
    )
    found = db.session.scalars(asked.order_by(BankLine.booked_on, BankLine.id))
    return [one for one in found if _named_alike(line, line_of(one))]


def refuse_rejected(lines: Sequence[BankLine]) -> None:
    """Until the transaction ends no second person rejects what these lines stand in."""
    ids = [line.id for line in lines]
    files = select(BankStatement.file_id).join(BankLine, BankLine.statement_id == BankStatement.id)
    hold_waiting(BankFile.id.in_(files.where(BankLine.id.in_(ids))))
    if FileState.REJECTED in states_of(ids).values():
        raise FileRejected


def refuse_unconfirmed(line: BankLine) -> None:
    if not are_confirmed([line]):
        raise FileNotConfirmed


def are_confirmed(lines: Sequence[BankLine]) -> bool:
    states = states_of([line.id for line in lines])
    return all(state is FileState.CONFIRMED for state in states.values())


def _named_alike(line: Line, other: Line) -> bool:
    """By a reference, which has a digit, or by the text, to which banks add a word."""
    names = {token for token in line.tokens & other.tokens if any(c.isdigit() for c in token)}
    texts = line.text in other.text or other.text in line.text
    return bool(names or line.codes & other.codes or line.orders & other.orders or texts)
