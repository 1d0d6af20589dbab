"""The end of the office's day: everybody has closed, and what is not finished was looked at."""

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.models import ClosedDay
from sijinak.ledger.services import CloseDay, close_day
from sijinak.treasury.cash.commands import CloseOffice, NotEverybodyClosed, NotFinished
from sijinak.treasury.cash.queries import not_closed_on, unfinished_on
from sijinak.treasury.policy import policy


def close_office_day(command: CloseOffice, *, by: Actor) -> ClosedDay:
    """Of all books there are. Raises NotEverybodyClosed, and NotFinished until it is confirmed.

    The books are closed first: whoever writes into them at this moment is waited for.
    """
    require(by, Permission.TREASURY_KEEP, region=policy.regency)
    books = CloseDay(id=command.id, day=command.day, region=policy.regency)
    closed = close_day(books, by=by)
    db.session.flush()
    if open_ := not_closed_on(command.day):
        raise NotEverybodyClosed(names=", ".join(one.name for one in open_))
    if command.confirmed != command.day and unfinished_on(command.day).is_anything:
        raise NotFinished
    return closed
