"""What is done with the results of visits."""

from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.queries import same_animals
from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.vaccinations.campaigns.queries import check_campaign
from sijinak.vaccinations.giving import product_to_give
from sijinak.vaccinations.models import Product, Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.queries import COUNTS
from sijinak.vaccinations.visits.checks import (
    RECORD,
    animal_in_reach,
    ask_village,
    check_heads,
    check_result,
    check_time,
    keeper_in_reach,
)
from sijinak.vaccinations.visits.commands import (
    AlreadyWithdrawn,
    AnotherAct,
    CountHeads,
    RecordReaction,
    RecordResult,
    SignsMissing,
    WithdrawalReasonMissing,
    WithdrawHeads,
    WithdrawResult,
)
from sijinak.vaccinations.visits.doses import lot_id, put_back, take_from_bag
from sijinak.vaccinations.visits.models import HeadCount, Reaction, VisitResult

# A reaction this long after a dose is written at the animal, but not at the dose.
DAYS_OF_REACTION = 30

Row = TypeVar("Row", VisitResult, HeadCount)


def record_result(command: RecordResult, *, by: Actor) -> VisitResult:
    """Raises NotFound for what is out of reach, and the errors of ``commands``."""
    require(by, RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(VisitResult, command.id)
    check_result(command)
    ask_village(command.village, by=by)
    animal = animal_in_reach(command.animal_id, by=by) if command.animal_id else None
    keeper_id = animal.keeper_id if animal else keeper_in_reach(command, by=by)
    check_campaign(command.campaign_id, command.disease)
    result = VisitResult(
        id=command.id,
        campaign_id=command.campaign_id,
        disease=command.disease,
        village=command.village,
        animal_id=animal.id if animal else None,
        keeper_id=keeper_id,
        species=animal.species if animal else command.species,
        heads=command.heads,
        outcome=command.outcome,
        reason=command.reason.strip(),
        found_at=command.found_at,
        found_on=local(command.found_at).date(),
        next_visit=command.next_visit,
        standing=Standing.COUNTS,
        by_id=by.id,
        by_name=by.name,
        recorded_at=now(),
    )
    db.session.add(result)
    db.session.flush()
    facts = {"outcome": result.outcome, "heads": result.heads, "disease": result.disease}
    events.record("visit.result-recorded", result, by=by, region=result.village, **facts)
    return result


def count_heads(command: CountHeads, *, by: Actor) -> HeadCount:
    """Raises NotFound for what is out of reach, and the errors of ``commands``."""
    require(by, RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(HeadCount, command.id)
    product = product_to_give(command.product_id, command.lot)
    check_heads(command.heads)
    check_time(command.given_at)
    ask_village(command.village, by=by)
    check_campaign(command.campaign_id, product.disease)
    keeper_id = keeper_in_reach(command, by=by)
    act = _act_for(command, product, by=by)
    heads = HeadCount(
        id=command.id,
        act_id=act.id,
        disease=product.disease,
        village=command.village,
        keeper_id=keeper_id,
        species=command.species,
        heads=command.heads,
        given_at=command.given_at,
        given_on=local(command.given_at).date(),
        standing=Standing.COUNTS,
        by_id=by.id,
        by_name=by.name,
        recorded_at=now(),
    )
    db.session.add(heads)
    db.session.flush()
    take_from_bag(heads, act)
    facts = {"heads": heads.heads, "disease": heads.disease, "product": product.code}
    events.record("visit.heads-counted", heads, by=by, region=heads.village, **facts)
    return heads


def record_reaction(command: RecordReaction, *, by: Actor) -> Reaction:
    """A death here is what was seen; that the animal is dead is recorded as a mutation."""
    require(by, RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(Reaction, command.id)
    if not command.signs.strip():
        raise SignsMissing
    check_time(command.began_at)
    animal = animal_in_reach(command.animal_id, by=by)
    reaction = Reaction(
        id=command.id,
        animal_id=animal.id,
        vaccination_id=_dose_behind(command, animal.id),
        signs=command.signs.strip(),
        severity=command.severity,
        treatment=command.treatment.strip(),
        began_at=command.began_at,
        village=animal.village,
        by_id=by.id,
        by_name=by.name,
        recorded_at=now(),
    )
    db.session.add(reaction)
    db.session.flush()
    events.record(
        "vaccine.reaction-recorded", reaction, by=by, region=animal.village,
        severity=reaction.severity,
    )  # fmt: skip
    return reaction


def withdraw_result(command: WithdrawResult, *, by: Actor) -> VisitResult:
    """By whom it is from, or by who leads campaigns there. Raises AlreadyWithdrawn."""
    result = _to_withdraw(VisitResult, command.result_id, by=by)
    if first_time(command, by=by):
        _withdraw(result, command.reason)
        events.record(
            "visit.result-withdrawn", result, by=by, region=result.village, reason=command.reason
        )
    return result


def withdraw_heads(command: WithdrawHeads, *, by: Actor) -> HeadCount:
    """By whom it is from, or by who leads campaigns there. Raises AlreadyWithdrawn."""
    heads = _to_withdraw(HeadCount, command.heads_id, by=by)
    if first_time(command, by=by):
        _withdraw(heads, command.reason)
        put_back(heads)
        events.record(
            "visit.heads-withdrawn", heads, by=by, region=heads.village,
            heads=heads.heads, reason=command.reason,
        )  # fmt: skip
    return heads


def _act_for(command: CountHeads, product: Product, *, by: Actor) -> VaccinationAct:
    """The round's act, which its first record makes. Raises AnotherAct."""
    act = db.session.get(VaccinationAct, command.act_id)
    if act is None:
        act = _new_act(command, product, by=by)
    if (act.vaccinator_id, act.product_id) != (by.id, product.id):
        raise AnotherAct
    return act


def _new_act(command: CountHeads, product: Product, *, by: Actor) -> VaccinationAct:
    act = VaccinationAct(
        id=command.act_id,
        product_id=product.id,
        lot=command.lot.strip(),
        lot_id=lot_id(product.id, command.lot),
        campaign_id=command.campaign_id,
        given_at=command.given_at,
        given_on=local(command.given_at).date(),
        region=command.village,
        vaccinator_id=by.id,
        vaccinator_name=by.name,
        note=command.note,
        recorded_at=now(),
    )
    db.session.add(act)
    db.session.flush()
    return act


def _dose_behind(command: RecordReaction, animal_id: UUID) -> UUID | None:
    """The dose that was named, if it is this animal's; else its last one of the days before."""
    asked = select(Vaccination.id).where(Vaccination.animal_id.in_(same_animals(animal_id)))
    if command.vaccination_id is not None:
        found = db.session.scalar(asked.where(Vaccination.id == command.vaccination_id))
        if found is None:
            raise NotFound(vaccination_id=str(command.vaccination_id))
        return found
    since = command.began_at - timedelta(days=DAYS_OF_REACTION)
    asked = asked.where(COUNTS, Vaccination.given_at.between(since, command.began_at))
    newest = asked.order_by(Vaccination.given_at.desc(), Vaccination.id.desc())
    return db.session.scalar(newest.limit(1))


def _to_withdraw(kind: type[Row], row_id: UUID, *, by: Actor) -> Row:
    """Held until the end of the transaction."""
    if not may(by, Permission.CAMPAIGN_MANAGE):
        require(by, RECORD)
    row = db.session.scalar(
        select(kind).where(kind.id == row_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    leads = row is not None and may(by, Permission.CAMPAIGN_MANAGE, region=row.village)
    own = row is not None and row.by_id == by.id and may(by, RECORD, region=row.village)
    if row is None or not (leads or own):
        raise NotFound(id=str(row_id))
    return row


def _withdraw(row: VisitResult | HeadCount, reason: str) -> None:
    if not reason.strip():
        raise WithdrawalReasonMissing
    if row.standing is Standing.WITHDRAWN:
        raise AlreadyWithdrawn
    row.standing = Standing.WITHDRAWN
    db.session.flush()
