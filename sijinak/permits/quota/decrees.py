"""The papers behind every change of the quota, each written down once."""

from typing import Any

from sqlalchemy import select

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.permissions import Actor
from sijinak.permits.quota.commands import Paper
from sijinak.permits.quota.models import QuotaDecree


class DecreeSaysOtherwise(Conflict):
    """The number is in the books with another day. Facts: ``number``, ``day``."""

    code = "decree-says-otherwise"


class DecreeIncomplete(Invalid):
    """Number and legal basis belong to every decree."""

    code = "decree-incomplete"


class DecreeAhead(Invalid):
    """Its day has not come yet."""

    code = "decree-ahead"


def write_decree(paper: Paper, year: int, region: str, *, by: Actor) -> QuotaDecree:
    """The decree in the books, written down now if it is new."""
    if not paper.number or not paper.legal_basis:
        raise DecreeIncomplete
    if paper.dated_on and paper.dated_on > today():
        raise DecreeAhead
    if known := _found(paper.number, year):
        if paper.dated_on and known.dated_on != paper.dated_on:
            raise DecreeSaysOtherwise(number=known.number, day=known.dated_on)
        return known
    decree = QuotaDecree(
        number=paper.number, dated_on=paper.dated_on, year=year, legal_basis=paper.legal_basis,
        source=paper.source, file_id=paper.file_id, region=region, by_id=by.id, by_name=by.name,
        recorded_at=now(),
    )  # fmt: skip
    db.session.add(decree)
    db.session.flush()
    return decree


def decree_numbered(number: str, year: int) -> QuotaDecree:
    found = _found(number, year)
    if found is None:
        raise LookupError(number)
    return found


def tell_of(name: str, decree: QuotaDecree, region: str, *, by: Actor, **facts: Any) -> None:
    """Into the trail, with the decree behind it."""
    events.record(
        name, decree, by=by, region=region, decree=decree.number, year=decree.year, **facts
    )


def _found(number: str, year: int) -> QuotaDecree | None:
    return db.session.scalar(
        select(QuotaDecree).where(QuotaDecree.number == number, QuotaDecree.year == year)
    )
