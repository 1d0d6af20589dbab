"""Questions about statements: what was taken in, and where the next one must begin."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.files.models import StoredFile
from sijinak.treasury.accounts import BankAccount, bank_accounts
from sijinak.treasury.statements.models import BankLine, BankStatement, LineNote

STATEMENT_FILE = "application/x-bank-statement"


class AccountNotRegistered(Invalid):
    code = "account-not-registered"


def account_of(code: str) -> BankAccount:
    """Only what the settings register. Raises AccountNotRegistered."""
    account = bank_accounts.known(code)
    if account is None:
        raise AccountNotRegistered(account=code)
    return account


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
    asked = select(BankStatement).where(BankStatement.account == account)
    return db.session.scalar(asked.order_by(BankStatement.place.desc()).limit(1))


def was_taken(account: str, sha256: bytes) -> bool:
    asked = select(BankStatement.id).where(
        BankStatement.account == account, BankStatement.sha256 == sha256
    )
    return db.session.scalar(asked.limit(1)) is not None


def statement_named(account: str, number: str, last_on: date) -> BankStatement | None:
    """By the bank's number, which begins anew with the year."""
    asked = select(BankStatement).where(
        BankStatement.account == account,
        BankStatement.number == number,
        BankStatement.last_on >= date(last_on.year, 1, 1),
        BankStatement.last_on <= date(last_on.year, 12, 31),
    )
    return db.session.scalar(asked.order_by(BankStatement.place).limit(1))


def lines_of(statement_id: UUID) -> Sequence[BankLine]:
    asked = select(BankLine).where(BankLine.statement_id == statement_id)
    return db.session.scalars(asked.order_by(BankLine.position)).all()


def lines_since(account: str, day: date) -> Sequence[BankLine]:
    """All that is known of an account from a day on, as the bank ordered it."""
    asked = select(BankLine).join(BankStatement, BankStatement.id == BankLine.statement_id)
    asked = asked.where(BankLine.account == account, BankLine.booked_on >= day)
    return db.session.scalars(asked.order_by(BankStatement.place, BankLine.position)).all()


def last_days() -> dict[str, date]:
    """Up to which day each account is known."""
    asked = select(BankStatement.account, BankStatement.last_on).order_by(BankStatement.place)
    return {account: last_on for account, last_on in db.session.execute(asked)}  # noqa: C416


def _seen_by(by: Actor) -> Select[BankStatement]:
    seen = within_reach(by, Permission.TREASURY_READ, BankStatement.region)
    return select(BankStatement).where(seen)
