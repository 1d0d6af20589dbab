"""How many animals a village has of those that a vaccine is for."""

from collections.abc import Collection

from sqlalchemy import select

from sijinak.animals.models import Species
from sijinak.animals.population.queries import count_population
from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.vaccinations.campaigns.models import Campaign
from sijinak.vaccinations.models import Disease, Product, ProductDose

KECAMATAN = 8  # the length of its code


def species_of(campaign: Campaign) -> set[Species]:
    """Those that the label has a dose for; without a vaccine, those of any against the disease."""
    asked = select(ProductDose.species).join(Product, Product.id == ProductDose.product_id)
    if campaign.product_id is not None:
        return set(db.session.scalars(asked.where(Product.id == campaign.product_id)))
    return species_against(campaign.disease)


def species_against(disease: Disease) -> set[Species]:
    asked = select(ProductDose.species).join(Product, Product.id == ProductDose.product_id)
    return set(db.session.scalars(asked.where(Product.disease == disease, Product.is_active)))


def proposed_targets(campaign: Campaign, villages: Collection[str], *, by: Actor) -> dict[str, int]:
    """Heads of those species, by the counts of today; 0 where none stands."""
    wanted, found = species_of(campaign), dict.fromkeys(villages, 0)
    for kecamatan in sorted({village[:KECAMATAN] for village in villages}):
        counted = count_population(by=by, region=kecamatan).by("place", "species")
        for (place, species), heads in counted.items():
            if place in found and species in wanted:
                found[place] += heads.total
    return found
