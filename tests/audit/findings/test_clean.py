"""Clean records raise next to nothing, and what they raise is named here."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from sijinak.accounts.models import Appointment, Delegation, Role
from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.jobs import FAILED, look
from sijinak.audit.findings.models import AuditFinding, AuditLook
from sijinak.core.db import db, transaction
from sijinak.payments.models import Collection, Discrepancy
from sijinak.permits.checkpoint.models import CheckpointCheck
from sijinak.permits.models import Permit
from sijinak.permits.quota.models import QuotaAccount, QuotaEntry
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.tickets.models import TicketBlock, TicketSale, TicketUse
from sijinak.vaccinations.models import VaccinationAct
from sijinak.vaccinations.stock.models import Holding

# What of the demo is odd on purpose: of each check, how many, and what the demo did.
ON_PURPOSE = {
    "dose-ghost": 2,  # two second visits that found another animal, or none
    "case-overdue": 1,  # money that nobody knows, which waits for whoever tries the demo
    "appointment-unused": 2,  # the laboratory and the officer for data have had nothing to do
}
# Nothing is wrong, and the check speaks up all the same.
FALSE_ALARMS = {
    "permits-split": 1,  # a firm of thirty bulls ships them one by one
    "same-pair": 1,  # an office with one collector and one treasurer
}
EXAMINED = (
    Receipt, Skrd, Permit, Deposit, TicketBlock, TicketSale, TicketUse, Collection, Discrepancy,
    VaccinationAct, Holding, QuotaAccount, QuotaEntry, CheckpointCheck, Appointment, Delegation,
)  # fmt: skip


class Undone(Exception):
    """Takes back what a test did."""


def test_clean_records_raise_fewer_than_two_false_alarms_in_a_hundred(clean: Flask):
    """Of the things examined; the demo's own oddities are named above, and are true."""
    raised = Counter({code: len(list(check.look())) for code, check in CHECKS.items()})
    assert +raised == Counter(ON_PURPOSE) + Counter(FALSE_ALARMS)
    examined = sum(db.session.scalar(select(func.count(model.id))) or 0 for model in EXAMINED)
    assert sum(FALSE_ALARMS.values()) < 0.02 * examined, examined


def test_the_nightly_look_writes_each_finding_down_once(clean: Flask):
    for _ in range(2):
        look()
    told = Counter(db.session.scalars(select(AuditFinding.code)))
    assert told == Counter(ON_PURPOSE) + Counter(FALSE_ALARMS)
    for counts in db.session.scalars(select(AuditLook.counts)):
        assert set(counts) == set(CHECKS)
        assert FAILED not in {found for found, _ in counts.values()}


def test_an_office_without_a_treasurer_is_told_of(clean: Flask):
    treasurers = update(Appointment).where(Appointment.role == Role.TREASURER)
    with pytest.raises(Undone), transaction():
        db.session.execute(treasurers.values(valid_until=Appointment.valid_from))
        assert len(list(CHECKS["no-treasurer"].look())) == 1
        raise Undone
