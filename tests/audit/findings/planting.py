"""Rows past the program, its triggers and its keys: as somebody with the database would write."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Connection, Date, Enum, Float, LargeBinary, String, insert

from sijinak.core.clock import clock, today
from sijinak.core.db import db
from sijinak.core.model import Id, Model, UtcDateTime
from tests.databases import SERVER

LUNYUK_REA = "52.04.02.2001"


@contextmanager
def unguarded() -> Iterator[Connection]:
    """No trigger and no foreign key; what is checked within a row still holds."""
    with db.engine.connect() as connection:
        if SERVER:
            connection.exec_driver_sql("SET session_replication_role = replica")
        else:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            found = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in found.fetchall():
                raw.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()
        connection.invalidate()


class Planter:
    """Writes whole rows: what a plant does not say is nothing in particular."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self._connection = connection
        self._chance = Random(seed)  # noqa: S311 - the same seed, the same plants
        self._numbers = count(1)
        self.day = today()

    def id(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    def number(self) -> int:
        return next(self._numbers)

    def ago(self, days: int, hour: int = 10) -> datetime:
        at = datetime.combine(self.day - timedelta(days=days), time(hour), clock.zone)
        return at.astimezone(UTC)

    def on(self, days: int) -> date:
        return self.day - timedelta(days=days)

    def row(self, model: type[Model], **said: Any) -> UUID:
        said.setdefault("id", self.id())
        if "region" in model.__table__.columns:
            said.setdefault("region", LUNYUK_REA)
        filled = {
            column.name: said.pop(column.name) if column.name in said else self._some(column)
            for column in model.__table__.columns
        }
        assert not said, f"{model.__tablename__} has no {', '.join(said)}"
        self._connection.execute(insert(model.__table__), filled)  # type: ignore[arg-type]
        return filled["id"]  # type: ignore[no-any-return]

    def _some(self, column: Any) -> Any:
        kind = column.type
        if column.nullable:
            return None
        if isinstance(kind, Enum):
            return kind.enum_class(kind.enums[0]) if kind.enum_class else kind.enums[0]
        for known, made in _MADE.items():
            if isinstance(kind, known):
                return made(self)
        return 1


_MADE: dict[Any, Any] = {
    Id: Planter.id,
    UtcDateTime: lambda planter: planter.ago(20),
    Date: lambda planter: planter.on(20),
    JSON: lambda _: [],
    Boolean: lambda _: False,
    Float: lambda _: 0.0,
    LargeBinary: lambda planter: planter.id().bytes,
    String: lambda planter: f"plant-{planter.number()}",
}
