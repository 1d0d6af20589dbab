"""What animals cost: the dry run, the page of an application and the bill ask here."""

from collections import Counter
from collections.abc import Iterable

from sijinak.animals.models import Species
from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.clock import today
from sijinak.permits.findings import Report
from sijinak.permits.models import Permit
from sijinak.permits.queries import passed
from sijinak.retribution.tariffs.queries import Herd, PriceLine, price_of


def price_today(herd: Herd) -> list[PriceLine]:
    """Raises NoTariff."""
    return price_of(herd, today())


def herd_passed(permit: Permit) -> Herd:
    """The heads that passed the inspection, and no others."""
    going = passed(permit)
    animals = animals_by_ids([line.animal_id for line in going])
    return _herd(permit.species, (animals[line.animal_id] for line in going), permit.needs_rbt)


def herd_passing(report: Report) -> Herd:
    """The heads that would pass today."""
    found = (checked.animal for checked in report.passing)
    return _herd(report.terms.species, found, report.terms.needs_rbt)


def _herd(species: Species, animals: Iterable[AnimalFacts | None], needs_rbt: bool) -> Herd:  # noqa: FBT001
    heads = Counter(animal.sex for animal in animals if animal)
    return Herd(species=species, heads=dict(heads), needs_rbt=needs_rbt)
