"""Questions about statements: what was taken in, and where the next one must begin."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.files.models import StoredFile
from sijinak.treasury.accounts import BankAccount, bank_accounts
from sijinak.treasury.statements.models import (
    BankFile,
    BankLine,
    BankStatement,
    FileState,
    LineNote,
)

STATEMENT_FILE = "application/x-bank-statement"
_FILE_STANDS = BankFile.state != FileState.REJECTED


class AccountNotRegistered(Invalid):
    code = "account-not-registered"


def account_of(code: str) -> BankAccount:
    """Only what the settings register. Raises AccountNotRegistered."""
    account = bank_accounts.known(code)
    if account is None:
        raise AccountNotRegistered(account=code)
    return account


def stands() -> ColumnElement[bool]:
    """Of a line: its file was not rejected. What was rejected counts for nothing."""
    return BankLine.statement_id.in_(_standing(BankStatement.id))


def states_of(line_ids: Sequence[UUID]) -> dict[UUID, FileState]:
    """How far the file of each line is."""
    asked = (
        select(BankLine.id, BankFile.state)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .join(BankFile, BankFile.id == BankStatement.file_id)
        .where(BankLine.id.in_(line_ids))
        .order_by(BankLine.id)
    )
    return {row.id: row.state for row in db.session.execute(asked)}


def hold_waiting(*which: ColumnElement[bool]) -> None:
    """Until the transaction ends nobody decides about these files."""
    asked = select(BankFile.id).where(BankFile.state == FileState.WAITING, *which)
    db.session.execute(asked.order_by(BankFile.id).with_for_update()).all()


def file_known(sha256: bytes) -> BankFile | None:
    """It was taken in before, under whatever account, and stands."""
    asked = select(BankFile).where(BankFile.sha256 == sha256, _FILE_STANDS)
    return db.session.scalar(asked)


def file_by_id(file_id: UUID, *, by: Actor) -> BankFile:
    require(by, Permission.TREASURY_READ)
    seen = within_reach(by, Permission.TREASURY_READ, BankFile.region)
    asked = select(BankFile).where(BankFile.id == file_id, seen)
    found = db.session.scalar(asked, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound(file_id=str(file_id))
    return found


def waiting_files(*, by: Actor) -> Sequence[BankFile]:
    """What waits for a second person, the oldest first."""
    require(by, Permission.TREASURY_READ)
    seen = within_reach(by, Permission.TREASURY_READ, BankFile.region)
    asked = select(BankFile).where(BankFile.state == FileState.WAITING, seen)
    return db.session.scalars(asked.order_by(BankFile.taken_at, BankFile.id)).all()


def count_to_decide(*, by: Actor) -> int:
    """How many wait that the actor did not bring in."""
    seen = within_reach(by, Permission.MONEY_RESOLVE, BankFile.region)
    asked = select(func.count(BankFile.id)).where(BankFile.state == FileState.WAITING, seen)
    return db.session.scalar(asked.where(BankFile.taken_by != by.id)) or 0


def statements_in(file_id: UUID) -> Sequence[BankStatement]:
    asked = select(BankStatement).where(BankStatement.file_id == file_id)
    return db.session.scalars(asked.order_by(BankStatement.place)).all()


def rejected_count(account: str) -> int:
    asked = select(func.count(BankFile.id)).where(
        BankFile.account == account, BankFile.state == FileState.REJECTED
    )
    return db.session.scalar(asked) or 0


def last_place(account: str) -> int:
    """Of all that were taken in, also those that were rejected; 0 before the first."""
    asked = select(func.max(BankStatement.place)).where(BankStatement.account == account)
    return db.session.scalar(asked) or 0


def statements(*, by: Actor, place: Place = START) -> Page[BankStatement]:
    """Those that were taken in, newest first."""
    require(by, Permission.TREASURY_READ)
    return page_of(_seen_by(by), BankStatement.id, place)


def statement_by_id(statement_id: UUID, *, by: Actor) -> BankStatement:
    require(by, Permission.TREASURY_READ)
    found = db.session.scalar(_seen_by(by).where(BankStatement.id == statement_id))
    if found is None:
        raise NotFound(statement_id=str(statement_id))
    return found


def line_by_id(line_id: UUID, *, by: Actor) -> BankLine:
    require(by, Permission.TREASURY_READ)
    seen = within_reach(by, Permission.TREASURY_READ, BankLine.region)
    line = db.session.scalar(select(BankLine).where(BankLine.id == line_id, seen))
    if line is None:
        raise NotFound(line_id=str(line_id))
    return line


def notes_of(line_ids: Sequence[UUID]) -> dict[UUID, list[LineNote]]:
    """What the bank wrote later to lines, the first first."""
    asked = select(LineNote).where(LineNote.line_id.in_(line_ids)).order_by(LineNote.id)
    found: dict[UUID, list[LineNote]] = {}
    for note in db.session.scalars(asked):
        found.setdefault(note.line_id, []).append(note)
    return found


def file_brought(file_id: UUID, *, by: Actor) -> StoredFile:
    """A file that the actor brought and may take in."""
    require(by, Permission.TREASURY_KEEP)
    kept = db.session.get(StoredFile, file_id)
    if kept is None or kept.media_type != STATEMENT_FILE or kept.kept_by != by.id:
        raise NotFound(file_id=str(file_id))
    return kept


def last_statement(account: str) -> BankStatement | None:
    """The one that the next must follow. The caller has asked."""
    asked = _standing(BankStatement).where(BankStatement.account == account)
    last: BankStatement | None = db.session.scalar(
        asked.order_by(BankStatement.place.desc()).limit(1)
    )
    return last


def statement_named(account: str, number: str, last_on: date) -> BankStatement | None:
    """By the bank's number, which begins anew with the year."""
    asked = _standing(BankStatement).where(
        BankStatement.account == account,
        BankStatement.number == number,
        BankStatement.last_on >= date(last_on.year, 1, 1),
        BankStatement.last_on <= date(last_on.year, 12, 31),
    )
    named: BankStatement | None = db.session.scalar(asked.order_by(BankStatement.place).limit(1))
    return named


def lines_of(statement_id: UUID) -> Sequence[BankLine]:
    asked = select(BankLine).where(BankLine.statement_id == statement_id)
    return db.session.scalars(asked.order_by(BankLine.position)).all()


def lines_since(account: str, day: date) -> Sequence[BankLine]:
    """All that is known of an account from a day on, as the bank ordered it."""
    asked = select(BankLine).join(BankStatement, BankStatement.id == BankLine.statement_id)
    asked = asked.where(BankLine.account == account, BankLine.booked_on >= day, stands())
    return db.session.scalars(asked.order_by(BankStatement.place, BankLine.position)).all()


def last_days() -> dict[str, date]:
    """Up to which day each account is known."""
    asked = _standing(BankStatement.account, BankStatement.last_on).order_by(BankStatement.place)
    return {account: last_on for account, last_on in db.session.execute(asked)}  # noqa: C416


def _standing(*wanted: Any) -> Select[Any]:
    return select(*wanted).join(BankFile, BankFile.id == BankStatement.file_id).where(_FILE_STANDS)


def _seen_by(by: Actor) -> Select[BankStatement]:
    seen = within_reach(by, Permission.TREASURY_READ, BankStatement.region)
    return select(BankStatement).where(seen)
