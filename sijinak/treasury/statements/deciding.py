"""The second person looks at a file that another brought in, and confirms or rejects it."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.treasury.statements.models import FILE_FLOW, BankFile, BankStatement, FileState
from sijinak.treasury.statements.queries import file_by_id, hold_waiting


class OwnFile(Conflict):
    """Who brought it in may not decide about it."""

    code = "own-file"


class FileDecided(Conflict):
    code = "file-decided"


class EarlierFileWaits(Conflict):
    """It begins where that one ends."""

    code = "earlier-file-waits"


class LaterFileStands(Conflict):
    """It begins where this one ends."""

    code = "later-file-stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFile:
    """``action`` is a step of FILE_FLOW; to reject needs an ``answer``."""

    id: UUID = field(default_factory=uuid7)
    file_id: UUID
    action: str
    answer: str = ""


def decide_file(command: DecideFile, *, by: Actor) -> BankFile:
    """Raises OwnFile, FileDecided, EarlierFileWaits, LaterFileStands."""
    asked = file_by_id(command.file_id, by=by)
    require(by, Permission.MONEY_RESOLVE, region=asked.region)
    hold_waiting(BankFile.account == asked.account)
    file = file_by_id(command.file_id, by=by)
    if file.taken_by == by.id:
        raise OwnFile
    if not first_time(command, by=by):
        return file
    if file.state is not FileState.WAITING:
        raise FileDecided
    step = FILE_FLOW.step(file.state, command.action)
    _refuse_out_of_order(file, step.target)
    file.state, file.answer = step.target, command.answer
    file.decided_at, file.decided_by, file.decided_by_name = now(), by.id, by.name
    name = f"statement.{file.state}"
    events.record(name, file, by=by, region=file.region, account=file.account)
    return file


def _refuse_out_of_order(file: BankFile, target: FileState) -> None:
    """Files hang on each other by their balances: confirmed from the first, rejected from the last.

    So whatever waits can be decided, and nothing that is confirmed hangs on what is not.
    """
    first, last = _places(BankFile.id == file.id)
    confirms = target is FileState.CONFIRMED
    if confirms and _places(_waits(file), BankStatement.place < first)[0]:
        raise EarlierFileWaits
    if not confirms and _places(_waits(file), BankStatement.place > last)[0]:
        raise LaterFileStands


def _waits(file: BankFile) -> ColumnElement[bool]:
    return (BankFile.account == file.account) & (BankFile.state == FileState.WAITING)


def _places(*which: ColumnElement[bool]) -> tuple[int, int]:
    """Of the first and the last statement of such files; zeros when there is none."""
    places = func.min(BankStatement.place), func.max(BankStatement.place)
    asked = select(*places).join(BankFile, BankFile.id == BankStatement.file_id).where(*which)
    first, last = db.session.execute(asked).one()
    return first or 0, last or 0
