"""SKRD and STRD as papers. They are papers of law: always in Indonesian."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date

from sijinak.areas.queries import full_name
from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.documents import render_pdf
from sijinak.core.money import in_words, rupiah_text, thousands
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.queries import keeper_facts
from sijinak.retribution.checks import skrd_check_url
from sijinak.retribution.claims.interest import percent_text
from sijinak.retribution.claims.queries import replaced_by, replaced_with
from sijinak.retribution.models import BillKind, Skrd, SkrdLine, SkrdState
from sijinak.retribution.policy import policy
from sijinak.web.papers import check_facts, office_facts

ONLY_THIS = "Tidak ada pungutan selain yang tertulis di sini."
EXAMPLE = "Tarif contoh menurut berita; belum dicocokkan dengan lampiran Perda."
LATE = (
    "Lewat jatuh tempo dikenakan bunga {percent}% sebulan, bagian bulan dihitung sebulan penuh, "
    "paling lama {months} bulan, ditagih dengan STRD."
)
WAYS = [
    {
        "label": "Nontunai",
        "text": "Pindai kode QR di bawah atau buka tagihan ini di SiJINAK, lalu pilih cara bayar.",
    },
    {
        "label": "Tunai",
        "text": "Kepada bendahara penerimaan dinas, tepat sebesar jumlah di atas. Minta TBP.",
    },
]
REPLACES = (
    "Menggantikan {number} tanggal {day} sebesar {amount}, yang tidak berlaku lagi; bunganya "
    "sudah termasuk di sini."
)
REPLACED = "Diganti oleh {number}. Jangan membayar surat ini."
BY_SYSTEM = "Sistem (otomatis)"
MACHINES = 1 << 16  # ids of actors that are no persons are smaller numbers
STAMPS = {
    SkrdState.PAID: "LUNAS",
    SkrdState.CANCELLED: "DITARIK",
    SkrdState.WRITTEN_OFF: "DIHAPUS",
}
TITLES = {
    BillKind.SKRD: "Surat Ketetapan Retribusi Daerah (SKRD)",
    BillKind.STRD: "Surat Tagihan Retribusi Daerah (STRD)",
}


def skrd_pdf(skrd: Skrd, settings: Settings, *, is_example: bool) -> bytes:
    """Of either kind: an STRD has no heads and no tariff."""
    basis = list(dict.fromkeys(line.legal_basis for line in skrd.lines))
    facts = {
        "office": office_facts(settings),
        "check": check_facts(skrd_check_url(settings.public_url, skrd)),
        "title": TITLES[skrd.kind],
        "is_interest": skrd.kind is BillKind.STRD,
        "number": skrd.number,
        "date": long_day(skrd.issued_on),
        "due_date": long_day(skrd.due_on),
        "about": purpose(skrd),
        "payer": _payer(skrd),
        "basis": basis,
        "lines": [_line(line, basis) for line in skrd.lines],
        "total": rupiah_text(skrd.total),
        "words": in_words(skrd.total),
        "pay": WAYS,
        "notes": list(_notes(skrd, is_example=is_example)),
        "signer": {"role": "Petugas penetapan", "name": _issuer(skrd)},
        "place": f"{town(settings)}, {long_day(skrd.issued_on)}",
        "stamp": "DIGANTI" if replaced_by(skrd) else STAMPS.get(skrd.state, ""),
    }
    at = datetime.combine(skrd.issued_on, datetime.min.time(), clock.zone)
    return render_pdf("skrd", facts, at=at)


def purpose(skrd: Skrd) -> str:
    if skrd.kind is BillKind.STRD:
        return skrd.lines[0].component
    return f"Pengeluaran {thousands(skrd.heads or 0)} ekor ternak"


def town(settings: Settings) -> str:
    return settings.agency_address.rpartition(", ")[2]


def long_day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")


def long_moment(moment: datetime) -> str:
    here = local(moment)
    return f"{long_day(here.date())}, {here:%H.%M} {clock.zone.tzname(None)}"


def _line(line: SkrdLine, basis: Sequence[str]) -> dict[str, str]:
    """Each names its rule by the rule's place in the list below the lines."""
    return {
        "component": line.component,
        "note": f"Dasar penetapan nomor {basis.index(line.legal_basis) + 1}",
        "heads": thousands(line.heads),
        "tariff": rupiah_text(line.unit_amount),
        "amount": rupiah_text(line.amount),
    }


def _notes(skrd: Skrd, *, is_example: bool) -> list[str]:
    late = LATE.format(percent=percent_text(policy.interest_tenths), months=policy.most_months)
    notes = [ONLY_THIS] + ([late] if skrd.kind is BillKind.SKRD else _succession(skrd))
    return [*notes, EXAMPLE] if is_example else notes


def _succession(strd: Skrd) -> list[str]:
    """Which letters it took the place of, and which one took its own."""
    notes = [
        REPLACES.format(
            number=one.number, day=long_day(one.issued_on), amount=rupiah_text(one.total)
        )
        for one in replaced_with(strd)
    ]
    newer = replaced_by(strd)
    return [*notes, REPLACED.format(number=newer.number)] if newer else notes


def _issuer(skrd: Skrd) -> str:
    return BY_SYSTEM if skrd.issued_by.int < MACHINES else skrd.issued_by_name


def _payer(skrd: Skrd) -> dict[str, str]:
    keeper = keeper_facts([skrd.keeper_id])[skrd.keeper_id]
    return {
        "name": skrd.payer_name,
        "id_label": "NIB" if keeper.kind is KeeperKind.FIRM else "NIK",
        "id": keeper.number_masked,
        "address": full_name(keeper.village),
    }
