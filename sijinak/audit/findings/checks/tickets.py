"""Tickets by serial: sold, used, missing, and their money."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import exists, func, select

from sijinak.audit.findings.checks.rows import days_ago, on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import TICKETS_IDLE_DAYS
from sijinak.audit.findings.models import Severity
from sijinak.treasury.tickets.models import (
    BlockState,
    SpoiltCount,
    TicketBlock,
    TicketSale,
    TicketUse,
    UseKind,
)
from sijinak.web.i18n import N_


def ticket_gaps() -> Iterator[Hit]:
    """Serials of a block that nobody accounts for, or that are accounted for twice."""
    before = func.lag(TicketUse.last).over(
        partition_by=TicketUse.block_id, order_by=(TicketUse.last, TicketUse.id)
    )
    found = select(
        TicketUse.block_id, TicketUse.kind, TicketUse.first, TicketUse.last, before.label("before")
    ).subquery()
    holes = (
        select(found, TicketBlock.region, TicketBlock.series, TicketBlock.nominal,
               TicketBlock.holder_id)
        .join(TicketBlock, TicketBlock.id == found.c.block_id)
        .where(found.c.kind != UseKind.START, found.c.first != found.c.before + 1)
        .order_by(found.c.block_id, found.c.last)
    )  # fmt: skip
    for row in rows(holes):
        yield _ticket_gap(row, row.block_id, row.before + 1, row.first)
    last = select(TicketUse.block_id, func.max(TicketUse.last).label("last"))
    last_of = last.group_by(TicketUse.block_id).subquery()
    ends = (
        select(TicketBlock, last_of.c.last)
        .join(last_of, last_of.c.block_id == TicketBlock.id)
        .where(TicketBlock.next != last_of.c.last + 1)
        .order_by(TicketBlock.id)
    )
    for block, used in rows(ends):
        yield _ticket_gap(block, block.id, used + 1, block.next)


def _ticket_gap(row: Any, block_id: Any, first: int, after: int) -> Hit:
    return Hit(
        subject="ticket_blocks", subject_id=block_id, key=f"{first}", region=row.region,
        amount=abs(after - first) * row.nominal, people=(row.holder_id,),
        facts={"series": row.series, "first": first, "last": after - 1, "missing": after - first},
        evidence=(("ticket_blocks", block_id),),
    )  # fmt: skip


def tickets_idle() -> Iterator[Hit]:
    """Blocks in a hand of which nothing was sold for long, and whose holder sold nothing else."""
    newest, since = func.max(TicketUse.used_at), days_ago(TICKETS_IDLE_DAYS)
    sold = exists().where(
        TicketSale.seller_id == TicketBlock.holder_id, TicketSale.sold_at >= since
    )
    asked = (
        select(TicketBlock, newest)
        .join(TicketUse, TicketUse.block_id == TicketBlock.id)
        .where(TicketBlock.state == BlockState.HELD, TicketBlock.next <= TicketBlock.last, ~sold)
        .group_by(TicketBlock.id)
        .having(newest < since)
        .order_by(TicketBlock.id)
    )
    for block, used_at in rows(asked):
        yield Hit(
            subject="ticket_blocks", subject_id=block.id, key=str(block.next), region=block.region,
            amount=block.left * block.nominal, on=on(used_at), people=(block.holder_id,),
            facts={"series": block.series, "first": block.next, "last": block.last,
                   "days": TICKETS_IDLE_DAYS},
            evidence=(("ticket_blocks", block.id),),
        )  # fmt: skip


def tickets_missing() -> Iterator[Hit]:
    """Reported as missing, or as spoilt without the paper ever having been seen."""
    asked = (
        select(TicketUse, TicketBlock)
        .join(TicketBlock, TicketBlock.id == TicketUse.block_id)
        .outerjoin(SpoiltCount, SpoiltCount.use_id == TicketUse.id)
        .where(
            (TicketUse.kind == UseKind.MISSING)
            | (
                (TicketUse.kind == UseKind.VOID)
                & SpoiltCount.id.is_(None)
                & (TicketUse.used_at < days_ago(TICKETS_IDLE_DAYS))
            )
        )
        .order_by(TicketUse.id)
    )
    for use, block in rows(asked):
        yield Hit(
            subject="ticket_uses", subject_id=use.id, region=block.region,
            amount=use.count * block.nominal, on=on(use.used_at), people=(use.by_id,),
            facts={"series": block.series, "first": use.first, "last": use.last,
                   "missing": use.count},
            evidence=(("ticket_blocks", block.id), ("ticket_sales", use.sale_id)),
        )  # fmt: skip


def tickets_without_money() -> Iterator[Hit]:
    """A sale whose serials, number and money do not say the same."""
    sold = (
        select(TicketUse.sale_id, func.sum(TicketUse.last + 1 - TicketUse.first).label("used"))
        .where(TicketUse.kind == UseKind.SOLD)
        .group_by(TicketUse.sale_id)
        .subquery()
    )
    used = func.coalesce(sold.c.used, 0)
    asked = (
        select(TicketSale, TicketBlock.nominal, TicketBlock.series, used)
        .join(TicketBlock, TicketBlock.id == TicketSale.block_id)
        .outerjoin(sold, sold.c.sale_id == TicketSale.id)
        .where(
            (used != TicketSale.count)
            | (TicketSale.amount != TicketSale.count * TicketBlock.nominal)
        )
        .order_by(TicketSale.id)
    )
    for sale, nominal, series, count in rows(asked):
        yield Hit(
            subject="ticket_sales", subject_id=sale.id, region=sale.region,
            amount=int(count) * nominal - sale.amount, on=on(sale.sold_at),
            people=(sale.seller_id,),
            facts={"series": series, "first": sale.first, "last": sale.last, "used": int(count),
                   "sold": sale.count, "money": sale.amount},
            evidence=(("ticket_sales", sale.id), ("ticket_blocks", sale.block_id)),
        )  # fmt: skip


_NONE = N_("None is known: a sale and its serials are written together.")
CHECKS = (
    Check(
        code="ticket-gap", severity=Severity.HIGH, look=ticket_gaps,
        title=N_("Serials of tickets do not follow each other"),
        means=N_("Tickets of a block are accounted for by nobody, or twice."),
        do=N_("Count the block and its stubs together with the seller."),
        false_alarm=_NONE, source="BPK NTB: 15.815/15.489",
    ),
    Check(
        code="ticket-idle", severity=Severity.LOW, look=tickets_idle,
        title=N_("A block of tickets outside the stock, and nothing sold"),
        means=N_("Somebody has held tickets for a long time without selling any."),
        do=N_("Let the seller show the block, or give it back."),
        false_alarm=N_("A market that was closed for a season."),
        source="Permendagri 77/2020",
    ),
    Check(
        code="ticket-missing", severity=Severity.MIDDLE, look=tickets_missing,
        title=N_("Tickets missing, or spoilt and never seen"),
        means=N_("Tickets were reported as lost, or as spoilt without the paper being shown."),
        do=N_("Ask for the paper. The seller pays for what is lost, or a decree says otherwise."),
        false_alarm=N_("The spoilt paper lies with the keeper of the stock, uncounted."),
        source="BPK; Permendagri 77/2020",
    ),
    Check(
        code="ticket-money", severity=Severity.HIGH, look=tickets_without_money,
        title=N_("Tickets and their money do not match"),
        means=N_("The serials sold, their number and the money of a sale differ."),
        do=N_("Count the stubs, and compare them with the sale and the cash of that day."),
        false_alarm=_NONE, source="BPK NTB: 15.815/15.489",
    ),
)  # fmt: skip
