"""Who gives and who receives, named as far as the person who looks may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sijinak.animals.mutations.models import AGREED_KINDS, Mutation, Side
from sijinak.animals.mutations.queries import answered_by
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.queries import KeeperFacts, keeper_facts

Sides = tuple[KeeperFacts | None, KeeperFacts | None]


def sides_shown(mutations: Sequence[Mutation], by: Actor) -> dict[UUID, Sides]:
    """Giver and receiver of each.

    Whoever proposes types a number: it must not tell them whose it is, until its owner answers.
    """
    ids = {one for m in mutations for one in (m.from_keeper_id, m.to_keeper_id) if one}
    keepers = keeper_facts(ids)
    answered = answered_by(Side.RECEIVER, [mutation.id for mutation in mutations])
    shown: dict[UUID, Sides] = {}
    for mutation in mutations:
        giver, receiver = (
            keepers.get(one) if one else None
            for one in (mutation.from_keeper_id, mutation.to_keeper_id)
        )
        if receiver and mutation.id not in answered and _is_guesser(mutation, by):
            receiver = replace(receiver, name=initials(receiver.name), number_masked="")
        shown[mutation.id] = giver, receiver
    return shown


def named_in(shown: Mapping[UUID, Sides]) -> list[UUID]:
    """Those whose whole name stands there."""
    return [one.id for sides in shown.values() for one in sides if one and is_named(one)]


def is_named(one: KeeperFacts) -> bool:
    """Not by initials."""
    return "…" not in one.name


def initials(name: str) -> str:
    return " ".join(f"{word[0]}…" for word in name.split())


def _is_guesser(mutation: Mutation, by: Actor) -> bool:
    """No officer of either village, and not the receiver."""
    if mutation.kind not in AGREED_KINDS or mutation.to_keeper_id is None:
        return False
    villages = filter(None, (mutation.region, mutation.to_village))
    return not any(
        may(by, Permission.MUTATION_READ, region=village, keeper_id=mutation.to_keeper_id)
        for village in villages
    )
