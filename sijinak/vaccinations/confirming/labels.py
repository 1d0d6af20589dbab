"""What people read about the answers of owners."""

from sijinak.vaccinations.confirming.models import Channel
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Channel.ACCOUNT: N_("by their own account"),
        Channel.LINK: N_("by a link that was handed to them"),
        Channel.OFFICER: N_("told to an officer, who wrote it down"),
    }
)
MESSAGES.update(
    {
        "owner-has-answered": N_("The owner has answered already. That answer stands."),
        "own-act": N_("You gave these doses. Another officer asks the owner."),
        "how-known-missing": N_("Write whom you spoke with, when and how."),
    }
)
