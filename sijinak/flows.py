"""The state machines as a picture, drawn from their tables."""

from sijinak.animals.mutations.models import MUTATION_FLOW
from sijinak.animals.skkt.models import SHEET_FLOW
from sijinak.core.flow import Flow
from sijinak.payments.models import ATTEMPT_FLOW
from sijinak.permits.models import PERMIT_FLOW
from sijinak.retribution.models import SKRD_FLOW
from sijinak.tagstock.models import TAG_FLOW
from sijinak.vaccinations.campaigns.models import CAMPAIGN_FLOW

FLOWS: dict[str, Flow] = {  # type: ignore[type-arg]
    "Permit to take livestock out": PERMIT_FLOW,
    "SKRD": SKRD_FLOW,
    "Attempt to pay": ATTEMPT_FLOW,
    "Mutation": MUTATION_FLOW,
    "Ownership letter SKKT": SHEET_FLOW,
    "Tag": TAG_FLOW,
    "Vaccination campaign": CAMPAIGN_FLOW,
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
