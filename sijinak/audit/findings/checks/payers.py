"""Who pays: splitting, sums just under a limit, one payer for many, money back to another."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, extract, func, or_, select

from sijinak.audit.findings.checks.bills import is_live
from sijinak.audit.findings.checks.rows import on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import (
    NEAR_LIMITS,
    NEAR_PERCENT,
    NEAR_TIMES,
    PAYER_KEEPERS,
    SPLIT_HEADS,
    SPLIT_PERMITS,
)
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import day_of, first_id
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.permits.models import Permit, PermitState
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.web.i18n import N_

NOT_MEANT = (PermitState.DRAFT, PermitState.CANCELLED, PermitState.REJECTED)


def split_permits() -> Iterator[Hit]:
    """Many small permits of one payer for one day and place."""
    asked = (
        select(
            first_id(Permit.id).label("id"), Permit.keeper_id, Permit.planned_on,
            Permit.destination, func.min(Permit.region).label("region"),
            func.count().label("permits"), func.sum(Skrd.heads).label("heads"),
            func.sum(Skrd.total).label("total"),
        )
        .join(Skrd, Skrd.permit_id == Permit.id)
        .where(Permit.state.not_in(NOT_MEANT), Skrd.heads <= SPLIT_HEADS)
        .group_by(Permit.keeper_id, Permit.planned_on, Permit.destination)
        .having(func.count() >= SPLIT_PERMITS)
        .order_by(Permit.keeper_id, Permit.planned_on, Permit.destination)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="keepers", subject_id=row.keeper_id, region=row.region,
            key=f"{row.planned_on.isoformat()} {row.destination}", amount=int(row.total),
            on=row.planned_on,
            facts={"permits": row.permits, "heads": int(row.heads), "to": row.destination},
            evidence=(("permits", row.id),),
        )  # fmt: skip


def just_under() -> Iterator[Hit]:
    """One payer, one month, and sums that stop just short of a limit."""
    year, month = _month(Receipt.issued_at)
    near = or_(
        *(
            and_(Receipt.amount < top, Receipt.amount >= top * (100 - NEAR_PERCENT) // 100)
            for top in NEAR_LIMITS
        )
    )
    asked = (
        select(
            Receipt.keeper_id, year.label("year"), month.label("month"),
            first_id(Receipt.id).label("id"), func.min(Receipt.region).label("region"),
            func.count().label("times"), func.sum(Receipt.amount).label("total"),
        )
        .where(near, is_live())
        .group_by(Receipt.keeper_id, year, month)
        .having(func.count() >= NEAR_TIMES)
        .order_by(Receipt.keeper_id, year, month)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="keepers", subject_id=row.keeper_id, key=_key(row), region=row.region,
            amount=int(row.total), on=_first(row), facts={"times": row.times},
            evidence=(("receipts", row.id),),
        )  # fmt: skip


def one_for_many() -> Iterator[Hit]:
    """Money of one sender pays for many keepers within a month. The name stays where it is."""
    year, month = _month(Collection.happened_at)
    keepers = func.count(Receipt.keeper_id.distinct())
    asked = (
        select(
            first_id(Collection.id).label("id"), year.label("year"), month.label("month"),
            func.min(Collection.region).label("region"), keepers.label("keepers"),
            func.sum(Allocation.amount).label("total"),
        )
        .join(Allocation, Allocation.collection_id == Collection.id)
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .where(Collection.payer != "")
        .group_by(Collection.payer, year, month)
        .having(keepers >= PAYER_KEEPERS)
        .order_by(year, month, Collection.payer)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="collections", subject_id=row.id, key=_key(row), region=row.region,
            amount=int(row.total), on=_first(row), facts={"keepers": row.keepers},
            evidence=(("collections", row.id),),
        )  # fmt: skip


def refunds_by_hand() -> Iterator[Hit]:
    """Given back by hand though it came through a channel that knows who sent it.

    Who really got it, only the proof says.
    """
    asked = (
        select(Refund.id, Refund.region, Refund.amount, Refund.done_at, Refund.collection_id,
               Refund.requested_by, Refund.approved_by, Refund.number, Collection.adapter)
        .join(Collection, Collection.id == Refund.collection_id)
        .where(
            Refund.paid_by_hand, Refund.state == RefundState.DONE, Collection.adapter != "cash",
        )
        .order_by(Refund.id)
    )  # fmt: skip
    for row in rows(asked):
        yield _refund(row, {"channel": row.adapter})


def refunds_too_large() -> Iterator[Hit]:
    """More went back than came."""
    back = (
        select(Refund.collection_id, func.sum(Refund.amount).label("back"))
        .where(Refund.state == RefundState.DONE)
        .group_by(Refund.collection_id)
        .subquery()
    )
    asked = (
        select(Refund.id, Refund.region, Refund.amount, Refund.done_at, Refund.collection_id,
               Refund.requested_by, Refund.approved_by, Refund.number,
               Collection.amount.label("came"), back.c.back)
        .join(Collection, Collection.id == Refund.collection_id)
        .join(back, back.c.collection_id == Refund.collection_id)
        .where(Refund.state == RefundState.DONE, back.c.back > Collection.amount)
        .order_by(Refund.id)
    )  # fmt: skip
    for row in rows(asked):
        yield _refund(row, {"came": row.came, "back": int(row.back)})


def _refund(row: Any, facts: dict[str, Any]) -> Hit:
    return Hit(
        subject="refunds", subject_id=row.id, region=row.region, amount=row.amount,
        on=on(row.done_at), people=(row.requested_by, row.approved_by),
        facts={"number": row.number or "", **facts},
        evidence=(("refunds", row.id), ("collections", row.collection_id)),
    )  # fmt: skip


def _month(moment: Any) -> tuple[Any, Any]:
    day = day_of(moment)
    return extract("year", day), extract("month", day)


def _key(row: Any) -> str:
    return f"{int(row.year)}-{int(row.month):02}"


def _first(row: Any) -> date:
    return date(int(row.year), int(row.month), 1)


CHECKS = (
    Check(
        code="permits-split", severity=Severity.MIDDLE, look=split_permits,
        title=N_("Many small permits for one day and place"),
        means=N_("One payer had several permits of a few heads each for the same journey."),
        do=N_("Look which rule or queue it was split for, and who accepted them."),
        false_alarm=N_("Several trucks, each of which needs a paper of its own."),
        source="Pergub NTB",
    ),
    Check(
        code="just-under", severity=Severity.LOW, look=just_under,
        title=N_("Sums just under a limit, again and again"),
        means=N_("One payer's receipts of a month stop just short of a limit."),
        do=N_("Look whether they belong together, and what the limit would have asked for."),
        false_alarm=N_("A truckload always costs that much."),
        source="PBI 20/6/PBI/2018",
    ),
    Check(
        code="payer-many", severity=Severity.MIDDLE, look=one_for_many,
        title=N_("One payer pays for many keepers"),
        means=N_("Money of one sender paid the bills of many different keepers in a month."),
        do=N_("Ask whether it is a broker, and what the keepers were asked for."),
        false_alarm=N_("A group of keepers with one treasurer; an agent who is known."),
        source="BPK; KPK",
    ),
    Check(
        code="refund-other", severity=Severity.MIDDLE, look=refunds_by_hand,
        title=N_("Given back by hand, not to the sender"),
        means=N_("The channel knows who sent the money, and it went back another way."),
        do=N_("See the proof. Ask the sender whether the money arrived."),
        false_alarm=N_("The channel cannot give back, and the proof shows the sender's account."),
        source="Permendagri 77/2020",
    ),
    Check(
        code="refund-more", severity=Severity.HIGH, look=refunds_too_large,
        title=N_("More went back than came"),
        means=N_("The refunds of one payment come to more than it was."),
        do=N_("Look at each refund and its decree. Ask for the difference back."),
        false_alarm=N_("None is known: the program refuses it. Look who could write past it."),
        source="Permendagri 77/2020",
    ),
)  # fmt: skip
