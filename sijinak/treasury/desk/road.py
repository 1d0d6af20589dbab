"""The road of one money: bill, receipt, hands, deposit or settlement, and the bank's line."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.core.permissions import Actor, Permission
from sijinak.ledger.queries import journal_called
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.labels import channel_name
from sijinak.payments.models import Collection, SettlementRow
from sijinak.payments.refunds.queries import refunds_of
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.receipts.road import Stage
from sijinak.treasury.cash.models import CashMove, HandOver, MoveState
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.matching.gathering import goes_through_bank
from sijinak.treasury.matching.models import PartKind
from sijinak.treasury.matching.queries import match_of
from sijinak.treasury.statements.models import BankLine, BankStatement
from sijinak.web.formats import day, moment
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def tell_road(money: Collection, who: Actor) -> Sequence[Stage]:
    """Nothing for whoever may not look at the treasury."""
    if not who.reaches(Permission.TREASURY_READ):
        return ()
    return list(_Teller(sees_books=bool(who.reaches(Permission.LEDGER_READ))).stages(money))


class _Teller:
    def __init__(self, *, sees_books: bool) -> None:
        self._sees_books = sees_books

    def stages(self, money: Collection) -> Iterator[Stage]:
        receipts = _receipts_by(money)
        yield from self._bills(receipts)
        came = f"{channel_name(money.adapter)}, {moment(money.happened_at)}"
        yield Stage(
            title=_("Money came"),
            text=f"{rupiah_text(money.amount)}, {came}",
            url=url_for("receipts.money", collection_id=money.id),
            journal_url=self._journal(f"money:{money.id}"),
        )
        yield from self._papers(receipts)
        yield from self._to_bank(money)
        for refund in refunds_of(money.id):
            yield Stage(
                title=_("Given back"),
                text=f"{rupiah_text(refund.amount)}, {label(refund.state)}",
                url=url_for("refunds.show", refund_id=refund.id),
                journal_url=self._journal(f"refund:{refund.id}"),
            )

    def _bills(self, receipts: Sequence[Receipt]) -> Iterator[Stage]:
        for bill_id in dict.fromkeys(one.skrd_id for one in receipts):
            skrd = db.session.get_one(Skrd, bill_id)
            yield Stage(
                title=label(skrd.kind),
                text=f"{skrd.number}, {rupiah_text(skrd.total)}, {day(skrd.issued_on)}",
                url=url_for("retribution.show", skrd_id=skrd.id),
                journal_url=self._journal(f"skrd.issued:{skrd.id}"),
            )

    def _papers(self, receipts: Sequence[Receipt]) -> Iterator[Stage]:
        for one in receipts:
            is_void = one.kind is ReceiptKind.VOID
            name = f"reversal:paid:{one.voids_id}" if is_void else f"paid:{one.id}"
            yield Stage(
                title=_("Void of a receipt") if is_void else _("Receipt (TBP)"),
                text=f"{one.number}, {rupiah_text(one.amount)}, {moment(one.issued_at)}",
                url=url_for("receipts.show", receipt_id=one.id),
                journal_url=self._journal(name),
            )
        if not receipts:
            yield _not_yet(_("Receipt (TBP)"))

    def _to_bank(self, money: Collection) -> Iterator[Stage]:
        if money.adapter == CashAdapter.name:
            yield from self._cash(money)
        elif money.adapter == SandboxAdapter.name:
            text = _("Play money: no bank will show it")
            yield Stage(title=_("Line of the bank"), text=text, is_there=False)
        elif not goes_through_bank(money.adapter):
            yield Stage(title=_("Line of the bank"), text=_("From a balance: in the bank before"))
        else:
            if money.adapter != "statement":
                yield from _settled(money)
            yield from self._lines([money.id])

    def _cash(self, money: Collection) -> Iterator[Stage]:
        source = journal_called(f"money:{money.id}")
        source_id = source.id if source else money.id
        for handover in _handovers(source_id):
            when = handover.ended_at or handover.offered_at
            yield Stage(
                title=_("Handed over"),
                text=f"{handover.giver_name} → {handover.taker_name}, {moment(when)}",
                url=url_for("cash.handover", handover_id=handover.id),
                journal_url=self._journal(f"handover:{handover.id}"),
            )
        deposits = _deposits(source_id)
        for one in deposits:
            on = one.deposited_on or local(one.prepared_at).date()
            yield Stage(
                title=_("Deposit (STS)"),
                text=f"{one.number}, {rupiah_text(one.amount)}, {label(one.state)}, {day(on)}",
                url=url_for("deposits.show", deposit_id=one.id),
                journal_url=self._journal(f"deposit:{one.id}"),
            )
        if not deposits:
            yield _not_yet(_("Deposit (STS)"))
        yield from self._lines([one.id for one in deposits])

    def _lines(self, things: Sequence[UUID]) -> Iterator[Stage]:
        """The bank's lines that show them; what one line does not show is not there yet."""
        matches = {match.id: match for thing in things if (match := match_of(thing))}
        for match in matches.values():
            for part in match.parts:
                if part.kind is PartKind.LINE:
                    line = db.session.get_one(BankLine, part.thing_id)
                    yield Stage(
                        title=_("Line of the bank"),
                        text=_named(line),
                        url=url_for("reconciliation.line", line_id=line.id),
                        journal_url=self._journal(f"bank:{match.id}"),
                    )
        if not matches:
            yield _not_yet(_("Line of the bank"))

    def _journal(self, idem: str) -> str:
        journal = journal_called(idem) if self._sees_books else None
        return url_for("ledger.journal", journal_id=journal.id) if journal else ""


def _named(line: BankLine) -> str:
    statement = db.session.get_one(BankStatement, line.statement_id)
    where = _(
        "%(account)s, statement %(place)s, line %(line)s",
        account=line.account,
        place=statement.number or statement.place,
        line=line.position,
    )
    return f"{where}, {day(line.booked_on)}, {rupiah_text(line.amount)}"


def _settled(money: Collection) -> Iterator[Stage]:
    asked = select(SettlementRow).where(
        SettlementRow.adapter == money.adapter, SettlementRow.money_id == money.money_id
    )
    rows = db.session.scalars(asked.order_by(SettlementRow.settled_on, SettlementRow.id)).all()
    title = _("Paid into the bank by its channel")
    for row in rows:
        yield Stage(title=title, text=f"{row.batch or row.money_id}, {day(row.settled_on)}")
    if not rows:
        yield _not_yet(title)


def _not_yet(title: str) -> Stage:
    return Stage(title=title, text=_("not yet"), is_there=False)


def _receipts_by(money: Collection) -> Sequence[Receipt]:
    """All that the money paid with their voids, the first first."""
    paid = select(Allocation.receipt_id).where(Allocation.collection_id == money.id)
    asked = select(Receipt).where(Receipt.id.in_(paid) | Receipt.voids_id.in_(paid))
    return db.session.scalars(asked.order_by(Receipt.issued_at, Receipt.id)).all()


def _handovers(source_id: UUID) -> Sequence[HandOver]:
    moved = select(CashMove.act_id).where(
        CashMove.source_id == source_id, CashMove.state == MoveState.MOVED
    )
    asked = select(HandOver).where(HandOver.id.in_(moved))
    return db.session.scalars(asked.order_by(HandOver.offered_at, HandOver.id)).all()


def _deposits(source_id: UUID) -> Sequence[Deposit]:
    held = select(DepositLine.deposit_id).where(DepositLine.source_id == source_id)
    asked = select(Deposit).where(Deposit.id.in_(held), Deposit.state != DepositState.WITHDRAWN)
    return db.session.scalars(asked.order_by(Deposit.prepared_at, Deposit.id)).all()
