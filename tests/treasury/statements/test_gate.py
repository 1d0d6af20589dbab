"""The file gate: a file proves itself, or nothing of it is taken."""

import json
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijinak.treasury.statements.gate import MOST_BYTES, read_statements
from sijinak.treasury.statements.profiles import Profile, profiles
from sijinak.treasury.statements.reading import UnfitStatement, accounting_day
from tests.treasury.statements.files import ACCOUNT, camt_of, csv_of, mt940_of

VECTORS = json.loads((Path(__file__).parent / "vectors" / "mt940.json").read_text())["vectors"]
BY_ID = {vector["id"]: vector for vector in VECTORS}
LINES = [(75_000, "SKRD"), (-25_000, "keluar"), (10_000, "masuk")]


def refusal(content: bytes, profile: str) -> list[tuple[int, str]]:
    with pytest.raises(UnfitStatement) as refused:
        read_statements(content, profiles()[profile])
    return [(fault.row, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("name", ["balanced", "two-identical-lines-are-two-payments"])
def test_a_good_mt940_is_read(name: str):
    vector: dict[str, Any] = BY_ID[name]
    (found,) = read_statements(vector["input"]["text"].encode(), profiles()["mt940"])
    assert [line.amount for line in found.lines] == vector["expected"]["lines"]
    assert found.opening + sum(vector["expected"]["lines"]) == found.closing
    assert found.account == "BANKNTB/0012345678901"
    assert found.lines[0].references == ("RET2026000123", "BNTB998877")


@pytest.mark.parametrize(
    ("name", "fault"),
    [("thousands-dot", (7, "mt940-line")), ("line-missing", (1, "control-total"))],
)
def test_a_bad_mt940_is_refused_as_a_whole(name: str, fault: tuple[int, str]):
    assert refusal(BY_ID[name]["input"]["text"].encode(), "mt940") == [fault]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (b":61:", b":99:"), (b"IDR", b"USD"), (b":28C:00001/001", b":28C:X"), (b":20:", b":25:"),
        (b"C75000,00", b"Q75000,00"), (b"D25000,00", b"D25000,50"), (b":62F:C", b":62F:D"),
        (b"2611201120C", b"2613401120C"), (b"2611201120C", b"2611200230C"), (b":86:", b":8:"),
    ],
)  # fmt: skip
def test_an_mt940_with_one_thing_wrong_is_refused(wrong: bytes, right: bytes):
    content = mt940_of(LINES)
    assert wrong in content
    assert refusal(content.replace(wrong, right, 1), "mt940")


def test_reversals_turn_the_sign_and_an_entry_day_may_lie_in_the_old_year():
    text = (
        f":20:A\n:25:{ACCOUNT}\n:28C:1\n:60F:C260101IDR0,\n"
        ":61:2601011231RD5000,NTRFA\n:61:260101RC2000,NTRFB\nsupplement\n:62F:C260101IDR3000,\n-"
    )
    (found,) = read_statements(text.encode(), profiles()["mt940"])
    assert [line.amount for line in found.lines] == [5_000, -2_000]
    assert found.lines[0].on == date(2025, 12, 31)
    assert found.lines[1].remark == "supplement"


def test_a_csv_is_read_by_its_profile():
    (found,) = read_statements(csv_of(LINES, 1_000), profiles()["csv-umum"])
    assert [line.amount for line in found.lines] == [75_000, -25_000, 10_000]
    assert (found.opening, found.closing) == (1_000, 61_000)
    assert found.lines[0].remark == "SKRD"


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        (b"75000;76000", b"75,000;76000", (2, "not-an-amount")),
        (b"75000;76000", b";76000", (2, "no-amount")),
        (b";75000;76000", b"5;75000;76000", (2, "two-amounts")),
        (b"20/11/2026", b"2026-11-20", (2, "not-a-day")),
        (b"20/11/2026", b"31/02/2026", (2, "not-a-day")),
        (b"51000", b"52000", (3, "balance-breaks")),
        (b"SKRD;", b"SK;RD;", (2, "row-width")),
        (b"saldo", b"saldo akhir", (1, "column-missing")),
        (b"keterangan", b"saldo", (1, "column-missing")),
        (b"SKRD", b'"SKRD', (4, "row-broken")),
        (b"SKRD", b"\xff\xfe", (2, "not-in-encoding")),
        (b"SKRD", b"\0", (2, "not-text")),
        (b"SKRD", b"x" * 1001, (2, "text-too-long")),
    ],
)
def test_a_csv_with_one_thing_wrong_is_refused_with_its_row(
    wrong: bytes, right: bytes, fault: tuple[int, str]
):
    content = csv_of(LINES, 1_000)
    assert wrong in content
    assert fault in refusal(content.replace(wrong, right, 1), "csv-umum")


def test_every_bad_row_is_named_not_only_the_first():
    content = csv_of(LINES, 1_000).replace(b"75000;76000", b"x;76000").replace(b"10000", b"y")
    assert refusal(content, "csv-umum") == [(2, "not-an-amount"), (4, "not-an-amount")]


@pytest.mark.parametrize(
    ("sign", "row"),
    [("signed", "2026-11-20,-500,a,9500"), ("mark", "2026-11-20,500,a,9500,D")],
)
def test_the_sign_is_where_the_profile_says(sign: str, row: str):
    names = {"date": "d", "amount": "n", "remark": "r", "balance": "b"}
    columns = {**names, "mark": "m"} if sign == "mark" else names
    profile = Profile(name="x", title="x", kind="csv", sign=sign, columns=columns)
    head = ",".join(columns.values())
    (found,) = read_statements(f"{head}\n{row}\n".encode(), profile)
    assert (found.lines[0].amount, found.opening) == (-500, 10_000)


def test_rows_around_the_table_and_newest_first_are_declared():
    profile = Profile(
        name="x", title="x", kind="csv", sign="signed", head=1, foot=1, newest_first=True,
        columns={"date": "d", "amount": "n", "remark": "r", "balance": "b"},
    )  # fmt: skip
    text = "Rekening 1\nd,n,r,b\n2026-11-21,5,b,15\n2026-11-20,10,a,10\nTotal,15,,\n"
    (found,) = read_statements(text.encode(), profile)
    assert [line.remark for line in found.lines] == ["a", "b"]


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_camt053_is_read_in_all_its_versions(version: str):
    status = "<Cd>BOOK</Cd>" if version == "08" else "BOOK"
    content = camt_of(version=version, status=status)
    (found,) = read_statements(content, profiles()["camt053"])
    assert [line.amount for line in found.lines] == [75_000]
    assert found.lines[0].references == ("1", "BNTB998877", "SJ-ABC123")
    assert (found.serial, found.account) == ((7, 1), ACCOUNT)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"version": "09"}, "not-camt053"),
        ({"closing": "76001.00"}, "control-total"),
        ({"currency": "USD"}, "not-rupiah"),
        ({"amount": "75000.50"}, "not-an-amount"),
        ({"amount": "-75000.00"}, "not-an-amount"),
        ({"amount": "0.00"}, "no-amount"),
        ({"status": "MAYBE"}, "entry-status"),
        ({"stamp": "yesterday"}, "not-a-day"),
    ],
)
def test_a_bad_camt053_is_refused(parts: dict[str, str], fault: str):
    assert [code for _, code in refusal(camt_of(**parts), "camt053")] == [fault]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">&c;</Document>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize(
    "text", [BOMB, OUTSIDE, "<a", "", "<?xml version='1.0' encoding='x'?><a/>"]
)
def test_hostile_xml_is_refused(text: str):
    assert [code for _, code in refusal(text.encode(), "camt053")] == ["not-xml"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04....", "packed"),
        (b"\x1f\x8b....", "packed"),
        (b"%PDF-1.7", "packed"),
        (b"x" * (MOST_BYTES + 1), "too-large"),
        (b"tanggal;keterangan;debet;kredit;saldo\n" + b"\n".join([b"a;b;c;d;e"] * 20_001),
         "too-many-lines"),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_at_the_door(content: bytes, fault: str):
    assert [code for _, code in refusal(content, "csv-umum")] == [fault]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_bytes_do_anything_else_than_be_read_or_refused(content: bytes):
    for profile in profiles().values():
        with suppress(UnfitStatement):
            assert read_statements(content, profile)


@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_what_one_format_says_the_others_say_too(amounts: list[int]):
    lines = [(amount, "x") for amount in amounts]
    (csv,) = read_statements(csv_of(lines, 5), profiles()["csv-umum"])
    (mt940,) = read_statements(mt940_of(lines, 5), profiles()["mt940"])
    assert [x.amount for x in csv.lines] == [x.amount for x in mt940.lines] == amounts
    assert (csv.opening, csv.closing) == (mt940.opening, mt940.closing) == (5, 5 + sum(amounts))


@pytest.mark.parametrize(
    ("wib", "day"),
    [("22:59", 21), ("23:00", 22), ("23:30", 22), ("23:59", 22), ("00:00", 21), ("00:59", 21)],
)
def test_the_last_hour_of_wib_counts_on_the_next_day_of_the_office(wib: str, day: int):
    stamp = datetime.fromisoformat(f"2026-11-21T{wib}")
    on, at = accounting_day(stamp, "WIB")
    assert on == date(2026, 11, day)
    assert at.utcoffset() is not None


def test_a_stamp_in_a_file_moves_the_line_and_a_mere_day_does_not():
    (late,) = read_statements(camt_of(stamp="2026-11-20T23:30:00+07:00"), profiles()["camt053"])
    (bare,) = read_statements(camt_of(stamp="2026-11-20T23:30:00"), profiles()["camt053"])
    assert late.lines[0].on == bare.lines[0].on == date(2026, 11, 21)
    (csv,) = read_statements(csv_of([(5, "x")]), profiles()["csv-umum"])
    assert csv.lines[0].on == date(2026, 11, 20)
