"""What is done with applications."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from sijinak.accounts.mandates import mandate_of
from sijinak.animals.queries import AnimalFacts
from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.queries import keeper_facts
from sijinak.permits.checks import Report
from sijinak.permits.commands import (
    AcceptPapers,
    BillPermit,
    CancelPermit,
    Decide,
    DraftApplication,
    IssuePermit,
    Journey,
    PermitCommand,
    ReturnApplication,
    SaveApplication,
    SettlePermit,
    SubmitApplication,
    WithdrawPermit,
)
from sijinak.permits.models import Permit, PermitAnimal, PermitState
from sijinak.permits.queries import passed, permit_for_update
from sijinak.permits.rulebook import open_elsewhere, report_on
from sijinak.permits.taking import begin, end
from sijinak.retribution.models import SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.services import IssueSkrd, issue_skrd

EDITABLE = (PermitState.DRAFT, PermitState.RETURNED)
# 524 is the classification of livestock matters in the numbering of official letters.
NUMBER = "524/{no:06d}/REK/{year}"


class NotReady(Conflict):
    """The checks refuse something. Facts: ``refused``, how many animals."""

    code = "permit-not-ready"


class AnimalTaken(Conflict):
    """Another application was faster. Facts: ``tags``."""

    code = "animal-taken"


class ReasonMissing(Invalid):
    code = "reason-missing"


class SkrdSaysOtherwise(Conflict):
    code = "skrd-says-otherwise"


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
    """Raises NotReady when a check refuses, AnimalTaken when another was faster."""
    permit, step = begin(command, "submit", by=by)
    if step is None:
        return permit
    report = report_on(permit)
    if not report.is_ready:
        raise NotReady(refused=len(report.refused))
    _put_on(permit, report)
    permit.applied_by, permit.submitted_at = by.id, now()
    permit.rule_id = report.terms.rule.id if report.terms.rule else None
    permit.needs_rbt = report.terms.needs_rbt
    return end(permit, step, by=by, heads=len(permit.animals))


def cancel_permit(command: CancelPermit, *, by: Actor) -> Permit:
    permit, step = begin(command, "cancel", by=by)
    return end(permit, step, by=by, note=command.note) if step else permit


def return_application(command: ReturnApplication, *, by: Actor) -> Permit:
    permit, step = begin(command, "return", by=by)
    return end(permit, step, by=by, note=command.note) if step else permit


def accept_papers(command: AcceptPapers, *, by: Actor) -> Permit:
    permit, step = begin(command, "accept", by=by)
    return end(permit, step, by=by, note=command.note) if step else permit


def bill_permit(command: BillPermit, *, by: Actor) -> Permit:
    """The SKRD, for the heads that passed and no others."""
    permit, step = begin(command, "bill", by=by)
    if step is None:
        return permit
    permit.billed_by = by.id
    order = IssueSkrd(
        permit_id=permit.id,
        keeper_id=permit.keeper_id,
        payer_name=keeper_facts([permit.keeper_id])[permit.keeper_id].name,
        region=permit.region,
        species=permit.species,
        heads=len(passed(permit)),
        needs_rbt=permit.needs_rbt,
        due_days=command.due_days,
    )
    skrd = issue_skrd(order, by=by)
    return end(permit, step, by=by, skrd=skrd.number, heads=order.heads)


def settle_permit(command: SettlePermit, *, by: Actor) -> Permit:
    """The money is there. Being told twice changes nothing. Raises SkrdSaysOtherwise."""
    return _follow_skrd(command, "settle", SkrdState.PAID, by=by)


def withdraw_permit(command: WithdrawPermit, *, by: Actor) -> Permit:
    """Without its SKRD an application cannot go on; its animals are free again."""
    return _follow_skrd(command, "withdraw", SkrdState.CANCELLED, by=by)


def _follow_skrd(command: PermitCommand, action: str, state: SkrdState, *, by: Actor) -> Permit:
    permit, step = begin(command, action, by=by)
    if step is None:
        return permit
    skrd = skrd_of_permit(permit.id)
    if skrd is None or skrd.state is not state:
        raise SkrdSaysOtherwise
    return end(permit, step, by=by, skrd=skrd.number)


def decide(command: Decide, *, by: Actor) -> Permit:
    """Approve or reject, by the decree that gives the mandate today. Raises NoMandate."""
    permit, step = begin(command, "approve" if command.approve else "reject", by=by)
    if step is None:
        return permit
    decree = mandate_of(by.id, Permission.PERMIT_DECIDE, permit.region, today()).decree
    if not command.approve and not command.note:
        raise ReasonMissing
    permit.decided_by, permit.decided_by_name = by.id, by.name
    permit.decided_mandate, permit.decided_at = decree, now()
    return end(permit, step, by=by, note=command.note, mandate=decree)


def issue_permit(command: IssuePermit, *, by: Actor) -> Permit:
    permit, step = begin(command, "issue", by=by)
    if step is None:
        return permit
    day = today()
    permit.number = _number(day)
    permit.issued_at = now()
    permit.valid_until = day + timedelta(days=command.valid_days)
    facts = {"number": permit.number, "valid_until": permit.valid_until.isoformat()}
    return end(permit, step, by=by, **facts)


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


def _number(day: date) -> str:
    text = NUMBER.format(no=next_number("permit", day.year), year=day.year)
    return f"{text}-{check_character(text)}"
