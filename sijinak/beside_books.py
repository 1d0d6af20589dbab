"""What is compared with the books: whoever looks at them, every night or by command."""

from sijinak.ledger.checking import Look
from sijinak.payments.wallet.queries import wallet_faults
from sijinak.retribution.receipts.checking import receipt_faults
from sijinak.treasury.checking import treasury_faults

BOOK_CHECKS: tuple[Look, ...] = (receipt_faults, wallet_faults, treasury_faults)
