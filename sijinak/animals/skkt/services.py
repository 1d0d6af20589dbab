"""What is done with sheets: prepared by one, signed by another, void when they are wrong."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.mandates import Mandate, mandate_of
from sijinak.accounts.models import Role
from sijinak.animals.models import Verification
from sijinak.animals.skkt.herd import Listed, differences, herd_of, hold_herd
from sijinak.animals.skkt.models import MOST_LINES, SHEET_FLOW, Sheet, SheetLine, SheetState
from sijinak.animals.skkt.queries import own_keeper, set_of, sheet_by_id, standing_sheets
from sijinak.animals.skkt.sealing import digest_of
from sijinak.animals.skkt.waiting import is_owner_as_written
from sijinak.areas.queries import place_name
from sijinak.core.clock import now, today
from sijinak.core.codes import check_character, spaced
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import keeper_by_id

# 524 is the classification of livestock matters in the numbering of official letters.
NUMBER = "524/{no:06d}/SKKT/{kecamatan}/{year}"
PUBLIC_CODE_BYTES = 10
MOST_NAMED = 5  # animals in the sentence of an error
# As the signer is called on the paper: it is a paper of law, always in Indonesian.
TITLES: Mapping[Role, str] = {Role.UPT_HEAD: "Kepala UPT Prokeswan {place}"}


class NoSeenAnimals(Conflict):
    """An owner is given a sheet when an officer has seen one of the animals at least."""

    code = "no-seen-animals"


class SameHands(Conflict):
    """Four eyes: whoever prepared the sheet does not sign it."""

    code = "sheet-same-hands"


class OwnSheet(Conflict):
    """Nobody prepares, signs or voids the sheet of their own animals."""

    code = "own-sheet"


class HerdChanged(Conflict):
    """The draft is not true any more. Facts: ``count`` of the animals that differ, ``tags``."""

    code = "herd-changed"


class OwnerChanged(Conflict):
    """The owner has another name, or has moved."""

    code = "owner-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareSheets:
    """For the whole herd of one owner. The first sheet takes the command's id."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardSheets:
    """The draft that this sheet is a part of."""

    id: UUID = field(default_factory=uuid7)
    sheet_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignSheets:
    """The draft that this sheet is a part of, all its parts together."""

    id: UUID = field(default_factory=uuid7)
    sheet_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidSheet:
    """One sheet; the others that were signed with it go on standing."""

    id: UUID = field(default_factory=uuid7)
    sheet_id: UUID
    reason: str


def prepare_sheets(command: PrepareSheets, *, by: Actor) -> list[Sheet]:
    """Take the herd down, as it is now; a draft from before is discarded. Raises NoSeenAnimals."""
    require(by, Permission.SHEET_PREPARE)
    keeper = keeper_by_id(command.keeper_id, by=by)
    require(by, Permission.SHEET_PREPARE, region=keeper.village)
    if not first_time(command, by=by):
        return set_of(db.session.get_one(Sheet, command.id))
    _check_not_own(keeper.id, by)
    _hold_owner(keeper.id)
    herd = herd_of(keeper.id)
    seen = [listed for listed in herd if listed.basis is Verification.SEEN]
    if not seen:
        raise NoSeenAnimals
    _discard(standing_sheets(keeper.id, SheetState.DRAFT), by=by)
    db.session.flush()
    made = _drafted(command.id, keeper, -(-len(seen) // MOST_LINES), by=by)
    for sheet, start in zip(made, range(0, len(seen), MOST_LINES), strict=True):
        _list(sheet, seen[start : start + MOST_LINES])
    _list(made[-1], [listed for listed in herd if listed.basis is Verification.DECLARED])
    facts = {"animals": len(seen), "declared": len(herd) - len(seen), "parts": len(made)}
    events.record("sheet.prepared", made[0], by=by, region=keeper.village, **facts)
    return made


def discard_sheets(command: DiscardSheets, *, by: Actor) -> list[Sheet]:
    require(by, Permission.SHEET_PREPARE)
    shown = sheet_by_id(command.sheet_id, by=by)
    require(by, Permission.SHEET_PREPARE, region=shown.village)
    draft = _hold_set(shown)
    if first_time(command, by=by):
        _discard(draft, by=by)
    return draft


def sign_sheets(command: SignSheets, *, by: Actor) -> list[Sheet]:
    """Give the draft its numbers; what the owner had before is superseded.

    Raises SameHands, OwnSheet, NoMandate, OwnerChanged, HerdChanged.
    """
    require(by, Permission.SHEET_SIGN)
    shown = sheet_by_id(command.sheet_id, by=by)
    require(by, Permission.SHEET_SIGN, region=shown.village)
    draft = _hold_set(shown)
    if not first_time(command, by=by):
        return draft
    step = SHEET_FLOW.step(draft[0].state, "sign")
    _check_not_own(shown.keeper_id, by)
    mandate = mandate_of(by.id, step.needs, shown.village, today())
    if draft[0].prepared_by in {by.id, *mandate.people}:
        raise SameHands
    _check_truth(draft)
    _supersede(standing_sheets(shown.keeper_id), draft[0], by=by)
    db.session.flush()
    for sheet in draft:
        _sign(sheet, step.target, mandate, by=by)
    return draft


def void_sheet(command: VoidSheet, *, by: Actor) -> Sheet:
    require(by, Permission.SHEET_SIGN)
    shown = sheet_by_id(command.sheet_id, by=by)
    require(by, Permission.SHEET_SIGN, region=shown.village)
    sheet = next(one for one in _hold_set(shown) if one.id == shown.id)
    if not first_time(command, by=by):
        return sheet
    _check_not_own(shown.keeper_id, by)
    sheet.state = SHEET_FLOW.step(sheet.state, "void").target
    sheet.ended_at, sheet.ended_because = now(), command.reason
    facts = {"number": sheet.number, "reason": command.reason}
    events.record("sheet.voided", sheet, by=by, region=sheet.village, **facts)
    return sheet


def _check_not_own(keeper_id: UUID, by: Actor) -> None:
    """Raises OwnSheet."""
    if own_keeper(by) == keeper_id:
        raise OwnSheet


def _hold_owner(keeper_id: UUID) -> None:
    """Whoever prepares or signs for an owner does so alone."""
    held = select(Keeper.id).where(Keeper.id == keeper_id).with_for_update(key_share=True)
    db.session.execute(held).all()


def _hold_set(sheet: Sheet) -> list[Sheet]:
    """The sheet and those with it as they are now, held until the end."""
    _hold_owner(sheet.keeper_id)
    held = set_of(sheet)
    for one in held:
        db.session.refresh(one)
    return held


def _drafted(first_id: UUID, keeper: Keeper, parts: int, *, by: Actor) -> list[Sheet]:
    moment = now()
    made = [
        Sheet(
            id=first_id if part == 1 else uuid7(),
            keeper_id=keeper.id,
            village=keeper.village,
            state=SheetState.DRAFT,
            public_code=secrets.token_hex(PUBLIC_CODE_BYTES).upper(),
            part=part,
            parts=parts,
            owner_name=keeper.name,
            prepared_at=moment,
            prepared_by=by.id,
            prepared_by_name=by.name,
        )
        for part in range(1, parts + 1)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _list(sheet: Sheet, animals: Sequence[Listed]) -> None:
    db.session.add_all(
        SheetLine(
            sheet_id=sheet.id,
            no=no,
            animal_id=listed.animal_id,
            basis=listed.basis,
            tag=listed.tag,
            facts=listed.facts,
        )
        for no, listed in enumerate(animals, start=1)
    )


def _discard(draft: Sequence[Sheet], *, by: Actor) -> None:
    for sheet in draft:
        sheet.state = SHEET_FLOW.step(sheet.state, "discard").target
        sheet.ended_at = now()
    for first in draft[:1]:
        events.record("sheet.discarded", first, by=by, region=first.village)


def _check_truth(draft: Sequence[Sheet]) -> None:
    """Raises OwnerChanged, HerdChanged."""
    keeper = db.session.get_one(Keeper, draft[0].keeper_id, populate_existing=True)
    if not is_owner_as_written(draft[0], keeper):
        raise OwnerChanged
    hold_herd(keeper.id)
    found = differences((line for sheet in draft for line in sheet.lines), herd_of(keeper.id))
    if found:
        tags = [spaced(difference.tag) for difference in found[:MOST_NAMED]]
        more = ", …" if len(found) > MOST_NAMED else ""
        raise HerdChanged(count=len(found), tags=", ".join(tags) + more)


def _supersede(standing: Sequence[Sheet], new: Sheet, *, by: Actor) -> None:
    for sheet in standing:
        sheet.state = SHEET_FLOW.step(sheet.state, "supersede").target
        sheet.ended_at, sheet.superseded_by_id = now(), new.id
        facts = {"number": sheet.number, "new": str(new.id)}
        events.record("sheet.superseded", sheet, by=by, region=sheet.village, **facts)


def _sign(sheet: Sheet, state: SheetState, mandate: Mandate, *, by: Actor) -> None:
    day = today()
    sheet.series, sheet.year = f"SKKT/{sheet.village[:8]}", day.year
    sheet.no = next_number(sheet.series, day.year)
    sheet.number = _number(sheet.village[:8], sheet.no, day)
    sheet.state = state
    sheet.signed_at, sheet.signed_on = now(), day
    sheet.signed_by, sheet.signed_by_name = by.id, by.name
    title = mandate.prefix + TITLES[mandate.role].format(place=place_name(mandate.region))
    sheet.signed_as = f"{title}, {mandate.decree}"
    sheet.digest = digest_of(sheet)
    facts = {"number": sheet.number, "animals": len(sheet.lines), "decree": mandate.decree}
    digest = sheet.digest.hex()
    events.record("sheet.signed", sheet, by=by, region=sheet.village, digest=digest, **facts)


def _number(kecamatan: str, no: int, day: date) -> str:
    text = NUMBER.format(no=no, kecamatan=kecamatan, year=day.year)
    return f"{text}-{check_character(text)}"
