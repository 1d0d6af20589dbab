"""The lists that every installation begins with; what an office changed is left as it is."""

from sijinak.animals.duplicates.loading import load_duplicate_rules
from sijinak.areas.services import load_regions
from sijinak.core.permissions import Actor
from sijinak.permits.chasing.loading import load_open_limits
from sijinak.permits.loading import load_rules
from sijinak.retribution.tariffs.services import load_tariffs
from sijinak.treasury.holidays.services import load_holidays
from sijinak.vaccinations.services import load_products


def load_reference_data(*, by: Actor) -> int:
    """Regions and ports, products, tariffs, rules. Answers how many were added."""
    loads = (
        load_regions,
        load_products,
        load_tariffs,
        load_rules,
        load_open_limits,
        load_duplicate_rules,
        load_holidays,
    )
    return sum(load(by=by) for load in loads)
