"""What an office sets for Midtrans: SIJINAK_MIDTRANS_ and the name in capitals."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sijinak.config import Misconfigured
from sijinak.payments.adapters.base import Tools
from sijinak.payments.adapters.tools import settings_as

NAME = "midtrans"
WAYS = ("qris", "va")


@dataclass(frozen=True, slots=True, kw_only=True)
class MidtransSettings:
    url: str
    server_key: str = field(repr=False)
    merchant_id: str = ""  # empty: notices are not compared with it
    nmid: str = ""  # the merchant that every QR must name
    acquirer: str = "gopay"  # of the QR
    va_bank: str = "bni"
    ways: str = "qris,va"
    most_qris: int = 10_000_000  # PADG 24/1/PADG/2022, art. 8
    most_va: int = 0  # 0: without a limit
    has_settlements: bool = False  # a list of what was paid out: no part of the published API


def read(tools: Tools) -> MidtransSettings:
    """Raises Misconfigured, with what to do."""
    settings = settings_as(MidtransSettings, NAME, tools.settings)
    ways = ways_of(settings)
    if not urlsplit(settings.url).hostname:
        raise Misconfigured("SIJINAK_MIDTRANS_URL is no address")
    if not ways:
        raise Misconfigured(f"SIJINAK_MIDTRANS_WAYS names none of {', '.join(WAYS)}")
    if "qris" in ways and not settings.nmid:
        raise Misconfigured("SIJINAK_MIDTRANS_NMID is needed: whose QR may be shown")
    return settings


def ways_of(settings: MidtransSettings) -> tuple[str, ...]:
    wanted = [way.strip() for way in settings.ways.split(",")]
    return tuple(way for way in WAYS if way in wanted)
