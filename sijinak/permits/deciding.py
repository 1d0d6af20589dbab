"""Signatures: the health letter, the decision, and the letter that goes out."""

from datetime import timedelta

from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.errors import Conflict
from sijinak.core.numbering import next_number
from sijinak.core.permissions import Actor
from sijinak.permits.commands import CertifyPermit, DecidePermit, IssuePermit
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.queries import passed
from sijinak.permits.rulebook import terms_for
from sijinak.permits.services import NobodyPassed, NotCertified, ReasonMissing
from sijinak.permits.taking import begin, end, sign

# 524 is the classification of livestock matters in the numbering of official letters.
RECOMMENDATION = "524/{no:06d}/REK/{year}"
SKKH = "524.3/{no:06d}/SKKH/{year}"


class AlreadyCertified(Conflict):
    """Facts: ``number``."""

    code = "already-certified"


class SkkhAfterPayment(Conflict):
    """The office signs the health letter when the SKRD is paid."""

    code = "skkh-after-payment"


def certify_permit(command: CertifyPermit, *, by: Actor) -> Permit:
    """Sign the health letter (SKKH) for the animals that passed.

    Raises SkkhAfterPayment, AlreadyCertified, NobodyPassed, and what ``sign`` raises.
    """
    permit, step = begin(command, "certify", by=by)
    if step is None:
        return permit
    if permit.certified_at:
        raise AlreadyCertified(number=permit.skkh_number)
    if permit.state is PermitState.INSPECTED and not policy.skkh_before_payment:
        raise SkkhAfterPayment
    if not passed(permit):
        raise NobodyPassed
    mandate = sign(command, permit, "certify", command.proof, by=by)
    permit.certified_by, permit.certified_by_name, permit.certified_at = by.id, by.name, now()
    permit.certified_mandate, permit.certified_role = mandate.decree, mandate.role_title
    permit.skkh_number = _number(SKKH, "skkh")
    return end(permit, step, by=by, number=permit.skkh_number, mandate=mandate.decree)


def decide_permit(command: DecidePermit, *, by: Actor) -> Permit:
    """Approve or reject, by the decree that gives the mandate today.

    Raises NotCertified, ReasonMissing, and what ``sign`` raises.
    """
    action = "approve" if command.approve else "reject"
    permit, step = begin(command, action, by=by)
    if step is None:
        return permit
    if command.approve and permit.certified_at is None:
        raise NotCertified
    if not command.approve and not command.note:
        raise ReasonMissing
    mandate = sign(command, permit, action, command.proof, by=by)
    permit.decided_by, permit.decided_by_name, permit.decided_at = by.id, by.name, now()
    permit.decided_mandate, permit.decided_role = mandate.decree, mandate.role_title
    permit.decided_for = mandate.on_behalf_of
    return end(permit, step, by=by, note=command.note, mandate=mandate.decree)


def issue_permit(command: IssuePermit, *, by: Actor) -> Permit:
    """The letter. It is valid as long as the rule says, else as long as the office has set."""
    permit, step = begin(command, "issue", by=by)
    if step is None:
        return permit
    permit.number = _number(RECOMMENDATION, "permit")
    permit.issued_at, permit.version = now(), 1
    rule = terms_for(permit).rule
    days = (rule.validity_days if rule else None) or command.valid_days
    permit.valid_until = today() + timedelta(days=days)
    facts = {"number": permit.number, "valid_until": permit.valid_until.isoformat()}
    return end(permit, step, by=by, **facts)


def _number(form: str, series: str) -> str:
    year = today().year
    text = form.format(no=next_number(series, year), year=year)
    return f"{text}-{check_character(text)}"
