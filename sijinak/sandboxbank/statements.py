"""Statements as files: CSV, MT940, and camt.053."""

import csv
from datetime import datetime
from io import StringIO
from xml.etree import ElementTree as ET

from sijinak.sandboxbank.account import HOLDER, Line, Statement
from sijinak.sandboxbank.model import WIB, in_wib

HEAD = ("rekening", "tanggal", "jam", "keterangan", "referensi", "debet", "kredit", "saldo")
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
REMARK = 65  # characters in a line of :86:


def as_csv(statement: Statement) -> str:
    file, balance = StringIO(), statement.opening
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(HEAD)
    for line in statement.lines:
        balance += line.amount
        at = line.at.astimezone(WIB)
        debit, credit = (_cents(-line.amount), "") if line.amount < 0 else ("", _cents(line.amount))
        stamp = (f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}")
        says = (line.text, line.reference, debit, credit, _cents(balance))
        rows.writerow((statement.account, *stamp, *says))
    return file.getvalue()


def as_mt940(statement: Statement) -> str:
    day = f"{statement.day:%y%m%d}"
    parts = [
        f":20:SBX{statement.day:%Y%m%d}",
        f":25:{statement.account}",
        f":28C:{statement.number:05}/001",
        f":60F:{_balance(day, statement.opening)}",
        *(text for line in statement.lines for text in _entry(line)),
        f":62F:{_balance(day, statement.closing)}",
        "-",
    ]
    return "\r\n".join(parts) + "\r\n"


def as_camt(statement: Statement) -> str:
    root = ET.Element("Document", xmlns=CAMT)
    whole = ET.SubElement(root, "BkToCstmrStmt")
    head = ET.SubElement(whole, "GrpHdr")
    stamp = in_wib(datetime.combine(statement.day, datetime.max.time(), WIB))
    _texts(head, MsgId=f"SBX{statement.day:%Y%m%d}", CreDtTm=stamp)
    found = ET.SubElement(whole, "Stmt")
    _texts(found, Id=f"SBX{statement.day:%Y%m%d}", ElctrncSeqNb=str(statement.number))
    _texts(found, CreDtTm=stamp)
    account = ET.SubElement(found, "Acct")
    _texts(ET.SubElement(ET.SubElement(account, "Id"), "Othr"), Id=statement.account)
    _texts(account, Ccy="IDR")
    _texts(ET.SubElement(account, "Ownr"), Nm=HOLDER)
    for code, amount in (("OPBD", statement.opening), ("CLBD", statement.closing)):
        _camt_balance(found, code, amount, f"{statement.day}")
    for line in statement.lines:
        _camt_entry(found, line)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _entry(line: Line) -> tuple[str, str]:
    day = f"{line.at.astimezone(WIB):%y%m%d}"
    amount = f"{_side(line.amount)}{abs(line.amount)},00"
    first = f":61:{day}{day[2:]}{amount}NTRFNONREF//{line.reference}"
    return first, f":86:{line.text[:REMARK]}"


def _balance(day: str, amount: int) -> str:
    return f"{_side(amount)}{day}IDR{abs(amount)},00"


def _side(amount: int) -> str:
    return "D" if amount < 0 else "C"


def _cents(amount: int) -> str:
    return f"{amount}.00"


def _camt_balance(above: ET.Element, code: str, amount: int, day: str) -> None:
    balance = ET.SubElement(above, "Bal")
    kind = ET.SubElement(ET.SubElement(balance, "Tp"), "CdOrPrtry")
    _texts(kind, Cd=code)
    _camt_amount(balance, amount)
    _texts(ET.SubElement(balance, "Dt"), Dt=day)


def _camt_entry(above: ET.Element, line: Line) -> None:
    entry = ET.SubElement(above, "Ntry")
    _texts(entry, NtryRef=line.reference)
    _camt_amount(entry, line.amount)
    _texts(entry, Sts="BOOK")
    _texts(ET.SubElement(entry, "BookgDt"), DtTm=in_wib(line.at))
    _texts(ET.SubElement(entry, "ValDt"), Dt=f"{line.at.astimezone(WIB):%Y-%m-%d}")
    _texts(entry, AcctSvcrRef=line.reference)
    details = ET.SubElement(ET.SubElement(entry, "NtryDtls"), "TxDtls")
    _texts(ET.SubElement(details, "Refs"), AcctSvcrRef=line.reference)
    _texts(ET.SubElement(details, "RmtInf"), Ustrd=line.text)


def _camt_amount(above: ET.Element, amount: int) -> None:
    ET.SubElement(above, "Amt", Ccy="IDR").text = _cents(abs(amount))
    _texts(above, CdtDbtInd="DBIT" if amount < 0 else "CRDT")


def _texts(above: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(above, name).text = text
