"""The state machines as a picture, drawn from their tables."""

from sijinak.animals.mutations.models import MUTATION_FLOW
from sijinak.animals.skkt.models import SHEET_FLOW
from sijinak.audit.findings.models import FINDING_FLOW
from sijinak.core.flow import Flow
from sijinak.notices.models import NOTICE_FLOW
from sijinak.payments.models import ATTEMPT_FLOW, DISCREPANCY_FLOW
from sijinak.payments.wallet.models import WALLET_FLOW
from sijinak.permits.models import PERMIT_FLOW
from sijinak.privacy.models import ERASURE_FLOW, REQUEST_FLOW
from sijinak.retribution.models import SKRD_FLOW
from sijinak.retribution.receipts.models import VOID_FLOW
from sijinak.tagstock.models import TAG_FLOW
from sijinak.treasury.cash.models import CLOSING_FLOW, FLOAT_FLOW, HANDOVER_FLOW
from sijinak.treasury.deposits.models import DEPOSIT_FLOW
from sijinak.treasury.matching.models import PROPOSAL_FLOW
from sijinak.treasury.statements.models import FILE_FLOW
from sijinak.treasury.tickets.models import BLOCK_FLOW
from sijinak.vaccinations.campaigns.models import CAMPAIGN_FLOW

FLOWS: dict[str, Flow] = {  # type: ignore[type-arg]
    "Permit to take livestock out": PERMIT_FLOW,
    "SKRD": SKRD_FLOW,
    "Attempt to pay": ATTEMPT_FLOW,
    "Void of a receipt": VOID_FLOW,
    "What does not match": DISCREPANCY_FLOW,
    "Wallet of a trader": WALLET_FLOW,
    "Hand-over of cash": HANDOVER_FLOW,
    "Change lent to an officer": FLOAT_FLOW,
    "Daily closing of a person": CLOSING_FLOW,
    "Deposit STS": DEPOSIT_FLOW,
    "Block of tickets": BLOCK_FLOW,
    "File of the bank": FILE_FLOW,
    "Match of a bank line by hand": PROPOSAL_FLOW,
    "Mutation": MUTATION_FLOW,
    "Ownership letter SKKT": SHEET_FLOW,
    "Tag": TAG_FLOW,
    "Vaccination campaign": CAMPAIGN_FLOW,
    "Finding of an audit": FINDING_FLOW,
    "Message that goes out": NOTICE_FLOW,
    "Request about one's data": REQUEST_FLOW,
    "Erasure of a person": ERASURE_FLOW,
}


def drawn() -> str:
    """The text of docs/flows.md."""
    parts = [
        "# Flows\n\nDrawn by `sijinak draw` from the tables in the code; a test keeps it true.\n"
    ]
    for name, flow in FLOWS.items():
        steps = "\n".join(f"| {s.source} | {s.action} | {s.target} | `{s.needs}` |" for s in flow)
        table = f"| from | action | to | needs |\n|---|---|---|---|\n{steps}"
        parts.append(f"## {name}\n\n```mermaid\n{flow.mermaid()}\n```\n\n{table}\n")
    return "\n".join(parts)
