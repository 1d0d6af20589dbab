"""What does not match: found by the program, ended by two people, or by what was missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.model import Model
from sijinak.core.noting import noting
from sijinak.core.permissions import Actor, require
from sijinak.payments.discrepancies.effects import plan_of
from sijinak.payments.discrepancies.queries import (
    cases_for_update,
    discrepancy_for_update,
    discrepancy_of,
    money_cases_of,
    one_about,
)
from sijinak.payments.models import (
    DISCREPANCY_FLOW,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
)

_OVER = (DiscrepancyState.RESOLVED, DiscrepancyState.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What does not match. ``amount`` is below zero when money is missing.

    ``about`` is a row that was flushed; ``facts`` hold no personal data.
    """

    kind: DiscrepancyKind
    about: Model
    region: str
    amount: int
    collection_id: UUID | None = None
    bill_id: UUID | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def open_discrepancy(found: Found, *, by: Actor) -> Discrepancy:
    """Put it into the queue, once for its kind and what it is about. The finder has asked.

    One that had settled by itself opens again; what two people ended stays ended.
    """
    if known := discrepancy_of(found.kind, found.about.id):
        return _open_again(known.id, found, by=by)
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    row = {
        "id": uuid7(),
        "kind": found.kind,
        "about_id": found.about.id,
        "about_type": found.about.__tablename__,
        "collection_id": found.collection_id,
        "bill_id": found.bill_id,
        "region": found.region,
        "amount": found.amount,
        "state": DiscrepancyState.OPEN,
        "opened_at": now(),
        "facts": dict(found.facts),
    }
    empty = dict.fromkeys(_TEXTS, "")
    added = insert(Discrepancy).values(row | empty | {"plan": {}}).on_conflict_do_nothing()
    is_new = db.session.scalar(added.returning(Discrepancy.id)) is not None
    case = db.session.scalars(one_about(found.kind, found.about.id)).one()
    if is_new:
        noting.note_row(case)
        _record("discrepancy.opened", case, by=by, about=case.about_type)
    return case


_TEXTS = ("owner_name", "reason", "decree", "proposed_by_name", "approved_by_name")


def settle_discrepancy(kind: DiscrepancyKind, about_id: UUID, *, by: Actor) -> Discrepancy | None:
    """What was missing came: end it without a person. None when there is none open."""
    known = discrepancy_of(kind, about_id)
    return None if known is None else _settle(known.id, by=by)


def settle_cases_of(collection_id: UUID, *, by: Actor) -> None:
    """Nothing is left to decide about this money as it was: it was taken back, if only in part."""
    for case in money_cases_of(collection_id):
        _settle(case.id, by=by)


def _settle(case_id: UUID, *, by: Actor) -> Discrepancy | None:
    """What was to end together with it is open again."""
    case = discrepancy_for_update(case_id)
    if case.state in _OVER:
        return None
    step = DISCREPANCY_FLOW.step(case.state, "settle")
    require(by, step.needs, region=case.region or None)
    case.state, case.ended_at = step.target, now()
    _record("discrepancy.settled", case, by=by)
    for joined in cases_for_update(plan_of(case).case_ids):
        if joined.state is DiscrepancyState.PROPOSED and joined.plan.get("joins") == str(case.id):
            joined.state = DISCREPANCY_FLOW.step(joined.state, "refuse").target
            joined.plan, joined.resolution = {}, None
            _record("discrepancy.refused", joined, by=by)
    return case


def _open_again(case_id: UUID, found: Found, *, by: Actor) -> Discrepancy:
    case = discrepancy_for_update(case_id)
    if case.state is DiscrepancyState.SETTLED:
        case.state = DISCREPANCY_FLOW.step(case.state, "reopen").target
        case.opened_at, case.ended_at = now(), None
        case.amount, case.facts = found.amount, dict(found.facts)
        case.plan, case.resolution = {}, None
        _record("discrepancy.opened", case, by=by, about=case.about_type)
    return case


def _record(name: str, case: Discrepancy, *, by: Actor, **facts: object) -> None:
    events.record(
        name, case, by=by, region=case.region, kind=case.kind, amount=case.amount, **facts
    )
