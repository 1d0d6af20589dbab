"""The minutes of a hand-over and of a closing. They are papers of the office: in Indonesian."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date

from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.documents import render_pdf
from sijinak.core.money import in_words, rupiah_text, thousands
from sijinak.treasury.cash.models import CashClosing, ClosingState, HandOver, HandOverState
from sijinak.web.papers import office_facts

HANDOVER_STAMPS = {
    HandOverState.OFFERED: "BELUM DITERIMA",
    HandOverState.REFUSED: "DITOLAK",
    HandOverState.WITHDRAWN: "DITARIK",
}
CLOSING_STAMPS = {ClosingState.COUNTED: "BELUM DISAHKAN", ClosingState.REJECTED: "DITOLAK"}
FLOWS = {
    "money-in": "Penerimaan tunai dengan TBP",
    "tickets-in": "Penjualan karcis",
    "handover-in": "Diterima dari petugas lain",
    "handover-out": "Diserahkan kepada petugas lain",
    "handover-surplus-in": "Kelebihan waktu dihitung",
    "made-good-in": "Kekurangan yang diganti",
    "deposit-out": "Disetor dengan STS",
    "closing-in": "Kelebihan waktu tutup kas",
    "closing-out": "Kekurangan waktu tutup kas",
    "refund-out": "Dikembalikan kepada wajib retribusi",
}


def handover_pdf(handover: HandOver, settings: Settings) -> bytes:
    at = handover.ended_at or handover.offered_at
    counted = handover.amount if handover.counted is None else handover.counted
    difference = counted - handover.amount
    facts = {
        "office": office_facts(settings),
        "number": handover.number or "–",
        "date": long_moment(at),
        "amount": rupiah_text(counted),
        "words": in_words(counted),
        "rows": [
            ["Dinyatakan oleh yang menyerahkan", rupiah_text(handover.amount)],
            ["Dihitung oleh yang menerima", rupiah_text(counted)],
            ["Selisih", rupiah_text(difference) if difference else "tidak ada"],
        ],
        "why": handover.why,
        "notes": note_rows(handover.notes),
        "giver": {"role": "Yang menyerahkan", "name": handover.giver_name},
        "taker": {"role": "Yang menerima", "name": handover.taker_name},
        "place": f"{town(settings)}, {long_day(local(at).date())}",
        "stamp": HANDOVER_STAMPS.get(handover.state, ""),
    }
    return render_pdf("handover", facts, at=at)


def closing_pdf(closing: CashClosing, settings: Settings) -> bytes:
    difference = closing.difference
    facts = {
        "office": office_facts(settings),
        "day": long_day(closing.day),
        "holder": closing.holder_name,
        "opening": rupiah_text(closing.opening),
        "rows": [
            [FLOWS.get(name, "Lain-lain"), rupiah_text(amount)]
            for name, amount in sorted(closing.flows.items())
        ],
        "expected": rupiah_text(closing.expected),
        "counted": rupiah_text(closing.counted),
        "words": in_words(closing.counted),
        "floats": rupiah_text(closing.floats),
        "difference": rupiah_text(difference) if difference else "tidak ada",
        "why": closing.why if difference else "",
        "notes": note_rows(closing.notes),
        "giver": {"role": "Pemegang kas", "name": closing.holder_name},
        "taker": {"role": "Yang menyaksikan", "name": closing.signed_by_name or "–"},
        "place": f"{town(settings)}, {long_day(local(closing.counted_at).date())}",
        "stamp": CLOSING_STAMPS.get(closing.state, ""),
    }
    return render_pdf("closing", facts, at=closing.counted_at)


def note_rows(notes: Mapping[str, int]) -> list[list[str]]:
    """The largest first: what it is, how many, what they come to."""
    sizes = sorted(map(int, notes), reverse=True)
    return [
        [rupiah_text(size), thousands(notes[str(size)]), rupiah_text(size * notes[str(size)])]
        for size in sizes
    ]


def long_day(day: date) -> str:
    return format_date(day, "EEEE, d MMMM y", locale="id")


def long_moment(moment: datetime) -> str:
    here = local(moment)
    return f"{long_day(here.date())}, {here:%H.%M} {clock.zone.tzname(None)}"


def town(settings: Settings) -> str:
    return settings.agency_address.rpartition(", ")[2]
