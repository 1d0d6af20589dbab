"""Vaccinations that may never have been given: what the office found, doses, owners' words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, case, extract, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.audit.findings.checks.rows import days_ago, on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import (
    ASKED_DAYS,
    ASKED_LEAST,
    GHOST_WAIT_DAYS,
    UNSURE_POINTS,
)
from sijinak.audit.findings.models import Severity
from sijinak.vaccinations.confirming.models import Confirmation
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.stock.models import DoseMove, Holding, MoveKind
from sijinak.web.i18n import N_

K = FindingKind
# Somebody was there, and says that it was not done.
CONTRADICTED = (K.OWNER_DENIES, K.NOT_FOUND_AGAIN, K.NOT_PRESENT)
STRANGE = (
    K.TOO_FAST, K.ELSEWHERE, K.ONLY_TYPED, K.STOCK_SHORT, K.DOUBLE, K.LOT_UNKNOWN, K.LOT_EXPIRED,
    K.CHAIN, K.LATE,
)  # fmt: skip


def ghost_doses() -> Iterator[Hit]:
    """What somebody on the spot contradicted and nobody settled, and all that was proven."""
    contradicted = and_(Finding.kind.in_(CONTRADICTED), Finding.settled_at.is_(None))
    yield from _of_findings(or_(contradicted, Finding.decision == Outcome.PROVEN))


def strange_doses() -> Iterator[Hit]:
    """What the program found strange, and nobody of the office looked into for weeks."""
    waits = and_(Finding.settled_at.is_(None), Finding.raised_at < days_ago(GHOST_WAIT_DAYS))
    yield from _of_findings(and_(Finding.kind.in_(STRANGE), waits))


def _of_findings(which: Any) -> Iterator[Hit]:
    asked = select(Finding).where(which).order_by(Finding.id)
    for (one,) in rows(asked):
        yield Hit(
            subject="vaccination_findings", subject_id=one.id, region=one.region,
            on=on(one.raised_at), people=(one.officer_id,),
            facts={"kind": one.kind.value, "proven": one.decision is Outcome.PROVEN},
            evidence=(("vaccination_findings", one.id), ("vaccination_acts", one.act_id)),
        )  # fmt: skip


def doses_of_acts() -> Iterator[Hit]:
    """Doses that left the bag for an act are not those that animals got."""
    used = (
        select(DoseMove.act_id, func.sum(DoseMove.doses).label("used"))
        .where(DoseMove.kind == MoveKind.USED, DoseMove.act_id.is_not(None))
        .group_by(DoseMove.act_id)
        .subquery()
    )
    counts = Vaccination.standing != Standing.WITHDRAWN
    given = (
        select(Vaccination.act_id, func.sum(case((counts, 1), else_=0)).label("given"))
        .group_by(Vaccination.act_id)
        .subquery()
    )
    put_back = _put_back()
    left = used.c.used - func.coalesce(put_back.c.back, 0)
    found = func.coalesce(given.c.given, 0)
    asked = (
        select(*_ACT, left.label("used"), found.label("given"))
        .join(used, used.c.act_id == VaccinationAct.id)
        .outerjoin(given, given.c.act_id == VaccinationAct.id)
        .outerjoin(put_back, put_back.c.act_id == VaccinationAct.id)
        .where(left != found)
        .order_by(VaccinationAct.id)
    )
    for row in rows(asked):
        yield Hit(
            subject="vaccination_acts", subject_id=row.id, region=row.region, on=row.given_on,
            people=(row.vaccinator_id,),
            facts={"used": int(row.used), "given": int(row.given)},
            evidence=(("vaccination_acts", row.id),),
        )  # fmt: skip


def _put_back() -> Any:
    """Doses of an act that came back into a bag, when one was withdrawn."""
    back = and_(DoseMove.act_id.is_not(None), DoseMove.kind != MoveKind.USED)
    asked = select(DoseMove.act_id, func.sum(DoseMove.doses).label("back"))
    into = and_(back, DoseMove.to_holding_id.is_not(None), DoseMove.from_holding_id.is_(None))
    return asked.where(into).group_by(DoseMove.act_id).subquery()


def bags_that_do_not_add_up() -> Iterator[Hit]:
    """What a store or bag holds is not what came minus what went, or is below nothing."""
    came, went = aliased(DoseMove), aliased(DoseMove)
    into = _moved(came, came.to_holding_id)
    out_of = _moved(went, went.from_holding_id)
    balance = func.coalesce(into.c.doses, 0) - func.coalesce(out_of.c.doses, 0)
    asked = (
        select(Holding, balance.label("balance"))
        .outerjoin(into, into.c.holding_id == Holding.id)
        .outerjoin(out_of, out_of.c.holding_id == Holding.id)
        .where(or_(balance != Holding.doses, Holding.doses < 0))
        .order_by(Holding.id)
    )
    for holding, booked in rows(asked):
        yield Hit(
            subject="vaccine_holdings", subject_id=holding.id, people=(holding.officer_id,),
            facts={"doses": holding.doses, "booked": int(booked),
                   "store": holding.store_id is not None},
            evidence=(("vaccine_lots", holding.lot_id), ("vaccine_stores", holding.store_id)),
        )  # fmt: skip


def _moved(move: Any, holding: Any) -> Any:
    asked = select(holding.label("holding_id"), func.sum(move.doses).label("doses"))
    return asked.where(holding.is_not(None)).group_by(holding).subquery()


def silent_owners() -> Iterator[Hit]:
    """By officer and month: fewer owners say yes than those of the others do."""
    day = VaccinationAct.given_on
    year, month = extract("year", day), extract("month", day)
    sure = func.sum(case((Confirmation.says_yes.is_(True), 1), else_=0))
    asked = (
        select(
            VaccinationAct.vaccinator_id, year.label("year"), month.label("month"),
            func.min(VaccinationAct.region).label("region"), func.count().label("asked"),
            sure.label("sure"),
        )
        .join(Confirmation, Confirmation.act_id == VaccinationAct.id)
        .where(Confirmation.asked_at < days_ago(ASKED_DAYS))
        .group_by(VaccinationAct.vaccinator_id, year, month)
        .order_by(VaccinationAct.vaccinator_id, year, month)
    )  # fmt: skip
    found = list(rows(asked))
    every, yes = sum(row.asked for row in found), sum(int(row.sure) for row in found)
    for row in found:
        others = every - row.asked
        usual = 100 * (yes - int(row.sure)) // others if others else 0
        percent = 100 * int(row.sure) // row.asked
        if row.asked >= ASKED_LEAST and percent + UNSURE_POINTS <= usual:
            yield Hit(
                subject="users", subject_id=row.vaccinator_id, region=row.region,
                key=f"{int(row.year)}-{int(row.month):02}",
                on=date(int(row.year), int(row.month), 1), people=(row.vaccinator_id,),
                facts={"asked": row.asked, "percent": percent, "usual": usual},
            )  # fmt: skip


_ACT = (
    VaccinationAct.id, VaccinationAct.region, VaccinationAct.given_on, VaccinationAct.vaccinator_id,
)  # fmt: skip
CHECKS = (
    Check(
        code="dose-ghost", severity=Severity.HIGH, look=ghost_doses,
        title=N_("A vaccination that somebody contradicts"),
        means=N_("The owner, a second visit or the register says that it was not done."),
        do=N_("Hear the owner and the officer, each alone. Count the empty bottles."),
        false_alarm=N_("Another member of the family was there, or the animal was elsewhere."),
        source="Dompu 2022",
    ),
    Check(
        code="dose-strange", severity=Severity.LOW, look=strange_doses,
        title=N_("A strange vaccination that nobody looked into"),
        means=N_("The program found something odd weeks ago, and it is still open."),
        do=N_("Let the head of the field office settle it."),
        false_alarm=N_("Helpers at a crush; a village without a signal."),
        source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="dose-act", severity=Severity.MIDDLE, look=doses_of_acts,
        title=N_("Doses used are not the animals vaccinated"),
        means=N_("For one visit the stock and the register say different numbers."),
        do=N_("Compare the bottles, the stock and the list of the visit."),
        false_alarm=N_("A dose that was withdrawn from the register, and not from the stock."),
        source="Kepdirjen PKH",
    ),
    Check(
        code="dose-balance", severity=Severity.HIGH, look=bags_that_do_not_add_up,
        title=N_("Opened minus given minus wasted is not nothing"),
        means=N_("A store or bag holds another number of doses than its moves come to."),
        do=N_("Count the store or bag with a second person."),
        false_alarm=N_("Doses that a phone has not sent yet."),
        source="Kepdirjen PKH",
    ),
    Check(
        code="owners-silent", severity=Severity.MIDDLE, look=silent_owners,
        title=N_("Fewer owners confirm than usual"),
        means=N_("Owners who were asked about this officer's work confirm it less often."),
        do=N_("Draw some of the visits, and let somebody else go there again."),
        false_alarm=N_("A kecamatan without telephones."),
        source="PP 60/2008 (SPIP)",
    ),
)  # fmt: skip
