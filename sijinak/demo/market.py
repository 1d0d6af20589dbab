"""Tickets of the livestock market: printed, handed out, and sold on market days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.demo.till import Deed, at, working_days_between
from sijinak.retribution.tariffs.models import Service, Tariff, Unit
from sijinak.retribution.tariffs.services import (
    ApproveTariffs,
    ProposeTariffs,
    Wording,
    approve_tariffs,
    propose_tariffs,
)
from sijinak.treasury.tickets.commands import (
    CountSpoilt,
    EnterBlocks,
    OfferBlocks,
    SellTickets,
    StepBlock,
)
from sijinak.treasury.tickets.models import BlockState, TicketBlock
from sijinak.treasury.tickets.selling import sell_tickets
from sijinak.treasury.tickets.services import enter_blocks, offer_blocks, step_block
from sijinak.treasury.tickets.spoilt import count_spoilt
from sijinak.treasury.tickets.unseen import spoilt_unseen

CODE, LAW_CODE, NOMINAL = "pasar-hewan", "4.1.02.02.02", 1000
# The ticket's amount is that of Lombok Timur: Sumbawa's own was not found.
SOURCE = "Contoh: tarif pasar hewan per ekor di Kabupaten Lombok Timur"
PERDA = "Perda retribusi Kabupaten Sumbawa (nomor diisi sesuai Perda)"
SERIES, BLOCK, BLOCKS, HANDED = "PH-A", 100, 60, 40
MARKET_DAYS = (1, 3)  # Tuesday and Thursday
OPENS, CLOSES = time(8, 15), time(12, 10)
LEAST, MOST = 45, 110
SPOILT = 5  # on the fifth market day one ticket got wet


@dataclass(slots=True)
class Market:
    people: Mapping[str, SignedIn]
    chance: Random
    last: date
    held: int = 0  # market days so far

    def deeds(self, first: date) -> Iterator[Deed]:
        days = [
            day
            for day in working_days_between(first + timedelta(days=1), self.last)
            if day.weekday() in MARKET_DAYS or day == self.last
        ]
        yield at(first, OPENS), self._open
        for day in days:
            yield at(day, CLOSES), partial(self._sell_all, self.chance.randint(LEAST, MOST))

    def _open(self) -> None:
        """The tariff by two people, the tickets by the treasurer, most to the collector."""
        keeper, seller = self.people["bendahara"], self.people["juru-pungut"]
        with transaction():
            propose_tariffs(ProposeTariffs(rows=(_wording(),)), by=self.people["kabid"])
            tariff = db.session.scalars(select(Tariff).where(Tariff.code == CODE)).one()
            approve_tariffs(ApproveTariffs(tariff_ids=(tariff.id,)), by=self.people["kadis"])
        with transaction():
            delivery = EnterBlocks(
                series=SERIES, first=1, last=BLOCKS * BLOCK, size=BLOCK, tariff_id=tariff.id,
                decree=f"CONTOH perforasi 970/{today().year}", printer="Percetakan contoh",
            )  # fmt: skip
            blocks = enter_blocks(delivery, by=keeper)
        given = tuple(block.id for block in blocks[:HANDED])
        with transaction():
            offer_blocks(OfferBlocks(block_ids=given, taker_id=seller.id), by=keeper)
        with transaction():
            for block_id in given:
                step_block(StepBlock(block_id=block_id, action="accept"), by=seller)

    def _sell_all(self, tickets: int) -> None:
        """One entry for each block that was torn from that morning."""
        self.held += 1
        left = tickets
        for block in self._blocks():
            if not left:
                return
            part = min(left, block.left)
            self._sell(block, part, spoilt=self.held == SPOILT and left == tickets and part > 1)
            left -= part

    def _blocks(self) -> list[TicketBlock]:
        asked = select(TicketBlock).where(
            TicketBlock.series == SERIES, TicketBlock.state == BlockState.HELD
        )
        found = db.session.scalars(asked.order_by(TicketBlock.first)).all()
        return [block for block in found if block.left]

    def _sell(self, block: TicketBlock, tickets: int, *, spoilt: bool) -> None:
        first = block.next
        void = {str(first): "Basah kena hujan, disobek."} if spoilt else {}
        command = SellTickets(
            block_id=block.id, first=first, last=first + tickets - 1, void=void,
            amount=Rupiah(block.nominal * (tickets - len(void))),
        )  # fmt: skip
        with transaction():
            sell_tickets(command, by=self.people["juru-pungut"])
        if spoilt:
            self._hand_back(block.id)

    def _hand_back(self, block_id: UUID) -> None:
        """The torn paper goes to the keeper of the stock, who looks at it."""
        with transaction():
            papers = tuple(use.id for use in spoilt_unseen(block_id))
            count = CountSpoilt(block_id=block_id, use_ids=papers)
            count_spoilt(count, by=self.people["bendahara"])


def _wording() -> Wording:
    return Wording(
        code=CODE,
        service=Service.MARKET,
        component="Karcis pasar hewan per ekor",
        unit=Unit.TICKET,
        amount=Rupiah(NOMINAL),
        perda=PERDA,
        law_code=LAW_CODE,
        source=SOURCE,
        is_example=True,
        valid_from=today(),
    )
