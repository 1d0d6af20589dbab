"""Records that something happened to are compared with those around them."""

from uuid import UUID

from sqlalchemy import Select, select

from sijinak.animals.duplicates.finding import find_duplicates
from sijinak.animals.duplicates.models import Merge
from sijinak.animals.duplicates.queries import blocks_of
from sijinak.animals.models import Animal
from sijinak.animals.mutations.models import MutationAnimal
from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER

# What makes a record look like another one, or no longer.
WHEN = (
    "animal.registered", "animal.seen", "animal.list-imported", "animal.unmerged",
    "mutation.recorded", "mutation.acknowledged", "mutation.undone",
)  # fmt: skip


def look_for_doubles(event: Event) -> None:
    """Each block in a transaction of its own; done again, it finds the same pairs."""
    for block, animal_ids in blocks_of(_animals_of(event)).items():
        with transaction():
            find_duplicates(block, by=WORKER, of=animal_ids)


def _animals_of(event: Event) -> Select[UUID]:
    match event.subject_type:
        case "mutations":
            asked = select(MutationAnimal.animal_id)
            return asked.where(MutationAnimal.mutation_id == event.subject_id)
        case "import_batches":
            return select(Animal.id).where(Animal.batch_id == event.subject_id)
        case "merges":
            return select(Merge.gone_id).where(Merge.id == event.subject_id)
    return select(Animal.id).where(Animal.id == event.subject_id)
