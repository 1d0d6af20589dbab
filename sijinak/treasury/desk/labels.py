"""What people read at the treasurer's desk."""

from sijinak.payments.labels import channel_name
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.messages import MESSAGES

MESSAGES["target-split"] = N_("The months make %(months)s, the year is %(year)s.")


def way_in(channel: str) -> str:
    """A channel of receipts, or tickets."""
    return _("Tickets") if channel == "tickets" else channel_name(channel)
