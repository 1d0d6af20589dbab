"""What the bills tell about a case: those its money may pay, and the ones it is about."""

import re
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, select

from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.discrepancies.beside import Because, Choice, Known, Named
from sijinak.payments.discrepancies.queries import money_of
from sijinak.payments.models import Discrepancy
from sijinak.payments.refunds.queries import refundable
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.queries import bills_of_money, live_receipts_by
from sijinak.web.i18n import N_
from sijinak.web.labels import label

MOST = 25
_NUMBER = re.compile(r"(?:SKRD|STRD)/\d{4}/\d{6}-[0-9A-Z]", re.IGNORECASE)


class Choosing:
    """The bills, as the pages of cases below ask for them."""

    def suggest(self, case: Discrepancy, typed: str, *, by: Actor) -> Sequence[Choice]:
        """Open bills, the likeliest first. A person chooses among them."""
        found: dict[UUID, Choice] = {}
        for because, condition in _reasons(case, typed):
            asked = select(Skrd).where(
                condition,
                Skrd.state == SkrdState.OPEN,
                within_reach(by, Permission.SKRD_READ, Skrd.region, Skrd.keeper_id),
            )
            for skrd in db.session.scalars(asked.order_by(Skrd.due_on, Skrd.id).limit(MOST)):
                found.setdefault(skrd.id, _choice(skrd, because))
        return list(found.values())[:MOST]

    def named(self, bill_ids: Collection[UUID]) -> dict[UUID, Named]:
        asked = select(Skrd.id, Skrd.number, Skrd.payer_name).where(Skrd.id.in_(bill_ids))
        rows = db.session.execute(asked.order_by(Skrd.number))
        return {bill_id: Named(number, payer) for bill_id, number, payer in rows}


def tell(case: Discrepancy, by: Actor) -> Iterator[Known]:
    """The bills that the money was sent for, what it paid, and what is left of it."""
    for skrd in _meant(case, by):
        text = f"{skrd.number}: {label(skrd.state)}, {rupiah_text(skrd.total)}"
        yield Known(name=BILL, text=text, url=url_for("retribution.show", skrd_id=skrd.id))
    money = money_of(case)
    if money is None:
        return
    for receipt in live_receipts_by(money.id):
        url = url_for("receipts.show", receipt_id=receipt.id)
        yield Known(name=PAID, text=f"{receipt.number}, {rupiah_text(receipt.amount)}", url=url)
    yield Known(name=LEFT, text=rupiah_text(refundable(money)))


BILL = N_("Bill")
PAID = N_("It paid")
LEFT = N_("Of it still unused")


def _reasons(case: Discrepancy, typed: str) -> Iterator[tuple[Because, ColumnElement[bool]]]:
    if typed:
        yield Because.TYPED, Skrd.number == "".join(typed.split()).upper()
    meant = _meant_ids(case)
    if meant:
        yield Because.MEANT, Skrd.id.in_(meant)
    money = money_of(case)
    if money is None:
        return
    if numbers := [one.upper() for one in _NUMBER.findall(f"{money.ref} {money.payer}")]:
        yield Because.IN_REMARK, Skrd.number.in_(numbers)
    if meant:
        payers = select(Skrd.keeper_id).where(Skrd.id.in_(meant))
        yield Because.SAME_PAYER, Skrd.keeper_id.in_(payers)
    yield Because.SAME_AMOUNT, Skrd.total == case.amount


def _meant_ids(case: Discrepancy) -> list[UUID]:
    money = money_of(case)
    found = bills_of_money(money) if money else []
    return list(dict.fromkeys([*found, *([case.bill_id] if case.bill_id else [])]))


def _meant(case: Discrepancy, by: Actor) -> Sequence[Skrd]:
    seen = within_reach(by, Permission.SKRD_READ, Skrd.region, Skrd.keeper_id)
    asked = select(Skrd).where(Skrd.id.in_(_meant_ids(case)), seen)
    return db.session.scalars(asked.order_by(Skrd.number)).all()


def _choice(skrd: Skrd, because: Because) -> Choice:
    return Choice(
        bill_id=skrd.id,
        number=skrd.number,
        payer=skrd.payer_name,
        amount=skrd.total,
        due_on=skrd.due_on,
        because=because,
    )


choosing = Choosing()
