"""The port to whatever signs a PDF (PAdES, ETSI EN 319 142)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sijinak.core.errors import Unavailable


class SignerSilent(Unavailable):
    """It did not answer, or refused. Facts: ``signer``, ``said``; never what was to be signed."""

    code = "signer-silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the signature says beside the paper."""

    reason: str
    signer: str  # the name of who answers for the paper
    place: str
    at: datetime


class PaperSigner(Protocol):
    """Adapters know no model and no session. They are called between transactions."""

    @property
    def name(self) -> str:
        """Stored beside each paper: "file:<kid>", "bsre"."""

    def sign(self, pdf: bytes, wish: Wish) -> bytes:
        """The same PDF with one signature over all of it. Raises SignerSilent."""
