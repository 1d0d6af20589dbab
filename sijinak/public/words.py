"""The words of the hottest page, looked up once for each language instead of at each scan."""

from functools import cache
from types import SimpleNamespace

from sijinak.web.i18n import N_, catalogue

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
}


@cache
def record_words(language: str) -> SimpleNamespace:
    known = catalogue(language).single
    return SimpleNamespace(**{name: known.get(text, text) for name, text in RECORD.items()})
