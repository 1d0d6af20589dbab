"""What is done with each kind of record, through the services that pages use as well."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sijinak.animals.models import IdentifierKind, Precision, Verification
from sijinak.animals.numbers import LinkNumber, link_number
from sijinak.animals.population.ages import months_before
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.core.clock import local, today
from sijinak.core.codes import parse_tag_code
from sijinak.field.checking import HANDLERS as AT_CHECKPOINTS
from sijinak.field.inspecting import HANDLERS as OF_INSPECTIONS
from sijinak.field.keeping import Visit
from sijinak.field.reading import Incoming
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.nik import parse_nik
from sijinak.keepers.queries import keeper_by_nik, keeper_in_reach
from sijinak.keepers.services import RegisterKeeper, register_keeper
from sijinak.vaccinations.looking import patients
from sijinak.vaccinations.receiving import UNKNOWN_TAG, act_id_of
from sijinak.vaccinations.stock.commands import NoteTemperature, NoteWaste
from sijinak.vaccinations.stock.queries import lots_named
from sijinak.vaccinations.stock.services import note_temperature, note_waste
from sijinak.vaccinations.visits.commands import CountHeads, RecordReaction, RecordResult
from sijinak.vaccinations.visits.services import count_heads, record_reaction, record_result

UNKNOWN_TEXT = "unknown-text"
UNKNOWN_LOT = "unknown-lot"
NEEDS_RETAG = "needs-retag"
OWNER_MISSING = "owner-missing"
NIK_MISSING = "nik-missing"
# Of a body: what a command takes under the same name.
_REGISTERED = (
    "village", "hamlet", "species", "breed", "sex", "teeth", "colour", "special_marks", "horns",
    "is_pregnant",
)  # fmt: skip

Handler = Callable[[Incoming, Visit], None]


class _HeadsRound:
    """Says of a head count what a dose says of itself: of which act it is."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.round_id, self.product_id = said["round"], said["product"]
        self.lot, self.village, self.campaign_id = said["lot"], said["village"], said["campaign"]


def _heads(one: Incoming, visit: Visit) -> None:
    said = one.data
    day = local(at_of(one)).date()
    command = CountHeads(
        id=one.id,
        act_id=act_id_of(visit.device_id, _HeadsRound(said), day),
        product_id=said["product"],
        lot=said["lot"],
        village=said["village"],
        species=said["species"],
        heads=said["heads"],
        given_at=at_of(one),
        keeper_id=said["keeper"],
        campaign_id=said["campaign"],
        note=said["note"],
    )
    count_heads(command, by=visit.by)


def _result(one: Incoming, visit: Visit) -> None:
    said = one.data
    animal_id = _animal(said["code"]) if said["code"] else None
    if said["code"] and animal_id is None:
        one.review(UNKNOWN_TAG)
        return
    command = RecordResult(
        id=one.id,
        disease=said["disease"],
        village=said["village"],
        outcome=said["outcome"],
        found_at=at_of(one),
        reason=said["reason"],
        animal_id=animal_id,
        keeper_id=said["keeper"],
        species=said["species"],
        heads=said["heads"],
        campaign_id=said["campaign"],
        next_visit=said["next_visit"],
    )
    record_result(command, by=visit.by)


def _reaction(one: Incoming, visit: Visit) -> None:
    said = one.data
    animal_id = _animal(said["code"])
    if animal_id is None:
        one.review(UNKNOWN_TAG)
        return
    command = RecordReaction(
        id=one.id,
        animal_id=animal_id,
        signs=said["signs"],
        severity=said["severity"],
        began_at=min(said["began_at"], visit.received_at),
        treatment=said["treatment"],
    )
    record_reaction(command, by=visit.by)


def _unknown(one: Incoming, visit: Visit) -> None:  # noqa: ARG001 - a person looks for the animal
    one.review(UNKNOWN_TEXT)


def _link(one: Incoming, visit: Visit) -> None:
    said = one.data
    if said["kind"] is IdentifierKind.TAG:
        one.review(NEEDS_RETAG)
        return
    animal_id = _animal(said["code"])
    if animal_id is None:
        one.review(UNKNOWN_TAG)
        return
    command = LinkNumber(id=one.id, animal_id=animal_id, kind=said["kind"], number=said["text"])
    link_number(command, by=visit.by)


def _registration(one: Incoming, visit: Visit) -> None:
    said = one.data
    keeper_id, owner = said["keeper"], said["owner"]
    if keeper_id is None and owner is None:
        one.review(OWNER_MISSING)
        return
    if keeper_id is None and not owner["nik"]:
        one.review(NIK_MISSING)
        return
    months, at = said["age_months"], at_of(one)
    command = RegisterAnimal(
        id=said["animal"],
        keeper_id=keeper_id or _owner(owner, one, visit),
        tag=parse_tag_code(said["code"]) if said["code"] else "",
        birth_date=None if months is None else months_before(local(at).date(), months),
        birth_precision=None if months is None else Precision.ESTIMATED,
        verification=Verification.SEEN,
        seen_at=at,
        latitude=one.pos[0] if one.pos else None,
        longitude=one.pos[1] if one.pos else None,
        **{name: said[name] for name in _REGISTERED},
    )
    register_animal(command, by=visit.by)


def _owner(said: dict[str, Any], one: Incoming, visit: Visit) -> UUID:
    """Who is registered with this NIK, or else a new keeper. Raises NotANik."""
    nik = parse_nik(said["nik"], on=today()).text
    if known := keeper_in_reach(keeper_by_nik(nik), by=visit.by):
        return known.id
    command = RegisterKeeper(
        id=uuid5(one.id, "owner"),
        kind=KeeperKind.PERSON,
        name=said["name"],
        village=said["village"],
        hamlet=said["hamlet"],
        nik=nik,
        phone=said["phone"],
    )
    return register_keeper(command, by=visit.by).id


def _waste(one: Incoming, visit: Visit) -> None:
    said = one.data
    lot = lots_named({(said["product"], said["lot"])}).get((said["product"], said["lot"]))
    if lot is None:
        one.review(UNKNOWN_LOT)
        return
    command = NoteWaste(
        id=one.id, lot_id=lot.id, doses=said["doses"], reason=said["reason"], note=said["note"],
        at=at_of(one),
    )  # fmt: skip
    note_waste(command, by=visit.by)


def _temperature(one: Incoming, visit: Visit) -> None:
    said = one.data
    command = NoteTemperature(id=one.id, tenths=said["tenths"], note=said["note"], at=at_of(one))
    note_temperature(command, by=visit.by)


def _animal(code: str) -> UUID | None:
    found = patients([code]).get(code)
    return found.id if found else None


def at_of(one: Incoming) -> datetime:
    assert one.at is not None  # noqa: S101 - a body that was read has its hour
    return one.at


HANDLERS: dict[str, Handler] = {
    "heads": _heads,
    "result": _result,
    "reaction": _reaction,
    "unknown": _unknown,
    "link": _link,
    "registration": _registration,
    "waste": _waste,
    "temperature": _temperature,
    **AT_CHECKPOINTS,
    **OF_INSPECTIONS,
}
