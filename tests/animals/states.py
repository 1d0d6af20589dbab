"""Animals that are not there any more, for tests."""

from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.models import Animal, AnimalState, ObservationKind, Verification
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR


def become(animal: Animal, state: AnimalState) -> None:
    seen = Circumstances(
        kind=ObservationKind.MUTATED, basis=Verification.SEEN, village=animal.village
    )
    with transaction():
        mine = db.session.get_one(Animal, animal.id)
        change_animal(mine, {"state": state, "state_at": now()}, seen, by=OPERATOR)


def die(animal: Animal) -> None:
    become(animal, AnimalState.DEAD)
