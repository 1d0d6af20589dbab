"""Who the bank is, who its one merchant is, and the keys of both."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)

from sijinak.sandboxbank.books import Books
from sijinak.sandboxbank.qris import NMID

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BITS = 2048
CLOCKS_APART = 300  # seconds a signature's stamp may be off


class NotLoopback(ValueError):
    """The bank of a trial speaks to its own machine and to nobody else."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What bank and merchant agreed on; made once and kept beside the keys."""

    client_id: str = "SIJINAK-SBW"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    partner_id: str = "520401"
    channel_id: str = "95221"
    merchant_id: str = "SBX000001"
    terminal_id: str = "A01"
    va_prefix: str = "88100"
    inbound_client_id: str = "SANDBOXBANK"
    inbound_client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    server_key: str = field(default_factory=lambda: f"SB-Mid-server-{secrets.token_urlsafe(18)}")
    wallet_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass(frozen=True, kw_only=True)
class House:
    names: Names
    books: Books
    own_key: RSAPrivateKey
    merchant_key: RSAPublicKey
    sijinak: str  # where SiJINAK answers
    door: str = "/api/v1/payments/notices"

    @property
    def service_id(self) -> str:
        """The prefix of our virtual accounts, in the 8 characters that SNAP gives it."""
        return self.names.va_prefix.rjust(8)

    @classmethod
    def opened(cls, folder: Path, sijinak: str) -> Self:
        """With the keys and books in the folder; what is not there is made."""
        if urlsplit(sijinak).hostname not in LOOPBACK:
            raise NotLoopback(sijinak)
        folder.mkdir(parents=True, exist_ok=True)
        merchant = _key(folder / "merchant.pem")
        bank = _key(folder / "bank.pem")
        _write(folder / "bank.pub.pem", _public(bank))
        return cls(
            names=_names(folder / "names.json"),
            books=Books(folder / "bank.sqlite"),
            own_key=bank,
            merchant_key=merchant.public_key(),
            sijinak=sijinak.rstrip("/"),
        )


def settings_of(house: House, folder: Path, url: str) -> dict[str, str]:
    """The variables with which SiJINAK pays at this bank."""
    names = house.names
    return {
        "SIJINAK_PAYMENT_ADAPTERS": "cash,sandbox,snap",  # The demo pays with play money.
        "SIJINAK_OUTBOUND_INTERNAL": "127.0.0.1",
        "SIJINAK_SNAP_PROFILE": "sandbox",
        "SIJINAK_SNAP_URL": url,
        "SIJINAK_SNAP_CLIENT_ID": names.client_id,
        "SIJINAK_SNAP_CLIENT_SECRET": names.client_secret,
        "SIJINAK_SNAP_PARTNER_ID": names.partner_id,
        "SIJINAK_SNAP_CHANNEL_ID": names.channel_id,
        "SIJINAK_SNAP_MERCHANT_ID": names.merchant_id,
        "SIJINAK_SNAP_TERMINAL_ID": names.terminal_id,
        "SIJINAK_SNAP_NMID": NMID,
        "SIJINAK_SNAP_VA_PREFIX": names.va_prefix,
        "SIJINAK_SNAP_PRIVATE_KEY_FILE": str((folder / "merchant.pem").resolve()),
        "SIJINAK_SNAP_BANK_PUBLIC_KEY_FILE": str((folder / "bank.pub.pem").resolve()),
        "SIJINAK_SNAP_INBOUND_CLIENT_ID": names.inbound_client_id,
        "SIJINAK_SNAP_INBOUND_CLIENT_SECRET": names.inbound_client_secret,
        "SIJINAK_MIDTRANS_URL": url,
        "SIJINAK_MIDTRANS_SERVER_KEY": names.server_key,
        "SIJINAK_MIDTRANS_NMID": NMID,
        "SIJINAK_WALLET_URL": url,
        "SIJINAK_WALLET_TOKEN": names.wallet_token,
    }


def _names(path: Path) -> Names:
    if not path.exists():
        _write(path, json.dumps(asdict(Names())).encode())
    return Names(**json.loads(path.read_text()))


def _key(path: Path) -> RSAPrivateKey:
    if not path.exists():
        made = generate_private_key(public_exponent=65537, key_size=BITS)
        pem = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write(path, pem)
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, RSAPrivateKey):
        raise TypeError(path)
    return found


def _public(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _write(path: Path, content: bytes) -> None:
    """Only for the person who runs the bank."""
    path.touch(mode=0o600)
    path.write_bytes(content)
