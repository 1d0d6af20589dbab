"""How a receipt is handed over by message: the link, and the words around it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import url_for

from sijinak.core.money import rupiah_text
from sijinak.core.qr import QrDrawing, qr_path
from sijinak.retribution.receipts.linking import live_link, secret_of
from sijinak.retribution.receipts.models import Receipt
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

WORDS = N_("Your receipt %(number)s for %(amount)s: %(url)s")


@dataclass(frozen=True, slots=True)
class Sent:
    """``words`` name nobody: a message may be read by others."""

    url: str
    words: str
    expires_at: datetime
    qr: QrDrawing

    @property
    def whatsapp(self) -> str:
        return "https://wa.me/?text=" + quote(self.words, safe="")

    @property
    def sms(self) -> str:
        return "sms:?&body=" + quote(self.words, safe="")


def sent_of(receipt: Receipt) -> Sent | None:
    """None before somebody made a link."""
    link = live_link(receipt.id)
    secret = secret_of(link) if link else None
    if link is None or secret is None:
        return None
    url = settings().public_url.rstrip("/") + url_for("receipt_door.show", secret=secret)
    words = _(WORDS, number=receipt.number, amount=rupiah_text(receipt.amount), url=url)
    return Sent(url, words, link.expires_at, qr_path(url, level="M"))
