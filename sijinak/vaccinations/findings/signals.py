"""What the doses of one officer on one day tell: hands too fast, places too far, codes only typed.

Pure: doses in, what is strange about them out. Desk records have one time for all animals and no
place, so only doses from a phone are looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

from sijinak.tags.watching import KECAMATAN, Limits, kilometres, too_far
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.models import ReadBy

WINDOW = timedelta(minutes=10)
LEAST_ROUND = 10  # animals; of fewer the share of typed codes says nothing
LEAST_KNOWN = 5  # positions of a village, before its middle is believed
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)  # a middle is of no hour
MOST_ACCURACY_M = 1000.0  # a guess of the network, not a position


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    act_id: UUID
    seen_at: datetime
    village: str
    read_by: ReadBy
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None

    @property
    def is_placed(self) -> bool:
        return self.latitude is not None and (self.accuracy_m or 0.0) <= MOST_ACCURACY_M


@dataclass(frozen=True, slots=True)
class Middle:
    """Where doses in a village, or in its kecamatan, are usually given."""

    village: str
    latitude: float | None
    longitude: float | None
    seen_at: datetime = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """``lorry``: how fast an officer gets from one place to another."""

    fastest: int
    far_km: int
    typed_percent: int
    lorry: Limits


@dataclass(frozen=True, slots=True)
class Signal:
    """Something strange about an act."""

    kind: FindingKind
    act_id: UUID
    facts: Mapping[str, Any]


def signals_of(
    doses: Sequence[Dose], middles: Mapping[str, Middle], bounds: Bounds
) -> list[Signal]:
    """Of the doses of one officer, in any order; each kind once for an act."""
    in_order = sorted(doses, key=lambda dose: dose.seen_at)
    found = [
        *_too_fast(in_order, bounds.fastest),
        *_elsewhere(in_order, middles, bounds.far_km),
        *_two_places(in_order, middles, bounds.lorry),
        *_only_typed(in_order, bounds.typed_percent),
    ]
    worst: dict[tuple[FindingKind, UUID], Signal] = {}
    for signal in found:
        worst.setdefault((signal.kind, signal.act_id), signal)
    return list(worst.values())


def middle_of(village: str, positions: Iterable[tuple[float, float]]) -> Middle | None:
    """The median of latitudes and of longitudes: a few false ones do not move it."""
    known = list(positions)
    if len(known) < LEAST_KNOWN:
        return None
    return Middle(village, median(p[0] for p in known), median(p[1] for p in known))


def _too_fast(doses: Sequence[Dose], fastest: int) -> Iterator[Signal]:
    """A window slides over all doses of the officer; the act of its last dose answers for it."""
    most: dict[UUID, int] = {}
    first = 0
    for last, dose in enumerate(doses):
        while dose.seen_at - doses[first].seen_at >= WINDOW:
            first += 1
        most[dose.act_id] = max(most.get(dose.act_id, 0), last - first + 1)
    for act_id, count in most.items():
        if count > fastest:
            facts = {"most": count, "allowed": fastest}
            yield Signal(FindingKind.TOO_FAST, act_id, facts)


def _elsewhere(
    doses: Sequence[Dose], middles: Mapping[str, Middle], far_km: int
) -> Iterator[Signal]:
    """The village's middle decides; where nobody knows it, the kecamatan's, at twice the way."""
    farthest: dict[UUID, tuple[float, str]] = {}
    for dose in filter(lambda dose: dose.is_placed, doses):
        known = middles.get(dose.village)
        middle = known or middles.get(dose.village[:KECAMATAN])
        km = kilometres(dose, middle) if middle else None
        if km is not None and km > (far_km if known else 2 * far_km):
            farthest[dose.act_id] = max(farthest.get(dose.act_id, (0.0, "")), (km, dose.village))
    for act_id, (km, village) in farthest.items():
        yield Signal(FindingKind.ELSEWHERE, act_id, {"km": round(km), "village": village})


def _two_places(
    doses: Sequence[Dose], middles: Mapping[str, Middle], lorry: Limits
) -> Iterator[Signal]:
    """Two doses that one person cannot both have given, by a lorry's speed."""
    spots = [spot for dose in doses if (spot := _spot(dose, middles)) is not None]
    for one, other in pairwise(spots):
        km = kilometres(one, other)
        if km is None or not too_far(one, other, lorry):
            continue
        minutes = round((other.seen_at - one.seen_at) / timedelta(minutes=1))
        facts = {"villages": [one.village, other.village], "minutes": minutes, "km": round(km)}
        yield Signal(FindingKind.ELSEWHERE, other.act_id, facts)


def _spot(dose: Dose, middles: Mapping[str, Middle]) -> Dose | None:
    """With its position, or that of the village that it names."""
    if dose.is_placed:
        return dose
    middle = middles.get(dose.village)
    if middle is None:
        return None
    return replace(dose, latitude=middle.latitude, longitude=middle.longitude)


def _only_typed(doses: Sequence[Dose], most_percent: int) -> Iterator[Signal]:
    rounds: dict[UUID, list[ReadBy]] = defaultdict(list)
    for dose in doses:
        rounds[dose.act_id].append(dose.read_by)
    for act_id, ways in rounds.items():
        typed = ways.count(ReadBy.TYPED)
        if len(ways) >= LEAST_ROUND and typed * 100 > most_percent * len(ways):
            yield Signal(FindingKind.ONLY_TYPED, act_id, {"typed": typed, "of": len(ways)})
