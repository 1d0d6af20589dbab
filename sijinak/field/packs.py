"""Work packs: what an officer's phone carries to a village without network, and no more.

Rights are those of the moment of asking: villages out of reach are left out of the answer, so
that a phone which takes it forgets them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sijinak.animals.models import Sex, Species
from sijinak.areas.queries import full_name, villages_in
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.field.devices import home_of
from sijinak.field.models import Device
from sijinak.field.pack_rows import (
    animal_rows,
    bag_of,
    count_animals,
    day_or_none,
    last_doses,
    other_numbers,
    outbreaks_in,
    owner_rows,
    product_entry,
    short_name,
)
from sijinak.field.phones import Phone
from sijinak.field.receipts import spelt
from sijinak.permits.queries import days_of_shipping
from sijinak.vaccinations.campaigns.queries import campaigns_for
from sijinak.vaccinations.queries import products

_SPECIES = list(Species)
_SEXES = {Sex.MALE: "m", Sex.FEMALE: "f"}


class PackTooLarge(Invalid):
    """Facts: ``animals`` in the villages asked for, and the ``most`` that a pack holds."""

    code = "pack-too-large"


@dataclass(frozen=True, slots=True)
class Bounds:
    """``regency`` is what those reach who reach everything."""

    regency: str
    most: int


@dataclass(frozen=True, slots=True)
class Pack:
    """``text`` is the JSON without its closing brace; the day and hour close it."""

    text: str
    villages: tuple[str, ...]
    animals: int

    @property
    def etag(self) -> str:
        """Says what is inside, not when it was made."""
        return sha256(self.text.encode()).hexdigest()[:32]

    def spelt(self) -> str:
        return f'{self.text[:-1]},"made_at":"{spelt(now())}"}}'


def villages_of(officer: Actor, regency: str) -> list[str]:
    """Where the officer may work in the field today."""
    require(officer, Permission.FIELD_WORK)
    regions = {reach.region or regency for reach in officer.reaches(Permission.FIELD_WORK)}
    return sorted({place.code for region in regions for place in villages_in(region)})


def reach_of_officer(officer: Actor, regency: str) -> list[list[str]]:
    """Code and full name of each village, for the officer to choose from; none at a checkpoint."""
    if not officer.reaches(Permission.FIELD_WORK):
        return []
    return [[code, full_name(code)] for code in villages_of(officer, regency)]


def pack_for(officer: Actor, wanted: Sequence[str], bounds: Bounds) -> Pack:
    """Of the villages wanted, or of those of open campaigns. Raises PackTooLarge."""
    reach = villages_of(officer, bounds.regency)
    villages = _chosen(officer, wanted, reach, bounds.most)
    animals, owners = _animals(villages)
    parts = {
        "v": 1,
        "officer": {"id": str(officer.id), "name": officer.name},
        "villages": _villages(villages),
        "products": [product_entry(product) for product in products()],
        "lots": bag_of(officer.id),
        "campaigns": _campaigns(officer.id, villages),
        "species": _SPECIES,
        "owners": owners,
        "animals": animals,
    }
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return Pack(text, tuple(villages), len(animals))


def note_pack_taken(phone: Phone, pack: Pack) -> None:
    device = db.session.get_one(Device, phone.id)
    facts = {"villages": list(pack.villages), "animals": pack.animals}
    region = home_of(phone.officer.id)
    events.record("field.pack-taken", device, by=phone.officer, region=region, **facts)


def _chosen(officer: Actor, wanted: Sequence[str], reach: list[str], most: int) -> list[str]:
    if not wanted:
        return _as_many_as_fit(_of_campaigns(officer, reach), most)
    villages = sorted(set(wanted) & set(reach))
    animals = sum(count_animals(villages).values())
    if animals > most:
        raise PackTooLarge(animals=animals, most=most)
    return villages


def _of_campaigns(officer: Actor, reach: list[str]) -> list[str]:
    """In the order in which the campaigns begin."""
    inside = set(reach)
    found = [
        row.village
        for campaign in campaigns_for(officer.id, reach)
        for row in sorted(campaign.villages, key=lambda row: row.village)
        if row.village in inside
    ]
    return list(dict.fromkeys(found))


def _as_many_as_fit(villages: list[str], most: int) -> list[str]:
    heads, left, fitting = count_animals(villages), most, []
    for village in villages:
        if heads.get(village, 0) <= left:
            left -= heads.get(village, 0)
            fitting.append(village)
    return sorted(fitting)


def _villages(villages: list[str]) -> list[dict[str, Any]]:
    diseases = outbreaks_in(villages)
    return [
        {"code": code, "name": full_name(code), "outbreaks": diseases.get(code, [])}
        for code in villages
    ]


def _campaigns(officer_id: UUID, villages: list[str]) -> list[dict[str, Any]]:
    inside = set(villages)
    return [
        {
            "id": str(campaign.id),
            "name": campaign.name,
            "disease": campaign.disease,
            "product": str(campaign.product_id) if campaign.product_id else None,
            "villages": sorted({row.village for row in campaign.villages} & inside),
            "ends_on": campaign.ends_on.isoformat(),
        }
        for campaign in campaigns_for(officer_id, villages)
        if any(row.village in inside for row in campaign.villages)
    ]


def _animals(villages: list[str]) -> tuple[list[list[Any]], list[list[Any]]]:
    places = {code: index for index, code in enumerate(villages)}
    owners = owner_rows(villages)
    index_of = {row.id: index for index, row in enumerate(owners)}
    return list(_animal_entries(villages, places, index_of)), [
        _owner_entry(row, places) for row in owners
    ]


def _owner_entry(row: Any, places: dict[str, int]) -> list[Any]:
    """Of an owner who lives elsewhere it does not say where."""
    place = places.get(row.village)
    hamlet = row.hamlet if place is not None else ""
    return [str(row.id), short_name(row.kind, row.name), place, hamlet]


def _animal_entries(
    villages: list[str], places: dict[str, int], owners: dict[UUID, int]
) -> Iterable[list[Any]]:
    numbers, doses, leaving = other_numbers(villages), last_doses(villages), _leaving(villages)
    species = {one: index for index, one in enumerate(_SPECIES)}
    for animal_id, tag, keeper, village, kind, sex, born, pregnant, state in animal_rows(villages):
        yield [
            tag or "",
            owners[keeper],
            places[village],
            species[kind],
            _SEXES[sex],
            day_or_none(born),
            None if pregnant is None else int(pregnant),
            numbers.get(animal_id, []),
            doses.get(animal_id, {}),
            leaving.get(animal_id),
            state,
        ]


def _leaving(villages: list[str]) -> dict[UUID, str]:
    return {animal: day.isoformat() for animal, day in days_of_shipping(villages).items()}
