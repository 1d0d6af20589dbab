"""The control sheet of a block, in Indonesian."""

from sijinak.config import Settings
from sijinak.core.clock import local, now
from sijinak.core.documents import render_pdf
from sijinak.core.money import rupiah_text, thousands
from sijinak.treasury.cash.papers import long_day, town
from sijinak.treasury.tickets.models import TicketBlock, TicketUse, TicketWay, UseKind
from sijinak.treasury.tickets.queries import Count, counts_of, uses_of, ways_of
from sijinak.web.papers import office_facts

FATES = {
    UseKind.SOLD: "terjual",
    UseKind.VOID: "rusak, disimpan",
    UseKind.MISSING: "hilang",
}


def block_pdf(block: TicketBlock, settings: Settings) -> bytes:
    facts = {
        "office": office_facts(settings),
        "serials": f"{block.series} {thousands(block.first)}–{thousands(block.last)}",
        "block": [
            ["Untuk", block.component],
            ["Harga tiap lembar", rupiah_text(block.nominal)],
            ["Kode rekening", block.law_code or "–"],
            ["Dasar hukum", block.legal_basis],
            ["Keputusan perforasi", block.decree],
            ["Dicetak oleh", block.printer],
            *_end(block),
        ],
        "ways": [_way(way) for way in ways_of(block.id)],
        "uses": [_use(use, block.nominal) for use in uses_of(block.id)],
        "counts": _counts(counts_of([block])[block.id]),
        **_signers(block),
        "place": f"{town(settings)}, {long_day(local(now()).date())}",
        "stamp": "",
    }
    return render_pdf("tickets", facts, at=now())


def _end(block: TicketBlock) -> list[list[str]]:
    if not block.condemned_by:
        return []
    who = f"{block.condemned_by_name} dan {block.destroyed_by_name or '(belum disetujui)'}"
    return [["Pemusnahan menurut", block.destroyed_why], ["Dimusnahkan oleh", who]]


def _signers(block: TicketBlock) -> dict[str, dict[str, str]]:
    """Of a block that is destroyed, the two who did it: the sheet is its minutes."""
    if block.condemned_by:
        giver = {"role": "Yang mengusulkan pemusnahan", "name": block.condemned_by_name}
        return {
            "giver": giver,
            "taker": {"role": "Yang menyetujui", "name": block.destroyed_by_name or "–"},
        }
    return {
        "giver": {"role": "Pemegang karcis", "name": block.holder_name or "–"},
        "taker": {"role": "Pengurus karcis", "name": block.entered_by_name},
    }


def _way(way: TicketWay) -> list[str]:
    when = local(way.ended_at or way.offered_at).strftime("%d-%m-%Y %H.%M")
    return [when, way.giver_name, way.taker_name or "belum diterima", thousands(way.first)]


def _use(use: TicketUse, nominal: int) -> list[str]:
    money = use.count * nominal if use.kind is UseKind.SOLD else 0
    return [_serials(use), FATES[use.kind], use.why, thousands(use.count), rupiah_text(money)]


def _serials(use: TicketUse) -> str:
    first, last = thousands(use.first), thousands(use.last)
    return first if first == last else f"{first}–{last}"


def _counts(count: Count) -> list[list[str]]:
    rows = {
        "Terjual": count.sold,
        "Rusak, sudah diserahkan dan dihitung": count.void - count.unseen,
        "Rusak, belum diserahkan": count.unseen,
        "Hilang": count.missing,
        "Dikembalikan ke lemari": count.returned,
        "Belum pernah dikeluarkan": count.stored,
        "Di tangan petugas": count.in_hand,
        "Dimusnahkan": count.destroyed,
        "Jumlah = diterima dari percetakan": count.received,
    }
    return [[name, thousands(many)] for name, many in rows.items()]
