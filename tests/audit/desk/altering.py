"""What a superuser of the database can do, past every trigger."""

import sqlite3
from contextlib import closing
from uuid import UUID

from sijinak.core.db import db
from tests.databases import SERVER


def alter(table: str, row_id: UUID, change: str) -> None:
    """One row, as if it had always been so."""
    if SERVER:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(f"UPDATE {table} SET {change} WHERE id = '{row_id}'")
        return
    with closing(sqlite3.connect(str(db.engine.url.database), timeout=30)) as raw, raw:
        named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        triggers = raw.execute(named, (table,)).fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(f"UPDATE {table} SET {change} WHERE id = ?", (row_id.bytes,))
        for _, sql in triggers:
            raw.execute(sql)
