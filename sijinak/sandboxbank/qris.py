"""Making the text of a dynamic QRIS, as only an acquirer may. Merchant and NMID are made up."""

from collections.abc import Iterable
from dataclasses import dataclass

MERCHANT = "DISNAKKESWAN SUMBAWA"
NMID = "ID1099999999999"
OTHER_NMID = "ID1088888888888"
MCC = "9399"  # government services (ISO 18245)
BRAND = "ID.CO.EXAMPLE.WWW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr:
    amount: int
    bill: str = ""
    nmid: str = NMID
    merchant: str = MERCHANT


def minted(qr: Qr) -> str:
    national = _tlv([("00", "ID.CO.QRIS.WWW"), ("02", qr.nmid), ("03", "URE")])
    acquirer = [
        ("00", BRAND),
        ("01", "936001280000000001"),
        ("02", "TEST00000000001"),
        ("03", "URE"),
    ]
    tail = [("01", qr.bill[:25])] if qr.bill else []
    fields = [
        ("00", "01"),
        ("01", "12"),
        ("26", _tlv(acquirer)),
        ("51", national),
        ("52", MCC),
        ("53", "360"),
        ("54", str(qr.amount)),
        ("58", "ID"),
        ("59", qr.merchant[:25]),
        ("60", "SUMBAWA"),
        ("61", "84311"),
        ("62", _tlv([*tail, ("07", "A01")])),
    ]
    text = _tlv(fields) + "6304"
    return text + f"{crc(text.encode()):04X}"


def crc(text: bytes) -> int:
    """CRC-16/IBM-3740: polynomial 1021, begins with FFFF."""
    found = 0xFFFF
    for byte in text:
        found ^= byte << 8
        for _ in range(8):
            found = (found << 1 ^ 0x1021 if found & 0x8000 else found << 1) & 0xFFFF
    return found


def fields_of(payload: str) -> dict[str, str]:
    """The outer fields by tag, as a phone reads them. Raises ValueError for any other text."""
    if f"{crc(payload[:-4].encode()):04X}" != payload[-4:].upper():
        raise ValueError(payload)
    found, rest = {}, payload
    while rest:
        size = int(rest[2:4])
        found[rest[:2]], rest = rest[4 : 4 + size], rest[4 + size :]
    return found


def _tlv(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in fields)
