"""What the tests of adapters share: tools, keys, and orders."""

import json
import logging
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from sijinak.core.clock import now
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import HttpAnswer, NotSent, Order, Tools
from sijinak.payments.adapters.tools import tools_of

VECTORS = Path(__file__).parent / "vectors"
NMID = "ID1099999999999"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


class Nowhere:
    """A network on which nobody is."""

    def send(self, *_: object) -> HttpAnswer:
        raise NotSent("there is no network here")


def tools(http: Any = None, **settings: str) -> Tools:
    log = logging.getLogger("tests.adapters")
    return Tools(http=http or Nowhere(), now=now, settings=settings, log=log)


def real_tools(name: str, **settings: str) -> Tools:
    """Tools as the app makes them, with loopback named as internal."""
    return tools_of(name, settings, "127.0.0.1")


@cache
def key(owner: str) -> RSAPrivateKey:
    """An RSA key for each name, the same as long as the tests run."""
    assert owner
    return generate_private_key(65537, 2048)


def private_pem(owner: str) -> str:
    pkcs8 = PrivateFormat.PKCS8
    return key(owner).private_bytes(Encoding.PEM, pkcs8, NoEncryption()).decode()


def public_pem(owner: str) -> str:
    spki = PublicFormat.SubjectPublicKeyInfo
    return key(owner).public_key().public_bytes(Encoding.PEM, spki).decode()


def snap_settings(**other: str) -> dict[str, str]:
    return {
        "url": "https://bank.example/openapi",
        "profile": "sandbox",
        "client_id": "SIJINAK",
        "client_secret": "our-secret-at-the-bank",
        "private_key": private_pem("us"),
        "bank_public_key": public_pem("bank"),
        "inbound_client_id": "BANK",
        "inbound_client_secret": "the-bank-s-secret-at-our-door",
        "merchant_id": "M-0001",
        "terminal_id": "T1",
        "nmid": NMID,
        "va_prefix": "88100",
        **other,
    }


def midtrans_settings(**other: str) -> dict[str, str]:
    return {
        "url": "https://api.midtrans.example",
        "server_key": "SB-Mid-server-key",
        "nmid": NMID,
        **other,
    }


def order(amount: int = 159_000, *, way: str = "", at: datetime | None = None) -> Order:
    return Order(
        ref=f"SJ-{uuid7().hex}",
        amount=Rupiah(amount),
        description="SKRD/2026/000001-X",
        expires_at=(at or now()) + timedelta(minutes=15),
        way=way,
    )
