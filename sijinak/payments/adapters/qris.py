"""QRIS payloads (EMVCo merchant-presented QR): read and compared, never made.

Only the acquirer can tie a payment to our order, so a payable code always comes from there. Before
anybody sees it, it must say our amount and our merchant: that is what a swapped code would not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sijinak.core.money import Rupiah

LONGEST = 512
RUPIAH, INDONESIA = "360", "ID"
NATIONAL = "ID.CO.QRIS.WWW"  # the national repository, which knows merchants by NMID
DYNAMIC, STATIC = "12", "11"
_AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", flags=re.ASCII)
_DIGITS = re.compile(r"\d\d", flags=re.ASCII)
_SHAPES = {  # what the standard says of plain fields: letters and digits, or printable text
    "52": r"\d{4}", "53": r"\d{3}", "58": r"[A-Z]{2}", "59": r".{1,25}", "60": r".{1,15}",
    "61": r".{1,10}",
}  # fmt: skip
_NEEDED = ("00", "01", "52", "53", "58", "59", "60")
_TIPS = ("55", "56", "57")  # a retribution has no tip, and no fee may be added (PBI 23/6/PBI/2021)
_TEMPLATES = (*(f"{n:02}" for n in range(26, 52)), "62", "64")


class BadQris(ValueError):
    """The text is no QRIS code, or not the one that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qris:
    """``fields`` by their tag; those of a template by both tags with a point between: 62.01."""

    dynamic: bool
    amount: Rupiah | None
    nmid: str
    merchant: str
    city: str
    mcc: str
    bill: str
    fields: Mapping[str, str]


def crc_of(text: str) -> str:
    """CRC-16/IBM-3740 over the UTF-8 bytes, as four capital hexadecimal digits."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def read(payload: str) -> Qris:
    """A QRIS code with all its rules. Raises BadQris."""
    fields = fields_of(payload)
    if lacking := [tag for tag in _NEEDED if tag not in fields]:
        raise BadQris(f"field {lacking[0]} is missing")
    if any(tag in fields for tag in _TIPS):
        raise BadQris("it asks for a tip or a fee")
    if fields["00"] != "01" or fields["01"] not in {DYNAMIC, STATIC}:
        raise BadQris("another kind of code")
    if fields["53"] != RUPIAH or fields["58"] != INDONESIA:
        raise BadQris("not in rupiah")
    for tag, shape in _SHAPES.items():
        if tag in fields and not re.fullmatch(shape, fields[tag], flags=re.ASCII):
            raise BadQris(f"field {tag} is not what it should be")
    return Qris(
        dynamic=fields["01"] == DYNAMIC,
        amount=_amount(fields["54"]) if "54" in fields else None,
        nmid=_nmid(fields),
        merchant=fields["59"],
        city=fields["60"],
        mcc=fields["52"],
        bill=fields.get("62.01", ""),
        fields=fields,
    )


def verify(payload: str, amount: Rupiah, nmid: str) -> Qris:
    """A dynamic code of exactly this amount for exactly this merchant. Raises BadQris."""
    found = read(payload)
    if not found.dynamic or found.amount is None:
        raise BadQris("the code does not say how much")
    if found.amount != amount:
        raise BadQris(f"the code says {found.amount}, not {amount}")
    if not nmid or found.nmid != nmid:
        raise BadQris(f"the code is for the merchant {found.nmid or 'without NMID'}, not {nmid}")
    return found


def fields_of(payload: str) -> dict[str, str]:
    """Tags and values of a payload whose CRC is right, in whatever order. Raises BadQris."""
    if len(payload) > LONGEST or not payload.isprintable() or _is_half(payload):
        raise BadQris("too long, or not to be printed")
    outer = _tlv(payload)
    if list(outer)[:1] != ["00"] or list(outer)[-1:] != ["63"]:
        raise BadQris("the format is not first, or the CRC is not last")
    crc = outer["63"]
    if payload[-8:-4] != "6304" or crc_of(payload[:-4]) != crc.upper():
        raise BadQris("the CRC is wrong")
    inner = {
        f"{tag}.{sub}": value
        for tag in _TEMPLATES
        if tag in outer
        for sub, value in _tlv(outer[tag]).items()
    }
    return outer | inner


def _tlv(text: str) -> dict[str, str]:
    """Tag, length in characters, value. A tag that comes twice says two things: refused."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not _DIGITS.fullmatch(tag) or not _DIGITS.fullmatch(length):
            raise BadQris("a tag or a length is no number")
        end = at + 4 + int(length)
        if end > len(text) or end == at + 4:
            raise BadQris(f"field {tag} is empty or breaks off")
        if tag in found:
            raise BadQris(f"field {tag} comes twice")
        found[tag], at = text[at + 4 : end], end
    return found


def _amount(text: str) -> Rupiah:
    found = _AMOUNT.fullmatch(text)
    if found is None or len(text) > 13 or found[2] not in {None, "0", "00"}:  # noqa: PLR2004
        raise BadQris("no whole amount")
    if int(found[1]) == 0:
        raise BadQris("an amount of nothing")
    return Rupiah(int(found[1]))


def _nmid(fields: Mapping[str, str]) -> str:
    if fields.get("51.00", NATIONAL) != NATIONAL:
        raise BadQris("field 51 is of another repository")
    return fields.get("51.02", "")


def _is_half(text: str) -> bool:
    """Whether a letter is half of one, which has no UTF-8."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)
