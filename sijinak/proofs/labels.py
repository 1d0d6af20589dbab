"""What people call checkpoints and what is wrong with a log."""

from sijinak.proofs.models import Why
from sijinak.web.i18n import N_
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Why.BEGINNING: N_("The beginning of the log"),
        Why.BOOKS_CLOSED: N_("Books of a day closed"),
        Why.DEPOSIT: N_("A deposit (STS)"),
        Why.DAILY: N_("Every day"),
        Why.DEMAND: N_("Asked for by an officer"),
    }
)
MESSAGES.update(
    {
        "log-broken": N_(
            "The log does not match what was signed before. No proof is given out until it is"
            " known why: tell the head of the office and the Inspektorat."
        ),
        "log-not-begun": N_(
            "The log has not begun: its setup was interrupted. Run the setup again; nothing is"
            " signed before every record of before stands in it."
        ),
        "proof-not-yet": N_(
            "This is recorded, and not yet covered by a checkpoint. The next one is made tonight."
        ),
    }
)


def why_named(why: str) -> str:
    return label(Why(why)) if why in set(Why) else why
