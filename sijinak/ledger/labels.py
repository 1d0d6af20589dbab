"""What people call accounts and entries, and why something may not be written."""

from sijinak.ledger import chart
from sijinak.ledger.models import AccountKind
from sijinak.ledger.services import REVERSAL
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        AccountKind.ASSET: N_("Assets"),
        AccountKind.LIABILITY: N_("Owed to others"),
        AccountKind.REVENUE: N_("Revenue"),
        AccountKind.EXPENSE: N_("Expenses"),
    }
)
ACCOUNTS = {
    chart.RECEIVABLE: N_("Bills not yet paid"),
    chart.CASH: N_("Cash in hand"),
    chart.TRANSIT: N_("On its way to the bank"),
    chart.SUSPENSE: N_("Money without a bill"),
    chart.WALLET: N_("Wallets of traders"),
    chart.FLOAT: N_("Change lent out"),
    chart.FLOAT_FUND: N_("Change the office was lent"),
    chart.FEE: N_("Kept by channels"),
    chart.SHORTAGE: N_("Missing cash to be made good"),
    chart.SURPLUS: N_("Cash nobody can explain"),
    chart.WRITTEN_OFF: N_("Bills written off"),
}
FAMILIES = {
    "clearing": N_("With %(rest)s, not yet in the bank"),
    "bank": N_("Bank account %(rest)s"),
    chart.REVENUE: N_("Retribution %(rest)s"),
}
ENTRIES = {
    "skrd.issued": N_("Bill set"),
    "skrd.cancelled": N_("Bill withdrawn"),
    "skrd.written-off": N_("Bill written off"),
    "strd.issued": N_("Interest set"),
    "strd.cancelled": N_("Interest withdrawn"),
    "strd.written-off": N_("Interest written off"),
    "money": N_("Money came"),
    "paid": N_("Bill paid"),
    "void": N_("Receipt voided"),
    "reversed": N_("Money taken back"),
    "refund": N_("Money given back"),
    "handover": N_("Cash handed over"),
    "deposit": N_("Cash to the bank"),
    "bank": N_("On the bank statement"),
    "topup": N_("Wallet topped up"),
    "taken-back": N_("Top-up taken back"),
    "payout": N_("Out of a wallet"),
    "tickets": N_("Tickets sold"),
    "closing": N_("Counted at the closing"),
    REVERSAL: N_("Reversal"),
}
MESSAGES.update(
    {
        "journal-unbalanced": N_("Debit and credit of this entry differ."),
        "day-not-over": N_("%(day)s is still to come. Close it when it is there."),
        "day-is-closed": N_("The books are closed up to %(day)s."),
    }
)


def account_title(code: str) -> str:
    """What people call an account, in the language of this answer."""
    family, _colon, rest = code.partition(":")
    return _(FAMILIES[family], rest=rest) if rest else _(ACCOUNTS[code])


def entry_title(kind: str) -> str:
    """A kind that nobody named is shown as it is."""
    return _(ENTRIES[kind]) if kind in ENTRIES else kind
