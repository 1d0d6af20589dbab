"""Tariffs by law."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model
from sijinak.core.money import Rupiah


class Service(StrEnum):
    """What is asked for. Only the first is billed by SKRD; the others are sold by ticket."""

    SHIPPING = "shipping"  # livestock leaves the regency
    SLAUGHTER = "slaughter"
    MARKET = "market"
    OTHER = "other"


class When(StrEnum):
    """Which head a tariff is for."""

    ALWAYS = "always"
    RBT = "rbt"  # the destination asks for the brucellosis test


class Unit(StrEnum):
    """What the amount is for."""

    HEAD = "head"
    DAY = "day"
    TICKET = "ticket"
    WEIGHING = "weighing"


_NOT_REFUSED = text("refused_why = ''")


class Tariff(Model):
    """One component of a service per unit, by a rule of law, from one day to another.

    Proposed by one person and approved by another; until then it counts nowhere. Once approved
    only its last day may change: triggers refuse the rest, and two rows of one key on one day.
    """

    __tablename__ = "tariffs"
    __table_args__ = (
        Index(
            "uq_tariffs_key",
            "code",
            "species",
            "sex",
            "applies",
            "valid_from",
            unique=True,
            sqlite_where=_NOT_REFUSED,
            postgresql_where=_NOT_REFUSED,
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="four_eyes"),
        CheckConstraint("approved_by IS NULL OR refused_why = ''", name="answer"),
    )

    code: Mapped[str]
    service: Mapped[Service]
    component: Mapped[str]  # as the annex of the Perda calls it
    species: Mapped[str]  # empty: any
    sex: Mapped[str]  # empty: both
    unit: Mapped[Unit]
    applies: Mapped[When]
    amount: Mapped[Rupiah]
    perda: Mapped[str]  # number and year
    article: Mapped[str]
    legal_basis: Mapped[str]  # both in one line, as papers print it
    law_code: Mapped[str]  # kode rekening of the revenue
    source: Mapped[str]
    is_example: Mapped[bool]  # taken from the press, to be replaced by the annex of the Perda
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    refused_why: Mapped[str] = mapped_column(default="")
    past_why: Mapped[str] = mapped_column(default="")  # of one proposed to begin in the past
