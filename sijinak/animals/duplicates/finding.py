"""Finding pairs and keeping them: what was decided about a pair stands."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.duplicates.models import DuplicatePair, PairState
from sijinak.animals.duplicates.pairing import Pair, Rule, pairs_in, points_of
from sijinak.animals.duplicates.queries import Block, active_rules, records_in
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor, Permission, require


def find_duplicates(block: Block, *, by: Actor, of: Collection[UUID] | None = None) -> int:
    """Compare the records of a block, or some of them with the others; how many pairs look alike.

    Found again, an open pair gets its points of now; one that was decided stays as it is.
    """
    require(by, Permission.DUPLICATE_REVIEW, region=block.village)
    found = pairs_in(records_in(block), active_rules())
    if of is not None:
        found = {pair: rules for pair, rules in found.items() if not set(pair).isdisjoint(of)}
    if found:
        _keep(found, block.village)
    return len(found)


def _keep(found: Mapping[Pair, Sequence[Rule]], village: str) -> None:
    """In one order, so that two who keep the same pairs do not wait in a ring."""
    module = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    insert = module.insert(DuplicatePair)
    columns = {name: insert.excluded[name] for name in ("rule", "points", "region")}
    kept = insert.on_conflict_do_update(
        index_elements=["first_id", "second_id"],
        set_=columns,
        where=DuplicatePair.state == PairState.OPEN,
    )
    db.session.execute(kept, [_row(pair, found[pair], village) for pair in sorted(found)])


def _row(pair: Pair, rules: Sequence[Rule], village: str) -> dict[str, Any]:
    strongest_first = sorted(rules, key=lambda rule: (-rule.points, rule.code))
    return {
        "id": uuid7(),
        "first_id": pair[0],
        "second_id": pair[1],
        "region": village,
        "rule": " ".join(rule.code for rule in strongest_first),
        "points": points_of(rules),
        "state": PairState.OPEN,
        "found_at": now(),
        "reason": "",
    }
