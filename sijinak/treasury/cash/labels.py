"""What people call the states of cash, and why a step is not taken."""

from sijinak.treasury.cash.models import ClosingState, FloatState, HandOverState
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        HandOverState.OFFERED: N_("Waits to be counted"),
        HandOverState.ACCEPTED: N_("Counted and received"),
        HandOverState.REFUSED: N_("Not accepted"),
        HandOverState.WITHDRAWN: N_("Called back"),
    }
)
name_all(
    {
        FloatState.OFFERED: N_("Waits to be accepted"),
        FloatState.HELD: N_("In hand"),
        FloatState.RETURNING: N_("Is being given back"),
        FloatState.RETURNED: N_("Given back"),
        FloatState.WITHDRAWN: N_("Called back"),
    }
)
name_all(
    {
        ClosingState.COUNTED: N_("Waits for the second signature"),
        ClosingState.CLOSED: N_("Day closed"),
        ClosingState.REJECTED: N_("Count again"),
    }
)
TONES = {
    HandOverState.OFFERED: "warning",
    HandOverState.ACCEPTED: "success",
    HandOverState.REFUSED: "danger",
    HandOverState.WITHDRAWN: "neutral",
    FloatState.HELD: "info",
    FloatState.RETURNING: "warning",
    FloatState.RETURNED: "success",
    ClosingState.COUNTED: "warning",
    ClosingState.CLOSED: "success",
    ClosingState.REJECTED: "danger",
}
# By kind of journal and direction, as a closing lists them.
FLOWS = {
    "money-in": N_("Cash received with a receipt"),
    "tickets-in": N_("Tickets sold"),
    "handover-in": N_("Received from colleagues"),
    "handover-out": N_("Handed over"),
    "handover-surplus-in": N_("Found over when counting"),
    "made-good-in": N_("Missing money made good"),
    "deposit-out": N_("Deposited by STS"),
    "closing-in": N_("Found over at a closing"),
    "closing-out": N_("Missing at a closing"),
    "refund-out": N_("Paid back"),
}
OTHER_FLOW = N_("Other")
MESSAGES.update(
    {
        "cash-not-that-much": N_("Only %(free)s is free. The rest is promised already."),
        "cash-notes-differ": N_("The notes and coins do not come to the amount. Count again."),
        "cash-no-amount": N_("Write the amount in rupiah, more than zero."),
        "cash-not-a-taker": N_("Choose somebody who may hold the office's cash."),
        "cash-not-yours": N_("This step belongs to the other person."),
        "cash-why-missing": N_("Write why. It is kept with the act."),
        "cash-day-to-come": N_("This day has not come yet."),
        "cash-day-closed": N_("Everything up to %(day)s is closed."),
        "cash-count-waits": N_("Your last count still waits for its second signature."),
        "cash-moved-since": N_("Money came or went after this count. Count again."),
        "cash-promised-more": N_(
            "More is missing than is free. First end the hand-overs and deposits that are open."
        ),
        "made-good-by-no-taker": N_(
            "Who received the money proposes this: another person, who may hold cash."
        ),
        "shortage-own": N_(
            "This is about your own money or tickets, or a count you signed. Two others decide."
        ),
        "short-is-still-held": N_(
            "This money is still on the giver's books. Let them count and close first."
        ),
        "cash-day-unfinished": N_(
            "This day has not ended, or something is not finished. Read the list below first."
        ),
        "cash-not-everybody": N_("These people have not closed yet: %(names)s."),
    }
)
FIELD_OF = {
    "cash-not-that-much": "amount",
    "cash-notes-differ": "n100000",
    "cash-no-amount": "amount",
    "cash-not-a-taker": "taker_id",
    "cash-why-missing": "why",
    "cash-day-to-come": "day",
    "cash-day-closed": "day",
    "cash-moved-since": "day",
    "day-not-over": "day",
    "day-is-closed": "day",
}
