"""What is written for one place: owners, animals, tags and vaccinations, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import select

from sijinak.animals.models import Animal, Identifier, Observation
from sijinak.animals.population.keeping import note_loaded
from sijinak.areas.models import Region
from sijinak.core.bulk import insert
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.model import Model
from sijinak.core.permissions import OPERATOR
from sijinak.demo.campaigns import Campaigns
from sijinak.demo.chance import Names
from sijinak.demo.evidence import keeper_words, new_words, observations
from sijinak.demo.herds import Animals, Herd, Herds, Officer, Parade, herd_sizes
from sijinak.demo.people import HAMLETS, PIG_FARMERS, People, Person
from sijinak.demo.plan import Visit
from sijinak.keepers.models import Keeper, KeeperWord, NameWord
from sijinak.vaccinations.models import Vaccination, VaccinationAct

Tables = dict[type[Model], Mapping[str, list[Any]]]
_SECOND_SPECIES = 0.3  # of the herds belong to somebody who has another one


@dataclass(frozen=True, slots=True)
class Crew:
    """Who registers and who vaccinates in a kecamatan."""

    registrar: Officer
    vaccinator: Officer


@dataclass(slots=True)
class Makers:
    """Everything that takes from chance, in the one order that makes it repeatable."""

    seed: int
    day: date
    until: datetime
    names: Names = field(init=False)
    people: People = field(init=False)
    herds: Herds = field(init=False)
    campaigns: Campaigns = field(init=False)
    chance: Random = field(init=False)
    words: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.names = Names(self.seed)
        self.people = People(self.seed, self.names, self.day)
        self.herds = Herds(self.seed, self.names, self.day)
        self.campaigns = Campaigns(self.seed, self.names, self.until)
        self.chance = Random(f"{self.seed} villages")  # noqa: S311 - repeatable on purpose


def village_rows(visit: Visit, crew: Crew, make: Makers) -> Tables:
    moments = visit.moments(visit.animals)
    owned = _herds(visit, moments, make)
    persons, found, start = [person for _, person in owned], [], 0
    for species, count in visit.heads.items():
        mine = [herd for herd, _ in owned if herd.species == species]
        parade = Parade(mine, visit.village, moments[start : start + count], crew.registrar)
        found.append(make.herds.animals(parade))
        start += count
    known = list({person.id: person for person in persons}.values())
    acts, doses = make.campaigns.of_village(found, visit.begins, visit.village, crew.vaccinator)
    tables: Tables = {
        **keeper_tables(make.people.rows(known, visit.place), make),
        **animal_tables(found, make),
        VaccinationAct: acts,
        Vaccination: doses,
    }
    return tables


def keeper_tables(keepers: Mapping[str, list[Any]], make: Makers) -> Tables:
    words = keeper_words(keepers, make.names)
    fresh = new_words(words, make.words, make.names)
    return {Keeper: keepers, NameWord: fresh, KeeperWord: words}


def animal_tables(found: list[Animals], make: Makers) -> Tables:
    seen = [observations(animals.columns, animals.by.name, make.names) for animals in found]
    return {
        Animal: _joined([animals.columns for animals in found]),
        Identifier: _joined([make.herds.identifiers(animals) for animals in found]),
        Observation: _joined(seen),
    }


def insert_all(tables: Tables) -> None:
    """Parents first."""
    for model, columns in tables.items():
        if columns.get("id"):
            insert(model, columns)


def write(tables: Tables, place: str) -> int:
    """All rows, and one line in the audit trail; the answer is how many animals."""
    insert_all(tables)
    note_loaded(tables[Animal])
    region = db.session.scalars(select(Region).where(Region.code == place)).one()
    counts = {model.__tablename__: len(columns["id"]) for model, columns in tables.items()}
    events.record("animal.demo-loaded", region, by=OPERATOR, region=place, **counts)
    return counts["animals"]


def _herds(visit: Visit, moments: list[datetime], make: Makers) -> list[tuple[Herd, Person]]:
    """Herds species by species, each with its owner; some own two."""
    made: list[tuple[Herd, Person]] = []
    at = 0
    for species, count in visit.heads.items():
        sizes = herd_sizes(count, make.chance)
        before = [person for _, person in made]
        owners = _owners(species, len(sizes), before, make)
        for size, known in zip(sizes, owners, strict=True):
            owner = known or _person(species, visit.village, moments[at], make)
            made.append((Herd(owner.id, owner.hamlet, species, size), owner))
            at += size
    return made


def _owners(species: str, count: int, before: list[Person], make: Makers) -> list[Person | None]:
    """For each herd somebody who was met already, or None for a new owner."""
    free = [p for p in before if species != "pig" or p.people == PIG_FARMERS]
    make.chance.shuffle(free)
    return [
        free.pop() if free and make.chance.random() < _SECOND_SPECIES else None
        for _ in range(count)
    ]


def _person(species: str, village: str, met_at: datetime, make: Makers) -> Person:
    people = PIG_FARMERS if species == "pig" else make.people.peoples(1)[0]
    (new,) = make.names.at([met_at])
    return Person(new, people, village, make.chance.choice(HAMLETS), met_at)


def _joined(parts: Sequence[Mapping[str, list[Any]]]) -> dict[str, list[Any]]:
    if len(parts) == 1:
        return dict(parts[0])
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}
