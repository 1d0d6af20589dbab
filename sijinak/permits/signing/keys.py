"""Which keys sign now, which hold still, and what is known of each."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.cose import public_key
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Unavailable
from sijinak.permits.signing.keyfiles import read_key
from sijinak.permits.signing.models import KeyUse, PaperKey


class NoSigningKey(Unavailable):
    """None is there, or only one for demonstrations in production. Facts: ``use``."""

    code = "no-signing-key"


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    key: EllipticCurvePrivateKey
    certificate: bytes | None
    is_demo: bool

    @property
    def kid_bytes(self) -> bytes:
        return bytes.fromhex(self.kid)


class KeyPlace:
    """Where the files lie; ``load`` is called once, at start."""

    def __init__(self) -> None:
        self.folder = Path()
        self.in_production = False
        self._opened: dict[Path, EllipticCurvePrivateKey] = {}

    def load(self, key_dir: str, data_dir: str, *, in_production: bool) -> None:
        self.folder = Path(key_dir or Path(data_dir) / "keys")
        self.in_production = in_production
        self._opened.clear()

    def open(self, row: PaperKey) -> SigningKey:
        """Read from the disk once. Raises KeyFileMissing."""
        place = self.folder / row.kid
        if place not in self._opened:
            self._opened[place] = read_key(self.folder, row.use, row.kid)
        return SigningKey(row.kid, self._opened[place], row.certificate, row.is_demo)


keyplace = KeyPlace()


def signing_key(use: KeyUse) -> SigningKey:
    """The newest that signs. Raises NoSigningKey, KeyFileMissing."""
    row = newest(use)
    if row is None or (row.is_demo and keyplace.in_production):
        raise NoSigningKey(use=use)
    return keyplace.open(row)


def newest(use: KeyUse) -> PaperKey | None:
    asked = select(PaperKey).where(
        PaperKey.use == use, PaperKey.retired_at.is_(None), PaperKey.revoked_at.is_(None)
    )
    found = db.session.scalars(asked.order_by(PaperKey.valid_from.desc(), PaperKey.id.desc()))
    return next((row for row in found if is_ours(row)), None)


def known_keys(use: KeyUse = KeyUse.QR) -> dict[bytes, PaperKey]:
    """All that ever signed, by key id; rows that we did not write are not there."""
    rows = db.session.scalars(select(PaperKey).where(PaperKey.use == use).order_by(PaperKey.id))
    return {bytes.fromhex(row.kid): row for row in rows if is_ours(row)}


def public_keys(known: Mapping[bytes, PaperKey]) -> dict[bytes, EllipticCurvePublicKey]:
    return {kid: _public_key(row.spki) for kid, row in known.items()}


def is_over(row: PaperKey) -> bool:
    """Whether what it signed counts no more, for its time has passed."""
    return row.valid_until is not None and row.valid_until < now()


def seal_of(row: PaperKey) -> bytes:
    said = [
        row.kid, row.use, row.spki.hex(), (row.certificate or b"").hex(), row.is_demo,
        _spelt(row.valid_from), _spelt(row.retired_at), _spelt(row.valid_until),
        _spelt(row.revoked_at), row.reason,
    ]  # fmt: skip
    return keyring.lookup("paper key", json.dumps(said))


def is_ours(row: PaperKey) -> bool:
    return hmac.compare_digest(row.seal, seal_of(row))


def there_are_demo_keys() -> bool:
    """Whether one made for a demonstration still signs."""
    asked = select(PaperKey.id).where(
        PaperKey.is_demo, PaperKey.retired_at.is_(None), PaperKey.revoked_at.is_(None)
    )
    return db.session.scalar(asked.limit(1)) is not None


def _spelt(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


@lru_cache(maxsize=64)
def _public_key(spki: bytes) -> EllipticCurvePublicKey:
    return public_key(spki)
