"""A large herd, written straight into the tables."""

import os
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from sijinak.animals.models import (
    Animal,
    AnimalState,
    Identifier,
    IdentifierKind,
    Sex,
    Species,
    Verification,
)
from sijinak.core.clock import now
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.vaccinations.models import Disease, Standing, Vaccination
from tests.animals.factories import make_animal
from tests.vaccinations.factories import doses, vaccinate

DISEASES = (Disease.PMK, Disease.SE, Disease.LSD)


def big_herd(heads: int, villages: Sequence[str]) -> None:
    """Five animals an owner; each with a tag, an ear tag and three doses. Committed."""
    act = vaccinate(doses([make_animal()[0].id])).id
    owners = [uuid7() for _ in range(heads // 5)]
    animals = [(uuid7(), owners[place % len(owners)], place) for place in range(heads - 1)]
    with transaction():
        _write(Keeper, [_owner(one, villages[0]) for one in owners])
        _write(Animal, [_animal(*one, villages[one[2] % len(villages)]) for one in animals])
        _write(Identifier, [row for one, _, place in animals for row in _numbers(one, place)])
        _write(Vaccination, [row for one, _, _ in animals for row in _doses(one, act, villages[0])])


def _write(table: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(table), rows)


def _owner(keeper_id: UUID, village: str) -> dict[str, Any]:
    return {
        "id": keeper_id,
        "kind": KeeperKind.PERSON,
        "name": "Abdul Gani Rahman",
        "name_key": "abdul gani rahman",
        "village": village,
        "nik_lookup": os.urandom(32),
        "registered_at": now(),
    }


def _animal(animal_id: UUID, keeper_id: UUID, place: int, village: str) -> dict[str, Any]:
    return {
        "id": animal_id,
        "keeper_id": keeper_id,
        "village": village,
        "species": Species.CATTLE,
        "sex": Sex.FEMALE,
        "birth_date": date(2022, 1, 1) + timedelta(days=place % 900),
        "verification": Verification.SEEN,
        "seen_at": now(),
        "registered_at": now(),
        "state": AnimalState.PRESENT,
    }


def _numbers(animal_id: UUID, place: int) -> list[dict[str, Any]]:
    named = ((IdentifierKind.TAG, tag_code_of(place)), (IdentifierKind.EARTAG, f"ID52{place:08d}"))
    return [
        {"id": uuid7(), "animal_id": animal_id, "kind": kind, "value": value, "given_at": now()}
        for kind, value in named
    ]


def _doses(animal_id: UUID, act: UUID, village: str) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid7(),
            "act_id": act,
            "animal_id": animal_id,
            "disease": disease,
            "village": village,
            "given_at": now(),
            "given_on": date(2026, 6, 1),
            "next_due": date(2026, 12, 1),
            "standing": Standing.COUNTS,
        }
        for disease in DISEASES
    ]
