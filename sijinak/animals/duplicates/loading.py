"""The rules that come with the program. What an office switched off stays off."""

import json
from pathlib import Path

from sqlalchemy import select

from sijinak.animals.duplicates.models import DuplicateRule
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require

LIST = Path(__file__).parent / "data" / "rules.json"


def load_duplicate_rules(*, by: Actor) -> int:
    """Add the rules that are not there yet; the answer is how many were added."""
    require(by, Permission.USER_MANAGE)
    known = set(db.session.scalars(select(DuplicateRule.code)))
    rows = json.loads(LIST.read_text(encoding="utf-8"))
    added = [DuplicateRule(**row) for row in rows if row["code"] not in known]
    db.session.add_all(added)
    return len(added)
