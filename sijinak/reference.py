"""The lists that every installation begins with; what an office changed is left as it is."""

from sijinak.areas.services import load_regions
from sijinak.core.permissions import Actor
from sijinak.permits.loading import load_rules
from sijinak.retribution.services import load_tariffs
from sijinak.vaccinations.services import load_products


def load_reference_data(*, by: Actor) -> int:
    """Regions and ports, vaccine products, tariffs, permit rules. Answers how many were added."""
    return load_regions(by=by) + load_products(by=by) + load_tariffs(by=by) + load_rules(by=by)
