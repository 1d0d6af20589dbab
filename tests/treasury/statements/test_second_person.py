"""A file of the bank is one person's word: what only it says is money once another confirms it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.ids import uuid7
from sijinak.core.permissions import WORKER
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.matching.checking import outlook_of
from sijinak.treasury.matching.commands import DecideProposal, ProposeMoney
from sijinak.treasury.matching.differences import look_for_differences
from sijinak.treasury.matching.holding import FileNotConfirmed, FileRejected
from sijinak.treasury.matching.queries import waiting_sums
from sijinak.treasury.matching.services import decide_proposal, propose_money
from sijinak.treasury.statements.deciding import (
    DecideFile,
    EarlierFileWaits,
    FileDecided,
    LaterFileStands,
    OwnFile,
    decide_file,
)
from sijinak.treasury.statements.models import BankFile, BankLine, BankStatement, FileState
from sijinak.treasury.statements.queries import file_known, last_statement
from sijinak.treasury.statements.reading import UnfitStatement
from sijinak.treasury.statements.services import FileKnown
from tests.databases import SERVER
from tests.factories import actor_for
from tests.retribution.factories import fresh, make_skrd, receipts, work
from tests.treasury.matching.factories import (
    bring,
    came,
    decide,
    kabid,
    method_of,
    open_cases,
    register_account,
    treasurer,
)
from tests.treasury.statements.files import DAY, day_csv, mt940_of


@pytest.fixture
def keeper(context: Flask) -> SignedIn:
    register_account()
    return treasurer()


@pytest.fixture
def bill(keeper: SignedIn) -> Skrd:
    return make_skrd(79_500)


def brought(lines: list[tuple[int, str]], by: SignedIn, opening: int = 0) -> BankStatement:
    (statement,) = bring(day_csv(lines, opening), by=by)
    work()
    return statement


def line_of(statement: BankStatement) -> BankLine:
    with transaction():
        asked = select(BankLine).where(BankLine.statement_id == statement.id)
        return db.session.scalars(asked.order_by(BankLine.position)).all()[0]


def file_of(statement: BankStatement) -> BankFile:
    with transaction():
        return db.session.get_one(BankFile, statement.file_id, populate_existing=True)


def test_an_invented_line_makes_no_receipt_until_another_person_confirms(
    bill: Skrd, keeper: SignedIn
):
    statement = brought([(79_500, f"TRF {bill.number}")], keeper)
    with transaction():
        look_for_differences(by=WORKER)
    assert (fresh(bill).state, receipts(), open_cases()) == (SkrdState.OPEN, [], [])
    with transaction():
        assert db.session.scalars(select(Collection)).all() == []
    decide(statement)
    work()
    assert fresh(bill).state is SkrdState.PAID
    assert len(receipts()) == 1


def test_what_is_known_already_is_matched_at_once(keeper: SignedIn):
    money = came(75_000)
    statement = brought([(75_000, money.money_id)], keeper)
    assert method_of(money) is not None
    assert file_of(statement).state is FileState.WAITING


def test_who_brought_it_in_decides_nothing_and_who_only_looks_neither(bill: Skrd, keeper: SignedIn):
    statement = brought([(79_500, bill.number)], keeper)
    for action in ("confirm", "reject"):
        with pytest.raises(OwnFile):
            decide(statement, action, by=keeper)
    with pytest.raises(Forbidden):
        decide(statement, by=actor_for(Role.AUDITOR))
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(update(BankFile).values(state="confirmed", decided_by=keeper.id))
    work()
    assert fresh(bill).state is SkrdState.OPEN


def test_two_people_by_hand_need_the_confirmed_file_too(bill: Skrd, keeper: SignedIn):
    statement = brought([(70_000, "SETORAN")], keeper)
    wanted = ProposeMoney(line_id=line_of(statement).id, bill_id=bill.id, reason="Telepon")
    with transaction():
        proposal = propose_money(wanted, by=keeper)
    approve = DecideProposal(proposal_id=proposal.id, action="approve")
    with pytest.raises(FileNotConfirmed), transaction():
        decide_proposal(approve, by=kabid())
    decide(statement)
    with transaction():
        decide_proposal(approve, by=kabid())
    assert [case.kind for case in open_cases()] == [DiscrepancyKind.SHORT]


def test_the_second_person_is_shown_what_would_become_of_it(bill: Skrd, keeper: SignedIn):
    short = make_skrd(50_000)
    lines = [(79_500, f"TRF {bill.number}"), (49_999, short.number), (1_000, "LAIN")]
    file = file_of(brought(lines, keeper))
    with transaction():
        found = outlook_of(file)
        assert [one.bills[0].id for one in found.coming] == [bill.id]
        assert (found.lines, found.total) == (3, 79_500)
        assert [(one.bill and one.bill.id, one.over) for one in found.odd] == [(short.id, -1)]


def test_twice_confirmed_is_once_and_a_second_verdict_is_refused(bill: Skrd, keeper: SignedIn):
    statement, head = brought([(79_500, bill.number)], keeper), kabid()
    command = DecideFile(file_id=statement.file_id, action="confirm")
    for _ in range(2):
        with transaction():
            decide_file(command, by=head)
        work()
    for action in ("confirm", "reject"):
        with pytest.raises(FileDecided):
            decide(statement, action)
    assert len(receipts()) == 1


@pytest.mark.skipif(not SERVER, reason="SQLite lets one writer in at a time")
def test_of_two_who_decide_at_once_one_is_told(context: Flask, bill: Skrd, keeper: SignedIn):
    statement, people = brought([(79_500, bill.number)], keeper), (kabid(), kabid())
    both = Barrier(2)

    def one(action: str, by: SignedIn) -> str:
        with context.app_context():
            both.wait()
            try:
                decide(statement, action, by=by)
            except FileDecided:
                return "told"
            return "decided"

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(one, ("confirm", "reject"), people)
    assert sorted(answers) == ["decided", "told"]


def test_a_rejected_file_counts_for_nothing_and_another_takes_its_place(
    bill: Skrd, keeper: SignedIn
):
    money = came(75_000)
    first = brought([(5_000, "SALDO")], keeper)
    decide(first)
    forged = brought([(75_000, money.money_id), (79_500, bill.number)], keeper, 5_000)
    assert method_of(money) is not None
    decide(forged, "reject")
    work()
    assert (method_of(money), fresh(bill).state) == (None, SkrdState.OPEN)
    assert balance(chart.bank("rkud")) == 0
    with transaction():
        assert waiting_sums(by=keeper) == (1, 5_000)
        assert (last_statement("rkud") or forged).id == first.id
    head, wanted = kabid(), ProposeMoney(line_id=line_of(forged).id, reason="x")
    with pytest.raises(FileRejected), transaction():
        proposal = propose_money(wanted, by=keeper)
        decide_proposal(DecideProposal(proposal_id=proposal.id, action="approve"), by=head)
    true = brought([(75_000, money.money_id)], keeper, 5_000)
    assert method_of(money) is not None
    assert true.place == forged.place + 1


def test_the_same_file_may_come_again_when_it_was_rejected(bill: Skrd, keeper: SignedIn):
    lines = [(79_500, bill.number)]
    decide(brought(lines, keeper), "reject")
    work()
    decide(brought(lines, keeper))
    work()
    assert fresh(bill).state is SkrdState.PAID


def test_files_are_confirmed_from_the_first_and_rejected_from_the_last(keeper: SignedIn):
    first, second = brought([(5, "a")], keeper), brought([(6, "b")], keeper, 5)
    with pytest.raises(EarlierFileWaits):
        decide(second)
    with pytest.raises(LaterFileStands):
        decide(first, "reject")
    decide(second, "reject")
    decide(first)
    assert file_of(first).state is FileState.CONFIRMED


def test_a_file_is_known_under_every_account(keeper: SignedIn):
    bank_accounts.load("rkud|Bank|0012345678901|kas;lain|Bank|0099999999999|lain")
    content = day_csv([(5, "a")])
    bring(content, by=keeper)
    with pytest.raises(FileKnown) as error:
        bring(content, by=keeper, account="lain")
    assert error.value.file.account == "rkud"


def test_the_database_knows_a_file_once_too(keeper: SignedIn):
    bring(day_csv([(5, "a")]), by=keeper)
    with transaction():
        row = db.session.scalars(select(BankFile)).one()
        told = {column.name: getattr(row, column.name) for column in BankFile.__table__.columns}
        assert file_known(row.sha256) is not None
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(insert(BankFile).values({**told, "id": uuid7()}))


@pytest.mark.parametrize(
    ("named", "fits"),
    [
        ("0012345678901", True), ("0012345678901IDR", True), ("BNTBIDJA/0012345678901", True),
        ("001-2345-678901", True), ("9990012345678901", False), ("12345678901", False),
    ],
)  # fmt: skip
def test_a_file_must_be_of_the_account_it_is_brought_in_for(
    keeper: SignedIn,
    named: str,
    fits: bool,  # noqa: FBT001
):
    content = mt940_of([(5, "a")]).replace(b"0012345678901", named.encode())
    if fits:
        assert bring(content, by=keeper, profile="mt940")
        return
    with pytest.raises(UnfitStatement) as error:
        bring(content, by=keeper, profile="mt940")
    assert error.value.faults[0].code == "other-account"


@pytest.mark.parametrize(
    ("accounts", "fault"),
    [
        (("0012345678901", "0012345678901"), ""),
        (("0099999999999", "0099999999999"), "other-account"),
        (("0012345678901", "0099999999999"), "two-accounts"),
        (("", ""), "no-account"),
    ],
)
def test_a_csv_is_of_the_account_that_its_column_names(
    keeper: SignedIn, accounts: tuple[str, str], fault: str
):
    head = "rekening,tanggal,jam,keterangan,referensi,debet,kredit,saldo"
    rows = [f"{one},{DAY},09:00:00,x,,,5,{5 + 5 * n}" for n, one in enumerate(accounts)]
    content = "\n".join([head, *rows]).encode()
    if not fault:
        assert bring(content, by=keeper, profile="bank-percobaan-csv")
        return
    with pytest.raises(UnfitStatement) as error:
        bring(content, by=keeper, profile="bank-percobaan-csv")
    assert error.value.faults[0].code == fault
