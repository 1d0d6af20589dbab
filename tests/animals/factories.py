"""Herds for tests."""

from itertools import count
from typing import Any

from sijinak.animals.models import Animal, Sex, Species, Verification
from sijinak.animals.queries import live_tags
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.services import RegisterKeeper, register_keeper
from tests.factories import LUNYUK_REA

_serials = count(1)


def person(**fields: object) -> RegisterKeeper:
    """A person to register, with a NIK nobody else has."""
    defaults: dict[str, Any] = {
        "kind": KeeperKind.PERSON,
        "name": "Abdul Hamid",
        "village": LUNYUK_REA,
        "nik": f"520402150380{next(_serials):04d}",
    }
    return RegisterKeeper(**{**defaults, **fields})


def firm(**fields: object) -> RegisterKeeper:
    defaults: dict[str, Any] = {
        "kind": KeeperKind.FIRM,
        "name": "CV Samawa Ternak",
        "village": LUNYUK_REA,
        "nib": f"91200{next(_serials):08d}",
    }
    return RegisterKeeper(**{**defaults, **fields})


def bull(keeper_id: object, **fields: object) -> RegisterAnimal:
    """A Bali bull that was seen."""
    defaults: dict[str, Any] = {
        "keeper_id": keeper_id,
        "village": LUNYUK_REA,
        "species": Species.CATTLE,
        "breed": "Sapi Bali",
        "sex": Sex.MALE,
        "colour": "hitam",
        "verification": Verification.SEEN,
    }
    return RegisterAnimal(**{**defaults, **fields})


def make_keeper(command: RegisterKeeper | None = None) -> Keeper:
    """Committed. Inside the app's context."""
    with transaction():
        return register_keeper(command or person(), by=OPERATOR)


def make_animal(keeper: Keeper | None = None, **fields: object) -> tuple[Animal, str]:
    """A committed animal and its tag code. Inside the app's context."""
    keeper = keeper or make_keeper()
    with transaction():
        animal = register_animal(bull(keeper.id, **fields), by=OPERATOR)
    return animal, live_tags([animal.id])[animal.id].value
