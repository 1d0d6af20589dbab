"""Letters are certified, decided, issued, extended and revoked, and appeals are heard."""

from datetime import timedelta
from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.permits import appealing, billing, deciding, ending, extending
from sijinak.permits import commands as c
from sijinak.permits.policy import policy
from tests.properties.simulation.applying import owner, permit_of
from tests.properties.simulation.playing import Run

DESK = Role.PERMIT_DESK.value


def bill(run: Run, permit_id: UUID) -> None:
    if policy.skkh_before_payment and permit_of(permit_id).certified_at is None:
        certify(run, permit_id)
    run.do(billing.bill_permit, c.BillPermit(permit_id=permit_id), run.who(DESK))


def certify(run: Run, permit_id: UUID) -> None:
    command = c.CertifyPermit(permit_id=permit_id, proof=run.proof())
    run.do(deciding.certify_permit, command, run.who("doctor"))


def decide(run: Run, permit_id: UUID) -> None:
    """By the head, or by whom the head let sign; mostly yes."""
    if permit_of(permit_id).certified_at is None and run.dice.random() < 0.9:
        certify(run, permit_id)
        return
    says_yes = run.dice.random() < 0.85
    _decide(run, permit_id, approve=says_yes)


def reject(run: Run, permit_id: UUID) -> None:
    _decide(run, permit_id, approve=False)


def _decide(run: Run, permit_id: UUID, *, approve: bool) -> None:
    note = "" if approve else "Kuota"
    command = c.DecidePermit(permit_id=permit_id, approve=approve, note=note, proof=run.proof())
    head = run.dice.choice([Role.KADIS.value, Role.KADIS.value, "deputy"])
    run.do(deciding.decide_permit, command, run.who(head))


def issue(run: Run, permit_id: UUID) -> None:
    command = c.IssuePermit(permit_id=permit_id, valid_days=run.dice.choice([3, 7, 14]))
    run.do(deciding.issue_permit, command, run.who(DESK))


def extend(run: Run, permit_id: UUID) -> None:
    until = (permit_of(permit_id).valid_until or today()) + timedelta(days=5)
    ask = c.AskExtension(permit_id=permit_id, wanted_until=until, reason="Ombak")
    run.do(extending.ask_extension, ask, run.who(owner(run, permit_id)))
    command = c.ExtendPermit(permit_id=permit_id, valid_until=until, proof=run.proof())
    run.do(extending.extend_permit, command, run.who(Role.KADIS.value))


def appeal(run: Run, permit_id: UUID) -> None:
    command = c.AppealPermit(permit_id=permit_id, text="Kuota sudah ditambah")
    run.do(appealing.appeal_permit, command, run.who(owner(run, permit_id)))


def hear(run: Run, permit_id: UUID) -> None:
    grant = run.dice.random() < 0.6
    command = c.HearAppeal(permit_id=permit_id, grant=grant, note="Sudah diperiksa")
    run.do(appealing.hear_appeal, command, run.who(Role.KABID.value))


def revoke(run: Run, permit_id: UUID) -> None:
    command = c.RevokePermit(permit_id=permit_id, note="Surat palsu")
    run.do(ending.revoke_permit, command, run.who(Role.KABID.value))
