"""Questions about the versions of rules."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.rulebook import valid_on
from sijinak.permits.rules.models import DestinationRule, Purpose, Rule, Scope

Kind = TypeVar("Kind", Rule, DestinationRule)


class Standing(StrEnum):
    IN_FORCE = "in-force"
    COMING = "coming"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Version(Generic[Kind]):
    row: Kind
    standing: Standing


def rule_versions(*, by: Actor) -> list[Version[Rule]]:
    """Each with how it stands today; of one code the latest first."""
    require(by, Permission.RULE_MANAGE)
    found = db.session.scalars(select(Rule).order_by(Rule.code, Rule.valid_from.desc(), Rule.id))
    return _standing(Rule, list(found))


def destination_versions(*, by: Actor) -> list[Version[DestinationRule]]:
    require(by, Permission.RULE_MANAGE)
    order = (DestinationRule.region, DestinationRule.valid_from.desc(), DestinationRule.id)
    found = db.session.scalars(select(DestinationRule).order_by(*order))
    return _standing(DestinationRule, list(found))


def version_by_id(kind: type[Kind], version_id: UUID, *, by: Actor, hold: bool = False) -> Kind:
    """Raises NotFound."""
    require(by, Permission.RULE_MANAGE)
    asked = select(kind).where(kind.id == version_id)
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(asked)
    if found is None:
        raise NotFound(version_id=str(version_id))
    return found


def last_rule(species: str, purpose: Purpose, scope: Scope) -> Rule | None:
    """The version that a new one for the same follows: the one that begins last."""
    asked = select(Rule).where(
        Rule.species == species, Rule.purpose == purpose, Rule.scope == scope,
        Rule.withdrawn_at.is_(None),
    )  # fmt: skip
    return db.session.scalar(asked.order_by(Rule.valid_from.desc()).limit(1))


def is_followed(kind: type[Rule] | type[DestinationRule], version_id: UUID) -> bool:
    asked = select(kind.id).where(kind.replaces_id == version_id, kind.withdrawn_at.is_(None))
    return db.session.scalar(asked.limit(1)) is not None


def _standing(kind: type[Kind], rows: list[Kind]) -> list[Version[Kind]]:
    day = today()
    in_force = set(db.session.scalars(select(kind.id).where(valid_on(kind, day))))
    return [Version(row, _standing_of(row, in_force, day)) for row in rows]


def _standing_of(row: Rule | DestinationRule, in_force: set[UUID], day: date) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if row.id in in_force:
        return Standing.IN_FORCE
    return Standing.COMING if row.valid_from > day else Standing.OVER
