"""What people read at the treasurer's desk."""

from sijinak.payments.labels import channel_name
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.messages import MESSAGES

MESSAGES["target-split"] = N_("The months make %(months)s, the year is %(year)s.")


def way_in(channel: str) -> str:
    """A channel of receipts, or tickets."""
    return _("Tickets") if channel == "tickets" else channel_name(channel)


STEPS = {
    "received": N_("Received by receipts and tickets"),
    "before": N_("On its way to the bank when the month began"),
    "after": N_("On its way to the bank when it ended"),
    "waiting": N_("Waits without a receipt (came less used)"),
    "banked": N_("In the bank by kode rekening"),
    "voided": N_("Of receipts that were voided"),
    "loose": N_("Without a receipt"),
    "back": N_("Given back"),
    "fees": N_("Kept by channels as fees"),
    "other": N_("Balances, shortages, surpluses and other"),
}


def step_name(name: str) -> str:
    """A line between what was received and what the bank says."""
    return _(STEPS[name])
