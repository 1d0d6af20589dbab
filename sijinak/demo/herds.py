"""Animals: who owns how many, and what each looks like. Column by column, for speed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sijinak.animals.models import IdentifierKind, Precision, Sex, Species, Verification
from sijinak.demo.chance import Names, Picker, rows_of

SEEN = 0.85
_MOST_MONTHS = 120
_MOST_DAYS = _MOST_MONTHS * 31 + 31 + 730
_HORNED = {"cattle", "buffalo", "goat", "sheep"}
_LARGE = {"cattle", "buffalo", "horse"}
_TOOTHED = {"cattle": 1.0, "buffalo": 1.3, "goat": 0.7, "sheep": 0.7}
_MALES = {"cattle": 34, "buffalo": 36, "horse": 42, "goat": 35, "sheep": 38, "pig": 40}
_FIRST_CALF, _BETWEEN = 36, 14  # months, cattle and buffalo
_GROWN = 20
_BALI, _BULL, _COW = "Sapi Bali", "hitam", "merah bata"
_NEW, _SHORT = "tanduk baru tumbuh", "tanduk pendek"
_BRANDED, _EARTAGGED, _SPECIAL = 0.35, 0.4, 0.22


@dataclass(frozen=True, slots=True)
class Officer:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Herd:
    keeper: UUID
    hamlet: str
    species: str
    size: int


@dataclass(frozen=True, slots=True)
class Parade:
    """Herds of one species, in the order in which their animals stood before the registrar."""

    herds: Sequence[Herd]
    village: str
    moments: Sequence[datetime]
    by: Officer

    @property
    def species(self) -> str:
        return self.herds[0].species


@dataclass(slots=True)
class Animals:
    """The columns of animals, and what vaccinators ask about them."""

    columns: dict[str, list[Any]]
    species: str
    by: Officer

    @property
    def ids(self) -> list[UUID]:
        return self.columns["id"]


def herd_sizes(count: int, chance: Random) -> list[int]:
    """Most have a few, some have thirty."""
    sizes = []
    while count > 0:
        size = min(1 + int(30 * chance.random() ** 3.2), 30, count)
        sizes.append(size)
        count -= size
    return sizes


class Herds:
    """Makes the animals of one village after another."""

    def __init__(self, seed: int, names: Names, day: date) -> None:
        self._chance = Random(f"{seed} herds")  # noqa: S311 - repeatable on purpose
        self._names = names
        self._day = day
        self._breeds = _pickers("breeds.csv", "breed", by="species")
        self._colours = _pickers("colours.csv", "colour", by="species")
        self._marks = _pickers("marks.csv", "text", by="kind")
        self._births = [day - timedelta(days=n) for n in range(_MOST_DAYS)]
        self._eartags = 0

    def animals(self, parade: Parade) -> Animals:
        """Of any age and sex, as farmers have them."""
        chance, species = self._chance, parade.species
        count = len(parade.moments)
        months = [3 + int((_MOST_MONTHS - 3) * chance.random() ** 1.8) for _ in range(count)]
        male = [chance.random() * 100 < _MALES[species] for _ in range(count)]
        return self.of(parade, months, male)

    def of(
        self, parade: Parade, months: list[int], male: list[bool], *, seen_share: float = SEEN
    ) -> Animals:
        """Of these ages and sexes."""
        herds, moments, by = parade.herds, parade.moments, parade.by
        chance, species, count = self._chance, parade.species, len(months)
        seen = [chance.random() < seen_share for _ in months]
        breeds = self._breeds[species].some(chance, count)
        columns: dict[str, list[Any]] = {
            "id": self._names.at(moments),
            "keeper_id": [herd.keeper for herd in herds for _ in range(herd.size)],
            "village": [parade.village] * count,
            "hamlet": [herd.hamlet for herd in herds for _ in range(herd.size)],
            "species": [Species(species)] * count,
            "breed": breeds,
            "sex": [Sex.MALE if m else Sex.FEMALE for m in male],
            **self._ages(species, months, moments[0].date()),
            "colour": self._colours_of(species, breeds, months, male),
            **self._marks_of(herds, months),
            **_motherhood(chance, species, months, male),
            "verification": [Verification.SEEN if s else Verification.DECLARED for s in seen],
            "seen_at": [moment if s else None for s, moment in zip(seen, moments, strict=True)],
            "seen_by": [by.id if s else None for s in seen],
            "registered_at": list(moments),
            "registered_by": [by.id] * count,
        }
        return Animals(columns, species, by)

    def identifiers(self, animals: Animals) -> dict[str, list[Any]]:
        """Our tag for each, and the national ear tag for some cattle and buffalo that were seen."""
        ids, moments = animals.ids, animals.columns["registered_at"]
        worn = self._eartagged(animals)
        owners = ids + [ids[n] for n in worn]
        given = moments + [moments[n] for n in worn]
        first, self._eartags = self._eartags, self._eartags + len(worn)
        kinds = [IdentifierKind.TAG] * len(ids) + [IdentifierKind.EARTAG] * len(worn)
        numbers = [f"5204{first + n + 1:08}" for n in range(len(worn))]
        return {
            "id": self._names.at(given),
            "animal_id": owners,
            "kind": kinds,
            "value": [*self._names.tag_codes(len(ids)), *numbers],
            "given_at": given,
            "given_by": [animals.by.id] * len(given),
        }

    def _eartagged(self, animals: Animals) -> list[int]:
        if animals.species not in {"cattle", "buffalo"}:
            return []
        seen, chance = animals.columns["seen_at"], self._chance
        return [n for n, at in enumerate(seen) if at and chance.random() < _EARTAGGED]

    def _ages(self, species: str, months: list[int], day: date) -> dict[str, list[Any]]:
        """The younger, the better the birth is known; teeth tell the rest."""
        births, chance, pace = self._births, self._chance, _TOOTHED.get(species)
        since = (self._day - day).days
        days = [since + int(month * 30.4 + 30 * chance.random()) for month in months]
        return {
            "birth_date": [births[day] for day in days],
            "birth_precision": [_precision(month) for month in months],
            "teeth": [None if pace is None else _teeth(month / pace) for month in months],
        }

    def _colours_of(
        self, species: str, breeds: list[str], months: list[int], male: list[bool]
    ) -> list[str]:
        colours = self._colours[species].some(self._chance, len(breeds))
        if species != "cattle":
            return colours
        return [
            colour if breed != _BALI else _BULL if m and month > _GROWN else _COW
            for colour, breed, month, m in zip(colours, breeds, months, male, strict=True)
        ]

    def _marks_of(self, herds: Sequence[Herd], months: list[int]) -> dict[str, list[str]]:
        chance, species, count = self._chance, herds[0].species, len(months)
        none = [""] * count
        pick = {kind: picker.some(chance, count) for kind, picker in self._marks.items()}
        brands = [self._brand(species) for _ in herds]
        return {
            "horns": _horns(pick["horns"], months) if species in _HORNED else none,
            "ears": pick["ears"],
            "whorls": pick["whorls"] if species in _LARGE else none,
            "brand": [b for b, herd in zip(brands, herds, strict=True) for _ in range(herd.size)],
            "special_marks": [
                mark if chance.random() < _SPECIAL else "" for mark in pick["special"]
            ],
        }

    def _brand(self, species: str) -> str:
        if species not in _LARGE or self._chance.random() > _BRANDED:
            return ""
        return self._marks["brand"].one(self._chance)


def _precision(months: int) -> Precision:
    if months < 12:  # noqa: PLR2004
        return Precision.EXACT
    return Precision.MONTH if months < 24 else Precision.ESTIMATED  # noqa: PLR2004


def _teeth(months: float) -> int:
    """Pairs of permanent incisors of cattle: the first at 18 months, the last at four years."""
    return sum(months >= least for least in (18, 27, 36, 46))


def _horns(picked: list[str], months: list[int]) -> list[str]:
    """What is too early or too late for an animal's age becomes what fits."""
    return [
        _NEW if month < 10 else _SHORT if horns == _NEW else horns  # noqa: PLR2004
        for horns, month in zip(picked, months, strict=True)
    ]


def _motherhood(
    chance: Random, species: str, months: list[int], male: list[bool]
) -> Mapping[str, list[Any]]:
    if species not in _TOOTHED:
        return {"calvings": [None] * len(male), "is_pregnant": [None] * len(male)}
    first = int(_FIRST_CALF * _TOOTHED[species])
    return {
        "calvings": [
            None if m else max(0, (month - first) // _BETWEEN + 1) if month >= first else 0
            for month, m in zip(months, male, strict=True)
        ],
        "is_pregnant": [
            None if m or month < first - 9 else chance.random() < 0.3  # noqa: PLR2004
            for month, m in zip(months, male, strict=True)
        ],
    }


def _pickers(name: str, column: str, *, by: str) -> dict[str, Picker]:
    rows = rows_of(name)
    return {
        kind: Picker.of((row[column], int(row["weight"])) for row in rows if row[by] == kind)
        for kind in dict.fromkeys(row[by] for row in rows)
    }
