"""Records that may be one animal."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.duplicates.finding import find_duplicates
from sijinak.animals.duplicates.models import DuplicatePair, Merge
from sijinak.animals.duplicates.queries import Block
from sijinak.animals.duplicates.services import MergeAnimals, merge_animals
from sijinak.animals.models import Animal
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK_REA


def two_records(keeper: Keeper | None = None, **fields: Any) -> tuple[Animal, Animal]:
    """Of one owner, both present."""
    keeper = keeper or make_keeper()
    return make_animal(keeper, **fields)[0], make_animal(keeper, **fields)[0]


def search(village: str = LUNYUK_REA) -> int:
    with transaction():
        return find_duplicates(Block(village), by=OPERATOR)


def pairs() -> dict[frozenset[UUID], DuplicatePair]:
    db.session.expire_all()
    return {
        frozenset((p.first_id, p.second_id)): p for p in db.session.scalars(select(DuplicatePair))
    }


def rules_for(one: Animal, other: Animal) -> list[str]:
    """The rules that hold for these two, after a search."""
    search()
    pair = pairs().get(frozenset((one.id, other.id)))
    return pair.rule.split() if pair else []


def merge(kept: Animal, gone: Animal, *, by: Actor = OPERATOR, **fields: Any) -> Merge:
    told = {"kept_id": kept.id, "gone_id": gone.id, "reason": "Sapi yang sama", **fields}
    with transaction():
        return merge_animals(MergeAnimals(**told), by=by)
