"""What those who keep a checkpoint are written, in Indonesian: it is an official letter."""

from datetime import date

from flask import current_app

from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.signednote import words_of
from sijinak.core.tlog import LogCheckpoint
from sijinak.notices.services import Message

SUBJECT = "Titik periksa catatan {day}, nomor {size}"
BODY = """Buku hari {day} sudah ditutup. Catatan {agency},
{government}, saat itu berisi {size} baris.

Ukuran catatan : {size}
Kata catatan   : {words}
Dibuat         : {made_at}

Mohon pesan ini disimpan atau dicetak. Kata catatan itu dihitung dari semua baris: bila satu baris
saja diubah atau dihapus kemudian, katanya menjadi lain. Untuk memeriksa, bandingkan dengan yang
tercetak pada STS dan dengan halaman {url}

Lampiran memuat catatan yang ditandatangani, untuk diperiksa dengan program.
Kunci umum: {key}
"""


def message_about(checkpoint: LogCheckpoint, day: str) -> Message:
    """One for each day that is closed, however often it is told."""
    settings: Settings = current_app.extensions["sijinak.settings"]
    told = date.fromisoformat(day).strftime("%d-%m-%Y")
    made = local(checkpoint.made_at).strftime("%d-%m-%Y pukul %H.%M")
    body = BODY.format(
        day=told,
        agency=settings.agency,
        government=settings.government,
        size=checkpoint.size,
        words=words_of(checkpoint.root),
        made_at=f"{made} {clock.zone}",
        url=f"{settings.public_url.rstrip('/')}/catatan",
        key=checkpoint.key,
    )
    return Message(
        reason=f"books-closed:{day}",
        subject=SUBJECT.format(day=told, size=checkpoint.size),
        body=body,
        attachments={f"catatan-{checkpoint.size}.note": checkpoint.note},
    )
