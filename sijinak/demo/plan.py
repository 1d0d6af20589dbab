"""How many animals stand where, and when the registrars came to a village."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sijinak.areas.queries import villages_in
from sijinak.core.clock import clock
from sijinak.demo.chance import largest_remainders, rows_of

SPECIES = ("cattle", "buffalo", "horse", "goat", "sheep", "pig")
LEAST_ANIMALS = 60
MOST_ANIMALS = 2_000_000
# Firms and their holding grounds: one animal in twenty, within bounds.
LEAST_HELD, MOST_HELD = 30, 300
PER_VILLAGE = 20  # fewer heads in a kecamatan stand in fewer of its villages
FIRST_VISIT, LAST_VISIT = timedelta(days=540), timedelta(days=45)
PER_DAY = 300
MORNING, WORKDAY = timedelta(hours=7, minutes=30), timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Visit:
    """A village, what is registered there, and the day on which that begins."""

    village: str
    place: int  # in its kecamatan, for serials that nobody else has
    heads: Mapping[str, int]
    begins: datetime

    @property
    def kecamatan(self) -> str:
        return self.village[:8]

    @property
    def animals(self) -> int:
        return sum(self.heads.values())

    def moments(self, count: int) -> list[datetime]:
        """When each of the animals stood before the registrar, by the minute."""
        days = [self.begins + timedelta(days=n) for n in range(-(-count // PER_DAY))]
        made: list[datetime] = []
        for day in days:
            left = min(PER_DAY, count - len(made))
            pace = WORKDAY.total_seconds() / 60 // left or 1
            made += [day + timedelta(minutes=int(n * pace)) for n in range(left)]
        return made


def held_by_firms(animals: int) -> int:
    return min(max(animals // 20, LEAST_HELD), MOST_HELD)


def visits(animals: int, day: date, chance: Random) -> list[Visit]:
    """The villages of farmers, first visited first. Each kecamatan has one animal or more."""
    places = list(_shares(animals, chance))
    chance.shuffle(places)
    span = (FIRST_VISIT - LAST_VISIT) / max(len(places), 1)
    start = midnight(day) - FIRST_VISIT + MORNING
    return [
        Visit(village, place, heads, start + timedelta(days=(span * n).days))
        for n, (village, place, heads) in enumerate(places)
    ]


def midnight(day: date) -> datetime:
    """The first moment of the office's day."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone)


def _shares(animals: int, chance: Random) -> Iterator[tuple[str, int, dict[str, int]]]:
    table = rows_of("population.csv")
    per_kecamatan = largest_remainders(
        animals - len(table), [sum(int(row[s]) for s in SPECIES) for row in table]
    )
    for row, extra in zip(table, per_kecamatan, strict=True):
        by_species = largest_remainders(extra + 1, [int(row[s]) for s in SPECIES])
        villages = _villages(row["kecamatan_code"], extra + 1)
        weights = [0.5 + chance.random() for _ in villages]
        per_village = [largest_remainders(count, weights) for count in by_species]
        for place, code in enumerate(villages):
            heads = {
                s: per_village[n][place] for n, s in enumerate(SPECIES) if per_village[n][place]
            }
            if heads:
                yield code, place, heads


def _villages(kecamatan: str, heads: int) -> list[str]:
    codes = sorted(place.code for place in villages_in(kecamatan))
    return codes[: max(1, heads // PER_VILLAGE)]
