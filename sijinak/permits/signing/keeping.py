"""Making, retiring and revoking keys. The private half goes into a file before the row is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.cose import key_id, spki_of
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.signing.keyfiles import new_key, self_signed, write_key
from sijinak.permits.signing.keys import is_ours, keyplace, newest, seal_of
from sijinak.permits.signing.models import KeyUse, PaperKey

SLACK = timedelta(days=1)  # clocks of those who verify may be slow


class KeyNotOurs(Conflict):
    """The row of this key was altered. Facts: ``kid``."""

    code = "key-not-ours"


class KeyKnown(Conflict):
    """The same key is there already. Facts: ``kid``."""

    code = "key-known"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeKey:
    """``key`` and ``certificate`` (DER) when an authority gave them; else they are made."""

    use: KeyUse
    office: str
    place: str
    region: str
    is_demo: bool = False
    key: EllipticCurvePrivateKey | None = None
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireKey:
    """It signs nothing more; what it signed holds until then."""

    kid: str
    until: datetime
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeKey:
    """It is in wrong hands: every paper that it signed says so from now on."""

    kid: str
    reason: str
    region: str


def make_key(command: MakeKey, *, by: Actor) -> PaperKey:
    """The newest key of a use signs; those before it go on holding."""
    require(by, Permission.USER_MANAGE)
    key = command.key or new_key()
    spki = spki_of(key.public_key())
    kid = key_id(spki).hex()
    if db.session.scalar(select(PaperKey.id).where(PaperKey.kid == kid)):
        raise KeyKnown(kid=kid)
    certificate = command.certificate
    if command.use is KeyUse.PDF and certificate is None:
        certificate = self_signed(
            key, office=command.office, place=command.place, is_demo=command.is_demo
        )
    row = PaperKey(
        kid=kid,
        use=command.use,
        spki=spki,
        certificate=certificate,
        is_demo=command.is_demo,
        valid_from=now() - SLACK,
        reason="",
    )
    row.seal = seal_of(row)
    write_key(keyplace.folder, command.use, kid, key)
    db.session.add(row)
    facts = {"kid": kid, "use": command.use, "is_demo": command.is_demo}
    events.record("key.made", row, by=by, region=command.region, **facts)
    return row


def retire_key(command: RetireKey, *, by: Actor) -> PaperKey:
    row = _key_for_update(command.kid, by=by)
    row.retired_at = row.retired_at or now()
    row.valid_until = command.until
    row.seal = seal_of(row)
    facts = {"kid": row.kid, "until": command.until.isoformat()}
    events.record("key.retired", row, by=by, region=command.region, **facts)
    return row


def revoke_key(command: RevokeKey, *, by: Actor) -> PaperKey:
    row = _key_for_update(command.kid, by=by)
    row.revoked_at = row.revoked_at or now()
    row.reason = command.reason
    row.seal = seal_of(row)
    facts = {"kid": row.kid, "reason": command.reason}
    events.record("key.revoked", row, by=by, region=command.region, **facts)
    return row


def ensure_demo_keys(region: str, *, by: Actor) -> int:
    """For development: what is missing is made. Answers how many keys were."""
    missing = [use for use in KeyUse if not keyplace.in_production and newest(use) is None]
    for use in missing:
        command = MakeKey(use=use, office="SiJINAK", place="SiJINAK", region=region, is_demo=True)
        make_key(command, by=by)
    return len(missing)


def _key_for_update(kid: str, *, by: Actor) -> PaperKey:
    require(by, Permission.USER_MANAGE)
    asked = select(PaperKey).where(PaperKey.kid == kid).with_for_update()
    row = db.session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(kid=kid)
    if not is_ours(row):
        raise KeyNotOurs(kid=kid)
    return row
