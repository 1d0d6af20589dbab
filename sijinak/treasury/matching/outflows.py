"""Money that went back, as the books know it: a refund by its channel or a transfer, or taken back.

Its journal took it out of where it lay. The line of the bank that shows it moves it there again,
so that both come to nothing, whether the bank takes it off a batch or books it by itself.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select

from sijinak.core.db import db
from sijinak.core.money import Rupiah
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.adapters.base import number_of
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund
from sijinak.treasury.matching.queries import is_free
from sijinak.treasury.matching.world import Outflow
from sijinak.treasury.naming import SHORTEST, squeezed

REFUND, TAKEN_BACK = "refund", "reversed"  # kinds of journals: see payments/booking.py
Found = Row[UUID, str, str, date, str, Rupiah]
_IN_BANK = or_(Posting.account.startswith("clearing:"), Posting.account.startswith("bank:"))


def free_outflows() -> list[Outflow]:
    """Those that no line of the bank shows yet, the first first."""
    return list(_made(_rows(is_free(Journal.id))))


def outflows(ids: Sequence[UUID]) -> list[Outflow]:
    return list(_made(_rows(Journal.id.in_(ids))))


def _rows(wanted: ColumnElement[bool]) -> Sequence[Found]:
    asked = select(
        Journal.id, Journal.kind, Journal.idem, Journal.effective_on, Posting.account,
        Posting.amount,
    )  # fmt: skip
    asked = asked.join(Posting, Posting.journal_id == Journal.id).where(
        Journal.kind.in_((REFUND, TAKEN_BACK)), Posting.amount < 0, _IN_BANK, wanted
    )
    return db.session.execute(asked.order_by(Journal.effective_on, Journal.id)).all()


def _made(rows: Sequence[Found]) -> Iterator[Outflow]:
    subjects = [UUID(row.idem.partition(":")[2]) for row in rows]
    asked = select(Refund).where(Refund.id.in_(subjects)).order_by(Refund.id)
    refunds = {one.id: one for one in db.session.scalars(asked)}
    moneys = {*subjects, *(one.collection_id for one in refunds.values())}
    found = select(Collection).where(Collection.id.in_(moneys)).order_by(Collection.id)
    by_id = {one.id: one for one in db.session.scalars(found)}
    for row, subject in zip(rows, subjects, strict=True):
        refund = refunds.get(subject)
        money = by_id[refund.collection_id if refund else subject]
        yield Outflow(
            id=row.id,
            money_id=money.id,
            account=row.account,
            amount=Rupiah(row.amount),
            on=row.effective_on,
            title=refund.proof or refund.refund_ref if refund else number_of(money.money_id),
            own=_names(refund.refund_ref, refund.proof) if refund else frozenset(),
            names=_names(number_of(money.money_id), money.ref),
            region=money.region,
        )


def _names(*texts: str) -> frozenset[str]:
    return frozenset(name for text in texts if len(name := squeezed(text)) >= SHORTEST)
