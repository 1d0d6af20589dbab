"""Every record that came is kept as it came, with what the door said of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, union_all, update

from sijinak.accounts.models import Appointment
from sijinak.areas.queries import places, region_of_all
from sijinak.core import bulk
from sijinak.core.asking import Among, Question, ask
from sijinak.core.crypto import keyring, sealed_place
from sijinak.core.db import Clash, db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor, Permission
from sijinak.field.chain import Trail
from sijinak.field.models import Device, FieldRecord, ResendRequest, Review, Verdict, Way
from sijinak.field.reading import HOT, Incoming


@dataclass(frozen=True, slots=True)
class Brought:
    """A file: who had it in hand, and why a person decides about all of it."""

    by: UUID
    hold: str


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One batch at the door: whose it is, how it came, and on whose rights it is taken in."""

    device_id: UUID
    author: Actor  # the user of the phone
    by: Actor  # the author, with the rights of whoever lets it in
    way: Way
    received_at: datetime
    sent_at: datetime | None
    batch_id: UUID = field(default_factory=uuid7)
    brought_by: UUID | None = None  # of a file: who had it in hand

    @cached_property
    def home(self) -> str:
        """Where the author works, or worked last: for records that name no place."""
        reached = [r.region for r in self.author.reaches(Permission.VACCINATION_RECORD)]
        return region_of_all(reached or _worked_in(self.author.id))

    def region_of(self, record: Incoming) -> str:
        return record.village if record.village in places() else self.home


@dataclass(frozen=True, slots=True)
class Known:
    """A record that came before."""

    id: UUID
    hash: bytes
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Before:
    """What is known about the ids of a batch."""

    records: dict[UUID, Known]
    conflicts: set[tuple[UUID, bytes]]
    undone: dict[UUID, list[UUID]]  # by the record's id those of its undos


def hold_device(device_id: UUID) -> tuple[Trail, int | None]:
    """Its row is held until the end: two batches of one phone come one after the other."""
    (row,) = ask(_held, device=device_id)
    return Trail(device_id, row[0], row[1], row[2], [list(gap) for gap in row[3]]), row[4]


def known_before(ids: Collection[UUID]) -> Before:
    before = Before({}, set(), {})
    for row in ask(_known, ids=list(ids), claimed=list(ids)):
        if row[0] in ids:
            before.records[row[0]] = Known(*row[:4])
        if row[4] is None:
            continue
        if row[2] is Verdict.CONFLICT:
            before.conflicts.add((row[4], row[1]))
        elif row[2] is Verdict.ACCEPTED and row[5] == "undo":
            before.undone.setdefault(row[4], []).append(row[0])
    return before


def _held(_: Among) -> Question:
    resend = (
        select(func.min(ResendRequest.from_seq))
        .where(ResendRequest.device_id == Device.id, ResendRequest.done_at.is_(None))
        .correlate(Device)
        .scalar_subquery()
    )
    columns = (Device.highest_seq, Device.last_hash, Device.last_at, Device.gaps, resend)
    return select(*columns).where(Device.id == bindparam("device")).with_for_update(of=Device)


def _known(among: Among) -> Question:
    """Two questions in one, for either has its index."""
    asked = select(
        FieldRecord.id, FieldRecord.hash, FieldRecord.verdict, FieldRecord.reason,
        FieldRecord.claims_id, FieldRecord.kind,
    )  # fmt: skip
    by_id = asked.where(among(FieldRecord.id, "ids"))
    return union_all(by_id, asked.where(among(FieldRecord.claims_id, "claimed")))


def learn_neighbours(trail: Trail, fresh: Sequence[Incoming]) -> None:
    """What stands beside the missing numbers that came now."""
    filling = [one.seq for one in fresh if trail.fills(one.seq)]
    if not filling:
        return
    beside = {seq + step for seq in filling for step in (-1, 1)}
    asked = select(FieldRecord.seq, FieldRecord.hash, FieldRecord.previous).where(
        FieldRecord.device_id == trail.device_id,
        FieldRecord.seq.in_(beside),
        FieldRecord.verdict != Verdict.CONFLICT,
    )
    for seq, digest, previous in db.session.connection().execute(asked):
        trail.known[seq] = digest, previous


def keep(records: Sequence[Incoming], visit: Visit) -> None:
    """Raises Clash when another phone brought one of these ids at the same moment."""
    if not records:
        return
    same = {
        "device_id": visit.device_id,
        "sent_at": visit.sent_at,
        "received_at": visit.received_at,
        "batch_id": visit.batch_id,
        "way": visit.way,
    }
    written = bulk.insert_new(
        FieldRecord,
        {
            "id": [one.kept_as or one.id for one in records],
            "seq": [one.seq for one in records],
            "kind": [one.kind for one in records],
            "schema_version": [one.version for one in records],
            "author_id": [one.author_id or visit.author.id for one in records],
            "plain": [one.text if _is_plain(one) else "" for one in records],
            "hidden_sealed": [None if _is_plain(one) else _sealed(one) for one in records],
            "hash": [one.hash for one in records],
            "previous": [one.previous for one in records],
            "device_at": [one.device_at for one in records],
            "verdict": [one.verdict for one in records],
            "reason": [one.reason for one in records],
            "facts": [one.facts for one in records],
            "claims_id": [one.claims_id for one in records],
            "region": [visit.region_of(one) for one in records],
            **{name: [value] * len(records) for name, value in same.items()},
        },
    )
    if len(written) < len(records):
        raise Clash
    open_reviews([one for one in records if one.verdict is Verdict.REVIEW], visit)


def _is_plain(one: Incoming) -> bool:
    """A dose names an animal; whatever else it is may name a person, or be anything at all."""
    return (one.kind, one.version) == HOT and one.verdict is not Verdict.REJECTED


def _sealed(one: Incoming) -> bytes:
    place = sealed_place(FieldRecord.__tablename__, "hidden", one.kept_as or one.id)
    return keyring.seal(one.text, place)


def _worked_in(user_id: UUID) -> list[str]:
    """Of somebody without any mandate today: else nobody would see what their phone sends."""
    asked = select(Appointment.region).where(Appointment.user_id == user_id)
    return list(db.session.scalars(asked))


def note_visit(trail: Trail, visit: Visit, **columns: Any) -> None:
    db.session.connection().execute(
        update(Device)
        .where(Device.id == trail.device_id)
        .values(
            highest_seq=trail.highest,
            last_hash=trail.last_hash,
            last_at=trail.last_at,
            gaps=trail.gaps,
            seen_at=visit.received_at,
            **columns,
        )
    )


def open_reviews(records: Sequence[Incoming], visit: Visit) -> None:
    nothing = [None] * len(records)
    bulk.insert_new(
        Review,
        {
            "id": [uuid7() for _ in records],
            "record_id": [one.id for one in records],
            "region": [visit.region_of(one) for one in records],
            "reason": [one.reason for one in records],
            "facts": [one.facts for one in records],
            "opened_at": [visit.received_at] * len(records),
            "decided_at": nothing,
            "decided_by_id": nothing,
            "decided_by_name": [""] * len(records),
            "decision": nothing,
            "note": [""] * len(records),
        },
    )
