"""What came, taken apart: one record as it will be kept, and what it says if it can be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from marshmallow import ValidationError

from sijinak.field.bodies import read_data
from sijinak.field.models import FieldRecord, Verdict
from sijinak.field.wire import Body, Sent, Vaccinated, bodies, vaccinations

ALTERED = "altered"
OTHER_AUTHOR = "other-author"
OTHER_DEVICE = "other-device"
UNREADABLE = "unreadable"
UNKNOWN_VERSION = "unknown-version"
HOT = ("vaccination", 1)
# What decoding says of a text that is no record; the last one of brackets by the thousand.
NO_RECORD = (msgspec.MsgspecError, ValueError, RecursionError)
MOST_FIELDS, LONGEST_FIELD = 20, 40


@dataclass(slots=True)
class Incoming:
    """One record on its way through the door. ``verdict`` and ``reason`` are filled in there."""

    id: UUID
    seq: int
    previous: bytes
    hash: bytes  # reckoned from what came
    text: str
    kind: str = ""
    version: int = 0
    author_id: UUID | None = None
    device_at: datetime | None = None
    pos: tuple[float, float, float | None] | None = None
    data: Any = None
    village: str = ""
    verdict: Verdict = Verdict.ACCEPTED
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None  # the moment that is believed
    claims_id: UUID | None = None
    place: int = 0  # in the batch
    answer: str = ""  # when it is not simply its verdict
    kept_as: UUID | None = None  # of a conflict: its row

    def review(self, reason: str, **facts: Any) -> None:
        self.verdict, self.reason, self.facts = Verdict.REVIEW, reason, facts

    def reject(self, reason: str, **facts: Any) -> None:
        self.verdict, self.reason, self.facts = Verdict.REJECTED, reason, facts

    @property
    def is_open(self) -> bool:
        """Nothing stands in its way so far."""
        return self.verdict is Verdict.ACCEPTED


def first_link(device_id: UUID) -> bytes:
    """What the first record of a phone follows."""
    return sha256(f"sijinak-device\n{device_id}".encode()).digest()


def link(previous: str, body: str) -> bytes:
    return sha256(f"{previous}\n{body}".encode()).digest()


def read_all(sent: Iterable[Sent], device_id: UUID, user_id: UUID) -> list[Incoming]:
    """In the order in which the phone made them."""
    made = [read_record(one, device_id, user_id) for one in sent]
    for place, one in enumerate(made):
        one.place = place
    return sorted(made, key=lambda one: one.seq)


def read_record(sent: Sent, device_id: UUID, user_id: UUID) -> Incoming:
    made = Incoming(
        sent.id, sent.seq, bytes.fromhex(sent.prev), link(sent.prev, sent.body), sent.body
    )
    try:
        body = bodies.decode(sent.body)
    except NO_RECORD:
        made.text = made.text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        made.reject(UNREADABLE)
    else:
        _take_over(made, body)
        _check_envelope(made, body, device_id, user_id)
    if made.hash.hex() != sent.hash:
        made.review(ALTERED)
    return made


def _take_over(made: Incoming, body: Body) -> None:
    made.kind, made.version, made.author_id = body.kind, body.v, body.author
    made.pos = body.pos
    made.device_at = made.at = body.at.astimezone(UTC)
    try:
        made.data = _data_of(body)
    except ValidationError as error:
        made.reject(UNREADABLE, fields=_named(error))
    except NO_RECORD:
        made.reject(UNREADABLE, fields=["data"])
    else:
        if made.data is None:
            made.review(UNKNOWN_VERSION, kind=body.kind, version=body.v)
        made.village = _village_of(made.data)


def _named(error: ValidationError) -> list[str]:
    """The fields that are wrong. Their names came from outside: few, short, and without NUL."""
    names = sorted(str(name).replace("\0", "?")[:LONGEST_FIELD] for name in error.messages_dict)
    return names[:MOST_FIELDS]


def _data_of(body: Body) -> Any:
    if (body.kind, body.v) == HOT:
        return vaccinations.decode(body.data)
    return read_data(body.kind, body.v, msgspec.json.decode(body.data))


def _village_of(data: Any) -> str:
    if isinstance(data, Vaccinated):
        return data.village
    return str(data.get("village", "")) if data else ""


def _check_envelope(made: Incoming, body: Body, device_id: UUID, user_id: UUID) -> None:
    if (body.id, body.seq) != (made.id, made.seq):
        made.review(ALTERED)
    elif body.device != device_id:
        made.review(OTHER_DEVICE)
    elif body.author != user_id:
        made.review(OTHER_AUTHOR)


def body_of(record: FieldRecord) -> dict[str, Any]:
    """What a record that was kept says; it was read before."""
    data = msgspec.json.decode(bodies.decode(record.body).data)
    return read_data(record.kind, record.schema_version, data) or {}


def read_kept(record: FieldRecord, *, code: str = "", nik: str = "") -> Incoming:
    """A record once more, with the code or the owner's NIK that a person found to be right."""
    made = Incoming(record.id, record.seq, record.previous, record.hash, record.body)
    try:
        body = bodies.decode(record.body)
    except NO_RECORD:
        made.reject(UNREADABLE)
        return made
    if code or nik:
        body = msgspec.structs.replace(body, data=_corrected(body.data, code, nik))
    _take_over(made, body)
    return made


def _corrected(data: msgspec.Raw, code: str, nik: str) -> msgspec.Raw:
    said = msgspec.json.decode(data)
    if code and isinstance(said, dict):
        said["code"] = code
    if nik and isinstance(said, dict) and isinstance(said.get("owner"), dict):
        said["owner"]["nik"] = nik
    return msgspec.Raw(msgspec.json.encode(said))
