"""On PostgreSQL the application's role cannot alter the trail, whatever it tries."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from psycopg import connect
from psycopg.errors import InsufficientPrivilege, RaiseException, UndefinedObject
from sqlalchemy import create_engine

from sijinak.config import Misconfigured
from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.grants import APPEND_ONLY, grant
from tests.animals.factories import make_keeper
from tests.databases import SERVER, run_on_server

ATTEMPTS = (
    "UPDATE {} SET {key} = {key}",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {} CASCADE",
)


@pytest.fixture
def _on_server() -> None:
    if not SERVER:
        pytest.skip("about PostgreSQL")


@pytest.fixture
def role(_on_server: None, context: Flask) -> Iterator[str]:
    name = f"sijinak_app_{uuid4().hex[:8]}"
    run_on_server(f"CREATE ROLE {name} LOGIN")
    with db.engine.begin() as connection:
        grant(connection, name)
    yield name
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
    run_on_server(f"DROP ROLE {name}")


def _as(role: str, statement: str) -> None:
    url = db.engine.url.set(username=role, drivername="postgresql")
    with connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_trail_cannot_be_altered(role: str, attempt: str):
    for table in sorted(APPEND_ONLY):
        key = next(iter(Model.metadata.tables[table].primary_key)).name
        with pytest.raises(InsufficientPrivilege):
            _as(role, attempt.format(table, key=key))


@pytest.mark.parametrize(
    "attempt", ["SET ROLE postgres", "SET session_replication_role = replica", "CREATE ROLE x"]
)
def test_the_role_cannot_become_another(role: str, attempt: str):
    with pytest.raises((InsufficientPrivilege, UndefinedObject)):
        _as(role, attempt)


def test_a_temporary_table_does_not_stand_in_for_the_receipts(role: str):
    """The guard against gaps must count the real ones."""
    columns = "id, number, series, year, no, skrd_id, keeper_id, region, amount,"
    columns += " payer_name, channel, issued_at, issued_by, issued_by_name"
    row = "gen_random_uuid(), 'n', 's', 2026, {no}, gen_random_uuid(), gen_random_uuid(),"
    row += " '', 1, '', '', now(), gen_random_uuid(), ''"
    decoy = "CREATE TEMP TABLE receipts (LIKE {real} INCLUDING DEFAULTS)"
    with db.engine.begin() as connection:
        database = db.engine.url.database
        connection.exec_driver_sql(f"GRANT TEMP ON DATABASE {database} TO {role}")
        real = connection.exec_driver_sql("SELECT current_schema() || '.receipts'").scalar_one()
    insert = f"INSERT INTO {real} ({columns}) VALUES ({row.format(no=999)})"
    trick = f"INSERT INTO receipts ({columns}) VALUES ({row.format(no=998)})"
    with pytest.raises(RaiseException, match="leaves a gap"):
        _as(role, f"{decoy.format(real=real)}; {trick}; {insert}")


def test_the_role_can_do_the_daily_work(role: str):
    make_keeper()
    _as(role, "UPDATE keepers SET hamlet = 'x'")
    _as(role, "SELECT * FROM events")


def test_sqlite_has_no_roles():
    with create_engine("sqlite://").connect() as connection, pytest.raises(Misconfigured):
        grant(connection, "sijinak_app")


def test_what_is_append_only_is_guarded_by_the_migration_too():
    from tests.core.test_db import APPEND_ONLY as GUARDED

    assert set(GUARDED) == APPEND_ONLY
