"""The words of the hottest page, looked up once for each language instead of at each scan."""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from sijinak.animals.models import AnimalState, EndReason, Precision
from sijinak.core.codes import spaced
from sijinak.web.formats import day_in
from sijinak.web.i18n import N_, catalogue
from sijinak.web.i18n import gettext as _

RECORD = {
    "animal": N_("Animal"),
    "declared": N_("Declared only"),
    "vaccinate": N_("Record a vaccination"),
    "missed": N_("Not vaccinated"),
    "reaction": N_("Reaction"),
    "another": N_("Another animal"),
    "whole": N_("Whole record"),
    "mutations": N_("Mutations"),
    "vaccinations": N_("Vaccinations"),
    "double": N_("Double: something against this was given on the same day."),
    "withdrawn": N_("Taken back: this dose does not count."),
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

STATES = {
    AnimalState.STOLEN: N_(
        "Reported stolen: tell the police or the field office where you saw it."
    ),
    AnimalState.DEAD: N_("The register says that this animal died."),
    AnimalState.SLAUGHTERED: N_("The register says that this animal was slaughtered."),
    AnimalState.SHIPPED: N_("The register says that this animal left the regency with a permit."),
    AnimalState.MERGED: N_("It was registered twice. The other record goes on."),
    AnimalState.WITHDRAWN: N_("Its registration was a mistake, and was undone."),
}


def state_sentence(state: AnimalState, say: Callable[..., str]) -> str:
    """What to know of an animal that is not there any more; nothing of one that is."""
    return say(STATES[state]) if state in STATES else ""


def tag_sentence(found: Any, language: str, say: Callable[..., str]) -> str:
    """Of a tag that ended: when, and which one names the animal now."""
    if found.ended_at is None:
        return ""
    when = day_in(language)(found.ended_at)
    code = spaced(found.read_as)
    if found.tag == found.read_as:
        return say(N_("The tag %(code)s ended on %(day)s."), code=code, day=when)
    if found.end_reason is EndReason.MERGED:
        return say(
            N_("The record with the code %(code)s was merged on %(day)s: it goes on as %(tag)s."),
            code=code, day=when, tag=spaced(found.tag),
        )  # fmt: skip
    return say(
        N_("The tag %(code)s was replaced on %(day)s by %(tag)s."),
        code=code, day=when, tag=spaced(found.tag),
    )  # fmt: skip


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
        return _("about %(month)s, estimated", month=month)
    return day
