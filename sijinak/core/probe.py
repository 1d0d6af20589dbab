"""A row that is written to learn whether rows can be written."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.db import db
from sijinak.core.model import Model

ONLY = UUID(int=0)


class Probe(Model):
    __tablename__ = "probe"

    beat: Mapped[int] = mapped_column(default=0)


def beat() -> None:
    """Write inside the open transaction; the database's error says when it cannot."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    db.session.execute(insert(Probe).values(id=ONLY, beat=0).on_conflict_do_nothing())
    db.session.execute(update(Probe).values(beat=Probe.beat + 1))
