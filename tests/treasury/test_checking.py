"""What somebody wrote past the application is found by the nightly check, and said once."""

import logging
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from sijinak.ledger import jobs
from tests.core.rows import bare, insert_row, untriggered

MATCH, THING = uuid4(), uuid4()
A_MATCH: tuple[str, dict[str, Any]] = ("matches", {"id": MATCH})
PLANTED: list[tuple[list[tuple[str, dict[str, Any]]], str]] = [
    ([A_MATCH, ("match_holds", {"match_id": MATCH})], "of which it is no part"),
    ([A_MATCH, ("match_parts", {"match_id": MATCH})], "does not hold"),
    ([("deposits", {"number": "STS/X", "state": "matched"})], "STS/X is not matched as it says"),
    ([("cash_moves", {"amount": 5})], "promised Rp 5 and holds Rp 0"),
    ([("cash_holders", {"held": 5, "floats": 0})], "holds 5 and 0 of change, booked 0 and 0"),
    ([("wallets", {"balance": 7, "moves": 0})], "7, booked 0, moved 0"),
]


@pytest.mark.parametrize(("rows", "said"), PLANTED)
def test_each_planted_difference_is_said_once(
    context: Flask,
    caplog: pytest.LogCaptureFixture,
    rows: list[tuple[str, dict[str, Any]]],
    said: str,
):
    jobs.check()
    assert caplog.records == []
    with bare(*(table for table, _ in rows)) as connection:
        for table, values in rows:
            with untriggered(connection, table):
                insert_row(connection, table, **values)
        connection.commit()
    with caplog.at_level(logging.ERROR):
        jobs.check()
    (record,) = caplog.records
    assert said in record.getMessage()


def test_a_hold_of_a_match_that_stands_is_no_difference(
    context: Flask, caplog: pytest.LogCaptureFixture
):
    with bare("matches", "match_parts", "match_holds") as connection:
        insert_row(connection, "matches", id=MATCH)
        insert_row(connection, "match_parts", match_id=MATCH, thing_id=THING)
        insert_row(connection, "match_holds", id=THING, match_id=MATCH)
        connection.commit()
    jobs.check()
    assert caplog.records == []
    with bare("matches") as connection:
        insert_row(connection, "matches", kind="unmatch", undoes_id=MATCH)
        connection.commit()
    jobs.check()
    assert len(caplog.records) == 1
