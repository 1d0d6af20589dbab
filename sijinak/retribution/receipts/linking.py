"""A receipt sent by message: a link with a secret opens it without signing in.

The secret is made from the link's id under the key for look-ups, so that it can be shown again
although the database holds nothing but its digest: a copy of it opens no receipt.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.proving import SECRET_BYTES, digest_of_secret
from sijinak.retribution.receipts.models import Receipt, ReceiptLink
from sijinak.retribution.receipts.policy import policy
from sijinak.retribution.receipts.queries import receipt_by_id


class ReceiptLinkOver(NotFound):
    """Ended, run out, or never made."""

    code = "receipt-link-over"


SENDERS = (Permission.PAYMENT_START, Permission.CASH_RECEIVE, Permission.SKRD_ISSUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLink:
    id: UUID = field(default_factory=uuid7)
    receipt_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLink:
    id: UUID = field(default_factory=uuid7)
    receipt_id: UUID


def make_link(command: MakeLink, *, by: Actor) -> ReceiptLink:
    """The one that works is given again; a new one is made where there is none."""
    receipt = _own(command.receipt_id, by=by)
    is_new, live = first_time(command, by=by), live_link(receipt.id)
    if live and (secret_of(live) or not is_new):
        return live
    if not is_new:
        raise ReceiptLinkOver  # made by these same words, and ended since
    return _made(command.id, receipt, by=by)


def end_link(command: EndLink, *, by: Actor) -> None:
    """Whoever holds it sees nothing any more."""
    receipt = _own(command.receipt_id, by=by)
    link = live_link(receipt.id)
    if first_time(command, by=by) and link is not None:
        link.ended_at = now()
        _record("receipt.link-ended", receipt, by=by)


def live_link(receipt_id: UUID) -> ReceiptLink | None:
    """The caller has asked for the receipt."""
    asked = select(ReceiptLink).where(
        ReceiptLink.receipt_id == receipt_id,
        ReceiptLink.ended_at.is_(None),
        ReceiptLink.expires_at > now(),
    )
    return db.session.scalar(asked.order_by(ReceiptLink.made_at.desc()).limit(1))


def secret_of(link: ReceiptLink) -> str | None:
    """160 bits; None after the key was changed."""
    secret = _secret(link.id)
    return secret if hmac.compare_digest(link.digest, digest_of_secret(secret)) else None


def receipt_behind(secret: str) -> Receipt:
    """Raises ReceiptLinkOver."""
    asked = select(Receipt).join(ReceiptLink, ReceiptLink.receipt_id == Receipt.id)
    asked = asked.where(
        ReceiptLink.digest == digest_of_secret(secret),
        ReceiptLink.ended_at.is_(None),
        ReceiptLink.expires_at > now(),
    )
    found = db.session.scalar(asked)
    if found is None:
        raise ReceiptLinkOver
    return found


def _made(link_id: UUID, receipt: Receipt, *, by: Actor) -> ReceiptLink:
    link = ReceiptLink(
        id=link_id,
        receipt_id=receipt.id,
        digest=digest_of_secret(_secret(link_id)),
        made_by=by.id,
        made_at=now(),
        expires_at=now() + timedelta(days=policy.link_days),
    )
    db.session.add(link)
    _record("receipt.link-made", receipt, by=by)
    return link


def may_send(receipt: Receipt, by: Actor) -> bool:
    """The payer, and who serves payers; whoever only looks at receipts gives none away."""
    region, keeper_id = receipt.region, receipt.keeper_id
    return any(may(by, one, region=region, keeper_id=keeper_id) for one in SENDERS)


def _own(receipt_id: UUID, *, by: Actor) -> Receipt:
    receipt = receipt_by_id(receipt_id, by=by)
    if not may_send(receipt, by):
        raise Forbidden
    return receipt


def _secret(link_id: UUID) -> str:
    return b32encode(keyring.lookup("receipt link", str(link_id))[:SECRET_BYTES]).decode()


def _record(name: str, receipt: Receipt, *, by: Actor) -> None:
    events.record(name, receipt, by=by, region=receipt.region, number=receipt.number)
