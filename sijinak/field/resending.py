"""After the server was restored from a copy, the office asks phones for what they sent since."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.field.devices import homes_of
from sijinak.field.models import Device, ResendRequest
from sijinak.field.queries import device_for_update, gaps_of, in_sight, open_resends


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """``device_id`` None means every phone in reach."""

    id: UUID
    device_id: UUID | None = None


def ask_again(command: AskAgain, *, by: Actor) -> int:
    """Ask for everything after what is here without a gap. The answer: how many phones."""
    require(by, Permission.FIELD_OVERSEE)
    if not first_time(command, by=by):
        return 0
    asked = _phones_meant(command, by)
    homes = homes_of({device.user_id for device in asked})
    for device in asked:
        _ask(device, homes[device.user_id], by=by)
    return len(asked)


def note_resent(device_id: UUID, *, first_seq: int, repeats: bool) -> None:
    """Settle what the office asked of a phone once a batch shows that it heard.

    A phone marks all its records at once and sends them in order. So it has heard when a batch
    begins where the office asked it to, or brings what is here already.
    """
    for request in open_resends(device_id):
        if repeats or first_seq <= request.from_seq:
            request.done_at = now()


def _phones_meant(command: AskAgain, by: Actor) -> list[Device]:
    """Those that were not asked already, or were asked and have answered."""
    if command.device_id is not None:
        device_for_update(command.device_id, by=by)
    wanted = in_sight(by) if command.device_id is None else Device.id == command.device_id
    open_ones = select(ResendRequest.device_id).where(ResendRequest.done_at.is_(None))
    alive = select(Device).where(wanted, Device.wiped_at.is_(None), Device.id.not_in(open_ones))
    asked = alive.order_by(Device.id).execution_options(populate_existing=True)
    return list(db.session.scalars(asked))


def _ask(device: Device, region: str, *, by: Actor) -> None:
    gaps = gaps_of(device)
    from_seq = gaps[0][0] if gaps else device.highest_seq + 1
    wanted = ResendRequest(
        device_id=device.id, from_seq=from_seq, asked_at=now(), asked_by_name=by.name
    )
    db.session.add(wanted)
    events.record("field.asked-again", device, by=by, region=region, from_seq=from_seq)
