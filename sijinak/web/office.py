"""How people reach the office, as the installation says."""

import re
from dataclasses import dataclass

from sijinak.config import Settings
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

COUNTRY = "62"


@dataclass(frozen=True, slots=True)
class Contact:
    """Numbers as people write them; empty where there is none."""

    phone: str
    whatsapp: str
    address: str

    @property
    def phone_url(self) -> str:
        return f"tel:+{_abroad(self.phone)}"

    @property
    def whatsapp_url(self) -> str:
        return f"https://wa.me/{_abroad(self.whatsapp)}"


def contact_of(chosen: Settings) -> Contact:
    return Contact(chosen.agency_phone, chosen.agency_whatsapp, chosen.agency_address)


def whom_to_ask() -> str:
    """A sentence that says where questions are answered."""
    contact = contact_of(settings())
    if contact.phone and contact.whatsapp:
        return _(
            "Ask the office: telephone %(phone)s, WhatsApp %(whatsapp)s.",
            phone=contact.phone,
            whatsapp=contact.whatsapp,
        )
    if contact.whatsapp:
        return _("Ask the office: WhatsApp %(whatsapp)s.", whatsapp=contact.whatsapp)
    if contact.phone:
        return _("Ask the office: telephone %(phone)s.", phone=contact.phone)
    return _("Ask at the office's counter: %(address)s.", address=contact.address)


def _abroad(number: str) -> str:
    """Digits as a link wants them: 0812 becomes 62812."""
    digits = re.sub(r"\D", "", number)
    return f"{COUNTRY}{digits[1:]}" if digits.startswith("0") else digits
