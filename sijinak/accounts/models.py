"""People who sign in, their dated appointments, and where they are signed in now."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.model import Model, RegionCode


class Role(StrEnum):
    """What a regency's decree, or the trade itself, makes of a person."""

    TRADER = "trader"  # peternak, pengusaha ternak
    VET = "vet"  # dokter hewan
    PARAMEDIC = "paramedic"  # paramedik veteriner
    CLERK = "clerk"  # petugas UPT Prokeswan
    UPT_HEAD = "upt-head"  # kepala UPT Prokeswan
    VILLAGE_HEAD = "village-head"  # kepala desa, lurah
    PERMIT_DESK = "permit-desk"  # loket perizinan
    KABID = "kabid"  # kepala bidang
    KADIS = "kadis"  # kepala dinas
    TREASURER = "treasurer"  # bendahara penerimaan
    AUDITOR = "auditor"  # inspektorat, BPK
    CHECKPOINT = "checkpoint"  # petugas pos lalu lintas ternak
    ADMINISTRATOR = "administrator"


class User(Model):
    __tablename__ = "users"

    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    one_time_spent: Mapped[bool] = mapped_column(default=False)  # a one-time password lets in once
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"))


class Appointment(Model):
    """A role in a region, from one day to another, by a decree (traders need none)."""

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days"),
        CheckConstraint("role = 'trader' OR decree <> ''", name="decree"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    role: Mapped[Role]
    region: Mapped[str] = mapped_column(RegionCode)
    decree: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    ended_at: Mapped[datetime | None]  # an administrator ended it, at once


class SignInSession(Model):
    """A browser in which a person has signed in; the cookie's token is kept as its digest."""

    __tablename__ = "sign_in_sessions"

    digest: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    device: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInTry(Model):
    """One guess at a password, written before it is checked; names and addresses as digests."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        Index("ix_sign_in_tries_account", "account", "tried_at"),
        Index("ix_sign_in_tries_origin", "origin", "tried_at"),
    )

    account: Mapped[bytes]
    origin: Mapped[bytes]
    device: Mapped[bytes | None]
    tried_at: Mapped[datetime]
    succeeded: Mapped[bool] = mapped_column(default=False)


class SecondFactor(Model):
    """The authenticator app of a person; it counts from the day one of its codes was confirmed."""

    __tablename__ = "second_factors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), unique=True)
    secret_sealed: Mapped[bytes]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)  # a code, and those before it, are good once

    secret = Sealed()


class RecoveryCode(Model):
    """What lets a person in when the telephone is lost, once; kept as a keyed digest."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]
