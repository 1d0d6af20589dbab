"""A finding with a note that has a paper."""

from typing import Any

from sijinak.accounts.models import Role
from sijinak.audit.findings.queries import notes_of
from sijinak.audit.findings.services import AdvanceFinding, advance_finding
from sijinak.core.db import transaction
from sijinak.files.pictures import Picture
from tests.audit.findings.factories import make_finding
from tests.factories import LUNYUK_REA, actor_for

PAPER = Picture(b"large", b"small", 1280, 960)


def of_findings() -> dict[str, dict[str, Any]]:
    """By a part of the address what its ids are."""
    auditor = actor_for(Role.AUDITOR)
    finding = make_finding(region=LUNYUK_REA, auditor=auditor)
    note = AdvanceFinding(
        finding_id=finding.id, action="note", words="Catatan rahasia", paper=PAPER
    )
    with transaction():
        advance_finding(note, by=auditor)
    return {"/audit/temuan/": {"finding_id": finding.id, "note_id": notes_of(finding)[0].id}}
