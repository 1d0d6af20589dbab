"""The books of an office that was there before them begin right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.clock import clock
from sijinak.core.permissions import OPERATOR
from sijinak.ledger import chart
from sijinak.ledger.checking import book_faults, journals_in_books
from sijinak.ledger.queries import balance, balances, trial_balance
from sijinak.migrate import configuration, upgrade
from tests.conftest import close
from tests.core.test_migrations import _insert
from tests.databases import Databases

PAID, OPEN, WITHDRAWN, TREASURER, KEEPER = (UUID(int=n) for n in range(1, 6))
QRIS, CASH, AGAIN, STRAY = (UUID(int=n) for n in range(11, 15))
BY_CASH = UUID(int=6)
EVENING = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)  # 01.30 of the sixth in Sumbawa


@contextmanager
def old_office(databases: Databases) -> Iterator[tuple[str, Engine]]:
    with databases.empty() as url:
        command.upgrade(configuration(url), "0014")
        engine = create_engine(url)
        in_sqlite = url.startswith("sqlite")

        def add(connection: Connection, table: str, **given: Any) -> None:
            sent = {
                name: value.bytes if isinstance(value, UUID) and in_sqlite else value
                for name, value in given.items()
            }
            _insert(connection, table, **sent)

        with engine.connect() as connection:
            if in_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            else:
                connection.exec_driver_sql("SET session_replication_role = replica")
            fill(connection, add)
            connection.commit()
        yield url, engine
        engine.dispose()


def fill(connection: Connection, add: Any) -> None:
    states = {PAID: "paid", BY_CASH: "paid", OPEN: "open", WITHDRAWN: "cancelled"}
    for n, (bill, state) in enumerate(states.items(), start=1):
        add(
            connection, "skrd", id=bill, number=f"SKRD/{n}", year=2026,
            no=n, permit_id=UUID(int=90 + n),
            keeper_id=KEEPER, region="52.04.02.2001", total=79_500, state=state,
            issued_on=date(2026, 1, 5), due_on=date(2026, 2, 4), issued_by=TREASURER, took_part=[],
        )  # fmt: skip
        add(
            connection, "skrd_lines", id=UUID(int=40 + n), skrd_id=bill, position=1,
            tariff_id=UUID(int=80), heads=1, unit_amount=79_500, amount=79_500,
        )  # fmt: skip
    for n, (money, meant, adapter, amount) in enumerate(
        ((QRIS, PAID, "sandbox", 79_500), (CASH, BY_CASH, "cash", 79_500),
         (AGAIN, PAID, "sandbox", 79_500), (STRAY, None, "sandbox", 1_000)), start=1,
    ):  # fmt: skip
        add(
            connection, "collections", id=money, adapter=adapter, money_id=f"M{n}", ref=f"R{n}",
            bill_id=meant, amount=amount, happened_at=EVENING, seen_at=EVENING,
            trust="authenticated-query", seen_by=TREASURER,
        )  # fmt: skip
    for n, (receipted, money) in enumerate(((PAID, QRIS), (BY_CASH, CASH)), start=1):
        add(
            connection, "receipts", id=UUID(int=60 + n), number=f"TBP/{n}", series="S",
            year=2026, no=n,
            skrd_id=receipted, collection_id=money, keeper_id=KEEPER, region="52.04.02.2001",
            amount=79_500, issued_at=EVENING, issued_by=TREASURER,
        )  # fmt: skip


@pytest.fixture(scope="module")  # its tests only read
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with old_office(databases) as (url, engine):
        upgrade(url)
        app = create_app(Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("x"))))
        with app.app_context():
            yield engine
            close()


def test_bills_money_and_receipts_are_in_the_books(office: Engine):
    assert balances(chart.RECEIVABLE) == {OPEN: 79_500}
    assert balances(chart.SUSPENSE) == {AGAIN: -79_500, STRAY: -1_000}
    assert balance(chart.clearing("sandbox")) == 160_000
    assert balances(chart.CASH) == {TREASURER: 79_500}
    earned = -sum(t.balance for t in trial_balance(date(2026, 12, 31), by=OPERATOR)
                  if t.code.startswith("revenue:"))  # fmt: skip
    assert earned == 3 * 79_500  # the withdrawn one earned nothing
    assert list(book_faults()) == []
    assert journals_in_books() == 4 + 1 + 4 + 2


def test_money_counts_on_the_office_s_own_day(office: Engine):
    assert clock.zone.tzname(None) == "WITA"
    with office.connect() as connection:
        asked = "SELECT DISTINCT CAST(effective_on AS varchar) FROM journals WHERE kind = 'money'"
        assert connection.execute(text(asked)).scalars().all() == ["2026-01-06"]


def test_money_without_a_receipt_waits_for_two_people(office: Engine):
    with office.connect() as connection:
        asked = "SELECT kind, amount, state FROM discrepancies ORDER BY amount"
        assert [tuple(row) for row in connection.execute(text(asked))] == [
            ("unknown-bill", 1_000, "open"), ("double", 79_500, "open")
        ]  # fmt: skip


def test_an_empty_office_begins_with_empty_books(databases: Databases):
    with databases.empty() as url:
        upgrade(url)
        engine = create_engine(url)
        with engine.connect() as connection:
            count = sa.select(sa.func.count()).select_from(sa.table("journals"))
            assert connection.scalar(count) == 0
        engine.dispose()
