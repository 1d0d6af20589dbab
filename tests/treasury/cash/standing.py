"""One of each thing of the treasury in Lunyuk, for sweeps over all addresses."""

from datetime import date
from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.money import Rupiah
from sijinak.files.pictures import Picture
from sijinak.treasury.cash.commands import LendFloat
from sijinak.treasury.cash.lending import lend_float
from sijinak.treasury.deposits.services import DepositMoney, deposit_money
from sijinak.treasury.holidays.queries import holiday_on
from sijinak.treasury.tickets.commands import OfferBlocks
from sijinak.treasury.tickets.services import offer_blocks
from tests.factories import LUNYUK, actor_for
from tests.treasury.cash.factories import count, do, offer, took
from tests.treasury.deposits.factories import prepare, sources
from tests.treasury.tickets.factories import sell, step, stored

NEW_YEAR = date(2026, 1, 1)


def of_treasury() -> dict[str, UUID]:
    """Ids by the names they have in addresses."""
    holder = actor_for(Role.COLLECTOR, LUNYUK, name="Nama vet pungut")
    keeper = actor_for(Role.TREASURER, LUNYUK, name="Nama vet bendahara")
    for amount in (100_000, 50_000, 20_000):
        took(holder, amount)
    deposit = prepare(holder, sources(holder)[:1])
    brought = DepositMoney(
        deposit_id=deposit.id, on=today(), slip="NTBS-1", amount=deposit.amount,
        picture=Picture(b"large", b"small", 1280, 960),
    )  # fmt: skip
    do(deposit_money, brought, by=holder)
    lent = LendFloat(holder_id=holder.id, amount=Rupiah(50_000), origin="Alasan rahasia")
    block = stored(keeper)[0]
    do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=holder.id), by=keeper)
    step(block, "accept", holder)
    sold = sell(block, holder, 5)
    with transaction():
        new_year = holiday_on(NEW_YEAR)
    assert new_year
    return {
        "handover_id": offer(holder, keeper, 10_000).id,
        "closing_id": count(holder, 70_000).id,
        "float_id": do(lend_float, lent, by=keeper).id,
        "deposit_id": deposit.id,
        "block_id": block.id,
        "sale_id": sold.id,
        "holiday_id": new_year.id,
    }
