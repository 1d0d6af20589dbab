"""An office that took payments before an attempt could pay several bills keeps them all."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.migrate import configuration, upgrade
from sijinak.payments.models import LIVE, Attempt, AttemptState, Collection
from sijinak.payments.queries import collections_of, live_attempt_of
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import moneys_of, receipt_of
from tests.conftest import close
from tests.core.test_migrations import _insert
from tests.databases import Databases

# As they were then: there was no failed and no reversed one.
STATES = [
    "created", "submitted", "pending", "unknown", "rejected", "expired", "cancelled", "succeeded"
]  # fmt: skip
PLACE, SOMEBODY = "52.04.02.2001", UUID(int=99)
MOMENT = datetime(2026, 1, 5, 3, tzinfo=UTC)
PAID = len(STATES)  # the bill of the attempt that succeeded
MONEY, STRAY, RECEIPT = UUID(int=201), UUID(int=202), UUID(int=301)


def bill(n: int) -> UUID:
    return UUID(int=n)


def attempt(n: int) -> UUID:
    return UUID(int=100 + n)


@pytest.fixture(scope="module")  # its tests only read
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with databases.empty() as url:
        command.upgrade(configuration(url), "0014")
        engine = create_engine(url)
        with engine.connect() as connection:
            fill(connection, in_sqlite=url.startswith("sqlite"))
            connection.commit()
        engine.dispose()  # that connection leaves the guards alone
        upgrade(url)
        app = create_app(Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("x"))))
        with app.app_context():
            yield engine
            close()
        engine.dispose()


def fill(connection: Connection, *, in_sqlite: bool) -> None:
    def add(table: str, **given: Any) -> None:
        raw = {n: v.bytes if isinstance(v, UUID) and in_sqlite else v for n, v in given.items()}
        _insert(connection, table, **raw)

    if in_sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
    for n, state in enumerate(STATES, start=1):
        add(
            "skrd", id=bill(n), number=f"SKRD/{n}", year=2026, no=n, permit_id=UUID(int=400 + n),
            keeper_id=SOMEBODY, region=PLACE, total=79_500, issued_by=SOMEBODY, took_part=[],
            state="paid" if n == PAID else "open", issued_on=date(2026, 1, 5),
        )  # fmt: skip
        add(
            "skrd_lines", id=UUID(int=500 + n), skrd_id=bill(n), position=1, tariff_id=SOMEBODY,
            heads=1, unit_amount=79_500, amount=79_500,
        )  # fmt: skip
        add(
            "payment_attempts", id=attempt(n), ref=f"SJ-{n}", bill_id=bill(n),
            bill_number=f"SKRD/{n}", region=PLACE, adapter="sandbox", amount=79_500, state=state,
            instructions="{}", started_by=SOMEBODY, ask_again_at=MOMENT, asked=n,
        )  # fmt: skip
    for money, attempt_id, bill_id in ((MONEY, attempt(PAID), bill(PAID)), (STRAY, None, None)):
        add(
            "collections", id=money, adapter="sandbox", money_id=str(money), ref="x",
            attempt_id=attempt_id, bill_id=bill_id, amount=79_500, happened_at=MOMENT,
            seen_at=MOMENT, trust="authenticated-query", seen_by=SOMEBODY,
        )  # fmt: skip
    add(
        "receipts", id=RECEIPT, number="TBP/1", series="S", year=2026, no=1, skrd_id=bill(PAID),
        collection_id=MONEY, keeper_id=SOMEBODY, region=PLACE, amount=79_500, issued_at=MOMENT,
        issued_by=SOMEBODY,
    )  # fmt: skip


def test_each_attempt_pays_the_one_bill_it_was_for(office: Engine):
    found = db.session.scalars(select(Attempt).order_by(Attempt.id)).all()
    assert [one.state for one in found] == [AttemptState(state) for state in STATES]
    for n, one in enumerate(found, start=1):
        (only,) = one.bills
        told = (only.position, only.bill_id, only.bill_number, only.amount)
        assert told == (1, bill(n), f"SKRD/{n}", 79_500)
        assert only.is_live is (one.state in LIVE)
        assert (one.title, one.way, one.pay_code, one.is_unwanted) == (f"SKRD/{n}", "", "", False)
        assert (one.asked, one.ask_again_at) == (n, MOMENT), "it is asked about when it was due"


def test_a_bill_that_is_being_paid_takes_no_second_live_attempt(office: Engine):
    being_paid = [n for n in range(1, PAID + 1) if live_attempt_of(bill(n))]
    assert being_paid == [1, 2, 3, 4]
    add = (
        "INSERT INTO attempt_bills"
        " (id, attempt_id, position, bill_id, bill_number, amount, is_live)"
        " SELECT bill_id, attempt_id, 2, bill_id, 'x', 1, true FROM attempt_bills"
        " WHERE bill_number = 'SKRD/1'"
    )
    with pytest.raises(SQLAlchemyError, match="attempt_bills"):  # noqa: SIM117
        with office.connect() as connection:
            connection.execute(text(add))


def test_money_and_its_receipt_are_what_they_were(office: Engine):
    money, stray = db.session.scalars(select(Collection).order_by(Collection.id)).all()
    assert (money.region, money.payer, money.channel) == (PLACE, "", "")
    assert stray.region == "", "nobody knew where it belongs"
    assert [one.id for one in collections_of(bill(PAID))] == [MONEY]
    receipt = receipt_of(bill(PAID))
    assert receipt is not None
    assert (receipt.kind, receipt.round, receipt.number) == (ReceiptKind.RECEIPT, 1, "TBP/1")
    ((allocation, paid_by),) = moneys_of(receipt)
    assert (allocation.amount, paid_by.id) == (79_500, MONEY)
    assert len(db.session.scalars(select(Allocation)).all()) == 1
    assert len(db.session.scalars(select(Receipt)).all()) == 1


@pytest.mark.parametrize("table", ["collections", "receipts", "allocations"])
def test_what_was_there_is_guarded_again(office: Engine, table: str):
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET amount = 1"):
        with office.connect() as connection, pytest.raises(SQLAlchemyError, match="append-only"):
            connection.execute(text(change))
