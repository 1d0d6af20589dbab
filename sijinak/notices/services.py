"""Who is written to is entered by people; what is written is queued once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.notices.mailing import EMAIL
from sijinak.notices.models import NOTICE_FLOW, Notice, NoticeAddress, NoticeState, Purpose
from sijinak.notices.policy import post
from sijinak.notices.queries import addresses_for, email_lookup, is_queued, notice_by_id

KEEPS = Permission.LOG_CHECKPOINT


class NotAnEmail(Invalid):
    code = "notice-not-an-email"


class AddressKnown(Conflict):
    """It is written to already. Facts: ``who``."""

    code = "notice-address-known"


class TwoLines(Invalid):
    """A name or a heading stands on one line."""

    code = "notice-two-lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAddress:
    """``who``: an office or a post, no person's name."""

    id: UUID = field(default_factory=uuid7)
    who: str
    email: str
    purpose: Purpose = Purpose.CHECKPOINT


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgain:
    id: UUID = field(default_factory=uuid7)
    notice_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``reason`` names what it tells, as nothing else does; ``attachments``: file and its text."""

    reason: str
    subject: str
    body: str
    attachments: Mapping[str, str] = field(default_factory=dict)


def add_address(command: AddAddress, *, by: Actor) -> NoticeAddress:
    """From today on. Raises NotAnEmail, TwoLines, AddressKnown."""
    require(by, KEEPS, region=post.regency)
    if not first_time(command, by=by):
        return db.session.get_one(NoticeAddress, command.id)
    if not EMAIL.fullmatch(command.email):
        raise NotAnEmail
    _check_line(command.who)
    lookup = email_lookup(command.email)
    for known in addresses_for(command.purpose, today()):
        if known.email_lookup == lookup and known.until is None:
            raise AddressKnown(who=known.who)
    address = NoticeAddress(
        id=command.id,
        who=command.who,
        email=command.email,
        email_lookup=lookup,
        purpose=command.purpose,
        since=today(),
        entered_at=now(),
        entered_by_name=by.name,
    )
    db.session.add(address)
    record_address("added", address, by=by)
    return address


def queue_notices(message: Message, purpose: Purpose, *, by: Actor) -> list[Notice]:
    """One for each address that holds today and was not written to for this reason.

    Raises TwoLines.
    """
    require(by, KEEPS, region=post.regency)
    _check_line(message.subject)
    queued = []
    for address in addresses_for(purpose, today()):
        if is_queued(message.reason, address.email):
            continue
        queued.append(queue_notice(message, address, by=by))
    return queued


def queue_notice(message: Message, address: NoticeAddress, *, by: Actor) -> Notice:
    """To this one alone. The caller has asked whether it was written to for this reason."""
    require(by, KEEPS, region=post.regency)
    notice = _notice(message, address)
    db.session.add(notice)
    db.session.flush()  # the next address may be the same
    _record_notice("notice.queued", notice, by=by)
    return notice


def send_again(command: SendAgain, *, by: Actor) -> Notice:
    """What failed, was kept, or may not have arrived, once more. Raises WrongState."""
    notice = notice_by_id(command.notice_id, by=by)
    require(by, KEEPS, region=post.regency)
    if not first_time(command, by=by):
        return notice
    notice.state = NOTICE_FLOW.step(notice.state, "send-again").target
    notice.attempts, notice.try_again_at, notice.ended_at = 0, now(), None
    _record_notice("notice.queued", notice, by=by)
    return notice


def _notice(message: Message, address: NoticeAddress) -> Notice:
    return Notice(
        id=uuid7(),
        reason=message.reason,
        who=address.who,
        email=address.email,
        email_lookup=address.email_lookup,
        subject=message.subject,
        body=message.body,
        attachments=dict(message.attachments),
        state=NoticeState.QUEUED,
        queued_at=now(),
        try_again_at=now(),
        attempts=0,
    )


def _check_line(text: str) -> None:
    if not text.isprintable() or not text.strip():
        raise TwoLines


def record_address(verb: str, address: NoticeAddress, *, by: Actor) -> None:
    """One line about an address: added, its end asked for, ended, or kept."""
    require(by, KEEPS, region=post.regency)
    facts = {"who": address.who, "purpose": address.purpose}
    events.record(f"notice.address-{verb}", address, by=by, region="", **facts)


def _record_notice(name: str, notice: Notice, *, by: Actor) -> None:
    events.record(name, notice, by=by, region="", who=notice.who, reason=notice.reason)
