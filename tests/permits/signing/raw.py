"""What somebody can do who holds the database, and no key."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, text

from sijinak.core.db import db
from tests.databases import SERVER


@contextmanager
def without_guards(table: str) -> Iterator[Connection]:
    """The triggers are gone for good."""
    db.session.commit()
    with db.engine.connect() as connection:
        for name in _triggers(connection, table):
            on = f" ON {table}" if SERVER else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
        yield connection
        connection.commit()
    db.session.expunge_all()


@contextmanager
def altered(table: str, row_id: UUID, column: str, value: str) -> Iterator[None]:
    """One value of a row is another inside; ``value`` is SQL."""
    named = {"id": row_id if SERVER else row_id.bytes}
    with without_guards(table) as connection:
        asked = text(f"SELECT {column} FROM {table} WHERE id = :id")
        before = connection.execute(asked, named).scalar_one()
        connection.execute(text(f"UPDATE {table} SET {column} = {value} WHERE id = :id"), named)
    yield
    with without_guards(table) as connection:
        back = text(f"UPDATE {table} SET {column} = :before WHERE id = :id")
        connection.execute(back, {**named, "before": before})


def _triggers(connection: Connection, table: str) -> list[str]:
    asked = (
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        f" WHERE relname = '{table}' AND NOT tgisinternal"
        if SERVER
        else f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
    )
    return [row[0] for row in connection.exec_driver_sql(asked)]
