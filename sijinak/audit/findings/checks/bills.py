"""Bills, their lines and tariffs, and the receipts that say they were paid."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from sijinak.audit.findings.checks.rows import on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import id_text
from sijinak.ledger.models import Journal
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit
from sijinak.retribution.models import BillKind, Skrd, SkrdLine
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.web.i18n import N_


def wrong_sums() -> Iterator[Hit]:
    """The total of a bill is not what its lines come to."""
    total = func.coalesce(func.sum(SkrdLine.amount), 0)
    asked = (
        select(Skrd.id, Skrd.number, Skrd.region, Skrd.total, Skrd.issued_on, Skrd.issued_by, total)
        .outerjoin(SkrdLine, SkrdLine.skrd_id == Skrd.id)
        .group_by(Skrd.id, Skrd.number, Skrd.region, Skrd.total, Skrd.issued_on, Skrd.issued_by)
        .having(total != Skrd.total)
        .order_by(Skrd.id)
    )
    for row in rows(asked):
        yield _of_bill(row, int(row[-1]) - row.total, {"total": row.total, "lines": int(row[-1])})


def edited_amounts() -> Iterator[Hit]:
    """A line asks another amount for a head than its tariff."""
    asked = (
        select(*_BILL, SkrdLine.unit_amount, SkrdLine.heads, SkrdLine.position, Tariff.amount)
        .join(SkrdLine, SkrdLine.skrd_id == Skrd.id)
        .join(Tariff, Tariff.id == SkrdLine.tariff_id)
        .where(SkrdLine.unit_amount != Tariff.amount)
        .order_by(Skrd.id, SkrdLine.position)
    )
    for row in rows(asked):
        facts = {"line": row.position, "each": row.unit_amount, "tariff": row.amount,
                 "heads": row.heads}  # fmt: skip
        yield _of_bill(row, (row.amount - row.unit_amount) * row.heads, facts, str(row.position))


def wrong_tariffs() -> Iterator[Hit]:
    """A line whose tariff was over, not begun, not approved, refused, or of another service."""
    day = Skrd.issued_on
    odd = or_(
        Tariff.approved_by.is_(None), Tariff.refused_why != "", Tariff.valid_from > day,
        Tariff.valid_until < day, Tariff.service != Service.SHIPPING,
        and_(Tariff.species != "", Tariff.species != Permit.species),
    )  # fmt: skip
    asked = (
        select(*_BILL, SkrdLine.position, SkrdLine.amount, SkrdLine.tariff_id, Tariff.valid_from,
               Tariff.valid_until, Tariff.approved_by)
        .join(SkrdLine, SkrdLine.skrd_id == Skrd.id)
        .join(Tariff, Tariff.id == SkrdLine.tariff_id)
        .outerjoin(Permit, Permit.id == Skrd.permit_id)
        .where(odd)
        .order_by(Skrd.id, SkrdLine.position)
    )  # fmt: skip
    for row in rows(asked):
        until = row.valid_until.isoformat() if row.valid_until else ""
        facts = {"line": row.position, "from": row.valid_from.isoformat(), "until": until,
                 "approved": row.approved_by is not None}  # fmt: skip
        yield _of_bill(row, row.amount, facts, str(row.position), ("tariffs", row.tariff_id))


def cheaper_than_lawful() -> Iterator[Hit]:
    """The heads of a bill times what the law asks on that day, and the bill is less.

    Where the law tells the sexes apart, the cheaper of both is taken: nobody is told of in error.
    """
    per_head = _lawful_per_head()
    asked = (
        select(*_BILL, Skrd.total, Skrd.heads, per_head.label("lawful"))
        .join(Permit, Permit.id == Skrd.permit_id)
        .where(Skrd.kind == BillKind.SKRD, Skrd.total < Skrd.heads * per_head)
        .order_by(Skrd.id)
    )
    for row in rows(asked):
        lawful = int(row.lawful) * row.heads
        facts = {"heads": row.heads, "total": row.total, "lawful": lawful}
        yield _of_bill(row, lawful - row.total, facts)


def _lawful_per_head() -> Any:
    """What one head cost at least, by species, day and test."""
    both = case((Tariff.sex == "", Tariff.amount), else_=0)
    male, female = (case((Tariff.sex == sex, Tariff.amount), else_=0) for sex in ("male", "female"))
    least = case((func.sum(male) < func.sum(female), func.sum(male)), else_=func.sum(female))
    return (
        select(func.coalesce(func.sum(both) + least, 0))
        .where(
            Tariff.service == Service.SHIPPING, Tariff.unit == Unit.HEAD,
            Tariff.approved_by.is_not(None), Tariff.refused_why == "",
            or_(Tariff.species == "", Tariff.species == Permit.species),
            Tariff.valid_from <= Skrd.issued_on,
            or_(Tariff.valid_until.is_(None), Tariff.valid_until >= Skrd.issued_on),
            or_(Tariff.applies == When.ALWAYS, Permit.needs_rbt),
        )
        .correlate(Skrd, Permit)
        .scalar_subquery()
    )  # fmt: skip


def receipts_and_money() -> Iterator[Hit]:
    """A receipt that is not its bill, or not the money that paid it."""
    paid = func.coalesce(func.sum(Allocation.amount), 0)
    asked = (
        select(
            Receipt.id, Receipt.number, Receipt.region, Receipt.amount, Receipt.issued_at,
            Receipt.issued_by, Skrd.id.label("skrd_id"), Skrd.total, paid.label("paid"),
        )
        .join(Skrd, Skrd.id == Receipt.skrd_id)
        .outerjoin(Allocation, Allocation.receipt_id == Receipt.id)
        .where(Receipt.kind == ReceiptKind.RECEIPT)
        .group_by(
            Receipt.id, Receipt.number, Receipt.region, Receipt.amount, Receipt.issued_at,
            Receipt.issued_by, Skrd.id, Skrd.total,
        )
        .having(or_(Receipt.amount != Skrd.total, Receipt.amount != paid))
        .order_by(Receipt.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="receipts", subject_id=row.id, region=row.region,
            amount=row.total - int(row.paid), on=on(row.issued_at), people=(row.issued_by,),
            facts={"number": row.number, "receipt": row.amount, "total": row.total,
                   "money": int(row.paid)},
            evidence=(("receipts", row.id), ("skrd", row.skrd_id)),
        )  # fmt: skip


def money_not_booked() -> Iterator[Hit]:
    """Money that came, and that no journal knows."""
    named = literal("money:") + id_text(Collection.id)
    asked = (
        select(Collection.id, Collection.region, Collection.amount, Collection.happened_at,
               Collection.seen_by, Collection.adapter)
        .where(~exists().where(Journal.idem == named))
        .order_by(Collection.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="collections", subject_id=row.id, region=row.region, amount=row.amount,
            on=on(row.happened_at), people=(row.seen_by,), facts={"channel": row.adapter},
            evidence=(("collections", row.id),),
        )  # fmt: skip


def is_live(receipt: Any = Receipt) -> ColumnElement[bool]:
    """A receipt that was not voided."""
    void = aliased(Receipt)
    return and_(
        receipt.kind == ReceiptKind.RECEIPT,
        ~exists().where(void.voids_id == receipt.id).correlate(receipt),
    )


_BILL = (Skrd.id, Skrd.number, Skrd.region, Skrd.issued_on, Skrd.issued_by)


def _of_bill(
    row: Any, amount: int, facts: dict[str, Any], key: str = "", *more: tuple[str, Any]
) -> Hit:
    return Hit(
        subject="skrd", subject_id=row.id, key=key, region=row.region, amount=amount,
        on=row.issued_on, people=(row.issued_by,), facts={"number": row.number, **facts},
        evidence=(("skrd", row.id), *more),
    )  # fmt: skip


_TAMPERED = N_(
    "None is known: the program makes the one from the other. Look who could write past it."
)
CHECKS = (
    Check(
        code="bill-sum", severity=Severity.HIGH, look=wrong_sums,
        title=N_("The total of a bill is not the sum of its lines"),
        means=N_("Somebody owes or paid another amount than the lines of the bill come to."),
        do=N_("Compare the bill with its copy at the payer, and with its leaf in the log."),
        false_alarm=_TAMPERED, source="PP 35/2023; BPK",
    ),
    Check(
        code="bill-amount", severity=Severity.HIGH, look=edited_amounts,
        title=N_("A line asks another amount than its tariff"),
        means=N_("The amount for a head was changed, in the bill or in the tariff."),
        do=N_("Compare the line with the annex of the Perda. Ask who made the bill."),
        false_alarm=_TAMPERED, source="PP 35/2023",
    ),
    Check(
        code="bill-tariff", severity=Severity.HIGH, look=wrong_tariffs,
        title=N_("A bill by a tariff that did not apply"),
        means=N_("The tariff had ended or not begun, was not approved, or is for something else."),
        do=N_("Recompute the bill by the tariff of its day, and bill or give back the difference."),
        false_alarm=N_("A tariff that was ended afterwards, with a day before the bill."),
        source="UU 1/2022, PP 35/2023; Lombok Timur 2020",
    ),
    Check(
        code="bill-cheaper", severity=Severity.HIGH, look=cheaper_than_lawful,
        title=N_("A bill below what the law asks"),
        means=N_("The heads of the bill times the tariff of its day come to more."),
        do=N_("Recompute it, ask who made the bill, and bill the difference."),
        false_alarm=N_("A tariff that was approved later and begins before the bill."),
        source="PP 35/2023",
    ),
    Check(
        code="receipt-money", severity=Severity.HIGH, look=receipts_and_money,
        title=N_("A receipt is not its bill, or not its money"),
        means=N_("Receipt, bill and money should be the same amount."),
        do=N_("Compare the receipt with the payer's copy and with the line of the bank."),
        false_alarm=_TAMPERED, source="BPK: SKRD, TBP, STS",
    ),
    Check(
        code="money-not-booked", severity=Severity.HIGH, look=money_not_booked,
        title=N_("Money that is not in the books"),
        means=N_("Money came, and no journal has it."),
        do=N_("Look for its journal, and ask who could write past the program."),
        false_alarm=_TAMPERED, source="Permendagri 77/2020",
    ),
)  # fmt: skip
