"""What an officer at a post records. The phone chooses the id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sijinak.permits.checkpoint.models import CheckDecision, PaperVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCheck:
    """``region`` is where the officer works, for papers that name no permit of ours."""

    id: UUID
    paper: str
    verdict: PaperVerdict
    permit_id: UUID | None
    number: str
    decision: CheckDecision
    reasons: tuple[str, ...]
    note: str
    plate: str
    males: int
    females: int
    others: int
    seed: str
    heads: int
    positions: tuple[int, ...]
    scanned: tuple[dict[str, Any], ...]
    listed_at: datetime | None
    port: str
    post: str
    region: str
    checked_at: datetime
    position: tuple[float, float] | None = None
    device_id: UUID | None = None
