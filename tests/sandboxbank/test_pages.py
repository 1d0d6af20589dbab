"""The payer's phone and the bank's few pages, and the command that starts it all."""

import re
import stat
from pathlib import Path
from urllib.parse import urlencode

from click.testing import CliRunner

from sijinak.cli import main
from sijinak.demo.cli import PAID_WITH
from tests.sandboxbank.partners import Merchant, Running

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(bank: Running, path: str, **fields: str) -> object:
    return bank.call("POST", path, urlencode(fields).encode(), FORM)


def order_page(bank: Running, ref: str) -> str:
    return f"/bayar/{bank.books.orders[ref].own_ref}"


def test_the_phone_lists_orders_and_shows_merchant_and_amount(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1", additionalInfo={"billNumber": "SKRD/2026/000001-X"})
    listed = bank.call("GET", "/").text
    assert order_page(bank, "SJ-1") in listed
    shown = bank.call("GET", order_page(bank, "SJ-1")).text
    assert "DISNAKKESWAN SUMBAWA" in shown
    assert "Rp 75.000" in shown
    assert "SKRD/2026/000001-X" in shown


def test_a_pasted_code_leads_to_its_order(merchant: Merchant, bank: Running):
    payload = merchant.qr("SJ-1").body["qrContent"]
    assert post(bank, "/cari", code=f" {payload} ").status == 302  # type: ignore[attr-defined]
    assert post(bank, "/cari", code=payload[:-1]).status == 422  # type: ignore[attr-defined]


def test_each_button_does_what_it_says(merchant: Merchant, bank: Running):
    came = {"pay": [75_000], "less": [74_000], "more": [76_000], "twice": [75_000, 75_000]}
    for what, amounts in came.items():
        merchant.qr(f"SJ-{what}")
        post(bank, order_page(bank, f"SJ-{what}"), what=what)
        assert [one.amount for one in bank.books.orders[f"SJ-{what}"].money] == amounts
    merchant.qr("SJ-late")
    page = order_page(bank, "SJ-late")
    post(bank, page, what="expire")
    assert post(bank, page, what="pay").status == 422  # type: ignore[attr-defined]
    post(bank, page, what="late")
    assert len(bank.books.orders["SJ-late"].money) == 1
    post(bank, page, what="reverse")
    assert bank.books.orders["SJ-late"].money[0].left == 0


def test_the_pages_speak_two_languages(bank: Running):
    assert "Ponsel Anda" in bank.call("GET", "/").text
    assert "Your phone" in bank.call("GET", "/", headers={"Cookie": "bahasa=en"}).text


def test_another_site_or_name_does_not_play_with_the_bank(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    for header in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        said = bank.call("POST", "/phone/pay", {"ref": "SJ-1"}, header)
        assert said.status == 403
    assert not bank.books.orders["SJ-1"].money


def test_the_settings_for_sijinak_are_written_for_their_owner_alone(tmp_path: Path):
    file = tmp_path / "bank.env"
    given = ["--folder", str(tmp_path / "bank"), "--demo-settings", str(file)]
    assert CliRunner().invoke(main, ["sandbox-bank", *given]).exit_code == 0
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert lines["SIJINAK_SNAP_URL"] == "http://127.0.0.1:8100"
    assert set(lines["SIJINAK_PAYMENT_ADAPTERS"].split(",")) >= {"snap", *PAID_WITH}
    for name in ("SIJINAK_SNAP_PRIVATE_KEY_FILE", "SIJINAK_SNAP_BANK_PUBLIC_KEY_FILE"):
        path = Path(lines[name])
        assert re.match("-----BEGIN (PRIVATE|PUBLIC) KEY-----", path.read_text())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_text()
    CliRunner().invoke(main, ["sandbox-bank", *given])
    assert file.read_text() == first


def test_the_bank_answers_only_on_this_machine(tmp_path: Path):
    for far in (["--host", "0.0.0.0"], ["--sijinak", "https://sijinak.example"]):  # noqa: S104
        said = CliRunner().invoke(main, ["sandbox-bank", "--folder", str(tmp_path), *far])
        assert said.exit_code == 1
        assert "this machine" in said.output
