"""Blocks of tickets, and the people who keep and sell them."""

from datetime import timedelta
from itertools import count
from typing import Any

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.treasury.tickets.commands import (
    EnterBlocks,
    OfferBlocks,
    SellTickets,
    StepBlock,
    TakeBlockBack,
)
from sijinak.treasury.tickets.models import TicketBlock, TicketSale
from sijinak.treasury.tickets.queries import Count, counts_of
from sijinak.treasury.tickets.selling import sell_tickets, take_block_back
from sijinak.treasury.tickets.services import enter_blocks, offer_blocks, step_block
from tests.treasury.cash.factories import do

_serials = count(1)
LAW_CODE = "4.1.02.02.09"


def ticket_tariff(amount: int = 1_000, **fields: Any) -> Tariff:
    defaults: dict[str, Any] = {
        "code": f"karcis-{next(_serials)}",
        "service": Service.MARKET,
        "component": "Karcis pasar hewan",
        "species": "",
        "sex": "",
        "unit": Unit.TICKET,
        "applies": When.ALWAYS,
        "amount": Rupiah(amount),
        "perda": "Perda contoh",
        "article": "1",
        "legal_basis": "Perda contoh pasal 1",
        "law_code": LAW_CODE,
        "source": "test",
        "is_example": False,
        "valid_from": today() - timedelta(days=30),
        "valid_until": None,
        "proposed_by": uuid7(),
        "proposed_by_name": "Pengusul",
        "proposed_at": now(),
        "approved_by": uuid7(),
        "approved_by_name": "Penyetuju",
        "approved_at": now(),
    }
    tariff = Tariff(**{**defaults, **fields})
    with transaction():
        db.session.add(tariff)
    return tariff


def delivery(tariff: Tariff, **fields: Any) -> EnterBlocks:
    defaults: dict[str, Any] = {
        "series": f"PSR-{next(_serials)}", "first": 1, "last": 300, "size": 100,
        "tariff_id": tariff.id, "decree": "SK 7/2026", "printer": "Percetakan Samawa",
    }  # fmt: skip
    return EnterBlocks(**{**defaults, **fields})


def stored(keeper: SignedIn, amount: int = 1_000, **fields: Any) -> list[TicketBlock]:
    return do(enter_blocks, delivery(ticket_tariff(amount), **fields), by=keeper)


def in_hand(seller: SignedIn, keeper: SignedIn, amount: int = 1_000) -> TicketBlock:
    """One block of a hundred, accepted by the seller."""
    block = stored(keeper, amount, last=100)[0]
    do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=seller.id), by=keeper)
    return step(block, "accept", seller)


def step(block: TicketBlock, action: str, by: SignedIn) -> TicketBlock:
    return do(step_block, StepBlock(block_id=block.id, action=action), by=by)


def sell(block: TicketBlock, seller: SignedIn, last: int, **fields: Any) -> TicketSale:
    """Up to a serial, with the right money for what is not spoilt."""
    with transaction():
        block = db.session.get_one(TicketBlock, block.id, populate_existing=True)
    first = fields.pop("first", block.next)
    sold = last + 1 - first - len(fields.get("void", {}))
    command = {"amount": Rupiah(sold * block.nominal), **fields}
    return do(
        sell_tickets, SellTickets(block_id=block.id, first=first, last=last, **command), by=seller
    )


def take_back(block: TicketBlock, keeper: SignedIn, first: int, why: str = "") -> TicketBlock:
    return do(take_block_back, TakeBlockBack(block_id=block.id, first=first, why=why), by=keeper)


def counted(block: TicketBlock) -> Count:
    with transaction():
        fresh = db.session.get_one(TicketBlock, block.id, populate_existing=True)
        return counts_of([fresh])[block.id]
