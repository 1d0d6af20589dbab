"""What every paper says of the office, and of the page that proves it genuine."""

from flask import Response

from sijinak.config import Settings
from sijinak.core.qr import qr_svg


def office_facts(settings: Settings) -> dict[str, str]:
    return {
        "government": settings.government,
        "agency": settings.agency,
        "address": settings.agency_address,
    }


def check_facts(url: str) -> dict[str, str]:
    """``url`` in capitals, so that the QR code is small."""
    return {"svg": qr_svg(url, level="M"), "url": url.lower().partition("://")[2]}


def pdf_answer(pdf: bytes, name: str) -> Response:
    """To be looked at in the browser, and kept under the paper's number."""
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name.replace("/", "-")}.pdf"'
    return response
