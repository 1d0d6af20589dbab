"""Which second factors an account has."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from sijinak.accounts.models import Passkey, RecoveryCode, SecondFactor, User
from sijinak.core.db import db


def second_factor_of(user_id: UUID) -> SecondFactor | None:
    return db.session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id))


def has_second_factor(user_id: UUID) -> bool:
    return has_code(user_id) or bool(passkeys_of(user_id))


def has_code(user_id: UUID) -> bool:
    """Whether an authenticator app shows digits for this account."""
    factor = second_factor_of(user_id)
    return factor is not None and factor.confirmed_at is not None


def is_asked_at_sign_in(user_id: UUID) -> bool:
    """Whether the password alone does not let in."""
    factor = second_factor_of(user_id)
    shown = factor is not None and factor.confirmed_at is not None and not factor.signs_only
    return shown or bool(passkeys_of(user_id))


def passkeys_of(user_id: UUID) -> list[Passkey]:
    asked = select(Passkey).where(Passkey.user_id == user_id)
    return list(db.session.scalars(asked.order_by(Passkey.added_at)))


def user_to_admit(user_id: UUID, since: datetime) -> User | None:
    """The account, if it is open and its password is the one that was right at that moment."""
    asked = select(User).where(User.id == user_id, User.is_active)
    return db.session.scalar(asked.where(User.password_changed_at <= since))


def unused_recovery_codes(user_id: UUID) -> int:
    asked = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(asked) or 0
