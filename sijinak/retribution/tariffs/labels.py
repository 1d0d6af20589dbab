"""What people call services, units and sexes of tariffs, and why one can not be entered."""

from sijinak.retribution.tariffs.models import Service, Unit, When
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Service.SHIPPING: N_("Livestock leaves the regency"),
        Service.SLAUGHTER: N_("Slaughterhouse (RPH)"),
        Service.MARKET: N_("Livestock market"),
        Service.OTHER: N_("Other services"),
        When.ALWAYS: N_("Every head"),
        When.RBT: N_("When the destination asks for RBT"),
    }
)
name_all(
    {
        Unit.HEAD: N_("per head"),
        Unit.DAY: N_("per day"),
        Unit.TICKET: N_("per ticket"),
        Unit.WEIGHING: N_("per weighing"),
    }
)
MESSAGES.update(
    {
        "no-tariff": N_(
            "There is no tariff for these animals (%(species)s)."
            " Ask the office to enter it from the Perda."
        ),
        "tariff-known": N_("%(tariff)s from %(since)s is there already, in force or proposed."),
        "tariff-overlaps": N_(
            "%(tariff)s has a later row, from %(since)s. Two may not count on one day."
        ),
        "tariff-back-dated": N_(
            "%(tariff)s is in force. A new amount counts from today on at the earliest."
        ),
        "tariff-in-past": N_(
            "%(tariff)s would begin in the past. Choose a later day, or write why it is so."
        ),
        "tariff-days-turned": N_("The last day is before the first one."),
        "own-tariff": N_("You proposed %(tariff)s yourself. Another person must approve it."),
        "tariff-answered": N_("%(tariff)s was approved or refused before."),
    }
)
