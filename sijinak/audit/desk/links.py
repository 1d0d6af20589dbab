"""Where things are looked at: at the desk where it shows more, else at the office's own page."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from sijinak.audit.desk.hits import Hit, HitKind
from sijinak.audit.desk.wanted import Wanted

ASKED = {
    "dari": "first",
    "sampai": "last",
    "cara": "channel",
    "petugas": "officer_id",
    "wilayah": "region",
    "komponen": "component",
    "keadaan": "standing",
    "minim": "least",
    "maks": "most",
    "peternak": "keeper_id",
}
_PAGES: dict[str, tuple[str, str]] = {
    "receipts": ("auditdesk.receipt", "receipt_id"),
    "skrd": ("retribution.show", "skrd_id"),
    "permits": ("permits.show", "permit_id"),
    "animals": ("animal_record.show", "animal_id"),
    "keepers": ("auditdesk_people.keeper", "keeper_id"),
    "users": ("auditdesk_people.officer", "user_id"),
    "deposits": ("deposits.show", "deposit_id"),
    "collections": ("receipts.money", "collection_id"),
    "bank_lines": ("reconciliation.line", "line_id"),
    "ticket_blocks": ("tickets.show", "block_id"),
    "refunds": ("refunds.show", "refund_id"),
    "audit_findings": ("auditfindings.show", "finding_id"),
    "audit_samples": ("auditdesk_samples.show", "sample_id"),
}
_TABLES = {
    HitKind.RECEIPT: "receipts",
    HitKind.BILL: "skrd",
    HitKind.DEPOSIT: "deposits",
    HitKind.PERMIT: "permits",
    HitKind.TICKETS: "ticket_blocks",
    HitKind.ANIMAL: "animals",
    HitKind.MONEY: "collections",
    HitKind.LINE: "bank_lines",
    HitKind.KEEPER: "keepers",
    HitKind.OFFICER: "users",
}


def hit_url(hit: Hit) -> str:
    if hit.kind is HitKind.EVENT:
        return url_for("audit.index", hal=hit.id)
    return subject_url(_TABLES[hit.kind], hit.id)


def subject_url(kind: str, subject_id: UUID) -> str:
    """The page of a record; of what has none, its lines in the trail."""
    if kind not in _PAGES:
        return url_for("audit.index", hal=subject_id)
    endpoint, name = _PAGES[kind]
    return url_for(endpoint, **{name: subject_id})  # type: ignore[arg-type]


def list_url(first: date | None = None, last: date | None = None, **wanted: Any) -> str:
    """The list of receipts, narrowed."""
    return url_for("auditdesk.receipts", **in_address(Wanted(first=first, last=last, **wanted)))


def in_address(wanted: Wanted) -> dict[str, Any]:
    spelt = wanted.spelt()
    return {asked: spelt[name] for asked, name in ASKED.items() if name in spelt}
