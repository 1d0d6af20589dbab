"""What an office sets for SNAP: SIJINAK_SNAP_ and the name in capitals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from sijinak.config import Misconfigured
from sijinak.payments.adapters.base import Tools
from sijinak.payments.adapters.snap.profile import QRIS, VA, Profile, profile_of
from sijinak.payments.adapters.snap.signatures import private_key, public_key
from sijinak.payments.adapters.tools import settings_as

NAME = "snap"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapSettings:
    url: str  # where the bank's services begin
    client_id: str  # X-CLIENT-KEY
    client_secret: str = field(repr=False)
    private_key: str = field(repr=False)  # PEM; signs what we ask
    bank_public_key: str  # PEM; proves what the bank says
    inbound_client_id: str = ""  # the bank's name at our door
    inbound_client_secret: str = field(default="", repr=False)
    profile: str = "generic"  # one that is shipped, or the text of one
    partner_id: str = ""  # X-PARTNER-ID; empty: client_id
    channel_id: str = "95221"
    merchant_id: str = ""
    terminal_id: str = ""
    nmid: str = ""  # the merchant that every QR must name
    bank_name: str = ""  # as payers know it
    va_prefix: str = ""  # the bank's number for us, 1 to 8 digits
    most_qris: int = 10_000_000  # PADG 24/1/PADG/2022, art. 8
    most_va: int = 0  # 0: without a limit
    ways: str = ""  # empty: all that the profile has


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the office and its bank agreed on, looked at once."""

    settings: SnapSettings
    profile: Profile
    ways: tuple[str, ...]
    our_key: RSAPrivateKey = field(repr=False)
    bank_key: RSAPublicKey


def read(tools: Tools) -> Agreement:
    """Raises Misconfigured, with what to do."""
    settings = settings_as(SnapSettings, NAME, tools.settings)
    profile = profile_of(settings.profile)
    wanted = [way.strip() for way in settings.ways.split(",") if way.strip()]
    ways = tuple(way for way in profile.ways if not wanted or way in wanted)
    for fault in _faults(settings, profile, ways):
        raise Misconfigured(f"SIJINAK_SNAP_{fault}")
    try:
        ours, theirs = private_key(settings.private_key), public_key(settings.bank_public_key)
    except ValueError:
        raise Misconfigured(
            "SIJINAK_SNAP_PRIVATE_KEY and SIJINAK_SNAP_BANK_PUBLIC_KEY are PEM keys for RSA"
        ) from None
    return Agreement(settings=settings, profile=profile, ways=ways, our_key=ours, bank_key=theirs)


def _faults(settings: SnapSettings, profile: Profile, ways: tuple[str, ...]) -> Iterator[str]:
    if not urlsplit(settings.url).hostname:
        yield "URL is no address"
    if not ways:
        yield f"WAYS names none of {', '.join(profile.ways)}"
    if QRIS in ways and not (settings.nmid and settings.merchant_id):
        yield "NMID and MERCHANT_ID are needed: a QR for somebody else must not be shown"
    if VA not in ways:
        return
    prefix = settings.va_prefix
    if not (prefix.isascii() and prefix.isdecimal() and len(prefix) <= 8):  # noqa: PLR2004
        yield "VA_PREFIX has 1 to 8 digits"
    if profile.door_payment and not settings.inbound_client_secret:
        yield "INBOUND_CLIENT_ID and _SECRET are needed: the bank signs in with them"
