"""What a photo shows of an animal."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model


class PhotoView(StrEnum):
    MUZZLE = "muzzle"
    LEFT_SIDE = "left-side"
    RIGHT_SIDE = "right-side"
    BRAND = "brand"
    CARCASS = "carcass"
    OTHER = "other"


class AnimalPhoto(Model):
    __tablename__ = "animal_photos"

    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    view: Mapped[PhotoView]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]
    by_name: Mapped[str]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None]
