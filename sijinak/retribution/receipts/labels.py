"""What people call receipts, their voids, and why money is not taken."""

from sijinak.payments.labels import CHANNELS
from sijinak.retribution.receipts.issuing import SEVERAL
from sijinak.retribution.receipts.models import ReceiptKind, VoidState
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        ReceiptKind.RECEIPT: N_("Receipt"),
        ReceiptKind.VOID: N_("Void of a receipt"),
    }
)
name_all(
    {
        VoidState.ASKED: N_("Waits for a second person"),
        VoidState.ISSUED: N_("Voided"),
        VoidState.REFUSED: N_("Refused: the receipt stands"),
    }
)
VOID_TONES = {
    VoidState.ASKED: "warning",
    VoidState.ISSUED: "danger",
    VoidState.REFUSED: "neutral",
}
CHANNELS.setdefault(SEVERAL, N_("Several ways"))
MESSAGES.update(
    {
        "wrong-amount": N_(
            "Exactly %(due)s is due, not %(given)s. Take the exact amount or none at all."
        ),
        "biller-may-not-cash": N_(
            "You took part in %(number)s before. Another person must receive its money."
        ),
        "other-payer": N_("These bills are of different payers. Take each payer's money apart."),
        "not-voidable": N_("%(number)s is voided already, or its void is asked for."),
        "void-by-same-person": N_(
            "A third person must void %(number)s: neither who issued it nor who asked for it."
        ),
        "no-bill-chosen": N_("Choose the bills that this money is to pay."),
        "not-the-sum": N_(
            "There is %(there)s, but the bills and what goes back come to %(due)s."
            " Both must be the same to the rupiah."
        ),
        "nothing-left": N_("This money has gone elsewhere since. Look at the case again."),
        "receipt-link-over": N_("This link has ended. Ask the office for a new one."),
    }
)
