"""The chart of accounts: which account a thing is posted to.

An account for each way to pay, each bank account and each kind of revenue is opened when it is
first used. Sources: Permendagri 77/2020 (revenue is booked gross); design of the chart our own.
"""

from sijinak.ledger.models import AccountKind

RECEIVABLE = "receivable"  # about a bill: what it still owes
CASH = "cash"  # about a person: what they hold
TRANSIT = "transit"  # about a deposit: handed to the bank, not yet seen on its statement
SUSPENSE = "suspense"  # about a collection: money that has no bill yet (titipan)
WALLET = "wallet"  # about a wallet: what we owe its owner
FEE = "fee"  # what a channel kept
FLOAT = "float"  # about a person: the change that the office lent them (uang kembalian)
FLOAT_FUND = "float-fund"  # whom the office has that change from
SHORTAGE = "shortage"  # about a person: cash that was missing, to be made good (TGR)
SURPLUS = "surplus"  # cash nobody can explain
WRITTEN_OFF = "written-off"

FIXED = {
    RECEIVABLE: AccountKind.ASSET,
    CASH: AccountKind.ASSET,
    TRANSIT: AccountKind.ASSET,
    FLOAT: AccountKind.ASSET,
    SHORTAGE: AccountKind.ASSET,
    SUSPENSE: AccountKind.LIABILITY,
    WALLET: AccountKind.LIABILITY,
    FLOAT_FUND: AccountKind.LIABILITY,
    SURPLUS: AccountKind.REVENUE,
    FEE: AccountKind.EXPENSE,
    WRITTEN_OFF: AccountKind.EXPENSE,
}
# What a code begins with when the rest names one of many.
REVENUE = "revenue"
CLEARING = "clearing:"
BANK = "bank:"
FAMILIES = {
    "clearing": AccountKind.ASSET,
    "bank": AccountKind.ASSET,
    REVENUE: AccountKind.REVENUE,
}


def clearing(adapter: str) -> str:
    """Money a channel has for us and has not yet paid into the bank."""
    return f"clearing:{adapter}"


def bank(account: str) -> str:
    """A bank account of the office, by its code in the settings of the treasury."""
    return f"bank:{account}"


def revenue(law_code: str) -> str:
    """Revenue by its kode rekening."""
    return f"{REVENUE}:{law_code}"


def kind_of(code: str) -> AccountKind:
    """Raises KeyError for a code that is not in the chart."""
    return FIXED[code] if code in FIXED else FAMILIES[code.partition(":")[0]]


def law_code_of(code: str) -> str:
    """The kode rekening that an account stands for; empty where the law has none."""
    family, _, rest = code.partition(":")
    return rest if family == REVENUE else ""
