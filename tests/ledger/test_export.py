"""The exported books, added up by another program."""

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.cli import ledger
from sijinak.ledger.export import Format, exported, outside
from sijinak.ledger.queries import trial_balance
from sijinak.ledger.services import Entry, Line, post, reverse
from tests.ledger.strict import Wrong, read_hledger

BEAN_CHECK = Path(sys.executable).parent / "bean-check"
DAY = timedelta(days=1)


def write(idem: str, on: date, *lines: tuple[str, int]) -> None:
    entry = Entry(
        idem=idem, kind="test", on=on, region="52.04",
        lines=[Line(account, amount, uuid4()) for account, amount in lines],
    )  # fmt: skip
    with transaction():
        post(entry, by=OPERATOR)


@pytest.fixture
def books(context: Flask) -> None:
    write("skrd.issued:1", today() - 2 * DAY, ("receivable", 100), ("revenue:4.1.02.01.01", -100))
    write("money:1", today() - DAY, ("clearing:snap", 100), ("suspense", -100))
    write("paid:1", today() - DAY, ("suspense", 100), ("receivable", -100))
    write(
        'odd "name"; with\\marks', today(), ("bank:op-1", 90), ("fee", 10), ("clearing:snap", -100)
    )
    with transaction():
        reverse("paid:1", reason="salah", by=OPERATOR)


def text_of(kind: Format, first: date, last: date) -> str:
    return "\n".join(exported(kind, first, last, by=OPERATOR)) + "\n"


def bean_check(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """The program reads the file by itself: it shares no code with us."""
    path = folder / "books.beancount"
    path.write_text(text)
    return subprocess.run(
        [BEAN_CHECK, "--no-cache", path], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("days", [9, 1, 0], ids=["all", "from yesterday", "today"])
def test_beancount_comes_to_the_same(books: None, tmp_path: Path, days: int):
    checked = bean_check(tmp_path, text_of(Format.BEANCOUNT, today() - days * DAY, today()))
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  100 IDR", "  101 IDR"),
        (" balance Assets:Clearing:Snap  0", " balance Assets:Clearing:Snap  7"),
        (" open Income", " close Income"),
    ],
    ids=["an amount", "a balance", "an account"],
)  # fmt: skip
def test_beancount_finds_a_planted_error(books: None, tmp_path: Path, old: str, new: str):
    text = text_of(Format.BEANCOUNT, today() - 9 * DAY, today())
    assert old in text
    checked = bean_check(tmp_path, text.replace(old, new, 1))
    assert checked.returncode != 0
    assert "books.beancount:" in checked.stderr


@pytest.mark.parametrize("days", [9, 1, 0])
def test_hledger_text_adds_up_for_a_strict_reader(books: None, days: int):
    read = read_hledger(text_of(Format.HLEDGER, today() - days * DAY, today()))
    assert read == {outside(t.code): t.balance for t in trial_balance(today(), by=OPERATOR)}


@pytest.mark.parametrize(("old", "new"), [("IDR 100", "IDR 101"), ("= IDR 90", "= IDR 91")])
def test_a_strict_reader_finds_a_planted_error(books: None, old: str, new: str):
    text = text_of(Format.HLEDGER, today() - 9 * DAY, today())
    assert old in text
    with pytest.raises(Wrong):
        read_hledger(text.replace(old, new, 1))


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_comes_to_the_same(books: None, tmp_path: Path):
    path = tmp_path / "books.journal"
    path.write_text(text_of(Format.HLEDGER, today() - 9 * DAY, today()))
    subprocess.run(["hledger", "-f", path, "check", "-s"], check=True)


def test_two_accounts_never_share_a_name_outside():
    codes = ["revenue:4.1", "revenue:4-1", "revenue:41", "clearing:a_b", "clearing:a-b", "cash"]
    assert len({outside(code) for code in codes}) == len(codes)


def test_the_command_writes_the_same_text(books: None, app: Flask, tmp_path: Path):
    result = app.test_cli_runner().invoke(ledger, ["export", "--format", "beancount"])
    assert result.exit_code == 0
    assert bean_check(tmp_path, result.output).returncode == 0
    result = app.test_cli_runner().invoke(
        ledger, ["export", "--format", "hledger", "--from", str(today())]
    )
    assert "opening" in result.output
    assert app.test_cli_runner().invoke(ledger, ["check"]).exit_code == 0


def test_empty_books_are_a_file_too(context: Flask, tmp_path: Path):
    text = text_of(Format.BEANCOUNT, today(), today())
    assert bean_check(tmp_path, text).returncode == 0
