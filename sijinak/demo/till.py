"""The days of the treasury: money goes from hand to hand, is counted, and goes to the bank."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import zip_longest

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, today
from sijinak.core.db import transaction
from sijinak.core.money import Rupiah
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.cash.closing import count_cash, countersign_closing
from sijinak.treasury.cash.commands import (
    AcceptCash,
    CloseOffice,
    CountCash,
    OfferCash,
    SignClosing,
)
from sijinak.treasury.cash.handing import accept_cash, offer_cash
from sijinak.treasury.cash.officeday import close_office_day
from sijinak.treasury.cash.parcels import held_by, parcels_of
from sijinak.treasury.cash.queries import not_closed_on
from sijinak.treasury.deposits.services import (
    DepositMoney,
    PrepareDeposit,
    deposit_money,
    prepare_deposit,
)
from sijinak.treasury.holidays.queries import working_days

Deed = tuple[datetime, Callable[[], object]]
EARLY, TO_BANK, LATE, TO_COUNT = time(8, 10), time(9), time(15, 30), time(16, 20)
CLOSELY = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Till:
    """``last``: the working day that is not closed yet: whoever tries the demo does it."""

    people: Mapping[str, SignedIn]
    last: date

    def deeds(self, first: date) -> Iterator[Deed]:
        """Each day is closed in the last weeks, before that each week."""
        days = list(working_days_between(first, self.last))
        for day, after in zip_longest(days, days[1:], fillvalue=self.last):
            yield at(day, EARLY), partial(self._hand_over, is_taken=True)  # of days off
            yield at(day, TO_BANK), self._bring_to_bank
            yield at(day, LATE), partial(self._hand_over, is_taken=day < self.last)
            if day < self.last and (self.last - day < CLOSELY or day.weekday() > after.weekday()):
                yield at(day, TO_COUNT), self._close

    def _bring_to_bank(self) -> None:
        """All that came until yesterday evening, with one STS."""
        by, account = self.people["bendahara"], bank_accounts.all()[0].code
        if not held_by(by.id):
            return
        found = [one.source_id for one in parcels_of(by.id) if one.free > 0]
        if not found:
            return
        with transaction():
            command = PrepareDeposit(account=account, sources=tuple(found))
            prepared = prepare_deposit(command, by=by)
        with clock.reading(clock.now() + timedelta(minutes=25)), transaction():
            brought = DepositMoney(
                deposit_id=prepared.id, on=today(), slip=f"SLIP-{prepared.no:05}",
                amount=prepared.amount,
            )  # fmt: skip
            deposit_money(brought, by=by)

    def _hand_over(self, *, is_taken: bool) -> None:
        giver, taker = self.people["juru-pungut"], self.people["bendahara"]
        amount = Rupiah(held_by(giver.id))
        if not amount:
            return
        with transaction():
            offered = offer_cash(OfferCash(taker_id=taker.id, amount=amount), by=giver)
        if is_taken:
            with clock.reading(clock.now() + timedelta(minutes=12)), transaction():
                accept_cash(AcceptCash(handover_id=offered.id, counted=amount), by=taker)

    def _close(self) -> None:
        """Whoever held money counts, a second person signs, and the books of the day close."""
        by_id = {person.id: person for person in self.people.values()}
        for one in not_closed_on(today()):
            with transaction():
                count = CountCash(day=today(), counted=Rupiah(one.held))
                counted = count_cash(count, by=by_id[one.holder_id])
            with transaction():
                signed = SignClosing(closing_id=counted.id)
                countersign_closing(signed, by=self.people["kabid"])
        with transaction():
            closing = CloseOffice(day=today(), confirmed=today())
            close_office_day(closing, by=self.people["bendahara"])


def at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, clock.zone)


def working_days_between(first: date, last: date) -> Iterator[date]:
    """Both are among them when they are working days."""
    table = working_days()
    span = range((last - first).days + 1)
    days = (first + timedelta(days=n) for n in span)
    return (day for day in days if table.includes(day))
