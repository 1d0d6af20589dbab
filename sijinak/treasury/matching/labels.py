"""What people call matches, and why one cannot be made."""

from sijinak.treasury.matching.models import (
    MatchKind,
    Method,
    PartKind,
    ProposalKind,
    ProposalState,
)
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Method.MONEY_ID: N_("By the bank's reference"),
        Method.PAY_CODE: N_("By virtual account, amount and time"),
        Method.SETTLEMENT: N_("By the channel's settlement"),
        Method.BILL_CODE: N_("By the bill's number"),
        Method.DEPOSIT: N_("By the STS or its slip"),
        Method.REFUND: N_("By the refund"),
        Method.FEE: N_("By the channel's fee"),
        Method.BY_HAND: N_("By two people"),
    }
)
name_all({MatchKind.MATCH: N_("Matched"), MatchKind.UNMATCH: N_("Match undone")})
name_all(
    {
        PartKind.LINE: N_("Bank line"),
        PartKind.COLLECTION: N_("Money"),
        PartKind.DEPOSIT: N_("Deposit (STS)"),
        PartKind.OUTFLOW: N_("Money that went back"),
    }
)
name_all(
    {
        ProposalKind.MATCH: N_("Match by hand"),
        ProposalKind.MONEY: N_("Take in as money"),
        ProposalKind.UNMATCH: N_("Undo a match"),
    }
)
name_all(
    {
        ProposalState.PROPOSED: N_("Waits for a second person"),
        ProposalState.APPROVED: N_("Approved"),
        ProposalState.REFUSED: N_("Refused"),
    }
)
MESSAGES.update(
    {
        "match-unequal": N_(
            "The bank's lines make %(lines)s, the money less the fee %(money)s. Both must be the"
            " same."
        ),
        "already-matched": N_("One of them is matched already. Look at it again."),
        "sts-not-deposited": N_("STS %(number)s was not taken to the bank yet, or was withdrawn."),
        "proposal-waits": N_(
            "A proposal for this line or this money waits for a second person already."
        ),
        "same-person": N_("You proposed it. Another person decides."),
        "not-matched": N_("This line is not matched any more."),
        "bill-not-found": N_("There is no bill with this number."),
    }
)
