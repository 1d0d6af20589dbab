"""Owners: names that fit together, a NIK that fits birth, sex and place, a telephone number."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sijinak.core.crypto import keyring, sealed_place
from sijinak.demo.chance import Names, Picker, lines_of, rows_of
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.queries import name_key

MALE, FEMALE = "male", "female"
# Out of a hundred; where pigs are kept, so are Balinese temples.
PEOPLES = (("samawa", 74), ("sasak", 11), ("jawa", 9), ("bali", 6))
PIG_FARMERS = "bali"
ALONE = ("samawa", "jawa")  # elsewhere the first name is a title or an order of birth
_WOMEN = 40
_SERIALS = 600  # a village's own, of the 9999 that a NIK has for a day
_AREA = len("52.04.02")
HAMLETS = lines_of("hamlets.txt")


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    people: str
    village: str
    hamlet: str
    met_at: datetime


class People:
    """Makes the owners of one village after another."""

    def __init__(self, seed: int, names: Names, day: date) -> None:
        self._chance = Random(f"{seed} people")  # noqa: S311 - repeatable on purpose
        self._names = names
        self._day = day
        self._peoples = Picker.of(PEOPLES)
        self._given = _pickers("given_names.csv")
        self._second = _pickers("family_or_second_names.csv")

    def peoples(self, count: int) -> list[str]:
        return self._peoples.some(self._chance, count)

    def rows(self, persons: list[Person], place: int) -> dict[str, list[Any]]:
        """The columns of the keepers of one village; ``place`` tells it from its neighbours."""
        births: Counter[str] = Counter()
        made = [self._row(person, place, births) for person in persons]
        return dict(zip(COLUMNS, map(list, zip(*made, strict=True)), strict=True))

    def name(self, people: str, sex: str) -> str:
        given = self._given[people, sex].one(self._chance)
        if people in ALONE and self._chance.random() < _ONE_NAME:
            return given
        second = self._second[people, sex].one(self._chance)
        return given if second in given else f"{given} {second}"

    def _row(self, person: Person, place: int, births: Counter[str]) -> tuple[Any, ...]:
        chance = self._chance
        sex = MALE if chance.random() < _MEN else FEMALE
        born = self._day - timedelta(days=int(365.25 * (20 + 55 * chance.random() ** 1.3)))
        name = self.name(person.people, sex)
        nik = _nik(person.village, born, sex, place, births)
        phone = f"08120000{chance.randrange(10_000):04}" if chance.random() < _PHONES else None
        return (
            person.id,
            KeeperKind.PERSON,
            name,
            name_key(name),
            person.village,
            person.hamlet,
            born,
            sex == FEMALE,
            keyring.seal(nik, sealed_place(_TABLE, "nik", person.id)),
            keyring.lookup("nik", nik),
            nik[-4:],
            phone and keyring.seal(phone, sealed_place(_TABLE, "phone", person.id)),
            phone and keyring.lookup("phone", phone),
            person.met_at,
        )


_MEN, _PHONES, _ONE_NAME = 0.82, 0.72, 0.28
_TABLE = Keeper.__tablename__
COLUMNS = (
    "id", "kind", "name", "name_key", "village", "hamlet", "birth_date", "is_woman",
    "nik_sealed",
    "nik_lookup", "nik_tail", "phone_sealed", "phone_lookup", "registered_at",
)  # fmt: skip


def _nik(village: str, born: date, sex: str, place: int, births: Counter[str]) -> str:
    day = born.day + (_WOMEN if sex == FEMALE else 0)
    birth = f"{day:02}{born:%m%y}"
    births[birth] += 1
    serial = place * _SERIALS + births[birth]
    return f"{village[:_AREA].replace('.', '')}{birth}{serial:04}"


def _pickers(name: str) -> dict[tuple[str, str], Picker]:
    """By people and sex; a name for any sex stands in both."""
    rows = rows_of(name)
    return {
        (people, sex): Picker.of(
            (row["name"], int(row["weight"]))
            for row in rows
            if row["people"] == people and row["sex"] in {sex, "any"}
        )
        for people, _ in PEOPLES
        for sex in (MALE, FEMALE)
    }
