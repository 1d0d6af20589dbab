"""An animal gets another tag. Its record stays, and the old code still leads there."""

from sijinak.animals.changing import observe
from sijinak.animals.models import EndReason, Verification
from sijinak.animals.mutations.commands import RetagAnimal
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.writing import (
    ChangedMeanwhile,
    Facts,
    check_animals,
    circumstances,
    write_done,
)
from sijinak.animals.naming import end, give_tag
from sijinak.animals.queries import animal_to_change, live_tags
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

WHYS = (
    EndReason.LOST, EndReason.BROKEN, EndReason.STOLEN, EndReason.REPRINTED, EndReason.MISTAKE,
)  # fmt: skip

NO_TAG = "-"


class NotAReason(Invalid):
    code = "not-a-reason-to-retag"


def retag_animal(command: RetagAnimal, *, by: Actor) -> Mutation:
    """Raises NotFound, NotPresent, InOpenMutation, ChangedMeanwhile, TagTaken, TagNotUsable."""
    require(by, Permission.MUTATION_RECORD)
    animal = animal_to_change(command.animal_id, by=by, permission=Permission.MUTATION_RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(Mutation, command.id)
    if command.why not in WHYS:
        raise NotAReason
    check_animals(MutationKind.RETAG, [animal], today())
    old = live_tags([animal.id]).get(animal.id)
    if command.shown not in {"", old.value if old else NO_TAG}:
        raise ChangedMeanwhile
    if old is not None:
        end(old, command.why, by=by, region=animal.village)
        db.session.flush()  # an animal wears one tag, at no moment two
    new = give_tag(animal, command.code, by=by)
    db.session.flush()
    if old is not None:
        old.replaced_by_id = new.id
    facts = Facts(
        id=command.id,
        kind=MutationKind.RETAG,
        happened_on=today(),
        from_keeper_id=animal.keeper_id,
        details={"why": command.why, "old": old.value if old else "", "new": new.value},
    )
    seen = circumstances(facts, animal.village, Verification.SEEN)
    return write_done(facts, animal.village, [observe(animal, {}, {}, seen, by=by)], by=by)
