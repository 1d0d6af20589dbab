"""Attempts to pay, what the other side said of them, money that came, and money that went back."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission
from sijinak.payments.adapters.base import Kind, Trust


class AttemptState(StrEnum):
    CREATED = "created"
    SUBMITTED = "submitted"
    PENDING = "pending"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUCCEEDED = "succeeded"
    REVERSED = "reversed"


S = AttemptState
LIVE = (S.CREATED, S.SUBMITTED, S.PENDING, S.UNKNOWN)
ENDED = (S.REJECTED, S.FAILED, S.EXPIRED, S.CANCELLED)
_SETTLE = Permission.PAYMENT_SETTLE

# Money that is seen has come, whatever the state said before: late money is money.
ATTEMPT_FLOW = Flow(
    Step(S.CREATED, "submit", S.SUBMITTED, _SETTLE),
    Step(S.SUBMITTED, "accept", S.PENDING, _SETTLE),
    Step(S.SUBMITTED, "lose", S.UNKNOWN, _SETTLE),
    Step(S.SUBMITTED, "reject", S.REJECTED, _SETTLE),
    Step(S.UNKNOWN, "accept", S.PENDING, _SETTLE),
    Step(S.UNKNOWN, "reject", S.REJECTED, _SETTLE),
    Step(S.PENDING, "expire", S.EXPIRED, _SETTLE),
    Step(S.PENDING, "cancel", S.CANCELLED, _SETTLE),
    Step(S.PENDING, "fail", S.FAILED, _SETTLE),
    *(Step(s, "succeed", S.SUCCEEDED, _SETTLE) for s in LIVE),
    *(Step(s, "succeed-late", S.SUCCEEDED, _SETTLE) for s in (*ENDED, S.REVERSED)),
    Step(S.SUCCEEDED, "reverse", S.REVERSED, _SETTLE),
)


class Attempt(Model):
    """One try to pay one bill or several through one adapter.

    ``ref`` is committed before anybody is asked.
    """

    __tablename__ = "payment_attempts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_payment_attempts_pay_code", "adapter", "pay_code"),
    )

    ref: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]  # the bill's number, or how many bills
    region: Mapped[str] = mapped_column(RegionCode)
    adapter: Mapped[str]
    way: Mapped[str]
    amount: Mapped[Rupiah]
    state: Mapped[AttemptState] = mapped_column(index=True)
    instructions: Mapped[str] = mapped_column(default="")
    pay_code: Mapped[str] = mapped_column(default="")
    payer_name: Mapped[str] = mapped_column(default="")  # who owes; who moved money: Collection
    started_by: Mapped[UUID]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ask_again_at: Mapped[datetime | None] = mapped_column(index=True)
    asked: Mapped[int] = mapped_column(default=0)
    missing_since: Mapped[datetime | None]  # the other side first knew nothing of it then
    is_unwanted: Mapped[bool] = mapped_column(default=False)  # to be called back, until it is

    bills: Mapped[list["AttemptBill"]] = relationship(
        order_by="AttemptBill.position", lazy="selectin"
    )


_LIVE = text("is_live")


class AttemptBill(Model):
    """A bill that an attempt is to pay. One live attempt for each bill, by an index."""

    __tablename__ = "attempt_bills"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        UniqueConstraint("attempt_id", "bill_id"),
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_attempt_bills_live",
            "bill_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey(Attempt.id))
    position: Mapped[int]
    bill_id: Mapped[UUID] = mapped_column(index=True)
    bill_number: Mapped[str]
    amount: Mapped[Rupiah]
    is_live: Mapped[bool]


class Message(Model):
    """A message from outside as it came, once it was known to be authentic. Never altered.

    The body is sealed: banks put names into it. Their name of it should be unique in its day, but
    no signature covers it: two with one name are two messages.
    """

    __tablename__ = "payment_messages"
    __table_args__ = (UniqueConstraint("adapter", "day", "key", "digest"),)

    adapter: Mapped[str]
    day: Mapped[date]  # the office's accounting day on which it came
    key: Mapped[str]  # where it came to, and their message_id, or the digest when they give none
    digest: Mapped[bytes]
    path: Mapped[str]
    body: Mapped[bytes]  # sealed
    received_at: Mapped[datetime]
    answer_status: Mapped[int]
    answer_body: Mapped[bytes]


class Fact(Model):
    """One thing the other side said: an observation, kept as it was. Never altered."""

    __tablename__ = "payment_facts"
    __table_args__ = (UniqueConstraint("adapter", "digest"),)

    adapter: Mapped[str]
    digest: Mapped[bytes]  # of all that it says, but when we heard it
    ref: Mapped[str] = mapped_column(index=True)
    kind: Mapped[Kind]
    money_id: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    happened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    trust: Mapped[Trust]
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey(Message.id))


class Collection(Model):
    """Money that really came. Inserted, never updated; a receipt or a discrepancy points to it."""

    __tablename__ = "collections"
    __table_args__ = (
        UniqueConstraint("adapter", "money_id"),
        CheckConstraint("amount > 0", name="amount"),
    )

    adapter: Mapped[str]
    money_id: Mapped[str] = mapped_column(index=True)
    ref: Mapped[str] = mapped_column(index=True)
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey(Attempt.id), index=True)
    bill_id: Mapped[UUID | None] = mapped_column(index=True)  # of cash; else see the attempt
    keeper_id: Mapped[UUID | None] = mapped_column(index=True)  # who owes, if it was known then
    region: Mapped[str] = mapped_column(RegionCode)
    amount: Mapped[Rupiah]
    payer: Mapped[str]  # who moved it, as the other side calls them; may differ from who owes
    channel: Mapped[str]
    happened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    trust: Mapped[Trust]
    seen_by: Mapped[UUID]


class SettlementRow(Model):
    """Money that a channel says it paid into the bank, one row for each money and batch."""

    __tablename__ = "settlement_lines"
    __table_args__ = (
        UniqueConstraint("adapter", "money_id", "batch"),
        Index("ix_settlement_lines_batch", "adapter", "settled_on", "batch"),
    )

    adapter: Mapped[str]
    money_id: Mapped[str]
    gross: Mapped[Rupiah]
    fee: Mapped[Rupiah]
    settled_on: Mapped[date]
    batch: Mapped[str]
    fetched_at: Mapped[datetime]


class DiscrepancyKind(StrEnum):
    """Why money or a line needs a person. The closed list of what may be wrong."""

    UNKNOWN_BILL = "unknown-bill"  # nobody knows what the money is for
    SHORT = "short"
    OVER = "over"
    DOUBLE = "double"
    AFTER_CANCEL = "after-cancel"
    CURRENCY = "currency"
    CONFLICTING = "conflicting"  # the same money id, another amount or order
    REVERSED = "reversed"
    PART_LEFT = "part-left"  # some of it was taken back: this is the rest
    VOIDED = "voided"  # its receipt was voided
    BAD_CODE = "bad-code"  # a QR for another amount or merchant was refused
    REFUND_FAILED = "refund-failed"
    BANK_LINE = "bank-line"  # on the statement, and nobody knows what it is
    MISSING_IN_BANK = "missing-in-bank"
    FEE = "fee"  # a channel kept a fee it should not
    STATEMENT_GAP = "statement-gap"
    STATEMENT_CHANGED = "statement-changed"
    CASH_SHORT = "cash-short"
    CASH_OVER = "cash-over"
    DEPOSIT_LATE = "deposit-late"
    DEPOSIT_DIFFERS = "deposit-differs"
    TICKETS = "tickets"  # tickets and money do not match


class Resolution(StrEnum):
    """The closed list of what people may decide."""

    ALLOCATE = "allocate"  # to its own bill, or to another one
    REFUND = "refund"
    WRITE_OFF = "write-off"  # by decree
    BANK_CORRECTION = "bank-correction"
    MADE_GOOD = "made-good"  # the person paid what was missing
    EXPLAINED = "explained"  # nothing moves


class DiscrepancyState(StrEnum):
    OPEN = "open"
    PROPOSED = "proposed"
    RESOLVED = "resolved"
    SETTLED = "settled"  # by itself: what was missing came


D = DiscrepancyState
_RESOLVE = Permission.MONEY_RESOLVE
DISCREPANCY_FLOW = Flow(
    Step(D.OPEN, "propose", D.PROPOSED, _RESOLVE),
    Step(D.PROPOSED, "refuse", D.OPEN, _RESOLVE),
    Step(D.PROPOSED, "approve", D.RESOLVED, _RESOLVE),
    Step(D.OPEN, "settle", D.SETTLED, _SETTLE),
    Step(D.PROPOSED, "settle", D.SETTLED, _SETTLE),
    Step(D.SETTLED, "reopen", D.OPEN, _SETTLE),  # what had come was not it after all
)


class Discrepancy(Model):
    """Something that does not match. It has an owner and an age; two people end it."""

    __tablename__ = "discrepancies"
    __table_args__ = (
        UniqueConstraint("kind", "about_id"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="four_eyes"),
        CheckConstraint("state <> 'resolved' OR approved_by IS NOT NULL", name="approved"),
        CheckConstraint("state IN ('open', 'settled') OR proposed_by IS NOT NULL", name="proposed"),
    )

    kind: Mapped[DiscrepancyKind]
    about_id: Mapped[UUID]  # the collection, fact, bank line, closing, deposit it is about
    about_type: Mapped[str]  # its table
    collection_id: Mapped[UUID | None] = mapped_column(ForeignKey(Collection.id), index=True)
    bill_id: Mapped[UUID | None] = mapped_column(index=True)
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    amount: Mapped[int]  # what it is about; below zero: missing
    state: Mapped[DiscrepancyState] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    owner_id: Mapped[UUID | None]
    owner_name: Mapped[str] = mapped_column(default="")
    resolution: Mapped[Resolution | None]
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # as it was found
    plan: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # of the resolution
    reason: Mapped[str] = mapped_column(default="")
    decree: Mapped[str] = mapped_column(default="")
    proposed_by: Mapped[UUID | None]
    proposed_by_name: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
