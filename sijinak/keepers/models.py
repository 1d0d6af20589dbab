"""Who keeps livestock: people with a NIK, firms with a NIB."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.model import Model, RegionCode


class KeeperKind(StrEnum):
    PERSON = "person"
    FIRM = "firm"


class Keeper(Model):
    """NIK and telephone are sealed; a keyed digest beside each finds the row again."""

    __tablename__ = "keepers"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'person' AND nik_lookup IS NOT NULL) OR (kind = 'firm' AND nib IS NOT NULL)",
            name="number",
        ),
    )

    kind: Mapped[KeeperKind]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    hamlet: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    nik_sealed: Mapped[bytes | None]
    nik_lookup: Mapped[bytes | None] = mapped_column(unique=True)
    nik_tail: Mapped[str] = mapped_column(default="")
    phone_sealed: Mapped[bytes | None]
    phone_lookup: Mapped[bytes | None] = mapped_column(index=True)
    nib: Mapped[str | None] = mapped_column(unique=True)
    registered_at: Mapped[datetime]

    nik = Sealed()
    phone = Sealed()
