"""The log: what is written leaves a leaf, and the tree keeps it."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

import sijinak
from sijinak.accounts.models import Role, User
from sijinak.audit.verifying.openings import openings
from sijinak.core import tlog
from sijinak.core.db import Clash, db, transaction
from sijinak.core.events import WORDS, Event, events
from sijinak.core.merkle import leaf_hash, root_at
from sijinak.core.noting import noting
from sijinak.core.personkeys import PersonKey, destroy, keys_of, salt_of
from sijinak.core.telling import canonical, digest_of, place_of, tell
from sijinak.core.tlog import LogLeaf, LogWaiting
from sijinak.ledger.models import Journal
from sijinak.logged import LOGGED
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.services import AskVoid, ask_void
from tests.core.test_merkle import naive_root
from tests.factories import actor_for
from tests.retribution.factories import make_keeper, make_skrd
from tests.retribution.receipts.ways import WHY, ask, paid_in_cash, void


def merged() -> list[LogLeaf]:
    while True:
        with transaction():
            if not tlog.merge(most=7):  # many small steps
                break
    return list(db.session.scalars(select(LogLeaf).order_by(LogLeaf.position)))


def told_of(kind: str) -> list[dict[str, object]]:
    leaves = (leaf for leaf in merged() if leaf.kind == kind)
    return [json.loads(leaf.body.partition("|1|")[2]) for leaf in leaves]


def test_every_row_that_counts_is_told_as_it_is(context: Flask):
    receipt = paid_in_cash(make_skrd())
    void(receipt)
    for model, logged in LOGGED.items():
        kind = model.__tablename__
        ids = [
            row.id
            for row in db.session.scalars(select(model))
            if logged.takes(str(getattr(row, "name", "")))
        ]
        newest = {row["id"]: row["row"] for row in told_of(kind)}
        now = {str(one.id): json.loads(canonical(one.row)) for one in tell(model, ids)}
        assert newest == now, kind
    assert len(told_of("receipts")) == 2  # the receipt and its void, each once
    assert len(told_of("void_requests")) == 2  # asked, issued


def test_what_was_undone_is_not_told(context: Flask):
    receipt, asker = paid_in_cash(make_skrd()), actor_for(Role.TREASURER)
    before = len(merged())
    with pytest.raises(ZeroDivisionError), transaction():
        ask_void(AskVoid(receipt_id=receipt.id, reason=WHY), by=asker)
        db.session.flush()
        raise ZeroDivisionError
    with transaction(), pytest.raises(ZeroDivisionError), db.session.begin_nested():
        ask_void(AskVoid(receipt_id=receipt.id, reason=WHY), by=asker)
        db.session.flush()
        raise ZeroDivisionError
    assert len(merged()) == before


def test_the_tree_is_that_of_the_rfc(context: Flask):
    for _ in range(3):
        paid_in_cash(make_skrd())
    leaves = merged()
    assert [leaf.position for leaf in leaves] == list(range(len(leaves)))
    assert [leaf.hash for leaf in leaves] == [leaf_hash(leaf.body.encode()) for leaf in leaves]
    for size in range(1, len(leaves) + 1):
        expected = naive_root([leaf.body.encode() for leaf in leaves[:size]])
        assert root_at(size, tlog.node_at) == expected
    assert tlog.head() == (len(leaves), naive_root([leaf.body.encode() for leaf in leaves]))
    with transaction():
        assert tlog.merge() == 0


def test_words_about_people_are_digests_that_their_key_opens(context: Flask):
    keeper = make_keeper("Siti Rahasia")
    receipt = paid_in_cash(make_skrd(keeper=keeper))
    ask(receipt, actor_for(Role.TREASURER))
    everything = "".join(leaf.body for leaf in merged())
    assert "Rahasia" not in everything
    assert "Salah menghitung" not in everything  # why a void was asked for
    (told,) = told_of("receipts")
    place = place_of("receipts", receipt.id, "payer_name")
    with transaction():
        salt = salt_of(keys_of([keeper.id]), keeper.id, place)
        assert salt
        assert told["row"]["payer_name"] == {"sha256": digest_of(salt, "Siti Rahasia")}  # type: ignore[index]
        destroy(keeper.id)
    with transaction():
        assert keys_of([keeper.id]) == {keeper.id: None}
        (now,) = tell(Receipt, [receipt.id])
        assert now.row["payer_name"] == {"sha256": None}


def test_what_people_typed_beside_an_event_is_a_digest_by_whose_key_it_is(context: Flask):
    keeper, officer = make_keeper(), actor_for(Role.TREASURER)
    about = {"keeper_id": str(keeper.id), "number": "P-1"}
    said = {word: f"Rahasia {word}" for word in WORDS}
    with transaction():
        user = db.session.get_one(User, officer.id)
        told = [
            events.record("keeper.revealed", keeper, by=officer, region="", **said),
            events.record("permit.revoke", user, by=officer, region="", **said, **about),
            events.record("delegation.ended", user, by=officer, region="", **said, number="P-1"),
        ]
        ids = [event.id for event in told]
    everything = "".join(leaf.body for leaf in merged())
    assert "Rahasia" not in everything
    assert everything.count('"number":"P-1"') == 2
    opened = {(one["i"], one["column"], one["value"]) for one in openings(tlog.head().size)}
    assert len({one for one in opened if "Rahasia" in str(one[2])}) == 3 * len(WORDS)
    with transaction():
        destroy(keeper.id)
    with transaction():
        forgotten = [one.row["facts"]["note"]["sha256"] is None for one in tell(Event, ids)]
    assert forgotten == [True, True, False]


def test_a_fact_that_people_type_is_called_so():
    """Whatever is written from a free field stands under one of the WORDS. ``why`` are codes."""
    typed = WORDS | {"why", "words", "remark", "seller", "title", "conclusion", "text", "answer"}
    codes = {
        ("services.py", "why", "check"), ("services.py", "why", ""), ("booking.py", "why", ""),
    }  # fmt: skip
    found = {
        (path.name, key, owner)
        for path in Path(sijinak.__file__).parent.rglob("*.py")
        if "events.record" in (source := path.read_text())
        for key, value in _facts_in(ast.parse(source))
        for owner, name in [_origin(value)]
        if name in typed and key not in WORDS
    }
    assert found == codes


def _facts_in(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What is given to who records events, by name or in a dictionary of facts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"record", "tell"} or name.startswith(("record_", "_record")):
                yield from ((one.arg, one.value) for one in node.keywords if one.arg)
        elif (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "facts"
            and not isinstance(node.value, ast.Call)
        ):
            for inner in ast.walk(node.value):
                if isinstance(inner, ast.Dict):
                    pairs = zip(inner.keys, inner.values, strict=True)
                    yield from ((ast.literal_eval(k), v) for k, v in pairs if k is not None)


def _origin(value: ast.expr) -> tuple[str, str]:
    """Of which object's field it is: of ``command.note.strip()`` the command's note."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
    if isinstance(value, ast.Attribute):
        return ast.unparse(value.value), value.attr
    return "", value.id if isinstance(value, ast.Name) else ""


def test_a_destroyed_key_never_comes_back(context: Flask):
    keeper = make_keeper()
    with transaction():
        destroy(keeper.id)
    again = update(PersonKey).where(PersonKey.id == keeper.id)
    for change in ({"key_sealed": b"x"}, {"destroyed_at": None}):
        with pytest.raises((Clash, DBAPIError)), transaction():
            db.session.execute(again.values(**change))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_waiting SET body = 'x'",
        "DELETE FROM log_waiting",
        "UPDATE log_head SET size = size",
        "UPDATE log_head SET size = size - 1",
        "DELETE FROM log_head",
    ],
)
def test_nothing_leaves_the_log(context: Flask, change: str):
    merged()
    paid_in_cash(make_skrd())
    assert db.session.scalar(select(LogWaiting.id).limit(1))
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(change))


def test_statements_past_the_session_note_what_they_write():
    """Whatever is written by a statement of its own is not seen by the flush."""
    names = {model.__name__ for model in LOGGED}
    names |= {logged.lines.model.__name__ for logged in LOGGED.values() if logged.lines}
    found = {
        (path.name, node.func.id, node.args[0].id)
        for path in Path(sijinak.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
        and node.func.id in {"insert", "update", "delete"}
        and isinstance(node.args[0], ast.Name) and node.args[0].id in names
    }  # fmt: skip
    assert found == {
        ("services.py", "insert", "Discrepancy"),  # it calls noting.note_row
        ("looking.py", "update", "AuditFinding"),  # of columns that are not told
    }


def test_the_app_logs_what_the_table_says(context: Flask):
    assert noting.table is LOGGED
    for model, logged in LOGGED.items():
        known = set(model.__table__.columns.keys())
        told = {*logged.hidden, *filter(None, logged.hidden.values()), *logged.left_out}
        told |= {logged.words.column} if logged.words else set()
        assert told | ({logged.claims} if logged.claims else set()) <= known, model
    assert Journal in LOGGED
