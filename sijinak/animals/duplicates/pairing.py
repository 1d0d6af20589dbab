"""Which records of one village look like one animal. Pure: records and rules in, pairs out.

Records that a rule asks to be the same are grouped, and sorted by its moment; each is compared
with the few that come after it, so that the work grows with the village and not with its square.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from sijinak.animals.duplicates.terms import Look, Terms

NEIGHBOURS = 40  # as many are compared with a record at most
# A herd of black bulls of one age: where so many look like one, a rule cannot tell them apart.
MOST_ALIKE = 10

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    points: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Village:
    """Its present animals; the numbers they have by kind; when tags of theirs were lost."""

    looks: Sequence[Look]
    numbers: Mapping[UUID, Sequence[tuple[str, str]]] = field(default_factory=dict)
    tags_ended: Mapping[UUID, Sequence[date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record at the moment that a rule looks at."""

    look: Look
    on: date = date.min
    is_ended: bool = False  # its tag ended then; of two one is, and the other came new


def pairs_in(village: Village, rules: Iterable[Rule]) -> dict[Pair, list[Rule]]:
    """Which rules hold for which pairs, the lower id first."""
    found: dict[Pair, list[Rule]] = defaultdict(list)
    for rule in rules:
        pairs = {pair for group in _groups(village, rule.terms) for pair in _within(group, rule)}
        partners = Counter(animal_id for pair in pairs for animal_id in pair)
        for pair in pairs:
            if max(partners[pair[0]], partners[pair[1]]) <= MOST_ALIKE:
                found[pair].append(rule)
    return found


def points_of(rules: Iterable[Rule]) -> int:
    """Hints add up, and never to certainty."""
    doubt = 1.0
    for rule in rules:
        doubt *= 1 - rule.points / 100
    return round(100 * (1 - doubt))


def _groups(village: Village, terms: Terms) -> Iterator[list[Sighting]]:
    groups: dict[Hashable, list[Sighting]] = defaultdict(list)
    for look in village.looks:
        if not terms.concern(look):
            continue
        for key in _keys(look, village, terms):
            groups[look.species, look.sex, key].extend(_sightings(look, village, terms))
    return (group for group in groups.values() if len(group) > 1)


def _keys(look: Look, village: Village, terms: Terms) -> set[Hashable]:
    if terms.number:
        numbers = village.numbers.get(look.id, ())
        return {number for kind, number in numbers if kind in terms.number}
    key = tuple(getattr(look, name) for name in terms.same)
    return {key} if all(key) else set()


def _sightings(look: Look, village: Village, terms: Terms) -> list[Sighting]:
    match terms.moment:
        case "":
            return [Sighting(look)]
        case "birth_date":
            return [Sighting(look, look.birth_date)] if look.birth_date else []
        case "registered_at":
            return [Sighting(look, look.registered_at.date())]
        case "tag_ended_at":
            ended = [
                Sighting(look, on, is_ended=True) for on in village.tags_ended.get(look.id, ())
            ]
            return [Sighting(look, look.registered_at.date()), *ended]
    raise ValueError(terms.moment)


def _within(group: list[Sighting], rule: Rule) -> Iterator[Pair]:
    terms = rule.terms
    group.sort(key=lambda sighting: sighting.on)
    for place, one in enumerate(group):
        for other in islice(group, place + 1, place + 1 + NEIGHBOURS):
            if other.on - one.on > timedelta(days=terms.days):
                break
            if _is_pair(one, other, terms) and terms.agree(one.look, other.look):
                first, second = sorted((one.look.id, other.look.id))
                yield first, second


def _is_pair(one: Sighting, other: Sighting, terms: Terms) -> bool:
    if one.look.id == other.look.id:
        return False
    if terms.moment != "tag_ended_at":
        return True
    if one.is_ended == other.is_ended:
        return False
    old, new = (one, other) if one.is_ended else (other, one)
    return old.look.registered_at < new.look.registered_at
