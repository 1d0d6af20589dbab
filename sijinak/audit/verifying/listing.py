"""The lists of an export: rows as they are now, each beside the number of its leaf.

A row without a leaf is listed, too, with no number: somebody wrote it past the log. What was
written after the export's moment is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select

from sijinak.core.model import Model
from sijinak.core.rawrows import moment_text
from sijinak.core.telling import hidden_word
from sijinak.core.tlog import LogLeaf, LogWaiting
from sijinak.ledger.models import Journal, Posting
from sijinak.permits.signing.models import SignedPaper
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.matching.models import Match, MatchKind, MatchPart
from sijinak.treasury.statements.models import BankLine, BankStatement

ROWS_AT_ONCE = 1_000
Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Listing:
    """``lines``: rows that belong to the model's, and by which column.

    ``turn``: what is written of them; None for a row that has no lines, and needs none.
    """

    name: str
    header: str
    model: type[Model]
    columns: tuple[Any, ...]
    lines: tuple[type[Model], Any] | None = None
    turn: Callable[[Cells], Cells | None] = tuple

    def rows(self, connection: Connection, size: int) -> Iterator[list[str]]:
        """In the order of the leaves, of those before ``size``."""
        asked = self._asked(size)
        with connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE}) as found:
            for *values, leaf in found:
                if (turned := self.turn(values)) is not None:
                    yield [cell(value) for value in (*turned, leaf)]

    def _asked(self, size: int) -> Select[Any]:
        leaves = _leaves(self.model)
        mine = LogWaiting.kind == self.model.__tablename__, LogWaiting.subject_id == self.model.id
        unlogged = and_(leaves.c.leaf.is_(None), ~exists().where(*mine))
        asked = select(*self.columns, leaves.c.leaf).select_from(self.model)
        asked = asked.outerjoin(leaves, leaves.c.subject_id == self.model.id)
        order = [leaves.c.leaf.is_(None), leaves.c.leaf, self.model.id]
        if self.lines:
            lines, key = self.lines
            asked = asked.outerjoin(lines, key == self.model.id)
            order.append(lines.__table__.c.position)
        return asked.where(or_(leaves.c.leaf < size, unlogged)).order_by(*order)


def cell(value: object) -> str:
    """As a leaf has it; several texts with a space between."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _leaves(model: type[Model]) -> Any:
    """Where each row stands. It is told once: a second leaf is for the checker to find."""
    mine = LogLeaf.kind == model.__tablename__
    position = func.min(LogLeaf.position).label("leaf")
    asked = select(LogLeaf.subject_id, position).where(mine).group_by(LogLeaf.subject_id)
    return asked.subquery()


def _without_remark(values: Cells) -> Cells | None:
    """Remarks hold names of people: the digest is that of the log."""
    *others, line, remark = values
    told = hidden_word(
        BankLine.__tablename__, str(line), "remark", None if remark is None else str(remark)
    )
    return None if told is None else [*others, told["sha256"]]


def _match(values: Cells) -> Cells:
    """The end of a match has no parts: it names what it ends."""
    id_, kind, undoes, method, *part = values
    return [id_, kind, None, None, undoes, None] if kind == MatchKind.UNMATCH else [
        id_, method, *part
    ]  # fmt: skip


LISTINGS = (
    Listing(
        "receipts.csv",
        "number,kind,series,year,no,bill,amount,channel,issued_at,voids,leaf",
        Receipt,
        (
            Receipt.number, Receipt.kind, Receipt.series, Receipt.year, Receipt.no,
            Receipt.skrd_id, Receipt.amount, Receipt.channel, Receipt.issued_at, Receipt.voids_id,
        ),
    ),
    Listing(
        "journals.csv",
        "journal,effective_on,kind,account,about,amount,leaf",
        Journal,
        (
            Journal.id, Journal.effective_on, Journal.kind,
            Posting.account, Posting.about, Posting.amount,
        ),
        (Posting, Posting.journal_id),
    ),
    Listing(
        "statements.csv",
        "account,day,reference,amount,remark_sha256,leaf",
        BankStatement,
        (
            BankLine.account, BankLine.booked_on, BankLine.refs, BankLine.amount,
            BankLine.id, BankLine.remark,
        ),
        (BankLine, BankLine.statement_id),
        _without_remark,
    ),
    Listing(
        "matches.csv",
        "match,level,part,kind,row,amount,leaf",
        Match,
        (
            Match.id, Match.kind, Match.undoes_id, Match.method,
            MatchPart.position, MatchPart.kind, MatchPart.thing_id, MatchPart.amount,
        ),
        (MatchPart, MatchPart.match_id),
        _match,
    ),
    Listing(
        "documents.csv",
        "kind,number,sha256,bytes,made_at,leaf",
        SignedPaper,
        (
            SignedPaper.kind, SignedPaper.number, SignedPaper.sha256, SignedPaper.size,
            SignedPaper.made_at,
        ),
    ),
)  # fmt: skip
