"""The other numbers of an animal: ear tag, RFID, old card. Its QR tag changes by a mutation."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.animals.models import Animal, AnimalState, EndReason, Identifier, IdentifierKind
from sijinak.animals.naming import TAKEN, end, give, revive, spelt
from sijinak.animals.queries import animal_to_change, identifier_of, identifiers_of
from sijinak.animals.services import NotPresent
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

LINKED = (IdentifierKind.EARTAG, IdentifierKind.RFID, IdentifierKind.OLD_CARD)
ONE_EACH = frozenset({IdentifierKind.EARTAG, IdentifierKind.RFID})  # of old cards there are more
REASONS = (EndReason.LOST, EndReason.BROKEN, EndReason.STOLEN, EndReason.MISTAKE)


class TagByRetagging(Invalid):
    """A QR tag is replaced as a whole, never linked or ended alone."""

    code = "tag-by-retagging"


class NumberMissing(Invalid):
    code = "number-missing"


class WearsOneAlready(Conflict):
    """Facts: ``number``. It ends first, with a reason."""

    code = "wears-one-already"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNumber:
    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    kind: IdentifierKind
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNumber:
    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    identifier_id: UUID
    reason: EndReason


def link_number(command: LinkNumber, *, by: Actor) -> Identifier:
    """Raises NotFound, NotPresent, the errors above, and those of ``naming``."""
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    number = _number_of(command)
    known = identifier_of(command.kind, number)
    if not is_new:
        return known or db.session.get_one(Identifier, command.id)
    if animal.state is not AnimalState.PRESENT:
        raise NotPresent(state=animal.state)
    _check_worn(animal, command.kind)
    linked = _again(known, animal, by=by) if known else give(animal, command.kind, number, by=by)
    _note("animal.number-linked", animal, linked, by=by)
    return linked


def end_number(command: EndNumber, *, by: Actor) -> Identifier:
    """The number stays findable for ever. Raises NotFound, TagByRetagging."""
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    ended = db.session.get(Identifier, command.identifier_id, populate_existing=True)
    if ended is None or ended.animal_id != animal.id:
        raise NotFound(identifier_id=str(command.identifier_id))
    if ended.kind is IdentifierKind.TAG:
        raise TagByRetagging
    if is_new and ended.ended_at is None:
        end(ended, command.reason, by=by, region=animal.village)
        _note("animal.number-ended", animal, ended, by=by, reason=command.reason)
    return ended


def _number_of(command: LinkNumber) -> str:
    if command.kind not in LINKED:
        raise TagByRetagging
    if not command.number.strip():
        raise NumberMissing
    return spelt(command.kind, command.number)


def _check_worn(animal: Animal, kind: IdentifierKind) -> None:
    worn = [one for one in identifiers_of(animal.id) if one.kind is kind and not one.ended_at]
    if worn and kind in ONE_EACH:
        raise WearsOneAlready(number=worn[0].value)


def _again(known: Identifier, animal: Animal, *, by: Actor) -> Identifier:
    """A number that fell off is found again; one that was given by mistake goes where it belongs.

    Raises the error of TAKEN.
    """
    db.session.refresh(known, with_for_update=True)  # somebody else may have taken it meanwhile
    mistaken = known.end_reason is EndReason.MISTAKE
    if known.ended_at is None or (known.animal_id != animal.id and not mistaken):
        raise TAKEN[known.kind](tag=known.value)
    known.animal_id = animal.id
    revive(known, by=by, region=animal.village)
    return known


def _note(name: str, animal: Animal, number: Identifier, *, by: Actor, **facts: object) -> None:
    events.record(
        name, animal, by=by, region=animal.village, kind=number.kind, number=number.value, **facts
    )
