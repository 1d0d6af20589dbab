"""Leaves that make a row look told: beside the tree, or a second time with a word nobody knows."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, select

from sijinak.accounts.models import Role
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.services import RaiseByHand, raise_by_hand
from sijinak.audit.verifying.faults import Code
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.merkle import leaf_hash
from sijinak.core.permissions import OPERATOR
from sijinak.core.telling import leaf_text
from sijinak.notices.services import AddAddress, add_address
from sijinak.retribution.receipts.models import Receipt
from tests.audit.verifying.labs import Lab
from tests.audit.verifying.rewriting import LEAVES, TABLES, append_leaf, regrow
from tests.audit.verifying.tamperings import TAMPERINGS, change, new_receipt, remove
from tests.audit.verifying.worlds import merged
from tests.databases import Databases
from tests.factories import make_user

NOBODY_KNOWS = {"forged": {"sha256": None}}


@pytest.fixture
def lab(databases: Databases, tmp_path: Path) -> Iterator[Lab]:
    with Lab.opened(databases, tmp_path) as lab:
        yield lab


def test_a_leaf_before_the_first_place_vouches_for_nothing(lab: Lab):
    lab.restore()
    with lab.as_owner() as connection:
        row = new_receipt(connection, Random(1))  # noqa: S311 - no secret
        connection.execute(insert(TABLES["receipts"]).values(**row))
    body = leaf_text("receipts", row["id"], now(), lab.told("receipts", row["id"]))
    with lab.as_owner() as connection:
        connection.execute(
            insert(LEAVES).values(
                id=uuid7(), position=-5, kind="receipts", subject_id=row["id"], written_at=now(),
                body=body, hash=leaf_hash(body.encode()),
            )
        )  # fmt: skip
    faults = lab.look().faults
    assert (Code.LEAF_MISLABELLED, row["id"]) in {(one.code, one.id) for one in faults}


def test_an_event_told_anew_is_found_whatever_word_it_hides(lab: Lab):
    lab.restore()
    events = TABLES["events"]
    with lab.as_owner() as connection:
        asked = select(events).join(LEAVES, LEAVES.c.subject_id == events.c.id)
        row = connection.execute(asked.order_by(events.c.id)).mappings().first()
        assert row is not None
        change(connection, "events", row["id"], facts={**row["facts"], **NOBODY_KNOWS})
    told, at = lab.told("events", row["id"]), now()
    with lab.as_owner() as connection:
        append_leaf(connection, "events", row["id"], leaf_text("events", row["id"], at, told), at)
        regrow(connection)
    faults = lab.look().faults
    assert [(one.code, one.id) for one in faults] == [(Code.ROW_TOLD_TWICE, row["id"])]


def test_an_erasure_that_no_two_officers_did_forgives_nothing(lab: Lab):
    """Its event and row have leaves: that is said, and every emptied field is named, too."""
    for seed in range(4):
        lab.restore()
        wrong = TAMPERINGS["pretend_an_erasure"](lab, Random(seed))  # noqa: S311 - no secret
        found = {(one.code, one.id) for one in lab.look().faults}
        (person,) = {one for code, one in found if code is Code.ERASURE_UNPROVEN}
        assert person in wrong.ids
        paid = set(db.session.scalars(select(Receipt.id).where(Receipt.keeper_id == person)))
        assert paid <= {one for code, one in found if code is Code.ROW_DIFFERS} <= wrong.ids


def test_who_keeps_a_copy_is_not_sent_away_in_silence(lab: Lab):
    lab.restore()
    with transaction():
        address = add_address(AddAddress(who="BPKAD", email="bpkad@dinas.example"), by=OPERATOR).id
    merged()
    assert lab.look().is_clean
    with lab.as_owner() as connection:
        change(connection, "notice_addresses", address, email_lookup=b"another")
    assert [(one.code, one.id) for one in lab.look().faults] == [(Code.ROW_DIFFERS, address)]
    with lab.as_owner() as connection:
        remove(connection, "notice_addresses", id=address)
    assert [(one.code, one.id) for one in lab.look().faults] == [(Code.ROW_MISSING, address)]


def test_who_must_not_close_a_finding_stands_in_the_log(lab: Lab):
    lab.restore()
    receipt = db.session.scalars(select(Receipt.id).order_by(Receipt.id)).first()
    assert receipt is not None
    auditor = make_user(Role.AUDITOR)
    wish = RaiseByHand(
        subject_type="receipts", subject_id=receipt, title="Dibatalkan dua kali",
        severity=Severity.HIGH, people=(auditor.id,),
    )  # fmt: skip
    with transaction():
        finding = raise_by_hand(wish, by=OPERATOR).id
    merged()
    assert lab.look().is_clean
    with lab.as_owner() as connection:
        remove(connection, "audit_finding_people", finding_id=finding)
    assert [(one.code, one.id) for one in lab.look().faults] == [(Code.ROW_DIFFERS, finding)]
