"""What is kept of a file beside its bytes, which lie in the storage under its id."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from sijinak.core.model import Model


class StoredFile(Model):
    """Inserted, never updated. A picture has a small copy beside it; a PDF measures nothing."""

    __tablename__ = "stored_files"

    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[bytes]
    width: Mapped[int]  # pixels
    height: Mapped[int]
    kept_at: Mapped[datetime]
    kept_by: Mapped[UUID]
