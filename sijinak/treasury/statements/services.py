"""Taking statements of the bank in: whole, once, and each after the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import WORKER, Actor, Permission, require
from sijinak.files.models import StoredFile
from sijinak.files.services import keep_raw
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.statements.continuing import GAP, Plan, plans_of
from sijinak.treasury.statements.models import (
    BankFile,
    BankLine,
    BankStatement,
    FileState,
    LineNote,
)
from sijinak.treasury.statements.queries import (
    STATEMENT_FILE,
    account_of,
    file_brought,
    file_known,
    hold_waiting,
    last_place,
    last_statement,
    notes_of,
    rejected_count,
    statements_in,
)
from sijinak.treasury.statements.reading import ReadStatement, UnfitStatement


class FileKnown(Conflict):
    """The same file was taken in before, perhaps under another account. ``file`` is that one."""

    code = "file-known"

    def __init__(self, file: BankFile) -> None:
        super().__init__()
        self.file = file


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStatements:
    id: UUID = field(default_factory=uuid7)
    account: str
    profile: str
    file_id: UUID
    file_name: str
    region: str  # of the office that holds the account


def keep_file(content: bytes, *, by: Actor) -> StoredFile:
    """The file as the bank made it, before anything of it is taken in."""
    require(by, Permission.TREASURY_KEEP)
    kept = keep_raw(content, STATEMENT_FILE, by=by)
    events.record("statement.brought", kept, by=by, region="", sha256=kept.sha256.hex())
    return kept


def note_refused(plans: Sequence[Plan], region: str, *, by: Actor) -> None:
    """A file that leaves a gap, or says otherwise than before, is something for two people."""
    require(by, Permission.TREASURY_KEEP, region=region)
    for plan in plans:
        if plan.faults and plan.about is not None:
            fault = plan.faults[0]
            is_gap = fault.code == GAP
            found = Found(
                kind=DiscrepancyKind.STATEMENT_GAP if is_gap else DiscrepancyKind.STATEMENT_CHANGED,
                about=plan.about,
                region=region,
                amount=_difference(plan),
                facts={"account": plan.about.account, "said": fault.text},
            )
            open_discrepancy(found, by=by)
            return


def take_statements(
    command: TakeStatements, found: Sequence[ReadStatement], *, by: Actor
) -> list[BankStatement]:
    """All statements of a file, or none. What says nothing new but remarks makes an empty list.

    ``found`` is what the gate read in the file. Raises UnfitStatement, FileKnown.
    """
    require(by, Permission.TREASURY_KEEP, region=command.region)
    account = account_of(command.account)
    kept = file_brought(command.file_id, by=by)
    if not first_time(command, by=by):
        return list(statements_in(command.id))
    if known := file_known(kept.sha256):
        raise FileKnown(known)
    hold_waiting(BankFile.account == account.code)
    plans = plans_of(found, account)
    if faults := [fault for plan in plans for fault in plan.faults]:
        raise UnfitStatement(faults)
    fresh = [plan for plan in plans if not plan.is_repeated]
    if fresh:
        _bring_in(command, kept, by=by)
    taken = [_take(plan, command, by=by) for plan in fresh]
    for plan in plans:
        _note_remarks(plan, by=by)
    return taken


def _bring_in(command: TakeStatements, kept: StoredFile, *, by: Actor) -> None:
    db.session.add(
        BankFile(
            id=command.id,
            account=command.account,
            region=command.region,
            profile=command.profile,
            name=command.file_name,
            stored_id=kept.id,
            sha256=kept.sha256,
            taken_at=now(),
            taken_by=by.id,
            taken_by_name=by.name,
            state=FileState.WAITING,
        )
    )
    db.session.flush()


def _take(plan: Plan, command: TakeStatements, *, by: Actor) -> BankStatement:
    last, one = last_statement(command.account), plan.statement
    first_new = plan.new[0][1] if plan.new else None
    statement = BankStatement(
        account=command.account,
        region=command.region,
        place=last_place(command.account) + 1,
        number=one.number,
        serial_no=one.serial[0] if one.serial else None,
        serial_page=one.serial[1] if one.serial else None,
        first_on=first_new.on if first_new else one.first_on,
        last_on=one.last_on,
        opening=last.closing if last else one.opening,
        closing=one.closing,
        file_id=command.id,
    )
    db.session.add(statement)
    db.session.flush()
    db.session.add_all(_lines(plan, statement))
    db.session.flush()
    if last:
        settle_discrepancy(DiscrepancyKind.STATEMENT_GAP, last.id, by=WORKER)
    facts = {"account": statement.account, "number": statement.number, "lines": len(plan.new)}
    events.record("statement.taken", statement, by=by, region=statement.region, **facts)
    return statement


def _lines(plan: Plan, statement: BankStatement) -> list[BankLine]:
    rejected = rejected_count(statement.account)
    again = f"~{rejected}" if rejected else ""  # a rejected file has said the same line before
    return [
        BankLine(
            statement_id=statement.id,
            account=statement.account,
            region=statement.region,
            position=position,
            key=f"{key}{again}",
            booked_on=line.on,
            booked_at=line.at,
            amount=line.amount,
            balance=line.balance,
            remark=line.remark,
            refs=list(line.references),
        )
        for position, (key, line) in enumerate(plan.new, start=1)
    ]


def _note_remarks(plan: Plan, *, by: Actor) -> None:
    known = notes_of([line_id for line_id, _ in plan.notes])
    for line_id, remark in plan.notes:
        if remark not in {note.remark for note in known.get(line_id, [])}:
            db.session.add(LineNote(line_id=line_id, remark=remark, noted_at=now(), noted_by=by.id))


def _difference(plan: Plan) -> int:
    """How much the file is away from what is known."""
    if isinstance(plan.about, BankStatement):
        return plan.statement.opening - plan.about.closing
    return 0
