"""An upgrade keeps what there was, and guards it from then on."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from sijinak.migrate import configuration, upgrade
from tests.databases import Databases


def test_an_upgrade_from_the_first_form_keeps_the_trail_and_guards_it(databases: Databases):
    with databases.empty() as url:
        command.upgrade(configuration(url), "0001")
        engine = create_engine(url)
        nothing = "x'00'" if url.startswith("sqlite") else "'00000000-0000-0000-0000-000000000000'"
        columns = (
            "id, name, subject_type, subject_id, region, actor_id, actor_name, happened_at, facts"
        )
        values = (
            f"{nothing}, 'kept', 'x', {nothing}, '', {nothing}, 'x', '2026-01-01 00:00+00', '{{}}'"
        )
        row = f"INSERT INTO events ({columns}) VALUES ({values})"
        with engine.begin() as connection:
            connection.execute(text(row))
        upgrade(url)
        upgrade(url)  # again: nothing to do
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT name FROM events")) == "kept"
            with pytest.raises(SQLAlchemyError, match="append-only"):
                connection.execute(text("DELETE FROM events"))
        engine.dispose()


def _insert(connection: Connection, table: str, **given: object) -> None:
    """A row as the database had it then, its references unchecked."""
    some = {
        sa.Boolean: False,
        sa.Date: date(2026, 1, 5),
        sa.DateTime: datetime(2026, 1, 5, tzinfo=UTC),
        sa.LargeBinary: bytes(16),
        sa.Uuid: UUID(int=0),
    }
    form = sa.Table(table, sa.MetaData(), autoload_with=connection)
    values = {
        column.name: next((v for kind, v in some.items() if isinstance(column.type, kind)), 1)
        if not isinstance(column.type, sa.String)
        else "1"
        for column in form.columns
        if not column.nullable
    }
    connection.execute(form.insert().values({**values, **given}))


def test_doses_of_before_keep_their_place_and_one_a_day_counts(databases: Databases):
    with databases.empty() as url:
        command.upgrade(configuration(url), "0004")
        engine = create_engine(url)
        in_sqlite = url.startswith("sqlite")
        ids = [UUID(int=n).bytes if in_sqlite else UUID(int=n) for n in range(10)]
        with engine.connect() as connection:
            if in_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            else:
                connection.exec_driver_sql("SET session_replication_role = replica")
            _insert(
                connection, "animals", id=ids[1], keeper_id=ids[2], village="52.04.02.2001",
                verification="declared", state="present", species="cattle", sex="male",
            )  # fmt: skip
            for n, is_double in ((6, False), (7, True), (8, False)):
                given_at = datetime(2026, 1, 5, n, tzinfo=UTC)
                _insert(
                    connection, "vaccination_acts", id=ids[n - 3], product_id=ids[2],
                    vaccinator_id=ids[2], given_at=given_at,
                )  # fmt: skip
                _insert(
                    connection, "vaccinations", id=ids[n], animal_id=ids[1], disease="pmk",
                    act_id=ids[n - 3], is_double=is_double, given_on=given_at.date(),
                )  # fmt: skip
            connection.commit()
        upgrade(url)
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT standing, village, given_at FROM vaccinations ORDER BY id")
            ).all()
        engine.dispose()
    assert [row.standing for row in rows] == ["counts", "double", "double"]
    assert {row.village for row in rows} == {"52.04.02.2001"}
    assert len({row.given_at for row in rows}) == len(rows)


def test_money_of_before_learns_who_owed_its_bill_and_stays_guarded(databases: Databases):
    with databases.empty() as url:
        command.upgrade(configuration(url), "0024")
        engine = create_engine(url)
        in_sqlite = url.startswith("sqlite")
        ids = [UUID(int=n).bytes if in_sqlite else UUID(int=n) for n in range(10)]
        with engine.connect() as connection:
            if in_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            else:
                connection.exec_driver_sql("SET session_replication_role = replica")
            _insert(connection, "skrd", id=ids[1], keeper_id=ids[2], kind="skrd", state="open")
            bill = {"attempt_id": ids[3], "bill_id": ids[1], "position": 1}
            _insert(connection, "attempt_bills", id=ids[4], **bill)
            for n, known in ((5, {"bill_id": ids[1]}), (6, {"attempt_id": ids[3]}), (7, {})):
                _insert(connection, "collections", id=ids[n], money_id=str(n), **known)
            connection.commit()
        engine.dispose()  # what the guards overlooked, they overlook in this session alone
        upgrade(url)
        with engine.connect() as connection:
            asked = text("SELECT keeper_id FROM collections ORDER BY id")
            assert list(connection.scalars(asked)) == [ids[2], ids[2], None]
            for change in ("DELETE FROM collections", "UPDATE collections SET keeper_id = NULL"):
                with pytest.raises(SQLAlchemyError, match="append-only"):
                    connection.execute(text(change))
                connection.rollback()
        engine.dispose()
