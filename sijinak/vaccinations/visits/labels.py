"""What people call the results of a visit, and what is said when one cannot be recorded."""

from sijinak.vaccinations.visits.models import Outcome, Severity
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Outcome.REFUSED: N_("The owner refused"),
        Outcome.ABSENT: N_("Not there"),
        Outcome.NOT_CAUGHT: N_("Not caught"),
        Severity.MILD: N_("Mild"),
        Severity.SEVERE: N_("Severe"),
        Severity.DIED: N_("The animal died"),
    }
)
MESSAGES.update(
    {
        "not-that-many-heads": N_("Count 1 to %(most)s animals at once."),
        "one-head": N_("A result of one animal is about one animal."),
        "species-missing": N_("Choose the species."),
        "refusal-reason-missing": N_("Write down why the owner refused."),
        "next-visit-too-early": N_("The next visit comes after the day of this one."),
        "signs-missing": N_("Write down what was seen of the animal."),
        "withdrawal-reason-missing": N_("Say why this is taken back."),
        "another-act": N_("This round was begun by somebody else, or with another vaccine."),
        "already-withdrawn": N_("This was taken back already."),
    }
)
FIELD_OF = {
    "not-that-many-heads": "heads",
    "species-missing": "species",
    "refusal-reason-missing": "reason",
    "next-visit-too-early": "next_visit",
    "signs-missing": "signs",
    "withdrawal-reason-missing": "reason",
    "campaign-of-another-disease": "campaign_id",
    "given-in-the-future": "at",
    "given-too-long-ago": "at",
    "lot-missing": "lot",
    "unknown-product": "product_id",
    "product-inactive": "product_id",
}
