"""Mutations as they are typed into forms."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.animals.changing import plain
from sijinak.animals.models import EndReason, Origin, Precision, Sex, Species, Use, Verification
from sijinak.animals.mutations.commands import (
    CorrectAnimal,
    RecordBirth,
    RecordMutation,
    RetagAnimal,
)
from sijinak.animals.mutations.models import AGREED_KINDS, MutationKind
from sijinak.animals.mutations.retagging import WHYS
from sijinak.animals.schemas import AnimalByCode, RegisterAnimalSchema
from sijinak.animals.services import RegisterAnimal
from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.core.ids import uuid7
from sijinak.web.fields import (
    A_DAY,
    A_NUMBER,
    CHOOSE,
    REQUIRED,
    TOO_LONG,
    Sentences,
    TagCodeField,
)
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

DETAILS = ("cause", "disposal", "place", "purpose", "police_no")
NEEDED: dict[MutationKind, tuple[str, ...]] = {
    MutationKind.DEATH: ("cause",),
    MutationKind.SLAUGHTER: ("place",),
    MutationKind.THEFT: ("police_no",),
    MutationKind.MOVE: ("to_village",),
}
A_PRICE = N_("Write the price in whole rupiah, such as 12.500.000.")
MOST_RUPIAH = 10**12


def _text(most: int = 200, *, needed: bool = False) -> fields.String:
    size = validate.Length(max=most, error=TOO_LONG)
    if needed:
        return fields.String(required=True, validate=size, error_messages=REQUIRED)
    return fields.String(load_default="", validate=size)


def _chosen(kind: Any, *, needed: bool = True, among: Any = None) -> fields.Enum[Any]:
    more: dict[str, Any] = {"required": True} if needed else {"load_default": None}
    one_of = validate.OneOf(list(among), error=str(CHOOSE["invalid"])) if among else None
    return fields.Enum(kind, by_value=True, validate=one_of, error_messages=CHOOSE, **more)


def _day() -> fields.Date:
    return fields.Date(required=True, error_messages=A_DAY)


def _number(most: int, sentence: str) -> fields.Integer:
    size = validate.Range(0, most, error=sentence)
    return fields.Integer(load_default=None, validate=size, error_messages=A_NUMBER)


class RecordSchema(InputSchema[RecordMutation]):
    """What comes over the animal of the address; each kind asks for its own."""

    id = fields.UUID(required=True)
    happened_on = _day()
    reason = _text(500)
    to_village = fields.String(load_default=None, validate=KNOWN_VILLAGE)
    to_hamlet = _text(80)
    cause = _text()
    disposal = _text()
    place = _text()
    purpose = _text()
    police_no = _text(60)

    def __init__(self, kind: MutationKind, animal_id: UUID) -> None:
        super().__init__()
        self._about: dict[str, Any] = {"kind": kind, "animal_ids": (animal_id,)}
        for name in NEEDED.get(kind, ()):
            self.fields[name].required = True
            self.fields[name].error_messages = {**self.fields[name].error_messages, **REQUIRED}

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> RecordMutation:
        details = {name: told for name in DETAILS if (told := data.pop(name))}
        return RecordMutation(**data, **self._about, details=details)


class RetagSchema(InputSchema[RetagAnimal]):
    id = fields.UUID(required=True)
    why = _chosen(EndReason, among=WHYS)
    code = TagCodeField(load_default="")
    shown = _text(20)

    def __init__(self, animal_id: UUID) -> None:
        super().__init__()
        self._animal_id = animal_id

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> RetagAnimal:
        return RetagAnimal(animal_id=self._animal_id, **data)


class CorrectSchema(InputSchema[CorrectAnimal]):
    """Every field comes filled in with what is known; an emptied one means that nobody knows."""

    id = fields.UUID(required=True)
    reason = _text(500, needed=True)
    seen = _text(40)
    species = _chosen(Species)
    sex = _chosen(Sex)
    breed = _text(80)
    birth_date = fields.Date(load_default=None, error_messages=A_DAY)
    birth_precision = _chosen(Precision, needed=False)
    teeth = _number(4, N_("Poel is counted in pairs, 0 to 4."))
    calvings = _number(20, N_("Calvings are 0 to 20."))
    is_pregnant = fields.Boolean(load_default=None)
    colour = _text(80)
    horns = _text(80)
    ears = _text(80)
    whorls = _text(80)
    brand = _text(80)
    special_marks = _text(300)
    hamlet = _text(80)
    origin = _chosen(Origin, needed=False)
    use = _chosen(Use, needed=False)
    dam_id = AnimalByCode(data_key="dam", load_default=None)
    sire_id = AnimalByCode(data_key="sire", load_default=None)

    def __init__(self, animal_id: UUID) -> None:
        super().__init__()
        self._animal_id = animal_id

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> CorrectAnimal:
        told = {name: data.pop(name) for name in ("id", "reason", "seen")}
        values = {name: plain(value) for name, value in data.items()}
        return CorrectAnimal(animal_id=self._animal_id, values=values, **told)


class BirthSchema(InputSchema[RecordBirth]):
    id = fields.UUID(required=True)
    calf_id = fields.UUID(required=True)
    happened_on = _day()
    sex = _chosen(Sex)
    verification = _chosen(Verification)
    sire_id = AnimalByCode(data_key="sire", load_default=None)
    breed = _text(80)
    colour = _text(80)
    horns = _text(80)
    ears = _text(80)
    whorls = _text(80)
    special_marks = _text(300)
    tag = TagCodeField(load_default="")
    is_certain = fields.Boolean(load_default=False)

    def __init__(self, dam_id: UUID) -> None:
        super().__init__()
        self._dam_id = dam_id

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> RecordBirth:
        return RecordBirth(dam_id=self._dam_id, **data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """The animal, and the paper it came with. ``id`` is the mutation's."""

    animal: RegisterAnimal
    mutation_id: UUID
    happened_on: date
    seller: str
    came_from: str
    paper_no: str


class PurchaseSchema(RegisterAnimalSchema):
    mutation_id = fields.UUID(required=True)
    happened_on = _day()
    seller = _text(120, needed=True)
    came_from = _text(120, needed=True)
    paper_no = _text(60)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        own = ("mutation_id", "happened_on", "seller", "came_from", "paper_no")
        told = {name: data.pop(name) for name in own}
        return Bought(animal=RegisterAnimal(**data), **told)


class _Price(fields.Integer):
    """Whole rupiah, with the points and the Rp that people write."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        digits = re.sub(r"^Rp|[\s.]", "", str(value).strip())
        return super()._deserialize(re.sub(r",(00|-)?$", "", digits), *args, **kwargs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    id: UUID
    kind: MutationKind
    animal_ids: tuple[UUID, ...]
    receiver: str
    happened_on: date
    price: int | None
    reason: str
    moves: bool


A_PRICE_NUMBER: Sentences = {"invalid": A_PRICE}


class ProposeSchema(InputSchema[Proposed]):
    makes = Proposed

    id = fields.UUID(required=True)
    kind = _chosen(MutationKind, among=AGREED_KINDS)
    animals = fields.List(fields.UUID(), load_default=[])
    receiver = _text(40)
    happened_on = _day()
    price = _Price(
        load_default=None,
        validate=validate.Range(0, MOST_RUPIAH, error=A_PRICE),
        error_messages=A_PRICE_NUMBER,
    )
    reason = _text(500)
    moves = fields.Boolean(load_default=False)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Proposed:
        return Proposed(animal_ids=tuple(dict.fromkeys(data.pop("animals"))), **data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a step of a transfer says: which animals are accepted, and why the others are not."""

    id: UUID
    accepted: frozenset[UUID]
    because: str
    note: str
    digits: str
    step: str


class StepSchema(InputSchema[Said]):
    id = fields.UUID(load_default=uuid7)
    accepted = fields.List(fields.UUID(), load_default=[])
    because = _text(300)
    note = _text(300)
    digits = _text(20)
    step = _text(20)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Said:
        return Said(accepted=frozenset(data.pop("accepted")), **data)
