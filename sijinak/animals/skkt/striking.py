"""Lines that are struck off the sheets, and struck lines that stand again.

Called by whatever takes an animal from its owner, inside the same transaction.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import exists, update

from sijinak.animals.skkt.models import Sheet, SheetLine, SheetState
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import Actor


def strike_lines(animal_ids: Collection[UUID], *, because: str, cause_id: UUID, by: Actor) -> None:
    """On standing sheets, the lines of these animals that nothing has struck before.

    ``because`` is a code of ``labels.STRUCK``. The caller holds the animals, so that a sheet that
    is being signed is signed before, or refused after.
    """
    stands = exists().where(Sheet.id == SheetLine.sheet_id, Sheet.state == SheetState.ISSUED)
    struck = db.session.execute(
        update(SheetLine)
        .where(SheetLine.animal_id.in_(animal_ids), SheetLine.struck_at.is_(None))
        .where(stands)
        .values(struck_at=now(), struck_because=because, cause_id=cause_id)
        .returning(SheetLine.sheet_id)
    )
    _record("sheet.lines-struck", struck.scalars(), reason=because, cause_id=cause_id, by=by)


def unstrike_lines(cause_id: UUID, *, by: Actor) -> None:
    """What the cause struck stands again, on whatever sheet: the cause was a mistake."""
    restored = db.session.execute(
        update(SheetLine)
        .where(SheetLine.cause_id == cause_id)
        .values(struck_at=None, struck_because="", cause_id=None)
        .returning(SheetLine.sheet_id)
    )
    _record("sheet.lines-restored", restored.scalars(), reason="", cause_id=cause_id, by=by)


def _record(
    name: str, sheet_ids: Iterable[UUID], *, reason: str, cause_id: UUID, by: Actor
) -> None:
    """One event for each sheet, in one order."""
    for sheet_id, lines in sorted(Counter(sheet_ids).items()):
        sheet = db.session.get_one(Sheet, sheet_id)
        facts = {"number": sheet.number, "animals": lines, "reason": reason, "cause": str(cause_id)}
        events.record(name, sheet, by=by, region=sheet.village, **facts)
