"""A database that is older than the log."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.core.db import db, transaction
from sijinak.core.noting import noting
from sijinak.core.permissions import OPERATOR
from sijinak.core.tlog import LogLeaf, leaf_of
from sijinak.proofs.beginning import begin_log
from sijinak.proofs.jobs import make_daily
from sijinak.proofs.models import Why
from sijinak.proofs.queries import latest_checkpoint, proof_of
from sijinak.proofs.services import make_checkpoint
from sijinak.proofs.untold import NotBegun
from sijinak.retribution.receipts.models import Receipt
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash


@contextmanager
def before_the_log() -> Iterator[None]:
    table = noting.table
    noting.wire({})
    try:
        yield
    finally:
        noting.wire(table)


def test_what_was_there_before_is_told_once_and_signed(context: Flask):
    with before_the_log():
        old = paid_in_cash(make_skrd())
    new = paid_in_cash(make_skrd())  # this one is told as ever
    assert begin_log(by=OPERATOR) > 0
    assert begin_log(by=OPERATOR) == 0
    leaves = db.session.scalars(select(LogLeaf.subject_id).where(LogLeaf.kind == "receipts"))
    assert sorted(leaves.all()) == sorted([old.id, new.id])
    checkpoint = latest_checkpoint()
    assert checkpoint
    assert checkpoint.why == Why.BEGINNING
    assert proof_of(Receipt, old.id)


def test_nothing_is_signed_before_all_is_told(context: Flask):
    """Whoever is interrupted goes on; a worker that is already there does not come before."""
    with before_the_log():
        old = paid_in_cash(make_skrd())
    with pytest.raises(NotBegun):
        make_daily()
    assert latest_checkpoint() is None
    assert begin_log(by=OPERATOR) > 0
    assert proof_of(Receipt, old.id)
    make_daily()


def test_after_the_first_checkpoint_a_row_without_a_leaf_stays_one(context: Flask):
    paid_in_cash(make_skrd())
    with transaction():
        make_checkpoint(Why.DAILY, by=OPERATOR)
    with before_the_log():
        forged = paid_in_cash(make_skrd())
    assert begin_log(by=OPERATOR) == 0
    assert leaf_of(Receipt, forged.id) is None
