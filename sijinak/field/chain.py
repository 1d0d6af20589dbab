"""What the order of a phone's records tells: numbers that are missing, links and hours that break.

Nothing is refused for it. A person who is told can ask the officer what happened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sijinak.field.reading import Incoming, first_link
from sijinak.vaccinations.findings.models import FindingKind

AHEAD = timedelta(minutes=10)  # more than a phone's clock strays by itself
BACK = timedelta(minutes=2)
OLDEST = timedelta(days=30)

Remark = tuple[FindingKind, dict[str, Any]]
Neighbours = Mapping[int, tuple[bytes, bytes]]  # hash and previous, by number


@dataclass(slots=True)
class Trail:
    """How far the records of a phone have come."""

    device_id: UUID
    highest: int
    last_hash: bytes
    last_at: datetime | None
    gaps: list[list[int]]
    known: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)

    def fills(self, seq: int) -> bool:
        return any(first <= seq <= last for first, last in self.gaps)

    def follow(self, record: Incoming) -> list[Remark]:
        """Go on to a record that is new; what is strange about its place."""
        seq = record.seq
        if seq > self.highest:
            found = [*self._link(record), *self._hour(record)]
            if seq > self.highest + 1:
                self.gaps.append([self.highest + 1, seq - 1])
            self.highest, self.last_hash = seq, record.hash
            self.last_at = record.device_at or self.last_at
        elif self.fills(seq):
            found = list(self._fitting(record))
            self.gaps = list(_without(self.gaps, seq))
        else:
            found = [(FindingKind.CHAIN, {"why": "number-again", "seq": seq})]
        self.known[seq] = record.hash, record.previous
        return found

    def _link(self, record: Incoming) -> Iterator[Remark]:
        if record.seq != self.highest + 1:
            return
        before = self.last_hash if self.highest else first_link(self.device_id)
        if record.previous != before:
            yield FindingKind.CHAIN, {"why": "broken", "seq": record.seq}

    def _hour(self, record: Incoming) -> Iterator[Remark]:
        if record.device_at and self.last_at and record.device_at < self.last_at - BACK:
            minutes = round((self.last_at - record.device_at) / timedelta(minutes=1))
            yield FindingKind.CLOCK, {"why": "backwards", "minutes": minutes}

    def _fitting(self, record: Incoming) -> Iterator[Remark]:
        """A missing number came: it must fit between its neighbours that are here."""
        seq = record.seq
        before = self.known[seq - 1][0] if seq - 1 in self.known else None
        before = first_link(self.device_id) if seq == 1 else before
        after = self.known[seq + 1][1] if seq + 1 in self.known else None
        if before not in (None, record.previous) or after not in (None, record.hash):
            yield FindingKind.CHAIN, {"why": "broken", "seq": seq}


def believe(record: Incoming, received_at: datetime, sent_at: datetime | None) -> list[Remark]:
    """Settle the moment of a record; what is strange about the phone's hour."""
    at = record.device_at
    if at is None:
        return []
    record.at = min(at, received_at)
    if at > received_at + AHEAD:
        return [(FindingKind.CLOCK, {"why": "ahead", "device_at": at.isoformat()})]
    if at < received_at - OLDEST:
        record.at = received_at
        return [(FindingKind.LATE, {"device_at": at.isoformat()})]
    return _off(sent_at - received_at) if sent_at is not None else []


def _off(by: timedelta) -> list[Remark]:
    """The phone's clock was wrong at the moment when it sent."""
    if abs(by) <= AHEAD:
        return []
    return [(FindingKind.CLOCK, {"why": "off", "minutes": round(by / timedelta(minutes=1))})]


def _without(gaps: list[list[int]], seq: int) -> Iterator[list[int]]:
    for first, last in gaps:
        if not first <= seq <= last:
            yield [first, last]
            continue
        if first < seq:
            yield [first, seq - 1]
        if seq < last:
            yield [seq + 1, last]
