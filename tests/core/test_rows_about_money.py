"""What no service does is refused by the database, whoever writes it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sijinak.core.flow import Flow
from sijinak.core.model import Model
from sijinak.grants import KEPT, SPECIAL
from sijinak.payments.models import ATTEMPT_FLOW, DISCREPANCY_FLOW
from sijinak.payments.refunds.models import REFUND_FLOW
from sijinak.payments.wallet.models import WALLET_FLOW
from sijinak.retribution.models import SKRD_FLOW
from sijinak.retribution.receipts.models import VOID_FLOW
from sijinak.treasury.cash.models import CLOSING_FLOW, FLOAT_FLOW, HANDOVER_FLOW
from sijinak.treasury.deposits.models import DEPOSIT_FLOW
from sijinak.treasury.matching.models import PROPOSAL_FLOW
from sijinak.treasury.statements.models import FILE_FLOW
from sijinak.treasury.tickets.models import BLOCK_FLOW
from tests.core.rows import bare, insert_row, untriggered
from tests.databases import SERVER

pytestmark = pytest.mark.usefixtures("context")

FLOWS: dict[str, Flow[Any]] = {
    "payment_attempts": ATTEMPT_FLOW,
    "refunds": REFUND_FLOW,
    "discrepancies": DISCREPANCY_FLOW,
    "skrd": SKRD_FLOW,
    "void_requests": VOID_FLOW,
    "handovers": HANDOVER_FLOW,
    "change_floats": FLOAT_FLOW,
    "cash_closings": CLOSING_FLOW,
    "ticket_blocks": BLOCK_FLOW,
    "deposits": DEPOSIT_FLOW,
    "bank_files": FILE_FLOW,
    "match_proposals": PROPOSAL_FLOW,
    "wallets": WALLET_FLOW,
}
ONLY_ON_SERVER = pytest.mark.skipif(not SERVER, reason="SQLite does not say who wrote a row")


def passes(connection: Connection, statement: str) -> bool:
    """Whether the statement is let through. It is undone."""
    point = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except SQLAlchemyError as error:
        if "append-only" not in str(error) and "what is over" not in str(error):
            raise
        return False
    finally:
        point.rollback()
    return True


@pytest.mark.parametrize("table", sorted(FLOWS))
def test_a_state_changes_by_the_steps_of_its_flow_only(table: str):
    steps = {(step.source, step.target) for step in FLOWS[table] if step.source != step.target}
    states = Model.metadata.tables[table].c.state.type.enums  # type: ignore[attr-defined]
    taken = set()
    with bare(table) as connection:
        with untriggered(connection, table):
            insert_row(connection, table)
        for source in states:
            with untriggered(connection, table):
                connection.exec_driver_sql(f"UPDATE {table} SET state = '{source}'")
            for target in set(states) - {source}:
                if passes(connection, f"UPDATE {table} SET state = '{target}'"):
                    taken.add((source, target))
    assert taken == steps


# Who, how much and where: these stay, but where a service changes them.
NAMES = {"id", "number", "amount", "region", "holder_id", "giver_id", "requested_by", "total"}
# Their triggers compare: setting the same is no change.
COMPARING = {
    "audit_samples",
    "audit_files",
    "audit_findings",
    "audit_looks",
    "erasures",
    "notice_addresses",
    "privacy_requests",
}
BUT = {
    "handovers": {"number"},
    "refunds": {"number"},  # once, when it is approved
    "cash_moves": {"amount"},
    "ticket_blocks": {"holder_id"},
}


def test_who_and_how_much_stays_and_nothing_is_deleted():
    known = KEPT | {table for table in SPECIAL if not table.startswith("log_")}
    tables = sorted(known - COMPARING)
    with bare(*tables) as connection:
        for table in tables:
            with untriggered(connection, table):
                insert_row(connection, table)
            columns = {column.name for column in Model.metadata.tables[table].columns}
            for column in columns & NAMES - BUT.get(table, set()):
                change = f'UPDATE {table} SET "{column}" = "{column}"'
                assert not passes(connection, change), change
            if table != "match_proposal_holds":
                assert not passes(connection, f"DELETE FROM {table}"), table


def test_what_is_held_goes_when_its_match_was_undone():
    match, thing = uuid4(), uuid4()
    with bare("match_holds", "matches") as connection:
        insert_row(connection, "matches", id=match)
        insert_row(connection, "match_holds", id=thing, match_id=match)
        assert not passes(connection, "DELETE FROM match_holds")
        insert_row(connection, "matches", undoes_id=match)
        assert passes(connection, "DELETE FROM match_holds")


def test_who_approves_ends_what_was_proposed():
    with bare("discrepancies") as connection:
        insert_row(connection, "discrepancies")
        propose = "UPDATE discrepancies SET state = 'proposed', plan = '{}', reason = 'x'"
        connection.exec_driver_sql(propose)
        for change in ("plan = '{}'", "reason = 'y'", "amount = 2", "decree = 'z'"):
            assert not passes(connection, f"UPDATE discrepancies SET {change}"), change
            assert not passes(connection, f"UPDATE discrepancies SET state = 'resolved', {change}")
        approve = "UPDATE discrepancies SET state = 'resolved', approved_by_name = 'x'"
        assert passes(connection, approve)
        assert passes(connection, "UPDATE discrepancies SET state = 'open', plan = '{}'")


def test_the_slip_of_a_deposit_stays():
    with bare("deposits") as connection:
        insert_row(connection, "deposits")
        change = "UPDATE deposits SET slip = 'x', deposited_on = '2026-01-01'"
        assert not passes(connection, change)
        connection.exec_driver_sql(f"{change}, state = 'deposited'")
        assert not passes(connection, "UPDATE deposits SET slip = 'y'")


def test_nothing_begins_in_the_middle():
    with bare("deposits", "skrd") as connection:
        for table, state in (("deposits", "matched"), ("skrd", "paid")):
            point = connection.begin_nested()
            with pytest.raises(SQLAlchemyError, match="append-only"):
                insert_row(connection, table, state=state)
            point.rollback()


@pytest.mark.parametrize("day", ["2999-01-01", "2025-12-31"], ids=["to come", "before"])
def test_a_holders_days_are_closed_in_their_order(day: str):
    with bare("cash_holders") as connection:
        insert_row(connection, "cash_holders", held=0, floats=0)
        connection.exec_driver_sql("UPDATE cash_holders SET closed_on = '2026-01-01'")
        assert not passes(connection, f"UPDATE cash_holders SET closed_on = '{day}'")
        assert passes(connection, "UPDATE cash_holders SET closed_on = '2026-01-02'")


def test_an_attempt_has_no_more_bills_than_its_money():
    attempt = uuid4()
    with bare("payment_attempts", "attempt_bills") as connection:
        insert_row(connection, "payment_attempts", id=attempt, amount=100)
        insert_row(connection, "attempt_bills", attempt_id=attempt, amount=100, position=1)
        with pytest.raises(SQLAlchemyError, match="append-only"):
            insert_row(connection, "attempt_bills", attempt_id=attempt, amount=1, position=2)


# What belongs to what: the key, and the row beside which it is written.
PARTS = [
    ("bank_lines", "statement_id", "bank_statements"),
    ("match_parts", "match_id", "matches"),
    ("match_holds", "match_id", "matches"),
    ("allocations", "receipt_id", "receipts"),
    ("skrd_lines", "skrd_id", None),
    ("deposit_lines", "deposit_id", None),
    ("match_proposal_parts", "proposal_id", None),
]


@ONLY_ON_SERVER
@pytest.mark.parametrize(("table", "key", "whole"), PARTS)
def test_no_part_is_added_later(app: Flask, table: str, key: str, whole: str | None):
    tables = [table] if whole is None else [table, whole]
    with bare(*tables) as connection:
        _begin(connection, one := uuid4(), table, key, whole)
        point = connection.begin_nested()
        _begin(connection, two := uuid4(), table, key, whole)
        point.commit()
        for nth, same in enumerate((one, two)):
            _part(connection, table, nth + 2, **{key: same})
        connection.commit()
        for nth, same in enumerate((one, two)):
            with pytest.raises(SQLAlchemyError, match="append-only"):
                _part(connection, table, nth + 4, **{key: same})
            connection.rollback()


def _begin(connection: Connection, one: UUID, table: str, key: str, whole: str | None) -> None:
    if whole is None:
        _part(connection, table, 1, **{key: one})
        return
    with untriggered(connection, whole):
        insert_row(connection, whole, id=one, **_different(whole))


def _part(connection: Connection, table: str, nth: int, **given: Any) -> None:
    known = Model.metadata.tables[table].columns
    different = {"position": nth, "key": str(uuid4())}
    insert_row(connection, table, **{k: v for k, v in different.items() if k in known}, **given)


def _different(table: str) -> dict[str, Any]:
    known = Model.metadata.tables[table].columns
    some: dict[str, Any] = {"number": str(uuid4()), "no": uuid4().int % 10**9}
    some["place"] = uuid4().int % 10**9
    return {k: v for k, v in some.items() if k in known}
