"""What the office's account says, in three kinds of files."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree as ET

import pytest

from sijinak.core.clock import clock
from sijinak.sandboxbank.books import FIRST_BALANCE
from sijinak.sandboxbank.paying import Wish, take, take_back
from tests.sandboxbank.partners import Merchant, Running

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)  # in Jakarta
NEXT = DAY + timedelta(days=1)
CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.02}"


def rows_of(bank: Running, day: date) -> list[dict[str, str]]:
    text = bank.call("GET", f"/statements/{day}.csv").text
    return list(csv.DictReader(StringIO(text)))


def pay(merchant: Merchant, bank: Running, ref: str, amount: int) -> None:
    merchant.qr(ref, amount)
    with clock.reading(NOON):
        order = bank.books.orders[ref]
        take(bank.books, order, Wish(late=True))


def credits_of(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["referensi"], row["kredit"]) for row in rows]


def test_a_day_of_qris_is_one_line_of_the_next_day(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_000)
    pay(merchant, bank, "SJ-2", 25_000)
    assert bank.call("GET", f"/statements/{DAY}.csv").status == 404
    (row,) = rows_of(bank, NEXT)
    assert (row["tanggal"], row["jam"]) == ("2026-11-23", "06:00:00")
    assert (row["referensi"], row["kredit"], row["debet"]) == ("SBX20261122Q", "100000.00", "")
    assert row["saldo"] == f"{FIRST_BALANCE + 100_000}.00"


def test_the_settlements_tell_what_is_in_the_line(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_000)
    lines = merchant.ask("GET", f"/v1.0/settlements?day={NEXT}").body["lines"]
    (money,) = bank.books.orders["SJ-1"].money
    assert [(one["rrn"], one["batch"]) for one in lines] == [(money.rrn, "SBX20261122Q")]


def test_a_fee_is_kept_and_said(merchant: Merchant, bank: Running):
    bank.turn(fee_permille=7)
    pay(merchant, bank, "SJ-1", 75_000)
    (row,) = rows_of(bank, NEXT)
    assert row["kredit"] == "74475.00"
    assert row["keterangan"].endswith("GROSS 75000 MDR 525")


def test_a_virtual_account_and_cash_are_booked_at_once(merchant: Merchant, bank: Running):
    merchant.va("0000000123", "SJ-1")
    with clock.reading(NOON):
        (money,) = take(bank.books, bank.books.orders["SJ-1"], Wish(late=True))
    slip = {"amount": 150_000, "slip": "STS/2026/000001-K", "at": "2026-11-22T15:00:00+07:00"}
    bank.call("POST", "/deposits", slip)
    rows = rows_of(bank, DAY)
    assert credits_of(rows) == [(money.rrn, "75000.00"), ("STS/2026/000001-", "150000.00")]
    assert rows[0]["keterangan"].startswith("VA 881000000000123")


def test_what_is_taken_back_before_its_batch_never_comes(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_000)
    pay(merchant, bank, "SJ-2", 25_000)
    order = bank.books.orders["SJ-1"]
    with clock.reading(NOON + timedelta(hours=1)):
        take_back(bank.books, order, order.money[0])
    assert credits_of(rows_of(bank, NEXT)) == [("SBX20261122Q", "25000.00")]


def test_what_is_taken_back_later_goes_out_again(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_000)
    order = bank.books.orders["SJ-1"]
    with clock.reading(NOON + timedelta(days=2)):
        take_back(bank.books, order, order.money[0])
    (row,) = rows_of(bank, DAY + timedelta(days=2))
    assert (row["referensi"], row["debet"]) == (order.money[0].rrn, "75000.00")
    assert row["saldo"] == f"{FIRST_BALANCE}.00"


def test_money_that_is_no_rupiah_is_not_settled(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_009)
    assert bank.call("GET", f"/statements/{NEXT}.csv").status == 404


def test_a_folder_that_says_how_the_account_stood_is_continued(bank: Running):
    """Also when it is said while the bank is open; what came before is in that balance."""
    for day in (20, 21, 23):
        slip = {"amount": 5_000, "slip": "STS-1", "at": f"2026-11-{day}T15:00:00+07:00"}
        bank.call("POST", "/deposits", slip)
    told = '{"account": "0010000000001", "balance": 21169000, "day": "2026-11-20"}'
    (bank.folder / "opening.json").write_text(told)
    assert bank.call("GET", "/statements/2026-11-20.csv").status == 404
    (row,) = rows_of(bank, date(2026, 11, 23))
    assert (row["rekening"], row["saldo"]) == ("0010000000001", "21179000.00")


def test_the_three_files_say_the_same(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_000)
    slip = {"amount": 150_000, "slip": "STS-1", "at": "2026-11-22T15:00:00+07:00"}
    bank.call("POST", "/deposits", slip)
    swift = bank.call("GET", f"/statements/{NEXT}.mt940").text.split("\r\n")
    assert ":28C:00002/001" in swift
    assert ":60F:C261123IDR1150000,00" in swift
    assert ":61:2611231123C75000,00NTRFNONREF//SBX20261122Q" in swift
    assert ":62F:C261123IDR1225000,00" in swift
    root = ET.fromstring(bank.call("GET", f"/statements/{NEXT}.xml").text)  # noqa: S314 - our own file
    balances = [one.findtext(f"{CAMT}Amt") for one in root.iter(f"{CAMT}Bal")]
    assert balances == ["1150000.00", "1225000.00"]
    (entry,) = root.iter(f"{CAMT}Ntry")
    assert entry.findtext(f"{CAMT}AcctSvcrRef") == "SBX20261122Q"
    assert entry.findtext(f"{CAMT}CdtDbtInd") == "CRDT"


@pytest.mark.parametrize("path", ["never.csv", "2026-11-23.pdf", "2026-11-22.csv"])
def test_what_is_no_statement_is_not_there(bank: Running, path: str):
    assert bank.call("GET", f"/statements/{path}").status == 404


def test_the_books_are_there_after_a_restart(merchant: Merchant, bank: Running):
    pay(merchant, bank, "SJ-1", 75_000)
    merchant.refund("SJ-1", "R-1", 25_000)
    bank.turn(fee_permille=7)
    before = bank.books
    again = Running(bank.folder, bank.house.sijinak)
    try:
        assert again.books.orders == before.orders
        assert again.books.purses == before.purses
        assert again.books.knobs == before.knobs
    finally:
        again.stop()
