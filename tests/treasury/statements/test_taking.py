"""Taking statements in: once, whole, each after the one before it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.ids import uuid7
from sijinak.payments.models import Discrepancy, DiscrepancyKind, DiscrepancyState
from sijinak.treasury.statements.continuing import plans_of
from sijinak.treasury.statements.gate import read_statements
from sijinak.treasury.statements.models import BankLine, BankStatement, LineNote
from sijinak.treasury.statements.profiles import profiles
from sijinak.treasury.statements.queries import AccountNotRegistered, account_of
from sijinak.treasury.statements.reading import UnfitStatement
from sijinak.treasury.statements.services import (
    FileKnown,
    TakeStatements,
    note_refused,
    take_statements,
)
from tests.factories import REGENCY, actor_for
from tests.treasury.matching.factories import register_account, take, treasurer
from tests.treasury.statements.files import DAY, csv_of, day_csv, mt940_of


@pytest.fixture
def keeper(context: Flask) -> SignedIn:
    register_account()
    return treasurer()


def count(model: Any) -> int:
    with transaction():
        return db.session.scalar(select(func.count(model.id))) or 0


def refused(content: bytes, profile: str, by: SignedIn) -> str:
    """The code of the first fault; the attempt is noted, as the page does."""
    with pytest.raises(UnfitStatement) as error:
        take(content, by=by, profile=profile)
    found = plans_of(read_statements(content, profiles()[profile]), account_of("rkud"))
    with transaction():
        note_refused(found, REGENCY, by=by)
    return error.value.faults[0].code


def cases(kind: DiscrepancyKind) -> list[DiscrepancyState]:
    with transaction():
        asked = select(Discrepancy.state).where(Discrepancy.kind == kind)
        return list(db.session.scalars(asked.order_by(Discrepancy.id)))


def test_the_same_file_twice_changes_nothing(keeper: SignedIn):
    content = mt940_of([(75_000, "a"), (100_000, "b"), (100_000, "b")])
    assert len(take(content, by=keeper, profile="mt940")) == 1
    with pytest.raises(FileKnown):
        take(content, by=keeper, profile="mt940")
    assert (count(BankStatement), count(BankLine)) == (1, 3)


def test_the_next_statement_continues_and_a_gap_is_refused_and_told(keeper: SignedIn):
    take(mt940_of([(5, "a")], 0, "00001/001"), by=keeper, profile="mt940")
    third = mt940_of([(5, "c")], 12, "00003/001")
    assert refused(third, "mt940", keeper) == "statement-gap"
    assert cases(DiscrepancyKind.STATEMENT_GAP) == [DiscrepancyState.OPEN]
    take(mt940_of([(7, "b")], 5, "00002/001"), by=keeper, profile="mt940")
    assert cases(DiscrepancyKind.STATEMENT_GAP) == [DiscrepancyState.SETTLED]
    take(third, by=keeper, profile="mt940")
    assert count(BankStatement) == 3


@pytest.mark.parametrize(
    ("number", "opening", "fits"),
    [("2/1", 5, True), ("1/2", 5, True), ("2/1", 6, False), ("3/1", 5, False), ("2/2", 5, False)],
)
def test_number_and_balance_must_both_follow(
    keeper: SignedIn,
    number: str,
    opening: int,
    fits: bool,  # noqa: FBT001
):
    take(mt940_of([(5, "a")], 0, "1/1"), by=keeper, profile="mt940")
    content = mt940_of([(5, "b")], opening, number)
    if fits:
        assert take(content, by=keeper, profile="mt940")
    else:
        assert refused(content, "mt940", keeper) == "statement-gap"


def test_the_numbers_begin_anew_with_the_year(keeper: SignedIn):
    december, january = DAY.replace(month=12, day=31), DAY.replace(year=2027, month=1, day=4)
    take(mt940_of([(5, "a")], 0, "1/1", december), by=keeper, profile="mt940")
    take(mt940_of([(5, "b")], 5, "1/1", january), by=keeper, profile="mt940")
    assert count(BankLine) == 2


def test_a_remark_that_changed_is_noted_and_the_line_stays(keeper: SignedIn):
    take(mt940_of([(5, "H+0"), (6, "x")]), by=keeper, profile="mt940")
    again = mt940_of([(5, "H+1"), (6, "x")])
    assert take(again, by=keeper, profile="mt940") == []
    with transaction():
        assert list(db.session.scalars(select(LineNote.remark))) == ["H+1"]
        remarks = db.session.scalars(select(BankLine.remark).order_by(BankLine.position))
        assert list(remarks) == ["H+0", "x"]


@pytest.mark.parametrize(
    "lines",
    [[(5, "a"), (7, "b")], [(5, "a")], [(5, "a"), (6, "b"), (1, "c")], [(6, "b"), (5, "a")]],
)
def test_an_amount_that_changed_is_refused_and_told(keeper: SignedIn, lines: list[Any]):
    take(mt940_of([(5, "a"), (6, "b")]), by=keeper, profile="mt940")
    assert refused(mt940_of(lines), "mt940", keeper) == "statement-changed"
    assert cases(DiscrepancyKind.STATEMENT_CHANGED) == [DiscrepancyState.OPEN]
    assert count(BankLine) == 2


def test_a_csv_may_begin_with_days_that_are_known(keeper: SignedIn):
    lines = [(10, "a"), (-4, "b"), (10, "a"), (7, "c")]
    take(csv_of(lines[:3]), by=keeper)
    take(csv_of(lines), by=keeper)
    assert count(BankLine) == 4
    assert take(csv_of(lines[1:3], 10, DAY + timedelta(days=1)), by=keeper) == []
    changed = csv_of([(10, "a"), (-4, "b"), (11, "a"), (6, "c")])
    assert refused(changed, "csv-umum", keeper) == "statement-changed"


def test_equal_payments_of_a_day_are_payments_each(keeper: SignedIn):
    """Even the balance comes back to what it was: only the count tells them apart."""
    lines = [(100, "x"), (-100, "y"), (100, "x"), (-100, "y")]
    take(day_csv(lines), by=keeper)
    assert count(BankLine) == 4
    take(day_csv([*lines, (100, "x")]), by=keeper)
    assert count(BankLine) == 5


def test_a_csv_that_leaves_days_out_is_refused(keeper: SignedIn):
    take(csv_of([(10, "a")]), by=keeper)
    later = csv_of([(5, "c")], 20, DAY + timedelta(days=5))
    assert refused(later, "csv-umum", keeper) == "statement-gap"


def test_a_file_of_another_account_is_refused(keeper: SignedIn):
    content = mt940_of([(5, "a")]).replace(b"0012345678901", b"0099999999999")
    assert refused(content, "mt940", keeper) == "other-account"


def test_only_registered_accounts_and_ones_own_file(keeper: SignedIn):
    with pytest.raises(AccountNotRegistered):
        take(csv_of([(5, "a")]), by=keeper, account="pribadi")
    command = TakeStatements(
        account="rkud", profile="csv-umum", file_id=uuid7(), file_name="", region=REGENCY
    )
    with pytest.raises(NotFound), transaction():
        take_statements(command, [], by=keeper)


def test_who_only_looks_takes_nothing_in(keeper: SignedIn):
    with pytest.raises(Forbidden):
        take(csv_of([(5, "a")]), by=actor_for(Role.KABID))


def test_two_statements_in_one_file_are_taken_or_refused_together(keeper: SignedIn):
    first, second = mt940_of([(5, "a")], 0, "1/1"), mt940_of([(6, "b")], 5, "2/1")
    broken = mt940_of([(6, "b")], 6, "2/1")
    assert refused(first + b"\n" + broken, "mt940", keeper) == "statement-gap"
    assert count(BankLine) == 0
    assert len(take(first + b"\n" + second, by=keeper, profile="mt940")) == 2
