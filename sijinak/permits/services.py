"""What is done with applications."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import IntegrityError

from sijinak.animals.queries import AnimalFacts
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.commands import (
    AcceptPapers,
    CancelPermit,
    DraftApplication,
    Journey,
    ReturnApplication,
    SaveApplication,
    SubmitApplication,
)
from sijinak.permits.enclosures.needs import refuse_unchecked, refuse_without
from sijinak.permits.findings import Report
from sijinak.permits.models import Permit, PermitAnimal, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.quota.claiming import QuotaNotReserved, claim_quota, release_quota
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.rulebook import open_elsewhere, pin_terms, report_on
from sijinak.permits.taking import begin, end, take_letter_back

EDITABLE = (PermitState.DRAFT, PermitState.RETURNED)


class NotReady(Conflict):
    """The checks refuse something. Facts: ``refused``, how many animals."""

    code = "permit-not-ready"


class AnimalTaken(Conflict):
    """Another application was faster. Facts: ``tags``."""

    code = "animal-taken"


class ReasonMissing(Invalid):
    code = "reason-missing"


class NobodyPassed(Conflict):
    code = "nobody-passed"


class NotCertified(Conflict):
    """The health letter is not signed yet."""

    code = "not-certified"


def draft_application(command: DraftApplication, *, by: Actor) -> Permit:
    journey = command.journey
    require(by, Permission.PERMIT_APPLY, region=journey.region, keeper_id=command.keeper_id)
    if not first_time(command, by=by):
        return db.session.get_one(Permit, command.id)
    permit = Permit(
        id=command.id,
        keeper_id=command.keeper_id,
        applied_by=by.id,
        state=PermitState.DRAFT,
        created_at=now(),
        state_at=now(),
        **_columns(journey),
    )
    db.session.add(permit)
    events.record("permit.draft", permit, by=by, region=permit.region, heads=len(journey.tags))
    return permit


def save_application(command: SaveApplication, *, by: Actor) -> Permit:
    """Change a draft or what came back. Its animals follow when it is submitted again."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return permit
    if permit.state not in EDITABLE:
        raise WrongState(state=permit.state, action="save")
    for name, value in _columns(command.journey).items():
        setattr(permit, name, value)
    heads = len(command.journey.tags)
    events.record("permit.save", permit, by=by, region=permit.region, heads=heads)
    return permit


def submit_application(command: SubmitApplication, *, by: Actor) -> Permit:
    """Its place in the queue is that of the first time. What an earlier round found is void.

    Raises NotReady when a check refuses, DocumentsMissing, AnimalTaken when another was faster.
    """
    permit, step = begin(command, "submit", by=by)
    if step is None:
        return permit
    report = report_on(permit)
    if not report.is_ready:
        raise NotReady(refused=len(report.refused))
    refuse_without(permit, report.documents_needed)
    _begin_anew(permit)
    _put_on(permit, report)
    permit.applied_by, permit.submitted_at = by.id, now()
    permit.complete_at = permit.complete_at or now()
    pin_terms(permit, report.terms)
    if report.terms.wants_quota:
        claim_quota(permit, len(permit.animals), by=by)
    else:
        release_quota(permit, by=by)  # of an earlier journey
    return end(permit, step, by=by, heads=len(permit.animals))


def cancel_permit(command: CancelPermit, *, by: Actor) -> Permit:
    permit, step = begin(command, "cancel", by=by)
    return end(permit, step, by=by, note=command.note) if step else permit


def return_application(command: ReturnApplication, *, by: Actor) -> Permit:
    """For repair: its documents, its animals' list and its place in the queue stay."""
    permit, step = begin(command, "return", by=by)
    if step is None:
        return permit
    permit.accepted_by = permit.accepted_at = None
    return end(permit, step, by=by, note=command.note)


def accept_papers(command: AcceptPapers, *, by: Actor) -> Permit:
    """Raises DocumentsNotChecked, QuotaNotReserved."""
    permit, step = begin(command, "accept", by=by)
    if step is None:
        return permit
    report = report_on(permit)
    refuse_unchecked(permit, report.documents_needed)
    if report.terms.wants_quota:
        _refuse_without_quota(permit)
    permit.accepted_by, permit.accepted_at = by.id, now()
    return end(permit, step, by=by, note=command.note)


def _refuse_without_quota(permit: Permit) -> None:
    claim = claim_of(permit.id)
    if claim is None or claim.state is not ClaimState.RESERVED:
        raise QuotaNotReserved(heads=len(permit.animals))


def _columns(journey: Journey) -> dict[str, Any]:
    return {**asdict(journey), "tags": list(dict.fromkeys(journey.tags))}


def _put_on(permit: Permit, report: Report) -> None:
    """Make the animals those of the report. The unique index lets one application have each."""
    wanted = [checked.animal for checked in report.animals if checked.animal]
    tags, permit_id = {animal.id: animal.tag for animal in wanted}, permit.id
    try:
        with db.session.begin_nested():
            _line_up(permit, wanted)
            db.session.flush()
    except IntegrityError:
        taken = open_elsewhere(permit_id, tags)
        raise AnimalTaken(tags=", ".join(sorted(tags[i] for i in taken))) from None


def _line_up(permit: Permit, wanted: Sequence[AnimalFacts]) -> None:
    """Written in the order of the ids, so that two applications never wait for each other."""
    there = {line.animal_id: line for line in permit.animals}
    places = {animal.id: place for place, animal in enumerate(wanted, start=1)}
    in_order = sorted(wanted, key=lambda animal: animal.id)
    permit.animals[:] = [
        there.get(animal.id) or PermitAnimal(permit_id=permit.id, animal_id=animal.id)
        for animal in in_order
    ]
    for line, animal in zip(permit.animals, in_order, strict=True):
        line.position, line.is_open = places[animal.id], True
        line.sale_letter = permit.sale_letter if animal.keeper_id != permit.keeper_id else ""
    permit.animals.sort(key=lambda line: line.position)


def _begin_anew(permit: Permit) -> None:
    """After an appeal that was granted: inspected, certified and decided again, by anybody."""
    permit.inspected_by = permit.inspected_at = permit.billed_by = None
    permit.decided_by = permit.decided_at = None
    permit.inspected_by_name = permit.decided_by_name = ""
    take_letter_back(permit)
    for line in permit.animals:
        line.passed, line.weight_kg, line.reason = None, None, ""
        line.rbt_result, line.rbt_number = None, ""
        line.weight_method, line.looked_at, line.was_absent = None, None, False
