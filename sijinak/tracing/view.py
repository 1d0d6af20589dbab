"""A trace as people read it: what is out of reach keeps its day and its kecamatan, and no name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.animals.models import Animal
from sijinak.animals.queries import live_tags
from sijinak.areas.models import Region
from sijinak.areas.queries import full_name, place_name
from sijinak.core.codes import spaced
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import keeper_facts
from sijinak.tracing.following import Found, Trace
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

AT_ONCE = 500
KECAMATAN = 8  # letters of a kecamatan in a region's code
HIDDEN = N_("outside your area")
HEAD = (
    N_("Day"), N_("Direction"), N_("What"), N_("Animal"), N_("From"), N_("From place"),
    N_("To"), N_("To place"), N_("Contact"), N_("Steps from the start"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    found: Found
    tag: str
    giver: str
    origin: str
    receiver: str
    goal: str
    named: tuple[UUID, ...]  # whose names stand in it

    def cells(self) -> tuple[object, ...]:
        """For a table to take away."""
        one = self.found
        return (
            one.move.on.isoformat(), label(one.way), label(one.move.kind), self.tag, self.giver,
            self.origin, self.receiver, self.goal, label(one.why), one.level,
        )  # fmt: skip


def lines_of(trace: Trace, *, by: Actor) -> Iterator[Line]:
    """In the order of time, read in pieces so that a long one can be sent while it is made."""
    words = _Words(by)
    for start in range(0, len(trace.found), AT_ONCE):
        yield from _lines(trace.found[start : start + AT_ONCE], words)


def name_of(start: Animal | Keeper | Region) -> str:
    match start:
        case Animal():
            return _tags([start.id]).get(start.id, "–")
        case Keeper():
            return start.name
        case Region():
            return place_name(start.code)


@dataclass(slots=True)
class _Words:
    """Each keeper and place is looked up once for a whole trace."""

    by: Actor
    people: dict[UUID, str] = field(default_factory=dict)
    named: set[UUID] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)

    def learn(self, ids: set[UUID]) -> None:
        for keeper_id, keeper in keeper_facts(ids - self.people.keys()).items():
            reached = self._reaches(keeper.village)
            self.people[keeper_id] = keeper.name if reached else _(HIDDEN)
            self.named |= {keeper_id} if reached else set()

    def person(self, keeper_id: UUID | None) -> str:
        return self.people.get(keeper_id, "–") if keeper_id is not None else "–"

    def place(self, region: str) -> str:
        if region not in self.places:
            self.places[region] = self._place(region)
        return self.places[region]

    def _place(self, region: str) -> str:
        if not region:
            return "–"
        if self._reaches(region):
            return full_name(region)
        return place_name(region[:KECAMATAN])

    def _reaches(self, region: str) -> bool:
        return may(self.by, Permission.MOVEMENT_TRACE, region=region)


def _lines(found: Sequence[Found], words: _Words) -> Iterator[Line]:
    moves = [one.move for one in found]
    tags = _tags({move.animal_id for move in moves})
    words.learn({i for m in moves for i in (m.from_holding, m.to_holding) if i is not None})
    for one in found:
        move = one.move
        yield Line(
            found=one,
            tag=tags.get(move.animal_id, "–"),
            giver=words.person(move.from_holding),
            origin=words.place(move.from_place),
            receiver=words.person(move.to_holding),
            goal=words.place(move.to_place),
            named=tuple(i for i in (move.from_holding, move.to_holding) if i in words.named),
        )


def _tags(animal_ids: Iterable[UUID]) -> dict[UUID, str]:
    found = live_tags(list(animal_ids))
    return {animal_id: spaced(tag.value) for animal_id, tag in found.items()}
