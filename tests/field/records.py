"""Records as a phone brought them, put into the books without the door."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.field.models import Device, FieldRecord, Verdict, Way
from tests.factories import LUNYUK_REA


def keep_records(
    device_id: UUID,
    numbers: Iterable[int],
    verdict: Verdict = Verdict.ACCEPTED,
    received_at: datetime | None = None,
) -> list[UUID]:
    """Committed, with these numbers in rising order; the answer is their ids."""
    device = db.session.get_one(Device, device_id, populate_existing=True)
    rows = [_record(device, seq, verdict, received_at or now()) for seq in numbers]
    highest, gaps = device.highest_seq, list(device.gaps)
    for row in rows:
        if row.seq > highest + 1:
            gaps.append([highest + 1, row.seq - 1])
        highest = row.seq
    with transaction():
        db.session.add_all(rows)
        device.highest_seq, device.gaps = highest, gaps
    return [row.id for row in rows]


def _record(device: Device, seq: int, verdict: Verdict, received_at: datetime) -> FieldRecord:
    return FieldRecord(
        id=uuid7(),
        device_id=device.id,
        seq=seq,
        kind="vaccination",
        schema_version=1,
        author_id=device.user_id,
        plain="{}",
        hash=sha256(str(seq).encode()).digest(),
        previous=b"",
        device_at=now(),
        sent_at=now(),
        received_at=received_at,
        batch_id=uuid7(),
        way=Way.SYNC,
        verdict=verdict,
        facts={},
        region=LUNYUK_REA,
    )
