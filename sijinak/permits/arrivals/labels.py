"""What people read about arrivals, reminders and blocks."""

from collections.abc import Mapping

from sijinak.core.errors import SijinakError
from sijinak.permits.arrivals.models import SaidBy
from sijinak.permits.chasing.models import ReminderWay
from sijinak.permits.models import Arrival
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

FIELDS: Mapping[str, str] = {
    "arrived-before-leaving": "arrived_on",
    "arrives-in-the-future": "arrived_on",
    "why-corrected": "note",
    "day-has-passed": "until",
}

name_all(
    {
        Arrival.RECEIVED: N_("Accepted"),
        Arrival.REJECTED: N_("Rejected, goes back"),
        Arrival.DEAD: N_("Dead"),
        SaidBy.LINK: N_("by the receiver, with the link"),
        SaidBy.OFFICER: N_("written down by an officer"),
        ReminderWay.WHATSAPP: N_("WhatsApp"),
        ReminderWay.TELEPHONE: N_("Telephone"),
        ReminderWay.LETTER: N_("Letter"),
        ReminderWay.VISIT: N_("Visit"),
    }
)
MESSAGES.update(
    {
        "arrival-incomplete": N_(
            "Nothing is said of %(missing)s of the animals. Choose one for each."
        ),
        "outcome-unexplained": N_(
            "Write for each animal that is rejected or dead why, or of what."
        ),
        "arrived-before-leaving": N_(
            "The animals had not left on this day. Choose the day of the arrival."
        ),
        "arrives-in-the-future": N_("This day is still to come. Choose the day of the arrival."),
        "said-by-office": N_(
            "An officer wrote the arrival down. Tell the office what must be corrected."
        ),
        "why-corrected": N_("Write why what was said before is corrected."),
        "arrival-built-upon": N_(
            "%(count)s animals that came back have been sold, moved or applied for since. That is"
            " undone first; then the arrival can be corrected."
        ),
        "not-blocked": N_("New applications are possible: nothing has to be asked for."),
        "appeal-waits": N_("You have asked for time already. The Kabid answers."),
        "appeal-heard": N_("Somebody has answered this already. That answer stands."),
        "own-appeal": N_("You asked for it yourself. Somebody else answers."),
        "day-has-passed": N_("This day has passed. Choose today or a later one."),
        "limit-there": N_("Other limits begin on this day. Choose another day."),
        "late-before-reminder": N_(
            "An open permit is late after it was reminded of, not before. Write more days."
        ),
    }
)


def field_of(error: SijinakError) -> str:
    """Beside which field it stands; none: above the form."""
    return FIELDS.get(error.code, "")
