"""How one record comes to stand for another, and how the other stands again.

``merged_into_id`` always names the record that stands, however long the chain of merges is; the
merges say who was merged into whom.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.changing import Circumstances, Values, change_animal
from sijinak.animals.duplicates.models import Merge
from sijinak.animals.duplicates.queries import merged_below
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    ObservationKind,
    Verification,
)
from sijinak.animals.naming import end, revive
from sijinak.animals.queries import identifiers_of, same_animals
from sijinak.animals.skkt.striking import strike_lines, unstrike_lines
from sijinak.core.db import db
from sijinak.core.permissions import Actor

BECAUSE = "merged"  # what a struck line of a sheet says


def join(merge: Merge, kept: Animal, gone: Animal, *, by: Actor) -> None:
    """The caller holds both."""
    below = same_animals(gone.id)[1:]
    merge.identifiers = _end_names(gone, by=by)
    left = {"state": AnimalState.MERGED, "state_at": merge.merged_at, "merged_into_id": kept.id}
    _change([gone.id], left, merge, by=by)
    _change(below, {"merged_into_id": kept.id}, merge, by=by)
    _change([kept.id], {}, merge, by=by)
    strike_lines([gone.id], because=BECAUSE, cause_id=merge.id, by=by)


def part(merge: Merge, *, by: Actor) -> None:
    """The caller holds the one that stands for both."""
    back = {"state": AnimalState.PRESENT, "state_at": None, "merged_into_id": None}
    _change([merge.gone_id], back, merge, by=by)
    _change(merged_below(merge.gone_id), {"merged_into_id": merge.gone_id}, merge, by=by)
    _change([merge.kept_id], {}, merge, by=by)
    gone = db.session.get_one(Animal, merge.gone_id)
    ended = select(Identifier).where(Identifier.id.in_([UUID(i) for i in merge.identifiers]))
    for identifier in db.session.scalars(ended):
        revive(identifier, by=by, region=gone.village)
    unstrike_lines(merge.id, by=by)


def _end_names(gone: Animal, *, by: Actor) -> list[str]:
    """Those that end with this merge; they still lead to the record that stands."""
    live = [name for name in identifiers_of(gone.id) if name.ended_at is None]
    for name in live:
        end(name, EndReason.MERGED, by=by, region=gone.village)
    return [str(name.id) for name in live]


def _change(animal_ids: Sequence[UUID], values: Values, merge: Merge, *, by: Actor) -> None:
    """Set the columns of these; without any, note at the animal that it was joined or parted."""
    parted = merge.unmerged_at is not None
    asked = select(Animal).where(Animal.id.in_(animal_ids)).order_by(Animal.id)
    for animal in db.session.scalars(asked.execution_options(populate_existing=True)):
        because = Circumstances(
            kind=ObservationKind.UNMERGED if parted else ObservationKind.MERGED,
            basis=Verification.DECLARED,
            village=animal.village,
            reason=merge.unmerged_because if parted else merge.reason,
            cause_id=merge.id,
        )
        change_animal(animal, values, because, by=by)
