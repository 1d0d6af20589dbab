"""What an officer's phone records at a post."""

from typing import Any

from sijinak.core.clock import now
from sijinak.core.ids import uuid7
from sijinak.permits.checkpoint.commands import RecordCheck
from sijinak.permits.checkpoint.drawing import drawn
from sijinak.permits.checkpoint.models import CheckDecision, PaperVerdict
from sijinak.permits.models import Permit
from tests.factories import REGENCY
from tests.permits.checkpoint.papers import tags_of

SEED = "00112233445566778899aabbccddeeff"


def check(permit: Permit, text: str, **others: Any) -> RecordCheck:
    """A truck that is as its paper says, let pass."""
    tags = tags_of(permit)
    positions = drawn(SEED, len(tags), 5)
    said: dict[str, Any] = {
        "id": uuid7(),
        "paper": text,
        "verdict": PaperVerdict.VALID,
        "permit_id": permit.id,
        "number": permit.number or "",
        "decision": CheckDecision.PASS,
        "reasons": (),
        "note": "",
        "plate": permit.vehicle_plate,
        "males": len(tags),
        "females": 0,
        "others": 0,
        "seed": SEED,
        "heads": len(tags),
        "positions": tuple(positions),
        "scanned": tuple({"position": n, "code": tags[n - 1], "found": "on"} for n in positions),
        "listed_at": now(),
        "port": permit.port,
        "post": "Gerbang Badas",
        "region": REGENCY,
        "checked_at": now(),
    }
    return RecordCheck(**{**said, **others})


def body(command: RecordCheck) -> dict[str, Any]:
    """The same as the phone sends it."""
    same = (
        "paper", "number", "note", "plate", "males", "females", "others", "seed", "heads",
        "positions", "reasons", "scanned", "port", "post",
    )  # fmt: skip
    return {
        **{name: getattr(command, name) for name in same},
        "verdict": command.verdict.value,
        "decision": command.decision.value,
        "permit": command.permit_id and str(command.permit_id),
        "listed": command.listed_at and command.listed_at.isoformat(),
    }
