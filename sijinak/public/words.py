"""The words of the hottest page, looked up once for each language instead of at each scan."""

from functools import cache
from types import SimpleNamespace
from typing import Any

from sijinak.animals.models import Precision
from sijinak.web.formats import day_in
from sijinak.web.i18n import N_, catalogue
from sijinak.web.i18n import gettext as _

RECORD = {
    "animal": N_("Animal"),
    "replaced": N_("This tag was replaced"),
    "declared": N_("Declared only"),
    "vaccinate": N_("Record a vaccination"),
    "another": N_("Another animal"),
    "vaccinations": N_("Vaccinations"),
    "double": N_("Double: something against this was given on the same day."),
    "none": N_("No vaccination is recorded."),
    "keeper": N_("Keeper"),
    "village": N_("Village"),
    "hamlet": N_("Hamlet"),
    "born": N_("Born"),
    "horns": N_("Horns"),
    "ears": N_("Ears"),
    "whorls": N_("Whorls"),
    "brand": N_("Brand"),
    "special": N_("Special marks"),
    "registered": N_("Registered"),
    "species": N_("Species"),
    "breed": N_("Breed"),
    "eartag": N_("Ear tag"),
    "teeth": N_("Poel (pairs)"),
    "calvings": N_("Calvings"),
    "pregnant": N_("Pregnant"),
    "yes": N_("Yes"),
    "see": N_("I see this animal"),
    "print": N_("Print QR labels"),
}


@cache
def record_words(language: str) -> SimpleNamespace:
    known = catalogue(language).single
    return SimpleNamespace(**{name: known.get(text, text) for name, text in RECORD.items()})


def born(animal: Any, language: str) -> str:
    """The day of birth, as well as it is known; nothing when nobody knows."""
    if animal.birth_date is None:
        return ""
    day = day_in(language)(animal.birth_date)
    month = day.partition(" ")[2]
    if animal.birth_precision is Precision.MONTH:
        return month
    if animal.birth_precision is Precision.ESTIMATED:
        return _("about %(month)s, from the teeth", month=month)
    return day
