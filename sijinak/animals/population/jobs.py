"""Counting anew by the clock."""

from sijinak.animals.population.queries import recount_is_due
from sijinak.animals.population.services import recount_population
from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER


def recount() -> None:
    """When a day has begun, or many changes wait."""
    if recount_is_due():
        with transaction():
            recount_population(by=WORKER)
