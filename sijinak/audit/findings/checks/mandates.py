"""Who was allowed to: signatures, cash, accounts of those who left, rights that nobody used."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, or_, select

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.models import Appointment, Delegation, Role, SigningProof
from sijinak.areas.models import Region
from sijinak.audit.findings.checks.rows import begin_of, days_ago, on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import APPOINTMENT_DAYS, DELEGATION_DAYS
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import day_of
from sijinak.core.clock import today
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.core.permissions import Permission as P  # noqa: N817
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.treasury.policy import policy
from sijinak.web.i18n import N_

MACHINES = (WORKER.id, OPERATOR.id)
LOOK_ON = (Role.TRADER, Role.AUDITOR, Role.VILLAGE_HEAD, Role.ADMINISTRATOR)
# What is signed in a permit: by whom, when, and what it takes.
SIGNED = (
    ("decide", Permit.decided_by, Permit.decided_at, P.PERMIT_DECIDE),
    ("certify", Permit.certified_by, Permit.certified_at, P.PERMIT_CERTIFY),
    ("inspect", Permit.inspected_by, Permit.inspected_at, P.PERMIT_INSPECT),
    ("accept", Permit.accepted_by, Permit.accepted_at, P.PERMIT_CHECK),
)


def signed_without_mandate() -> Iterator[Hit]:
    """No appointment to it on that day, and no delegation of it."""
    for step, who, when, needs in SIGNED:
        asked = (
            select(Permit.id, Permit.number, Permit.region, who.label("who"), when.label("at"))
            .where(who.is_not(None), who.not_in(MACHINES), ~_held(who, day_of(when), needs))
            .order_by(Permit.id)
        )
        for row in rows(asked):
            yield Hit(
                subject="permits", subject_id=row.id, key=step, region=row.region, on=on(row.at),
                people=(row.who,), facts={"number": row.number or "", "step": step},
                evidence=(("permits", row.id),),
            )  # fmt: skip


def cashiers_without_decree() -> Iterator[Hit]:
    """By person and day: cash that somebody took who was not appointed to it."""
    day = day_of(Collection.happened_at)
    taken = (
        select(
            Collection.seen_by, day.label("day"), func.min(Collection.region).label("region"),
            func.count().label("times"), func.sum(Collection.amount).label("amount"),
        )
        .where(Collection.adapter == "cash", Collection.seen_by.not_in(MACHINES))
        .group_by(Collection.seen_by, day)
        .subquery()
    )  # fmt: skip
    held = _held(taken.c.seen_by, taken.c.day, P.CASH_RECEIVE)
    asked = select(taken).where(~held).order_by(taken.c.seen_by, taken.c.day)
    for row in rows(asked):
        yield Hit(
            subject="users", subject_id=row.seen_by, key=row.day.isoformat(), region=row.region,
            amount=int(row.amount), on=row.day, people=(row.seen_by,),
            facts={"times": row.times},
        )  # fmt: skip


def _held(who: Any, day: Any, needs: P) -> ColumnElement[bool]:
    roles = [role for role, granted in GRANTS.items() if needs in granted]
    appointed = exists().where(
        Appointment.user_id == who, Appointment.role.in_(roles), Appointment.valid_from <= day,
        or_(Appointment.valid_until.is_(None), Appointment.valid_until >= day),
        or_(Appointment.ended_at.is_(None), day_of(Appointment.ended_at) >= day),
    )  # fmt: skip
    stands_in = exists().where(
        Delegation.taker_id == who, Delegation.valid_from <= day, Delegation.valid_until >= day,
        or_(Delegation.ended_at.is_(None), day_of(Delegation.ended_at) >= day),
        cast(Delegation.permissions, String).contains(needs.value),
    )  # fmt: skip
    return or_(appointed, stands_in)


def left_and_acted() -> Iterator[Hit]:
    """Every appointment of the person is over, and the trail goes on."""
    ended = day_of(Appointment.ended_at)
    end = case((Appointment.ended_at.is_not(None), ended), else_=Appointment.valid_until)
    last = (
        select(Appointment.user_id, func.max(end).label("day"))
        .group_by(Appointment.user_id)
        .having(func.sum(case((end.is_(None), 1), else_=0)) == 0)
        .subquery()
    )
    asked = (
        select(
            last.c.user_id, last.c.day, func.count().label("times"),
            func.min(Event.region).label("region"), func.max(Event.happened_at).label("newest"),
        )
        .join(Event, Event.actor_id == last.c.user_id)
        .where(day_of(Event.happened_at) > last.c.day, ~Event.name.startswith("user."))
        .group_by(last.c.user_id, last.c.day)
        .order_by(last.c.user_id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="users", subject_id=row.user_id, key=row.day.isoformat(), region=row.region,
            on=on(row.newest), people=(row.user_id,),
            facts={"times": row.times, "until": row.day.isoformat()},
        )  # fmt: skip


def unused_delegations() -> Iterator[Hit]:
    """Given some weeks ago, still open, and nothing was ever signed with it."""
    used = exists().where(SigningProof.delegation_id == Delegation.id)
    asked = (
        select(Delegation)
        .where(
            Delegation.ended_at.is_(None), Delegation.valid_until >= today(),
            Delegation.valid_from < days_ago(DELEGATION_DAYS).date(), ~used,
        )
        .order_by(Delegation.id)
    )  # fmt: skip
    for (one,) in rows(asked):
        yield Hit(
            subject="delegations", subject_id=one.id, region=one.region, on=one.valid_from,
            people=(one.taker_id, one.giver_id),
            facts={"days": (today() - one.valid_from).days, "manner": one.manner.value},
        )  # fmt: skip


def unused_appointments() -> Iterator[Hit]:
    """In force for half a year, and the person did nothing with any of it."""
    begins = days_ago(APPOINTMENT_DAYS).date()
    acted = exists().where(
        Event.actor_id == Appointment.user_id, Event.happened_at >= begin_of(begins),
        ~Event.name.startswith("user."),
    )  # fmt: skip
    asked = (
        select(Appointment)
        .where(
            Appointment.ended_at.is_(None), Appointment.valid_from <= begins,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today()),
            Appointment.role.not_in(LOOK_ON), ~acted,
        )
        .order_by(Appointment.id)
    )  # fmt: skip
    for (one,) in rows(asked):
        yield Hit(
            subject="appointments", subject_id=one.id, region=one.region, on=one.valid_from,
            people=(one.user_id,),
            facts={"days": (today() - one.valid_from).days, "role": one.role.value},
            evidence=(("users", one.user_id),),
        )  # fmt: skip


def no_treasurer() -> Iterator[Hit]:
    """Bills are written, and nobody is appointed to receive their money."""
    day = today()
    there = exists().where(
        Appointment.role == Role.TREASURER, Appointment.valid_from <= day,
        or_(Appointment.valid_until.is_(None), Appointment.valid_until >= day),
        Appointment.ended_at.is_(None),
    )  # fmt: skip
    asked = select(Region.id, Region.code).where(
        and_(Region.code == policy.regency, ~there, exists(select(Skrd.id)))
    )
    for row in rows(asked.order_by(Region.id)):
        yield Hit(subject="regions", subject_id=row.id, region=row.code, on=day)


CHECKS = (
    Check(
        code="no-mandate", severity=Severity.HIGH, look=signed_without_mandate,
        title=N_("Signed without an appointment of that day"),
        means=N_("Who signed had neither an appointment nor a delegation for it on that day."),
        do=N_("Ask for the decree. Without one the paper has to be signed anew, or revoked."),
        false_alarm=N_("A decree that was entered later than it counts."),
        source="UU 30/2014",
    ),
    Check(
        code="cashier-no-decree", severity=Severity.HIGH, look=cashiers_without_decree,
        title=N_("Cash taken without a decree"),
        means=N_("Somebody took public money who was not appointed to on that day."),
        do=N_("Ask for the decree of the day. Count what this person still holds."),
        false_alarm=N_("A decree that was entered later than it counts."),
        source="Permendagri 77/2020; BPK Sumbar 2019",
    ),
    Check(
        code="left-acted", severity=Severity.HIGH, look=left_and_acted,
        title=N_("An account acted after its officer left"),
        means=N_("Every appointment of the person was over, and the account went on working."),
        do=N_("Ask who used it. End the account, and look at all that it did."),
        false_alarm=N_("A new appointment that was entered some days late."),
        source="Perka BSSN",
    ),
    Check(
        code="delegation-unused", severity=Severity.LOW, look=unused_delegations,
        title=N_("A delegation that nobody uses"),
        means=N_("It was given weeks ago, is still open, and nothing was signed with it."),
        do=N_("End it, unless the giver is still away."),
        false_alarm=N_("A deputy who only stands by."),
        source="UU 30/2014",
    ),
    Check(
        code="appointment-unused", severity=Severity.LOW, look=unused_appointments,
        title=N_("An appointment that nobody uses"),
        means=N_("The person has done nothing in the system for half a year."),
        do=N_("Ask whether the person is still there. An open account is an open door."),
        false_alarm=N_("Work that is done on paper and entered by others."),
        source="Perka BSSN",
    ),
    Check(
        code="no-treasurer", severity=Severity.HIGH, look=no_treasurer,
        title=N_("Nobody is appointed as treasurer"),
        means=N_("Bills are written, and no treasurer of income is in office today."),
        do=N_("Let the head of the region appoint one by decree."),
        false_alarm=N_("The decree of the new year was not entered yet."),
        source="Permendagri 77/2020",
    ),
)  # fmt: skip
