"""Voids: by person, after the deposit, and with a cheaper receipt soon after."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import exists, extract, func, literal, select
from sqlalchemy.orm import aliased

from sijinak.audit.findings.checks.rows import on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import (
    REISSUE_DAYS,
    VOID_LEAST,
    VOID_MOST,
    VOID_PERCENT,
    VOID_TIMES,
)
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import day_of, id_text
from sijinak.core.permissions import WORKER
from sijinak.ledger.models import Journal
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.web.i18n import N_

VOID = ReceiptKind.VOID


def many_voids() -> Iterator[Hit]:
    """By person and month: more voids than usual among the receipts that person gave."""
    given = aliased(Receipt)
    year, month = (extract(part, day_of(given.issued_at)) for part in ("year", "month"))
    voided = exists().where(Receipt.voids_id == given.id).correlate(given)
    asked = (
        select(
            given.issued_by, year.label("year"), month.label("month"), func.count().label("given"),
            func.count().filter(voided).label("voided"), func.min(given.region).label("region"),
            func.sum(given.amount).filter(voided).label("amount"),
        )
        .where(given.kind == ReceiptKind.RECEIPT, given.issued_by != WORKER.id)
        .group_by(given.issued_by, year, month)
        .order_by(given.issued_by, year, month)
    )  # fmt: skip
    found = list(rows(asked))
    by_month: dict[tuple[int, int], list[int]] = {}
    for row in found:
        sums = by_month.setdefault((row.year, row.month), [0, 0])
        sums[0], sums[1] = sums[0] + row.given, sums[1] + row.voided
    for row in found:
        all_given, all_voided = by_month[row.year, row.month]
        others = all_given - row.given
        usual = 100 * (all_voided - row.voided) // others if others else 0
        percent = 100 * row.voided // row.given
        if row.voided >= VOID_LEAST and percent >= _too_many(usual):
            yield Hit(
                subject="users", subject_id=row.issued_by, region=row.region,
                key=f"{int(row.year)}-{int(row.month):02}", amount=int(row.amount or 0),
                on=date(int(row.year), int(row.month), 1), people=(row.issued_by,),
                facts={"voided": row.voided, "given": row.given, "percent": percent,
                       "usual": usual},
            )  # fmt: skip


def _too_many(usual: int) -> int:
    """Where everybody voids much, a quarter of all is told of all the same."""
    return max(VOID_PERCENT, min(VOID_TIMES * usual, VOID_MOST))


def void_after_deposit() -> Iterator[Hit]:
    """Its money was in the bank already: what was voided did not go back to the payer."""
    voided = aliased(Receipt)
    named = literal("money:") + id_text(Allocation.collection_id)
    asked = (
        select(
            Receipt.id, Receipt.number, Receipt.region, Receipt.amount, Receipt.issued_at,
            Receipt.issued_by, Receipt.asked_by, Receipt.voids_id, voided.issued_by.label("from"),
            Deposit.id.label("deposit_id"), Deposit.number.label("sts"), Deposit.deposited_on,
        )
        .join(voided, voided.id == Receipt.voids_id)
        .join(Allocation, Allocation.receipt_id == voided.id)
        .join(Journal, Journal.idem == named)
        .join(DepositLine, DepositLine.source_id == Journal.id)
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .where(
            Receipt.kind == VOID,
            Deposit.state.in_((DepositState.DEPOSITED, DepositState.MATCHED)),
            DepositLine.reference == voided.number,
            Deposit.deposited_on < day_of(Receipt.issued_at),
        )
        .distinct()
        .order_by(Receipt.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="receipts", subject_id=row.id, key=row.sts, region=row.region,
            amount=row.amount, on=on(row.issued_at),
            people=(row.issued_by, row.asked_by, row._mapping["from"]),  # noqa: SLF001
            facts={"number": row.number, "sts": row.sts,
                   "banked": row.deposited_on.isoformat()},
            evidence=(("receipts", row.voids_id), ("deposits", row.deposit_id)),
        )  # fmt: skip


def cheaper_again() -> Iterator[Hit]:
    """The same payer had a receipt for less, a few days after a dearer one was voided."""
    again = aliased(Receipt)
    asked = (
        select(
            Receipt.id, Receipt.number, Receipt.region, Receipt.amount, Receipt.issued_at,
            Receipt.issued_by, Receipt.asked_by, Receipt.voids_id, again.id.label("again_id"),
            again.amount.label("less"), again.number.label("after"),
            again.issued_at.label("again_at"),
        )
        .join(again, again.keeper_id == Receipt.keeper_id)
        .where(
            Receipt.kind == VOID, again.kind == ReceiptKind.RECEIPT, again.amount < Receipt.amount,
            again.issued_at >= Receipt.issued_at,
        )
        .order_by(Receipt.id, again.id)
    )  # fmt: skip
    for row in rows(asked):
        if row.again_at - row.issued_at > timedelta(days=REISSUE_DAYS):
            continue
        yield Hit(
            subject="receipts", subject_id=row.id, key=row.after, region=row.region,
            amount=row.amount - row.less, on=on(row.issued_at),
            people=(row.issued_by, row.asked_by),
            facts={"number": row.number, "was": row.amount, "again": row.less,
                   "after": row.after},
            evidence=(("receipts", row.voids_id), ("receipts", row.again_id)),
        )  # fmt: skip


CHECKS = (
    Check(
        code="voids-person", severity=Severity.HIGH, look=many_voids,
        title=N_("Many receipts of one person were voided"),
        means=N_("In a month more of a person's receipts were voided than is usual."),
        do=N_("Ask the payers of the voided receipts what they paid, and whether it came back."),
        false_alarm=N_("A new officer who learns; a printer that spoilt papers."),
        source="BPK; Permendagri 77/2020",
    ),
    Check(
        code="void-after-deposit", severity=Severity.HIGH, look=void_after_deposit,
        title=N_("A receipt was voided after its money was in the bank"),
        means=N_("The money was deposited, so the payer cannot have had it back in cash."),
        do=N_("Ask the payer. Look for the refund, and for who got it."),
        false_alarm=N_("A mistake that was found late, with a refund by the bank."),
        source="BPK",
    ),
    Check(
        code="void-cheaper", severity=Severity.HIGH, look=cheaper_again,
        title=N_("Voided, and issued again for less"),
        means=N_("Soon after a void the same payer had a receipt for a smaller amount."),
        do=N_("Ask the payer how much was paid. Compare the heads that left."),
        false_alarm=N_("The payer really shipped fewer animals some days later."),
        source="BPK",
    ),
)  # fmt: skip
