"""What somebody does who holds the database with all rights, and perhaps the key of the log."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from sijinak.audit.verifying.faults import Fault
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.events import WORDS
from sijinak.core.ids import uuid7
from sijinak.core.noting import Words, noting
from sijinak.core.telling import leaf_text
from sijinak.core.tlog import NODES
from sijinak.keepers.forgetting import emptied_of
from sijinak.logged import whose_event
from tests.audit.verifying.labs import Lab
from tests.audit.verifying.rewriting import (
    CHECKPOINTS,
    LEAVES,
    TABLES,
    append_leaf,
    close_gaps,
    cut_leaves,
    leaves,
    positions_of,
    regrow,
    retell,
    sign_anew,
)
from tests.audit.verifying.worlds import merged, pay_cash
from tests.databases import SERVER

Row = Any


@dataclass(frozen=True)
class Bad:
    """The record that must be named: by its id, or by a place in the log."""

    ids: frozenset[UUID] = frozenset()
    position: int | None = None

    def is_named_by(self, fault: Fault) -> bool:
        if fault.id is not None and fault.id in self.ids:
            return True
        if self.position is None or fault.position is None:
            return False
        return fault.position <= self.position < (fault.until or fault.position + 1)


def bad(*ids: UUID, position: int | None = None) -> Bad:
    return Bad(frozenset(ids), position)


Tampering = Callable[[Lab, Random], Bad]
TAMPERINGS: dict[str, Tampering] = {}
# The log says nothing of these but to those who kept something outside.
ONLY_OUTSIDE = set[str]()


def tampering(act: Tampering) -> Tampering:
    TAMPERINGS[act.__name__] = act
    return act


def only_outside(act: Tampering) -> Tampering:
    ONLY_OUTSIDE.add(act.__name__)
    return tampering(act)


def rows_of(connection: Connection, table: str) -> list[Row]:
    found = TABLES[table]
    return list(connection.execute(select(found).order_by(found.c.id)).mappings())


def pick(connection: Connection, table: str, chance: Random) -> Row:
    return chance.choice(rows_of(connection, table))


def change(connection: Connection, table: str, row_id: UUID, **columns: Any) -> None:
    found = TABLES[table]
    connection.execute(update(found).where(found.c.id == row_id).values(**columns))


def remove(connection: Connection, table: str, **where: Any) -> None:
    found = TABLES[table]
    conditions = [found.c[name] == value for name, value in where.items()]
    connection.execute(delete(found).where(*conditions))


def edits(table: str, **changes: Callable[[Any, Random], Any]) -> None:
    """One kind of tampering: some columns of one row."""

    def edit(lab: Lab, chance: Random) -> Bad:
        with lab.as_owner() as connection:
            row = pick(connection, table, chance)
            made = {name: new(row[name], chance) for name, new in changes.items()}
            change(connection, table, row["id"], **made)
        return bad(row["id"])

    edit.__name__ = f"edit_{table}"
    tampering(edit)


def more(amount: int, chance: Random) -> int:
    return amount + chance.randrange(1, 50) * 500


def other(text: Any, chance: Random) -> str:
    return f"{text} {chance.randrange(100)}"


def another_day(day: Any, chance: Random) -> Any:
    return day + timedelta(days=chance.choice((-40, -3, 3)))


def another_hash(_digest: bytes, chance: Random) -> bytes:
    return chance.randbytes(32)


edits("receipts", amount=more)
edits("journals", effective_on=another_day)
edits("collections", amount=more)
edits("skrd", total=more)
edits("tariffs", amount=more)
edits("appointments", decree=other, valid_from=another_day)
edits("events", actor_name=other)
edits("quota_entries", note=other)
edits("permits", vehicle_plate=other)
edits("signed_papers", sha256=another_hash)
edits("matches", reason=other)
edits("bank_statements", closing=more)
TAMPERINGS.pop("edit_events")


@tampering
def edit_logged_event(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        told = [leaf["subject_id"] for leaf in leaves(connection) if leaf["kind"] == "events"]
        one = chance.choice(told)
        change(connection, "events", one, actor_name="Orang lain", facts={"size": 1})
    return bad(one)


@tampering
def edit_payer_name(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "receipts", chance)
        change(connection, "receipts", row["id"], payer_name="Orang lain")
    return bad(row["id"])


@tampering
def edit_both_postings(lab: Lab, chance: Random) -> Bad:
    """The journal is still zero."""
    with lab.as_owner() as connection:
        journal = pick(connection, "journals", chance)
        for line in rows_of(connection, "postings"):
            if line["journal_id"] == journal["id"]:
                change(connection, "postings", line["id"], amount=line["amount"] * 2)
    return bad(journal["id"])


@tampering
def edit_allocation(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "allocations", chance)
        change(connection, "allocations", row["id"], amount=row["amount"] - 500)
    return bad(row["receipt_id"])


@tampering
def edit_part_of_match(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "match_parts", chance)
        change(connection, "match_parts", row["id"], amount=row["amount"] + 500)
    return bad(row["match_id"])


@tampering
def edit_line_of_bank(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "bank_lines", chance)
        change(connection, "bank_lines", row["id"], remark="SETORAN LAIN")
    return bad(row["statement_id"])


@tampering
def delete_receipt(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "receipts", chance)
        remove(connection, "allocations", receipt_id=row["id"])
        remove(connection, "receipts", id=row["id"])
    return bad(row["id"])


@tampering
def delete_journal(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "journals", chance)
        remove(connection, "postings", journal_id=row["id"])
        remove(connection, "journals", id=row["id"])
        remove(connection, "journal_sums", id=row["id"])
    return bad(row["id"])


@tampering
def delete_posting(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "postings", chance)
        remove(connection, "postings", id=row["id"])
    return bad(row["journal_id"])


@tampering
def delete_any_row(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        leaf = chance.choice(leaves(connection))
        remove(connection, leaf["kind"], id=leaf["subject_id"])
    return bad(leaf["subject_id"])


@tampering
def swap_receipts(lab: Lab, chance: Random) -> Bad:
    """Two receipts change their payers and days."""
    with lab.as_owner() as connection:
        receipts = rows_of(connection, "receipts")
        one = chance.choice(receipts)
        two = chance.choice([row for row in receipts if row["keeper_id"] != one["keeper_id"]])
        for row, with_ in ((one, two), (two, one)):
            told = {name: with_[name] for name in ("keeper_id", "payer_name", "issued_at")}
            change(connection, "receipts", row["id"], **told)
    return bad(one["id"], two["id"])


@tampering
def swap_days(lab: Lab, chance: Random) -> Bad:
    """What was earned on one day was earned on another."""
    with lab.as_owner() as connection:
        journals = rows_of(connection, "journals")
        days = sorted({row["effective_on"] for row in journals})
        one, two = chance.sample(days, 2)
        turned = {one: two, two: one}
        for row in journals:
            if row["effective_on"] in turned:
                day = turned[row["effective_on"]]
                change(connection, "journals", row["id"], effective_on=day)
                lines = TABLES["postings"]
                moved = update(lines).where(lines.c.journal_id == row["id"])
                connection.execute(moved.values(effective_on=day))
    return bad(*(row["id"] for row in journals if row["effective_on"] in turned))


@tampering
def renumber_receipts(lab: Lab, chance: Random) -> Bad:
    """One goes, and those behind it move up: no gap is seen."""
    with lab.as_owner() as connection:
        receipts = sorted(rows_of(connection, "receipts"), key=lambda row: row["no"])
        place = chance.randrange(len(receipts))
        gone = receipts[place]
        remove(connection, "allocations", receipt_id=gone["id"])
        remove(connection, "receipts", id=gone["id"])
        numbers = [(row["no"], row["number"]) for row in receipts[place:]]
        for row, (no, number) in zip(receipts[place + 1 :], numbers, strict=False):
            change(connection, "receipts", row["id"], no=no, number=number)
        counters = TABLES["number_series"]
        connection.execute(
            update(counters)
            .where(counters.c.series.like("TBP/%"))
            .values(last_no=len(receipts) - 1)
        )
    return bad(*(row["id"] for row in receipts[place:]))


def new_receipt(connection: Connection, chance: Random) -> dict[str, Any]:
    """Of days ago, for a bill that was paid, with the next number."""
    last = max(rows_of(connection, "receipts"), key=lambda row: row["no"])
    no = last["no"] + 1
    issued_at = now() - timedelta(days=2, minutes=chance.randrange(60))
    return {**last, "id": uuid7(), "no": no, "number": f"TBP/X/{no:07}-X", "round": 9} | {
        "issued_at": issued_at, "kind": "receipt", "voids_id": None, "asked_by": None,
        "voided_from": None,
    }  # fmt: skip


@tampering
def insert_back_dated(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = new_receipt(connection, chance)
        connection.execute(insert(TABLES["receipts"]).values(**row))
    return bad(row["id"])


def told_back_dated(lab: Lab, chance: Random, *, back: bool) -> Bad:
    """With a leaf that the tree takes in: of now, or as old as the row says it is."""
    with lab.as_owner() as connection:
        row = new_receipt(connection, chance)
        connection.execute(insert(TABLES["receipts"]).values(**row))
    at = row["issued_at"] if back else now()
    told = lab.told("receipts", row["id"])
    with lab.as_owner() as connection:
        body = leaf_text("receipts", row["id"], at, told)
        append_leaf(connection, "receipts", row["id"], body, at)
        regrow(connection)
    return bad(row["id"])


@tampering
def insert_back_dated_with_leaf(lab: Lab, chance: Random) -> Bad:
    return told_back_dated(lab, chance, back=False)


@tampering
def insert_back_dated_with_back_dated_leaf(lab: Lab, chance: Random) -> Bad:
    return told_back_dated(lab, chance, back=True)


@tampering
def insert_back_dated_and_move_the_checkpoints(lab: Lab, chance: Random) -> Bad:
    """No note says when it was signed; only the row beside it does."""
    wrong = told_back_dated(lab, chance, back=True)
    with lab.as_owner() as connection:
        signed = rows_of(connection, "log_checkpoints")
        for one in signed:
            moved = update(CHECKPOINTS).where(CHECKPOINTS.c.id == one["id"])
            connection.execute(moved.values(made_at=one["made_at"] - timedelta(days=30)))
    return bad(*wrong.ids, *(one["id"] for one in signed))


MADE_UP = {"role": "treasurer", "decree": "SK 9/2026"}


@tampering
def insert_appointment(lab: Lab, chance: Random) -> Bad:
    """Somebody makes himself a treasurer for a while."""
    with lab.as_owner() as connection:
        row = {
            **pick(connection, "appointments", chance),
            "id": uuid7(),
            "role": "treasurer",
            "decree": "SK 9",
        }
        connection.execute(insert(TABLES["appointments"]).values(**row))
    return bad(row["id"])


@tampering
def insert_row_before_every_other(lab: Lab, chance: Random) -> Bad:
    """Its id is the first that there can be: who reads on from an id must not begin behind it."""
    with lab.as_owner() as connection:
        row = {
            **pick(connection, "appointments", chance),
            "id": UUID(int=0),
            "role": "treasurer",
            "decree": "SK 9",
        }
        connection.execute(insert(TABLES["appointments"]).values(**row))
    return bad(row["id"])


REWRITTEN: dict[str, Callable[[Row], dict[str, Any]]] = {
    "appointments": lambda row: {"decree": f"{row['decree']}/BARU"},
    "skrd": lambda row: {"total": row["total"] + 500},
    "tariffs": lambda row: {"amount": row["amount"] + 500},
}


@tampering
def rewrite_and_tell_it(lab: Lab, chance: Random) -> Bad:
    """Everything agrees: the log has a leaf of today that says what the row says now."""
    table = chance.choice(sorted(REWRITTEN))
    with lab.as_owner() as connection:
        row = pick(connection, table, chance)
        change(connection, table, row["id"], **REWRITTEN[table](row))
    at = now()
    body = leaf_text(table, row["id"], at, lab.told(table, row["id"]))
    with lab.as_owner() as connection:
        append_leaf(connection, table, row["id"], body, at)
        regrow(connection)
    return bad(row["id"])


@tampering
def replace_receipt(lab: Lab, chance: Random) -> Bad:
    """Deleted and inserted again, as INSERT OR REPLACE does it."""
    with lab.as_owner() as connection:
        row = dict(pick(connection, "receipts", chance))
        remove(connection, "receipts", id=row["id"])
        row["amount"] += 500
        connection.execute(insert(TABLES["receipts"]).values(**row))
    return bad(row["id"])


def within_anchors(lab: Lab) -> int:
    return lab.world.kept[-1].size


def rewritten(lab: Lab, chance: Random) -> tuple[UUID, int]:
    """Cash that somebody kept came by QRIS, says the row, says the leaf, and the tree is new."""
    with lab.as_owner() as connection:
        told = [one for one in leaves(connection) if one["kind"] == "receipts"]
        leaf = chance.choice([one for one in told if one["position"] < within_anchors(lab)])
        receipt, position = leaf["subject_id"], leaf["position"]

        def other_channel(body: str) -> str:
            head, bar, text = body.partition("|1|")
            said = json.loads(text)
            said["row"]["channel"] = "qris"
            change(connection, "receipts", receipt, channel="qris")
            text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            return f"{head}{bar}{text}"

        retell(connection, position, other_channel)
        regrow(connection)
    return receipt, position


@tampering
def rewrite_row_and_log(lab: Lab, chance: Random) -> Bad:
    receipt, position = rewritten(lab, chance)
    return bad(receipt, position=position)


@only_outside
def rewrite_everything_with_stolen_key(lab: Lab, chance: Random) -> Bad:
    receipt, position = rewritten(lab, chance)
    with lab.as_owner() as connection:
        sign_anew(connection)
    return bad(receipt, position=position)


def forgotten(lab: Lab, chance: Random, *, leaf_too: bool) -> Bad:
    """An appointment never was: row, leaf, nodes, head, and every signature are made anew."""
    with lab.as_owner() as connection:
        known = {one["id"] for one in rows_of(connection, "appointments")}
        told = [one for one in leaves(connection) if one["subject_id"] in known]
        leaf = chance.choice([one for one in told if one["position"] < within_anchors(lab)])
        remove(connection, "appointments", id=leaf["subject_id"])
        if leaf_too:
            for position in positions_of(connection, leaf["kind"], leaf["subject_id"]):
                remove(connection, "log_leaves", position=position)
            close_gaps(connection)
            regrow(connection)
            sign_anew(connection)
    return bad(leaf["subject_id"], position=leaf["position"])


@only_outside
def forget_row_and_leaf_with_stolen_key(lab: Lab, chance: Random) -> Bad:
    return forgotten(lab, chance, leaf_too=True)


def cut(lab: Lab, chance: Random, *, rows: bool, log: bool, checkpoints: bool) -> Bad:
    """What was written last never was."""
    with lab.as_owner() as connection:
        every = leaves(connection)
        size = chance.randrange(lab.world.kept[0].size, within_anchors(lab) - 1)
        gone = every[size:]
        stays = {one["subject_id"] for one in every[:size]}
        if rows:
            for leaf in gone:
                if leaf["subject_id"] not in stays:
                    remove(connection, leaf["kind"], id=leaf["subject_id"])
                    forget_lines(connection, leaf["kind"], leaf["subject_id"])
        if log:
            cut_leaves(connection, size)
            regrow(connection)
        if checkpoints:
            connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.size > size))
    return bad(*(one["subject_id"] for one in gone), position=size)


PARTS = {"journals": ("postings", "journal_id"), "receipts": ("allocations", "receipt_id")}


def forget_lines(connection: Connection, kind: str, one: UUID) -> None:
    if kind in PARTS:
        table, key = PARTS[kind]
        remove(connection, table, **{key: one})


@tampering
def cut_rows_only(lab: Lab, chance: Random) -> Bad:
    return cut(lab, chance, rows=True, log=False, checkpoints=False)


@tampering
def cut_log_only(lab: Lab, chance: Random) -> Bad:
    return cut(lab, chance, rows=False, log=True, checkpoints=True)


@tampering
def cut_rows_and_log(lab: Lab, chance: Random) -> Bad:
    return cut(lab, chance, rows=True, log=True, checkpoints=False)


@tampering
def cut_everything(lab: Lab, chance: Random) -> Bad:
    return cut(lab, chance, rows=True, log=True, checkpoints=True)


@only_outside
def restore_old_backup(lab: Lab, chance: Random) -> Bad:
    """Hours are lost, and nothing in the database knows of them."""
    lab.restore()
    size = merged()
    lab.keep("before")
    for _ in range(chance.randrange(1, 3)):
        pay_cash(lab.world, chance)
    lab.sign()
    lab.bring_back("before")
    return bad(position=size)


@tampering
def change_hash_of_leaf(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        leaf = chance.choice(leaves(connection))
        change(connection, "log_leaves", leaf["id"], hash=chance.randbytes(32))
    return bad(leaf["subject_id"])


@tampering
def change_body_of_leaf(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        leaf = chance.choice(leaves(connection))
        change(connection, "log_leaves", leaf["id"], body=leaf["body"].replace(":", " :", 1))
    return bad(leaf["subject_id"])


@tampering
def change_time_of_leaf(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        leaf = chance.choice(leaves(connection))
        at = leaf["written_at"] - timedelta(days=3)
        change(connection, "log_leaves", leaf["id"], written_at=at)
    return bad(leaf["subject_id"])


@tampering
def swap_leaves(lab: Lab, chance: Random) -> Bad:
    """Two leaves change places; the tree is grown anew."""
    with lab.as_owner() as connection:
        early = [one for one in leaves(connection) if one["position"] < within_anchors(lab)]
        one, two = chance.sample(early, 2)
        for leaf, place in ((one, 10**9), (two, one["position"]), (one, two["position"])):
            change(connection, "log_leaves", leaf["id"], position=place)
        regrow(connection)
    first = min(one["position"], two["position"])
    return bad(one["subject_id"], two["subject_id"], position=first)


@tampering
def delete_leaf(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        leaf = chance.choice(leaves(connection))
        remove(connection, "log_leaves", id=leaf["id"])
    return bad(leaf["subject_id"], position=leaf["position"])


@tampering
def change_node(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        nodes = TABLES["log_nodes"]
        found = connection.execute(select(nodes).order_by(nodes.c.level, nodes.c.position))
        node = chance.choice(found.mappings().all())
        here = (nodes.c.level == node["level"]) & (nodes.c.position == node["position"])
        connection.execute(update(nodes).where(here).values(hash=chance.randbytes(32)))
    return bad(position=node["position"] << node["level"])


@tampering
def insert_leaf_far_off(lab: Lab, chance: Random) -> Bad:
    """So far that who fills the gap does so for ever."""
    far = 2**62 - chance.randrange(1_000)
    with lab.as_owner() as connection:
        leaf = {**pick(connection, "log_leaves", chance), "id": uuid7(), "position": far}
        connection.execute(insert(LEAVES).values(**leaf))
    return bad(position=far - 1)


@tampering
def insert_node_of_no_level(lab: Lab, chance: Random) -> Bad:
    place, level = chance.randrange(1_000), chance.choice((-1, 0, 63, 500))
    with lab.as_owner() as connection:
        node = {"level": level, "position": place, "hash": chance.randbytes(32)}
        connection.execute(insert(NODES).values(**node))
    return bad(position=place)


@tampering
def change_head(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        head, size = TABLES["log_head"], len(leaves(connection))
        told = {"size": size - 1} if chance.random() < 0.5 else {"root": chance.randbytes(32)}
        connection.execute(update(head).values(**told))
    return bad(position=size - 1)


def waiting(lab: Lab, chance: Random) -> None:
    """Something is written by right, and on its way into the log."""
    merged()
    pay_cash(lab.world, chance)


def pick_newest(connection: Connection, chance: Random) -> Row:
    """What waits and tells how its row is now: an older one is history that nobody has seen."""
    newest = {leaf["subject_id"]: leaf for leaf in rows_of(connection, "log_waiting")}
    return chance.choice(list(newest.values()))


@tampering
def change_waiting_leaf(lab: Lab, chance: Random) -> Bad:
    waiting(lab, chance)
    with lab.as_owner() as connection:
        leaf = pick_newest(connection, chance)
        said = json.loads(leaf["body"].partition("|1|")[2])
        said["row"]["region"] = "52.04.01"
        body = leaf_text(leaf["kind"], leaf["subject_id"], leaf["written_at"], said["row"])
        change(connection, "log_waiting", leaf["id"], body=body)
    if chance.random() < 0.5:
        merged()
    return bad(leaf["subject_id"])


@tampering
def delete_waiting_leaf(lab: Lab, chance: Random) -> Bad:
    waiting(lab, chance)
    with lab.as_owner() as connection:
        leaf = pick_newest(connection, chance)
        remove(connection, "log_waiting", id=leaf["id"])
    return bad(leaf["subject_id"])


@tampering
def delete_checkpoint(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "log_checkpoints", chance)
        remove(connection, "log_checkpoints", id=row["id"])
    return bad(row["id"])


@tampering
def change_checkpoint(lab: Lab, chance: Random) -> Bad:
    with lab.as_owner() as connection:
        row = pick(connection, "log_checkpoints", chance)
        change(connection, "log_checkpoints", row["id"], root=chance.randbytes(32))
    return bad(row["id"])


@tampering
def destroy_key(lab: Lab, chance: Random) -> Bad:
    """Nobody can tell any more what was hidden; it is still there."""
    with lab.as_owner() as connection:
        key = pick(connection, "person_keys", chance)
        change(connection, "person_keys", key["id"], key_sealed=None, destroyed_at=now())
    return bad(key["id"], *lab.about(key["id"]))


@tampering
def destroy_key_and_names(lab: Lab, chance: Random) -> Bad:
    """As an erasure looks that nobody asked for."""
    with lab.as_owner() as connection:
        key = pick(connection, "person_keys", chance)
        change(connection, "person_keys", key["id"], key_sealed=None, destroyed_at=now())
        for name in ("receipts", "skrd"):
            table = TABLES[name]
            of = update(table).where(table.c.keeper_id == key["id"])
            connection.execute(of.values(payer_name=""))
    return bad(key["id"], *lab.about(key["id"]))


@tampering
def pretend_an_erasure(lab: Lab, chance: Random) -> Bad:
    """All that the application may write, and leaves for it: an event, lines, an erasure.

    Nobody did it, one alone did, or one with somebody who never was.
    """
    with lab.as_owner() as connection:
        key = pick(connection, "person_keys", chance)["id"]
        officer = pick(connection, "appointments", chance)["user_id"]
        asked, decided = chance.choice([(officer, officer), (officer, uuid7()), (None, None)])
        if SERVER and asked == decided:
            connection.exec_driver_sql("ALTER TABLE erasures DROP CONSTRAINT ck_erasures_four_eyes")
    emptied = _erased(lab, key, asked, decided)
    return bad(key, *emptied, *lab.about(key))


@tampering
def point_an_erasure_elsewhere(lab: Lab, chance: Random) -> Bad:
    """Two officers erased somebody; one of the fields is another one now."""
    with lab.as_owner() as connection:
        key = pick(connection, "receipts", chance)["keeper_id"]
        officers = [
            one["user_id"] for one in rows_of(connection, "appointments") if one["role"] != "trader"
        ]
    asked, decided = chance.sample(sorted(set(officers)), 2)
    _erased(lab, key, asked, decided)
    with lab.as_owner() as connection:
        line = pick(connection, "erased_values", chance)
        table, column = chance.choice(ELSEWHERE)
        row = pick(connection, table, chance)
        lines = TABLES["erased_values"]
        there = {"kind": table, "field": column, "row_id": row["id"]}
        connection.execute(update(lines).where(lines.c.id == line["id"]).values(there))
        change(connection, table, row["id"], **{column: ""})
    return bad(key, row["id"], line["row_id"])


EVENT_WORDS = Words("facts", WORDS, whose_event)
ELSEWHERE = (
    *(("receipts", "issued_by_name"), ("journals", "actor_name"), ("matches", "made_by_name")),
    ("skrd", "issued_by_name"),
)


def _emptied(connection: Connection, key: UUID) -> list[UUID]:
    """Every hidden word of a person goes, with a line for each field; the rows."""
    emptied = [
        (model.__tablename__, field, one["id"])
        for model, logged in noting.table.items()
        for field in (name for name, owner in logged.hidden.items() if owner)
        for one in rows_of(connection, model.__tablename__)
        if one["keeper_id"] == key and one[field] is not None
    ]
    for name, field, row_id in emptied:
        change(connection, name, row_id, **{field: ""})
    for event in rows_of(connection, "events"):
        if EVENT_WORDS.whose(event) == str(key) and (said := EVENT_WORDS.within(event)):
            gone = {**event["facts"], **dict.fromkeys(said, "")}
            change(connection, "events", event["id"], facts=gone)
            emptied.append(("events", "facts", event["id"]))
    for name, field, row_id in emptied:
        line = {"keeper_id": key, "kind": name, "row_id": row_id, "field": field}
        _add(connection, "erased_values", **line)
    return [row_id for _, _, row_id in emptied]


def _erased(lab: Lab, key: UUID, asked: UUID | None, decided: UUID | None) -> list[UUID]:
    """What an erasure leaves, and its leaves; the rows that it emptied."""
    written, told = list[tuple[str, UUID]](), now()
    with lab.as_owner() as connection:
        change(connection, "person_keys", key, key_sealed=None, destroyed_at=told)
        emptied = _emptied(connection, key)
    with transaction():
        lines = emptied_of(key).lines
    with lab.as_owner() as connection:
        erasure = uuid7()
        if asked is not None:
            erasure = _add(
                connection, "erasures", request_id=uuid7(), keeper_id=key, state="done",
                proposed_at=told, proposed_by=asked, proposed_by_name="A", decided_at=told,
                decided_by=decided, decided_by_name="B", emptied=len(emptied),
            )  # fmt: skip
            written.append(("erasures", erasure))
        event = _add(
            connection, "events", name="privacy.erased", subject_type="erasures",
            subject_id=erasure, region="", actor_id=decided or uuid7(), actor_name="B",
            happened_at=told,
            facts={"emptied": len(emptied), "lines": lines, "keeper_id": str(key)},
        )  # fmt: skip
        written.append(("events", event))
    for table, one in written:
        body = leaf_text(table, one, told, lab.told(table, one))
        with lab.as_owner() as connection:
            append_leaf(connection, table, one, body, told)
            regrow(connection)
    return emptied


def _add(connection: Connection, table: str, **values: Any) -> UUID:
    row_id = uuid7()
    connection.execute(insert(TABLES[table]).values(id=row_id, **values))
    return row_id


@tampering
def swap_keys(lab: Lab, chance: Random) -> Bad:
    """Another key, so that other words may stand there."""
    with lab.as_owner() as connection:
        key = pick(connection, "person_keys", chance)
        remove(connection, "person_keys", id=key["id"])
    return bad(key["id"], *lab.about(key["id"]))
