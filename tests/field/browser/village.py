"""A village on the day the vet comes: owners, tagged animals, vaccine in the bag, a campaign."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from sijinak.accounts.models import Role
from sijinak.animals.models import (
    Animal,
    AnimalState,
    Identifier,
    IdentifierKind,
    Sex,
    Species,
    Verification,
)
from sijinak.core.clock import now, today
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.vaccinations.campaigns.commands import AddVillages, PlanCampaign, TakeStep
from sijinak.vaccinations.campaigns.services import add_villages, plan_campaign, take_step
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.stock.models import Holding, Lot
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, make_user
from tests.vaccinations.factories import product

ANIMALS_EACH = 5  # owner
LOT = "L-2611"
OFFICER = "drh. Ayu Lestari"
FIRST_TAG = 7_000_000


@dataclass(frozen=True)
class Village:
    vet: str  # the user name
    vet_id: UUID
    product: str
    campaign: UUID
    codes: list[str]
    names: list[str]
    niks: list[str]
    code: str = LUNYUK_REA
    blanks: list[str] = field(default_factory=list)  # tags that no animal carries yet


def settle(heads: int = 200, village: str = LUNYUK_REA) -> Village:
    """Committed. Call inside the app's context."""
    owners = [_owner(n, village) for n in range(-(-heads // ANIMALS_EACH))]
    animals = [(uuid7(), owners[n // ANIMALS_EACH]["id"]) for n in range(heads)]
    codes = [tag_code_of(FIRST_TAG + 977 * n) for n in range(heads)]
    tags = [_tag(animal, code) for (animal, _), code in zip(animals, codes, strict=True)]
    with transaction():
        _write(Keeper, [_without_nik(one) for one in owners])
        for owner in owners:
            db.session.get_one(Keeper, owner["id"]).nik = owner["nik"]
        _write(Animal, [_animal(*one, village) for one in animals])
        _write(Identifier, tags)
    vet = make_user(Role.VET, LUNYUK, name=OFFICER)
    return Village(
        vet=vet.username,
        vet_id=vet.id,
        product=str(product().id),
        campaign=_campaign(village),
        codes=list(codes),
        names=[owner["name"] for owner in owners],
        niks=[owner["nik"] for owner in owners],
        blanks=[tag_code_of(FIRST_TAG * 3 + n) for n in range(20)],
    )


def fill_bag(village: Village, doses: int = 400, number: str = LOT) -> None:
    """The vet's own. Committed."""
    lot = Lot(
        id=uuid7(),
        product_id=UUID(village.product),
        number=number,
        expires_on=today() + timedelta(days=200),
    )
    with transaction():
        db.session.add(lot)
        db.session.flush()
        db.session.add(Holding(lot_id=lot.id, officer_id=village.vet_id, doses=doses))


def owner_name(n: int) -> str:
    """Such names are in no dictionary: whatever spells one has it from the register."""
    return f"Zulqarx{n:03d} Wijoyokq{n:03d}"


def owner_nik(n: int) -> str:
    return f"5204020101{n:06d}"


def _owner(n: int, village: str) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "kind": KeeperKind.PERSON,
        "name": owner_name(n),
        "name_key": owner_name(n).lower(),
        "village": village,
        "hamlet": f"Dusunqz{n:03d}",
        "nik": owner_nik(n),
        "nik_lookup": n.to_bytes(32, "big"),
        "registered_at": now(),
    }


def _without_nik(owner: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in owner.items() if name != "nik"}


def _animal(animal_id: UUID, keeper_id: UUID, village: str) -> dict[str, Any]:
    return {
        "id": animal_id,
        "keeper_id": keeper_id,
        "village": village,
        "species": Species.CATTLE,
        "sex": Sex.MALE,
        "birth_date": today() - timedelta(days=900),
        "verification": Verification.SEEN,
        "seen_at": now(),
        "registered_at": now(),
        "state": AnimalState.PRESENT,
    }


def _tag(animal_id: UUID, code: str) -> dict[str, Any]:
    kind = IdentifierKind.TAG
    return {"id": uuid7(), "animal_id": animal_id, "kind": kind, "value": code, "given_at": now()}


def _write(table: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(table), rows)


def _campaign(village: str) -> UUID:
    plan = PlanCampaign(
        name="LSD Lunyuk 2026",
        disease=Disease.LSD,
        region=LUNYUK,
        starts_on=today() - timedelta(days=2),
        ends_on=today() + timedelta(days=30),
        product_id=product().id,
    )
    with transaction():
        plan_campaign(plan, by=OPERATOR)
        villages = tuple({village, LUNYUK_ODE})
        add_villages(AddVillages(campaign_id=plan.id, villages=villages), by=OPERATOR)
        take_step(TakeStep(campaign_id=plan.id, action="open"), by=OPERATOR)
    return plan.id
