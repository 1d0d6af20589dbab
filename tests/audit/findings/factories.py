"""Findings for tests: raised by an auditor, or by a check of our own."""

from collections.abc import Iterable
from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.looking import note_hits
from sijinak.audit.findings.models import AuditFinding, Outcome, Severity
from sijinak.audit.findings.services import (
    AdvanceFinding,
    RaiseByHand,
    advance_finding,
    raise_by_hand,
)
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import WORKER
from tests.factories import LUNYUK, actor_for


def make_finding(
    *,
    region: str = LUNYUK,
    people: Iterable[UUID] = (),
    auditor: SignedIn | None = None,
    severity: Severity = Severity.HIGH,
) -> AuditFinding:
    command = RaiseByHand(
        subject_type="receipts", subject_id=uuid7(), title="Kuitansi tidak ada di map",
        severity=severity, region=region, people=tuple(people),
    )  # fmt: skip
    with transaction():
        return raise_by_hand(command, by=auditor or actor_for(Role.AUDITOR))


def advance(
    finding: AuditFinding,
    action: str,
    by: SignedIn,
    outcome: Outcome | None = None,
    because: str = "Kantor tidak menjawab.",
) -> AuditFinding:
    if action == "close" and outcome is None:
        outcome = Outcome.EXPLAINED
    command = AdvanceFinding(
        finding_id=finding.id,
        action=action,
        words="Sudah diperiksa.",
        outcome=outcome,
        because=because,
    )
    with transaction():
        return advance_finding(command, by=by)


def check_of(*hits: Hit) -> Check:
    """A check that finds just these."""
    return Check(
        code="of-the-test", severity=Severity.LOW, title="t", means="m", do="d", false_alarm="f",
        source="s", look=lambda: hits,
    )  # fmt: skip


def noted(*hits: Hit) -> int:
    with transaction():
        return note_hits(check_of(*hits), hits, now(), by=WORKER)
