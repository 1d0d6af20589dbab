"""What an inspector photographed, named before the picture itself has come."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model


class InspectionView(StrEnum):
    SIDE = "side"
    TAG = "tag"
    VEHICLE = "vehicle"


class InspectionPhoto(Model):
    """A photo of an animal, or of the vehicle when it names none.

    ``sha256`` is of what the phone ``device_id`` will send, or has sent; ``file_id`` is filled in
    when it is there.
    """

    __tablename__ = "inspection_photos"
    __table_args__ = (Index("ix_inspection_photos_device_id_sha256", "device_id", "sha256"),)

    permit_id: Mapped[UUID] = mapped_column(ForeignKey("permits.id"), index=True)
    animal_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"))
    view: Mapped[InspectionView]
    sha256: Mapped[bytes]
    device_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    taken_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
