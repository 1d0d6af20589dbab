"""Columns with the name of somebody who did something, and whose name it is.

Most have an id beside them (``recorded_by`` beside ``recorded_by_name``), so that a new table is
not forgotten. The others are listed here; a test asks for each column that is in neither.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select

from sijinak.accounts.models import User
from sijinak.animals.mutations.models import Mutation
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.model import Id, Model
from sijinak.keepers.models import Keeper
from sijinak.permits.models import Permit
from sijinak.permits.slots.models import SlotBooking

NAME = "_name"
Field = tuple[Table, str, ColumnElement[bool]]
# An id under another name than its column's.
BESIDE = {"animal_photos.by_name": "added_by"}
# Found by the person whose row it is (forgetting.py), or by the name itself (below).
EMPTIED_OTHERWISE = frozenset(
    {"payment_attempts.payer_name", "receipts.payer_name", "skrd.payer_name", "sheets.owner_name"}
    | {"mutations.ended_by_name", "slot_bookings.ended_by_name"}
)
# Of files and accounts of the office, or of officers: whoever held an office stays named.
NOBODY_ERASED = frozenset(
    {"import_batches.file_name", "deposits.account_name", "holidays.removed_by_name"}
    | {"notice_addresses.entered_by_name", "field_devices.revoked_by_name"}
    | {"field_resends.asked_by_name"}
)


def names_of(keeper: Keeper, accounts: Collection[User]) -> set[str]:
    """What the person was called when something was written down; ask before it is emptied."""
    ids = {keeper.id, *(user.id for user in accounts)}
    asked = select(Event.actor_name).where(Event.actor_id.in_(ids)).distinct()
    told = db.session.scalars(asked.order_by(Event.actor_name))
    return {keeper.name, *(user.name for user in accounts), *told} - {""}


def named_by_id(person_id: UUID) -> Iterator[Field]:
    """Wherever the account did something, or the keeper with a link in hand."""
    for table in Model.metadata.sorted_tables:
        for column in table.c:
            if (who := who_of(table, column.name)) is not None:
                yield table, column.name, (who == person_id) & (column != "")


def named_alone(keeper_id: UUID, names: Collection[str]) -> Iterator[Field]:
    """Who ended what the keeper was a side of, by the name alone; first of all the reason."""
    side = or_(Mutation.from_keeper_id == keeper_id, Mutation.to_keeper_id == keeper_id)
    ended = side & Mutation.ended_by_name.in_(names)
    for field in ("ended_because", "ended_by_name"):
        yield Model.metadata.tables["mutations"], field, ended
    permits = select(Permit.id).where(Permit.keeper_id == keeper_id)
    booked = SlotBooking.permit_id.in_(permits) & SlotBooking.ended_by_name.in_(names)
    for field in ("ended_why", "ended_by_name"):
        yield Model.metadata.tables["slot_bookings"], field, booked


def who_of(table: Table, name: str) -> ColumnElement[Any] | None:
    """The column with the id of the person whose name this one has."""
    if not name.endswith(NAME):
        return None
    base = name.removesuffix(NAME)
    beside = BESIDE.get(f"{table.name}.{name}", "")
    found = (table.c.get(one) for one in (base, f"{base}_id", beside))
    return next((c for c in found if c is not None and isinstance(c.type, Id)), None)
