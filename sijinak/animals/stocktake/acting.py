"""What is done about a line of a stock-take: one thing, and by the services of the register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    IdentifierKind,
    ObservationKind,
    Verification,
)
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import (
    RecordMutation,
    RetagAnimal,
    record_mutation,
    retag_animal,
)
from sijinak.animals.mutations.writing import NeedsReason
from sijinak.animals.numbers import LinkNumber, link_number
from sijinak.animals.queries import animal_to_change, animals_to_change
from sijinak.animals.services import MARKS, NotPresent, SeenWithoutMarks
from sijinak.animals.stocktake.models import Finding, LineAction, StockTake, StockTakeLine
from sijinak.animals.stocktake.queries import (
    ids_still_in,
    line_of,
    lines_to_confirm,
    stock_take_to_change,
    transfer_since,
)
from sijinak.animals.stocktake.reading import known_by
from sijinak.core.clock import now, today
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

A = LineAction
ACTIONS: Mapping[Finding, tuple[LineAction, ...]] = {
    Finding.HERE: (A.CONFIRMED, A.NOTHING),
    Finding.ELSEWHERE: (A.CONFIRMED, A.MOVED, A.NOTHING),
    Finding.MISSING: (
        A.STILL_THERE, A.SOLD, A.DEAD, A.STOLEN, A.SLAUGHTERED, A.MOVED, A.TAG_LOST, A.NOTHING,
    ),
    Finding.UNKNOWN: (A.REGISTERED, A.TAG_LOST, A.NOTHING),
}  # fmt: skip
KINDS = {
    A.DEAD: MutationKind.DEATH,
    A.STOLEN: MutationKind.THEFT,
    A.SLAUGHTERED: MutationKind.SLAUGHTER,
    A.MOVED: MutationKind.MOVE,
}


class StockTakeClosed(Conflict):
    code = "stock-take-closed"


class LineDone(Conflict):
    """Somebody did something about it already."""

    code = "line-done"


class NotForThisLine(Invalid):
    code = "not-for-this-line"


class TransferMissing(Conflict):
    """A sale needs both sides and the village head: it is proposed first, on its own form."""

    code = "transfer-missing"


class NotRegistered(Conflict):
    """No animal has the code yet: it is registered first, on its own form."""

    code = "code-not-registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnLine:
    """Each action takes of the fields what it needs. ``animal_id`` wears a code nobody knew."""

    id: UUID = field(default_factory=uuid7)
    stock_take_id: UUID
    line_id: UUID
    action: LineAction
    note: str = ""
    happened_on: date | None = None
    cause: str = ""
    place: str = ""
    police_no: str = ""
    to_village: str | None = None
    to_hamlet: str = ""
    code: str = ""
    animal_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAll:
    id: UUID = field(default_factory=uuid7)
    stock_take_id: UUID


def open_stock_take(stock_take_id: UUID, *, by: Actor, shared: bool = False) -> StockTake:
    """Raises NotFound, StockTakeClosed."""
    taken = stock_take_to_change(stock_take_id, by=by, shared=shared)
    if taken.closed_at is not None:
        raise StockTakeClosed
    return taken


def act_on_line(command: ActOnLine, *, by: Actor) -> StockTakeLine:
    """Raises NotFound, the errors above, and those of the service that the action calls."""
    require(by, Permission.STOCKTAKE_HOLD)
    taken = stock_take_to_change(command.stock_take_id, by=by, shared=True)
    line = line_of(taken, command.line_id, to_change=True)
    if not first_time(command, by=by):
        return line
    if taken.closed_at is not None:
        raise StockTakeClosed
    if line.action is not None:
        raise LineDone
    if command.action not in ACTIONS[line.finding]:
        raise NotForThisLine
    line.mutation_id = DEEDS[command.action](taken, line, command, by)
    _settle(line, command.action, command.note, by=by)
    events.record(
        "stocktake.line-settled", taken, by=by, region=taken.village, action=command.action,
        line=str(line.id),
    )  # fmt: skip
    return line


def confirm_all(command: ConfirmAll, *, by: Actor) -> int:
    """All that are here and known were seen, but those without a mark; how many it were."""
    require(by, Permission.STOCKTAKE_HOLD)
    taken = open_stock_take(command.stock_take_id, by=by, shared=True)
    if not first_time(command, by=by):
        return 0
    lines = lines_to_confirm(taken)
    ids = ids_still_in(taken, {line.animal_id for line in lines if line.animal_id})
    held = {animal.id: animal for animal in animals_to_change(ids, by=by)}
    ready = [(line, held[line.animal_id]) for line in lines if line.animal_id in held]
    confirmed = [(line, animal) for line, animal in ready if _may_be_confirmed(animal)]
    for line, animal in confirmed:
        _see(taken, line, animal, by=by)
        _settle(line, A.CONFIRMED, "", by=by)
    events.record("stocktake.confirmed", taken, by=by, region=taken.village, animals=len(confirmed))
    return len(confirmed)


def _settle(line: StockTakeLine, action: LineAction, note: str, *, by: Actor) -> None:
    line.action, line.action_note = action, note.strip()
    line.acted_at, line.acted_by = now(), by.id


def _confirm(taken: StockTake, line: StockTakeLine, _: ActOnLine, by: Actor) -> None:
    animal = _animal(line, by=by)
    if not _has_marks(animal):
        raise SeenWithoutMarks
    _see(taken, line, animal, by=by)


def _see(taken: StockTake, line: StockTakeLine, animal: Animal, *, by: Actor) -> None:
    """As of the scan; who scanned it saw it. The marks stay as they were."""
    scanned_at = line.scanned_at or now()
    seen = Circumstances(
        kind=ObservationKind.SEEN,
        basis=Verification.SEEN,
        village=taken.village,
        made_at=scanned_at,
        cause_id=line.id,
    )
    is_news = animal.seen_at is None or animal.seen_at < scanned_at
    values = {"seen_at": scanned_at, "seen_by": line.scanned_by} if is_news else {}
    change_animal(animal, {**values, "verification": Verification.SEEN}, seen, by=by)


def _still_there(taken: StockTake, line: StockTakeLine, command: ActOnLine, by: Actor) -> None:
    told = Circumstances(
        kind=ObservationKind.MUTATED,  # told by the stock-take itself
        basis=Verification.DECLARED,
        village=taken.village,
        reason=command.note.strip(),
        cause_id=line.id,
    )
    change_animal(_animal(line, by=by), {}, told, by=by)


def _sold(taken: StockTake, line: StockTakeLine, _: ActOnLine, by: Actor) -> UUID:
    """The animal may be the buyer's by now: it is only looked at."""
    require(by, Permission.MUTATION_READ)
    transfer = transfer_since(taken, line.animal_id) if line.animal_id else None
    if transfer is None:
        raise TransferMissing
    return transfer.id


def _mutate(_: StockTake, line: StockTakeLine, command: ActOnLine, by: Actor) -> UUID:
    told = {name: getattr(command, name) for name in ("cause", "place", "police_no")}
    mutation = RecordMutation(
        kind=KINDS[command.action],
        animal_ids=(line.animal_id,) if line.animal_id else (),
        happened_on=command.happened_on or today(),
        reason=command.note,
        to_village=command.to_village,
        to_hamlet=command.to_hamlet,
        details={name: text for name, text in told.items() if text},
    )
    return record_mutation(mutation, by=by).id


def _retag(_: StockTake, line: StockTakeLine, command: ActOnLine, by: Actor) -> UUID | None:
    """A missing animal gets another tag; a code nobody knew is put on the animal that wears it."""
    if line.animal_id:
        tag = RetagAnimal(animal_id=line.animal_id, why=EndReason.LOST, code=command.code)
        return retag_animal(tag, by=by).id
    if command.animal_id is None:
        raise NotRegistered
    line.animal_id = command.animal_id
    try:
        code = parse_tag_code(line.code)
    except NotATagCode:
        number = LinkNumber(
            animal_id=command.animal_id, kind=IdentifierKind.EARTAG, number=line.code
        )
        link_number(number, by=by)
        return None
    tag = RetagAnimal(animal_id=command.animal_id, why=EndReason.LOST, code=code)
    return retag_animal(tag, by=by).id


def _registered(_: StockTake, line: StockTakeLine, __: ActOnLine, by: Actor) -> None:
    found = known_by([line.code]).get(line.code)
    if found is None:
        raise NotRegistered
    require(by, Permission.ANIMAL_REGISTER)
    line.animal_id = found.id


def _nothing(_: StockTake, __: StockTakeLine, command: ActOnLine, ___: Actor) -> None:
    if not command.note.strip():
        raise NeedsReason


# What each action does; the answer is the mutation that it made.
DEEDS: Mapping[LineAction, Callable[[StockTake, StockTakeLine, ActOnLine, Actor], UUID | None]] = {
    A.CONFIRMED: _confirm,
    A.STILL_THERE: _still_there,
    A.SOLD: _sold,
    A.TAG_LOST: _retag,
    A.REGISTERED: _registered,
    A.NOTHING: _nothing,
    **dict.fromkeys(KINDS, _mutate),
}


def _animal(line: StockTakeLine, *, by: Actor) -> Animal:
    """Held until the end. Raises NotFound, NotPresent."""
    if line.animal_id is None:
        raise NotFound
    animal = animal_to_change(line.animal_id, by=by)
    if animal.state is not AnimalState.PRESENT:
        raise NotPresent(state=animal.state)
    return animal


def _may_be_confirmed(animal: Animal) -> bool:
    return animal.state is AnimalState.PRESENT and _has_marks(animal)


def _has_marks(animal: Animal) -> bool:
    """What was seen can be known again by one mark at least."""
    return any(getattr(animal, name).strip() for name in MARKS)
