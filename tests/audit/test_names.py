"""Every event about money has a name that people read."""

import re
from pathlib import Path

import pytest

import sijinak
from sijinak.audit.labels import EVENTS
from sijinak.payments.models import ATTEMPT_FLOW
from sijinak.payments.refunds.models import REFUND_FLOW
from sijinak.retribution.models import BillKind
from sijinak.retribution.receipts.models import VoidState
from sijinak.treasury.matching.models import PROPOSAL_FLOW
from sijinak.treasury.statements.models import FileState
from sijinak.wiring import SUBSCRIPTIONS

HERE = Path(sijinak.__file__).parent
SUBJECTS = (
    "payment|money|refund|receipt|void|tariff|write-off|discrepancy|wallet|settlements|books|cash"
    "|float|deposit|ticket|holiday|statement|bank|target|regional-figure|skrd|strd"
)
SAID = re.compile(rf'"((?:{SUBJECTS})\.[a-z][a-z-]*)"')
EDGES = ("pages.py", "road.py")  # they name addresses in the same way
NO_EVENT = {"skrd.id"}


def written() -> set[str]:
    """As they stand in the code of the features of money."""
    files = [
        path
        for feature in ("retribution", "payments", "treasury", "ledger")
        for path in (HERE / feature).rglob("*.py")
        if not path.name.endswith(EDGES)
    ]
    return {name for path in files for name in SAID.findall(path.read_text())} - NO_EVENT


def put_together() -> set[str]:
    """Those whose last part is a step or a state."""
    verbs = ("issued", "paid", "cancelled", "reopened", "written-off")
    return {
        *(f"payment.{step.action}" for step in ATTEMPT_FLOW),
        *(f"refund.{step.action}" for step in REFUND_FLOW),
        *(f"bank.{step.action}" for step in PROPOSAL_FLOW),
        *(f"void.{state}" for state in VoidState),
        *(f"statement.{state}" for state in FileState if state is not FileState.WAITING),
        *(f"{kind}.{verb}" for kind in BillKind for verb in verbs),
        *(name for name in SUBSCRIPTIONS if re.match(rf"(?:{SUBJECTS})\.", name)),
    }


def test_all_of_them_are_found():
    assert {"tariff.approved", "receipt.voided", "bank.matched"} <= written()
    assert {"void.issued", "refund.approve", "payment.submit"} <= put_together()


@pytest.mark.parametrize("name", sorted(written() | put_together()))
def test_it_has_a_name(name: str):
    assert name in EVENTS
