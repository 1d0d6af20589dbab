"""The only place that changes an account: each move is one conditional update and one entry."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.permits.quota.lines import Line, is_of
from sijinak.permits.quota.models import (
    EntryKind,
    QuotaAccount,
    QuotaClaim,
    QuotaDecree,
    QuotaEntry,
)

K = EntryKind
# What each head of a move adds to the cap, to what is reserved, and to what is used.
SIGNS: Mapping[EntryKind, tuple[int, int, int]] = {
    K.GRANT: (1, 0, 0),
    K.ADJUST: (1, 0, 0),
    K.TRANSFER_IN: (1, 0, 0),
    K.TRANSFER_OUT: (-1, 0, 0),
    K.FREEZE: (0, 0, 0),
    K.THAW: (0, 0, 0),
    K.RESERVE: (0, 1, 0),
    K.CONSUME: (0, -1, 1),
    K.RELEASE: (0, -1, 0),
}


class QuotaShort(Conflict):
    """Facts: ``heads`` that were asked for, ``left``."""

    code = "quota-short"


class QuotaHeld(Conflict):
    """The quota cannot be cut below what permits hold. Facts: ``cap``, ``held``, ``left``."""

    code = "quota-held"


@dataclass(frozen=True, slots=True)
class Why:
    """By which decree or for which claim an account moves."""

    decree: QuotaDecree | None = None
    claim: QuotaClaim | None = None
    other_origin: str = ""
    note: str = ""


def open_account(line: Line) -> UUID:
    """The account of a line, a new one with nothing in it when there is none."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    empty = {"cap": 0, "held": 0, "used": 0, "last_no": 0, "is_frozen": False}
    values = {"id": uuid7(), **asdict(line), **empty}
    db.session.execute(insert(QuotaAccount).values(values).on_conflict_do_nothing())
    return db.session.scalars(select(QuotaAccount.id).where(is_of(line))).one()


def lock(account_ids: Collection[UUID]) -> dict[UUID, QuotaAccount]:
    """The accounts as they are now, locked in the order of their ids until the transaction ends."""
    asked = (
        select(QuotaAccount)
        .where(QuotaAccount.id.in_(account_ids))
        .order_by(QuotaAccount.id)
        .with_for_update(of=QuotaAccount)
        .execution_options(populate_existing=True)
    )
    return {account.id: account for account in db.session.scalars(asked)}


def move(account: QuotaAccount, kind: EntryKind, heads: int, why: Why, *, by: Actor) -> bool:
    """Move an account and write the entry; False, and nothing moved, when it does not fit."""
    cap, reserved, used = (sign * heads for sign in SIGNS[kind])
    moved = db.session.execute(
        update(QuotaAccount)
        .where(
            QuotaAccount.id == account.id,
            QuotaAccount.cap + cap >= 0,
            QuotaAccount.held + reserved + used <= QuotaAccount.cap + cap,
            QuotaAccount.used + used <= QuotaAccount.held + reserved + used,
        )
        .values(
            cap=QuotaAccount.cap + cap,
            held=QuotaAccount.held + reserved + used,
            used=QuotaAccount.used + used,
            last_no=QuotaAccount.last_no + 1,
            is_frozen=_frozen_after(kind, account),
        )
        .returning(QuotaAccount.last_no)
        .execution_options(synchronize_session=False)
    ).scalar()
    if moved is None:
        return False
    db.session.refresh(account)
    db.session.add(
        QuotaEntry(
            account_id=account.id, no=moved, kind=kind, cap_change=cap, reserved_change=reserved,
            used_change=used, claim_id=why.claim and why.claim.id,
            decree_id=why.decree and why.decree.id, other_origin=why.other_origin, note=why.note,
            by_id=by.id, by_name=by.name, recorded_at=now(),
        )
    )  # fmt: skip
    return True


def _frozen_after(kind: EntryKind, account: QuotaAccount) -> bool:
    if kind in (EntryKind.FREEZE, EntryKind.THAW):
        return kind is EntryKind.FREEZE
    return account.is_frozen
