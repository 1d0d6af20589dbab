"""Checkpoints and proofs: what is handed out holds, and nothing is when the log does not."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.audit.verifying import periksa
from sijinak.core import tlog
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event, events
from sijinak.core.merkle import leaf_hash, verify_consistency, verify_inclusion
from sijinak.core.permissions import OPERATOR
from sijinak.core.signednote import open_note, read_checkpoint, read_proof
from sijinak.core.tlog import LogCheckpoint, LogLeaf
from sijinak.ledger.services import CloseDay, close_day
from sijinak.notices.models import Notice
from sijinak.notices.services import AddAddress, add_address
from sijinak.proofs import jobs
from sijinak.proofs.logkey import logkey
from sijinak.proofs.models import Why
from sijinak.proofs.queries import (
    LogBroken,
    NotCovered,
    all_checkpoints,
    checkpoint_at,
    checkpoint_covering,
    consistency,
    consistency_text,
    first_covering,
    latest_checkpoint,
    proof_of,
    standing_of,
)
from sijinak.proofs.services import make_checkpoint
from sijinak.proofs.watching import watched
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.deposits.models import Deposit
from tests.databases import SERVER
from tests.factories import actor_for
from tests.ledger.raw import superuser
from tests.retribution.factories import cash_for, do, make_skrd
from tests.treasury.cash.factories import took, treasurer
from tests.treasury.deposits.factories import prepare

pytestmark = pytest.mark.usefixtures("context")


def checkpoint(why: str = Why.DEMAND) -> LogCheckpoint:
    with transaction():
        return make_checkpoint(why, by=OPERATOR)


def a_receipt() -> Receipt:
    return do(receive_cash, cash_for(make_skrd()), by=treasurer())


def alarms() -> int:
    db.session.expire_all()
    asked = select(func.count()).select_from(Event).where(Event.name == "log.mismatch")
    return db.session.scalar(asked) or 0


def deliver() -> None:
    while events.deliver_next():
        pass


def test_a_proof_holds_without_us():
    receipt = a_receipt()
    made = checkpoint()
    proof = read_proof(proof_of(Receipt, receipt.id))
    signed = read_checkpoint(open_note(proof.note, [logkey.signer.vkey]))
    assert (signed.size, signed.origin) == (made.size, "127.0.0.1:8000/log")
    assert proof.leaf is not None
    assert receipt.number in proof.leaf.decode()
    assert receipt.payer_name not in proof.leaf.decode()
    verify_inclusion(proof.index, signed.size, leaf_hash(proof.leaf), list(proof.path), signed.root)


def test_before_a_checkpoint_there_is_no_proof_and_of_nothing_there_is_none():
    receipt = a_receipt()
    with pytest.raises(NotCovered):  # it waits to be merged
        proof_of(Receipt, receipt.id)
    jobs.merge()
    assert standing_of(Receipt, receipt.id)[1:] == (None, True)
    with pytest.raises(NotCovered):
        proof_of(Receipt, receipt.id)
    with pytest.raises(NotFound):
        proof_of(Receipt, OPERATOR.id)
    made = checkpoint()
    assert standing_of(Receipt, receipt.id).covered == made


def test_nothing_new_is_no_new_checkpoint():
    a_receipt()
    first = checkpoint()
    assert checkpoint() == first
    jobs.merge()  # its own line in the trail is in the tree now
    assert checkpoint() == first
    a_receipt()
    second = checkpoint()
    assert second.size > first.size
    assert latest_checkpoint() == second
    assert checkpoint_covering(first.size - 1) == first
    assert checkpoint_covering(first.size) == second
    assert checkpoint_covering(second.size) is None
    assert checkpoint_at(first.made_at) == first


def test_any_two_checkpoints_are_consistent():
    made = []
    for _ in range(4):
        a_receipt()
        made.append(checkpoint())
    assert all_checkpoints() == made
    for i, old in enumerate(made):
        for new in made[i:]:
            path = consistency(old.size, new.size)
            verify_consistency(old.size, new.size, old.root, new.root, path)
    for sizes in ((made[1].size, made[0].size), (made[0].size, 10**9), (0, made[0].size)):
        with pytest.raises(NotFound):
            consistency(*sizes)


def checked(*arguments: str | Path) -> int:
    """The answer of the checker that shares no code with us."""
    asked = [sys.executable, "-I", periksa.__file__, *map(str, arguments)]
    return subprocess.run(asked, capture_output=True, check=False).returncode


def test_the_checker_for_others_agrees(tmp_path: Path):
    receipt, key = a_receipt(), ("--kunci", logkey.signer.vkey)
    old = checkpoint()
    a_receipt()
    new = checkpoint()
    proof, way = tmp_path / "a.tlog-proof", tmp_path / "way"
    notes = [tmp_path / f"{one.size}.note" for one in (old, new)]
    for file, one in zip(notes, (old, new), strict=True):
        file.write_text(one.note)
    proof.write_text(proof_of(Receipt, receipt.id))
    way.write_text(consistency_text(old.size, new.size))
    assert checked("bukti", proof, *key) == 0
    assert checked("selaras", *notes, way, *key) == 0
    proof.write_text(proof.read_text().replace("index ", "index 1"))
    way.write_text("".join(way.read_text().splitlines(keepends=True)[:-1]))
    assert checked("bukti", proof, *key) == 1
    assert checked("selaras", *notes, way, *key) == 1


def test_an_sts_is_covered_soon_and_the_same_checkpoint_stays_on_it():
    person = treasurer()
    took(person, 100)
    deposit = prepare(person)
    assert first_covering(Deposit, deposit.id) is None
    deliver()
    covered = first_covering(Deposit, deposit.id)
    assert covered is not None
    assert covered.why == Why.DEPOSIT
    took(person, 200)
    checkpoint()
    assert first_covering(Deposit, deposit.id) == covered


def test_a_closed_day_is_told_once_to_who_keeps_checkpoints():
    a_receipt()
    with transaction():
        add_address(AddAddress(who="BPKAD", email="bpkad@sumbawa.example"), by=OPERATOR)
        close_day(CloseDay(day=today(), region=""), by=OPERATOR)
    deliver()
    notice = db.session.scalars(select(Notice)).one()
    made = latest_checkpoint()
    assert made is not None
    assert made.why == Why.BOOKS_CLOSED
    assert notice.attachments == {f"catatan-{made.size}.note": made.note}
    assert f"{made.size}\n" in notice.body
    a_receipt()
    closed = db.session.scalars(select(Event).where(Event.name == "books.closed")).one()
    jobs.close_day(closed)  # told twice
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_a_day_without_anything_has_one_checkpoint():
    jobs.make_daily()
    jobs.make_daily()
    assert len(all_checkpoints()) == 1
    a_receipt()
    with clock.reading(now().replace(year=now().year + 1)):
        jobs.make_daily()
    assert [one.why for one in all_checkpoints()] == [Why.DAILY, Why.DAILY]


def test_who_may_not_makes_none():
    with transaction(), pytest.raises(Forbidden):
        make_checkpoint(Why.DEMAND, by=actor_for(Role.VET))
    with transaction():
        assert make_checkpoint(Why.DEMAND, by=actor_for(Role.AUDITOR))


def break_leaf(connection: Any, leaf: LogLeaf) -> None:
    _set(connection, "UPDATE log_leaves SET body = body || ' ' WHERE position = {p}", leaf)


def break_hash(connection: Any, leaf: LogLeaf) -> None:
    _set(connection, "UPDATE log_leaves SET hash = {zeros} WHERE position = {p}", leaf)


def break_nodes(connection: Any, leaf: LogLeaf) -> None:
    _set(connection, "UPDATE log_nodes SET hash = {zeros}", leaf)


def break_root(connection: Any, leaf: LogLeaf) -> None:
    _set(connection, "UPDATE log_checkpoints SET root = {zeros}", leaf)


def break_note(connection: Any, leaf: LogLeaf) -> None:
    _set(connection, "UPDATE log_checkpoints SET note = replace(note, '/log', '/lag')", leaf)


def break_key(connection: Any, leaf: LogLeaf) -> None:
    peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    _set(connection, f"UPDATE log_checkpoints SET key = '{peter}'", leaf)


def cut_tail(connection: Any, leaf: LogLeaf) -> None:
    _set(connection, "UPDATE log_head SET size = size - 1", leaf)


def _set(connection: Any, sql: str, leaf: LogLeaf) -> None:
    """What stands in the way of the application does not stop who owns the tables."""
    if SERVER:
        connection.execute("SET session_replication_role = replica")
    else:
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'log_%'"
        for (name,) in connection.execute(asked).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    zeros = "decode(repeat('00', 32), 'hex')" if SERVER else "zeroblob(32)"
    connection.execute(sql.format(p=leaf.position, zeros=zeros))


def with_harm(harm: Any, receipt: Receipt) -> None:
    leaf = tlog.leaf_of(Receipt, receipt.id)
    assert leaf is not None
    with superuser() as connection:
        harm(connection, leaf)
    with transaction():  # what was read before is forgotten
        db.session.expire_all()


@pytest.mark.parametrize(
    "harm", [break_leaf, break_hash, break_nodes, break_root, break_note, break_key, cut_tail]
)
def test_a_broken_log_proves_nothing_and_rings_once(harm: Any):
    receipt = a_receipt()
    checkpoint()
    with_harm(harm, receipt)
    for _ in range(2):
        with pytest.raises(LogBroken), watched():
            proof_of(Receipt, receipt.id)
    assert alarms() == 1


@pytest.mark.parametrize("harm", [break_nodes, break_root, break_note, break_key])
def test_nothing_is_signed_that_contradicts_what_was_signed(harm: Any):
    receipt = a_receipt()
    old = checkpoint()
    with_harm(harm, receipt)
    a_receipt()
    with pytest.raises(LogBroken), watched(), transaction():
        make_checkpoint(Why.DAILY, by=OPERATOR)
    assert [one.size for one in all_checkpoints()] == [old.size]
    assert alarms() == 1
