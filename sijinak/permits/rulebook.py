"""The rules of a day, and what they say about an application."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from sijinak.animals.models import Species
from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.queries import AnimalFacts, animals_by_ids, animals_by_tags
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import region_lies_in
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.queries import keeper_facts, suspension_of
from sijinak.permits.checks import Applicant, Candidate, Report, Terms, check_all
from sijinak.permits.commands import Inspected
from sijinak.permits.models import (
    DestinationRule,
    Permit,
    PermitAnimal,
    PermitState,
    Purpose,
    Rule,
    Scope,
)
from sijinak.vaccinations.queries import doses_of

PROVINCE = 2  # digits of a province in a region's code


def rules_on(day: date) -> list[Rule]:
    return list(db.session.scalars(select(Rule).where(valid_on(Rule, day)).order_by(Rule.code)))


def destination_rules_on(day: date) -> list[DestinationRule]:
    asked = select(DestinationRule).where(valid_on(DestinationRule, day))
    return list(db.session.scalars(asked.order_by(DestinationRule.region)))


def scope_of(origin: str, destination: str) -> Scope:
    same = origin[:PROVINCE] == destination[:PROVINCE]
    return Scope.IN_PROVINCE if same else Scope.OUT_OF_PROVINCE


def terms_of(species: Species, purpose: Purpose, origin: str, destination: str) -> Terms:
    """What counts today. The destination's rules are those of itself and of its province."""
    scope, day = scope_of(origin, destination), today()
    rule = db.session.scalar(
        select(Rule)
        .where(Rule.species == species, Rule.purpose == purpose, Rule.scope == scope)
        .where(valid_on(Rule, day))
        .order_by(Rule.valid_from.desc())
        .limit(1)
    )
    there = [r for r in destination_rules_on(day) if region_lies_in(destination, r.region)]
    return Terms(species=species, purpose=purpose, scope=scope, rule=rule, at_destination=there)


def report_on(permit: Permit) -> Report:
    """What would happen to the application as it stands: the dry look and the submission."""
    known = animals_by_tags(permit.tags)
    terms = replace(terms_for(permit), is_over=permit.planned_on < today())
    return _report(permit, terms, [(tag, known.get(tag)) for tag in permit.tags], {})


def report_with(permit: Permit, found: Mapping[UUID, Inspected]) -> Report:
    """The same for these animals only, with what the inspector found."""
    known = animals_by_ids(list(found))
    terms = replace(terms_for(permit), rbt_asked=permit.needs_rbt)
    return _report(permit, terms, [(facts.tag, facts) for facts in known.values()], found)


def terms_for(permit: Permit) -> Terms:
    return terms_of(permit.species, permit.purpose, permit.region, permit.destination)


def closed_on(day: date) -> list[str]:
    """Regions that no animal may be taken to; each covers all below it."""
    return [rule.region for rule in destination_rules_on(day) if rule.is_closed]


def open_elsewhere(permit_id: UUID, animal_ids: Iterable[UUID]) -> set[UUID]:
    """Which of the animals are on another open application."""
    asked = select(PermitAnimal.animal_id).where(
        PermitAnimal.animal_id.in_(list(animal_ids)),
        PermitAnimal.is_open,
        PermitAnimal.permit_id != permit_id,
    )
    return set(db.session.scalars(asked))


def held_by_permit(animal_ids: Collection[UUID]) -> set[UUID]:
    """Those on an open application, or on a permit that still counts: they stay whose they are."""
    asked = select(PermitAnimal.animal_id).where(
        PermitAnimal.animal_id.in_(animal_ids), PermitAnimal.is_open
    )
    return set(db.session.scalars(asked)) | _leaving(animal_ids).keys()


def _leaving(animal_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Which of the animals are on an issued permit that still counts, and until when."""
    rows = db.session.execute(
        select(PermitAnimal.animal_id, Permit.valid_until)
        .join(Permit, Permit.id == PermitAnimal.permit_id)
        .where(PermitAnimal.animal_id.in_(list(animal_ids)), PermitAnimal.passed.is_(True))
        .where(Permit.state == PermitState.ISSUED, Permit.valid_until >= today())
    )
    return {animal_id: until for animal_id, until in rows if until}


def _report(
    permit: Permit,
    terms: Terms,
    named: Sequence[tuple[str, AnimalFacts | None]],
    found: Mapping[UUID, Inspected],
) -> Report:
    ids = [facts.id for _, facts in named if facts]
    doses, taken, leaving = doses_of(ids), open_elsewhere(permit.id, ids), _leaving(ids)
    changing = animals_in_open_mutation(ids)
    candidates = [
        Candidate(
            tag=tag,
            animal=facts,
            doses=doses.get(facts.id, {}),
            is_taken=facts.id in taken,
            leaving_until=leaving.get(facts.id),
            is_changing_hands=facts.id in changing,
            weight_kg=found[facts.id].weight_kg if facts.id in found else None,
            rbt=found[facts.id].rbt if facts.id in found else None,
        )
        if facts
        else Candidate(tag=tag, animal=None)
        for tag, facts in named
    ]
    return check_all(terms, _applicant(permit), candidates)


def _applicant(permit: Permit) -> Applicant:
    keeper = keeper_facts([permit.keeper_id])[permit.keeper_id]
    suspension = suspension_of(keeper.id, today())
    return Applicant(
        keeper_id=keeper.id,
        is_firm=keeper.kind is KeeperKind.FIRM,
        suspended_by=suspension.decree if suspension else "",
        sale_letter=permit.sale_letter,
    )


def valid_on(kind: type[Rule | DestinationRule], day: date) -> ColumnElement[bool]:
    ends = or_(kind.valid_until.is_(None), kind.valid_until >= day)
    return and_(kind.valid_from <= day, ends)
