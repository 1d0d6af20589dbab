"""A check at a post that comes from a phone."""

from collections.abc import Callable

from sijinak.field import check_bodies as _check_bodies  # noqa: F401 - names our kind
from sijinak.field.keeping import Visit
from sijinak.field.reading import Incoming
from sijinak.permits.checkpoint.commands import RecordCheck
from sijinak.permits.checkpoint.queries import told_of
from sijinak.permits.checkpoint.services import record_check


def note_check(one: Incoming, visit: Visit) -> None:
    """It is taken in whatever it came to; what it came to goes back to the phone."""
    said = dict(one.data)
    command = RecordCheck(
        id=one.id,
        permit_id=said.pop("permit"),
        listed_at=said.pop("listed"),
        reasons=tuple(said.pop("reasons")),
        positions=tuple(said.pop("positions")),
        scanned=tuple(said.pop("scanned")),
        region=visit.home,
        checked_at=one.at or visit.received_at,
        position=one.pos[:2] if one.pos else None,
        device_id=visit.device_id,
        **said,
    )
    one.facts = told_of(record_check(command, by=visit.by))


HANDLERS: dict[str, Callable[[Incoming, Visit], None]] = {"check": note_check}
