"""The minutes of a check as a paper. It is a paper of law: always in Indonesian."""

from babel.dates import format_date

from sijinak.areas.queries import ports
from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.codes import spaced
from sijinak.core.documents import render_pdf
from sijinak.permits.checkpoint.labels import ANIMALS, FINDINGS
from sijinak.permits.checkpoint.models import CheckDecision, CheckpointCheck
from sijinak.web.i18n import translator
from sijinak.web.labels import label_in
from sijinak.web.papers import office_facts

LANGUAGE = "id"
NOTHING = "–"
TITLES = {
    CheckDecision.PASS: "Berita Acara Pemeriksaan",
    CheckDecision.HOLD: "Berita Acara Penahanan",
    CheckDecision.REFUSE: "Berita Acara Penolakan",
}
DONE = {
    CheckDecision.PASS: "dan pengangkutan diperbolehkan berangkat",
    CheckDecision.HOLD: "dan pengangkutan ditahan untuk pemeriksaan lebih lanjut",
    CheckDecision.REFUSE: "dan pengangkutan ditolak",
}


def minutes_pdf(check: CheckpointCheck, settings: Settings) -> bytes:
    """The same bytes each time."""
    here, say = local(check.checked_at), translator(LANGUAGE)
    names = {port.code: port.name for port in ports()}
    facts = {
        "office": office_facts(settings),
        "title": TITLES[check.decision],
        "number": str(check.id),
        "day": format_date(here.date(), "EEEE, d MMMM y", locale=LANGUAGE),
        "hour": f"{here:%H.%M} {clock.zone.tzname(None)}",
        "where": ", ".join(filter(None, (check.post, names.get(check.port, check.port)))),
        "done": DONE[check.decision],
        "paper": _paper(check),
        "truck": _truck(check),
        "reasons": [say(FINDINGS[code]) if code in FINDINGS else code for code in check.reasons],
        "note": check.note or "",
        "animals": [
            {
                "position": str(one["position"]),
                "tag": spaced(one["code"]) if one["code"] else NOTHING,
                "found": say(ANIMALS[one["found"]]),
            }
            for one in check.scanned
        ],
        "seed": check.seed,
        "place": f"{check.post}, {format_date(here.date(), 'd MMMM y', locale='id')}",
        "signer": {"role": "Petugas pos pemeriksaan", "name": check.officer_name},
    }
    return render_pdf("check", facts, at=check.checked_at)


def _paper(check: CheckpointCheck) -> list[list[str]]:
    listed = local(check.listed_at) if check.listed_at else None
    return [
        ["Nomor izin", check.number or NOTHING],
        ["Hasil pemeriksaan surat", label_in(LANGUAGE)(check.verdict)],
        ["Daftar izin dicabut", f"{listed:%d-%m-%Y %H.%M}" if listed else "tidak ada di ponsel"],
    ]


def _truck(check: CheckpointCheck) -> list[list[str]]:
    if not check.seed:
        return []
    heads = f"{check.males} jantan, {check.females} betina"
    others = f", {check.others} jenis lain" if check.others else ""
    return [
        ["Pelat nomor terlihat", check.plate or NOTHING],
        ["Ternak dihitung", heads + others],
    ]
