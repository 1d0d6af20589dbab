"""What money leaves to people: late bills, money that does not match, a tariff, a target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, local, now, today
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.demo.market import LAW_CODE as MARKET
from sijinak.demo.till import Deed
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Attempt, Collection
from sijinak.payments.services import record_observations
from sijinak.retribution.claims.services import IssueStrd, issue_strd
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation
from sijinak.retribution.tariffs.models import Service, Tariff
from sijinak.retribution.tariffs.services import ProposeTariffs, Wording, propose_tariffs
from sijinak.treasury.desk.services import (
    EnterRegionalFigure,
    SetTarget,
    enter_regional_figure,
    set_target,
)
from sijinak.treasury.statements.models import BankLine

SHIPPING = "4.1.02.02.01"
PRESS = (2025, 1_994_820_500)  # as the press had the target of that year
SHIPPING_TARGET, MARKET_TARGET = 24_000_000, 12_000_000  # invented, for a demo of this size
NEW_AMOUNT = 82_000


@dataclass(frozen=True, slots=True)
class Reckonings:
    people: Mapping[str, SignedIn]
    until: datetime

    def deeds(self, first: date) -> Iterator[Deed]:
        yield self._ago(0, 0, first), self._set_targets
        yield self._ago(6, 10), self._bill_interest
        yield self._ago(3, 14), self._pay_twice
        yield self._ago(2, 9), self._propose_tariff
        yield self._ago(1, 17), self._enter_regional_figure

    def _ago(self, days: int, hours: int, day: date | None = None) -> datetime:
        begins = day or local(self.until).date() - timedelta(days=days)
        return datetime(begins.year, begins.month, begins.day, hours, 20, tzinfo=clock.zone)

    def _set_targets(self) -> None:
        year, amount = PRESS
        press = f"Target {year} menurut berita pers"
        self._target(year, SHIPPING, amount, press)
        this = local(self.until).year
        if this != year:
            self._target(this, SHIPPING, SHIPPING_TARGET, f"CONTOH target {this}")
        self._target(this, MARKET, MARKET_TARGET, f"CONTOH target {this}")

    def _target(self, year: int, law_code: str, amount: int, decree: str) -> None:
        command = SetTarget(year=year, law_code=law_code, amount=Rupiah(amount), decree=decree)
        with transaction():
            set_target(command, by=self.people["bendahara"])

    def _bill_interest(self) -> None:
        """On the bill that is late the longest."""
        late = late_bills()
        if late:
            with transaction():
                issue_strd(IssueStrd(skrd_id=late[0].id), by=self.people["loket"])

    def _pay_twice(self) -> None:
        """The last one who paid on a phone tapped once more on another phone."""
        asked = (
            select(Attempt)
            .join(Collection, Collection.attempt_id == Attempt.id)
            .join(Allocation, Allocation.collection_id == Collection.id)
            .order_by(Collection.happened_at.desc(), Collection.id)
        )
        newest = db.session.scalar(asked.limit(1))
        if newest is not None:
            _see_again(newest)

    def _propose_tariff(self) -> None:
        """For next year; the second person has not looked at it yet."""
        asked = select(Tariff).where(
            Tariff.service == Service.SHIPPING, Tariff.code == "keluar-sapi"
        )
        old = db.session.scalars(asked.order_by(Tariff.valid_from, Tariff.id).limit(1)).one()
        row = Wording(
            code=old.code, service=old.service, component=old.component, species=old.species,
            sex=old.sex, unit=old.unit, applies=old.applies, amount=Rupiah(NEW_AMOUNT),
            perda="Rancangan perubahan Perda retribusi (contoh)", law_code=old.law_code,
            source="Contoh usulan", is_example=True, valid_from=date(today().year + 1, 1, 1),
        )  # fmt: skip
        with transaction():
            propose_tariffs(ProposeTariffs(rows=(row,)), by=self.people["kabid"])

    def _enter_regional_figure(self) -> None:
        """BPKAD's figure of last month is what the account got in it."""
        this_month = today().replace(day=1)
        month = (this_month - timedelta(days=1)).replace(day=1)
        asked = select(func.sum(BankLine.amount)).where(
            BankLine.booked_on >= month, BankLine.booked_on < this_month
        )
        amount = Rupiah(int(db.session.scalar(asked) or 0))
        command = EnterRegionalFigure(
            month=month, amount=amount, source="Contoh: rekonsiliasi bulanan dengan BPKAD"
        )
        with transaction():
            enter_regional_figure(command, by=self.people["bendahara"])


def late_bills() -> list[Skrd]:
    """The longest late first."""
    asked = select(Skrd).where(Skrd.state == SkrdState.OPEN, Skrd.due_on < today())
    return list(db.session.scalars(asked.order_by(Skrd.due_on, Skrd.id)))


def _see_again(attempt: Attempt) -> None:
    """What the sandbox would answer, had its money come twice."""
    seen = Observation(
        ref=attempt.ref, kind=Kind.PAID, money_id=f"PLAY-{attempt.ref}-2", amount=attempt.amount,
        happened_at=now(), trust=Trust.AUTHENTICATED_QUERY,
    )  # fmt: skip
    with transaction():
        record_observations("sandbox", [seen], by=WORKER)
