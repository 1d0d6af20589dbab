"""What is remarkable about doses that were given. It is told to a person; nothing is refused."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sijinak.animals.models import AnimalState
from sijinak.tags.watching import KECAMATAN
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.models import PregnancyAdvice
from sijinak.vaccinations.stock.commands import Use
from sijinak.vaccinations.stock.queries import LotFacts, lots_named, products_in_books
from sijinak.vaccinations.stock.services import note_use

Lots = Mapping[tuple[UUID, str], LotFacts]


class Label(Protocol):
    """What a product's label says of the animals that get it."""

    @property
    def id(self) -> UUID: ...

    @property
    def least_age_days(self) -> int | None: ...

    @property
    def pregnancy(self) -> PregnancyAdvice | None: ...


class Patient(Protocol):
    """An animal as it is known today."""

    @property
    def id(self) -> UUID: ...

    @property
    def state(self) -> AnimalState: ...

    @property
    def village(self) -> str: ...

    @property
    def birth_date(self) -> date | None: ...

    @property
    def is_pregnant(self) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Given:
    """A dose that was written down; ``lot`` is what was read from the bottle."""

    id: UUID
    act_id: UUID
    animal: Patient
    label: Label
    lot: str
    region: str  # of the act
    day: date
    is_double: bool


@dataclass(frozen=True, slots=True)
class Officer:
    id: UUID
    name: str


def lots_of(pairs: Sequence[tuple[UUID, str]]) -> Lots:
    return lots_named(set(pairs))


def note_doses(given: Sequence[Given], lots: Lots, officer: Officer) -> int:
    """Take the doses out of the officer's bag and raise what is remarkable; how many are new."""
    if not given:
        return 0
    found = [one for dose in given for one in _of_the_animal(dose, officer)]
    found += _of_the_bottles(given, lots, officer)
    found += _of_the_bag(given, lots, officer)
    return raise_findings(found)


def _of_the_animal(dose: Given, officer: Officer) -> Iterator[Raised]:
    animal, label = dose.animal, dose.label
    kinds = []
    if dose.is_double:
        kinds.append(FindingKind.DOUBLE)
    if animal.state is not AnimalState.PRESENT:
        kinds.append(FindingKind.NOT_PRESENT)
    if animal.is_pregnant and label.pregnancy in (PregnancyAdvice.AVOID, PregnancyAdvice.FORBIDDEN):
        kinds.append(FindingKind.PREGNANT)
    if _is_too_young(dose):
        kinds.append(FindingKind.TOO_YOUNG)
    if _is_elsewhere(dose):
        kinds.append(FindingKind.ELSEWHERE)
    for kind in kinds:
        yield _raised(kind, dose, officer, subject_id=dose.id, animal_id=animal.id)


def _is_elsewhere(dose: Given) -> bool:
    """It would count for one kecamatan, and the animal is registered in another."""
    named = dose.region[:KECAMATAN]
    return len(named) == KECAMATAN and dose.animal.village[:KECAMATAN] != named


def _is_too_young(dose: Given) -> bool:
    least, born = dose.label.least_age_days, dose.animal.birth_date
    return bool(least and born and (dose.day - born).days < least)


def _of_the_bottles(given: Sequence[Given], lots: Lots, officer: Officer) -> Iterator[Raised]:
    acts = {dose.act_id: dose for dose in given}.values()
    nameless = {dose.label.id for dose in acts if (dose.label.id, dose.lot) not in lots}
    booked = products_in_books(nameless) if nameless else set()
    for dose in acts:
        lot = lots.get((dose.label.id, dose.lot))
        if lot is None and dose.label.id in booked:
            yield _raised(FindingKind.LOT_UNKNOWN, dose, officer, subject_id=dose.act_id)
        if lot is not None and lot.expires_on < dose.day:
            yield _raised(FindingKind.LOT_EXPIRED, dose, officer, subject_id=dose.act_id)


def _of_the_bag(given: Sequence[Given], lots: Lots, officer: Officer) -> Iterator[Raised]:
    heads = Counter(dose.act_id for dose in given)
    acts = {dose.act_id: dose for dose in given}
    known = {i: lots[dose.label.id, dose.lot].id for i, dose in acts.items()
             if (dose.label.id, dose.lot) in lots}  # fmt: skip
    if not known:
        return
    uses = [
        Use(lot_id, officer.id, officer.name, acts[i].region, heads[i], i, acts[i].day)
        for i, lot_id in known.items()
    ]
    short = {one.lot_id for one in note_use(uses)}
    for act_id, lot_id in known.items():
        if lot_id in short:
            yield _raised(FindingKind.STOCK_SHORT, acts[act_id], officer, subject_id=act_id)


def _raised(
    kind: FindingKind, dose: Given, officer: Officer, *, subject_id: UUID, **more: Any
) -> Raised:
    return Raised(
        kind=kind,
        subject_id=subject_id,
        officer_id=officer.id,
        officer_name=officer.name,
        region=dose.animal.village if subject_id == dose.id else dose.region,
        act_id=dose.act_id,
        facts=_facts(kind, dose),
        **more,
    )


def _facts(kind: FindingKind, dose: Given) -> dict[str, str]:
    facts = {"lot": dose.lot, "day": dose.day.isoformat()}
    if kind is FindingKind.ELSEWHERE:
        facts |= {"village": dose.region, "home": dose.animal.village}
    return facts
