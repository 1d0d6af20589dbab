"""What a sheet says of a herd: as it is now, and how that differs from what was written down."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import and_, select

from sijinak.accounts.models import User
from sijinak.animals.changing import plain
from sijinak.animals.models import Animal, AnimalState, Identifier, IdentifierKind, Verification
from sijinak.animals.queries import eartags_of
from sijinak.core.clock import local
from sijinak.core.db import db

KEPT = (
    "species", "breed", "sex", "birth_date", "birth_precision", "teeth", "calvings", "colour",
    "horns", "ears", "whorls", "brand", "special_marks", "village",
)  # fmt: skip
# That somebody saw it once more makes no written line untrue.
SEEING = frozenset({"seen_on", "seen_by"})
_TAG = and_(
    Identifier.animal_id == Animal.id,
    Identifier.kind == IdentifierKind.TAG,
    Identifier.ended_at.is_(None),
)


class Line(Protocol):
    """A line of a sheet, or one that could become one."""

    @property
    def animal_id(self) -> UUID: ...
    @property
    def basis(self) -> Verification: ...
    @property
    def tag(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    animal_id: UUID
    basis: Verification
    tag: str
    facts: Mapping[str, Any]


class Change(StrEnum):
    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """``names`` are the facts that differ, with ``tag`` and ``basis`` among them."""

    change: Change
    tag: str
    names: tuple[str, ...] = ()


def herd_of(keeper_id: UUID) -> list[Listed]:
    """Every present animal that the keeper owns, wherever it is kept; of a species together."""
    return herds_of([keeper_id])[keeper_id]


def herds_of(keeper_ids: Collection[UUID]) -> dict[UUID, list[Listed]]:
    columns = [getattr(Animal, name) for name in KEPT]
    rows = db.session.execute(
        select(
            Animal.keeper_id,
            Animal.id,
            Animal.verification,
            Identifier.value.label("tag"),
            *columns,
        )
        .add_columns(Animal.seen_at, User.name.label("seen_by"))
        .outerjoin(Identifier, _TAG)
        .outerjoin(User, User.id == Animal.seen_by)
        .where(Animal.keeper_id.in_(keeper_ids), Animal.state == AnimalState.PRESENT)
        .order_by(Animal.id)
    ).all()
    eartags = eartags_of([row.id for row in rows])
    herds: dict[UUID, list[Listed]] = {keeper_id: [] for keeper_id in keeper_ids}
    for row in rows:
        facts = _facts(row, eartags.get(row.id))
        herds[row.keeper_id].append(Listed(row.id, row.verification, row.tag or "", facts))
    for herd in herds.values():
        herd.sort(key=lambda listed: (listed.facts["species"], listed.animal_id))
    return herds


def hold_herd(keeper_id: UUID) -> None:
    """Until the end nobody sells or changes an animal of this owner."""
    held = select(Animal.id).where(
        Animal.keeper_id == keeper_id, Animal.state == AnimalState.PRESENT
    )
    db.session.execute(held.order_by(Animal.id).with_for_update(key_share=True)).all()


def differences(before: Iterable[Line], after: Iterable[Line]) -> list[Difference]:
    was = {line.animal_id: line for line in before}
    now = {line.animal_id: line for line in after}
    found = [Difference(Change.GONE, line.tag) for key, line in was.items() if key not in now]
    for animal_id, line in now.items():
        if animal_id not in was:
            found.append(Difference(Change.NEW, line.tag))
        elif names := _differing(was[animal_id], line):
            found.append(Difference(Change.CHANGED, line.tag, names))
    return found


def _differing(one: Line, other: Line) -> tuple[str, ...]:
    said = [{**line.facts, "tag": line.tag, "basis": line.basis} for line in (one, other)]
    names = sorted((said[0].keys() | said[1].keys()) - SEEING)
    return tuple(name for name in names if said[0].get(name) != said[1].get(name))


def _facts(row: Any, eartag: str | None) -> dict[str, Any]:
    """What is known, as JSON has it; what nobody knows is left out."""
    seen_on = local(row.seen_at).date() if row.seen_at else None
    facts = {name: getattr(row, name) for name in KEPT}
    facts |= {"eartag": eartag, "seen_on": seen_on, "seen_by": row.seen_by}
    return {name: plain(value) for name, value in facts.items() if value not in (None, "")}
