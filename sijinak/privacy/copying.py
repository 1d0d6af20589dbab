"""The copy of all that is kept about a person (UU 27/2022, art. 7), table by table.

Every table that names a keeper is in it, and every table that hangs on one of those: found by the
keys between them, so that a new feature is not forgotten. What is for machines stays out.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, Table, or_, select

from sijinak.animals.models import Observation
from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.model import Id, Model
from sijinak.keepers.models import Keeper
from sijinak.privacy.histories import histories_of, slices
from sijinak.privacy.models import PrivacyRequest
from sijinak.retribution.models import Skrd

# What the search made of the name, secrets that let in, and the register of what was emptied.
LEFT_OUT = frozenset(
    {"keeper_words", "erased_values", "second_factors", "recovery_codes", "passkeys"}
    | {"passkey_challenges", "receipt_links", "arrival_links", "consent_links"}
    | {"vaccination_findings"}  # about officers
    | {"audit_sample_items"}  # auditors alone know what they look at
)
SECRET = frozenset({"password_hash", "name_key"})
# Of these, what hangs on them is of the person, too.
ROOTS = frozenset(
    {"users", "animals", "mutations", "permits", "sheets", "skrd", "receipts", "stock_takes"}
    | {"wallets"}
)
Row = dict[str, Any]


def copy_of(keeper: Keeper) -> dict[str, list[Row]]:
    """The caller has asked for the keeper; tables without a row are left out."""
    found = {table.name: _rows(table, where) for table, where in tables_of(keeper.id)}
    found["observations"] = list(_observations(keeper.id))
    for mutation in found.get("mutations", []):
        if mutation["to_keeper_id"] not in {None, str(keeper.id)}:
            mutation["details"] = _without(mutation["details"], "to_hamlet")
    found["keepers"] = [_row_of(keeper)]
    asked = select(PrivacyRequest).where(PrivacyRequest.keeper_id == keeper.id)
    asked = asked.order_by(PrivacyRequest.id)
    found["privacy_requests"] = [_row_of(one) for one in db.session.scalars(asked)]
    found["events"] = [_row_of(one) for one in db.session.scalars(_events(keeper.id))]
    return {name: rows for name, rows in sorted(found.items()) if rows}


def tables_of(keeper_id: UUID) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Where something stands about the person, and which rows; observations have histories."""
    for table in Model.metadata.sorted_tables:
        if table.name in LEFT_OUT | {Keeper.__tablename__, Observation.__tablename__}:
            continue
        if own := _pointing(table, Keeper.__tablename__):
            yield table, or_(*(column == keeper_id for column in own))
        elif table.name not in ROOTS:
            ties = [
                column.in_(_ids_of(root, keeper_id))
                for root in sorted(ROOTS)
                for column in _pointing(table, root)
            ]
            if ties:
                yield table, or_(*ties)
    yield from _money(keeper_id)


def _money(keeper_id: UUID) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Attempts and money know their bill without a key."""
    tables = Model.metadata.tables
    bills = select(Skrd.id).where(Skrd.keeper_id == keeper_id)
    shares = tables["attempt_bills"]
    attempts = select(shares.c.attempt_id).where(shares.c.bill_id.in_(bills))
    money = tables["collections"]
    came = or_(
        money.c.keeper_id == keeper_id, money.c.attempt_id.in_(attempts), money.c.bill_id.in_(bills)
    )
    yield tables["payment_attempts"], tables["payment_attempts"].c.id.in_(attempts)
    yield money, came
    refunds = tables["refunds"]
    yield refunds, refunds.c.collection_id.in_(select(money.c.id).where(came))


def _observations(keeper_id: UUID) -> Iterator[Row]:
    """Of animals while they were the keeper's, without the hamlets of those before and after."""
    table = Model.metadata.tables[Observation.__tablename__]
    steps = [step for one in histories_of(keeper_id) for step in one.steps]
    held = {str(step.id): step for step in steps if keeper_id in step.held_by}
    for some in slices([step.id for step in held.values()]):
        for row in _rows(table, table.c.id.in_(some)):
            step = held[row["id"]]
            for side, people in (("before", step.before_of), ("after", step.after_of)):
                if keeper_id not in people:
                    row[side] = _without(row[side], "hamlet")
            yield row


def _without(said: dict[str, Any], word: str) -> dict[str, Any]:
    return {**said, word: ""} if word in said else said


def _ids_of(root: str, keeper_id: UUID) -> Select[Any]:
    table = Model.metadata.tables[root]
    own = _pointing(table, Keeper.__tablename__)
    return select(table.c.id).where(or_(*(column == keeper_id for column in own)))


def _pointing(table: Table, target: str) -> list[ColumnElement[Any]]:
    """The columns of a table that are keys of another."""
    return [
        column
        for column in table.c
        for key in column.foreign_keys
        if key.target_fullname == f"{target}.id"
    ]


def _rows(table: Table, where: ColumnElement[bool]) -> list[Row]:
    shown = [column for column in table.c if _is_shown(column)]
    asked = select(*shown).where(where).order_by(table.c.id)
    return [
        {name: _plain(value) for name, value in row.items()}
        for row in db.session.execute(asked).mappings()
    ]


def _is_shown(column: Any) -> bool:
    is_digest = isinstance(column.type, LargeBinary) and not isinstance(column.type, Id)
    return not is_digest and column.name not in SECRET


def _row_of(row: Model) -> Row:
    """One row with what is sealed in it opened."""
    table = row.__table__
    found = {c.name: _plain(getattr(row, c.name)) for c in table.c if _is_shown(c)}
    for column in table.c:
        name = column.name.removesuffix("_sealed")
        if name != column.name:
            found[name] = getattr(row, name)
    return found


def _events(keeper_id: UUID) -> Select[Event]:
    """What was done to the person's data, and what they did themselves."""
    users = Model.metadata.tables["users"]
    own = select(users.c.id).where(users.c.keeper_id == keeper_id)
    asked = select(Event).where(or_(Event.subject_id == keeper_id, Event.actor_id.in_(own)))
    return asked.order_by(Event.happened_at, Event.id)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return local(value).isoformat()
        case date() | UUID():
            return str(value)
        case Enum():
            return value.value
        case _:
            return value
