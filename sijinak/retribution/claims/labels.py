"""How old arrears are, and why interest or a write-off was refused."""

from sijinak.retribution.claims.queries import Age
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Age.MONTH: N_("up to 30 days"),
        Age.QUARTER: N_("31 to 90 days"),
        Age.YEAR: N_("91 days to a year"),
        Age.OLDER: N_("more than a year"),
        Age.LAPSING: N_("lapses within six months"),
        Age.LAPSED: N_("more than three years"),
    }
)
MESSAGES.update(
    {
        "nothing-late": N_("No interest is due on %(number)s."),
        "strd-stands": N_("The open STRD for %(number)s says the same amount."),
        "write-off-waits": N_("A write-off of %(number)s waits for its approval already."),
        "write-off-ended": N_("This write-off was approved or refused before."),
        "own-write-off": N_("You asked for this write-off. Another person must approve it."),
    }
)
