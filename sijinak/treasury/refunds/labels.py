"""What people are told about money on its way back."""

from sijinak.payments.refunds.models import RefundState as R
from sijinak.payments.refunds.queries import RefundView
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all

name_all(
    {
        RefundView.UNDERWAY: N_("On their way"),
        RefundView.TO_PAY_OUT: N_("To be paid out by the office"),
        RefundView.ENDED: N_("Ended"),
    }
)
TONES = {
    R.REQUESTED: "info",
    R.APPROVED: "info",
    R.SUBMITTED: "info",
    R.UNKNOWN: "warning",
    R.REFUSED: "neutral",
    R.DONE: "success",
    R.FAILED: "danger",
}
# What happens next, in a sentence.
NEXT = {
    R.REQUESTED: N_("Another person than who asked for it approves or refuses it."),
    R.SUBMITTED: N_("The channel was told to give it back. We ask until it says that it did."),
    R.UNKNOWN: N_("The channel has not said whether it went. We ask again, and send it only once."),
    R.REFUSED: N_("Nothing moves: the money lies where it lay."),
    R.DONE: N_("The money is back with the payer, and the books say so."),
    R.FAILED: N_("It did not go. What is left of the money waits in the queue for two people."),
}
BY_CHANNEL = N_("The channel is told to give it back within a minute.")
BY_HAND = N_(
    "The channel cannot give it back: the treasurer pays it out, by a transfer or in cash,"
    " and enters the proof here."
)
