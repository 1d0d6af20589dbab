"""Statements as banks write them, made for tests."""

from collections.abc import Sequence
from datetime import date, timedelta

DAY = date(2026, 11, 20)
ACCOUNT = "0012345678901"
Line = tuple[int, str]  # signed amount, remark


def dated_csv(lines: Sequence[tuple[date, int, str]], opening: int = 0) -> bytes:
    """The profile csv-umum."""
    rows, balance = ["tanggal;keterangan;debet;kredit;saldo"], opening
    for on, amount, remark in lines:
        balance += amount
        debit, credit = (f"{-amount}", "") if amount < 0 else ("", f"{amount}")
        rows.append(f"{on:%d/%m/%Y};{remark};{debit};{credit};{balance}")
    return "\r\n".join(rows).encode()


def csv_of(lines: Sequence[Line], opening: int = 0, day: date = DAY) -> bytes:
    """Each line on the next day."""
    dated = [(day + timedelta(days=step), *line) for step, line in enumerate(lines)]
    return dated_csv(dated, opening)


def day_csv(lines: Sequence[Line], opening: int = 0, day: date = DAY) -> bytes:
    """All on one day."""
    return dated_csv([(day, *line) for line in lines], opening)


def mt940_of(
    lines: Sequence[Line], opening: int = 0, number: str = "00001/001", day: date = DAY
) -> bytes:
    closing = opening + sum(amount for amount, _ in lines)
    rows = [":20:STMT", f":25:{ACCOUNT}", f":28C:{number}", f":60F:{_balance(opening, day)}"]
    for amount, remark in lines:
        mark = "C" if amount > 0 else "D"
        rows += [f":61:{day:%y%m%d%m%d}{mark}{abs(amount)},00NTRFNONREF//REF", f":86:{remark}"]
    return "\n".join([*rows, f":62F:{_balance(closing, day)}", "-"]).encode()


def _balance(amount: int, day: date) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day:%y%m%d}IDR{abs(amount)},00"


CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb>
<Acct><Id><Othr><Id>0012345678901</Id></Othr></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">1000.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">{closing}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
<Ntry><NtryRef>1</NtryRef><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts>{status}</Sts><BookgDt><DtTm>{stamp}</DtTm></BookgDt><AcctSvcrRef>BNTB998877</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>SJ-ABC123</EndToEndId><TxId>NOTPROVIDED</TxId></Refs>
<RmtInf><Ustrd>QRIS</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="IDR">999.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def camt_of(**parts: str) -> bytes:
    told = {
        "version": "02", "closing": "76000.00", "currency": "IDR", "amount": "75000.00",
        "status": "BOOK", "stamp": "2026-11-20T10:00:00+07:00",
    }  # fmt: skip
    return CAMT.format(**{**told, **parts}).encode()
