"""What was written down long after the day that it claims."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Date, select

from sijinak.audit.findings.checks.rows import on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import ACT_LATE_DAYS, BOOK_LATE_DAYS, CASH_LATE_DAYS
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import day_number, day_of
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger.models import Journal
from sijinak.payments.models import Collection
from sijinak.retribution.tariffs.models import Tariff
from sijinak.vaccinations.models import VaccinationAct
from sijinak.web.i18n import N_

MACHINES = (WORKER.id, OPERATOR.id)


def acts_back_dated() -> Iterator[Hit]:
    """What a phone kept for weeks, and what was thought of later."""
    act = VaccinationAct
    late = _late(act, act.recorded_at, act.given_at, act.vaccinator_id, ACT_LATE_DAYS)
    yield from _hits("vaccination_acts", late, ACT_LATE_DAYS)


def cash_back_dated() -> Iterator[Hit]:
    """Cash that somebody says they took days before."""
    money = Collection
    late = _late(money, money.seen_at, money.happened_at, money.seen_by, CASH_LATE_DAYS)
    yield from _hits("collections", late.where(money.adapter == "cash"), CASH_LATE_DAYS)


def books_back_dated() -> Iterator[Hit]:
    """Journals of a month ago; the opening balances of an update are left out."""
    late = _late(Journal, Journal.recorded_at, Journal.effective_on, Journal.actor_id,
                 BOOK_LATE_DAYS)  # fmt: skip
    yield from _hits("journals", late.where(Journal.actor_id.not_in(MACHINES)), BOOK_LATE_DAYS)


def _hits(table: str, late: Any, most: int) -> Iterator[Hit]:
    for row in rows(late):
        claimed = row.claimed if type(row.claimed) is date else on(row.claimed)
        yield Hit(
            subject=table, subject_id=row.id, region=row.region, on=claimed, people=(row.who,),
            facts={"days": int(row.days), "allowed": most}, evidence=((table, row.id),),
        )  # fmt: skip


def tariffs_back_dated() -> Iterator[Hit]:
    """Approved to begin weeks before; what the program loads itself is left out."""
    days = _later(Tariff.approved_at, Tariff.valid_from)
    asked = (
        select(Tariff.id, Tariff.valid_from, Tariff.amount, Tariff.proposed_by, Tariff.approved_by,
               days.label("days"))
        .where(Tariff.approved_by.is_not(None), Tariff.approved_by.not_in(MACHINES),
               days > BOOK_LATE_DAYS)
        .order_by(Tariff.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="tariffs", subject_id=row.id, on=row.valid_from, amount=row.amount,
            people=(row.proposed_by, row.approved_by),
            facts={"days": int(row.days), "allowed": BOOK_LATE_DAYS},
            evidence=(("tariffs", row.id),),
        )  # fmt: skip


def _late(model: Any, written: Any, claimed: Any, who: Any, most: int) -> Any:
    days = _later(written, claimed)
    return (
        select(model.id, model.region, claimed.label("claimed"), who.label("who"),
               days.label("days"))
        .where(days > most)
        .order_by(model.id)
    )  # fmt: skip


def _later(written: Any, claimed: Any) -> Any:
    """Nights between the two, where the office is."""
    day = claimed if isinstance(claimed.type, Date) else day_of(claimed)
    return day_number(day_of(written)) - day_number(day)


_MEANS = N_("Between the day that it claims and the day that it was written lie many days.")
CHECKS = (
    Check(
        code="late-act", severity=Severity.LOW, look=acts_back_dated,
        title=N_("A vaccination was written down late"), means=_MEANS,
        do=N_("Ask for the notes of that day, and visit some of the owners."),
        false_alarm=N_("A phone that had no signal for weeks."), source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="late-cash", severity=Severity.MIDDLE, look=cash_back_dated,
        title=N_("Cash was written down late"), means=_MEANS,
        do=N_("Ask the payer for the day, and where the money lay."),
        false_alarm=N_("A paper receipt of a day without a network."), source="BPK",
    ),
    Check(
        code="late-journal", severity=Severity.MIDDLE, look=books_back_dated,
        title=N_("A journal was written for a day long past"), means=_MEANS,
        do=N_("Read its reason, and ask why that day was not closed."),
        false_alarm=N_("A correction that an audit asked for."), source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="late-tariff", severity=Severity.HIGH, look=tariffs_back_dated,
        title=N_("A tariff begins before it was approved"), means=_MEANS,
        do=N_("Compare it with the Perda, and the bills since its first day with it."),
        false_alarm=N_("A Perda that was entered late, with its own first day."),
        source="UU 1/2022",
    ),
)  # fmt: skip
