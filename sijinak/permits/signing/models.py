"""The papers of permits: what was ordered, what was signed and kept, and the keys that prove it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model
from sijinak.permits.models import Permit


class PaperType(StrEnum):
    RECOMMENDATION = "recommendation"  # the letter that leaves, with the list of animals
    HEALTH_LETTER = "health-letter"  # SKKH


class KeyUse(StrEnum):
    QR = "qr"
    PDF = "pdf"


class PaperKey(Model):
    """The public half of a key. The private one is a file, and never here.

    ``seal`` is keyed: who can only write rows cannot bring a key of their own.
    """

    __tablename__ = "paper_keys"

    kid: Mapped[str] = mapped_column(unique=True)
    use: Mapped[KeyUse]
    spki: Mapped[bytes]
    certificate: Mapped[bytes | None]  # DER; PDF keys have one
    is_demo: Mapped[bool]
    valid_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # signs nothing more since
    valid_until: Mapped[datetime | None]  # what it signed holds until then
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    seal: Mapped[bytes]


class PaperOrder(Model):
    """A paper that is to be made: its id is the event's. Its place in a status list is taken."""

    __tablename__ = "paper_orders"
    __table_args__ = (
        UniqueConstraint("permit_id", "kind", "version"),
        UniqueConstraint("status_list", "status_index"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id))
    kind: Mapped[PaperType]
    version: Mapped[int]
    status_list: Mapped[int]
    status_index: Mapped[int]
    ordered_at: Mapped[datetime]


class SignedPaper(Model):
    """A paper as it lies in the storage. Inserted, never updated. ``id`` is the order's."""

    __tablename__ = "signed_papers"
    __table_args__ = (UniqueConstraint("permit_id", "kind", "version"),)

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id))
    kind: Mapped[PaperType]
    version: Mapped[int]
    number: Mapped[str]
    sha256: Mapped[bytes]
    size: Mapped[int]  # bytes
    kid: Mapped[str]  # of the key that signed the QR code and the seal
    signed_with: Mapped[str]  # what signed the PDF: "file:<kid>", "bsre"
    status_list: Mapped[int]
    status_index: Mapped[int]
    qr: Mapped[bytes]  # COSE_Sign1, as printed
    made_at: Mapped[datetime]
    seal: Mapped[bytes]  # COSE_Sign1 over all of the above


class StatusListRow(Model):
    """The newest signed list of each number."""

    __tablename__ = "status_lists"

    number: Mapped[int] = mapped_column(unique=True)
    body: Mapped[bytes]  # COSE_Sign1
    digest: Mapped[bytes]  # of its bits
    kid: Mapped[str]
    made_at: Mapped[datetime]
