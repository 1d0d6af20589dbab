"""What people call the states of an SKRD, and why money may not be taken."""

from sijinak.retribution.models import SkrdState, When
from sijinak.retribution.queries import Fault
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        SkrdState.OPEN: N_("To be paid"),
        SkrdState.PAID: N_("Paid"),
        SkrdState.CANCELLED: N_("Withdrawn"),
        When.ALWAYS: N_("Every head"),
        When.RBT: N_("When the destination asks for RBT"),
    }
)
name_all(
    {
        Fault.UNKNOWN: N_("Nobody knows what it is for"),
        Fault.CANCELLED: N_("The SKRD is withdrawn"),
        Fault.DOUBLE: N_("Paid twice"),
        Fault.SHORT: N_("Less than the SKRD says"),
        Fault.OVER: N_("More than the SKRD says"),
        Fault.WAITING: N_("The receipt is being made"),
    }
)
TONES = {SkrdState.OPEN: "warning", SkrdState.PAID: "success", SkrdState.CANCELLED: "neutral"}
MESSAGES.update(
    {
        "no-tariff": N_(
            "There is no tariff for these animals (%(species)s)."
            " Ask the office to enter it from the Perda."
        ),
        "already-billed": N_("This permit has its SKRD already."),
        "skrd-not-open": N_("%(number)s is paid or withdrawn. No money may be taken for it."),
        "wrong-amount": N_(
            "Exactly %(due)s is due, not %(given)s. Take the exact amount or none at all."
        ),
        "biller-may-not-cash": N_(
            "You took part in %(number)s before. Another person must receive its money."
        ),
    }
)
