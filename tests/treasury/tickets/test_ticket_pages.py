"""The pages of tickets, as the people in front of them use them."""

import re
from typing import Any

import pytest
from flask import Flask
from marshmallow import ValidationError

from sijinak.accounts.models import Role
from sijinak.core.ids import uuid7
from sijinak.treasury.tickets.commands import OfferBlocks
from sijinak.treasury.tickets.schemas import SellTicketsSchema, TakeBlockBackSchema
from sijinak.treasury.tickets.services import offer_blocks
from tests.browsing import form_post
from tests.treasury.cash.factories import cases, collector, do, held, treasurer
from tests.treasury.desks import Browser, read, somebody
from tests.treasury.tickets.factories import in_hand, sell, step, stored, ticket_tariff

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def apart(context: Flask) -> None:
    context.test_client_class = Browser


def test_tickets_from_the_printer_to_the_money(context: Flask):
    seller, phone = somebody(context, Role.COLLECTOR)
    _, desk = somebody(context, Role.TREASURER)
    tariff = ticket_tariff(2_000)
    sent: dict[str, Any] = {
        "id": uuid7(), "series": "psr-26a", "first": 1, "last": 200, "size": 100,
        "tariff_id": tariff.id, "decree": "SK 7/2026", "printer": "Percetakan",
    }  # fmt: skip
    assert "Rp 2.000" in read(desk, "/karcis/terima")
    assert form_post(desk, "/karcis/terima", **{**sent, "size": 30}).status_code == 422
    assert form_post(desk, "/karcis/terima", **sent).status_code == 302
    shown = read(desk, "/karcis/serahkan")
    assert "PSR-26A" in shown
    block_id = shown.split('name="block_ids" value="')[1].split('"')[0]
    give: dict[str, Any] = {"id": uuid7(), "taker_id": seller.id, "block_ids": block_id}
    assert form_post(desk, "/karcis/serahkan", **{**give, "block_ids": ""}).status_code == 422
    assert form_post(desk, "/karcis/serahkan", **give).status_code == 302
    page = f"/karcis/{block_id}"
    assert f"{page}/terima" in phone.get("/karcis/").text
    assert form_post(phone, f"{page}/terima", id=uuid7()).status_code == 302
    sold: dict[str, Any] = {"id": uuid7(), "first": 1, "last": 10, "amount": "18.000"}
    assert form_post(phone, f"{page}/jual", **sold).status_code == 422
    spoilt: dict[str, Any] = {**sold, "spoilt": "4", "why_spoilt": "basah"}
    assert form_post(phone, f"{page}/jual", **spoilt).status_code == 302
    assert held(seller) == 18_000


def test_a_block_comes_back_and_every_serial_has_its_cause(context: Flask):
    seller, phone = somebody(context, Role.COLLECTOR)
    keeper, desk = somebody(context, Role.TREASURER)
    block = in_hand(seller, keeper)
    sell(block, seller, 10, void={"4": "basah"})
    page = f"/karcis/{block.id}"
    assert form_post(phone, f"{page}/kembalikan", id=uuid7()).status_code == 302
    assert page in desk.get("/karcis/").text
    assert form_post(desk, f"{page}/ambil", id=uuid7(), first=13).status_code == 422
    assert form_post(desk, f"{page}/ambil", id=uuid7(), first=13, why="hilang").status_code == 302
    report = read(desk, "/karcis/laporan")
    for words in (block.series, "basah", "hilang"):
        assert words in report
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    assert form_post(desk, f"{page}/musnahkan", id=uuid7()).status_code == 422
    assert form_post(desk, f"{page}/musnahkan", id=uuid7(), why="SK 9, BA 1").status_code == 302
    answer: dict[str, Any] = {"id": uuid7(), "action": "destroy"}
    assert form_post(desk, f"{page}/musnahkan/jawab", **answer).status_code == 422
    _, head = somebody(context, Role.KABID)
    assert "SK 9, BA 1" in read(head, page)
    assert form_post(head, f"{page}/musnahkan/jawab", **answer).status_code == 302
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")


def test_spoilt_tickets_are_handed_in_and_counted_on_paper(context: Flask):
    seller, phone = somebody(context, Role.COLLECTOR)
    keeper, desk = somebody(context, Role.TREASURER)
    block = in_hand(seller, keeper)
    sell(block, seller, 100, void={"4": "basah", "9": "sobek"})
    page = f"/karcis/{block.id}"
    owed = read(phone, "/karcis/")
    assert f"{block.series} 4, {block.series} 9" in owed, "though the block is used up"
    assert "Rp 2.000" in owed
    assert page in read(desk, "/karcis/")
    uses = re.findall('name="use_ids" value="([^"]+)"', read(desk, page))
    assert form_post(phone, f"{page}/rusak", id=uuid7(), use_ids=uses[0]).status_code == 403
    sent: dict[str, Any] = {"id": uuid7(), "use_ids": uses[0]}
    for _ in range(2):
        assert form_post(desk, f"{page}/rusak", **sent).status_code == 302
    assert [case.amount for case in cases()] == [-1_000]
    assert f"{block.series} 4" not in read(phone, "/karcis/")
    assert keeper.name in read(desk, "/karcis/laporan")


def test_a_seller_finds_one_of_many_blocks(context: Flask):
    seller, phone = somebody(context, Role.COLLECTOR)
    keeper = treasurer()
    blocks = stored(keeper, series="PSR-X", last=900)
    given = OfferBlocks(block_ids=tuple(block.id for block in blocks), taker_id=seller.id)
    do(offer_blocks, given, by=keeper)
    for block in blocks:
        step(block, "accept", seller)
    assert read(phone, "/karcis/").count("/jual") == 1, "one to sell from, the rest is a list"
    sell(blocks[3], seller, 310)
    assert f"{blocks[3].id}/jual" in read(phone, "/karcis/")
    for asked, found in (("250", 1), ("psr-x", 9), ("1.250", 0), ("x-", 0)):
        text = read(phone, f"/karcis/?cari={asked}")
        assert sum(str(block.id) in text for block in blocks) == found, asked


@pytest.mark.parametrize("spelt", ["1.690", "1 690", "1690", "001690"])
def test_a_serial_is_taken_as_it_is_written(context: Flask, spelt: str):
    seller, phone = somebody(context, Role.COLLECTOR)
    keeper = treasurer()
    (block,) = stored(keeper, first=1_601, last=1_700)
    do(offer_blocks, OfferBlocks(block_ids=(block.id,), taker_id=seller.id), by=keeper)
    step(block, "accept", seller)
    sold: dict[str, Any] = {"first": "1.601", "last": spelt, "amount": "88.000", "id": uuid7()}
    sent = {**sold, "spoilt": f"1.602, {spelt}", "why_spoilt": "basah"}
    assert form_post(phone, f"/karcis/{block.id}/jual", **sent).status_code == 302
    assert held(seller) == 88_000


@pytest.mark.parametrize("spelt", ["1.69", "1,690", "16.90", "seribu", "1.690.", "12 15"])
def test_what_is_no_serial_is_asked_for_again(spelt: str):
    with pytest.raises(ValidationError) as refused:
        TakeBlockBackSchema(block_id=uuid7()).load({"id": str(uuid7()), "first": spelt})
    assert list(refused.value.messages_dict) == ["first"]


@pytest.mark.parametrize(
    ("spelt", "serials"),
    [("4 7", ["4", "7"]), ("4, 7", ["4", "7"]), ("1.602, 1 603;7", ["1602", "1603", "7"]),
     ("1.602 1.603", ["1602", "1603"]), ("4,4", ["4"])],
)  # fmt: skip
def test_spoilt_serials_are_read_one_by_one(spelt: str, serials: list[str]):
    sent = {"id": str(uuid7()), "first": "1", "last": "2", "amount": "1000", "spoilt": spelt}
    schema = SellTicketsSchema(block_id=uuid7())
    assert list(schema.load({**sent, "why_spoilt": "basah"}).void) == serials


def test_another_collectors_block_is_not_there(context: Flask):
    block = in_hand(collector(), treasurer())
    _, stranger = somebody(context, Role.COLLECTOR)
    page = f"/karcis/{block.id}"
    for path in (page, f"{page}.pdf", f"{page}/jual"):
        assert stranger.get(path).status_code == 404
    for act in ("jual", "kembalikan", "terima", "simpan"):
        sent: dict[str, Any] = {"id": uuid7(), "first": 1, "last": 1, "amount": "1000"}
        assert form_post(stranger, f"{page}/{act}", **sent).status_code == 404


def test_offers_of_tickets_are_withdrawn(context: Flask):
    seller = collector()
    keeper, desk = somebody(context, Role.TREASURER)
    block = stored(keeper)[0]
    form_post(desk, "/karcis/serahkan", id=uuid7(), taker_id=seller.id, block_ids=block.id)
    assert form_post(desk, f"/karcis/{block.id}/tarik", id=uuid7()).status_code == 302
    assert form_post(desk, f"/karcis/{block.id}/tarik", id=uuid7()).status_code in {409, 422}
