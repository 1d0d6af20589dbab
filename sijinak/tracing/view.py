"""A trace as people read it: what is out of reach keeps its day and its kecamatan, and no name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sijinak.animals.models import Animal
from sijinak.animals.queries import live_tags
from sijinak.areas.models import Region
from sijinak.areas.queries import full_name, place_name
from sijinak.core.codes import spaced
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import KeeperFacts, keeper_facts
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

    def cells(self) -> tuple[object, ...]:
        """For a table to take away."""
        one = self.found
        return (
            one.move.on.isoformat(), label(one.way), label(one.move.kind), self.tag, self.giver,
            self.origin, self.receiver, self.goal, label(one.why), one.level,
        )  # fmt: skip


def lines_of(trace: Trace, *, by: Actor) -> Iterator[Line]:
    """In the order of time, read in pieces so that a long one can be sent while it is made."""
    for start in range(0, len(trace.found), AT_ONCE):
        yield from _lines(trace.found[start : start + AT_ONCE], by)


def name_of(start: Animal | Keeper | Region) -> str:
    match start:
        case Animal():
            return _tags([start.id]).get(start.id, "–")
        case Keeper():
            return start.name
        case Region():
            return place_name(start.code)


def _lines(found: Sequence[Found], by: Actor) -> Iterator[Line]:
    moves = [one.move for one in found]
    tags = _tags({move.animal_id for move in moves})
    ids = {i for move in moves for i in (move.from_holding, move.to_holding) if i is not None}
    keepers = keeper_facts(ids)
    for one in found:
        move = one.move
        yield Line(
            found=one,
            tag=tags.get(move.animal_id, "–"),
            giver=_person(move.from_holding, keepers, by),
            origin=_place(move.from_place, by),
            receiver=_person(move.to_holding, keepers, by),
            goal=_place(move.to_place, by),
        )


def _person(keeper_id: UUID | None, keepers: dict[UUID, KeeperFacts], by: Actor) -> str:
    known = keepers.get(keeper_id) if keeper_id is not None else None
    if known is None:
        return "–"
    return known.name if _reaches(by, known.village) else _(HIDDEN)


def _place(region: str, by: Actor) -> str:
    if not region:
        return "–"
    if _reaches(by, region):
        return full_name(region)
    return place_name(region[:KECAMATAN])


def _reaches(by: Actor, region: str) -> bool:
    return may(by, Permission.MOVEMENT_TRACE, region=region)


def _tags(animal_ids: Iterable[UUID]) -> dict[UUID, str]:
    found = live_tags(list(animal_ids))
    return {animal_id: spaced(tag.value) for animal_id, tag in found.items()}
