"""The facts of a paper for its template. It is a paper of law: always in Indonesian."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date
from sqlalchemy import select

from sijinak.areas.queries import full_name, place_name, ports
from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.db import db
from sijinak.core.documents import render_pdf
from sijinak.core.money import rupiah_text
from sijinak.core.qr import qr_svg
from sijinak.permits.enclosures.models import PermitExtension
from sijinak.permits.enclosures.queries import extensions_of, external_papers_of
from sijinak.permits.models import ExternalKind, Permit
from sijinak.permits.queries import public_code
from sijinak.permits.quota.models import EntryKind, QuotaAccount, QuotaDecree, QuotaEntry
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.rulebook import terms_for
from sijinak.permits.rules.models import Purpose
from sijinak.permits.signing.content import Content
from sijinak.permits.signing.lines import HEADS, NOTHING, animal_lines, counts
from sijinak.permits.signing.models import PaperType
from sijinak.permits.slots.models import SlotBooking
from sijinak.retribution import checks
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.papers import skrd_pdf
from sijinak.retribution.queries import skrd_of_permit, uses_example_tariff
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.web.papers import check_facts, office_facts

Facts = dict[str, object]
TEMPLATES = {
    PaperType.RECOMMENDATION: "recommendation",
    PaperType.HEALTH_LETTER: "skkh",
}
PURPOSES = {Purpose.SLAUGHTER: "Ternak potong", Purpose.BREEDING: "Ternak bibit"}
EXTERNAL = {
    ExternalKind.PROVINCE: "Rekomendasi provinsi",
    ExternalKind.VETERINARY_CERTIFICATE: "Sertifikat veteriner",
    ExternalKind.DPMPTSP: "Izin pengeluaran DPMPTSP",
    ExternalKind.KH11: "KH-11 karantina",
    ExternalKind.DISINFECTION: "Disinfeksi kendaraan",
}


def paper_pdf(content: Content, qr_text: str, settings: Settings) -> bytes:
    """The same bytes for the same content."""
    return render_pdf(
        TEMPLATES[content.order.kind],
        facts_of(content, qr_text, settings),
        at=content.issued,
        enclosed=_skrd(content.permit, settings) if content.is_letter else b"",
    )


def facts_of(content: Content, qr_text: str, settings: Settings) -> Facts:
    more = _letter(content) if content.is_letter else _health_letter(content)
    return _common(content, qr_text, settings) | more


def check_url(content: Content, settings: Settings) -> str:
    """To be typed by hand; in capitals, so that its QR code is small.

    A health letter is out before its permit is: it has an address of its own.
    """
    paper, permit = content.order, content.permit
    path = f"I/{public_code(permit)}" if content.is_letter else f"H/{checks.public_code(paper)}"
    return f"{settings.public_url.rstrip('/').upper()}/{path}"


def _common(content: Content, qr_text: str, settings: Settings) -> Facts:
    permit = content.permit
    town = settings.agency_address.rpartition(", ")[2]
    host = settings.public_url.rstrip("/").partition("://")[2]
    return {
        "office": office_facts(settings),
        "check": check_facts(check_url(content, settings)),
        "signed": {"svg": qr_svg(qr_text, level="M"), "begins": f"{host}/V/"},
        "number": content.number,
        "version": content.order.version,
        "place": f"{town}, {_day(local(content.issued).date())}",
        "validity": f"{_day(local(content.issued).date())} s.d. {_day(content.until)}",
        "firm": {
            "name": content.firm.name,
            "nib": content.firm.nib or NOTHING,
            "address": full_name(content.firm.village),
        },
        **_journey(permit),
        "total": HEADS.format(len(content.going)),
        "counts": counts(content),
        "animals": animal_lines(content),
        "stamp": "CONTOH" if content.is_demo else "",
    }


def _journey(permit: Permit) -> Facts:
    names = {port.code: port.name for port in ports()}
    note = f" ({permit.destination_note})" if permit.destination_note else ""
    return {
        "purpose": PURPOSES[permit.purpose],
        "origin": f"{full_name(permit.region)}, {place_name(permit.region[:5])}",
        "destination": place_name(permit.destination) + note,
        "port": names.get(permit.port, permit.port),
        "planned": _day(permit.planned_on),
        "vehicle": permit.vehicle_plate or NOTHING,
        "inspected": f"{permit.inspected_by_name}, {_moment(permit.inspected_at)}",
    }


def _letter(content: Content) -> Facts:
    permit = content.permit
    rule = terms_for(permit).rule
    return {
        "basis": rule.legal_basis.split("; ") if rule else [],
        "skkh": permit.skkh_number or NOTHING,
        "quota": _quota(permit),
        "slot": _slot(permit),
        "external": _external(permit),
        "retribution": _retribution(permit),
        "extension": _extension(permit),
        "signer": _signer(permit),
    }


def _health_letter(content: Content) -> Facts:
    permit = content.permit
    return {
        "external": _external(permit),
        "signer": {
            "role": permit.certified_role,
            "name": permit.certified_by_name,
            "mandate": permit.certified_mandate,
            "electronic": f"Ditandatangani dalam SiJINAK, {_moment(permit.certified_at)}",
        },
    }


def _skrd(permit: Permit, settings: Settings) -> bytes:
    """The SKRD as it is handed out, to be attached whole."""
    skrd = skrd_of_permit(permit.id)
    if skrd is None:
        return b""
    return skrd_pdf(skrd, settings, is_example=uses_example_tariff(skrd))


def _quota(permit: Permit) -> str:
    claim = claim_of(permit.id)
    account = claim and db.session.get(QuotaAccount, claim.account_id)
    if not claim or not account:
        return ""
    granted = (
        select(QuotaDecree.number)
        .join(QuotaEntry, QuotaEntry.decree_id == QuotaDecree.id)
        .where(QuotaEntry.account_id == account.id, QuotaEntry.kind == EntryKind.GRANT)
    )
    decrees = ", ".join(dict.fromkeys(db.session.scalars(granted.order_by(QuotaEntry.no))))
    under = f"keputusan nomor {decrees}, " if decrees else ""
    return f"tahun {account.year}, {under}antrean nomor {claim.ticket}"


def _slot(permit: Permit) -> str:
    asked = select(SlotBooking).where(SlotBooking.permit_id == permit.id, SlotBooking.is_live)
    booked = db.session.scalar(asked)
    return _day(booked.slot_day.day) if booked else ""


def _external(permit: Permit) -> list[dict[str, str]]:
    return [
        {
            "kind": EXTERNAL[paper.kind],
            "number": paper.number,
            "day": _day(paper.issued_on),
        }
        for paper in external_papers_of(permit.id)
    ]


def _retribution(permit: Permit) -> Facts:
    skrd = skrd_of_permit(permit.id)
    receipt = receipt_of(skrd.id) if skrd else None
    return {
        "skrd": skrd.number if skrd else NOTHING,
        "receipt": receipt.number if receipt else NOTHING,
        "amount": rupiah_text(receipt.amount) if receipt else NOTHING,
        "paid": _is_paid(skrd),
    }


def _is_paid(skrd: Skrd | None) -> bool:
    return skrd is not None and skrd.state is SkrdState.PAID


def _granted(permit: Permit) -> Sequence[PermitExtension]:
    return [asked for asked in extensions_of(permit.id) if asked.granted_until]


def _extension(permit: Permit) -> str:
    granted = _granted(permit)
    if not granted:
        return ""
    last = granted[-1]
    return f"Perpanjangan ke-{len(granted)} oleh {last.answered_by_name}, {last.mandate}"


def _signer(permit: Permit) -> Facts:
    behalf = f"Pelimpahan dari {permit.decided_for}, " if permit.decided_for else ""
    return {
        "role": permit.decided_role or "Kepala Dinas",
        "name": permit.decided_by_name,
        "mandate": f"{behalf}{permit.decided_mandate or ''}",
        "electronic": f"Disetujui dalam SiJINAK, {_moment(permit.decided_at)}",
    }


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return NOTHING
    here = local(moment)
    return f"{_day(here.date())} {here:%H.%M} {clock.zone.tzname(None)}"
