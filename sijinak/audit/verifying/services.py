"""What a verification found, kept in the trail."""

from dataclasses import dataclass

from sqlalchemy import select

from sijinak.audit.verifying.faults import Fault
from sijinak.audit.verifying.queries import ALTERED, VERIFIED
from sijinak.core.db import db
from sijinak.core.events import Event, events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.core.tlog import LogLeaf


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVerification:
    """``first``: the first bad record; none when all agrees."""

    size: int
    rows: int
    seconds: int
    count: int = 0
    first: Fault | None = None


def note_verification(command: NoteVerification, *, by: Actor) -> Event | None:
    """About the newest leaf. An empty log is told of nowhere, unless something is wrong with it."""
    require(by, Permission.AUDIT_READ)
    newest = select(LogLeaf).order_by(LogLeaf.position.desc()).limit(1)
    leaf = db.session.scalars(newest).first()
    if leaf is None and command.first is None:
        return None
    facts: dict[str, object] = {"size": command.size, "rows": command.rows}
    facts["seconds"] = command.seconds
    if (fault := command.first) is not None:
        facts |= {"faults": command.count, "code": fault.code.value, "table": fault.table}
        facts |= {"record": fault.id and str(fault.id), "position": fault.position}
    name = ALTERED if fault else VERIFIED
    about = leaf or LogLeaf(position=-1, kind="", body="", hash=b"")
    return events.record(name, about, by=by, region="", **facts)
