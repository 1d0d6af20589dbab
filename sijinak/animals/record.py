"""Questions about one animal: what is known of it, on whose word, and what it is found by."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from sijinak.accounts.models import User
from sijinak.animals.models import (
    Animal,
    Identifier,
    IdentifierKind,
    Observation,
    ObservationKind,
    Weighing,
)
from sijinak.animals.naming import NotAnRfid, spelt
from sijinak.animals.queries import RECORD, standing_animal_id
from sijinak.animals.services import MARKS
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.core.db import db, read
from sijinak.core.permissions import Actor, Permission, require, within_reach


def record_by_tag(code: str) -> Any | None:
    """The row of RECORD behind a code, whoever asks: the caller decides what to show."""
    rows = read(RECORD, {"tag": code})
    return rows[0] if rows else None


def animals_named(text: str, *, by: Actor) -> list[UUID]:
    """The animals in reach that the code or number names, or named once."""
    require(by, Permission.ANIMAL_READ)
    spellings = spellings_of(text)
    if not spellings:
        return []
    either = or_(
        *(and_(Identifier.kind == kind, Identifier.value == value) for kind, value in spellings)
    )
    found = db.session.scalars(select(Identifier.animal_id).where(either))
    standing = {standing_animal_id(animal_id) for animal_id in found}
    reached = within_reach(by, Permission.ANIMAL_READ, Animal.village, Animal.keeper_id)
    return list(db.session.scalars(select(Animal.id).where(Animal.id.in_(standing), reached)))


def weighings_of(animal_ids: Collection[UUID]) -> list[Weighing]:
    """Newest first."""
    asked = select(Weighing).where(Weighing.animal_id.in_(animal_ids))
    return list(db.session.scalars(asked.order_by(Weighing.weighed_at.desc(), Weighing.id.desc())))


def numbers_of(animal_ids: Collection[UUID]) -> list[Identifier]:
    """Those that name it now before those that did once."""
    asked = select(Identifier).where(Identifier.animal_id.in_(animal_ids))
    found = db.session.scalars(asked.order_by(Identifier.kind, Identifier.given_at.desc()))
    return sorted(found, key=lambda number: number.ended_at is not None)


def officer_names(ids: Collection[UUID]) -> dict[UUID, str]:
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def evidence_of(observations: Sequence[Observation]) -> dict[str, Observation]:
    """The last observation that set each column, or confirmed it; they come oldest first."""
    found: dict[str, Observation] = {}
    for observation in observations:
        found.update(dict.fromkeys(observation.after, observation))
        if observation.kind is ObservationKind.SEEN:
            found.update(dict.fromkeys(MARKS, observation))
    return found


def spellings_of(text: str) -> list[tuple[IdentifierKind, str]]:
    """What the text may be, as each kind of number is kept."""
    if not text.strip():
        return []
    kinds = [IdentifierKind.EARTAG, IdentifierKind.OLD_CARD]
    found = [(kind, spelt(kind, text)) for kind in kinds]
    with suppress(NotAnRfid):
        found.append((IdentifierKind.RFID, spelt(IdentifierKind.RFID, text)))
    with suppress(NotATagCode):
        found.append((IdentifierKind.TAG, parse_tag_code(text)))
    return found
