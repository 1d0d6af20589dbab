"""What people call the things that do not match, and how they are ended."""

from sijinak.payments.discrepancies.beside import Because
from sijinak.payments.discrepancies.queries import View
from sijinak.payments.models import DiscrepancyKind, DiscrepancyState, Resolution
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

K = DiscrepancyKind
name_all(
    {
        K.UNKNOWN_BILL: N_("Nobody knows what the money is for"),
        K.SHORT: N_("Less than the bill"),
        K.OVER: N_("More than the bill"),
        K.DOUBLE: N_("Paid twice"),
        K.AFTER_CANCEL: N_("Money for a withdrawn bill"),
        K.CURRENCY: N_("Money of another country"),
        K.CONFLICTING: N_("The bank tells two things of one money"),
        K.REVERSED: N_("The bank took the money back"),
        K.PART_LEFT: N_("What the bank left of the money"),
        K.VOIDED: N_("The receipt of this money was voided"),
        K.BAD_CODE: N_("A wrong QR code was refused"),
        K.REFUND_FAILED: N_("Money did not go back"),
        K.BANK_LINE: N_("A line of the bank that nobody knows"),
        K.MISSING_IN_BANK: N_("Not in the bank yet"),
        K.FEE: N_("A fee that should not be"),
        K.STATEMENT_GAP: N_("A statement is missing"),
        K.STATEMENT_CHANGED: N_("The bank changed a line"),
        K.CASH_SHORT: N_("Cash is missing"),
        K.CASH_OVER: N_("Too much cash"),
        K.DEPOSIT_LATE: N_("Deposited late"),
        K.DEPOSIT_DIFFERS: N_("The bank got another amount"),
        K.TICKETS: N_("Tickets and money differ"),
    }
)
# What it means and what to do first, in a sentence.
EXPLAINED = {
    K.UNKNOWN_BILL: N_(
        "It came without a bill of ours. Find the bill with the payer, or give it"
        " back."
    ),
    K.SHORT: N_(
        "The bill stays open until its money is exact: join it with the rest, or give it"
        " back."
    ),
    K.OVER: N_("Pay the bill with its part, and give the rest back."),
    K.DOUBLE: N_(
        "The bill is paid already. Give this money back, or pay another bill of the"
        " payer."
    ),
    K.AFTER_CANCEL: N_(
        "The bill is withdrawn or written off. Give the money back, or pay another"
        " bill."
    ),
    K.CURRENCY: N_("It is not rupiah, so it is not booked. Clear it up with the bank."),
    K.CONFLICTING: N_(
        "The bank told two amounts, or two orders, for the same number. What came first is booked;"
        " ask the bank which is true, and whether it is one money."
    ),
    K.REVERSED: N_("Its bills are owed again. Tell the payer, and ask the bank why."),
    K.PART_LEFT: N_(
        "The bank took a part back, so the bills are owed again. Say which bill the rest pays,"
        " or give it back."
    ),
    K.VOIDED: N_("Its bill is owed again. Say which bill the money pays, or give it back."),
    K.BAD_CODE: N_(
        "The code had another amount or another merchant, and was not shown. Tell the bank"
        " today."
    ),
    K.REFUND_FAILED: N_("The channel did not give it back. Give it back in another way."),
    K.BANK_LINE: N_("Match it on the page of the statement, or say what it is."),
    K.MISSING_IN_BANK: N_(
        "The channel says it came; the statement does not show it. Ask the"
        " bank."
    ),
    K.FEE: N_("Retribution is booked gross: ask the bank to give the fee back."),
    K.STATEMENT_GAP: N_("Ask the bank for the missing statement, and import it."),
    K.STATEMENT_CHANGED: N_("Compare both versions with the bank."),
    K.CASH_SHORT: N_(
        "Counted less than the books say. Whoever held it makes it good, or a decree writes"
        " it off."
    ),
    K.CASH_OVER: N_(
        "Counted more than the books say. It is booked as other revenue: say where it came"
        " from."
    ),
    K.DEPOSIT_LATE: N_("Cash goes to the bank within one working day. Say why it did not."),
    K.DEPOSIT_DIFFERS: N_(
        "The deposit slip and the statement differ. Ask the bank, or make it"
        " good."
    ),
    K.TICKETS: N_("Sold tickets and counted money differ. Look at the stubs."),
}  # fmt: skip
name_all(
    {
        DiscrepancyState.OPEN: N_("Not ended yet"),
        DiscrepancyState.PROPOSED: N_("Waits for a second person"),
        DiscrepancyState.RESOLVED: N_("Ended by two people"),
        DiscrepancyState.SETTLED: N_("Settled by itself"),
    }
)
TONES = {
    DiscrepancyState.OPEN: "warning",
    DiscrepancyState.PROPOSED: "info",
    DiscrepancyState.RESOLVED: "success",
    DiscrepancyState.SETTLED: "success",
}
name_all(
    {
        Resolution.ALLOCATE: N_("Pay bills with it"),
        Resolution.REFUND: N_("Give it back to the payer"),
        Resolution.WRITE_OFF: N_("Write it off by decree"),
        Resolution.BANK_CORRECTION: N_("The bank corrects it"),
        Resolution.MADE_GOOD: N_("Made good by whoever held it"),
        Resolution.EXPLAINED: N_("Explained: nothing moves"),
    }
)
name_all(
    {
        View.OPEN: N_("Not ended yet"),
        View.MINE: N_("Mine"),
        View.TO_APPROVE: N_("For me to approve"),
        View.ENDED: N_("Ended"),
    }
)
name_all(
    {
        Because.MEANT: N_("the money was sent for it"),
        Because.IN_REMARK: N_("its number stands in the remark"),
        Because.SAME_PAYER: N_("the same payer"),
        Because.SAME_AMOUNT: N_("the same amount"),
        Because.TYPED: N_("typed by you"),
    }
)
HAPPENED = {
    "discrepancy.opened": N_("Found"),
    "discrepancy.taken": N_("Somebody looks after it"),
    "discrepancy.proposed": N_("Proposed"),
    "discrepancy.refused": N_("Refused: open again"),
    "discrepancy.approved": N_("Approved"),
    "discrepancy.settled": N_("Settled by itself"),
}
MESSAGES.update(
    {
        "resolution-not-legal": N_("This cannot be ended in this way."),
        "resolution-needs-decree": N_("Write the number of the decree."),
        "resolution-by-same-person": N_("You proposed it. Another person must decide."),
        "case-taken": N_(
            "Another case in this proposal has moved on. Look at it, and propose"
            " again."
        ),
    }
)  # fmt: skip
