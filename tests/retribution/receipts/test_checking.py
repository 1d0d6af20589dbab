"""What somebody wrote past the application is found by the nightly check."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.model import Model
from sijinak.ledger import jobs
from sijinak.ledger.checking import all_faults
from sijinak.ledger.cli import ledger
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash

pytestmark = pytest.mark.usefixtures("context")


def copied(one: Model, **other: Any) -> None:
    """The same row once more, by its table alone."""
    row = {column.key: getattr(one, column.key) for column in type(one).__table__.columns}
    db.session.execute(insert(type(one)).values({**row, "id": uuid7(), **other}))


def forged(paid: Receipt, bill: Skrd, **other: Any) -> None:
    told = {"no": paid.no + 1, "number": "TBP/PALSU", "skrd_id": bill.id, "amount": bill.total}
    copied(paid, **{**told, **other})


def a_receipt_of_another_amount(paid: Receipt, bill: Skrd) -> None:
    forged(paid, bill, amount=bill.total + 1)


def a_receipt_without_money(paid: Receipt, bill: Skrd) -> None:
    forged(paid, bill)


def a_bill_that_is_called_paid(_: Receipt, bill: Skrd) -> None:
    db.session.execute(update(Skrd).where(Skrd.id == bill.id).values(state=SkrdState.PAID))


def a_receipt_without_a_journal(paid: Receipt, bill: Skrd) -> None:
    """Bill, receipt, money and allocation agree; only the books know nothing."""
    (money,) = db.session.scalars(select(Collection)).all()
    receipt_id, money_id = uuid7(), uuid7()
    copied(money, id=money_id, money_id="PALSU", amount=bill.total)
    forged(paid, bill, id=receipt_id)
    db.session.execute(
        insert(Allocation).values(
            id=uuid7(), receipt_id=receipt_id, collection_id=money_id, amount=bill.total
        )
    )
    a_bill_that_is_called_paid(paid, bill)


def money_without_a_journal(_: Receipt, bill: Skrd) -> None:
    (money,) = db.session.scalars(select(Collection)).all()
    copied(money, money_id="PALSU", amount=bill.total)


PLANTED = [
    (a_receipt_of_another_amount, {"TBP/PALSU", "its receipts say otherwise"}),
    (a_receipt_without_money, {"TBP/PALSU", "its receipts say otherwise"}),
    (a_bill_that_is_called_paid, {"in the books", "its receipts say otherwise"}),
    (a_receipt_without_a_journal, {"in the books", "money PALSU has no journal"}),
    (money_without_a_journal, {"money PALSU has no journal"}),
]


@pytest.mark.parametrize(("plant", "said"), PLANTED)
def test_each_planted_difference_is_said_and_nothing_else(
    app: Flask,
    caplog: pytest.LogCaptureFixture,
    plant: Callable[[Receipt, Skrd], None],
    said: set[str],
):
    paid, bill = paid_in_cash(make_skrd()), make_skrd()
    assert list(all_faults()) == []
    with transaction():
        plant(paid, bill)
    faults = list(all_faults())
    assert len(faults) == len(said)
    assert all(any(part in fault for fault in faults) for part in said)
    with caplog.at_level(logging.ERROR):
        jobs.check()
    assert len(caplog.records) == len(said)
    checked = app.test_cli_runner().invoke(ledger, ["check"])
    assert checked.exit_code == 1
