"""Ending an address that keeps checkpoints: one person asks, another confirms.

Each copy outside the house is a witness; nobody sends one away alone, and it is told.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.errors import Conflict, Forbidden
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.notices.models import NoticeAddress
from sijinak.notices.policy import post
from sijinak.notices.queries import address_to_step
from sijinak.notices.services import Message, queue_notice, record_address

SUBJECT = "Alamat ini tidak lagi menerima titik periksa catatan"
BODY = """Mulai besok, alamat ini tidak lagi menerima titik periksa catatan SiJINAK.
Hari terakhir: {day}.

Pengakhiran diajukan oleh seorang petugas dan disetujui oleh petugas lain; siapa dan kapan tercatat
dalam jejak audit. Bila kantor Anda tidak meminta ini, tanyakan kepada Inspektorat, dan simpan semua
titik periksa yang sudah diterima: semuanya tetap berlaku sebagai pembanding.
"""


class AddressEnded(Conflict):
    code = "notice-address-ended"


class EndingAsked(Conflict):
    """A second person has to decide."""

    code = "notice-ending-asked"


class NoEndingAsked(Conflict):
    """Nobody asked for its end, or it was taken back."""

    code = "notice-no-ending-asked"


class SameEnder(Forbidden):
    """Whoever asked for the end does not confirm it."""

    code = "notice-same-ender"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEnding:
    id: UUID = field(default_factory=uuid7)
    address_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideEnding:
    id: UUID = field(default_factory=uuid7)
    address_id: UUID


def ask_ending(command: AskEnding, *, by: Actor) -> NoticeAddress:
    """It is written to until a second person agrees. Raises AddressEnded, EndingAsked."""
    address, is_new = _step(command, by=by)
    if not is_new:
        return address
    if address.ending_asked_by is not None:
        raise EndingAsked
    address.ending_asked_at, address.ending_asked_by = now(), by.id
    address.ending_asked_by_name = by.name
    record_address("ending-asked", address, by=by)
    return address


def confirm_ending(command: DecideEnding, *, by: Actor) -> NoticeAddress:
    """Today is its last day, and it is told. Raises AddressEnded, NoEndingAsked, SameEnder."""
    address, is_new = _step(command, by=by)
    if not is_new:
        return address
    if address.ending_asked_by is None:
        raise NoEndingAsked
    if address.ending_asked_by == by.id:
        raise SameEnder
    address.until, address.ended_by, address.ended_by_name = today(), by.id, by.name
    record_address("ended", address, by=by)
    queue_notice(_last_word(address), address, by=by)
    return address


def drop_ending(command: DecideEnding, *, by: Actor) -> NoticeAddress:
    """It is written to as before; also whoever asked may say so. Raises NoEndingAsked."""
    address, is_new = _step(command, by=by)
    if not is_new:
        return address
    if address.ending_asked_by is None:
        raise NoEndingAsked
    address.ending_asked_at = address.ending_asked_by = None
    address.ending_asked_by_name = ""
    record_address("ending-dropped", address, by=by)
    return address


def _step(command: AskEnding | DecideEnding, *, by: Actor) -> tuple[NoticeAddress, bool]:
    """The address, held, and whether this is done for the first time. Raises AddressEnded."""
    address = address_to_step(command.address_id, by=by)
    require(by, Permission.LOG_CHECKPOINT, region=post.regency)
    if not first_time(command, by=by):
        return address, False
    if address.until is not None:
        raise AddressEnded
    return address, True


def _last_word(address: NoticeAddress) -> Message:
    body = BODY.format(day=today().strftime("%d-%m-%Y"))
    return Message(reason=f"address-ended:{address.id}", subject=SUBJECT, body=body)
