"""Rows that no leaf tells of, before the first checkpoint is signed."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select

from sijinak.core.db import db
from sijinak.core.errors import Unavailable
from sijinak.core.model import Model
from sijinak.core.noting import NOTED, Logged, Noted, noting
from sijinak.core.tlog import LogLeaf, LogWaiting

AT_ONCE = 1_000


class NotBegun(Unavailable):
    """Rows of before are not told yet: a checkpoint now would make them findings for good."""

    code = "log-not-begun"


def check_all_told() -> None:
    """Or will be when the open transaction ends. Raises NotBegun."""
    noted: Noted = db.session.info.get(NOTED, {})
    for model, logged in noting.table.items():
        here = noted.get(model, {}).keys()
        if any(set(ids) - here for ids in untold(model, logged)):
            raise NotBegun(table=model.__tablename__)


def untold(model: type[Model], logged: Logged) -> Iterator[Sequence[UUID]]:
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
