"""The files of the sandbox bank pass the gate, and say the same in all three formats."""

from datetime import date, datetime, timedelta

from sijinak.sandboxbank.account import Line, Statement
from sijinak.sandboxbank.model import WIB
from sijinak.sandboxbank.statements import as_camt, as_csv, as_mt940
from sijinak.treasury.statements.gate import read_statements
from sijinak.treasury.statements.profiles import profiles

AT = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)


def test_a_day_of_the_sandbox_bank_reads_the_same_in_every_format():
    lines = [
        Line(at=AT, amount=75_000, text="SETTLEMENT QRIS SBX20261122Q", reference="SBX20261122Q"),
        Line(at=AT + timedelta(hours=1), amount=-5_000, text="BIAYA", reference="SBX1"),
    ]
    statement = Statement(day=date(2026, 11, 23), number=2, opening=1_000, lines=lines)
    made = {
        "bank-percobaan-csv": as_csv(statement),
        "mt940": as_mt940(statement),
        "camt053": as_camt(statement),
    }
    for profile, text in made.items():
        (found,) = read_statements(text.encode(), profiles()[profile])
        assert (found.opening, found.closing) == (1_000, 71_000), profile
        assert [(x.on, x.amount) for x in found.lines] == [
            (date(2026, 11, 23), 75_000), (date(2026, 11, 23), -5_000),
        ], profile  # fmt: skip
        assert "SBX20261122Q" in found.lines[0].references, profile
        assert "SETTLEMENT" in found.lines[0].remark, profile
