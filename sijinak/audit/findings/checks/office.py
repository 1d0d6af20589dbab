"""How people work together and when: pairs, hours, open cases, counts that were short."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import extract, func, select

from sijinak.audit.findings.checks.rows import on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import (
    OFFICE_CLOSES,
    OFFICE_OPENS,
    PAIR_LEAST,
    PAIR_PERCENT,
    SHORT_LEAST,
    SLA,
    WRITE_OFF_LEAST,
)
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import day_of, hour_of
from sijinak.core.clock import local, today
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments.discrepancies.queries import STANDING
from sijinak.payments.models import Collection, Discrepancy, Resolution
from sijinak.payments.refunds.models import Refund
from sijinak.retribution.claims.models import WriteOff
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.cash.models import CashClosing, ClosingState, HandOver
from sijinak.treasury.holidays.queries import working_days
from sijinak.treasury.matching.models import Proposal
from sijinak.treasury.statements.models import BankFile
from sijinak.web.i18n import N_

MACHINES = (WORKER.id, OPERATOR.id)
# Both eyes of each: who did the one, who did the other, and how often is counted.
PAIRS: tuple[tuple[str, Any, Any], ...] = (
    ("handovers", HandOver.giver_id, HandOver.taker_id),
    ("voids", Receipt.asked_by, Receipt.issued_by),
    ("cases", Discrepancy.proposed_by, Discrepancy.approved_by),
    ("bank-files", BankFile.taken_by, BankFile.decided_by),
    ("matches", Proposal.proposed_by, Proposal.decided_by),
    ("closings", CashClosing.holder_id, CashClosing.signed_by),
    ("refunds", Refund.requested_by, Refund.approved_by),
)


def same_pairs() -> Iterator[Hit]:
    """Of many of one kind nearly all were done by the same two people."""
    for kind, first, second in PAIRS:
        asked = (
            select(first.label("first"), second.label("second"), func.count().label("times"))
            .where(first.is_not(None), second.is_not(None))
            .group_by(first, second)
            .order_by(first, second)
        )
        found = list(rows(asked))
        every = sum(row.times for row in found)
        for row in found:
            if every >= PAIR_LEAST and 100 * row.times >= PAIR_PERCENT * every:
                yield Hit(
                    subject="users", subject_id=row.first, key=f"{kind} {row.second}",
                    people=(row.first, row.second),
                    facts={"kind": kind, "times": row.times, "of": every},
                )  # fmt: skip


def write_offs_by_a_pair() -> Iterator[Hit]:
    """By year: what the same two people gave up together, bills and cases."""
    given_up: dict[tuple[UUID, UUID, int], list[int]] = defaultdict(lambda: [0, 0])
    bills = select(WriteOff.proposed_by, WriteOff.approved_by, WriteOff.ended_at).where(
        WriteOff.approved_by.is_not(None)
    )
    for row in rows(bills.order_by(WriteOff.id)):
        given_up[row[0], row[1], local(row[2]).year][0] += 1
    cases = select(
        Discrepancy.proposed_by, Discrepancy.approved_by, Discrepancy.ended_at, Discrepancy.amount
    ).where(
        Discrepancy.resolution == Resolution.WRITE_OFF, Discrepancy.approved_by.is_not(None),
        Discrepancy.ended_at.is_not(None),
    )  # fmt: skip
    for row in rows(cases.order_by(Discrepancy.id)):
        told = given_up[row[0], row[1], local(row[2]).year]
        told[0], told[1] = told[0] + 1, told[1] + abs(row[3])
    for (first, second, year), (times, amount) in given_up.items():
        if times >= WRITE_OFF_LEAST:
            yield Hit(
                subject="users", subject_id=first, key=f"{year} {second}", amount=amount,
                on=date(year, 1, 1), people=(first, second), facts={"times": times, "year": year},
            )  # fmt: skip


def odd_hours() -> Iterator[Hit]:
    """By person and day: cash for bills, taken at night or on a day off."""
    day, hour = day_of(Collection.happened_at), hour_of(Collection.happened_at)
    asked = (
        select(
            Collection.seen_by, day.label("day"), hour.label("hour"), func.count().label("times"),
            func.min(Collection.region).label("region"),
            func.sum(Collection.amount).label("amount"),
        )
        .where(Collection.adapter == "cash", Collection.seen_by.not_in(MACHINES))
        .group_by(Collection.seen_by, day, hour)
        .order_by(Collection.seen_by, day, hour)
    )  # fmt: skip
    days, told = working_days(), dict[tuple[UUID, date], list[Any]]()
    for row in rows(asked):
        if OFFICE_OPENS <= row.hour < OFFICE_CLOSES and days.includes(row.day):
            continue
        known = told.setdefault((row.seen_by, row.day), [0, 0, row.region, row.hour])
        known[0], known[1] = known[0] + row.times, known[1] + int(row.amount)
    for (person, on_day), (times, amount, region, first) in told.items():
        yield Hit(
            subject="users", subject_id=person, key=on_day.isoformat(), region=region,
            amount=amount, on=on_day, people=(person,), facts={"times": times, "hour": first},
        )  # fmt: skip


def overdue_cases() -> Iterator[Hit]:
    """Open for longer than the office has set for its kind."""
    asked = select(Discrepancy).where(Discrepancy.state.in_(STANDING)).order_by(Discrepancy.id)
    for (one,) in rows(asked):
        age = (today() - local(one.opened_at).date()).days
        if age > SLA.days[one.kind]:
            yield Hit(
                subject="discrepancies", subject_id=one.id, region=one.region,
                amount=abs(one.amount), on=on(one.opened_at), people=(one.owner_id,),
                facts={"days": age, "allowed": SLA.days[one.kind], "kind": one.kind.value},
                evidence=(("discrepancies", one.id),),
            )  # fmt: skip


def short_counts() -> Iterator[Hit]:
    """By person and quarter: counts of cash in which something was missing."""
    year = extract("year", CashClosing.day)
    quarter = func.floor((extract("month", CashClosing.day) + 2) / 3)
    asked = (
        select(
            CashClosing.holder_id, year.label("year"), quarter.label("quarter"),
            func.min(CashClosing.region).label("region"), func.count().label("times"),
            func.sum(CashClosing.difference).label("amount"),
        )
        .where(CashClosing.difference < 0, CashClosing.state != ClosingState.REJECTED)
        .group_by(CashClosing.holder_id, year, quarter)
        .having(func.count() >= SHORT_LEAST)
        .order_by(CashClosing.holder_id, year, quarter)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="users", subject_id=row.holder_id, region=row.region,
            key=f"{int(row.year)}-{int(row.quarter)}", amount=-int(row.amount),
            on=date(int(row.year), 3 * int(row.quarter) - 2, 1), people=(row.holder_id,),
            facts={"times": row.times},
        )  # fmt: skip


CHECKS = (
    Check(
        code="same-pair", severity=Severity.LOW, look=same_pairs,
        title=N_("Both eyes of four are always the same two people"),
        means=N_("Nearly all steps of one kind that need two people were done by the same two."),
        do=N_("Let somebody else take the second part for a while."),
        false_alarm=N_("An office in which only two people hold the rights."),
        source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="write-off-pair", severity=Severity.MIDDLE, look=write_offs_by_a_pair,
        title=N_("The same two people give up money again and again"),
        means=N_("Several bills or cases of a year were written off by the same pair."),
        do=N_("Read the decrees. Ask the payers of some of them."),
        false_alarm=N_("Old arrears that one decree gave up together."),
        source="PP 35/2023; PP 60/2008 (SPIP)",
    ),
    Check(
        code="odd-hours", severity=Severity.LOW, look=odd_hours,
        title=N_("Cash at night or on a day off"),
        means=N_("Somebody took cash for bills outside the hours of the office."),
        do=N_("Ask why, and where the money lay until the next working day."),
        false_alarm=N_("A ship that leaves on a Sunday, with an officer at the port."),
        source="BPK Sumbar 2019",
    ),
    Check(
        code="case-overdue", severity=Severity.MIDDLE, look=overdue_cases,
        title=N_("A case of money is open too long"),
        means=N_("What does not match was not ended within the days set for its kind."),
        do=N_("Ask who looks after it, and what is missing."),
        false_alarm=N_("The bank has been asked, and its answer takes longer."),
        source="Batas hari penyelesaian selisih yang ditetapkan dinas",
    ),
    Check(
        code="cash-short", severity=Severity.MIDDLE, look=short_counts,
        title=N_("Cash was short several times"),
        means=N_("In one quarter several counts of a person's cash found less than the books."),
        do=N_("Count by surprise, with another second person."),
        false_alarm=N_("Change that was given wrongly, in small sums."),
        source="Permendagri 77/2020",
    ),
)  # fmt: skip
