"""The limits that come with the program. What an office set is left as it is."""

import json
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.chasing.models import OpenLimit

LIST = Path(__file__).parents[1] / "data" / "open_limits.json"


def load_open_limits(*, by: Actor) -> int:
    """Only into an empty table; the answer is how many were added."""
    require(by, Permission.USER_MANAGE)
    if db.session.scalar(select(func.count()).select_from(OpenLimit)):
        return 0
    rows = json.loads(LIST.read_text(encoding="utf-8"))
    db.session.add_all(
        OpenLimit(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in rows
    )
    return len(rows)
