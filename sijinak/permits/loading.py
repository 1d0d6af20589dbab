"""The rules that come with the program. What an office added or ended is left as it is."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.rules.models import DestinationRule, Rule

LISTS = Path(__file__).parent / "data"


def load_rules(*, by: Actor) -> int:
    """Add the rules that are not there yet; the answer is how many were added."""
    require(by, Permission.USER_MANAGE)
    rules = {tuple(row) for row in db.session.execute(select(Rule.code, Rule.valid_from))}
    places = {
        tuple(row)
        for row in db.session.execute(select(DestinationRule.region, DestinationRule.valid_from))
    }
    new: list[Rule | DestinationRule] = [
        Rule(**row) for row in _rows("rules") if (row["code"], row["valid_from"]) not in rules
    ]
    new += [
        DestinationRule(**row)
        for row in _rows("destinations")
        if (row["region"], row["valid_from"]) not in places
    ]
    db.session.add_all(new)
    return len(new)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((LISTS / f"{name}.json").read_text(encoding="utf-8"))
    return [row | {day: _day(row[day]) for day in ("valid_from", "valid_until")} for row in rows]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
