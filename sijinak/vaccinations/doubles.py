"""A finding is settled; where one of two doses is taken back, the dose goes with it."""

from dataclasses import replace
from uuid import uuid5

from sijinak.core.once import is_done
from sijinak.core.permissions import Actor
from sijinak.vaccinations.findings.models import Finding, Outcome
from sijinak.vaccinations.findings.queries import finding_to_settle, twins_of
from sijinak.vaccinations.findings.services import (
    FindingSettled,
    NoSuchDose,
    SettleFinding,
    settle_finding,
)
from sijinak.vaccinations.withdrawing import WithdrawVaccination, withdraw_vaccination


def settle(command: SettleFinding, *, by: Actor) -> Finding:
    """Of two doses that stand the other one counts when one is taken back.

    Raises what settle_finding and withdraw_vaccination raise.
    """
    if command.outcome is not Outcome.TAKEN_BACK:
        return settle_finding(command, by=by)
    finding = finding_to_settle(command.finding_id, by=by)
    if is_done(command.id):
        return settle_finding(replace(command, dose_id=None), by=by)
    if finding.settled_at is not None:
        raise FindingSettled(name=finding.settled_by_name)
    if command.dose_id not in {dose.id for dose, _act in twins_of(finding)}:
        raise NoSuchDose
    settle_finding(replace(command, dose_id=None), by=by)
    step = WithdrawVaccination(
        id=uuid5(command.id, "withdraw"), vaccination_id=command.dose_id, reason=command.words
    )
    withdraw_vaccination(step, by=by)
    return finding
