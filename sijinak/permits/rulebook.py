"""The rules of a day, and what they say about an application."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import Species
from sijinak.animals.queries import AnimalFacts, animals_by_ids, animals_by_tags
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import region_lies_in
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.queries import keeper_facts, suspension_of
from sijinak.permits.beside import Asked, beside
from sijinak.permits.checks import Applicant, Report, Terms, check_all
from sijinak.permits.commands import Inspected
from sijinak.permits.findings import asks
from sijinak.permits.gathering import (
    Known,
    Named,
    bans_for,
    candidates,
    held_by_permit,
    known_of,
    open_elsewhere,
)
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.rules.models import DestinationRule, Purpose, Rule, Scope

__all__ = ["Asked", "held_by_permit", "open_elsewhere"]  # below, and asked for here

PROVINCE = 2  # digits of a province in a region's code
KECAMATAN = 8  # characters of a kecamatan's code
# Made once: an alias costs more than the question it is for.
_LATER: Mapping[type[Rule | DestinationRule], Any] = {
    Rule: aliased(Rule),
    DestinationRule: aliased(DestinationRule),
}


def rules_on(day: date) -> list[Rule]:
    return list(db.session.scalars(select(Rule).where(valid_on(Rule, day)).order_by(Rule.code)))


def destination_rules_on(day: date) -> list[DestinationRule]:
    asked = select(DestinationRule).where(valid_on(DestinationRule, day))
    return list(db.session.scalars(asked.order_by(DestinationRule.region)))


def scope_of(origin: str, destination: str) -> Scope:
    same = origin[:PROVINCE] == destination[:PROVINCE]
    return Scope.IN_PROVINCE if same else Scope.OUT_OF_PROVINCE


def terms_of(
    species: Species,
    purpose: Purpose,
    origin: str,
    destination: str,
    leaving_on: date | None = None,
) -> Terms:
    """What counts today. The destination's rules are those of itself and of its province."""
    scope, day = scope_of(origin, destination), today()
    rule = db.session.scalar(
        select(Rule)
        .where(Rule.species == species, Rule.purpose == purpose, Rule.scope == scope)
        .where(valid_on(Rule, day))
        .order_by(Rule.valid_from.desc())
        .limit(1)
    )
    planned = leaving_on or day
    return Terms(
        species=species,
        purpose=purpose,
        scope=scope,
        rule=rule,
        at_destination=[
            r for r in destination_rules_on(day) if region_lies_in(destination, r.region)
        ],
        day=max(planned, day),
        is_over=planned < day,
    )


def terms_for(permit: Permit) -> Terms:
    """What counts for an application: of a draft today's rules, then those it was submitted under.

    A destination that was closed meanwhile is closed for all: that is no demand, but a disease.
    """
    terms = terms_of(
        permit.species, permit.purpose, permit.region, permit.destination, permit.planned_on
    )
    if permit.state is PermitState.DRAFT:
        return terms
    rule = db.session.get(Rule, permit.rule_id) if permit.rule_id else None
    if rule and rule_fits(rule, terms):
        terms = replace(terms, rule=rule)
    pinned = (permit.destination_rule_ids or {}).get(permit.destination)
    if pinned is None:
        return terms
    then = [db.session.get_one(DestinationRule, UUID(rule_id)) for rule_id in pinned]
    closed = [there for there in terms.at_destination if there.is_closed]
    return replace(terms, at_destination=[*(r for r in then if not r.is_closed), *closed])


def rule_fits(rule: Rule, terms: Terms) -> bool:
    return (rule.species, rule.purpose, rule.scope) == (terms.species, terms.purpose, terms.scope)


def pin_terms(permit: Permit, terms: Terms) -> None:
    """From now on the application is judged by these versions."""
    permit.rule_id = terms.rule.id if terms.rule else None
    there = [str(rule.id) for rule in terms.at_destination]
    permit.destination_rule_ids = {permit.destination: there}
    permit.needs_rbt = terms.needs_rbt


def report_on(permit: Permit) -> Report:
    """What would happen to the application as it stands: the dry look and the submission."""
    known = animals_by_tags(permit.tags)
    named = [(tag, known.get(tag)) for tag in permit.tags]
    return _report(asked_by(permit), terms_for(permit), named, {})


def report_with(permit: Permit, found: Mapping[UUID, Inspected]) -> Report:
    """The same for these animals only, with what the inspector found."""
    known = animals_by_ids(list(found))
    terms = replace(terms_for(permit), rbt_asked=permit.needs_rbt, is_over=False)
    return _report(asked_by(permit), terms, [(a.tag, a) for a in known.values()], found)


def report_for(asked: Asked) -> Report:
    """The dry run: what would happen to this journey today. Nothing is written."""
    known = animals_by_tags(asked.tags)
    terms = terms_of(
        asked.species, asked.purpose, asked.origin, asked.destination, asked.planned_on
    )
    named = [(tag, known.get(tag)) for tag in dict.fromkeys(asked.tags)]
    if asked.is_public:
        named = [(tag, facts and _public(facts)) for tag, facts in named]
    return _report(asked, terms, named, {})


def _public(facts: AnimalFacts) -> AnimalFacts:
    """Without what the public page of a tag does not show: village, teeth, pregnancy."""
    return replace(facts, village=facts.village[:KECAMATAN], teeth=None, is_pregnant=None)


def asked_by(permit: Permit) -> Asked:
    return Asked(
        keeper_id=permit.keeper_id,
        species=permit.species,
        purpose=permit.purpose,
        origin=permit.region,
        destination=permit.destination,
        planned_on=permit.planned_on,
        tags=permit.tags,
        sale_letter=permit.sale_letter,
        port=permit.port,
        permit_id=permit.id,
        is_new=permit.state is PermitState.DRAFT,
    )


def closed_on(day: date) -> list[str]:
    """Regions that no animal may be taken to; each covers all below it."""
    return [rule.region for rule in destination_rules_on(day) if rule.is_closed]


def _report(asked: Asked, terms: Terms, named: Named, found: Mapping[UUID, Inspected]) -> Report:
    known = known_of([facts.id for _, facts in named if facts])
    if asked.is_public:
        known = replace(known, results={})
    report = judged(asked, terms, named, known, found)
    more = [*beside.findings(asked, report), *([asks("PUBLIC_LOOK")] if asked.is_public else ())]
    return replace(report, general=(*report.general, *more))


def judged(
    asked: Asked, terms: Terms, named: Named, known: Known, found: Mapping[UUID, Inspected]
) -> Report:
    """Checked with what the registers said already: many applications ask them once."""
    bans = bans_for(asked, known.bans, terms.day, {facts.village for _, facts in named if facts})
    lines = candidates(named, known, permit_id=asked.permit_id, bans=bans, found=found)
    return check_all(terms, applicant_of(asked), lines)


def applicant_of(asked: Asked) -> Applicant | None:
    if asked.keeper_id is None:
        return None
    keeper = keeper_facts([asked.keeper_id])[asked.keeper_id]
    suspension = suspension_of(keeper.id, today())
    return Applicant(
        keeper_id=keeper.id,
        is_firm=keeper.kind is KeeperKind.FIRM,
        suspended_by=suspension.decree if suspension else "",
        sale_letter=asked.sale_letter,
    )


def valid_on(kind: type[Rule | DestinationRule], day: date) -> ColumnElement[bool]:
    """Begun, not over, and no version that follows it has begun."""
    later = _LATER[kind]
    followed = select(later.id).where(
        later.replaces_id == kind.id, later.withdrawn_at.is_(None), later.valid_from <= day
    )
    ends = or_(kind.valid_until.is_(None), kind.valid_until >= day)
    return and_(kind.valid_from <= day, ends, kind.withdrawn_at.is_(None), ~followed.exists())
