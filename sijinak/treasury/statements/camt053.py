"""ISO 20022 camt.053.001.02 to .08: what is booked on an account, in XML."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sijinak.core.amounts import Style, amount_of
from sijinak.core.clock import ZONES, local
from sijinak.core.money import NotAnAmount, Rupiah
from sijinak.treasury.statements.reading import (
    LONGEST_TEXT,
    MOST_LINES,
    ReadLine,
    ReadStatement,
    unfit,
)

CURRENCY = "IDR"
NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.0[2-8]\}Document")
NOT_BOOKED = frozenset({"PDNG", "INFO", "FUTR"})
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_REFERENCES = ("EndToEndId", "TxId", "InstrId", "AcctSvcrRef", "MsgId", "PmtInfId", "Ref")
_NOTHING = frozenset({"NOTPROVIDED", "NONREF", ""})


def read_camt053(content: bytes, zone: str) -> tuple[ReadStatement, ...]:
    """Raises UnfitStatement. No DTD and no entity is read; rows count the entries."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise unfit(0, "not-xml", type(error).__name__) from None
    if not NAMESPACE.fullmatch(root.tag):
        raise unfit(0, "not-camt053", root.tag)
    name = root.tag.removesuffix("Document")
    found = [_Reader(one, name, zone).statement() for one in root.iter(f"{name}Stmt")]
    if not found:
        raise unfit(0, "no-lines")
    return tuple(found)


class _Reader:
    """One Stmt; paths are without their namespace."""

    def __init__(self, statement: Element, namespace: str, zone: str) -> None:
        self._it, self._ns, self._zone = statement, namespace, zone
        self._row = 0

    def statement(self) -> ReadStatement:
        opening, first_on = self._balance(OPENING)
        closing, last_on = self._balance(CLOSING)
        lines = tuple(self._lines())
        serial = self._text(self._it, "ElctrncSeqNb") or self._text(self._it, "LglSeqNb")
        return ReadStatement(
            account=self._account(),
            number=serial or self._text(self._it, "Id"),
            serial=(int(serial), 1) if serial.isascii() and serial.isdigit() else None,
            opening=opening,
            closing=closing,
            first_on=min([line.on for line in lines], default=first_on),
            last_on=max([last_on, *(line.on for line in lines)]),
            lines=lines,
        )

    def _account(self) -> str:
        for path in ("Acct/Id/IBAN", "Acct/Id/Othr/Id"):
            if account := self._text(self._it, path):
                return account
        raise unfit(0, "no-account")

    def _balance(self, codes: tuple[str, ...]) -> tuple[Rupiah, date]:
        for code in codes:
            for one in self._all(self._it, "Bal"):
                if self._text(one, "Tp/CdOrPrtry/Cd") == code:
                    return self._amount(one), self._when(one, "Dt")[0]
        raise unfit(0, "no-balance", codes[0])

    def _lines(self) -> Iterator[ReadLine]:
        for entry in self._all(self._it, "Ntry"):
            self._row += 1
            if self._row > MOST_LINES:
                raise unfit(self._row, "too-many-lines", str(MOST_LINES))
            status = self._text(entry, "Sts/Cd") or self._text(entry, "Sts")
            if status in NOT_BOOKED:
                continue
            if status != "BOOK":
                raise unfit(self._row, "entry-status", status)
            yield self._line(entry)

    def _line(self, entry: Element) -> ReadLine:
        amount = self._amount(entry)
        if amount == 0:
            raise unfit(self._row, "no-amount")
        on, at = self._when(entry, "BookgDt")
        return ReadLine(
            row=self._row,
            on=on,
            at=at,
            amount=amount,
            remark=self._remark(entry),
            references=tuple(dict.fromkeys(self._references(entry))),
        )

    def _amount(self, one: Element) -> Rupiah:
        amount = one.find(f"{self._ns}Amt")
        text = (amount.text or "").strip() if amount is not None else ""
        if amount is None or amount.get("Ccy") != CURRENCY:
            raise unfit(self._row, "not-rupiah", text)
        sign = {"CRDT": 1, "DBIT": -1}.get(self._text(one, "CdtDbtInd"))
        if sign is None:
            raise unfit(self._row, "not-a-sign")
        try:
            rupiah = amount_of(text, Style.WIRE)
        except NotAnAmount:
            raise unfit(self._row, "not-an-amount", text) from None
        # CdtDbtInd of a reversal says already which way the money went.
        if rupiah < 0:
            raise unfit(self._row, "not-an-amount", text)
        return Rupiah(sign * rupiah)

    def _when(self, one: Element, field: str) -> tuple[date, datetime | None]:
        day, stamp = self._text(one, f"{field}/Dt"), self._text(one, f"{field}/DtTm")
        try:
            if not stamp:
                return date.fromisoformat(day), None
            moment = datetime.fromisoformat(stamp)
        except ValueError:
            raise unfit(self._row, "not-a-day", day or stamp) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZONES[self._zone])
        return local(moment).date(), moment

    def _remark(self, entry: Element) -> str:
        told = [self._text(entry, "AddtlNtryInf")]
        told += [one.text or "" for one in entry.iter(f"{self._ns}Ustrd")]
        remark = " ".join(" ".join(told).split())
        if len(remark) > LONGEST_TEXT:
            raise unfit(self._row, "text-too-long")
        return remark

    def _references(self, entry: Element) -> Iterator[str]:
        yield from filter(None, (self._text(entry, n) for n in ("NtryRef", "AcctSvcrRef")))
        for refs in entry.iter(f"{self._ns}Refs"):
            for name in _REFERENCES:
                for one in refs.iter(f"{self._ns}{name}"):
                    text = (one.text or "").strip()
                    if text.upper() not in _NOTHING:
                        yield text

    def _all(self, one: Element, name: str) -> list[Element]:
        return one.findall(f"{self._ns}{name}")

    def _text(self, one: Element, path: str) -> str:
        found = one.find("/".join(f"{self._ns}{part}" for part in path.split("/")))
        return (found.text or "").strip() if found is not None else ""
