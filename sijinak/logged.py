"""What goes into the log: one table, reviewed like a decree.

What is not in it leaves no proof. Words of and about people are hidden: the log has their digests.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sijinak.accounts.models import Appointment, Delegation
from sijinak.audit.findings.models import AuditFinding, FindingNote, FindingPerson
from sijinak.core.events import WORDS, Event
from sijinak.core.noting import Lines, Logged, Table, Words
from sijinak.keepers.models import Keeper
from sijinak.ledger.models import ClosedDay, Journal, Posting
from sijinak.notices.models import NoticeAddress
from sijinak.payments.models import Collection, Discrepancy
from sijinak.payments.refunds.models import Refund
from sijinak.permits.checkpoint.models import CheckpointCheck
from sijinak.permits.models import Permit, PermitAnimal
from sijinak.permits.quota.models import QuotaDecree, QuotaEntry
from sijinak.permits.rules.models import Rule
from sijinak.permits.signing.models import PaperKey, SignedPaper
from sijinak.privacy.models import Erasure
from sijinak.retribution.claims.models import WriteOff
from sijinak.retribution.models import Skrd, SkrdLine
from sijinak.retribution.receipts.models import Allocation, Receipt, VoidRequest
from sijinak.retribution.tariffs.models import Tariff
from sijinak.treasury.cash.models import CashClosing, HandOver
from sijinak.treasury.deposits.models import Deposit, DepositLine
from sijinak.treasury.matching.models import Match, MatchPart
from sijinak.treasury.statements.models import BankLine, BankStatement
from sijinak.treasury.tickets.models import TicketSale, TicketUse

OFFICE = ""  # nobody's: no key is destroyed
PAYER = "keeper_id"


def whose_event(event: Mapping[str, Any]) -> str | None:
    """The keeper whom an event is about, or whom its facts name."""
    if event["subject_type"] == Keeper.__tablename__:
        return str(event["subject_id"])
    try:
        return str(UUID(event["facts"]["keeper_id"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _all(columns: str) -> frozenset[str]:
    return frozenset(columns.split())


def _office(*columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, OFFICE)


# Events that have no row of their own below: what people did with accounts, data and papers.
EVENTS = (
    *("user.", "delegation.", "keeper.revealed", "keeper.viewed", "keeper.listed"),
    *("privacy.", "export.", "audit.", "notice.address"),
    *("key.", "paper.", "checkpoint.", "rule.", "ban.", "books.", "log.", "finding."),
    *("permit.issue", "permit.certify", "permit.revoke", "permit.depart", "permit.extend"),
)

LOGGED: Table = {
    # What happened to the money.
    Journal: Logged(
        claims="recorded_at",
        changes=False,
        hidden=_office("actor_name", "reason"),
        lines=Lines(Posting, "journal_id", "position"),
    ),
    ClosedDay: Logged(claims="closed_at", changes=False, hidden=_office("closed_by_name")),
    Collection: Logged(claims="seen_at", changes=False, hidden={"payer": PAYER}),
    Skrd: Logged(
        changing=_all("state"),
        hidden={"payer_name": PAYER, "issued_by_name": OFFICE},
        lines=Lines(SkrdLine, "skrd_id", "position"),
    ),
    Receipt: Logged(
        claims="issued_at",
        changes=False,
        hidden={"payer_name": PAYER, **_office("reason", "asked_by_name", "issued_by_name")},
        lines=Lines(Allocation, "receipt_id"),
    ),
    VoidRequest: Logged(
        changing=_all("state note answered_by answered_by_name answered_at"),
        hidden=_office("reason", "note", "asked_by_name", "answered_by_name"),
    ),
    Refund: Logged(
        changing=_all("state decree number proof approved_by approved_by_name done_at"),
        hidden=_office("reason", "proof", "requested_by_name", "approved_by_name"),
        left_out=frozenset({"ask_again_at", "asked"}),
    ),
    WriteOff: Logged(
        changing=_all("approved_by approved_by_name refused_why ended_at"),
        hidden=_office("reason", "refused_why", "proposed_by_name", "approved_by_name"),
    ),
    Discrepancy: Logged(
        hidden=_office("owner_name", "reason", "proposed_by_name", "approved_by_name"),
        left_out=frozenset({"facts", "plan"}),  # of both the steps' events tell
    ),
    Tariff: Logged(
        changing=_all("approved_by approved_by_name approved_at refused_why valid_until"),
        hidden=_office("proposed_by_name", "approved_by_name", "refused_why", "past_why"),
    ),
    # Who held it, where it was paid in, what the bank says.
    HandOver: Logged(
        changing=_all("state number year no counted why ended_at"),
        hidden=_office("giver_name", "taker_name", "why"),
    ),
    CashClosing: Logged(
        changing=_all("state signed_by signed_by_name signed_at rejected_why"),
        hidden=_office("holder_name", "signed_by_name", "why", "rejected_why"),
    ),
    TicketSale: Logged(claims="sold_at", changes=False, hidden=_office("seller_name")),
    TicketUse: Logged(claims="used_at", changes=False, hidden=_office("by_name", "why")),
    Deposit: Logged(
        changing=_all(
            "state deposited_on slip slip_file_id late_days ended_at booked_on match_id line_id why"
        ),
        hidden=_office("holder_name", "why"),
        lines=Lines(DepositLine, "deposit_id", "position"),
    ),
    BankStatement: Logged(
        changes=False, lines=Lines(BankLine, "statement_id", "position", ("remark",))
    ),
    Match: Logged(
        claims="made_at",
        changes=False,
        hidden=_office("reason", "made_by_name", "asked_by_name"),
        lines=Lines(MatchPart, "match_id", "position"),
    ),
    # Permits, their papers and their quota.
    Permit: Logged(
        hidden={
            **dict.fromkeys(("appeal", "last_note", "destination_note"), PAYER),
            **_office(
                "inspected_by_name", "certified_by_name", "decided_by_name", "decided_for",
                "heard_by_name", "vehicle_plate",
            ),
        },
        lines=Lines(PermitAnimal, "permit_id", "position", ("reason",)),
    ),
    SignedPaper: Logged(claims="made_at", changes=False, left_out=frozenset({"qr", "seal"})),
    PaperKey: Logged(hidden=_office("reason")),
    CheckpointCheck: Logged(
        claims="received_at",
        changes=False,
        hidden=_office("officer_name", "plate"),
        left_out=frozenset({"paper", "note_sealed", "scanned", "latitude", "longitude"}),
    ),
    QuotaDecree: Logged(claims="recorded_at", hidden=_office("by_name")),
    QuotaEntry: Logged(claims="recorded_at", changes=False, hidden=_office("by_name", "note")),
    Rule: Logged(),
    # What auditors found. What machines saw again or no more is not told.
    AuditFinding: Logged(
        changing=_all("state outcome closed_at closed_by closed_by_name unanswered lines"),
        hidden=_office("title", "raised_by_name", "closed_by_name"),
        left_out=frozenset({"last_seen_at", "gone_at", "rank"}),
        lines=Lines(FindingPerson, "finding_id", "person_id"),
    ),
    FindingNote: Logged(
        claims="written_at", changes=False, hidden=_office("words", "because", "by_name")
    ),
    # Who may do what.
    Appointment: Logged(changing=_all("valid_until ended_at")),
    Delegation: Logged(hidden=_office("end_reason")),
    Event: Logged(
        claims="happened_at",
        changes=False,
        hidden=_office("actor_name"),
        starts=EVENTS,
        words=Words("facts", WORDS, whose_event),
    ),
    # Who keeps a copy of what was signed.
    NoticeAddress: Logged(
        claims="entered_at",
        changing=_all(
            "until ending_asked_at ending_asked_by ending_asked_by_name ended_by ended_by_name"
        ),
        hidden=_office("entered_by_name", "ending_asked_by_name", "ended_by_name"),
        left_out=frozenset({"email_sealed"}),  # its look-up stands for it
    ),
    Erasure: Logged(hidden=_office("proposed_by_name", "decided_by_name")),
}  # fmt: skip
