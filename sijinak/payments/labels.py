"""What people call ways to pay, the states of an attempt, and what a payer is to do."""

import json

from sijinak.payments.models import Attempt, AttemptState
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        AttemptState.CREATED: N_("Being prepared"),
        AttemptState.SUBMITTED: N_("Being prepared"),
        AttemptState.PENDING: N_("Waiting for the payment"),
        AttemptState.UNKNOWN: N_("Not certain yet"),
        AttemptState.REJECTED: N_("Not accepted"),
        AttemptState.EXPIRED: N_("Time is up"),
        AttemptState.CANCELLED: N_("Called back"),
        AttemptState.SUCCEEDED: N_("Money came"),
    }
)
TONES = {
    AttemptState.CREATED: "info",
    AttemptState.SUBMITTED: "info",
    AttemptState.PENDING: "info",
    AttemptState.UNKNOWN: "warning",
    AttemptState.REJECTED: "danger",
    AttemptState.EXPIRED: "neutral",
    AttemptState.CANCELLED: "neutral",
    AttemptState.SUCCEEDED: "success",
}
# An adapter from elsewhere adds its name here, or is called as it calls itself.
CHANNELS = {"cash": N_("Cash"), "sandbox": N_("Trial payment (play money)")}
# By the code of its instructions; the facts fill the sentence in.
INSTRUCTIONS = {
    "cash-counter": N_("Pay at the treasurer's counter and say the number %(number)s."),
    "sandbox": N_("This is play money: wait a few seconds and it counts as paid."),
}
MESSAGES.update(
    {
        "channel-not-offered": N_("This way to pay is not offered here. Choose another one."),
        "payment-underway": N_(
            "A payment of this bill is under way. Wait for its end, or call it back first."
        ),
    }
)


def channel_name(adapter: str) -> str:
    return _(CHANNELS[adapter]) if adapter in CHANNELS else adapter


def what_to_do(attempt: Attempt) -> str:
    """The sentence that an adapter's instructions mean; empty before there are any."""
    if not attempt.instructions:
        return ""
    found = json.loads(attempt.instructions)
    sentence = INSTRUCTIONS.get(found["code"])
    if sentence is None:
        return ", ".join(f"{name}: {value}" for name, value in found["facts"].items())
    return _(sentence, **found["facts"])
