"""Where the records behind a finding are shown, for those who may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from sijinak.audit.findings.models import AuditFinding
from sijinak.core.permissions import Actor, may
from sijinak.core.permissions import Permission as P  # noqa: N817
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a table's rows, and what it takes to open it."""

    title: str
    endpoint: str
    argument: str
    needs: P


_TREASURY = P.TREASURY_READ
PAGES: Mapping[str, Page] = {
    "receipts": Page(N_("Receipt"), "receipts.show", "receipt_id", P.SKRD_READ),
    "skrd": Page(N_("Bill"), "retribution.show", "skrd_id", P.SKRD_READ),
    "permits": Page(N_("Permit"), "permits.show", "permit_id", P.PERMIT_READ),
    "deposits": Page(N_("Deposit (STS)"), "deposits.show", "deposit_id", _TREASURY),
    "handovers": Page(N_("Hand-over of cash"), "cash.handover", "handover_id", _TREASURY),
    "ticket_blocks": Page(N_("Block of tickets"), "tickets.show", "block_id", _TREASURY),
    "ticket_sales": Page(N_("Sale of tickets"), "tickets.sale", "sale_id", _TREASURY),
    "tariffs": Page(N_("Tariff"), "tariffs.show", "tariff_id", _TREASURY),
    "collections": Page(N_("Money received"), "receipts.money", "collection_id", _TREASURY),
    "refunds": Page(N_("Refund"), "refunds.show", "refund_id", _TREASURY),
    "discrepancies": Page(N_("Case of money"), "discrepancies.show", "case_id", _TREASURY),
    "bank_statements": Page(
        N_("Statement of the bank"), "reconciliation.statement", "statement_id", _TREASURY
    ),
    "journals": Page(N_("Journal"), "ledger.journal", "journal_id", P.LEDGER_READ),
    "vaccination_acts": Page(N_("Vaccination"), "vaccinations.show", "act_id", P.VACCINATION_READ),
    "vaccination_findings": Page(
        N_("Finding about a vaccination"), "vaccinations_findings.show", "finding_id",
        P.FINDING_READ,
    ),
    "vaccine_lots": Page(N_("Lot of vaccine"), "vaccinestock.lot", "lot_id", P.AUDIT_READ),
    "vaccine_stores": Page(N_("Store of vaccine"), "vaccinestock.store", "store_id", P.AUDIT_READ),
    "quota_accounts": Page(N_("Quota account"), "quota.show", "account_id", P.QUOTA_READ),
    "checkpoint_checks": Page(
        N_("Check at a post"), "checkpoints.show", "check_id", P.PERMIT_READ
    ),
    "keepers": Page(N_("Keeper"), "keepers.show", "keeper_id", P.KEEPER_READ),
    "users": Page(N_("Account"), "users.show", "user_id", P.USER_MANAGE),
}  # fmt: skip
TRAIL = N_("Trail of this record")


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


def links_of(finding: AuditFinding, by: Actor) -> list[Link]:
    """The pages of the records, and for auditors what the trail has about the subject."""
    told = [*_pages(_things(finding), by)]
    if may(by, P.AUDIT_READ):
        told.append(Link(_(TRAIL), url_for("audit.index", hal=finding.subject_id)))
    return told


def _things(finding: AuditFinding) -> list[tuple[str, str]]:
    things = [(finding.subject_type, str(finding.subject_id))]
    things += [(one[0], one[1]) for one in finding.evidence]
    return list(dict.fromkeys(things))


def _pages(things: Iterable[tuple[str, str]], by: Actor) -> Iterable[Link]:
    for table, row_id in things:
        page = PAGES.get(table)
        if page is not None and may(by, page.needs):
            yield Link(_(page.title), _url(page, row_id))


def _url(page: Page, row_id: str) -> str:
    place: dict[str, Any] = {page.argument: row_id}
    return url_for(page.endpoint, **place)
