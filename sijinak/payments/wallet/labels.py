"""What people call the parts of a wallet, and why it does not do something."""

from sijinak.payments.wallet.models import MoveKind, WalletState
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        WalletState.OPEN: N_("Wallet in use"),
        WalletState.FROZEN: N_("On hold"),
        WalletState.CLOSED: N_("Wallet closed"),
        MoveKind.TOP_UP: N_("Topped up"),
        MoveKind.SPEND: N_("Paid a bill"),
        MoveKind.REFUND: N_("Given back"),
        MoveKind.TAKE_BACK: N_("Taken back by the bank"),
        MoveKind.PAY_OUT: N_("Paid out to you"),
        MoveKind.PUT_BACK: N_("Pay-out put back"),
    }
)
TONES = {
    WalletState.OPEN: "success",
    WalletState.FROZEN: "warning",
    WalletState.CLOSED: "neutral",
}
ACTION_NAMES = {"freeze": N_("Freeze"), "thaw": N_("Let it be used again"), "close": N_("Close it")}
MESSAGES.update(
    {
        "wallet-not-enough": N_("The wallet holds too little. Nothing was taken."),
        "wallet-off": N_("The office keeps no open wallet of this kind."),
        "wallet-there": N_("This trader has a wallet already."),
        "wallet-account": N_(
            "A wallet at a bank needs the account's number, one of ours has none."
        ),
        "wallet-too-much": N_("At most %(most)s may lie in this wallet: %(left)s can be added."),
        "wallet-float-full": N_("All wallets together are full. Pay the bill directly."),
        "wallet-bill-not-open": N_("This bill cannot be paid any more. Nothing was taken."),
        "wallet-not-empty": N_("There is money in this wallet. Pay it out first."),
    }
)
