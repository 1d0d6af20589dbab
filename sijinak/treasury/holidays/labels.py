"""What people call days off."""

from sijinak.treasury.holidays.models import HolidayKind
from sijinak.treasury.holidays.reading import RowFault
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        HolidayKind.NATIONAL: N_("National holiday"),
        HolidayKind.COLLECTIVE: N_("Collective leave"),
        HolidayKind.REGIONAL: N_("Regional day off"),
    }
)
name_all(
    {
        RowFault.COLUMNS: N_("More than three parts"),
        RowFault.DAY: N_("Not a day"),
        RowFault.NAME: N_("No name"),
        RowFault.KIND: N_("Unknown kind"),
        RowFault.TWICE: N_("The same day twice"),
        RowFault.TOO_MANY: N_("Too many lines"),
    }
)
MESSAGES.update(
    {
        "holiday-is-there": N_("%(day)s is a day off already: %(name)s."),
        "holiday-gone": N_("This day was taken out already."),
        "holiday-waits": N_("A second person has still to agree to this."),
        "holiday-same-person": N_("Who asked for it does not agree to it."),
        "holiday-why-missing": N_("Write why the day is taken out."),
    }
)
FIELD_OF = {"holiday-is-there": "day", "holiday-why-missing": "why"}
