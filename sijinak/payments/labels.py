"""What people call ways to pay, the states of attempts and refunds, and what a payer is to do."""

import json

from sijinak.payments.models import Attempt, AttemptState
from sijinak.payments.refunds.models import RefundState
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
        AttemptState.FAILED: N_("Failed"),
        AttemptState.EXPIRED: N_("Time is up"),
        AttemptState.CANCELLED: N_("Called back"),
        AttemptState.SUCCEEDED: N_("Money came"),
        AttemptState.REVERSED: N_("Taken back by the bank"),
    }
)
name_all(
    {
        RefundState.REQUESTED: N_("Asked for"),
        RefundState.APPROVED: N_("Approved"),
        RefundState.REFUSED: N_("Refused"),
        RefundState.SUBMITTED: N_("On its way"),
        RefundState.UNKNOWN: N_("Not certain yet"),
        RefundState.DONE: N_("Given back"),
        RefundState.FAILED: N_("Failed"),
    }
)
TONES = {
    AttemptState.CREATED: "info",
    AttemptState.SUBMITTED: "info",
    AttemptState.PENDING: "info",
    AttemptState.UNKNOWN: "warning",
    AttemptState.REJECTED: "danger",
    AttemptState.FAILED: "danger",
    AttemptState.EXPIRED: "neutral",
    AttemptState.CANCELLED: "neutral",
    AttemptState.SUCCEEDED: "success",
    AttemptState.REVERSED: "danger",
}
# An adapter from elsewhere adds its name here, or is called as it calls itself.
CHANNELS = {
    "cash": N_("Cash"),
    "sandbox": N_("Trial payment (play money)"),
    "snap": N_("Bank"),
    "midtrans": N_("Midtrans"),
    "wallet": N_("Wallet balance"),
    "statement": N_("Bank transfer"),
}
WAYS = {
    "qris": N_("QRIS"),
    "va": N_("Virtual account"),
    "transfer": N_("Bank transfer"),
    "balance": N_("Wallet balance"),
    "play": N_("Trial payment (play money)"),
}
# By the code of its instructions; the facts fill the sentence in.
INSTRUCTIONS = {
    "cash-counter": N_(
        "Pay the treasurer or a collector of the office, and say the number %(number)s."
    ),
    "sandbox": N_("This is play money: wait a few seconds and it counts as paid."),
    "qris": N_("Scan this code with the app of your bank or wallet, and check the name it shows."),
    "va": N_("Pay the exact amount to this virtual account number."),
    "transfer": N_("Transfer the exact amount and write the code %(code)s into the remark."),
}
MESSAGES.update(
    {
        "channel-not-offered": N_("This way to pay is not offered here. Choose another one."),
        "payment-underway": N_(
            "A payment of this bill is under way. Wait for its end, or call it back first."
        ),
        "too-much-for-way": N_("This way to pay takes %(most)s at most. Choose another one."),
        "too-much-to-refund": N_("Only %(left)s of this money can still go back."),
        "refund-second-person": N_("Another person must approve what you asked for."),
        "refund-no-cash": N_("You do not hold that much cash. Choose a bank account."),
        "refund-other-way": N_(
            "The channel sends this refund itself, or the proof of the payment is missing."
        ),
    }
)


def channel_name(adapter: str) -> str:
    return _(CHANNELS[adapter]) if adapter in CHANNELS else adapter


def way_name(way: str) -> str:
    return _(WAYS[way]) if way in WAYS else way


def what_to_do(attempt: Attempt) -> str:
    """The sentence that an adapter's instructions mean; empty before there are any."""
    if not attempt.instructions:
        return ""
    found = json.loads(attempt.instructions)
    sentence = INSTRUCTIONS.get(found["code"])
    if sentence is None:
        return ", ".join(f"{name}: {value}" for name, value in found["facts"].items())
    return _(sentence, **found["facts"])
