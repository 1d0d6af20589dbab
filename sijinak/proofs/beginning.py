"""Rows that were there before the log: they are told once, before the first checkpoint."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select

from sijinak.core.db import db, transaction
from sijinak.core.model import Model
from sijinak.core.noting import Logged, noting
from sijinak.core.permissions import Actor
from sijinak.core.tlog import LogLeaf, LogWaiting, merge
from sijinak.proofs.models import Why
from sijinak.proofs.queries import latest_checkpoint
from sijinak.proofs.services import make_checkpoint

AT_ONCE = 1_000


def begin_log(*, by: Actor) -> int:
    """Tell what nobody told, and sign it; answers how many rows. An edge: it opens transactions.

    After the first checkpoint it tells nothing: a row without a leaf is a finding then. What was
    interrupted goes on.
    """
    with transaction():
        merge()
    if latest_checkpoint() is not None:
        return 0
    told = 0
    for model, logged in noting.table.items():
        for ids in _untold(model, logged):
            with transaction():
                for row_id in ids:
                    noting.note(model, row_id)
            with transaction():
                merge()
            told += len(ids)
    if told:
        with transaction():
            make_checkpoint(Why.BEGINNING, by=by)
    return told


def _untold(model: type[Model], logged: Logged) -> Iterator[Sequence[UUID]]:
    known = [
        exists().where(table.kind == model.__tablename__, table.subject_id == model.id)
        for table in (LogLeaf, LogWaiting)
    ]
    asked = select(model.id).where(*(~one for one in known)).order_by(model.id).limit(AT_ONCE)
    if logged.starts:
        name = model.__table__.c.name
        asked = asked.where(or_(*(name.startswith(one, autoescape=True) for one in logged.starts)))
    while ids := db.session.scalars(asked).all():
        yield ids
        asked = asked.where(model.id > ids[-1])
