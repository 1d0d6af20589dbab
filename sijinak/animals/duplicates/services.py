"""What people decide about two records: two animals, or one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.animals.duplicates.joining import join, part
from sijinak.animals.duplicates.models import DuplicatePair, DuplicateRule, Merge, PairState
from sijinak.animals.duplicates.queries import (
    held_with_root,
    lived_on,
    merge_by_id,
    pair_of,
    stood_for,
)
from sijinak.animals.holding import holding
from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.mutations.writing import InOpenMutation, NeedsReason
from sijinak.animals.queries import animals_to_change
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

BY_HAND = "by-hand"  # people compared them, no rule


class SameRecord(Invalid):
    """Two codes of one animal are one record."""

    code = "same-record"


class NotBothPresent(Conflict):
    code = "not-both-present"


class OwnersDiffer(Conflict):
    """Which of the two it belongs to is no matter of a merge."""

    code = "owners-differ"


class KindsDiffer(Conflict):
    """Of species or sex."""

    code = "kinds-differ"


class PairDecided(Conflict):
    """Somebody decided about the pair after this form was opened."""

    code = "pair-decided"


class AlreadyUnmerged(Conflict):
    code = "already-unmerged"


class LivedOn(Conflict):
    """Since the merge the one that stands was sold, lent, died or the like."""

    code = "merge-lived-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellApart:
    """They are two animals. ``state_seen`` is the pair's state as the form showed it."""

    id: UUID = field(default_factory=uuid7)
    first_id: UUID
    second_id: UUID
    state_seen: PairState = PairState.OPEN
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeAnimals:
    """They are one animal: one record stands for both from now on."""

    id: UUID = field(default_factory=uuid7)
    kept_id: UUID
    gone_id: UUID
    state_seen: PairState = PairState.OPEN
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeAnimals:
    id: UUID = field(default_factory=uuid7)
    merge_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRule:
    """``region`` is all that the register covers: a rule holds in the whole of it."""

    id: UUID = field(default_factory=uuid7)
    rule_id: UUID
    is_active: bool
    region: str


def tell_apart(command: TellApart, *, by: Actor) -> DuplicatePair:
    """The pair is never proposed again. Raises NotFound, NotBothPresent, PairDecided."""
    require(by, Permission.DUPLICATE_REVIEW)
    animals = _held((command.first_id, command.second_id), by=by)
    pair = _pair(animals)
    if first_time(command, by=by):
        _check_undecided(pair, animals, command.state_seen)
        _decide(pair, PairState.DIFFERENT, command.reason, by=by)
        events.record("animal.told-apart", pair, by=by, region=pair.region, **_facts(pair))
    return pair


def merge_animals(command: MergeAnimals, *, by: Actor) -> Merge:
    """Nothing of either is deleted or moved; readers join them by ``same_animals``.

    Raises NotFound, InOpenMutation, AnimalHeld and the errors above.
    """
    require(by, Permission.DUPLICATE_REVIEW)
    animals = _held((command.kept_id, command.gone_id), by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Merge, command.id)
    pair = _pair(animals)
    _check_undecided(pair, animals, command.state_seen)
    _check_one_animal(animals)
    kept, gone = sorted(animals, key=lambda animal: animal.id != command.kept_id)
    _decide(pair, PairState.MERGED, command.reason, by=by)
    merge = Merge(
        id=command.id, kept_id=kept.id, gone_id=gone.id, identifiers=[],
        merged_at=now(), merged_by=by.id, merged_by_name=by.name, reason=command.reason,
    )  # fmt: skip
    join(merge, kept, gone, by=by)
    db.session.add(merge)
    events.record("animal.merged", merge, by=by, region=kept.village, **_facts(merge))
    return merge


def unmerge_animals(command: UnmergeAnimals, *, by: Actor) -> Merge:
    """The record that went stands again as it was; what was merged into it before stays with it.

    What was written since at the one that stood for both remains there. Raises AlreadyUnmerged,
    LivedOn, InOpenMutation, AnimalHeld.
    """
    require(by, Permission.DUPLICATE_REVIEW)
    merge = held_with_root(merge_by_id(command.merge_id, by=by))
    if not first_time(command, by=by):
        return merge
    if merge.unmerged_at is not None:
        raise AlreadyUnmerged
    if not command.reason.strip():
        raise NeedsReason
    if lived_on(merge):
        raise LivedOn
    _check_free(stood_for(merge))
    merge.unmerged_at, merge.unmerged_by = now(), by.id
    merge.unmerged_because = command.reason
    part(merge, by=by)
    if pair := pair_of(merge.kept_id, merge.gone_id):
        _decide(pair, PairState.DIFFERENT, command.reason, by=by)
    gone = db.session.get_one(Animal, merge.gone_id)
    events.record("animal.unmerged", merge, by=by, region=gone.village, **_facts(merge))
    return merge


def switch_rule(command: SwitchRule, *, by: Actor) -> DuplicateRule:
    require(by, Permission.DUPLICATE_REVIEW, region=command.region)
    rule = db.session.get(DuplicateRule, command.rule_id)
    if rule is None:
        raise NotFound(rule_id=str(command.rule_id))
    if first_time(command, by=by):
        rule.is_active = command.is_active
        facts = {"rule": rule.code, "is_active": rule.is_active}
        events.record("duplicates.rule-switched", rule, by=by, region=command.region, **facts)
    return rule


def _held(ids: Collection[UUID], *, by: Actor) -> list[Animal]:
    """Both, until the end. Of two who decide at once, the second sees what the first did."""
    if len(set(ids)) == 1:
        raise SameRecord
    return animals_to_change(ids, by=by, permission=Permission.DUPLICATE_REVIEW)


def _pair(animals: Sequence[Animal]) -> DuplicatePair:
    """As the rules found it, or a new one that people found."""
    first, second = animals
    if pair := pair_of(first.id, second.id):
        return pair
    pair = DuplicatePair(
        first_id=first.id, second_id=second.id, region=first.village, rule=BY_HAND, points=0,
        state=PairState.OPEN, found_at=now(), reason="",
    )  # fmt: skip
    db.session.add(pair)
    return pair


def _check_undecided(pair: DuplicatePair, animals: Sequence[Animal], state_seen: PairState) -> None:
    """Raises PairDecided, NotBothPresent."""
    if pair.state is not state_seen:
        raise PairDecided
    if any(animal.state is not AnimalState.PRESENT for animal in animals):
        raise NotBothPresent


def _check_one_animal(animals: Sequence[Animal]) -> None:
    """What would have to be put right before the two can be one. Raises as merge_animals says."""
    one, other = animals
    if one.keeper_id != other.keeper_id:
        raise OwnersDiffer
    if (one.species, one.sex) != (other.species, other.sex):
        raise KindsDiffer
    _check_free([one.id, other.id])


def _check_free(ids: Collection[UUID]) -> None:
    """Raises InOpenMutation, AnimalHeld."""
    if open_ones := animals_in_open_mutation(ids):
        raise InOpenMutation(count=len(open_ones))
    holding.refuse(ids)


def _decide(pair: DuplicatePair, state: PairState, reason: str, *, by: Actor) -> None:
    """Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason
    pair.state, pair.reason, pair.decided_at = state, reason, now()
    pair.decided_by, pair.decided_by_name = by.id, by.name


def _facts(subject: DuplicatePair | Merge) -> dict[str, str]:
    names = ("kept_id", "gone_id") if isinstance(subject, Merge) else ("first_id", "second_id")
    return {name.removesuffix("_id"): str(getattr(subject, name)) for name in names}
