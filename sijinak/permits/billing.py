"""What is owed for a permit: asked for, paid, or withdrawn."""

from uuid import UUID

from sijinak.core.errors import Conflict
from sijinak.core.permissions import WORKER, Actor
from sijinak.keepers.queries import keeper_facts
from sijinak.permits.commands import (
    BillPermit,
    PermitCommand,
    ReopenPermit,
    SettlePermit,
    WithdrawPermit,
)
from sijinak.permits.models import PERMIT_FLOW, Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.pricing import herd_passed, price_today
from sijinak.permits.queries import passed
from sijinak.permits.services import NobodyPassed, NotCertified
from sijinak.permits.taking import begin, end
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.services import IssueSkrd, issue_skrd


class SkrdSaysOtherwise(Conflict):
    code = "skrd-says-otherwise"


class MoreThanPaid(Conflict):
    """It costs more than was paid before the appeal. Facts: ``skrd``."""

    code = "more-than-paid"


def bill_permit(command: BillPermit, *, by: Actor) -> Permit:
    """The SKRD, for the heads that passed and no others. What is paid already is not billed again.

    Raises NobodyPassed, NotCertified, MoreThanPaid, NoTariff.
    """
    permit, step = begin(command, "bill", by=by)
    if step is None:
        return permit
    if not passed(permit):
        raise NobodyPassed
    if policy.skkh_before_payment and permit.certified_at is None:
        raise NotCertified
    permit.billed_by = by.id
    order = _order(permit, command.due_days)
    known = skrd_of_permit(permit.id)
    if known is None:
        known = issue_skrd(order, by=by)
        return end(permit, step, by=by, skrd=known.number, heads=known.heads)
    _refuse_more_than(known, order)
    end(permit, step, by=by, skrd=known.number, heads=len(passed(permit)))
    settled = PERMIT_FLOW.step(permit.state, "settle")
    return end(permit, settled, by=WORKER, skrd=known.number)


def _order(permit: Permit, due_days: int) -> IssueSkrd:
    return IssueSkrd(
        permit_id=permit.id,
        keeper_id=permit.keeper_id,
        payer_name=keeper_facts([permit.keeper_id])[permit.keeper_id].name,
        region=permit.region,
        herd=herd_passed(permit),
        due_days=due_days,
        took_part=_took_part(permit),
    )


def _took_part(permit: Permit) -> tuple[UUID, ...]:
    """They do not take the money either."""
    people = (permit.applied_by, permit.inspected_by, permit.certified_by)
    return tuple(person for person in people if person is not None)


def _refuse_more_than(paid: Skrd, order: IssueSkrd) -> None:
    """After an appeal: the SKRD of the first round covers this one. Raises MoreThanPaid."""
    total = sum(line.amount for line in price_today(order.herd))
    if paid.state is not SkrdState.PAID or total > paid.total:
        raise MoreThanPaid(skrd=paid.number)


def settle_permit(command: SettlePermit, *, by: Actor) -> Permit:
    """The money is there. Being told twice changes nothing. Raises SkrdSaysOtherwise."""
    return _follow_skrd(command, "settle", SkrdState.PAID, by=by)


def reopen_permit(command: ReopenPermit, *, by: Actor) -> Permit:
    """The money was taken back: it waits for it again, and is decided anew.

    Raises SkrdSaysOtherwise.
    """
    permit = _follow_skrd(command, "reopen", SkrdState.OPEN, by=by)
    if permit.state is PermitState.BILLED:  # and not long past it, when it is told twice
        permit.cashed_by = permit.decided_by = permit.decided_at = None
    return permit


def miss_money(command: ReopenPermit, *, by: Actor) -> Permit:
    """The letter is out: it stays valid until somebody revokes it, and the office is told."""
    return _follow_skrd(command, "miss-money", SkrdState.OPEN, by=by)


def find_money(command: SettlePermit, *, by: Actor) -> Permit:
    """The letter is out, and paid again."""
    return _follow_skrd(command, "find-money", SkrdState.PAID, by=by)


def withdraw_permit(command: WithdrawPermit, *, by: Actor) -> Permit:
    """Without its SKRD an application cannot go on; its animals are free again."""
    return _follow_skrd(command, "withdraw", SkrdState.CANCELLED, SkrdState.WRITTEN_OFF, by=by)


def _follow_skrd(command: PermitCommand, action: str, *states: SkrdState, by: Actor) -> Permit:
    permit, step = begin(command, action, by=by)
    if step is None:
        return permit
    skrd = skrd_of_permit(permit.id)
    if skrd is None or skrd.state not in states:
        raise SkrdSaysOtherwise
    receipt = receipt_of(skrd.id)
    if receipt is not None and receipt.issued_by != WORKER.id:
        permit.cashed_by = receipt.issued_by
    return end(permit, step, by=by, skrd=skrd.number)
