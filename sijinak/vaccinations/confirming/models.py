"""What owners say of the doses that their animals are said to have had."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model


class Channel(StrEnum):
    ACCOUNT = "account"
    LINK = "link"
    OFFICER = "officer"  # by telephone or face to face, written down by an officer


class Confirmation(Model):
    """One act and one owner. Without an answer it is unconfirmed, which is no refusal."""

    __tablename__ = "vaccination_confirmations"
    __table_args__ = (UniqueConstraint("act_id", "keeper_id"),)

    act_id: Mapped[UUID] = mapped_column(ForeignKey("vaccination_acts.id"))
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    token_digest: Mapped[bytes | None] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    wrong_checks: Mapped[int] = mapped_column(default=0)
    says_yes: Mapped[bool | None]
    words: Mapped[str] = mapped_column(default="")
    channel: Mapped[Channel | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None]
