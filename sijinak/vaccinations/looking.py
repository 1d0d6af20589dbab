"""What is looked up about many doses at once: animals behind codes, labels, days of earlier doses.

Hot: a phone's batch asks each of these once.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal, AnimalState, EndReason, Identifier, IdentifierKind
from sijinak.animals.naming import RFID
from sijinak.core.asking import Among, Question, ask
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.vaccinations.campaigns.models import Campaign
from sijinak.vaccinations.models import (
    Disease,
    PregnancyAdvice,
    Product,
    Standing,
    Vaccination,
)

# Numbers that were given by mistake lead nowhere, nor do those of an undone registration.
LEADS_NOWHERE: list[ColumnElement[str]] = [
    literal_column(f"'{reason}'") for reason in (EndReason.MISTAKE, EndReason.WITHDRAWN)
]


@dataclass(frozen=True, slots=True)
class Patient:
    """The animal that stands for whatever the code names."""

    id: UUID
    village: str
    state: AnimalState
    birth_date: date | None
    is_pregnant: bool | None


@dataclass(frozen=True, slots=True)
class Label:
    """What a product's label says; the same as Product, without the ORM."""

    id: UUID
    disease: Disease
    second_dose_days: int | None
    interval_days: int | None
    least_age_days: int | None
    pregnancy: PregnancyAdvice | None

    def next_due(self, day: date, *, is_first: bool) -> date | None:
        days = (self.second_dose_days if is_first else None) or self.interval_days
        return day + timedelta(days=days) if days else None


Patients = Mapping[str, Patient]
Labels = Mapping[UUID, Label]

_ENTRY = aliased(Animal)
_STANDING = func.coalesce(_ENTRY.merged_into_id, _ENTRY.id)
_IS_TAG = case((Identifier.kind == IdentifierKind.TAG, 1), else_=0)


def patients(codes: Iterable[str]) -> dict[str, Patient]:
    """The animals behind codes in any spelling; those rows are held until the end."""
    spelt = {code: _spellings(code) for code in codes}
    wanted = {spelling for spellings in spelt.values() for spelling in spellings}
    by_value = {row[0]: Patient(*row[1:]) for row in ask(_patients, wanted=list(wanted))}
    return {
        code: by_value[spelling]
        for code, spellings in spelt.items()
        for spelling in spellings
        if spelling in by_value
    }


def labels(product_ids: Collection[UUID]) -> dict[UUID, Label]:
    return {row[0]: Label(*row) for row in ask(_labels, wanted=list(product_ids))}


def days_given(
    animal_ids: Collection[UUID], diseases: Collection[Disease]
) -> dict[tuple[UUID, Disease], set[date]]:
    """On which days each animal got something, also under a record that was merged into it."""
    found: dict[tuple[UUID, Disease], set[date]] = {}
    asked = ask(_days, animals=list(animal_ids), others=list(animal_ids), diseases=list(diseases))
    for animal_id, disease, day in asked:
        found.setdefault((animal_id, disease), set()).add(day)
    return found


def known_campaigns(ids: Collection[UUID]) -> set[UUID]:
    """Those that are campaigns, also closed ones: what comes late belongs to them."""
    return {row[0] for row in ask(_campaigns, wanted=list(ids))} if ids else set()


def _patients(among: Among) -> Question:
    return (
        select(
            Identifier.value, Animal.id, Animal.village, Animal.state, Animal.birth_date,
            Animal.is_pregnant,
        )
        .join(_ENTRY, _ENTRY.id == Identifier.animal_id)
        .join(Animal, Animal.id == _STANDING)
        .where(
            among(Identifier.value, "wanted"),
            or_(Identifier.end_reason.is_(None), ~Identifier.end_reason.in_(LEADS_NOWHERE)),
        )
        .order_by(Animal.id, case((Identifier.kind == IdentifierKind.TAG, 1), else_=0))
        .with_for_update(read=True, key_share=True, of=Animal)
    )  # fmt: skip


def _labels(among: Among) -> Question:
    return select(
        Product.id, Product.disease, Product.second_dose_days, Product.interval_days,
        Product.least_age_days, Product.pregnancy,
    ).where(among(Product.id, "wanted"))  # fmt: skip


def _days(among: Among) -> Question:
    """Two questions in one, for either has its index."""
    given = (
        among(Vaccination.disease, "diseases"),
        Vaccination.standing != Standing.WITHDRAWN,
    )
    at_itself = select(Vaccination.animal_id, Vaccination.disease, Vaccination.given_on)
    at_merged = select(_ENTRY.merged_into_id, Vaccination.disease, Vaccination.given_on)
    return union_all(
        at_itself.where(among(Vaccination.animal_id, "animals"), *given),
        at_merged.join(_ENTRY, _ENTRY.id == Vaccination.animal_id).where(
            among(_ENTRY.merged_into_id, "others"), *given
        ),
    )


def _campaigns(among: Among) -> Question:
    return select(Campaign.id).where(among(Campaign.id, "wanted"))


def _spellings(code: str) -> tuple[str, ...]:
    """As a tag code, and as the number of an ear tag, a chip or an old card."""
    digits = code.translate(str.maketrans("", "", " .-"))
    plain = " ".join(code.upper().split())
    try:
        return plain, parse_tag_code(code)
    except NotATagCode:
        return (plain, digits) if RFID.fullmatch(digits) else (plain,)
