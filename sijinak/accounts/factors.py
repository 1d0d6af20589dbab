"""The second factor: six digits from a person's telephone (RFC 6238), and ten codes on paper.

A code is good once: the step it belongs to is stored by a conditional update, so that of two
browsers that send it at once one is let in. Guesses are throttled by the caller.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from pyotp import TOTP, random_base32
from sqlalchemy import delete, update

from sijinak.accounts.factor_queries import passkeys_of, second_factor_of
from sijinak.accounts.models import Passkey, RecoveryCode, SecondFactor, User
from sijinak.accounts.queries import user_by_id
from sijinak.accounts.services import own_account
from sijinak.accounts.sessions import Self
from sijinak.core.clock import now
from sijinak.core.codes import ALPHABET
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require

ISSUER = "SiJINAK"
STEP = 30
SPARE_CODES = 10
# 120 bits: so much chance may be kept as a plain digest, and still ours is keyed (ASVS 6.5.2).
GROUPS, GROUP = 6, 4


class WrongCode(Invalid):
    code = "wrong-code"


class SecondFactorOn(Conflict):
    """There is one already: it must be removed before another is begun."""

    code = "second-factor-on"


class SecondFactorOff(Conflict):
    code = "second-factor-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSecondFactor:
    password: str
    digits: str


def begin_second_factor(password: str, *, by: Actor) -> SecondFactor:
    """A new secret; it counts once a code made from it is shown."""
    user = own_account(password, by=by)
    factor = second_factor_of(user.id)
    if factor is None:
        factor = SecondFactor(user_id=user.id, confirmed_at=None, last_step=0)
        db.session.add(factor)
    elif factor.confirmed_at is not None:
        raise SecondFactorOn
    factor.secret = random_base32()
    events.record("user.second-factor-begun", user, by=by, region="")
    return factor


def confirm_second_factor(digits: str, *, by: Actor) -> list[str]:
    """From now on it is asked for; the answer is the codes to print, never to be seen again."""
    user = db.session.get_one(User, by.id)
    factor = second_factor_of(user.id)
    if factor is None or factor.confirmed_at is not None:
        raise SecondFactorOff
    if not _spend_step(factor, _plain(digits)):
        raise WrongCode
    factor.confirmed_at = now()
    forget_recovery_codes(user.id)
    codes = recovery_codes_for(user.id)
    events.record("user.second-factor-confirmed", user, by=by, region="")
    return codes


def recovery_codes_for(user_id: UUID) -> list[str]:
    """New codes for paper, never to be seen again."""
    codes = [_new_code() for _ in range(SPARE_CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user_id, digest=_digest(user_id, code), used_at=None) for code in codes
    )
    return codes


def forget_recovery_codes(user_id: UUID) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def remove_second_factor(command: RemoveSecondFactor, *, by: Actor) -> None:
    """Raises WrongPassword or WrongCode."""
    user = own_account(command.password, by=by)
    if not spend_code(user.id, command.digits):
        raise WrongCode
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    if not passkeys_of(user.id):
        forget_recovery_codes(user.id)
    events.record("user.second-factor-removed", user, by=by, region="")


def forget_second_factor(user_id: UUID, *, by: Actor) -> None:
    """For somebody who lost the telephone and the paper. Only whoever runs the server may."""
    require(by, Permission.USER_MANAGE)
    user = user_by_id(user_id, by=by)
    for model in (SecondFactor, Passkey, RecoveryCode):
        db.session.execute(delete(model).where(model.user_id == user.id))
    events.record("user.second-factor-removed", user, by=by, region="")


def spend_code(user_id: UUID, typed: str) -> bool:
    """Whether the digits, or the code from paper, are right now; either is good once."""
    plain = _plain(typed)
    if len(plain) == GROUPS * GROUP:
        return _spend_recovery_code(user_id, plain)
    return spend_digits(user_id, plain)


def spend_digits(user_id: UUID, typed: str) -> bool:
    """Whether the digits are right now: codes from paper let in, and sign nothing."""
    factor = second_factor_of(user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    return _spend_step(factor, _plain(typed))


def key_uri(factor: SecondFactor, username: str) -> str:
    """What authenticator apps read from a QR code."""
    return TOTP(factor.secret).provisioning_uri(name=username, issuer_name=ISSUER)


def _spend_step(factor: SecondFactor, digits: str) -> bool:
    """The step of now, or a neighbour of it (clocks are off), unless it or a later was used."""
    right = TOTP(factor.secret)
    this = int(now().timestamp()) // STEP
    for step in (this, this - 1, this + 1):
        if hmac.compare_digest(right.generate_otp(step).encode(), digits.encode()):
            return _is_first(factor, step)
    return False


def _is_first(factor: SecondFactor, step: int) -> bool:
    spent = (
        update(SecondFactor)
        .where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.id)
    )
    return db.session.execute(spent).first() is not None


def _spend_recovery_code(user_id: UUID, plain: str) -> bool:
    spent = (
        update(RecoveryCode)
        .where(RecoveryCode.digest == _digest(user_id, plain), RecoveryCode.used_at.is_(None))
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    if db.session.execute(spent).first() is None:
        return False
    user = db.session.get_one(User, user_id)
    events.record("user.recovery-code-used", user, by=Self(user.id, user.name), region="")
    return True


def _new_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def _plain(typed: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def _digest(user_id: UUID, code: str) -> bytes:
    return keyring.lookup("recovery", f"{user_id}:{_plain(code)}")
