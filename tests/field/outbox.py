"""An outbox as the app keeps it: records that follow each other, and the batches made of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sijinak.core.clock import local, now
from sijinak.core.ids import uuid7
from tests.factories import LUNYUK_REA

Record = dict[str, Any]


@dataclass
class Outbox:
    device: UUID
    author: UUID
    records: list[Record] = field(default_factory=list)
    last: str = ""
    round: UUID = field(default_factory=uuid7)

    def __post_init__(self) -> None:
        self.last = sha256(f"sijinak-device\n{self.device}".encode()).hexdigest()

    def add(self, kind: str, data: Record, *, at: datetime | None = None, **more: Any) -> Record:
        """``more`` changes the body, for those that tell lies."""
        seq, record_id = len(self.records) + 1, str(uuid7())
        body = {
            "id": record_id,
            "device": str(self.device),
            "seq": seq,
            "kind": kind,
            "v": 1,
            "author": str(self.author),
            "at": local(at or now() - timedelta(minutes=1)).isoformat(timespec="milliseconds"),
            "pos": [-8.96, 117.21, 12.5],
            "data": data,
            **more,
        }
        made = sealed(record_id, seq, self.last, json.dumps(body))
        self.records.append(made)
        self.last = made["hash"]
        return made

    def vaccinate(self, code: str, product: UUID, **more: Any) -> Record:
        at = more.pop("at", None)
        return self.add("vaccination", self.dose(code, product, **more), at=at)

    def dose(self, code: str, product: UUID, **more: Any) -> Record:
        return {
            "round": str(self.round),
            "code": code,
            "product": str(product),
            "lot": "L-2611",
            "campaign": None,
            "village": LUNYUK_REA,
            "read": "scan",
            **more,
        }

    def batch(self, records: Sequence[Record] | None = None, **more: Any) -> Record:
        chosen = self.records if records is None else records
        return {
            "device": str(self.device),
            "app": "1",
            "sent_at": local(now()).isoformat(timespec="milliseconds"),
            "unsent": len(chosen),
            "records": list(chosen),
            **more,
        }


def sealed(record_id: str, seq: int, prev: str, body: str) -> Record:
    digest = sha256(f"{prev}\n{body}".encode()).hexdigest()
    return {"id": record_id, "seq": seq, "prev": prev, "hash": digest, "body": body}


def changed(record: Record, **changes: Any) -> Record:
    """The same record with another body, and a hash that fits it."""
    body = json.dumps({**json.loads(record["body"]), **changes})
    return sealed(record["id"], record["seq"], record["prev"], body)
