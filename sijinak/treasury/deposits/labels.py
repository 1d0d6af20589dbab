"""What people call the states of a deposit, and why a step is not taken."""

from sijinak.treasury.deposits.models import DepositState, LineKind
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        DepositState.PREPARED: N_("To be brought to the bank"),
        DepositState.DEPOSITED: N_("In the bank by its slip"),
        DepositState.MATCHED: N_("On the bank statement"),
        DepositState.WITHDRAWN: N_("Called back"),
    }
)
name_all(
    {
        LineKind.RECEIPT: N_("Receipt"),
        LineKind.TICKETS: N_("Tickets"),
        LineKind.OTHER: N_("Without a basis"),
    }
)
TONES = {
    DepositState.PREPARED: "warning",
    DepositState.DEPOSITED: "info",
    DepositState.MATCHED: "success",
    DepositState.WITHDRAWN: "neutral",
}
MESSAGES.update(
    {
        "deposit-unknown-account": N_(
            "Choose a registered account of the office. Public money goes to no other."
        ),
        "deposit-nothing-chosen": N_("Choose the money that goes to the bank."),
        "deposit-money-gone": N_(
            "Some of this money was handed over or promised meanwhile. Choose again."
        ),
        "deposit-not-yours": N_("Only the person who holds this cash brings it to the bank."),
        "deposit-slip-differs": N_("The slip must say %(due)s, like the STS."),
        "deposit-slip-names-another": N_(
            "This is the number of a bill, a payment, another STS or an account. Write the"
            " reference that the bank printed on the slip."
        ),
        "deposit-wrong-day": N_("Choose a day from %(first)s until today."),
        "deposit-why-missing": N_("Write why the STS is withdrawn."),
    }
)
FIELD_OF = {
    "deposit-unknown-account": "account",
    "deposit-nothing-chosen": "sources",
    "deposit-money-gone": "sources",
    "deposit-slip-differs": "amount",
    "deposit-slip-names-another": "slip",
    "deposit-wrong-day": "on",
    "deposit-why-missing": "why",
}
