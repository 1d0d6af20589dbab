"""The list of animals on a paper: tag, sort, weight, marks, doses and tests of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select

from sijinak.animals.models import Animal, Sex, Species
from sijinak.animals.queries import AnimalFacts
from sijinak.areas.queries import full_name
from sijinak.core.codes import spaced
from sijinak.core.db import db
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Finding, Method
from sijinak.health.queries import TestResult, results_of
from sijinak.permits.models import PermitAnimal, RbtResult
from sijinak.permits.signing.content import Content
from sijinak.vaccinations.doses import doses_of

HEADS = "{} ekor"
SPECIES: Mapping[Species, str] = {
    Species.CATTLE: "Sapi",
    Species.BUFFALO: "Kerbau",
    Species.HORSE: "Kuda",
    Species.GOAT: "Kambing",
    Species.SHEEP: "Domba",
    Species.PIG: "Babi",
}
SEXES: Mapping[Sex, str] = {Sex.MALE: "Jantan", Sex.FEMALE: "Betina"}
DISEASES: Mapping[Disease, str] = {
    Disease.PMK: "PMK",
    Disease.LSD: "LSD",
    Disease.SE: "SE",
    Disease.ANTHRAX: "Antraks",
    Disease.BRUCELLOSIS: "Brucellosis",
    Disease.RABIES: "Rabies",
    Disease.JEMBRANA: "Jembrana",
}
METHODS: Mapping[Method, str] = {
    Method.RBT: "RBT",
    Method.CFT: "CFT",
    Method.PCR: "PCR",
    Method.ELISA: "ELISA",
    Method.ELISA_NSP: "ELISA-NSP",
    Method.CULTURE: "kultur",
    Method.MICROSCOPY: "mikroskopi",
}
FINDINGS: Mapping[Finding, str] = {
    Finding.NEGATIVE: "negatif",
    Finding.POSITIVE: "positif",
    Finding.UNCLEAR: "meragukan",
    Finding.UNUSABLE: "tidak dapat diuji",
}
NOTHING = "–"


def counts(content: Content) -> list[dict[str, str]]:
    kinds = Counter((animal.species, animal.sex) for _, animal in content.going)
    return [
        {"label": f"{SPECIES[species].lower()} {SEXES[sex].lower()}", "value": HEADS.format(heads)}
        for (species, sex), heads in kinds.items()
    ]


def animal_lines(content: Content) -> list[dict[str, str]]:
    doses, tests, marks = doses_of(content.ids), results_of(content.ids), _marks(content.ids)
    return [
        {
            "tag": spaced(animal.tag),
            "sort": _sort(animal),
            "sex": SEXES[animal.sex],
            "weight": f"{line.weight_kg} kg" if line.weight_kg else NOTHING,
            "marks": marks.get(animal.id) or NOTHING,
            "health": _health(line, doses.get(animal.id, {}), tests.get(animal.id, [])),
            "village": full_name(animal.village),
        }
        for line, animal in content.going
    ]


def _sort(animal: AnimalFacts) -> str:
    species = SPECIES[animal.species]
    known = animal.breed and animal.breed.lower().startswith(species.lower())
    return animal.breed if known else f"{species} {animal.breed}".strip()


def _marks(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Colour, horns, ears, whorls, brand, and what else was written down."""
    columns = (Animal.colour, Animal.horns, Animal.ears, Animal.whorls)
    more = (Animal.brand, Animal.special_marks)
    rows = db.session.execute(select(Animal.id, *columns, *more).where(Animal.id.in_(ids)))
    return {animal_id: _described(*said) for animal_id, *said in rows}


def _described(*said: str | None) -> str:
    """A brand is burnt in capitals: it stays as it was written, and so does what people wrote."""
    names = ("", "tanduk ", "telinga ", "pusaran ", "cap ", "")
    *looks, brand, special = (str(word or "") for word in said)
    words = (*(word.lower() for word in looks), brand, special)
    return ", ".join(f"{name}{word}" for name, word in zip(names, words, strict=True) if word)


def _health(
    line: PermitAnimal, doses: Mapping[Disease, list[date]], tests: Sequence[TestResult]
) -> str:
    said = [f"vaksin {DISEASES[disease]} {_days(days)}" for disease, days in doses.items()]
    latest = {(test.disease, test.method): test for test in reversed(tests)}
    said += [_tested(test) for test in latest.values()]
    if line.rbt_result is RbtResult.NEGATIVE:
        said.append(f"RBT negatif {line.rbt_number}".strip())
    return "; ".join(said) or NOTHING


def _days(days: Sequence[date]) -> str:
    return ", ".join(_short(day) for day in days[-2:])


def _tested(test: TestResult) -> str:
    return (
        f"{DISEASES[test.disease]} {METHODS[test.method]} {FINDINGS[test.result]}"
        f" {_short(test.tested_on)}"
    )


def _short(day: date) -> str:
    return format_date(day, "d/M/yy", locale="id")
