"""Rows about animals that are known: changed one by one, as a person would change them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.changing import Circumstances, alive, change_animal
from sijinak.animals.imports.queries import Number, wearers
from sijinak.animals.imports.rows import COLUMN_OF, KIND_OF, READERS
from sijinak.animals.imports.writing import NUMBERED, TEXTS, Owners
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    ImportBatch,
    ObservationKind,
    Precision,
    Verification,
)
from sijinak.animals.naming import give, give_tag, revive
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, may

if TYPE_CHECKING:
    from sijinak.animals.imports.taking import Line, Outcome

FIELD_OF = {column: field for field, column in COLUMN_OF.items()}


def change_known(
    batch: ImportBatch, lines: "Sequence[Line]", outcome: "Outcome", *, by: Actor
) -> int:
    """Only while it is the same owner's, and present. The answer is how many were changed."""
    animals = _held(lines)
    taken = wearers({n for line in lines for n in _numbers(line.values).values()})
    changed = 0
    for line in lines:
        animal = animals[line.animal_id]
        numbers = _numbers(line.values)
        others = [column for column, number in numbers.items() if number in taken]
        if str(animal.keeper_id) != line.values["keeper"] or _is_gone(animal, by):
            outcome.put_aside(line.row, "", "list-animal-changed")
        elif others:
            field = READERS[others[0]][0]
            outcome.put_aside(line.row, others[0], f"{field}-taken", tag=line.values[others[0]])
        else:
            _change(batch, animal, line.values, by)
            changed += 1
    return changed


def register_again(
    batch: ImportBatch, lines: "Sequence[Line]", owners: Owners, outcome: "Outcome", *, by: Actor
) -> int:
    """A registration that was withdrawn is taken up anew, as this list tells it.

    The record stays the one that its numbers have always led to; its history says all of it.
    """
    animals = _held(lines)
    done = 0
    for line in lines:
        animal, values = animals[line.animal_id], line.values
        if animal.state is not AnimalState.WITHDRAWN:
            outcome.put_aside(line.row, "", "list-animal-changed")
            continue
        seen = Circumstances(
            kind=ObservationKind.REGISTERED,
            basis=Verification(values["verification"]),
            village=values["village"],
            cause_id=batch.id,
        )
        change_animal(animal, _registered(batch, values, owners, by), seen, by=by)
        _name_again(batch, animal, values, by)
        done += 1
    return done


def _held(lines: "Sequence[Line]") -> dict[UUID | None, Animal]:
    ids = [line.animal_id for line in lines if line.animal_id]
    asked = select(Animal).where(Animal.id.in_(ids)).order_by(Animal.id)
    held = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {animal.id: animal for animal in db.session.scalars(held)}


def _is_gone(animal: Animal, by: Actor) -> bool:
    reached = may(by, Permission.ANIMAL_IMPORT, region=animal.village)
    return animal.state is not AnimalState.PRESENT or not reached


def _numbers(values: Mapping[str, Any]) -> dict[str, Number]:
    return {column: (kind, values[column]) for column, kind in KIND_OF.items() if column in values}


def _change(batch: ImportBatch, animal: Animal, said: Mapping[str, Any], by: Actor) -> None:
    fields = {FIELD_OF[name]: value for name, value in said.items() if name in FIELD_OF}
    values = alive({name: value for name, value in fields.items() if name in Animal.__table__.c})
    if "birth_date" in values:
        values["birth_precision"] = Precision.EXACT
    is_seen = values.get("verification") is Verification.SEEN
    if is_seen:
        values |= {"seen_at": batch.imported_at, "seen_by": by.id}
    seen = Circumstances(
        kind=ObservationKind.UPDATED,
        basis=Verification.SEEN if is_seen else Verification.DECLARED,
        village=animal.village,
        cause_id=batch.id,
    )
    change_animal(animal, values, seen, by=by)
    for column, (kind, value) in _numbers(said).items():
        new = give_tag(animal, value, by=by) if column == "kode_tag" else give(
            animal, kind, value, by=by
        )  # fmt: skip
        new.given_at = batch.imported_at  # by which undoing finds it


def _registered(
    batch: ImportBatch, said: Mapping[str, Any], owners: Owners, by: Actor
) -> dict[str, Any]:
    is_seen = said["verification"] == Verification.SEEN
    kept = ("village", "species", "sex", "birth_date", "verification")
    return {
        **alive({name: said.get(name) for name in kept}),
        **{name: said.get(name, "") for name in TEXTS},
        "teeth": said.get("teeth"),
        "birth_precision": Precision.EXACT if said.get("birth_date") else None,
        "keeper_id": owners.id_of(said["nik"]),
        "raiser_id": None,
        "seen_at": batch.imported_at if is_seen else None,
        "seen_by": by.id if is_seen else None,
        "registered_at": batch.imported_at,
        "registered_by": by.id,
        "batch_id": batch.id,
        "state": AnimalState.PRESENT,
        "state_at": None,
    }


def _name_again(batch: ImportBatch, animal: Animal, said: Mapping[str, Any], by: Actor) -> None:
    """What the row names is worn again; an animal that came without a tag gets its last one."""
    owned = list(db.session.scalars(select(Identifier).where(Identifier.animal_id == animal.id)))
    wanted = {(kind, said[name]) for name, kind in NUMBERED if said.get(name)}
    last = [
        i.value for i in sorted(owned, key=lambda i: i.given_at) if i.kind is IdentifierKind.TAG
    ]
    tag = said.get("tag") or (last[-1] if last else "")
    for identifier in owned:
        named = (identifier.kind, identifier.value) in {*wanted, (IdentifierKind.TAG, tag)}
        if named and identifier.end_reason is EndReason.WITHDRAWN:
            revive(identifier, by=by, region=animal.village)
    known = {(identifier.kind, identifier.value) for identifier in owned}
    for kind, value in sorted(wanted - known):
        give(animal, kind, value, by=by).given_at = batch.imported_at
    if (IdentifierKind.TAG, tag) not in known:
        give_tag(animal, tag, by=by).given_at = batch.imported_at
