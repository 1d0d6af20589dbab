"""What the application's role may not do on PostgreSQL, though the triggers would let it."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from psycopg.errors import InsufficientPrivilege

from sijinak.config import Misconfigured
from sijinak.core.db import db
from sijinak.grants import KEPT, SPECIAL, grant
from tests.databases import SERVER, run_on_server

pytestmark = pytest.mark.skipif(not SERVER, reason="about PostgreSQL")


@pytest.fixture
def role(context: Flask) -> Iterator[str]:
    name = f"sijinak_app_{uuid4().hex[:8]}"
    run_on_server(f"CREATE ROLE {name} LOGIN")
    with db.engine.begin() as connection:
        grant(connection, name)
    yield name
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
    run_on_server(f"DROP ROLE {name}")


def refused(role: str, *statements: str) -> None:
    """The last of them; the others are allowed."""
    url = db.engine.url.set(username=role, drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as mine:
        for statement in statements[:-1]:
            mine.execute(statement.encode())
        with pytest.raises(InsufficientPrivilege):
            mine.execute(statements[-1].encode())


@pytest.mark.parametrize("kind", ["TEMP TABLE", "TABLE", "SCHEMA"])
def test_the_role_makes_nothing_of_its_own(role: str, kind: str):
    refused(role, f"CREATE {kind} mine" + ("" if kind == "SCHEMA" else " (x int)"))


def test_the_owner_hears_of_a_role_that_still_may(role: str):
    """Through another role, of which it is a member."""
    group = f"{role}_group"
    run_on_server(f"CREATE ROLE {group}")
    try:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"GRANT CREATE ON SCHEMA public TO {group}")
            connection.exec_driver_sql(f"GRANT {group} TO {role}")
            with pytest.raises(Misconfigured, match="still make tables"):
                grant(connection, role)
            connection.exec_driver_sql(f"DROP OWNED BY {group}")
    finally:
        run_on_server(f"DROP ROLE {group}")


TRICK = """CREATE FUNCTION pg_temp.trick() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE cash_holders SET held = held + 1; RETURN NEW; END $$"""
ON_MINE = "CREATE TRIGGER go BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION"


def test_what_is_held_is_not_written_from_a_trigger_of_ones_own(role: str):
    with db.engine.begin() as owner:
        owner.exec_driver_sql(f"GRANT TEMP ON DATABASE {db.engine.url.database} TO {role}")
    mine = "CREATE TEMP TABLE mine (x int)"
    insert = "INSERT INTO mine VALUES (1)"
    refused(role, mine, TRICK, f"{ON_MINE} pg_temp.trick()", insert)
    for function in ("hold_cash()", "sum_postings()"):
        refused(role, mine, f"{ON_MINE} {function}")


@pytest.mark.parametrize("change", ["held = 1", "floats = 1", "id = id"])
def test_of_who_holds_cash_only_the_closed_day_is_written(role: str, change: str):
    refused(
        role,
        "UPDATE cash_holders SET closed_on = closed_on",
        "SELECT * FROM cash_holders FOR UPDATE",
        f"UPDATE cash_holders SET {change}",
    )


def test_nothing_about_money_is_deleted(role: str):
    holds = {"match_holds", "match_proposal_holds"}
    for table in sorted((KEPT | set(SPECIAL)) - holds - {"log_waiting"}):  # its trigger says which
        refused(role, f"DELETE FROM {table}")
    for table in holds | {"deposit_lines", "match_proposal_parts"}:
        refused(role, f"UPDATE {table} SET id = id")


def test_every_function_of_ours_looks_into_our_tables_first(context: Flask):
    asked = """SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND NOT coalesce(proconfig::text, '') LIKE '%%search_path=public, pg_temp%%'"""
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql(asked).scalars().all() == []


def test_what_runs_as_the_owner_is_for_our_triggers_only(context: Flask):
    asked = """SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND prosecdef AND has_function_privilege('public', oid, 'EXECUTE')"""
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql(asked).scalars().all() == []
