"""Messages from outside: kept as they came, each with the answer it got, and acted on once."""

import base64
import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from sijinak.core.clock import now, today
from sijinak.core.crypto import keyring, sealed_place
from sijinak.core.db import Clash, read, transaction
from sijinak.core.events import About, events
from sijinak.core.ids import uuid7
from sijinak.core.inserting import insert_new
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import (
    Answer,
    Due,
    Notice,
    Outcome,
    PaymentAdapter,
    RawRequest,
)
from sijinak.payments.billing import billing
from sijinak.payments.models import LIVE, Attempt, AttemptState, Message
from sijinak.payments.queries import attempt_by_pay_code
from sijinak.payments.services import take_notice

JSON = "application/json"
# Four of five messages are repeated: one prepared question tells.
_SAME = (
    select(Message.digest, Message.answer_status, Message.answer_body)
    .where(Message.adapter == bindparam("of"))
    .where(Message.day == bindparam("on"), Message.key == bindparam("named"))
    .order_by(Message.id)
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is authentic, and by what it is known again."""

    adapter: PaymentAdapter
    request: RawRequest
    notice: Notice

    @property
    def key(self) -> str:
        """Their ids are unique in a day, though some give one to a question and its payment."""
        where = self.request.path.partition("?")[0]
        return f"{where} {self.notice.message_id}" if self.notice.message_id else self.digest.hex()

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(f"{self.request.path}\n".encode() + self.request.body).digest()

    @property
    def is_question(self) -> bool:
        """One that has no name of its own is answered anew each time."""
        return bool(self.notice.asks_for) and not self.notice.message_id


def receive(letter: Letter, *, by: Actor) -> Answer:
    """Take it, once. The same again gets the same answer, and changes nothing."""
    require(by, Permission.PAYMENT_SETTLE)
    adapter, request = letter.adapter, letter.request
    if letter.notice.wants_token:
        return adapter.answer(request, Outcome.TAKEN, None)
    if letter.is_question:
        return _answer(letter)
    told = read(_SAME, {"of": adapter.name, "on": today(), "named": letter.key})
    for same in (one for one in told if one.digest == letter.digest):
        return Answer(
            status=same.answer_status, body=same.answer_body, headers={"Content-Type": JSON}
        )
    return _take(letter, is_named_twice=bool(told), by=by)


def note_forgery(adapter: str, address: str, *, by: Actor) -> None:
    """Somebody knocked who is not who they say: a line in the trail."""
    require(by, Permission.PAYMENT_SETTLE)
    about = About(
        "payment_messages", uuid7(), billing.region, {"adapter": adapter, "from": address}
    )
    events.record_all("payment.message-forged", [about], by=by)


def _take(letter: Letter, *, is_named_twice: bool, by: Actor) -> Answer:
    """The message, what it says, and what follows from it: together or not at all.

    No signature covers the name, so what is signed counts also under a name that came before.
    """
    with transaction():
        answer = _answer(letter, is_named_twice=is_named_twice)
        message = Message(
            adapter=letter.adapter.name,
            day=today(),
            key=letter.key,
            digest=letter.digest,
            path=letter.request.path,
            received_at=now(),
            answer_status=answer.status,
            answer_body=answer.body,
        )
        message.body = _sealed(letter.request.body, message.id)
        if not insert_new(message, "adapter", "day", "key", "digest"):
            raise Clash  # somebody else brought it at this moment: ask again what it got
        take_notice(letter.adapter.name, letter.notice.seen, by=by, message_id=message.id)
    return answer


def _answer(letter: Letter, *, is_named_twice: bool = False) -> Answer:
    """What is wrong for us is taken all the same: refused, it would come again for ever."""
    if is_named_twice:
        return letter.adapter.answer(letter.request, Outcome.SAID_OTHERWISE, None)
    outcome, due = Outcome.TAKEN, None
    if letter.notice.asks_for:
        outcome, due = _looked_up(letter.adapter.name, letter.notice.asks_for)
    return letter.adapter.answer(letter.request, outcome, due)


def _looked_up(adapter: str, pay_code: str) -> tuple[Outcome, Due | None]:
    attempt = attempt_by_pay_code(adapter, pay_code)
    if attempt is None:
        return Outcome.UNKNOWN_BILL, None
    if attempt.state is AttemptState.SUCCEEDED or not _is_owed(attempt):
        return Outcome.PAID_BILL, None
    if attempt.state not in LIVE or attempt.is_unwanted or now() >= attempt.expires_at:
        return Outcome.EXPIRED_BILL, None
    return Outcome.TAKEN, _due(attempt)


def _is_owed(attempt: Attempt) -> bool:
    return billing.bills.are_open([bill.bill_id for bill in attempt.bills])


def _due(attempt: Attempt) -> Due:
    return Due(
        ref=attempt.ref,
        pay_code=attempt.pay_code,
        amount=attempt.amount,
        description=attempt.title,
        payer=attempt.payer_name,
        expires_at=attempt.expires_at,
    )


def _sealed(body: bytes, message_id: UUID) -> bytes:
    """Banks put names into it. It opens again to the very bytes that came."""
    place = sealed_place(Message.__tablename__, "body", message_id)
    return keyring.seal(base64.b64encode(body).decode(), place)


def body_of(message: Message) -> bytes:
    """The bytes as they came: signatures can be proved again from them."""
    place = sealed_place(Message.__tablename__, "body", message.id)
    return base64.b64decode(keyring.open(message.body, place))
