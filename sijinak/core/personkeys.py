"""A key for each person whose words stand in the log, as digests that need it.

Destroying the key is how a person is forgotten where nothing may be changed: the digests stay, and
nobody can tell any more what they are of.
"""

import os
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, select, update
from sqlalchemy.orm import Mapped

from sijinak.core import bulk
from sijinak.core.clock import now
from sijinak.core.crypto import Mac, Sealed, keyring
from sijinak.core.db import db
from sijinak.core.model import Model

SALT = 16
Keys = Mapping[UUID, Mac | None]


class PersonKey(Model):
    """The id is the person's. A trigger lets the key go, and never come back."""

    __tablename__ = "person_keys"

    key_sealed: Mapped[bytes | None]
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]

    key = Sealed()


def keys_of(people: Collection[UUID]) -> dict[UUID, Mac | None]:
    """None for a key that was destroyed; people who never had one are not in the answer."""
    if not people:
        return {}
    found = db.session.connection().execute(_known(), {"people": list(people)})
    return {row.id: _opened(row.id, row.key_sealed) for row in found}


def made_keys_of(people: Collection[UUID]) -> dict[UUID, Mac | None]:
    """The same; who has none gets one in the open transaction."""
    known = keys_of(people)
    missing = [one for one in people if one not in known]
    if missing:
        _make(missing)
        known |= keys_of(missing)
    return known


def salt_of(keys: Keys, person: UUID | None, place: str) -> bytes | None:
    """16 bytes for one value of one row; None when the person's key was destroyed.

    What belongs to nobody is salted with a key of the office, which lies outside the database.
    """
    if person is None:
        return keyring.lookup("log", place)[:SALT]
    key = keys.get(person)
    return None if key is None else key.digest(place.encode())[:SALT]


def destroy(person: UUID) -> None:
    """For good: a key that was never made is made, so that none can be made later."""
    made_keys_of([person])
    gone = update(PersonKey).where(PersonKey.id == person, PersonKey.destroyed_at.is_(None))
    db.session.execute(gone.values(key_sealed=None, destroyed_at=now()))


def _make(people: Collection[UUID]) -> None:
    rows = [PersonKey(id=one, key=os.urandom(32).hex(), made_at=now()) for one in people]
    columns: dict[str, list[Any]] = {
        "id": [row.id for row in rows],
        "key_sealed": [row.key_sealed for row in rows],
        "made_at": [row.made_at for row in rows],
        "destroyed_at": [None for _ in rows],
    }
    bulk.insert_new(PersonKey, columns)


def _opened(person: UUID, sealed: bytes | None) -> Mac | None:
    if sealed is None:
        return None
    opened = keyring.open(sealed, f"{PersonKey.__tablename__}:key:{person}")
    return Mac(bytes.fromhex(opened))


@cache
def _known() -> Select[Any]:
    people: BindParameter[Any] = bindparam("people", expanding=True)
    table = PersonKey.__table__.c
    return select(table.id, table.key_sealed).where(table.id.in_(people)).order_by(table.id)
