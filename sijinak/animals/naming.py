"""What names an animal: its identifiers begin and end, and are never given to a second one."""

import re
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal, EndReason, Identifier, IdentifierKind
from sijinak.core.clock import now
from sijinak.core.codes import new_tag_code
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Actor
from sijinak.tagstock.binding import leave_off, put_on

RFID = re.compile(r"\d{15}")
MOST_NATIONAL_ID = 2**38  # ISO 11784: 38 bits beside the country's three digits


class TagTaken(Conflict):
    """Facts: ``tag``. A code names one animal for ever."""

    code = "tag-taken"


class EartagTaken(Conflict):
    code = "eartag-taken"


class RfidTaken(Conflict):
    code = "rfid-taken"


class OldCardTaken(Conflict):
    code = "old-card-taken"


class NotAnRfid(Invalid):
    """ISO 11784: three digits of country or maker, twelve of the animal, below 274,877,906,944."""

    code = "not-an-rfid"


TAKEN: dict[IdentifierKind, type[Conflict]] = {
    IdentifierKind.TAG: TagTaken,
    IdentifierKind.EARTAG: EartagTaken,
    IdentifierKind.RFID: RfidTaken,
    IdentifierKind.OLD_CARD: OldCardTaken,
}


# What becomes of a stock tag whose name ends.
STEPS = {
    EndReason.LOST: "lose",
    EndReason.BROKEN: "break",
    EndReason.STOLEN: "steal",
    EndReason.WITHDRAWN: "take off",
}


def give_tag(animal: Animal, code: str, *, by: Actor) -> Identifier:
    """Our tag: the code that it wears already, or a new one. Raises TagTaken, TagNotUsable."""
    identifier = give(animal, IdentifierKind.TAG, code or new_tag_code(), by=by)
    if code:
        put_on(code, animal.id, animal.village, by=by)
    return identifier


def give(animal: Animal, kind: IdentifierKind, value: str, *, by: Actor) -> Identifier:
    """A number is given once; one of a registration that was withdrawn is free again.

    Raises the error of TAKEN, NotAnRfid.
    """
    value = spelt(kind, value)
    named_so = select(Identifier).where(Identifier.kind == kind, Identifier.value == value)
    held = named_so.with_for_update().execution_options(populate_existing=True)
    identifier = db.session.scalar(held)
    if identifier is None:
        identifier = Identifier(kind=kind, value=value)
        db.session.add(identifier)
    elif identifier.end_reason is not EndReason.WITHDRAWN:
        raise TAKEN[kind](tag=value)
    identifier.animal_id, identifier.given_at, identifier.given_by = animal.id, now(), by.id
    identifier.ended_at = identifier.end_reason = None
    return identifier


def spelt(kind: IdentifierKind, value: str) -> str:
    """The one spelling in which a number is kept and looked up. Raises NotAnRfid."""
    if kind is IdentifierKind.RFID:
        digits = re.sub(r"[ .-]", "", value)
        if not RFID.fullmatch(digits) or int(digits[3:]) >= MOST_NATIONAL_ID:
            raise NotAnRfid
        return digits
    return " ".join(value.upper().split())


def end(
    identifier: Identifier, reason: EndReason, *, by: Actor, region: str, new: UUID | None = None
) -> None:
    """It names the animal no longer; scanned or typed, it still leads to the record."""
    identifier.ended_at, identifier.end_reason = now(), reason
    identifier.replaced_by_id = new
    if identifier.kind is IdentifierKind.TAG:
        leave_off(identifier.value, STEPS.get(reason, "replace"), region, by=by)


def revive(identifier: Identifier, *, by: Actor, region: str) -> None:
    """What ended by mistake names the animal again."""
    was = identifier.end_reason
    identifier.ended_at = identifier.end_reason = identifier.replaced_by_id = None
    if identifier.kind is not IdentifierKind.TAG:
        return
    if was is EndReason.WITHDRAWN:
        put_on(identifier.value, identifier.animal_id, region, by=by)
    else:
        leave_off(identifier.value, "put back", region, by=by)
