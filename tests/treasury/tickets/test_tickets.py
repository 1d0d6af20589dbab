"""Each serial is sold, spoilt, missing, in a hand or in the cupboard: never two of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from sijinak.accounts.models import Role
from sijinak.core.clock import now, today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, SijinakError
from sijinak.core.flow import WrongState
from sijinak.core.money import Rupiah
from sijinak.payments.models import DiscrepancyKind
from sijinak.retribution.tariffs.models import Tariff, Unit
from sijinak.treasury.tickets.commands import (
    AnswerCondemned,
    CondemnBlock,
    NotASeller,
    NotATicketTariff,
    NotYourTickets,
    OfferBlocks,
    SamePersonDestroys,
    SellTickets,
    SerialTwice,
    TariffChanged,
    TicketWhyMissing,
    WrongMoney,
    WrongSerials,
)
from sijinak.treasury.tickets.destroying import answer_condemned, condemn_block
from sijinak.treasury.tickets.models import BlockState, TicketBlock, TicketUse, UseKind
from sijinak.treasury.tickets.queries import own_blocks, uses_of
from sijinak.treasury.tickets.selling import sell_tickets
from sijinak.treasury.tickets.services import enter_blocks, offer_blocks
from tests.factories import actor_for
from tests.treasury.cash.factories import (
    cases,
    close,
    collector,
    do,
    held,
    kabid,
    on_account,
    treasurer,
)
from tests.treasury.tickets.factories import (
    LAW_CODE,
    counted,
    delivery,
    in_hand,
    sell,
    step,
    stored,
    take_back,
    ticket_tariff,
)

pytestmark = pytest.mark.usefixtures("context")


def fates(block: TicketBlock) -> list[tuple[UseKind, int, int]]:
    with transaction():
        return [(use.kind, use.first, use.last) for use in uses_of(block.id)]


def test_a_delivery_becomes_blocks_at_the_price_of_the_day():
    keeper = treasurer()
    blocks = stored(keeper, 2_500)
    assert [(one.first, one.last, one.nominal) for one in blocks] == [
        (1, 100, 2_500), (101, 200, 2_500), (201, 300, 2_500),
    ]  # fmt: skip
    assert {one.state for one in blocks} == {BlockState.STORED}


@pytest.mark.parametrize(
    "fields",
    [{"last": 250}, {"size": 0}, {"first": 0}, {"first": 10, "last": 9}, {"series": "kecil"},
     {"last": 10**9 + 1, "size": 10**9 + 1}, {"last": 501, "size": 1}],
)  # fmt: skip
def test_a_delivery_that_cannot_be_is_refused(fields: dict[str, Any]):
    with pytest.raises(WrongSerials):
        do(enter_blocks, delivery(ticket_tariff(), **fields), by=treasurer())


def test_no_serial_comes_twice():
    keeper, tariff = treasurer(), ticket_tariff()
    do(enter_blocks, delivery(tariff, series="PSR-A"), by=keeper)
    for first in (1, 100, 201, 300):
        overlapping = delivery(tariff, series="PSR-A", first=first, last=first + 99)
        with pytest.raises(SerialTwice):
            do(enter_blocks, overlapping, by=keeper)
    do(enter_blocks, delivery(tariff, series="PSR-A", first=301, last=400), by=keeper)
    do(enter_blocks, delivery(tariff, series="PSR-B"), by=keeper)


def test_the_database_refuses_a_serial_twice_without_any_service():
    block = stored(treasurer())[0]
    columns = {c.key: getattr(block, c.key) for c in TicketBlock.__table__.columns}
    inside = {**columns, "id": None, "first": 50, "last": 60, "next": 50}
    with pytest.raises((Clash, IntegrityError)), transaction():
        db.session.add(TicketBlock(**inside))


def test_only_a_ticket_tariff_in_force_gives_a_price():
    for tariff in (ticket_tariff(unit=Unit.DAY), ticket_tariff(approved_by=None)):
        with pytest.raises(NotATicketTariff):
            do(enter_blocks, delivery(tariff), by=treasurer())


def test_tickets_become_cash_and_revenue():
    seller, keeper = collector(), treasurer()
    block = in_hand(seller, keeper)
    sell(block, seller, 40)
    assert held(seller) == 40_000
    assert on_account(f"revenue:{LAW_CODE}") == -40_000
    closing = close(seller, keeper)
    assert closing.flows == {"tickets-in": 40_000}
    assert closing.difference == 0


def test_spoilt_tickets_bring_no_money_and_are_kept():
    seller = collector()
    block = in_hand(seller, treasurer())
    sale = sell(block, seller, 10, void={"3": "basah", "10": "salah sobek"})
    assert (sale.count, sale.amount) == (8, 8_000)
    assert fates(block) == [
        (UseKind.SOLD, 1, 2), (UseKind.VOID, 3, 3), (UseKind.SOLD, 4, 9), (UseKind.VOID, 10, 10),
    ]  # fmt: skip
    assert cases() == []


def test_a_gap_has_a_cause_and_is_told():
    seller = collector()
    block = in_hand(seller, treasurer())
    sell(block, seller, 5)
    with pytest.raises(TicketWhyMissing):
        sell(block, seller, 20, first=11)
    sell(block, seller, 20, first=11, why_gone="hilang di pasar, laporan polisi")
    assert fates(block)[1:] == [(UseKind.MISSING, 6, 10), (UseKind.SOLD, 11, 20)]
    assert [(one.kind, one.amount) for one in cases()] == [(DiscrepancyKind.TICKETS, -5_000)]
    assert held(seller) == 15_000


@pytest.mark.parametrize(
    ("sold", "error"),
    [
        ({"first": 1, "last": 101}, WrongSerials),
        ({"first": 2, "last": 1}, WrongSerials),
        ({"first": 0, "last": 5}, WrongSerials),
        ({"first": 1, "last": 5, "amount": Rupiah(4_999)}, WrongMoney),
        ({"first": 1, "last": 5, "amount": Rupiah(6_000)}, WrongMoney),
        ({"first": 1, "last": 5, "void": {"6": "x"}}, WrongSerials),
        ({"first": 1, "last": 5, "void": {"2": ""}, "amount": Rupiah(4_000)}, TicketWhyMissing),
    ],
)
def test_what_cannot_be_sold_is_refused(sold: dict[str, Any], error: type[SijinakError]):
    seller = collector()
    block = in_hand(seller, treasurer())
    command = SellTickets(block_id=block.id, **{"amount": Rupiah(5_000), **sold})
    with pytest.raises(error):
        do(sell_tickets, command, by=seller)
    assert held(seller) == 0
    assert fates(block) == []


def test_a_serial_is_sold_once():
    seller = collector()
    block = in_hand(seller, treasurer())
    command = SellTickets(block_id=block.id, first=1, last=10, amount=Rupiah(10_000))
    do(sell_tickets, command, by=seller)
    do(sell_tickets, command, by=seller)
    assert held(seller) == 10_000
    again = SellTickets(block_id=block.id, first=10, last=11, amount=Rupiah(2_000))
    with pytest.raises(WrongSerials):
        do(sell_tickets, again, by=seller)


@pytest.mark.parametrize(
    ("after", "first", "last"),
    [(10, 11, 101), (9, 10, 12), (11, 12, 13), (10, 10, 12), (None, 5, 5)],
)
def test_the_keys_refuse_a_serial_twice_or_left_out(after: int | None, first: int, last: int):
    seller = collector()
    block = in_hand(seller, treasurer())
    sell(block, seller, 10)
    kind = UseKind.START if after is None else UseKind.SOLD
    with pytest.raises((Clash, IntegrityError)), transaction():
        use = TicketUse(
            block_id=block.id, block_last=block.last, kind=kind, after=after, first=first,
            last=last, why="", by_id=seller.id, by_name="x", used_at=now(),
        )  # fmt: skip
        db.session.add(use)


def test_a_used_up_block_leaves_the_hand():
    seller = collector()
    block = in_hand(seller, treasurer())
    sell(block, seller, 100)
    with transaction():
        assert db.session.get_one(TicketBlock, block.id).state is BlockState.USED_UP
        assert own_blocks(by=seller) == []
    assert counted(block).sold == 100


def test_both_sides_hand_over_a_block():
    seller, keeper, other = collector(), treasurer(), collector()
    block = stored(keeper)[0]
    offered = OfferBlocks(block_ids=(block.id,), taker_id=seller.id)
    do(offer_blocks, offered, by=keeper)
    for person in (other, keeper):
        with pytest.raises(NotYourTickets):
            step(block, "accept", person)
    with pytest.raises(WrongState):
        sell(block, seller, 5)
    step(block, "accept", seller)
    with pytest.raises(NotYourTickets):
        sell(block, other, 5)


@pytest.mark.parametrize("role", [Role.KABID, Role.CLERK, Role.AUDITOR])
def test_who_may_not_sell_gets_no_block(role: Role):
    keeper = treasurer()
    block = stored(keeper)[0]
    for taker in (actor_for(role), keeper):
        with pytest.raises(NotASeller):
            do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=taker.id), by=keeper)
    with pytest.raises(Forbidden):
        do(enter_blocks, delivery(ticket_tariff()), by=actor_for(role))


def test_old_tickets_are_not_given_out_when_the_law_asks_another_amount():
    keeper, seller = treasurer(), collector()
    block = stored(keeper)[0]
    do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=seller.id), by=keeper)
    step(block, "withdraw", keeper)
    with transaction():
        code = db.session.get_one(Tariff, block.tariff_id).code
    _end_yesterday(block, code)
    with pytest.raises(TariffChanged):
        do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=seller.id), by=keeper)


def _end_yesterday(block: TicketBlock, code: str) -> None:
    with transaction():
        db.session.execute(
            update(Tariff)
            .where(Tariff.id == block.tariff_id)
            .values(valid_until=today() - timedelta(days=1))
        )
    ticket_tariff(1_500, code=code, valid_from=today())


def test_what_is_left_is_looked_at_when_it_comes_back():
    seller, keeper = collector(), treasurer()
    block = in_hand(seller, keeper)
    sell(block, seller, 40)
    step(block, "give-back", seller)
    with pytest.raises(WrongSerials):
        take_back(block, keeper, 40)
    with pytest.raises(TicketWhyMissing):
        take_back(block, keeper, 44)
    done = take_back(block, keeper, 44, "tiga lembar tidak ada")
    assert (done.state, done.next, done.holder_id) == (BlockState.STORED, 44, None)
    assert [(one.kind, one.amount) for one in cases()] == [(DiscrepancyKind.TICKETS, -3_000)]
    count = counted(block)
    assert (count.sold, count.missing, count.returned, count.stored) == (40, 3, 57, 0)
    assert count.adds_up


def test_a_block_can_be_kept_after_all_and_goes_on():
    seller, keeper = collector(), treasurer()
    block = in_hand(seller, keeper)
    step(block, "give-back", seller)
    with pytest.raises(WrongState):
        sell(block, seller, 5)
    step(block, "keep", seller)
    sell(block, seller, 5)
    assert held(seller) == 5_000


def test_destroying_wants_a_decree_and_a_second_person():
    enterer, keeper, head = treasurer(), treasurer(), kabid()
    block = stored(enterer)[0]
    with pytest.raises(TicketWhyMissing):
        do(condemn_block, CondemnBlock(block_id=block.id, why=""), by=keeper)
    do(condemn_block, CondemnBlock(block_id=block.id, why="SK 9/2026, BA 1"), by=keeper)
    assert counted(block).destroyed == 0
    for same in (enterer, keeper):
        with pytest.raises(SamePersonDestroys):
            do(answer_condemned, AnswerCondemned(block_id=block.id, action="destroy"), by=same)
    with pytest.raises(Forbidden):
        do(answer_condemned, AnswerCondemned(block_id=block.id, action="destroy"), by=collector())
    with pytest.raises(WrongState):
        do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=collector().id), by=keeper)
    done = do(answer_condemned, AnswerCondemned(block_id=block.id, action="destroy"), by=head)
    assert (done.condemned_by_name, done.destroyed_by_name) == (keeper.name, head.name)
    assert counted(block).destroyed == 100
    with pytest.raises((Clash, SQLAlchemyError)), transaction():
        db.session.get_one(TicketBlock, block.id, populate_existing=True).printer = "lain"


def test_a_block_is_spared_and_given_out_again():
    keeper = treasurer()
    block = stored(keeper)[0]
    do(condemn_block, CondemnBlock(block_id=block.id, why="SK 9/2026"), by=keeper)
    do(answer_condemned, AnswerCondemned(block_id=block.id, action="spare"), by=kabid())
    do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=collector().id), by=keeper)


def test_the_database_wants_two_people_to_destroy_a_block():
    keeper = treasurer()
    block = stored(treasurer())[0]
    for first in (keeper.id, None):
        with pytest.raises((Clash, SQLAlchemyError)), transaction():
            same = db.session.get_one(TicketBlock, block.id, populate_existing=True)
            same.state, same.condemned_by = BlockState.DESTROYED, first
            same.destroyed_by = keeper.id
