"""Whether bills, receipts, money and books say the same, whoever wrote them: for every night."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.ledger.chart import RECEIVABLE
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import is_live

AT_ONCE = 1000


def receipt_faults() -> Iterator[str]:
    """One sentence for each that differs."""
    yield from _receipts()
    yield from _bills()
    yield from _moneys()


def _receipts() -> Iterator[str]:
    """Each is its bill and its money."""
    paid = func.coalesce(func.sum(Allocation.amount), 0)
    asked = (
        select(Receipt.number, Receipt.amount, Skrd.number, Skrd.total, paid)
        .join(Skrd, Skrd.id == Receipt.skrd_id)
        .outerjoin(Allocation, Allocation.receipt_id == Receipt.id)
        .where(Receipt.kind == ReceiptKind.RECEIPT)
        .group_by(Receipt.id, Receipt.number, Receipt.amount, Skrd.number, Skrd.total)
        .having(or_(Receipt.amount != Skrd.total, Receipt.amount != paid))
        .order_by(Receipt.number)
    )
    for number, amount, bill, total, money in db.session.execute(asked):
        yield (
            f"{number}: {rupiah_text(amount)}, and its money {rupiah_text(int(money))},"
            f" but {bill} says {rupiah_text(total)}"
        )


def _bills() -> Iterator[str]:
    """Who paid has a receipt and owes nothing in the books; who owes, owes the whole."""
    owed = func.coalesce(func.sum(Posting.amount), 0)
    due = case((Skrd.state == SkrdState.OPEN, Skrd.total), else_=0)
    asked = (
        select(Skrd.number, Skrd.state, due, owed)
        .outerjoin(Posting, and_(Posting.account == RECEIVABLE, Posting.about == Skrd.id))
        .group_by(Skrd.id, Skrd.number, Skrd.state, Skrd.total)
        .having(owed != due)
        .order_by(Skrd.number)
    )
    for number, state, wanted, books in db.session.execute(asked):
        yield (
            f"{number} is {state}: {rupiah_text(int(wanted))} is owed,"
            f" {rupiah_text(int(books))} in the books"
        )
    for number, state in db.session.execute(_without_receipt()):
        yield f"{number} is {state}, its receipts say otherwise"


def _without_receipt() -> Select[str, SkrdState]:
    has: ColumnElement[bool] = (
        select(Receipt.id).where(Receipt.skrd_id == Skrd.id, is_live()).exists()
    )
    asked = select(Skrd.number, Skrd.state).where((Skrd.state == SkrdState.PAID) != has)
    return asked.order_by(Skrd.number)


def _moneys() -> Iterator[str]:
    """Each is in the books."""
    every = select(Collection.id, Collection.money_id).order_by(Collection.id)
    found = db.session.execute(every.execution_options(yield_per=AT_ONCE))
    for some in found.partitions():
        named = {f"money:{one}": money_id for one, money_id in some}
        asked = select(Journal.idem).where(Journal.kind == "money", Journal.idem.in_(named))
        booked = set(db.session.scalars(asked))
        for idem, money_id in named.items():
            if idem not in booked:
                yield f"money {money_id} has no journal"
