"""What people call the classes of age."""

from sijinak.animals.population.models import AgeClass
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all

name_all(
    {
        AgeClass.CALF: N_("Below 1 year"),
        AgeClass.YEARLING: N_("1 to 2 years"),
        AgeClass.YOUNG_ADULT: N_("2 to 4 years"),
        AgeClass.ADULT: N_("4 to 6 years"),
        AgeClass.OLD: N_("6 years and older"),
        AgeClass.UNKNOWN: N_("Age not known"),
    }
)
