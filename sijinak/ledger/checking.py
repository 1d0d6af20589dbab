"""Whether the books agree with themselves, counted anew: for after a restore, and for auditors."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import and_, func, or_, select

from sijinak.core.db import db
from sijinak.ledger.chart import CASH, FLOAT
from sijinak.ledger.models import CashHolder, Journal, JournalSum, Posting

Look = Callable[[], Iterator[str]]


class BookChecks:
    """What features above the books compare with them."""

    def __init__(self) -> None:
        self._looks: Sequence[Look] = ()

    def wire(self, looks: Sequence[Look]) -> None:
        """Replace them: building an app twice must not look twice."""
        self._looks = tuple(looks)

    def faults(self) -> Iterator[str]:
        for look in self._looks:
            yield from look()


book_checks = BookChecks()


def all_faults() -> Iterator[str]:
    """Of the books in themselves, and of what stands beside them, all at one moment."""
    if db.engine.dialect.name == "postgresql" and not db.session().in_transaction():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    yield from book_faults()
    yield from book_checks.faults()


def book_faults() -> Iterator[str]:
    """One sentence for each journal that is not what its postings say. A trigger kept the sums."""
    total, size = func.coalesce(func.sum(Posting.amount), 0), func.count(Posting.id)
    kept = (
        select(Journal.idem, total, size)
        .outerjoin(Posting, Posting.journal_id == Journal.id)
        .outerjoin(JournalSum, JournalSum.id == Journal.id)
        .group_by(Journal.id, Journal.idem, Journal.size, JournalSum.total, JournalSum.size)
        .having(or_(
            total != 0, size != Journal.size, JournalSum.size.is_(None),
            JournalSum.total != total, JournalSum.size != size,
        ))
        .order_by(Journal.idem)
    )  # fmt: skip
    for idem, amount, lines in db.session.execute(kept):
        yield f"{idem}: {lines} lines that add up to {amount}"
    for posting in _strays():
        yield f"a line of {posting.amount} on {posting.account} has no journal of its day"
    yield from _hands()


def _hands() -> Iterator[str]:
    """What people hold is what came into their hands and went out of them."""
    held, floats = (
        func.coalesce(func.sum(Posting.amount).filter(Posting.account == account), 0)
        for account in (CASH, FLOAT)
    )
    theirs = and_(Posting.about == CashHolder.id, Posting.account.in_((CASH, FLOAT)))
    asked = (
        select(CashHolder.id, CashHolder.held, held, CashHolder.floats, floats)
        .outerjoin(Posting, theirs)
        .group_by(CashHolder.id, CashHolder.held, CashHolder.floats)
        .having(or_(CashHolder.held != held, CashHolder.floats != floats))
        .order_by(CashHolder.id)
    )
    for person, cash, booked, change, lent in db.session.execute(asked):
        yield f"{person} holds {cash} and {change} of change, booked {booked} and {lent}"


def journals_in_books() -> int:
    return db.session.scalar(select(func.count()).select_from(Journal)) or 0


def _strays() -> Iterator[Posting]:
    asked = select(Posting).outerjoin(Posting.journal).where(Journal.id.is_(None))
    return iter(db.session.scalars(asked.order_by(Posting.id)).all())
