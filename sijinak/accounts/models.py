"""People who sign in, their dated appointments, and where they are signed in now."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
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
    COLLECTOR = "collector"  # bendahara penerimaan pembantu, juru pungut
    AUDITOR = "auditor"  # inspektorat, BPK
    CHECKPOINT = "checkpoint"  # petugas pos lalu lintas ternak
    LABORATORY = "laboratory"  # petugas laboratorium kesehatan hewan
    PRIVACY_OFFICER = "privacy-officer"  # pejabat pelindungan data pribadi
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


class Manner(StrEnum):
    """How one officer signs in the place of another."""

    PLH = "plh"  # pelaksana harian: the holder is away for some days
    PLT = "plt"  # pelaksana tugas: the office has no holder
    ON_BEHALF = "an"  # atas nama: the holder is there and lets another sign


class Delegation(Model):
    """Some rights of one appointment, for another officer, from one day to another, by a decree.

    It hangs on the appointment of the giver and never on a delegation. But for a Plt, who stands
    in for an office without a holder, it gives nothing once the appointment is over.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="days"),
        CheckConstraint("decree <> ''", name="decree"),
        CheckConstraint("taker_id <> giver_id", name="two_people"),
        CheckConstraint("ended_at IS NULL OR end_reason <> ''", name="reason"),
    )

    appointment_id: Mapped[UUID] = mapped_column(ForeignKey(Appointment.id), index=True)
    giver_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    taker_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    manner: Mapped[Manner]
    permissions: Mapped[list[str]] = mapped_column(JSON)
    region: Mapped[str] = mapped_column(RegionCode)
    decree: Mapped[str]
    decree_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    given_by: Mapped[UUID]  # the giver, or who enters decrees
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")


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
    signs_only: Mapped[bool] = mapped_column(default=False)  # demo: not asked for at sign-in

    secret = Sealed()


class RecoveryCode(Model):
    """What lets a person in when the telephone is lost, once; kept as a keyed digest."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A key that lives in a person's device and opens with a finger, a face or a PIN (WebAuthn)."""

    __tablename__ = "passkeys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    transports: Mapped[list[str]] = mapped_column(JSON)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasskeyUse(StrEnum):
    REGISTER = "register"
    SIGN_IN = "sign-in"
    SIGN = "sign"


class PasskeyChallenge(Model):
    """Random bytes that a passkey answers once: for one person, one browser, one command."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (CheckConstraint("(use = 'sign') = (command_id IS NOT NULL)", name="command"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    use: Mapped[PasskeyUse]
    challenge: Mapped[bytes] = mapped_column(unique=True)
    session_id: Mapped[UUID | None]  # none while the person is half in: their cookie holds the id
    command_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class ProofKind(StrEnum):
    CODE = "code"
    PASSKEY = "passkey"


class SigningProof(Model):
    """That a person proved who they are for one command that signs. Inserted, never updated."""

    __tablename__ = "signing_proofs"

    command_id: Mapped[UUID] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    kind: Mapped[ProofKind]
    passkey_id: Mapped[UUID | None]
    permission: Mapped[str]
    decree: Mapped[str]
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Delegation.id))
    proven_at: Mapped[datetime]
