"""What people call diseases, and what is said when a vaccination cannot be recorded."""

from sijinak.vaccinations.models import Disease, PregnancyAdvice, ReadBy, Route, Standing
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Standing.COUNTS: N_("Counts"),
        Standing.DOUBLE: N_("Double"),
        Standing.WITHDRAWN: N_("Taken back"),
        Disease.PMK: N_("Foot and mouth disease (PMK)"),
        Disease.LSD: N_("Lumpy skin disease (LSD)"),
        Disease.SE: N_("Haemorrhagic septicaemia (SE)"),
        Disease.ANTHRAX: N_("Anthrax"),
        Disease.BRUCELLOSIS: N_("Brucellosis"),
        Disease.RABIES: N_("Rabies"),
        Disease.JEMBRANA: N_("Jembrana disease"),
    }
)
name_all(
    {
        Route.INTRAMUSCULAR: N_("Into the muscle (IM)"),
        Route.SUBCUTANEOUS: N_("Under the skin (SC)"),
    }
)
name_all(
    {
        PregnancyAdvice.ALLOWED: N_("Pregnant animals may get it"),
        PregnancyAdvice.AVOID: N_("Rather not for pregnant animals"),
        PregnancyAdvice.FORBIDDEN: N_("Not for pregnant animals"),
    }
)
name_all({ReadBy.SCAN: N_("Scanned"), ReadBy.TYPED: N_("Typed")})
MESSAGES.update(
    {
        "product-name-taken": N_("Another vaccine has this name."),
        "product-changed-meanwhile": N_(
            "Somebody else changed this label since you opened the form. Nothing was saved: open"
            " the label again and compare."
        ),
        "coldest-above-warmest": N_("The upper limit lies below the lower one."),
        "no-animals": N_("Name at least one animal."),
        "too-many-animals": N_(
            "One record holds at most %(most)s animals. Divide the list and record it in parts."
        ),
        "animal-twice": N_("An animal stands twice in the list. Each may be named once."),
        "lot-missing": N_("Write down the lot number from the bottle."),
        "unknown-product": N_("Choose a vaccine from the list."),
        "product-inactive": N_("%(name)s is not in use now. Choose another vaccine."),
        "given-in-the-future": N_("This time has not come yet. Check the day and the time."),
        "given-too-long-ago": N_(
            "This is more than %(days)s days ago, and can no longer be recorded here. Check the"
            " day, or bring the paper record to the office."
        ),
    }
)
