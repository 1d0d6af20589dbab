"""What records of each kind say: right, with changes for those that are not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sijinak.core.clock import local, now
from sijinak.core.ids import uuid7
from tests.factories import LUNYUK_REA

Said = dict[str, Any]
NEW_TAG = "7K3M9QX45J"


def heads(product: UUID, **more: Any) -> Said:
    return {
        "round": str(product), "product": str(product), "lot": "L-1", "campaign": None,
        "village": LUNYUK_REA, "keeper": None, "species": "cattle", "heads": 7, **more,
    }  # fmt: skip


def result(tag: str | None, **more: Any) -> Said:
    return {
        "code": tag, "keeper": None, "species": None, "heads": 1, "disease": "lsd",
        "campaign": None, "village": LUNYUK_REA, "outcome": "refused", "reason": "Bunting",
        "next_visit": None, **more,
    }  # fmt: skip


def reaction(tag: str, **more: Any) -> Said:
    began = local(now() - timedelta(hours=2)).isoformat()
    return {"code": tag, "signs": "Bengkak", "severity": "mild", "began_at": began, **more}


def link(tag: str, **more: Any) -> Said:
    return {"text": "ID5200000001", "code": tag, "as": "eartag", **more}


def waste(product: UUID, **more: Any) -> Said:
    return {"product": str(product), "lot": "L-1", "doses": 3, "reason": "broken", **more}


def owner(**more: Any) -> Said:
    nik = "5204021503800091"
    return {"name": "Abdul Gani", "nik": nik, "village": LUNYUK_REA, "hamlet": "", **more}


def registration(**more: Any) -> Said:
    return {
        "animal": str(uuid7()), "code": NEW_TAG, "keeper": None, "owner": None,
        "village": LUNYUK_REA, "hamlet": "", "species": "cattle", "breed": "Sapi Bali",
        "sex": "female", "age_months": 18, "teeth": None, "colour": "merah", "special_marks": "",
        "horns": "", "is_pregnant": None, **more,
    }  # fmt: skip
