"""Heads from the permit to the pen, money without a journey, and journeys without money."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select

from sijinak.audit.findings.checks.bills import is_live
from sijinak.audit.findings.checks.rows import days_ago, on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import PAID_WAIT_DAYS
from sijinak.audit.findings.models import Severity
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.permits.arrivals.models import ArrivalStatement
from sijinak.permits.models import Permit, PermitAnimal, PermitState
from sijinak.retribution.models import BillKind, Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.web.i18n import N_

S = PermitState
BILLED = (S.BILLED, S.PAID, S.APPROVED, S.ISSUED, S.DEPARTED, S.ARRIVED, S.CLOSED)
OUT = (S.ISSUED, S.DEPARTED, S.ARRIVED, S.CLOSED)


def heads_billed() -> Iterator[Hit]:
    """After an appeal the bill of the first round may be for more: then only fewer are told of."""
    counts = _counts()
    differs = or_(
        Skrd.heads < counts.c.passed,
        and_(Skrd.heads != counts.c.passed, Permit.appealed_at.is_(None)),
    )
    asked = (
        select(*_PERMIT, Permit.inspected_by, Permit.billed_by, Skrd.id.label("skrd_id"),
               Skrd.heads, Skrd.total, counts.c.passed)
        .join(counts, counts.c.permit_id == Permit.id)
        .join(Skrd, and_(Skrd.permit_id == Permit.id, Skrd.kind == BillKind.SKRD))
        .where(Permit.state.in_(BILLED), Skrd.state.in_((SkrdState.OPEN, SkrdState.PAID)), differs)
        .order_by(Permit.id)
    )  # fmt: skip
    for row in rows(asked):
        passed = int(row.passed)
        yield _of_permit(
            row, amount=(passed - row.heads) * row.total // max(row.heads, 1),
            people=(row.inspected_by, row.billed_by),
            facts={"passed": passed, "billed": row.heads}, more=(("skrd", row.skrd_id),),
        )  # fmt: skip


def heads_departed() -> Iterator[Hit]:
    """More aboard than passed or were billed, or another number than the list says."""
    counts = _counts()
    asked = (
        select(*_PERMIT, Permit.departed_by, Permit.departed_heads, Skrd.heads, Skrd.total,
               counts.c.passed, counts.c.aboard)
        .join(counts, counts.c.permit_id == Permit.id)
        .outerjoin(Skrd, and_(Skrd.permit_id == Permit.id, Skrd.kind == BillKind.SKRD))
        .where(
            Permit.departed_at.is_not(None),
            or_(
                Permit.departed_heads > counts.c.passed, Permit.departed_heads > Skrd.heads,
                Permit.departed_heads > counts.c.aboard,
            ),
        )
        .order_by(Permit.id)
    )  # fmt: skip
    for row in rows(asked):
        billed = row.heads or 0
        yield _of_permit(
            row, people=(row.departed_by,),
            amount=max(row.departed_heads - billed, 0) * (row.total or 0) // max(billed, 1),
            facts={"departed": row.departed_heads, "passed": int(row.passed), "billed": billed,
                   "aboard": int(row.aboard)},
        )  # fmt: skip


def heads_arrived() -> Iterator[Hit]:
    """Other heads than left: some are missing, or some came that were never on the list."""
    counts = _counts()
    asked = (
        select(*_PERMIT, Permit.departed_heads, counts.c.arrived)
        .join(counts, counts.c.permit_id == Permit.id)
        .where(
            Permit.state.in_((S.ARRIVED, S.CLOSED)),
            Permit.arrived_at.is_not(None),
            Permit.departed_heads != counts.c.arrived,
        )
        .order_by(Permit.id)
    )
    for row in rows(asked):
        facts = {"departed": row.departed_heads, "arrived": int(row.arrived)}
        yield _of_permit(row, facts=facts)


def strangers_arrived() -> Iterator[Hit]:
    """The receiver told of animals that are not on the permit; the newest word counts."""
    newer = select(ArrivalStatement.supersedes_id).where(
        ArrivalStatement.supersedes_id.is_not(None)
    )
    asked = (
        select(*_PERMIT, ArrivalStatement.extras)
        .join(ArrivalStatement, ArrivalStatement.permit_id == Permit.id)
        .where(ArrivalStatement.id.not_in(newer))
        .order_by(Permit.id)
    )
    for row in rows(asked):
        if row.extras:
            yield _of_permit(row, facts={"strangers": len(row.extras)})


def paid_and_stayed() -> Iterator[Hit]:
    """Paid long ago, and the animals never left, and nothing was given back."""
    given_back = (
        exists()
        .where(
            Allocation.receipt_id == Receipt.id,
            Refund.collection_id == Allocation.collection_id,
            Refund.state != RefundState.REFUSED,
        )
        .correlate(Receipt)
    )
    asked = (
        select(*_PERMIT, Permit.state, Receipt.id.label("receipt_id"), Receipt.amount,
               Receipt.issued_at)
        .join(Skrd, Skrd.permit_id == Permit.id)
        .join(Receipt, Receipt.skrd_id == Skrd.id)
        .where(
            Permit.departed_at.is_(None), Receipt.issued_at < days_ago(PAID_WAIT_DAYS), is_live(),
            ~given_back,
        )
        .order_by(Permit.id)
    )  # fmt: skip
    for row in rows(asked):
        yield _of_permit(
            row, amount=row.amount, on=on(row.issued_at),
            facts={"state": row.state.value, "days": PAID_WAIT_DAYS},
            more=(("receipts", row.receipt_id),),
        )  # fmt: skip


def left_unpaid() -> Iterator[Hit]:
    yield from _unpaid(Permit.departed_at.is_not(None), Permit.departed_by)


def issued_unpaid() -> Iterator[Hit]:
    issued = and_(Permit.departed_at.is_(None), Permit.state.in_(OUT))
    yield from _unpaid(issued, Permit.decided_by)


def _unpaid(which: Any, who: Any) -> Iterator[Hit]:
    paid = exists().where(Skrd.permit_id == Permit.id, Receipt.skrd_id == Skrd.id, is_live())
    asked: Select[Any] = (
        select(*_PERMIT, who.label("who"), Skrd.id.label("skrd_id"), Skrd.total)
        .outerjoin(Skrd, Skrd.permit_id == Permit.id)
        .where(which, ~paid.correlate(Permit))
        .order_by(Permit.id)
    )
    for row in rows(asked):
        yield _of_permit(
            row, amount=row.total or 0, people=(row.who,), facts={"billed": row.total is not None},
            more=(("skrd", row.skrd_id),),
        )  # fmt: skip


_PERMIT = (Permit.id, Permit.number, Permit.region, Permit.state_at)


def _counts() -> Any:
    """By permit how many passed, went aboard and arrived, in the order of an index."""
    one: dict[str, Any] = {
        "passed": PermitAnimal.passed, "aboard": PermitAnimal.departed,
        "arrived": PermitAnimal.arrival.is_not(None),
    }  # fmt: skip
    sums = [func.sum(case((which, 1), else_=0)).label(name) for name, which in one.items()]
    asked = select(PermitAnimal.permit_id, *sums).group_by(PermitAnimal.permit_id)
    return asked.subquery()


def _of_permit(row: Any, *, facts: dict[str, Any], **known: Any) -> Hit:
    more = known.pop("more", ())
    known.setdefault("on", on(row.state_at))
    return Hit(
        subject="permits", subject_id=row.id, region=row.region,
        facts={"number": row.number or "", **facts},
        evidence=(("permits", row.id), *more), **known,
    )  # fmt: skip


_COUNT = N_("Compare the permit, the bill and the minutes of the inspection and of the port.")
CHECKS = (
    Check(
        code="heads-billed", severity=Severity.HIGH, look=heads_billed,
        title=N_("Other heads were billed than inspected"),
        means=N_("The inspection let another number pass than the SKRD is for."), do=_COUNT,
        false_alarm=N_("An animal that died between inspection and bill."),
        source="PP 35/2023; UU 1/2022",
    ),
    Check(
        code="heads-departed", severity=Severity.HIGH, look=heads_departed,
        title=N_("More heads left than were inspected or paid for"),
        means=N_("The post counted more animals than the permit, its list or its bill has."),
        do=_COUNT, false_alarm=N_("A count of the post that was typed wrongly."),
        source="Pergub NTB; UU 1/2022",
    ),
    Check(
        code="heads-arrived", severity=Severity.MIDDLE, look=heads_arrived,
        title=N_("Other heads arrived than left"),
        means=N_("What became of some animals nobody said, or it was said of others."),
        do=N_("Ask the receiver. Ask the master of the ship when heads are missing."),
        false_alarm=N_("The receiver wrote down a part only; a correction is still to come."),
        source="Pergub NTB",
    ),
    Check(
        code="arrived-strangers", severity=Severity.HIGH, look=strangers_arrived,
        title=N_("Animals arrived that are on no permit"),
        means=N_("The receiver found codes that are not on the list of this journey."),
        do=N_("Trace those animals. Ask the post that counted, and the sender."),
        false_alarm=N_("The receiver scanned animals of another delivery of the same day."),
        source="UU 41/2014",
    ),
    Check(
        code="paid-stayed", severity=Severity.MIDDLE, look=paid_and_stayed,
        title=N_("Paid, and never left"),
        means=N_("There is a receipt, no departure, and no money given back, for a long time."),
        do=N_("Ask the payer. Look whether the animals left without being counted."),
        false_alarm=N_("The trader gave the journey up, and did not ask for the money back."),
        source="BPK",
    ),
    Check(
        code="left-unpaid", severity=Severity.HIGH, look=left_unpaid,
        title=N_("Left without a receipt"),
        means=N_("The animals left, and no receipt that stands says that it was paid."),
        do=N_("Bill it, or find the receipt. Ask who let them leave."),
        false_alarm=N_("The bank took the money back after the ship had left."),
        source="PP 35/2023",
    ),
    Check(
        code="issued-unpaid", severity=Severity.HIGH, look=issued_unpaid,
        title=N_("A permit is out without a receipt"),
        means=N_("The letter was issued, and no receipt that stands says that it was paid."),
        do=N_("Revoke the letter or bill it. Ask who signed."),
        false_alarm=N_("The receipt was voided after the letter was out, and the bill stays open."),
        source="PP 35/2023",
    ),
)  # fmt: skip
